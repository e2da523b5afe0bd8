"""Sums down the sides of a two- or three-sided statement, by the numbering of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from archive.forms.equations import Instance, Reason, Sheet, Tolerance, settle
from archive.forms.lines import among, carried, depth

__all__ = ["balance", "outline"]

_INCOME: Final = "收入"
_ENOUGH: Final = 2
"""Fewer parts than this are no breakdown: others may have been left out."""


def outline(name: str, title: str, sheet: Sheet) -> Iterator[Instance]:
    """Each total of a side = the total before it + the top lines since; a line = its parts.

    Top lines are those of the least depth, and unnumbered ones that carry money over. Where other
    unnumbered lines have figures, a difference proves nothing.
    """
    for side in dict.fromkeys(item.side for item in sheet.items):
        rows = [n for n, item in enumerate(sheet.items) if item.side == side]
        before: int | None = None
        since: list[int] = []
        for row in rows:
            if not sheet.items[row].total:
                since.append(row)
                continue
            yield from _total(name, title, sheet, row, before, since)
            yield from _parts(name, title, sheet, since)
            before, since = row, []


def _total(
    name: str, title: str, sheet: Sheet, total: int, before: int | None, since: Sequence[int]
) -> Iterator[Instance]:
    top, doubt = _top(sheet, since)
    rows = [*([] if before is None else [before]), *top]
    for measure in sheet.items[total].amounts:
        left, right = sheet.terms([total], measure), sheet.terms(rows, measure)
        if right:
            yield settle(name, title, left, right, doubt=doubt)


def _top(sheet: Sheet, rows: Sequence[int]) -> tuple[list[int], Reason | None]:
    """The lines that add up to the total below them, and whether that is open to doubt."""
    items = sheet.items
    free = [n for n in rows if "block" not in items[n].attributes]
    least = min((depth(items[n]) for n in free if depth(items[n])), default=0)
    top = [n for n in free if depth(items[n]) == least and (least or not among(items[n]))]
    if least:
        top += [n for n in free if not depth(items[n]) and _carries(sheet, n)]
    elif any(carried(items[n]) for n in top):
        top = [n for n in top if carried(items[n])]
    left_out = [n for n in free if n not in top and not depth(items[n])]
    says = any(amount.value for n in left_out for amount in items[n].amounts.values())
    return sorted(top), Reason.STRUCTURE if says else None


def _carries(sheet: Sheet, row: int) -> bool:
    return carried(sheet.items[row]) and not among(sheet.items[row])


def _parts(name: str, title: str, sheet: Sheet, since: Sequence[int]) -> Iterator[Instance]:
    """A numbered line = the lines one step deeper below it; 其中 leaves others out."""
    items = sheet.items
    for place, row in enumerate(since):
        level = depth(items[row])
        below = _below(sheet, row, since[place + 1 :], level)
        if len(below) < _ENOUGH or any(among(items[n]) for n in below):
            continue
        for measure in items[row].amounts:
            left, right = sheet.terms([row], measure), sheet.terms(below, measure)
            if right:
                yield settle(f"{name}-parts", title, left, right)


def _below(sheet: Sheet, row: int, after: Sequence[int], level: int) -> list[int]:
    items = sheet.items
    block = [n for n in after if items[n].attributes.get("block") == items[row].name]
    if block:
        return block
    if not level or "block" in items[row].attributes:
        return []
    deeper = []
    for n in after:
        if "block" in items[n].attributes or depth(items[n]) <= level:
            break
        deeper.append(n)
    least = min((depth(items[n]) for n in deeper), default=0)
    return [n for n in deeper if depth(items[n]) == least]


def balance(name: str, title: str, sheet: Sheet) -> Iterator[Instance]:
    """The last total of the income side = the last total of each expenditure side."""
    last = {item.side or "": n for n, item in enumerate(sheet.items) if item.total}
    income = next((n for side, n in last.items() if side.startswith(_INCOME)), None)
    if income is None:
        return
    for side, n in last.items():
        if side.startswith(_INCOME):
            continue
        left = sheet.terms([income], next(iter(sheet.items[income].amounts), ""))
        right = sheet.terms([n], next(iter(sheet.items[n].amounts), ""))
        if left and right:
            yield settle(name, title, left, right, Tolerance.TWICE)
