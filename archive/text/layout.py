"""Columns and rows found by alignment → a grid like a ruled one.

The grid goes through the same code as printed rulings do; `aligned` on it says where its columns
come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from archive.forms import plain
from archive.model import Box
from archive.text.bands import Entry
from archive.text.columns import CODE_PARTS, Role
from archive.text.grid import Cell, Grid
from archive.text.headcheck import right_set
from archive.text.headtree import HeadCell, Strip
from archive.text.lines import lines
from archive.text.words import Word, WordLine, columned, hull, joined_text

_MARGIN: Final = 4.0
_TOUCH: Final = 0.5


@dataclass(slots=True)
class Column:
    """One column of the grid: the width its ink takes and the head's leaf it belongs to."""

    x0: float
    x1: float
    leaf: int
    figures: bool | None
    """Whether numbers stand in it; None while it is blank."""


@dataclass(slots=True, eq=False)
class Layout:
    """The columns of a table and its head."""

    cells: tuple[HeadCell, ...]
    leaves: list[HeadCell]
    columns: list[Column]
    walls: list[float]
    spanning: frozenset[int]
    """Leaves whose rows have one cell over all their columns: a code below 类 | 款 | 项."""
    parts: list[Word]
    """类, 款, 项 standing in the head."""
    numbers: list[Word]
    """The row that numbers the columns: 栏次, 1, 2, 3 …"""
    right: bool
    """Whether figures are plainly set to the right."""

    @property
    def texts(self) -> list[str]:
        """What heads each column, to know the head again on the next page."""
        return [plain(joined_text(leaf.words)) for leaf in self.leaves]

    def head_words(self) -> Iterable[Word]:
        """All words of the head."""
        yield from (word for cell in _all(self.cells) for word in cell.words)
        yield from self.numbers
        yield from self.parts

    def head_lines(self, lines: Sequence[WordLine]) -> int:
        """How many lines at the top of a page are this head printed again."""
        words = list(self.head_words())
        known = {plain(word.text) for word in words}
        most = len(columned(words))
        count = 0
        while count < min(most, len(lines)) and all(
            plain(word.text) in known for word in lines[count].words
        ):
            count += 1
        return count if count >= min(2, most) else 0

    def range_of(self, leaf: int) -> tuple[int, int]:
        """First and last column of a leaf."""
        own = [index for index, column in enumerate(self.columns) if column.leaf == leaf]
        return own[0], own[-1]

    def widened(self, strips: Sequence[Strip]) -> Layout | None:
        """The same columns, as wide as further ink below them; None where it fits no column."""
        found = [Column(c.x0, c.x1, c.leaf, c.figures) for c in self.columns]
        for strip in strips:
            over = [
                index
                for index, c in enumerate(self.columns)
                if min(c.x1, strip.x1) - max(c.x0, strip.x0) > _TOUCH
            ]
            if not over:
                over = [self._beside(strip)]
            leaves = {self.columns[index].leaf for index in over if index >= 0}
            if len(leaves) != 1:
                return None
            if len(over) > 1 and not leaves <= self.spanning:
                return None
            leaf = leaves.pop()
            if leaf in self.spanning:
                over = list(self.range_of(leaf))
            first, last = found[over[0]], found[over[-1]]
            if first.figures is not None and strip.figures != first.figures:
                return None
            first.x0, last.x1 = min(first.x0, strip.x0), max(last.x1, strip.x1)
        if any(left.x1 > right.x0 for left, right in pairwise(found)):
            return None
        return Layout(
            self.cells,
            self.leaves,
            found,
            _walls(found),
            self.spanning,
            self.parts,
            self.numbers,
            self.right,
        )

    def _beside(self, strip: Strip) -> int:
        """The column of ink between two columns: figures stand to the right in theirs."""
        left = sum(1 for c in self.columns if c.x1 <= strip.x0 + _TOUCH) - 1
        if strip.figures:
            blank = left >= 0 and self.columns[left].figures is None
            return left if blank and self.right else -1
        inside = self.column_at((strip.x0 + strip.x1) / 2)
        within = self.walls[inside] <= strip.x0 and strip.x1 <= self.walls[inside + 1]
        return inside if within else -1

    def column_at(self, x: float) -> int:
        """The column that holds this place."""
        for index, wall in enumerate(self.walls[1:-1]):
            if x < wall:
                return index
        return len(self.columns) - 1

    def across(self, word: Word) -> tuple[int, int]:
        """The columns a total's name stands across.

        It stands in the middle of them: key columns side by side, or all from the first key column
        of one group to the last of another where its own group has no figures beside it.
        """
        over = [
            c
            for c in range(len(self.columns))
            if min(self.walls[c + 1], word.x1) - max(self.walls[c], word.x0) > 1
        ]
        keys = [c for c in over if self.is_key(c)]
        if keys and (len(keys) == len(over) or word.x0 >= self.walls[keys[0]]):
            spans = [
                (abs(self.walls[a] + self.walls[b + 1] - 2 * word.centre) / 2, a, b)
                for a in range(keys[0] + 1)
                for b in range(over[-1] + 1, len(self.columns))
                if self._begins_group(a) and self._ends_keys(b)
            ]
            if len(keys) < len(over) and spans and min(spans)[0] <= word.size:
                return min(spans)[1:]
        if keys and keys == list(range(keys[0], keys[-1] + 1)):
            return keys[0], keys[-1]
        here = self.column_at(word.centre)
        return here, here

    @property
    def sided(self) -> bool:
        """Whether it has several groups of columns, each with names of its own."""
        return sum(map(self._begins_group, range(len(self.columns)))) > 1

    def _begins_group(self, column: int) -> bool:
        return self.is_key(column) and (column == 0 or not self.is_key(column - 1))

    def _ends_keys(self, column: int) -> bool:
        after = column + 1
        return self.is_key(column) and after < len(self.columns) and not self.is_key(after)

    def is_key(self, column: int) -> bool:
        """Whether a column holds codes, names or what else is not money."""
        return self.leaves[self.columns[column].leaf].role is not Role.MONEY


