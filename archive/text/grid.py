"""Ruling lines → a grid of cells, merged cells included, each with its text.

A ruled table read in text order comes out scrambled (numbers sit up to ten points off their
label's baseline in real files); rows and columns must come from the rulings.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from archive.model import Box, Certainty, Locator
from archive.text.crossing import one_number, settle
from archive.text.lines import Line, lines
from archive.text.page import Char, Page, Segment, shown

SNAP: Final = 2.0
"""Rulings closer than this (points) are one ruling: double strokes, cell by cell borders."""
JOIN: Final = 4.0
"""Gaps in a ruling shorter than this are drawing inaccuracy."""
_TOUCH: Final = 3.0
_AT: Final = 0.8
"""A ruling that ends at another stands as close to it."""
_SHORTEST: Final = 5.0
_COLUMNS: Final = 3
_ROW: Final = 8.0
"""No row is lower."""
_COVERED: Final = 0.5
"""A cell border drawn over less than this share of its length is no border."""
_SLIVER: Final = 5.0
"""A row lower than any character is two strokes of one border, not a row."""

NOWHERE: Final = Box(0, 0, 0, 0)
"""Of cells that stand on no page: those of a text, a spreadsheet, a web page."""

Ruling = tuple[float, float, float]
"""Position, start, end: of a horizontal line y, x0, x1; of a vertical one x, y0, y1."""


class Cell:
    """One cell as drawn: where it stands in the grid and what is printed in it."""

    __slots__ = (
        "bottom",
        "box",
        "column",
        "cut",
        "doubtful",
        "lines",
        "open",
        "page",
        "right",
        "row",
        "scanned",
        "shown",
        "text",
    )

    def __init__(self, page: int, row: int, column: int) -> None:
        self.page = page
        self.row = self.bottom = row
        self.column = self.right = column
        self.box = NOWHERE
        self.shown: Box | None = None
        """Its box as a viewer shows the page, where that was read turned or straightened."""
        self.lines: list[Line] = []
        self.text = ""
        """The lines joined by newlines."""
        self.open = False
        """Whether its lower border was left to the next page."""
        self.doubtful = False
        """Whether a figure was recognised in it that nothing may be built on."""
        self.scanned = False
        """Whether its text was recognised from a picture."""
        self.cut = False
        """Whether digits of it may lie beyond the edge of the page."""

    def certainty(self, *, aligned: bool) -> Certainty:
        """How surely its figure is read, `aligned` saying that its columns are not ruled."""
        if self.scanned:
            return Certainty.RECOGNISED
        return Certainty.ALIGNED if aligned else Certainty.TEXT

    @property
    def place(self) -> Locator:
        """Where it is printed."""
        box = None if self.box == NOWHERE else self.shown or self.box
        return Locator(self.page, self.row, self.column, box)


class Grid:
    """A ruled table on one page. `rows[r][c]` is the cell there; a merged cell stands in all its
    places."""

    __slots__ = ("aligned", "box", "doubt", "page", "rows", "xs", "ys")

    def __init__(self, page: int, xs: list[float], ys: list[float]) -> None:
        self.page = page
        self.xs = xs
        self.ys = ys
        self.box = Box(xs[0], ys[0], xs[-1], ys[-1])
        self.rows: list[list[Cell]] = []
        self.aligned = False
        """Whether its rulings were drawn from alignment rather than printed."""
        self.doubt = ""
        """Why nothing of it is to be taken for a figure."""


def grids(page: Page, before: Grid | None = None) -> tuple[list[Grid], list[Char]]:
    """The ruled tables of a page from top to bottom, and the characters outside all of them.

    `before` is the grid that ended the page before: where nothing but its columns are ruled on this
    one, its rows go on between them.
    """
    found = []
    outside = page.chars
    frames = list(_frames(page.segments))
    if before is not None:
        frames += _columns_alone(frames, before)
    for horizontal, vertical in frames:
        ys = _cluster([line[0] for line in horizontal])
        xs = _cluster([line[0] for line in vertical])
        if not ys or len(xs) < 2:
            continue
        low = ys[0]
        for y in _left_open(xs, ys, vertical):
            horizontal.append((y, xs[0], xs[-1]))
            ys = sorted((*ys, y))
        if len(ys) < 2:
            continue
        grid = Grid(page.number, xs, ys)
        left = _fill(grid, horizontal, vertical, outside)
        if _only_frames(grid):
            continue
        if ys[0] < low:
            _leave_open(grid)
        outside = left
        if grid.rows:
            found.append(grid)
    found.sort(key=lambda grid: -grid.box.y1)
    return found, outside


def _columns_alone(
    frames: Sequence[tuple[list[Ruling], list[Ruling]]], before: Grid
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """A frame of rulings down the page that touch none across, in the places of a grid's."""
    lone = sorted(line for across, down in frames if not across for line in down)
    at = _cluster([x for x, _, _ in lone])
    if len(at) < _COLUMNS or len(at) != len(before.xs):
        return []
    lows, highs = [low for _, low, _ in lone], [high for _, _, high in lone]
    level = max(lows) - min(lows) <= SNAP and max(highs) - min(highs) <= SNAP
    same = all(abs(a - b) <= SNAP for a, b in zip(at, before.xs, strict=True))
    if not (level and same):
        return []
    return [([(y, at[0], at[-1]) for y in (lows[0], highs[0])], lone)]


