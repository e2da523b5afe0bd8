"""Rows that a page break cuts in two, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.forms import plain
from archive.text import columns
from archive.text.columns import Leaf, Role
from archive.text.grid import NOWHERE, Cell
from archive.text.sections import enumerated

__all__ = ["rejoined"]

_WHOLE: Final = frozenset({3, 5, 7})
"""Digits of a code of 类, 款, 项: 财政部《政府收支分类科目》."""

_ROOM: Final = 2.5
"""A lone line is full where less than so many of its heights are left of its cell."""
_RAGGED: Final = 0.9
"""Lines of one cell end within so many heights of one another, the last one aside."""
_BARE: Final = frozenset({"合计", "总计", "小计"})

Row = Sequence[Cell]


def rejoined(rows: Iterable[Row], leaves: Sequence[Leaf]) -> Iterator[Row]:
    """The rows of a table, each whole.

    A word processor breaks a row where the page ends. What runs over to the next page of a table
    with codes has no figures (they stand on the row's first line), and either the digits that its
    code lacks above, or no code at all: that is the rest of a name, since every row but a total has
    a code. Elsewhere the name's last line above is full, and either the border below it was left to
    the next page, or names are numbered and what goes on is not.
    """
    laid = list(rows)
    coded = any(leaf.role is Role.CODE for leaf in leaves)
    numbered = _numbered(laid, leaves)
    last: Row | None = None
    for row in laid:
        if last is not None and row[0].page == last[0].page + 1:
            over = coded and _runs_over(last, row, leaves)
            if over or _broken(last, row, leaves, numbered):
                last = _joined(last, row)
                continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _numbered(rows: Sequence[Row], leaves: Sequence[Leaf]) -> set[int]:
    """Columns whose names are numbered: 一、 二、 三、"""
    found = set()
    for leaf in leaves:
        texts = [plain(row[leaf.first].text) for row in rows]
        lines = [text for text in texts if text and not columns.TOTAL.search(text)]
        if leaf.role is Role.NAME and 2 * sum(map(enumerated, lines)) > len(lines):
            found.add(leaf.first)
    return found


def _broken(above: Row, row: Row, leaves: Sequence[Leaf], numbered: set[int]) -> bool:
    """Whether a row goes on in the first one of the next page, its lines parted by the break."""
    if above[0].box == NOWHERE or row[0].box == NOWHERE:
        return False
    left_open = any(cell.open for cell in above)
    goes_on = False
    for leaf in leaves:
        upper, lower = above[leaf.first], row[leaf.first]
        if not lower.text:
            continue
        if not upper.text:
            if not left_open:
                return False
        elif (
            leaf.role not in (Role.NAME, Role.ATTRIBUTE)
            or not _full(upper)
            or _begins(plain(lower.text))
        ):
            return False
        elif left_open or leaf.first in numbered:
            goes_on = True
        else:
            return False
    return goes_on


def _full(cell: Cell) -> bool:
    """Whether the last line in a cell reaches as far as a line there does before it wraps."""
    if not cell.lines:
        return False
    *before, last = cell.lines
    size, wide = last.y1 - last.y0, last.x1 - last.x0
    if before:
        return min(line.x1 - line.x0 for line in before) - wide < _RAGGED * size
    return cell.box.x1 - cell.box.x0 - wide < _ROOM * size


def _begins(text: str) -> bool:
    return enumerated(text) or text in _BARE or text.startswith("其中")


def _runs_over(above: Row, row: Row, leaves: Sequence[Leaf]) -> bool:
    if any(row[leaf.first].text for leaf in leaves if leaf.role is Role.MONEY):
        return False
    if not any(above[leaf.first].text for leaf in leaves if leaf.role is Role.MONEY):
        return False
    codes = [leaf.first for leaf in leaves if leaf.role is Role.CODE]
    if any(r[place].right != r[place].column for r in (above, row) for place in codes):
        return False  # a total's name stands across code and name
    begun, rest = ([(p, plain(r[p].text)) for p in codes if r[p].text] for r in (above, row))
    if not begun or not all(text.isdigit() for _, text in begun):
        return False
    if rest:
        (place, start), (same, end) = begun[-1], rest[0]
        whole = end.isdigit() and len(start) not in _WHOLE and len(start + end) in _WHOLE
        return len(rest) == 1 and place == same and whole
    texts = "".join(plain(cell.text) for cell in columns.own(row))
    return bool(texts) and not columns.TOTAL.search(texts)


def _joined(above: Row, row: Row) -> Row:
    """Each cell with the lines that stand on the next page below its own."""
    made: dict[tuple[int, int], Cell] = {}
    for upper, lower in zip(above, row, strict=True):
        key = (id(upper), id(lower))
        if key not in made:
            made[key] = _both(upper, lower) if lower.lines else upper
    return [made[id(upper), id(lower)] for upper, lower in zip(above, row, strict=True)]


def _both(upper: Cell, lower: Cell) -> Cell:
    cell = Cell(upper.page, upper.row, upper.column)
    cell.bottom, cell.right, cell.box, cell.shown = (
        upper.bottom,
        upper.right,
        upper.box,
        upper.shown,
    )
    cell.doubtful, cell.scanned = upper.doubtful or lower.doubtful, upper.scanned or lower.scanned
    cell.cut = upper.cut or lower.cut
    cell.lines = [*upper.lines, *lower.lines]
    cell.text = "\n".join(line.text for line in cell.lines)
    return cell
