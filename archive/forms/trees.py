"""Sums by classification code, by unit code and over lists: 类 = Σ 款 = Σ 项, total = Σ 类."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from archive.forms.equations import Instance, Reason, Sheet, Term, Tolerance, settle
from archive.model import Classification, LineItem
from archive.register import codes

__all__ = ["listed", "trees"]

_CODED: Final = frozenset({Classification.FUNCTIONAL, Classification.ECONOMIC})
_TOP: Final = -1
_TWICE_OVER: Final = 2
"""A list whose rows add up to about twice its total or more has subtotals that do not say so."""


def trees(name: str, title: str, sheet: Sheet) -> Iterator[Instance]:
    """Every printed parent = its printed children; the total row = what has no parent.

    A row hangs on the nearest parent printed. A row whose code does not say where it belongs is
    placed by the order of print, and then a difference proves nothing.
    """
    for side in dict.fromkeys(item.side for item in sheet.items):
        rows = [n for n, i in enumerate(sheet.items) if i.side == side and not i.total and i.code]
        totals = [n for n, i in enumerate(sheet.items) if i.side == side and i.total]
        above, doubtful = _parents(sheet.items, rows)
        below: defaultdict[int, list[int]] = defaultdict(list)
        for row, parent in above.items():
            below[parent].append(row)
        for parent, children in sorted(below.items()):
            if parent == _TOP and len(totals) != 1:
                continue
            head = totals[0] if parent == _TOP else parent
            doubt = Reason.CODE if doubtful.intersection([parent, *children]) else None
            yield from _sums(name, title, sheet, head, children, doubt)


def _sums(
    name: str, title: str, sheet: Sheet, head: int, rows: Sequence[int], doubt: Reason | None
) -> Iterator[Instance]:
    for measure in sheet.items[head].amounts:
        left, right = sheet.terms([head], measure), sheet.terms(rows, measure)
        if right:
            yield settle(name, title, left, right, doubt=doubt)


def _parents(items: Sequence[LineItem], rows: Sequence[int]) -> tuple[dict[int, int], set[int]]:
    """Row -> its parent row, and the rows for which that is not sure."""
    unit = all(items[n].classification not in _CODED for n in rows)
    first = {items[n].code: n for n in reversed(rows)}
    twice = {code for code, count in Counter(items[n].code for n in rows).items() if count > 1}
    levels = {codes.level(items[n].code) for n in rows}
    above: dict[int, int] = {}
    doubtful = {n for n in rows if items[n].code in twice}
    for place, n in enumerate(rows):
        item = items[n]
        if unit:
            above[n] = _by_prefix(item.code, first)
        elif _well_coded(item):
            missing = [c for c in codes.ancestors(item.code) if c not in first]
            if any(codes.level(c) in levels for c in missing):
                doubtful.add(n)
            printed = [c for c in codes.ancestors(item.code) if c in first]
            above[n] = first[printed[-1]] if printed else _TOP
        else:
            doubtful.add(n)
            before = (m for m in reversed(rows[:place]) if items[m].level < item.level)
            above[n] = next(before, _TOP)
    return above, doubtful


def _well_coded(item: LineItem) -> bool:
    level = codes.level(item.code)
    return codes.fits(item.code, item.classification) and item.level in (0, level)


def _by_prefix(code: str, first: dict[str, int]) -> int:
    shorter = (code[:length] for length in range(len(code) - 1, 0, -1))
    return next((first[prefix] for prefix in shorter if prefix in first), _TOP)


def listed(name: str, title: str, sheet: Sheet) -> Iterator[Instance]:
    """The one total row = all rows that no other row is part of.

    Rows of the units that own the projects repeat what the projects say.
    """
    totals = [n for n, item in enumerate(sheet.items) if item.total]
    rows = [
        n
        for n, item in enumerate(sheet.items)
        if not item.total and item.classification is not Classification.UNIT
    ]
    coded = {sheet.items[n].code for n in rows if sheet.items[n].code}
    over = {c[:length] for c in coded for length in range(1, len(c))}
    lowest = [n for n in rows if sheet.items[n].code not in over]
    if len(totals) != 1 or not lowest:
        return
    for made in _sums(name, title, sheet, totals[0], lowest, None):
        yield _unless_doubled(made)


def _unless_doubled(made: Instance) -> Instance:
    left, right = made.left_sum, made.right_sum
    if left is None or right is None or right < left * _TWICE_OVER - made.tolerance:
        return made
    terms: tuple[Sequence[Term], Sequence[Term]] = (made.left, made.right)
    return settle(made.equation, made.title, *terms, Tolerance.SUM, Reason.STRUCTURE)
