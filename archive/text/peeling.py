"""Ruled tables without what is printed inside their frame above the head: title, unit, agency.

Spreadsheets and word processors often rule these rows like all others, and rule several tables one
below the other as one. Taken out of the frame they are lines above a table, as elsewhere. Forms
printed in blocks keep theirs: `archive.text.parting` tells their frames apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.forms import Layout, identify
from archive.model import Box
from archive.text.captions import TABLE_NUMBER, is_caption, unit_in
from archive.text.columns import own
from archive.text.grid import Cell, Grid
from archive.text.lines import Line, joined, tight

__all__ = ["peeled"]


def peeled(found: Iterable[Grid]) -> tuple[list[Grid], list[Line]]:
    """The grids cut where a title stands inside a frame, and the lines taken out of them."""
    grids: list[Grid] = []
    taken: list[Line] = []
    for grid in found:
        pieces, lines = _pieces(grid)
        grids += pieces
        taken += lines
    return grids, taken


def _pieces(grid: Grid) -> tuple[list[Grid], list[Line]]:
    cuts: list[tuple[int, int]] = []
    """Where captions begin, and where the table below them does."""
    index = 0
    while index < len(grid.rows):
        if index == 0 or _titled(grid.rows[index]):
            below = _below_captions(grid.rows, index)
            if below > index and _is_head(grid.rows[below:]):
                cuts.append((_with_number(grid.rows, index), below))
                index = below
        index += 1
    if not cuts:
        return ([], _lines(grid.rows)) if _captions_alone(grid.rows) else ([grid], [])
    begins = [0] if cuts[0][0] else []
    begins += [below for _, below in cuts]
    ends = [start for start, _ in cuts if start] + [len(grid.rows)]
    lines = [line for start, below in cuts for line in _lines(grid.rows[start:below])]
    pieces = zip(begins, ends, strict=True)
    return [_piece(grid, begin, end) for begin, end in pieces if end > begin], lines


def _lines(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    cells = [cell for row in rows for cell in own(row) if cell.lines]
    return [line for cell in cells for line in (cell.lines if _whole(cell) else [_line(cell)])]


def _whole(cell: Cell) -> bool:
    """Whether a cell holds a title and below it, on lines of their own, other captions."""
    return len(cell.lines) > 1 and any(_is_title(line.text) for line in cell.lines)


def _captions_alone(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a frame holds the title and labels of one table, which begins on the next page."""
    titles = sum(map(_titled, rows))
    return titles == 1 and _below_captions(rows, 0) == len(rows)


def _line(cell: Cell) -> Line:
    """What a cell says, as one line: beside it stands another cell, not the rest of the line."""
    return Line(
        min(line.x0 for line in cell.lines),
        min(line.y0 for line in cell.lines),
        max(line.x1 for line in cell.lines),
        max(line.y1 for line in cell.lines),
        joined(line.text for line in cell.lines),
    )


def _piece(grid: Grid, begin: int, end: int) -> Grid:
    piece = Grid(grid.page, list(grid.xs), list(grid.ys))
    piece.rows = grid.rows[begin:end]
    piece.aligned = grid.aligned
    top = max(cell.box.y1 for cell in piece.rows[0])
    low = min(cell.box.y0 for cell in piece.rows[-1])
    piece.box = Box(grid.box.x0, low, grid.box.x1, top)
    return piece


def _is_head(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether columns stand below captions: a list of titles in a frame has none."""
    return bool(rows) and len(own(rows[0])) > 1


def _below_captions(rows: Sequence[Sequence[Cell]], start: int) -> int:
    """The first row below the captions that begin at `start`; `start` where none do."""
    below = start
    for index in range(start, len(rows)):
        if not _apart(rows[index]):
            break
        texts = [joined(line.text for line in cell.lines) for cell in own(rows[index]) if cell.text]
        whole = rows[index][0] is rows[index][-1]
        if _titled(rows[index]) or any(unit_in(text) is not None for text in texts):
            if not all(map(_captions, texts)):
                break
            below = index + 1
        elif below > start and texts and all(map(_captions, texts)):
            below = index + 1
        elif texts and not whole and not all(map(_captions, texts)):
            break
    while start < below < len(rows) and not any(cell.text for cell in rows[below]):
        below += 1
    return below


def _with_number(rows: Sequence[Sequence[Cell]], title: int) -> int:
    """Where a title begins together with the number of its table above it."""
    start = title
    while start > 0 and _apart(rows[start - 1]):
        texts = [cell.text for cell in own(rows[start - 1]) if cell.text]
        if not all(TABLE_NUMBER.match(tight(text)) for text in texts):
            break
        start -= 1
    return start


def _captions(text: str) -> bool:
    return is_caption(text) or bool(TABLE_NUMBER.match(tight(text))) or _is_title(text)


def _titled(row: Sequence[Cell]) -> bool:
    """Whether a row holds the title of a form printed as one table, and nothing else."""
    cells = [cell for cell in own(row) if cell.text]
    if len(cells) != 1 or not _apart(row):
        return False
    whole = _whole(cells[0]) and all(_captions(line.text) for line in cells[0].lines)
    return whole or _is_title(cells[0].text)


def _is_title(text: str) -> bool:
    return any(form.layout is Layout.TABLE for form in identify(text))


def _apart(row: Sequence[Cell]) -> bool:
    """Whether every cell of a row begins and ends in it."""
    return all(cell.row == row[0].row == cell.bottom for cell in row)
