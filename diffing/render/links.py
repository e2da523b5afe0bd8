"""Where a quoted figure leads: to its place in the source, and to a picture of its very row.

A digest that stands alone leads to the publisher's address; the site leads to its own pages of the
documents. Either way what is led to is an address: nothing in it comes from a document's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec

from diffing.render.escaping import visible
from diffing.versions import Version, Where

__all__ = ["Crop", "Links", "Published", "is_web"]

_PDF: Final = "application/pdf"


class Crop(msgspec.Struct, frozen=True):
    """A picture of the row a figure is printed in, with its cell framed."""

    href: str
    """Address relative to the page that shows it."""
    width: int
    """In dots of the picture."""
    height: int


class Links(Protocol):
    """Gives the addresses of a page; each is "" (or None) where there is nothing to lead to."""

    def document(self, version: Version) -> str:
        """The document as a whole."""
        ...

    def place(self, at: Where) -> str:
        """The place a figure is printed at: a page of the document, or nearer."""
        ...

    def crop(self, at: Where) -> Crop | None:
        """The picture of the row, made before the page is written; None where there is none."""
        ...


class Published:
    """Leads to where the publisher shows the document: a PDF opens at the page."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._versions = {_key(v.name, v.commit, v.document.original): v for v in versions}

    def document(self, version: Version) -> str:
        """The address the bytes were seen at; "" for a file that nobody published."""
        url = version.entry.source_url if version.entry else ""
        return url if is_web(url) else ""

    def place(self, at: Where) -> str:
        """That address, for a PDF with the page to open at."""
        version = self._versions.get(_key(at.document, at.commit, at.original))
        url = self.document(version) if version else ""
        if not url or not at.page or not version or version.document.media_type != _PDF:
            return url
        return f"{url.partition('#')[0]}#page={at.page}"

    def crop(self, at: Where) -> Crop | None:
        """None: pictures are made by whoever has the originals."""
        return None


def is_web(url: str) -> bool:
    """True for an address a reader may be led to: http(s) with a host, and nothing hidden.

    >>> is_web("https://www.example.gov.cn/a.pdf"), is_web("javascript:alert(1)"), is_web("file:a")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and visible(url) == url


def _key(document: str, commit: str | None, original: str) -> tuple[str, str | None, str]:
    return document, commit, original