def layout(
    cells: tuple[HeadCell, ...],
    strips: Sequence[Strip],
    parts: list[Word],
    below: Sequence[Word],
    numbers: list[Word],
) -> Layout | None:
    """The columns under a head; None where two of them would overlap.

    `parts` are 类, 款, 项 that stand in the head, `below` those in the first row.
    """
    leaves = [leaf for cell in cells for leaf in cell.leaves()]
    found: list[Column] = []
    spanning: set[int] = set()
    by_leaf = _by_leaf(leaves, strips, (*parts, *below))
    for index, leaf in enumerate(leaves):
        own = strips[leaf.first : leaf.last + 1]
        x0 = min([s.x0 for s in own] + [hull(leaf.words)[0]])
        x1 = max([s.x1 for s in own] + [hull(leaf.words)[1]])
        inside = sorted(by_leaf.get(index, ()), key=lambda w: w.x0)
        if len(inside) > 1:
            pieces, together = _code_columns(own, inside)
            if together:
                spanning.add(index)
            found += [Column(a, b, index, True) for a, b in pieces]
        else:
            filled = [strip for strip in own if not strip.blank]
            sort = all(strip.figures for strip in filled) if filled else None
            found.append(Column(x0, x1, index, sort))
    for left, right in pairwise(found):
        if left.x1 > right.x0:
            _part(left, right, leaves, strips)
        if left.x1 > right.x0 + 0.5:
            return None
    at_right = right_set(strips)
    spans = frozenset(spanning)
    return Layout(cells, leaves, found, _walls(found), spans, parts, numbers, at_right)


def _by_leaf(
    leaves: Sequence[HeadCell], strips: Sequence[Strip], parts: Sequence[Word]
) -> dict[int, list[Word]]:
    """类, 款, 项 by the head of codes they belong to: the nearest."""
    codes = [
        (strips[leaf.first].x0, strips[leaf.last].x1, index)
        for index, leaf in enumerate(leaves)
        if leaf.role is Role.CODE
    ]
    out: dict[int, list[Word]] = {}
    for word in parts:
        if codes:
            nearest = min(codes, key=lambda code: max(code[0] - word.centre, word.centre - code[1]))
            out.setdefault(nearest[2], []).append(word)
    return out


