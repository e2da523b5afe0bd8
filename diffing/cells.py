"""One measure of a row on both sides: what kind of difference it is, and how large."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from archive.model import Amount, LineItem, Mark, Unit
from archive.money import convert, difference
from diffing.align import RowPair, StatementPair
from diffing.alone import alone
from diffing.changes import Cell, CellKind, is_nothing, wan
from diffing.versions import Mode, Version, Where, lowest

__all__ = ["cell_at", "cell_of", "place_of"]

_NUMBER: Final = CellKind.NUMBER
_WAN: Final = Unit.WAN
_ZERO: Final = Decimal(0)


def cell_of(
    old: Version,
    new: Version,
    pair: StatementPair,
    row: RowPair,
    measure: str,
    mode: Mode = Mode.YEAR,
) -> Cell:
    """One measure of a row on both sides with what follows from it, changed or not."""
    places = place_of(old, row.old), place_of(new, row.new)
    return cell_at(old, new, pair, row, measure, mode, places)


def place_of(version: Version, item: LineItem | None) -> Where | None:
    """Where a row is printed; None where the side does not have it."""
    return None if item is None else version.where(item.page, item.row)


def cell_at(
    old: Version,
    new: Version,
    pair: StatementPair,
    row: RowPair,
    measure: str,
    mode: Mode,
    places: tuple[Where | None, Where | None],
) -> Cell:
    """As `cell_of`, for a row whose places on both sides are known."""
    before, after = row.old, row.new
    a = before.amounts.get(measure) if before else None
    b = after.amounts.get(measure) if after else None
    unit_a = pair.old.unit if pair.old else None
    unit_b = pair.new.unit if pair.new else None
    kind, by = _difference(a, b, unit_a, unit_b)
    if (a is None or b is None) and not (is_nothing(a) and is_nothing(b)):
        if before is not None and after is not None:
            kind, by = CellKind.NO_COLUMN, None
        elif (why := alone(row, pair, mode)) is not None:
            kind, by = why, None
    if row.basis is not None and kind is _NUMBER and not row.basis.comparable:
        kind, by = CellKind.OTHER_BASIS, None
    return Cell(
        measure,
        kind,
        a,
        b,
        unit_a,
        unit_b,
        _at(old, a, places[0]),
        _at(new, b, places[1]),
        by,
        lowest(a.certainty, b.certainty)
        if a and b
        else lowest(*(x.certainty for x in (a, b) if x)),
    )


def _at(version: Version, amount: Amount | None, row: Where | None) -> Where | None:
    """Where a figure is printed: its own cell where the reading kept it, else its row."""
    at = amount.at if amount is not None else None
    return row if row is None or at is None else version.at(at)


def _difference(
    a: Amount | None, b: Amount | None, unit_a: Unit | None, unit_b: Unit | None
) -> tuple[CellKind, Decimal | None]:
    # nearly every cell that differs has a number on both sides
    if a is not None and b is not None and unit_a is not None and unit_b is not None:
        old, new = a.value, b.value
        if old is not None and new is not None and (old or new):
            old, new = convert(old, unit_a, _WAN), convert(new, unit_b, _WAN)
            return _NUMBER, difference(new, old)
    return _of_one_number(a, b, unit_a, unit_b)


def _of_one_number(
    a: Amount | None, b: Amount | None, unit_a: Unit | None, unit_b: Unit | None
) -> tuple[CellKind, Decimal | None]:
    if (a and a.mark is Mark.UNREADABLE) or (b and b.mark is Mark.UNREADABLE):
        return CellKind.UNREADABLE, None
    none_a, none_b = is_nothing(a), is_nothing(b)
    if none_a and none_b:
        return CellKind.MARK, None
    old, new = wan(a, unit_a), wan(b, unit_b)
    if (old is None and not none_a) or (new is None and not none_b):
        return CellKind.UNIT_UNKNOWN, None
    return _NUMBER, difference(new or _ZERO, old or _ZERO)
