"""Rows that no ruling parts, in a table whose columns are ruled: told apart as in unruled ones.

Many tables rule their head and their columns and leave the rows open. Taken for one row, all their
names would be one name and no figure could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from archive import money
from archive.forms import plain
from archive.model import Box, Mark
from archive.text.bands import Entry, Shape, entries, rows
from archive.text.columns import TOTAL
from archive.text.figures import figure_text
from archive.text.grid import Cell, Grid
from archive.text.lines import Line
from archive.text.sections import enumerated
from archive.text.words import Word

__all__ = ["split"]

_LEVEL: Final = 0.5
"""Lines whose middles are nearer than this share of their height stand side by side."""
_NUMERIC: Final = frozenset({Mark.PRINTED, Mark.DASH})


def split(grid: Grid, before: Grid | None) -> None:
    """Part the rows of a grid that hold several rows' figures; `aligned` then says so.

    Where they cannot be told apart they stay as they are, and nothing is built on them. `before` is
    the grid that this one may carry on: of rows that were parted there, names alone may be left.
    """
    out: list[list[Cell]] = []
    open_rows = before is not None and before.aligned
    for row in grid.rows:
        several = _holds_several(row) or (open_rows and _names_several(row))
        pieces = _pieces(row) if several else None
        if pieces is None:
            out.append(row)
            continue
        grid.aligned = True
        out += pieces or [row]
    if len(out) > len(grid.rows):
        _number(out)
    grid.rows = out


def _holds_several(row: Sequence[Cell]) -> bool:
    """Whether figures stand one below the other in a cell, and beside them something in another."""
    for cell in row:
        if len(cell.lines) < 2 or cell.text[0].isalpha() or cell.row != cell.bottom:
            continue
        if not _are_figures(cell):
            continue
        others = (other for other in row if other is not cell and len(other.lines) > 1)
        if any(_level_with(cell, other) for other in others):
            return True
    return False


def _names_several(row: Sequence[Cell]) -> bool:
    """Whether a line of a cell but its first begins another name."""
    lines = (plain(line.text) for cell in row for line in cell.lines[1:])
    return any(enumerated(text) or TOTAL.search(text) for text in lines)


def _are_figures(cell: Cell) -> bool:
    marks = [money.parse(line.text)[0] for line in cell.lines]
    figures = _NUMERIC.issuperset(marks) and marks.count(Mark.PRINTED) > 1
    return figures and bool(figure_text(cell)[1])


def _level_with(cell: Cell, other: Cell) -> bool:
    """Whether another cell has lines beside two of a cell's."""
    level = [
        line
        for line in cell.lines
        if any(abs(_middle(line) - _middle(o)) < _LEVEL * (line.y1 - line.y0) for o in other.lines)
    ]
    return len(level) > 1


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _pieces(row: Sequence[Cell]) -> list[list[Cell]]:
    """The rows that stand in one; none where they cannot be told apart."""
    cells = list({id(cell): cell for cell in row}.values())
    if any(cell.row != cell.bottom for cell in cells):
        return []
    lines = {}
    placed = []
    for index, cell in enumerate(cells):
        for line in cell.lines:
            word = Word(line.x0, line.y0, line.x1, line.y1, line.text)
            lines[id(word)] = line
            placed.append((index, index, word))
    made = rows(entries(placed), _shape(cells), [])
    if not made or len(made) < 2:
        return []
    tops = [max(entry.y1 for entry in entries_) for entries_ in made]
    lows = [min(entry.y0 for entry in entries_) for entries_ in made]
    edges = [cells[0].box.y1, *((a + b) / 2 for a, b in zip(lows, tops[1:], strict=False))]
    edges.append(cells[0].box.y0)
    pieces = [
        _laid(row, cells, found, lines, edges[number], edges[number + 1])
        for number, found in enumerate(made)
    ]
    for piece, old in zip(pieces[-1], row, strict=True):
        piece.open = old.open
    return pieces


def _shape(cells: Sequence[Cell]) -> Shape:
    numeric = [all(_is_numeric(line) for line in cell.lines) for cell in cells]
    codes = [
        number and bool(cell.lines) and all(plain(line.text).isdigit() for line in cell.lines)
        for number, cell in zip(numeric, cells, strict=True)
    ]
    named = [key for key, _ in groupby(numeric, key=lambda number: not number) if key]
    return Shape(
        figures=frozenset((c, c) for c, yes in enumerate(numeric) if yes and not codes[c]),
        codes=frozenset((c, c) for c, yes in enumerate(codes) if yes),
        edges=tuple(_edges(cell) for cell in cells),
        sided=len(named) > 1,
    )


def _is_numeric(line: Line) -> bool:
    return money.parse(line.text)[0] in _NUMERIC


def _edges(cell: Cell) -> tuple[float, float]:
    """Left and right edge of what stands in a column."""
    if not cell.lines:
        return cell.box.x0, cell.box.x1
    return min(line.x0 for line in cell.lines), max(line.x1 for line in cell.lines)


def _laid(
    row: Sequence[Cell],
    cells: Sequence[Cell],
    found: Sequence[Entry],
    lines: dict[int, Line],
    top: float,
    low: float,
) -> list[Cell]:
    """One of the rows, its cells as wide as those of the row it stood in."""
    made: dict[int, Cell] = {}
    for index, old in enumerate(cells):
        cell = Cell(old.page, old.row, old.column)
        cell.right = old.right
        cell.box = Box(old.box.x0, round(low, 1), old.box.x1, round(top, 1))
        words = [word for entry in found if entry.column == index for word in entry.words]
        cell.lines = sorted((lines[id(word)] for word in words), key=lambda line: -line.y1)
        cell.text = "\n".join(line.text for line in cell.lines)
        made[id(old)] = cell
    return [made[id(old)] for old in row]


def _number(rows_: Sequence[Sequence[Cell]]) -> None:
    """Count the rows anew; a cell over several of them keeps all its places."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    cells: dict[int, Cell] = {}
    for number, row in enumerate(rows_, 1):
        for cell in row:
            first.setdefault(id(cell), number)
            last[id(cell)] = number
            cells[id(cell)] = cell
    for key, cell in cells.items():
        cell.row, cell.bottom = first[key], last[key]
