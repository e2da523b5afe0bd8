"""Figures as a recogniser gives them: separators put right by place, digits never touched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from statistics import median
from typing import Final

__all__ = ["figure", "is_figure", "misfits"]

_LIKE_COMMA: Final = str.maketrans(
    dict.fromkeys("，、'‘’`;；", ",") | dict.fromkeys("。·：:•", ".")
)
_FIGURE: Final = re.compile(r"[-(]*[\d.,]*\d[\d.,]*\)?%?")
_SHAPE: Final = re.compile(r"(-?)(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2})|\.(\d{4,6}))?(%?)")
_OPEN: Final = re.compile(r"\d{1,3}\.\d{3}|\d{1,3}(?:,\d{3})*\.\d{3}")
"""A point before three digits: of decimals, or of thousands."""
_MARK: Final = 0.5
"""Width of a separator in widths of a digit."""
_ODD: Final = 0.8
"""Widths of a digit by which ink may be wider or narrower than its characters are elsewhere."""


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_LIKE_COMMA)).replace(" ", "")


def is_figure(text: str) -> bool:
    """Whether a strip holds digits and what stands between and around digits, nothing else."""
    return bool(_FIGURE.fullmatch(_flat(text)))


def figure(text: str) -> str | None:
    """The figure with commas between thousands and a point before decimals; None if it is none.

    A comma and a point differ by a dot or two in a picture; their places tell them apart. Groups
    of three digits are thousands; one or two digits at the end are decimals, and so are four to
    six behind a point. A point with three digits behind it could be either, and is no figure.

    >>> figure("2.940,05")
    '2,940.05'
    >>> figure("1,010.350")
    >>> figure("12,34.5")
    """
    flat = _flat(text)
    sign = ""
    if flat.startswith("(") and flat.endswith(")"):
        sign, flat = "-", flat[1:-1]
    match = _SHAPE.fullmatch(flat)
    if match is None or _OPEN.fullmatch(flat):
        return None
    whole = match[2].replace(".", ",")
    decimals = match[3] or match[4]
    return f"{sign or match[1]}{whole}{'.' + decimals if decimals else ''}{match[5]}"


def misfits(figures: Sequence[tuple[str, float, float]]) -> list[bool]:
    """Which figures have more or fewer characters than their ink has room for.

    Each is given as text, width and height of its ink. The width of a digit is that of the figures
    of the same height on the sheet; with too few of these nothing is said. A digit that was lost
    or seen double shows in the width, whatever the recogniser made of it.
    """
    units = [width / _room(text) for text, width, _ in figures]
    out = []
    for text, width, height in figures:
        alike = [
            u
            for u, (_, _, h) in zip(units, figures, strict=True)
            if abs(h - height) <= 0.12 * height
        ]
        usual = median(alike) if len(alike) >= 4 else 0.0
        out.append(bool(usual) and abs(width / usual - _room(text)) > _ODD)
    return out


def _room(text: str) -> float:
    """Widths of a digit that a figure takes; the ink of its ends leaves their blank edges out."""
    return sum(1.0 if char.isdigit() else _MARK for char in _flat(text)) - 0.15 or 0.5
