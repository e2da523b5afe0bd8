"""Where a quoted figure leads: to its place in the source, and to a picture of its very row.

A digest that stands alone leads to the publisher's address; the site leads to its own pages of the
documents. Either way what is led to is an address: nothing in it comes from a document's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

import msgspec

from diffing.crops.order import FIGURES_ALONE
from diffing.render.escaping import visible
from diffing.versions import Version, Where

if TYPE_CHECKING:
    from diffing.crops import Crops

__all__ = [
    "Crop",
    "Gathering",
    "Links",
    "Pictured",
    "Published",
    "is_web",
    "picture",
    "taken_over",
]

_PDF: Final = "application/pdf"


class Crop(msgspec.Struct, frozen=True):
    """A picture of the row a figure is printed in, with its cell framed."""

    href: str
    """Address relative to the page that shows it."""
    width: int
    """In dots of the picture."""
    height: int
    figures_alone: bool = False
    """Whether all else of the row is left out, as it is of a scan."""


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


def taken_over(version: Version, versions: Iterable[Version]) -> Version | None:
    """The latest of these versions of the same document that was seen at the same address later:
    whoever follows the address finds that one."""
    entry = version.entry
    if entry is None or entry.observed is None:
        return None
    later = [
        (other.entry.observed, number, other)
        for number, other in enumerate(versions)
        if other.entry
        and other.entry.observed
        and other.name == version.name
        and other.document.original != version.document.original
        and other.entry.source_url == entry.source_url
        and other.entry.observed > entry.observed
    ]
    return max(later)[2] if later else None


class Published:
    """Leads to where the publisher shows the document: a PDF opens at the page."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._versions = {_key(v.name, v.commit, v.document.original): v for v in versions}

    def document(self, version: Version) -> str:
        """The address the bytes were seen at; "" for a file that nobody published, or that another
        of these versions has taken the place of."""
        url = version.entry.source_url if version.entry else ""
        return url if is_web(url) and not taken_over(version, self._versions.values()) else ""

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


class Gathering:
    """Leads nowhere and notes which pictures are asked for, so that they are made all at once."""

    def __init__(self) -> None:
        self.places: dict[Where, None] = {}

    def document(self, version: Version) -> str:
        """Nowhere."""
        return ""

    def place(self, at: Where) -> str:
        """Nowhere."""
        return ""

    def crop(self, at: Where) -> Crop | None:
        """Noted."""
        self.places[at] = None
        return None


class Pictured:
    """Leads where other links lead, with pictures that lie beside the page."""

    def __init__(self, links: Links, crops: Crops) -> None:
        self._links, self._crops = links, crops

    def document(self, version: Version) -> str:
        """As the other links have it."""
        return self._links.document(version)

    def place(self, at: Where) -> str:
        """As the other links have it."""
        return self._links.place(at)

    def crop(self, at: Where) -> Crop | None:
        """The picture in the folder of pictures next to the page."""
        path = self._crops.of(at)
        return picture(path, f"{path.parent.name}/{path.name}") if path else None


def picture(path: Path, href: str) -> Crop:
    """A picture file as it is shown at an address; its size stands in the head of a PNG, and its
    name says whether it shows figures alone."""
    with path.open("rb") as file:
        head = file.read(24)
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    return Crop(href, width, height, path.stem.endswith(f"-{FIGURES_ALONE}"))


def is_web(url: str) -> bool:
    """True for an address a reader may be led to: http(s) with a host, and nothing hidden.

    >>> is_web("https://www.example.gov.cn/a.pdf"), is_web("javascript:alert(1)"), is_web("file:a")
    (True, False, False)
    """
    return _is_web(url)


@lru_cache(4096)
def _is_web(url: str) -> bool:
    """The same: pages ask it of the same few addresses again and again."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and visible(url) == url


def _key(document: str, commit: str | None, original: str) -> tuple[str, str | None, str]:
    return document, commit, original
