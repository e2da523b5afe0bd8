"""Printed figures as exact numbers: `Decimal` always, precision kept, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from archive.model import YUAN_PER, Mark, Unit

_DASHES: Final = frozenset("-—–―‐‑‒−－一/／")
_MINUS: Final = str.maketrans(dict.fromkeys("−－—–‐‑‒", "-"))
_WHITE: Final = re.compile(r"\s+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_LOOSE: Final = re.compile(r"\s*([,.])\s*")


def parse(text: str) -> tuple[Mark, Decimal | None]:
    """What a money cell says: its mark and, for a printed number, the exact value.

    Thousands separators may be commas or spaces, full-width digits count, parentheses and every
    minus sign mean negative. Blank, a dash (— - /) and 0.00 are three different answers. Digits
    that cannot be one number ("12 34", "1,23") are UNREADABLE: they are never joined by guess.

    >>> parse("2,940.05")
    (<Mark.PRINTED: 'printed'>, Decimal('2940.05'))
    >>> parse(" ")
    (<Mark.BLANK: 'blank'>, None)
    """
    plain = _WHITE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        return Mark.BLANK, None
    if all(c in _DASHES or c == " " for c in plain):
        return Mark.DASH, None
    plain = plain.translate(_MINUS)
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].strip()
    if plain.startswith("-"):
        negative, plain = not negative, plain[1:].strip()
    plain = _LOOSE.sub(r"\1", plain)
    if not (_GROUPED.fullmatch(plain) or _PLAIN.fullmatch(plain)):
        return Mark.UNREADABLE, None
    value = Decimal(re.sub(r"[,\s]", "", plain))
    return Mark.PRINTED, -value if negative else value


def convert(value: Decimal, unit: Unit, to: Unit) -> Decimal:
    """`value` in `unit` expressed in `to`, exactly: 元 → 万元 moves the point, nothing is rounded.

    >>> convert(Decimal("29400500.00"), Unit.YUAN, Unit.WAN)
    Decimal('2940.050000')
    """
    if unit is to:
        return value
    return value.scaleb(-4) if YUAN_PER[to] > YUAN_PER[unit] else value.scaleb(4)


def grouped(value: Decimal) -> str:
    """The value with thousands commas and exactly its own precision: "2,940.05".

    >>> grouped(Decimal("6.20"))
    '6.20'
    """
    return f"{value:,f}"