def _only_frames(grid: Grid) -> bool:
    """Whether strokes go around text and part none of it: a frame around lines, or around a table
    without rulings, is no cell."""
    return len(grid.rows) == 1 == len(grid.rows[0]) and bool(grid.rows[0][0].lines)


def _left_open(xs: Sequence[float], ys: Sequence[float], vertical: list[Ruling]) -> list[float]:
    """Where the first and last row of a page end whose border was left to the other page.

    Its rulings down the page then run on beyond the last one across, all of them equally far.
    """
    found = []
    for end, below in ((ys[0], True), (ys[-1], False)):
        running = [
            (x, low if below else high)
            for x, low, high in vertical
            if low < (end - _ROW if below else end + _ROW) < high
        ]
        at = _cluster([x for x, _ in running])
        ends = [far for _, far in running]
        if len(at) < 3 or abs(at[0] - xs[0]) > SNAP or abs(at[-1] - xs[-1]) > SNAP:
            continue
        if max(ends) - min(ends) <= SNAP:
            found.append(sum(ends) / len(ends))
    return found


def _leave_open(grid: Grid) -> None:
    for cell in grid.rows[-1] if grid.rows else ():
        cell.open = True


def mark_scanned(page: Page, found: Iterable[Grid]) -> None:
    """Mark the cells that stand where a page's characters were recognised from a picture.

    Whether here or by the office that laid them invisibly over it, a reader sees the picture.
    """
    seen = page.scanned + page.layered
    for grid in found:
        for cell in {id(cell): cell for row in grid.rows for cell in row}.values():
            x, y = (cell.box.x0 + cell.box.x1) / 2, (cell.box.y0 + cell.box.y1) / 2
            cell.scanned = any(a <= x <= c and b <= y <= d for a, b, c, d in seen)
            left, low, right, high = cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1
            cell.doubtful = any(left <= x <= right and low <= y <= high for x, y in page.doubts)


def mark_shown(page: Page, found: Iterable[Grid]) -> None:
    """Note where the cells stand on a page that was turned or straightened to be read."""
    for grid in found:
        for cell in {id(cell): cell for row in grid.rows for cell in row}.values():
            cell.shown = shown(page, cell.box)


def _cluster(values: list[float]) -> list[float]:
    values.sort()
    out: list[float] = []
    group: list[float] = []
    for value in values:
        if group and value - group[-1] > SNAP:
            out.append(sum(group) / len(group))
            group = []
        group.append(value)
    if group:
        out.append(sum(group) / len(group))
    return out


def rulings(segments: Iterable[Segment]) -> tuple[list[Ruling], list[Ruling]]:
    """Horizontal and vertical rulings, collinear pieces joined, stubs left out."""
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    for x0, y0, x1, y1 in segments:
        width, height = abs(x1 - x0), abs(y1 - y0)
        if height <= 3 and width >= height:
            horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        if width <= 3 and height >= width:
            vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    horizontal.sort()
    vertical.sort()
    ys, xs = [at for at, _, _ in horizontal], [at for at, _, _ in vertical]
    return _joined(horizontal, xs), _joined(vertical, ys)


def _joined(pieces: list[Ruling], crossing: list[float]) -> list[Ruling]:
    out: list[Ruling] = []
    group: list[Ruling] = []
    for piece in pieces:
        if group and piece[0] - group[-1][0] > SNAP:
            _join_group(group, crossing, out)
            group = []
        group.append(piece)
    if group:
        _join_group(group, crossing, out)
    return out


def _join_group(group: list[Ruling], crossing: list[float], out: list[Ruling]) -> None:
    weight = sum(end - start for _, start, end in group)
    if weight > 1:
        position = sum(at * (end - start) for at, start, end in group) / weight
    else:
        position = group[0][0]
    spans = sorted((start, end) for _, start, end in group)
    low, high = spans[0]
    for start, end in spans[1:]:
        if start <= high + JOIN and not _leaves_out(high, start, crossing):
            high = max(high, end)
        else:
            if high - low >= _SHORTEST:
                out.append((position, low, high))
            low, high = start, end
    if high - low >= _SHORTEST:
        out.append((position, low, high))


def _leaves_out(low: float, high: float, crossing: list[float]) -> bool:
    """Whether a gap in a ruling is a low cell it does not go through: rulings across stand at both
    of its ends."""
    if high - low <= SNAP:
        return False
    return _stands(low, crossing) and _stands(high, crossing)


def _stands(place: float, rulings_: list[float]) -> bool:
    after = bisect_left(rulings_, place - _AT)
    return after < len(rulings_) and rulings_[after] <= place + _AT


