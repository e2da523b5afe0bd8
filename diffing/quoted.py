"""Figures of other documents that a document quotes in its prose and its performance forms.

This year's budget says what last year's was; a final account says what the budget was. Such a
figure is a second witness beside the other document: it is shown next to it, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from archive.model import (
    Amount,
    Basis,
    Binding,
    Claim,
    Direction,
    Document,
    Kind,
    Role,
    Unit,
)
from archive.money import convert
from diffing.changes import is_nothing

__all__ = ["Quoted", "agrees", "originals", "previous", "quoted_of"]

_YUAN: Final = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_NEARLY: Final = "基本"
_HALF: Final = Decimal("0.5")
_BASES: Final = {
    Kind.BUDGET: frozenset({Basis.BUDGET, Basis.ORIGINAL}),
    Kind.FINAL: frozenset({Basis.FINAL}),
}
"""What a reference must mean to be a figure of a document of this kind: an 执行数 is neither."""

Cell = tuple[str, str, str, str]
"""Form, code, name and measure of a quoted line."""


class Quoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of another document, as this one's prose states it."""

    value: Decimal
    """In 万元, exact."""
    step: Decimal
    """One unit of the last printed place, in 万元; of a derived figure, of both its parts."""
    page: int
    quotation: str
    derived: bool = False
    """True where it is not printed but follows: this year's figure less the stated increase."""
    binding: Binding | None = None


def agrees(quoted: Quoted, printed: Amount, unit: Unit | None) -> bool | None:
    """Whether a quoted figure is the printed one, but for the rounding of either.

    Both are held against each other at the coarser of their precisions. A quoted zero agrees with
    a blank; where the other is no number, or says no unit, nothing can be told (None).
    """
    if is_nothing(printed) and not quoted.value:
        return True
    if unit is None or printed.value is None:
        return None
    other = convert(printed.value, unit, Unit.WAN)
    step = Decimal(1).scaleb(int(printed.value.as_tuple().exponent))
    return abs(quoted.value - other) <= _HALF * (quoted.step + convert(step, unit, Unit.WAN))


def originals(document: Document) -> Mapping[Cell, Quoted]:
    """The 年初预算 that a final account's prose states, by the cell of its outcome.

    The outcome's claim knows its cell, the budget's does not: a final account prints none. The two
    are one line's where the prose names it in the same words once.
    """
    stated: dict[str, list[Claim]] = {}
    for claim in document.claims:
        if claim.role is Role.VALUE and claim.basis is Basis.ORIGINAL:
            stated.setdefault(claim.subject, []).append(claim)
    found: dict[Cell, Quoted] = {}
    for claim in document.claims:
        budgets = stated.get(claim.subject, ())
        if claim.role is not Role.VALUE or claim.basis is not Basis.FINAL or len(budgets) != 1:
            continue
        if (quoted := quoted_of(budgets[0])) is not None:
            found.update((_cell(b), quoted) for b in claim.bound if _cell(b) not in found)
    return found


def previous(document: Document, year: int, kind: Kind) -> Iterator[Quoted]:
    """What a document says the figures of `year` were, for documents of its own kind.

    Stated outright, or as a difference (比2023年预算减少876.75万元). Only where the figure it
    speaks of is bound to one cell, and only of the same basis: 执行数 is no budget.
    """
    for claim in document.claims:
        about = document.claims[claim.about] if claim.about is not None else None
        if claim.role is Role.PREVIOUS and claim.year == year and claim.basis in _BASES[kind]:
            quoted, bound = quoted_of(claim), about.bound if about else ()
        elif claim.role is Role.DIFFERENCE and about is not None and _refers(claim, year, kind):
            quoted, bound = _before(claim, about), about.bound
        else:
            continue
        if quoted is not None:
            for binding in bound:
                yield msgspec.structs.replace(quoted, binding=binding)


def _refers(claim: Claim, year: int, kind: Kind) -> bool:
    to = claim.against
    return to is not None and to.year == year and to.basis in _BASES[kind]


def _before(difference: Claim, about: Claim) -> Quoted | None:
    """This year's figure less the stated increase, or plus the stated decrease."""
    now, moved = quoted_of(about), quoted_of(difference)
    if now is None or difference.direction is None:
        return None
    if difference.direction is Direction.SAME:
        # 基本持平 is nearly the same, by nobody knows how much
        if _NEARLY in difference.word:
            return None
        return msgspec.structs.replace(_at(now, difference), derived=True) if not moved else None
    if moved is None or moved.value < 0:
        return None
    sign = -1 if difference.direction is Direction.UP else 1
    value = now.value + sign * moved.value
    return Quoted(value, now.step + moved.step, difference.page, difference.quotation, True)


def _at(quoted: Quoted, claim: Claim) -> Quoted:
    return msgspec.structs.replace(quoted, page=claim.page, quotation=claim.quotation)


def quoted_of(claim: Claim) -> Quoted | None:
    """The figure a claim states, in 万元; None where it is no amount of money."""
    if claim.value is None or claim.unit not in _YUAN:
        return None
    factor = _YUAN[claim.unit] / _YUAN["万元"]
    step = Decimal(1).scaleb(int(claim.value.as_tuple().exponent)) * factor
    return Quoted(claim.value * factor, step, claim.page, claim.quotation)


def _cell(binding: Binding) -> Cell:
    return binding.form, binding.code, binding.name, binding.measure
