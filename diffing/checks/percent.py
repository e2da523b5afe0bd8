"""Percentages by interval: what a printed percentage can come from, given rounded amounts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import msgspec

from archive.model import Claim
from diffing.checks.case import Figure
from diffing.checks.model import Outcome

__all__ = ["Percent", "exact", "in_turn", "judged", "percent", "ratio"]

_LIST: Final = 40
"""So far back the word 分别 may stand before a figure of its list."""
_HUNDRED: Final = Decimal(100)


class Percent(msgspec.Struct, frozen=True):
    """A printed percentage and one unit of its last place."""

    value: Decimal
    step: Decimal


def percent(claim: Claim) -> Percent | None:
    """The claim's percentage; None where it is none."""
    if claim.value is None or claim.unit not in ("%", None):
        return None
    return Percent(claim.value, Decimal(1).scaleb(int(claim.value.as_tuple().exponent)))


def in_turn(claim: Claim) -> bool:
    """Is it one of several told at once ("甲、乙分别增长10%、20%")? Then of which is not sure."""
    start = claim.span[0]
    return "分别" in claim.quotation[max(0, start - _LIST) : start]


def ratio(part: Figure, whole: Figure) -> tuple[Decimal, Decimal] | None:
    """The least and the most percent that part is of whole; None where whole may be nothing."""
    if whole.low <= 0:
        return None
    ends = [_HUNDRED * p / w for p in (part.low, part.high) for w in (whole.low, whole.high)]
    return min(ends), max(ends)


def exact(said: Percent, part: Decimal, whole: Decimal) -> Decimal:
    """The percentage the amounts give as printed, to the places of the one said."""
    return (_HUNDRED * part / whole).quantize(said.step, ROUND_HALF_UP)


def judged(said: Percent, low: Decimal, high: Decimal) -> Outcome:
    """Does a percentage between low and high print as said?

    Rounded half up it holds; cut off behind the last place counts as rounding.
    """
    if low <= said.value + said.step / 2 and high >= said.value - said.step / 2:
        return Outcome.HOLDS
    if low < said.value + said.step and high >= said.value:
        return Outcome.ROUNDING
    return Outcome.FAILS
