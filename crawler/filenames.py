"""What a file calls itself. A label for people and for reading an identity; never a path."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

from crawler.markup import DOCUMENT_TYPES

__all__ = ["label", "sanitised"]

LONGEST: Final = 150
_EXTENDED: Final = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;]+)", re.IGNORECASE)
_PLAIN: Final = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', re.IGNORECASE)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def label(url: str, link_text: str = "", disposition: str = "") -> str:
    """The best name for a file: the first with Chinese in it, else the address's own.

    Looks at Content-Disposition, the address, then the link's text, in that order: addresses are
    often mere numbers, and links often say only "附件".
    """
    from_address = _from_address(url)
    named = [
        sanitised(_from_header(disposition)),
        from_address,
        _from_link(link_text, from_address),
    ]
    return next((name for name in named if _HAN.search(name)), named[0] or from_address)


def sanitised(name: str) -> str:
    """A name without folders, control characters or leading dots, at most 150 characters long."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    stem, ending = posixpath.splitext(kept.strip().lstrip("."))
    return f"{stem[: LONGEST - len(ending[:10])]}{ending[:10]}"


def _from_header(disposition: str) -> str:
    """The file name in a Content-Disposition, which may hold raw UTF-8 or GBK."""
    if extended := _EXTENDED.search(disposition):
        try:
            return unquote_to_bytes(extended[2].strip()).decode(extended[1])
        except (LookupError, UnicodeDecodeError):
            pass
    plain = _PLAIN.search(disposition)
    if not plain:
        return ""
    raw = (plain[1] or plain[2] or "").strip().encode("latin-1", errors="replace")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _from_address(url: str) -> str:
    parts = urlsplit(url)
    names = [posixpath.basename(parts.path), *(value for _, value in parse_qsl(parts.query))]
    known = [name for name in map(unquote, names) if _ending(name)]
    return sanitised(known[0] if known else unquote(names[0]))


def _from_link(text: str, from_address: str) -> str:
    """The link's text as a name; the ending comes from the address where the text has none."""
    if not text or _ending(text):
        return sanitised(text)
    return sanitised(text + (f".{_ending(from_address)}" if _ending(from_address) else ""))


def _ending(name: str) -> str:
    ending = posixpath.splitext(name)[1].lstrip(".").lower()
    return ending if ending in DOCUMENT_TYPES else ""