def _frames(segments: Iterable[Segment]) -> Iterable[tuple[list[Ruling], list[Ruling]]]:
    """Sets of rulings that touch one another: one set a table."""
    horizontal, vertical = rulings(segments)
    count = len(horizontal)
    parent = list(range(count + len(vertical)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for j, (x, low, high) in enumerate(vertical):
        for i, (y, left, right) in enumerate(horizontal):
            if left - _TOUCH <= x <= right + _TOUCH and low - _TOUCH <= y <= high + _TOUCH:
                parent[root(i)] = root(count + j)
    sets: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, line in enumerate(horizontal):
        sets.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(vertical):
        sets.setdefault(root(count + j), ([], []))[1].append(line)
    return sets.values()


def _borders(positions: Sequence[float], drawn: list[Ruling]) -> list[list[tuple[float, float]]]:
    """For each grid position the stretches over which a ruling is drawn there."""
    out: list[list[tuple[float, float]]] = []
    for position in positions:
        out.append([(a, b) for at, a, b in drawn if abs(at - position) <= SNAP + 0.5])
    return out


def _drawn(stretches: list[tuple[float, float]], low: float, high: float) -> bool:
    covered = 0.0
    for start, end in stretches:
        covered += max(0.0, min(end, high) - max(start, low))
    return covered >= _COVERED * (high - low)


def _fill(
    grid: Grid, horizontal: list[Ruling], vertical: list[Ruling], chars: list[Char]
) -> list[Char]:
    """Make the grid's cells, put the characters into them, give back those outside."""
    xs, ys = grid.xs, grid.ys
    columns, rows = len(xs) - 1, len(ys) - 1
    parent = _merge(xs, ys, _borders(xs, vertical), _borders(ys, horizontal))
    inside, outside = _sort_in(xs, ys, chars, parent)
    cells: dict[int, Cell] = {}
    for r in range(rows - 1, -1, -1):
        line: list[Cell] = []
        for c in range(columns):
            owner = parent[r * columns + c]
            cell = cells.get(owner)
            if cell is None:
                cell = cells[owner] = Cell(grid.page, rows - r, c + 1)
            cell.bottom = max(cell.bottom, rows - r)
            cell.column, cell.right = min(cell.column, c + 1), max(cell.right, c + 1)
            line.append(cell)
        grid.rows.append(line)
    for owner, cell in cells.items():
        cell.box = Box(
            round(xs[cell.column - 1], 1),
            round(ys[rows - cell.bottom], 1),
            round(xs[cell.right], 1),
            round(ys[rows - cell.row + 1], 1),
        )
        if owner in inside:
            cell.lines = lines(inside[owner])
            cell.text = "\n".join(line.text for line in cell.lines)
    _drop_slivers(grid)
    return outside


def _merge(
    xs: list[float],
    ys: list[float],
    walls: list[list[tuple[float, float]]],
    floors: list[list[tuple[float, float]]],
) -> list[int]:
    """For each elementary cell the number of the drawn cell it belongs to."""
    columns, rows = len(xs) - 1, len(ys) - 1
    parent = list(range(columns * rows))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for r in range(rows):
        for c in range(columns):
            here = r * columns + c
            if c + 1 < columns and not _drawn(walls[c + 1], ys[r], ys[r + 1]):
                parent[root(here + 1)] = root(here)
            if r + 1 < rows and not _drawn(floors[r + 1], xs[c], xs[c + 1]):
                parent[root(here + columns)] = root(here)
    return [root(index) for index in range(columns * rows)]


def _sort_in(
    xs: list[float], ys: list[float], chars: list[Char], parent: list[int]
) -> tuple[dict[int, list[Char]], list[Char]]:
    columns, rows = len(xs) - 1, len(ys) - 1
    left, right, low, high = xs[0] - 1, xs[-1] + 1, ys[0] - 1, ys[-1] + 1
    inside: dict[int, list[Char]] = {}
    outside: list[Char] = []
    crossed: list[tuple[int, float]] = []
    before = last = -1
    for index, char in enumerate(chars):
        x, y = (char[0] + char[2]) / 2, (char[1] + char[3]) / 2
        if left <= x <= right and low <= y <= high:
            c = min(max(bisect_right(xs, x) - 1, 0), columns - 1)
            r = min(max(bisect_right(ys, y) - 1, 0), rows - 1)
            owner = parent[r * columns + c]
            if owner != before and before >= 0 and one_number(chars[index - 1], char):
                crossed.append((index, xs[max(c, last)]))
            inside.setdefault(owner, []).append(char)
            before, last = owner, c
        else:
            outside.append(char)
            before = -1
    for index, edge in crossed:
        settle(chars, index, edge, inside)
    return inside, outside


def _drop_slivers(grid: Grid) -> None:
    """Leave out rows too low to hold text that no cell of their own stands in."""
    kept: list[list[Cell]] = []
    for index, row in enumerate(grid.rows):
        top, bottom = grid.ys[-1 - index], grid.ys[-2 - index]
        own = any(cell.text and cell.row == cell.bottom for cell in row)
        if top - bottom >= _SLIVER or own:
            kept.append(row)
    grid.rows = kept
