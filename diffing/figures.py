"""Amounts as text, in 万元: exact, grouped, with at least two decimals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diffing.changes import half_up, rounded

__all__ = ["MINUS", "exact", "in_yi", "is_large", "places", "shares", "signed"]

MINUS: Final = "−"
_TWO: Final = 2
_YI: Final = Decimal(10_000)
"""One 亿元 is ten thousand 万元."""


def places(values: Iterable[Decimal | None]) -> int:
    """How many decimals show all of these exactly; never fewer than two.

    >>> places([Decimal("1.5"), Decimal("15621.1123"), None])
    4
    """
    return max((_needed(value) for value in values if value is not None), default=_TWO)


def exact(value: Decimal, decimals: int = _TWO) -> str:
    """The whole value: more decimals than asked for where it has them, never fewer.

    >>> exact(Decimal("15621.1123")), exact(Decimal("6.2")), exact(Decimal("1000.0000"))
    ('15,621.1123', '6.20', '1,000.00')
    """
    shown = f"{abs(value):,.{max(decimals, _needed(value))}f}"
    return f"{MINUS}{shown}" if value < 0 else shown


def signed(value: Decimal, decimals: int = _TWO) -> str:
    """As `exact`, with a plus sign for what is more than nothing.

    >>> signed(Decimal("25")), signed(Decimal("-0.5")), signed(Decimal(0))
    ('+25.00', '−0.50', '0.00')
    """
    return f"+{exact(value, decimals)}" if value > 0 else exact(value, decimals)


def is_large(value: Decimal) -> bool:
    """From 1 亿元 on an amount is easier read in 亿元."""
    return abs(value) >= _YI


def in_yi(value: Decimal) -> str:
    """In 亿元, half up to two decimals: always shown beside the exact amount.

    >>> in_yi(Decimal("16010.35"))
    '1.60'
    """
    return exact(half_up(Fraction(value) / Fraction(_YI), _TWO))


def shares(
    parts: tuple[Decimal | None, Decimal | None], wholes: tuple[Decimal | None, Decimal | None]
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Both parts in percent of their wholes and how far the share moved, in points.

    Each is rounded once, half up to two decimals: the movement is that of the exact shares, not
    of the rounded ones. None where a part is not printed or there is no whole.

    >>> shares((Decimal(1), Decimal(2)), (Decimal(3), Decimal(3)))
    (Decimal('33.33'), Decimal('66.67'), Decimal('33.33'))
    """
    found = []
    for part, whole in zip(parts, wholes, strict=True):
        if part is None or whole is None or whole <= 0:
            return None
        # whole numbers, not fractions: this is asked of every line, and reducing costs most of it
        (above, below), (top, bottom) = part.as_integer_ratio(), whole.as_integer_ratio()
        found.append((above * bottom * 100, below * top))
    (old, of_old), (new, of_new) = found
    moved = rounded(new * of_old - old * of_new, of_old * of_new, _TWO)
    return rounded(old, of_old, _TWO), rounded(new, of_new, _TWO), moved


def _needed(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(_TWO, -int(exponent))
