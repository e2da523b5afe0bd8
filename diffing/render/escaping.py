"""What comes from outside, made harmless to read and to write into Markdown."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

__all__ = ["escape", "escaped_json", "visible"]

_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>#|~!&$^]")
_LEADING: Final = re.compile(r"^([-+=]+|\d+[.)])(?=\s|$)")
_LINK: Final = re.compile(r"(?i)(https?|ftp|mailto|www)(?=[:.])")
_UNUSUAL: Final = re.compile(r"[^\x00-\x7e\u3000-\u303f\u4e00-\u9fff]")
"""All but ASCII, which JSON escapes itself, and the Chinese characters that are most of a text."""
_SPACES: Final = re.compile(r"\s+")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def visible(text: str) -> str:
    """One line, with characters that would turn or hide text shown by their number.

    >>> visible("党\\u202e建\\n经费")
    '党‹U+202E›建 经费'
    """
    if text.isprintable() and "  " not in text and text == text.strip():
        return text  # most texts are, and looking at every character of a page takes long
    plain = _SPACES.sub(" ", text).strip()
    return "".join(f"‹U+{ord(c):04X}›" if unicodedata.category(c) in _HIDDEN else c for c in plain)


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no table border, no link of its own.

    >>> escape("<b>|[x](javascript:1)")
    '\\\\<b\\\\>\\\\|\\\\[x\\\\](javascript:1)'
    """
    plain = _MARKUP.sub(lambda match: f"\\{match[0]}", visible(text))
    plain = _LEADING.sub(_not_at_the_start, plain)
    # a bare address would be made a link: an invisible joint keeps it text
    return _LINK.sub(lambda match: f"{match[1]}<!-- -->", plain)


def escaped_json(text: str) -> str:
    """JSON of the same values, in which no character turns or hides text where it is shown.

    >>> escaped_json('["党\\u202e建"]')
    '["党\\\\u202e建"]'
    """
    return _UNUSUAL.sub(_by_number, text)


def _by_number(match: re.Match[str]) -> str:
    hidden = unicodedata.category(match[0]) in _HIDDEN
    return json.dumps(match[0])[1:-1] if hidden else match[0]


def _not_at_the_start(match: re.Match[str]) -> str:
    return f"{match[1][:-1]}\\{match[1][-1]}"