def _walls(columns: Sequence[Column]) -> list[float]:
    inner = [(left.x1 + right.x0) / 2 for left, right in pairwise(columns)]
    return [columns[0].x0 - _MARGIN, *inner, columns[-1].x1 + _MARGIN]


def _part(left: Column, right: Column, leaves: Sequence[HeadCell], strips: Sequence[Strip]) -> None:
    """Where a head reaches over the column beside its own, only what stands below it counts."""
    a, b = leaves[left.leaf], leaves[right.leaf]
    left.x1 = min(left.x1, max(strips[a.last].x1, left.x0))
    right.x0 = max(right.x0, min(strips[b.first].x0, right.x1))


def _code_columns(
    strips: Sequence[Strip], parts: Sequence[Word]
) -> tuple[list[tuple[float, float]], bool]:
    """A column for each of 类, 款, 项; and whether the codes stand across all of them."""
    filled = [strip for strip in strips if not strip.blank]
    across = any(sum(1 for w in parts if min(s.x1, w.x1) > max(s.x0, w.x0)) > 1 for s in filled)
    if not across and len(filled) > 1:
        spans = [[w.x0, w.x1] for w in parts]
        for strip in filled:
            near = min(
                range(len(parts)),
                key=lambda i: max(parts[i].x0 - strip.x1, strip.x0 - parts[i].x1),
            )
            spans[near] = [min(spans[near][0], strip.x0), max(spans[near][1], strip.x1)]
        return [(x0, x1) for x0, x1 in spans], False
    pieces = [(word.x0, word.x1) for word in parts]
    if filled:
        pieces[0] = (min(pieces[0][0], *(s.x0 for s in filled)), pieces[0][1])
        pieces[-1] = (pieces[-1][0], max(pieces[-1][1], *(s.x1 for s in filled)))
    return pieces, True


@dataclass(slots=True)
class _Placed:
    """What stands in a cell that may span rows and columns; all bounds included."""

    top: int
    bottom: int
    left: int
    right: int
    words: list[Word] = field(default_factory=list)


def lay(
    page: int, table: Layout, head: bool, rows: Sequence[Sequence[Entry]], top: float
) -> Grid | None:
    """The grid of one page of a table: its head, if it is printed there, and its rows.

    None where a row has figures in columns that a name stands across, or two codes in one cell.
    """
    placed: list[_Placed] = []
    depth = 0
    if head:
        depth = _lay_head(table, placed)
    for number, row in enumerate(rows, depth):
        if not _lay_row(table, number, row, placed):
            return None
    floors = _floors(table, depth, rows, top)
    return _grid(page, table, placed, floors)


def head_rows(table: Layout) -> list[list[Cell]]:
    """The rows of the head alone."""
    placed: list[_Placed] = []
    depth = _lay_head(table, placed)
    return _grid(0, table, placed, [float(depth - row) for row in range(depth + 1)]).rows


def _lay_head(table: Layout, placed: list[_Placed]) -> int:
    levels = max(cell.depth for cell in table.cells)
    numbers, parts = _by_column(table, table.numbers), _by_column(table, table.parts)
    both = bool(set(numbers) & set(parts))

    def put(cell: HeadCell, level: int) -> None:
        own = [table.leaves.index(leaf) for leaf in cell.leaves()]
        left, right = table.range_of(own[0])[0], table.range_of(own[-1])[1]
        bottom = level if cell.below else levels - 1
        placed.append(_Placed(level, bottom, left, right, list(cell.words)))
        for lower in cell.below:
            put(lower, level + 1)

    for cell in table.cells:
        put(cell, 0)
    if not numbers and not parts:
        return levels
    for column in range(len(table.columns)):
        if both and column in numbers and column in parts:
            placed.append(_Placed(levels, levels, column, column, numbers[column]))
            placed.append(_Placed(levels + 1, levels + 1, column, column, parts[column]))
        else:
            words = numbers.get(column, parts.get(column, []))
            placed.append(_Placed(levels, levels + both, column, column, words))
    return levels + 1 + both


