"""Rows that a page break cuts in two, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.forms import plain
from archive.text import columns
from archive.text.columns import Leaf, Role
from archive.text.grid import Cell

__all__ = ["rejoined"]

_WHOLE: Final = frozenset({3, 5, 7})
"""Digits of a code of 类, 款, 项: 财政部《政府收支分类科目》."""

Row = Sequence[Cell]


def rejoined(rows: Iterable[Row], leaves: Sequence[Leaf]) -> Iterator[Row]:
    """The rows of a table with codes, each whole.

    A word processor breaks a row where the page ends. What runs over to the next page has no
    figures (they stand on the row's first line), and either the digits that its code lacks above,
    or no code at all: that is the rest of a name, since every row but a total has a code.
    """
    if not any(leaf.role is Role.CODE for leaf in leaves):
        yield from rows
        return
    last: Row | None = None
    for row in rows:
        if last is not None and row[0].page == last[0].page + 1 and _runs_over(last, row, leaves):
            last = _joined(last, row)
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


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
    cell.lines = [*upper.lines, *lower.lines]
    cell.text = "\n".join(line.text for line in cell.lines)
    return cell
