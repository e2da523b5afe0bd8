"""`[site]` of mingzhang.toml."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import quote

import msgspec

__all__ = ["SiteSettings"]

_MAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
"""An address as most people have one (RFC 5322, without quotes and comments)."""


class SiteSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the site is written and how it calls itself."""

    folder: str = "site"
    """Where the site is built, relative to mingzhang.toml."""
    title: str = "明账"
    """Stands at the top of every page."""
    base_url: str = ""
    """Where the site will be found on the web, such as https://example.org/budgets/; pages link
    to each other relatively and work without it."""
    lang: Literal["zh", "en"] = "zh"
    """Language of what is said about the figures; names stay as printed."""
    contact: str = ""
    """Where readers report errors of the site: an e-mail address or an https address, public on
    every page; "" for nowhere."""

    def __post_init__(self) -> None:
        """Raise ValueError for a contact that leads nowhere."""
        if self.contact and not _MAIL.fullmatch(self.contact) and not _is_https(self.contact):
            raise ValueError(
                f"contact: {self.contact!r} is neither an e-mail address nor an https address;"
                ' write one such as "errors@example.org" or "https://example.org/contact"'
            )

    @property
    def mailto(self) -> str:
        """The link that begins a mail to the contact; "" where it is no e-mail address."""
        return f"mailto:{quote(self.contact, safe='@')}" if _MAIL.fullmatch(self.contact) else ""


def _is_https(url: str) -> bool:
    from diffing.render.links import is_web

    return url.lower().startswith("https://") and is_web(url)
