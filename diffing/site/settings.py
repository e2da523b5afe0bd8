"""`[site]` of mingzhang.toml."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["SiteSettings"]


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
