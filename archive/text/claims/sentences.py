"""A paragraph → its sentences, none cut inside a title, a quotation or a bracket."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Final

__all__ = ["brackets", "outermost", "sentences", "within"]

_CLOSING: Final = {"《": "》", "“": "”", "（": "）", "(": ")", "【": "】", "〔": "〕", "「": "」"}
_MARKS: Final = re.compile("[" + re.escape("".join(_CLOSING) + "".join(_CLOSING.values())) + "]")
_ENDS: Final = re.compile("[。；;！？]+")
_SAME: Final = {"(": "（", ")": "）"}
"""A bracket may be closed by the other width: "（一)" occurs in print."""


def brackets(text: str) -> list[tuple[int, int]]:
    """Start and end of every bracket, quotation and title that is closed, in order of closing.

    One that is never closed protects nothing: half the paragraph would hang on it.
    """
    pairs = []
    open_marks: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    for match in _MARKS.finditer(text):
        mark = _SAME.get(match[0], match[0])
        if match[0] in _CLOSING:
            closing = _SAME.get(_CLOSING[mark], _CLOSING[mark])
            open_marks.append((closing, match.start()))
            waiting[closing] += 1
        elif waiting[mark]:
            while True:
                opened, start = open_marks.pop()
                waiting[opened] -= 1
                if opened == mark:
                    break
            pairs.append((start, match.end()))
    return pairs


def outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that stand in no other, from left to right."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out


def within(pairs: list[tuple[int, int]], at: int) -> bool:
    """Whether a position stands inside one of these pairs, which are in order and apart."""
    last = bisect_right(pairs, at, key=_start) - 1
    return last >= 0 and at < pairs[last][1]


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, its 。；！？ included; nothing of the text is left out.

    >>> [("甲3元；乙（丙。丁）4元。"[a:b]) for a, b in sentences("甲3元；乙（丙。丁）4元。")]
    ['甲3元；', '乙（丙。丁）4元。']
    """
    ends = [match.span() for match in _ENDS.finditer(text)]
    if not ends:
        return [(0, len(text))]
    inside = outermost(brackets(text))
    out = []
    start = 0
    for first, end in ends:
        if not within(inside, first):
            out.append((start, end))
            start = end
    if start < len(text):
        out.append((start, len(text)))
    return out


def _start(pair: tuple[int, int]) -> int:
    return pair[0]
