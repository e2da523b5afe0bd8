"""The sums inside a form printed in blocks: 资金合计 = its sources, 当年预算 = its details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from archive.forms import Form, plain
from archive.forms.declared import Equation
from archive.forms.equations import (
    Instance,
    Outcome,
    Reason,
    Sheet,
    Term,
    Tolerance,
    nothing,
    settle,
)
from archive.forms.lines import among, bare, carried
from archive.model import LineItem

__all__ = ["block"]

_GROUP: Final = "group"
_TWICE_OVER: Final = 2


def block(name: str, equation: Equation, form: Form, sheet: Sheet) -> Iterator[Instance]:
    """The equation for every total it names, one a side, in every measure the total prints.

    A line of the block that the equation does not know and that prints money, or money carried
    over from another year, may belong to the total or not: then a difference proves nothing.
    """
    known = {plain(n) for n in form.lines.get(equation.total, (equation.total,))}
    here = [n for n, item in enumerate(sheet.items) if _block_of(item) == equation.block]
    outside = [n for n, item in enumerate(sheet.items) if not _block_of(item)]
    totals = [
        n for n in (outside if equation.beside else here) if bare(sheet.items[n].name) in known
    ]
    sides = [sheet.items[n].side for n in totals]
    for n in totals:
        total = sheet.items[n]
        if sides.count(total.side) > 1:
            yield nothing(name, equation.title, Reason.SEVERAL, Outcome.UNDECIDABLE)
            return
        rows = [m for m in here if m != n]
        if not equation.beside:
            headed = [m for m in rows if sheet.items[m].attributes.get(_GROUP) == total.name]
            rows = headed or [m for m in rows if _beneath(sheet.items[m], total)]
        parts, doubt = _parts(equation, sheet, rows)
        if parts:
            yield from _sums(name, equation, sheet, n, parts, doubt)


def _sums(
    name: str,
    equation: Equation,
    sheet: Sheet,
    total: int,
    parts: Sequence[int],
    doubt: Reason | None,
) -> Iterator[Instance]:
    for measure in sheet.items[total].amounts:
        left = sheet.terms([total], measure)
        # a total beside the blocks and the column of a block are called by other names
        right: Sequence[Term] = sheet.terms(parts, measure)
        if equation.beside:
            right = [
                t for m in parts for t in sheet.terms([m], next(iter(sheet.items[m].amounts), ""))
            ]
        if not right:
            continue
        made = settle(name, equation.title, left, right, doubt=doubt)
        if made.outcome is Outcome.FAILS and _twice(made):
            terms = made.left, made.right
            made = settle(name, equation.title, *terms, Tolerance.SUM, Reason.STRUCTURE)
        yield made


def _twice(made: Instance) -> bool:
    """Do the lines come out twice as high, subtotals that do not say so among them?"""
    left, right = made.left_sum, made.right_sum
    if len(made.right) == 1:
        return False
    return left is not None and right is not None and right >= left * _TWICE_OVER - made.tolerance


def _parts(
    equation: Equation, sheet: Sheet, rows: Sequence[int]
) -> tuple[list[int], Reason | None]:
    """The lines to add up, and why a difference would prove nothing."""
    if not equation.parts:
        lowest = [n for n in rows if not (sheet.items[n].total or among(sheet.items[n]))]
        return lowest, None
    named = {plain(part) for part in equation.parts}
    parts = [n for n in rows if bare(sheet.items[n].name) in named]
    names = [bare(sheet.items[n].name) for n in parts]
    if len(names) != len(set(names)):
        return [], None
    others = (sheet.items[n] for n in rows if n not in parts)
    loose = any(_money(i) and (carried(i) or not (among(i) or i.total)) for i in others)
    return parts, Reason.STRUCTURE if loose else None


def _beneath(item: LineItem, total: LineItem) -> bool:
    """Does the line stand in the part of the block that the total closes?"""
    group, own = (i.attributes.get(_GROUP, "") for i in (item, total))
    return item.side == total.side and group == own


def _block_of(item: LineItem) -> str:
    return item.attributes.get("block", "")


def _money(item: LineItem) -> bool:
    return any(amount.value for amount in item.amounts.values())