def _by_column(table: Layout, words: Iterable[Word]) -> dict[int, list[Word]]:
    out: dict[int, list[Word]] = {}
    for word in words:
        out.setdefault(table.column_at(word.centre), []).append(word)
    return out


def _lay_row(table: Layout, number: int, row: Sequence[Entry], placed: list[_Placed]) -> bool:
    by_column: dict[int, list[Word]] = {}
    across: list[tuple[int, int, list[Word]]] = []
    for entry in row:
        if entry.until > entry.column:
            across.append((entry.column, entry.until, entry.words))
        else:
            by_column.setdefault(entry.column, []).extend(entry.words)
    taken: set[int] = set()
    for left, right, words in across:
        span = set(range(left, right + 1))
        if span & (set(by_column) | taken):
            if not all(map(table.is_key, span)):
                return False
            free = sorted(span - set(by_column) - taken)
            target = free[-1] if free else right
            by_column.setdefault(target, []).extend(words)
            continue
        placed.append(_Placed(number, number, left, right, words))
        taken |= span
    for leaf in table.spanning:
        left, right = table.range_of(leaf)
        words = [w for c in range(left, right + 1) for w in by_column.get(c, [])]
        parts = words and all(plain(w.text) in CODE_PARTS for w in words)
        if not parts and any(len(line) > 1 for line in columned(words)):
            return False
        if taken & set(range(left, right + 1)) or parts:
            continue
        placed.append(_Placed(number, number, left, right, words))
        taken |= set(range(left, right + 1))
    for column, words in by_column.items():
        if column not in taken:
            placed.append(_Placed(number, number, column, column, words))
    return True


def _floors(table: Layout, depth: int, rows: Sequence[Sequence[Entry]], top: float) -> list[float]:
    """Heights of the row borders, top to bottom."""
    spans = [(max(e.y1 for e in row), min(e.y0 for e in row)) for row in rows if row]
    first = spans[0][0] + 1 if spans else None
    if depth:
        low = min(w.y0 for w in table.head_words()) - 1
        if first is not None:
            low = max(low, first) if low < first else (low + first) / 2
        floors = [top - (top - low) * level / depth for level in range(depth + 1)]
    else:
        floors = [top if first is None else max(top, first)]
    for (_, upper), (lower, _) in pairwise(spans):
        floors.append((upper + lower) / 2)
    floors.append(spans[-1][1] - 2 if spans else floors[-1] - 1)
    return floors


def _all(cells: Iterable[HeadCell]) -> Iterable[HeadCell]:
    for cell in cells:
        yield cell
        yield from _all(cell.below)


def _grid(page: int, table: Layout, placed: Sequence[_Placed], floors: Sequence[float]) -> Grid:
    count, width = len(floors) - 1, len(table.columns)
    grid = Grid(page, list(table.walls), sorted(floors))
    grid.aligned = True
    slots: list[list[Cell | None]] = [[None] * width for _ in range(count)]
    for item in placed:
        cell = Cell(page, item.top + 1, item.left + 1)
        cell.bottom, cell.right = item.bottom + 1, item.right + 1
        cell.lines = lines(char for word in item.words for char in word.chars)
        cell.text = "\n".join(line.text for line in cell.lines)
        for r in range(item.top, item.bottom + 1):
            for c in range(item.left, item.right + 1):
                slots[r][c] = cell
    for r, row in enumerate(slots):
        whole: list[Cell] = []
        for c, slot in enumerate(row):
            cell = slot if slot is not None else Cell(page, r + 1, c + 1)
            cell.box = Box(
                round(table.walls[cell.column - 1], 1),
                round(floors[cell.bottom], 1),
                round(table.walls[cell.right], 1),
                round(floors[cell.row - 1], 1),
            )
            whole.append(cell)
        grid.rows.append(whole)
    return grid
