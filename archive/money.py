"""Printed figures as exact numbers: `Decimal` always, precision kept, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import reduce
from typing import Final

from archive.model import YUAN_PER, Mark, Unit

_DASHES: Final = frozenset("-—–―‐‑‒−－一/／")
_MINUS: Final = str.maketrans(dict.fromkeys("−－—–‐‑‒", "-"))
_WHITE: Final = re.compile(r"\s+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_LOOSE: Final = re.compile(r"\s*([,.])\s*")

MOST_DIGITS: Final = 24
"""Digits that a printed figure has at most, all told: more are damage, or meant to do harm.

The country's whole budget in 元 and 分 has sixteen, and a floating-point number that a spreadsheet
lets through no more than twenty-two (0.00012345678901234567). A column of an export has room for
thirty before the point: for so many, times 10,000 for 万元, and the sum of a hundred of them.
"""
EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Takes the place of the default context, which rounds to 28 digits in silence. Not for division,
which would never end."""
_ZERO: Final = Decimal(0)


def parse(text: str) -> tuple[Mark, Decimal | None]:
    """What a money cell says: its mark and, for a printed number, the exact value.

    Thousands separators may be commas or spaces, full-width digits count, parentheses and every
    minus sign mean negative. Blank, a dash (— - /) and 0.00 are three different answers. Digits
    that cannot be one number ("12 34", "1,23") are UNREADABLE: they are never joined by guess. So
    is a number of more digits than any amount has (`overlong`).

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
    if overlong(plain):
        return Mark.UNREADABLE, None
    value = Decimal(re.sub(r"[,\s]", "", plain))
    # a printed "-0.00" is nothing, without a sign
    return Mark.PRINTED, value.copy_negate() if negative and value else value


def overlong(text: str) -> bool:
    """Whether a text has more digits than any amount.

    >>> overlong("1.000000000000000000000001"), overlong("0.00012345678901234567")
    (True, False)
    """
    return len(text) > MOST_DIGITS and sum(c.isdecimal() for c in text) > MOST_DIGITS


def convert(value: Decimal, unit: Unit, to: Unit) -> Decimal:
    """`value` in `unit` expressed in `to`, exactly: 元 → 万元 moves the point, nothing is rounded.

    >>> convert(Decimal("29400500.00"), Unit.YUAN, Unit.WAN)
    Decimal('2940.050000')
    """
    if unit is to:
        return value
    return value.scaleb(-4 if YUAN_PER[to] > YUAN_PER[unit] else 4, EXACT)


def total(values: Iterable[Decimal]) -> Decimal:
    """The sum of the values, exactly: every digit stays.

    >>> total([Decimal("1E+30"), Decimal("0.01")])
    Decimal('1000000000000000000000000000000.01')
    """
    return reduce(EXACT.add, values, _ZERO)


def difference(value: Decimal, other: Decimal) -> Decimal:
    """The value less the other, exactly: every digit stays.

    >>> difference(Decimal("1E+30"), Decimal("0.01"))
    Decimal('999999999999999999999999999999.99')
    """
    return EXACT.subtract(value, other)


def grouped(value: Decimal) -> str:
    """The value with thousands commas and exactly its own precision: "2,940.05".

    >>> grouped(Decimal("6.20"))
    '6.20'
    """
    return f"{value:,f}"
