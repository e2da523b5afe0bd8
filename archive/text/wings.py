"""Wide tables cut over pages: their last columns, printed on later pages, joined to the first.

A spreadsheet wider than the paper prints its right-hand columns on pages of their own, without
title and often without the names of the rows. The rows still have the same heights in the same
order; where every one of them agrees, the pages are put side by side again. Where one does not,
nothing is joined and the columns stay a table of their own, reported as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from archive import forms
from archive.text import columns
from archive.text.grid import Cell, Grid
from archive.text.tables import Table, spread

_SAME_X: Final = 4.0
_SAME_HEIGHT: Final = 2.0
_FEWEST_ROWS: Final = 3


def widened(spread_out: Iterable[Table]) -> list[Table]:
    """The tables, wings joined to the table they belong to; the others as they are.

    Every table has been spread. A joined table keeps title, unit and notes of its main part; the
    cells of its wings keep their own pages and places.
    """
    tables = list(spread_out)
    out: list[Table] = []
    index = 0
    while index < len(tables):
        main = tables[index]
        run = _untitled_after(tables, index)
        taken = _join(main, run) if run and _is_one_table(main) else 0
        out.append(main)
        index += 1 + taken
    return out


def _is_one_table(table: Table) -> bool:
    return any(form.layout is forms.Layout.TABLE for form in forms.identify(table.title))


def _untitled_after(tables: Sequence[Table], index: int) -> list[Table]:
    """The tables without title on the pages right behind a table; the label of its unit, printed
    over its last column, may stand over one of them."""
    run = []
    unit = tables[index].unit
    last = tables[index].parts[-1].page
    for table in tables[index + 1 :]:
        if table.title or table.parts[0].page > last + 1:
            break
        if table.unit and table.unit != (unit or table.unit):
            break
        run.append(table)
        last = table.parts[-1].page
    return run


def _join(main: Table, run: Sequence[Table]) -> int:
    """Join as many of the run as make whole wings; returns how many were taken."""
    body = list(main.parts)
    wings: list[list[Grid]] = []
    notes, unit = list(main.notes), main.unit
    taken = 0
    for count, table in enumerate(run, 1):
        _home(table.parts[0], body, wings).extend(table.parts)
        notes += table.notes
        unit = unit or table.unit
        rows = _side_by_side(body, wings)
        if rows:
            main.rows, main.notes, main.unit, taken = rows, list(notes), unit, count
            main.parts = [*body, *(part for wing in wings for part in wing)]
    return taken


def _home(part: Grid, body: list[Grid], wings: list[list[Grid]]) -> list[Grid]:
    """The stack of pages this one goes on: the one of its own column lines."""
    for stack in (body, *wings):
        if _same_columns(part, stack[0]) and not _other_head(part, stack[0]):
            return stack
    wings.append([])
    return wings[-1]


def _other_head(part: Grid, first: Grid) -> bool:
    return not columns.is_data(part.rows[0]) and [c.text for c in part.rows[0]] != [
        c.text for c in first.rows[0]
    ]


def _same_columns(one: Grid, other: Grid) -> bool:
    if len(one.xs) != len(other.xs):
        return False
    return all(abs(a - b) <= _SAME_X for a, b in zip(one.xs, other.xs, strict=True))


def _side_by_side(body: list[Grid], wings: Sequence[list[Grid]]) -> list[list[Cell]]:
    """The rows of all pages put together; nothing where any row has no counterpart."""
    rows = left = _rows(body)
    if not wings or len(left) < _FEWEST_ROWS:
        return []
    for wing in wings:
        right = _rows(wing)
        same = len(left) == len(right) and all(map(_same_height, left, right))
        right = right if same else _level_with(body, wing)
        if not right:
            return []
        repeated = _repeated(left, right)
        rows = [_across(a, b[repeated:]) for a, b in zip(rows, right, strict=True)]
    return rows


def _across(left: list[Cell], right: list[Cell]) -> list[Cell]:
    """A row put together. A cell over several columns that the page cut in two shows its text on
    the first page: “公用经费合计” names a figure that stands on the next."""
    cut, rest = left[-1], right[0] if right else left[-1]
    over_several = len(left) > 1 and left[-2] is cut and len(right) > 1 and right[1] is rest
    if over_several and cut.text and not rest.text and cut is not left[0]:
        right = [cut if cell is rest else cell for cell in right]
    return left + right


def _level_with(body: Sequence[Grid], wing: Sequence[Grid]) -> list[list[Cell]]:
    """The rows of a wing, one for each row of the body at its height; nothing where one has none.

    A head that is one cell high in the wing may stand beside two rows of heads in the body; a row
    of figures stands beside one row alone, or it would be two rows' figures.
    """
    if len(body) != len(wing) or any(len(part.xs) != len(wing[0].xs) for part in wing):
        return []
    out: list[list[Cell]] = []
    for left, right in zip(body, wing, strict=True):
        beside = [_beside(row, right.rows) for row in left.rows]
        found = [row for row in beside if row is not None]
        if len(found) < len(beside) or len({id(row) for row in found}) < len(right.rows):
            return []
        if any(one is two and columns.is_data(one) for one, two in pairwise(found)):
            return []
        out += found
    return out


def _beside(row: Sequence[Cell], rows: Sequence[list[Cell]]) -> list[Cell] | None:
    """The row of a wing that reaches over the height of one of the body."""
    low, high = max(c.box.y0 for c in row), min(c.box.y1 for c in row)
    for other in rows:
        bottom, top = max(c.box.y0 for c in other), min(c.box.y1 for c in other)
        if bottom - _SAME_HEIGHT <= low and high <= top + _SAME_HEIGHT:
            return other
    return None


def _rows(parts: list[Grid]) -> list[list[Cell]]:
    laid = Table(parts[0])
    laid.parts = parts
    spread(laid)
    return laid.rows


def _same_height(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    return abs(_height(one) - _height(other)) <= _SAME_HEIGHT


def _height(row: Sequence[Cell]) -> float:
    """Of the row's lowest cell: merged cells are higher."""
    return min(cell.box.y1 - cell.box.y0 for cell in row)


def _repeated(left: Sequence[Sequence[Cell]], right: Sequence[Sequence[Cell]]) -> int:
    """How many first columns of the wing only say the row names again."""
    count = 0
    width = min(len(left[0]), len(right[0]))
    while count < width and all(
        a[count].text == b[count].text for a, b in zip(left, right, strict=True)
    ):
        count += 1
    return count
