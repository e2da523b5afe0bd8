"""Bytes of a page to text: what portals say about their encoding is often wrong."""

from __future__ import annotations

import codecs
import re
from typing import Final

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

__all__ = ["decode"]

_CHINESE_SUBSETS: Final = re.compile(r"^(gb2312|gbk|hz-gb-2312|cp936)$", re.IGNORECASE)


def _known(name: str | None) -> str | None:
    """The codec to use for a declared name; GB2312 and GBK are subsets of GB18030."""
    if not name:
        return None
    resolved = "gb18030" if _CHINESE_SUBSETS.match(name.strip()) else resolve_encoding(name)
    try:
        return codecs.lookup(resolved).name if resolved else None
    except LookupError:
        return None


def decode(body: bytes, content_type: str = "", override: str = "") -> str:
    """Decode a page.

    The portal's stated encoding wins. Otherwise a byte order mark, then UTF-8 if the bytes are
    valid UTF-8 (text in another encoding hardly ever is), then what the header and the page
    declare, then GB18030. The first that fits without an error is used; where none fits, the
    declared one with U+FFFD in the places that do not.
    """
    if stated := _known(override):
        return body.decode(stated, errors="replace")
    named, mark = read_bom(body)
    if named and mark:
        return body[len(mark) :].decode(named, errors="replace")
    declared = [
        _known(http_content_type_encoding(content_type)),
        _known(html_body_declared_encoding(body[:4096])),
    ]
    candidates = [name for name in ("utf-8", *declared, "gb18030") if name]
    for name in candidates:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    fallback = next((name for name in declared if name), "utf-8")
    return body.decode(fallback, errors="replace")
