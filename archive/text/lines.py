"""Characters → lines of text, and the spaces a reader would see in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from archive.text.crossing import overprinted
from archive.text.page import CUT, Char

_GAP: Final = 0.35
"""A gap wider than this share of the character height reads as a space."""
_SAME_LINE: Final = 0.5
"""Characters whose middles lie closer than this share of their height stand on one line."""
_DOUBLED: Final = 0.25
"""A character drawn again within this share of its width is imitated bold, not a second one."""
_BETWEEN_CJK: Final = re.compile(r"(?<![0-9A-Za-z.,;:!?)%])\s+|\s+(?![0-9A-Za-z(])")


class Line(NamedTuple):
    """One line of text and the box of its ink."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str


def lines(chars: Iterable[Char]) -> list[Line]:
    """Lines from top to bottom, each read from left to right."""
    ordered = sorted(chars, key=_height_first)
    out: list[Line] = []
    current: list[Char] = []
    middle = reach = 0.0
    for char in ordered:
        centre = char[1] + char[3]
        if current and abs(centre - middle) > 2 * _SAME_LINE * reach:
            _close(current, out)
            current = []
        if not current:
            middle, reach = centre, max(char[3] - char[1], 1.0)
        current.append(char)
    if current:
        _close(current, out)
    return out


def _height_first(char: Char) -> float:
    return -(char[1] + char[3])


def _close(chars: list[Char], out: list[Line]) -> None:
    chars.sort()
    pieces: list[str] = []
    last: Char | None = None
    for char in chars:
        text = char[4]
        if last is not None:
            if text == last[4] and char[0] - last[0] < _DOUBLED * (char[2] - char[0]):
                continue
            if char[0] - last[2] > _GAP * (char[3] - char[1]) and text != " ":
                pieces.append(" ")
            elif char[0] < last[2] and overprinted(last, char):
                pieces.append(CUT)
        pieces.append(text)
        last = char
    text = "".join(pieces).strip()
    if text:
        ink = [c for c in chars if not c[4].isspace()]  # a typed indent is drawn as spaces
        out.append(
            Line(
                ink[0][0],
                min(c[1] for c in ink),
                max(c[2] for c in ink),
                max(c[3] for c in ink),
                text,
            )
        )


def tight(text: str) -> str:
    """The text without the spaces that only justify or break Chinese; Latin words stay apart.

    >>> tight("公 务 用 车 运 行 维 护 费")
    '公务用车运行维护费'
    >>> tight("Windows 11 授权")
    'Windows 11授权'
    """
    return _BETWEEN_CJK.sub("", text.replace("\u3000", " ").replace("\xa0", " ")).strip()


def joined(parts: Iterable[str]) -> str:
    """Wrapped lines of one name put together again."""
    return tight(" ".join(parts))
