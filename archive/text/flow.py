"""Documents without places: blocks of text and tables in order → statements, tables and prose.

Word, Excel and web pages say which cell is where in a table, and nothing of where on paper it
stands. The same assembling, forms and facts read them as read a PDF; a table only lacks a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from archive import forms
from archive.model import Paragraph, Remark
from archive.text.captions import TABLE_NUMBER, is_caption
from archive.text.columns import is_data, own
from archive.text.facts import facts
from archive.text.flaws import figures_outside
from archive.text.grid import Cell, Grid
from archive.text.lines import Line, tight
from archive.text.prose import heading
from archive.text.reader import Seen, statements_in
from archive.text.tables import Assembler, is_comment

__all__ = ["Flow", "Rows", "Sheet", "cell_of", "lay", "see_flow"]

Rows = list[list[Cell]]
"""rows[r][c] is the cell there; a merged cell stands in all its places."""

_HEIGHT: Final = 10.0
_WIDTH: Final = 1.0
_FRONT: Final = 40
"""So many paragraphs are looked at as a cover is, where nothing says where a page ends."""
_MOST_LABELS: Final = 3


@dataclass
class Sheet:
    """A stretch of blocks: a sheet of a workbook, or all of a text."""

    number: int
    blocks: list[str | Rows] = field(default_factory=list)


@dataclass
class Flow:
    """What a reader of a format hands on."""

    sheets: list[Sheet]
    remarks: list[Remark] = field(default_factory=list)


def see_flow(flow: Flow) -> Seen:
    """Make statements, tables, prose and facts of blocks in order."""
    assembler = Assembler()
    prose: list[Paragraph] = []
    remarks = list(flow.remarks)
    for sheet in flow.sheets:
        grids, lines = _placed(sheet)
        rest = assembler.page(grids, lines)
        remarks += figures_outside((line.text for line in rest), sheet.number)
        for line in rest:
            text = tight(line.text)
            prose.append(Paragraph(sheet.number, text, heading(text)))
    known, disagreements = facts(prose, assembler.tables, front=_FRONT)
    statements, tables = statements_in(assembler.tables, known, remarks)
    remarks += disagreements
    return Seen(len(flow.sheets), known, statements, tables, tuple(prose), remarks)


def lay(page: int, rows: Sequence[Sequence[tuple[str, int, int]]], first_row: int = 1) -> Rows:
    """Rows of (text, columns spanned, rows spanned) → cells over a common grid.

    As in HTML 4.01, 11.2.6: a cell that spans rows takes its places from the rows below. What is
    missing at the end of a row is an empty cell.
    """
    taken: dict[tuple[int, int], Cell] = {}
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for text, across, down in row:
            while (r, c) in taken:
                c += 1
            cell = cell_of(page, first_row + r, c + 1, text)
            cell.right, cell.bottom = c + across, first_row + r + down - 1
            for y in range(r, min(r + down, len(rows))):
                for x in range(c, c + across):
                    taken.setdefault((y, x), cell)
            c += across
        width = max([width, c, *(x + 1 for y, x in taken if y == r)])
    return [
        [taken.get((r, c)) or cell_of(page, first_row + r, c + 1, "") for c in range(width)]
        for r in range(len(rows))
    ]


def cell_of(page: int, row: int, column: int, text: str) -> Cell:
    """A cell with its lines."""
    cell = Cell(page, row, column)
    kept = [line.strip() for line in text.split("\n") if line.strip()]
    cell.lines = [Line(0, 0, 0, 0, line) for line in kept]
    cell.text = "\n".join(kept)
    return cell


def _placed(sheet: Sheet) -> tuple[list[Grid], list[Line]]:
    """Blocks one below the other, as if on one long page."""
    grids: list[Grid] = []
    lines: list[Line] = []
    y = 0.0
    for block in _parted(sheet.blocks):
        if isinstance(block, str):
            lines.append(Line(0, y - _HEIGHT, _WIDTH, y, block))
            y -= _HEIGHT
        else:
            height = _HEIGHT * len(block)
            grid = Grid(
                sheet.number, [x * _WIDTH for x in range(len(block[0]) + 1)], [y - height, y]
            )
            grid.rows = block
            grids.append(grid)
            y -= height
    return grids, lines


def _parted(blocks: Iterable[str | Rows]) -> Iterable[str | Rows]:
    """Tables without the lines typed into their cells: title, unit, number, who reports."""
    for block in blocks:
        if isinstance(block, str):
            if block.strip():
                yield block.strip()
        elif all(sum(bool(cell.text) for cell in own(row)) < 2 for row in block):
            # text typed into cells one below the other
            yield from (cell.text for row in block for cell in own(row) if cell.text)
        else:
            yield from _peeled(block)


def _peeled(rows: Rows) -> Iterable[str | Rows]:
    kept: Rows = []
    head = True
    for row in rows:
        texts = [cell.text for cell in own(row) if cell.text] if _begins(row) else []
        title = len(texts) == 1 and bool(forms.identify(texts[0].replace("\n", "")))
        if title or (head and _are_labels(texts)) or (head and not texts and not kept):
            yield from _without_notes(kept)
            kept = []
            head = True
            yield from (text.replace("\n", "") for text in texts)
            continue
        head = False
        kept.append(row)
    yield from _without_notes(kept)


def _without_notes(rows: Rows) -> Iterable[str | Rows]:
    """A table as far as it is printed on, and the notes typed into its last rows."""
    kept = list(rows)
    labels: list[str] = []
    notes: list[str] = []
    while kept and not any(cell.text for cell in kept[-1]):
        kept.pop()
    while kept and (text := _label_below(kept[-1])):
        labels.insert(0, text)
        kept.pop()
        while kept and not any(cell.text for cell in kept[-1]):
            kept.pop()
    while kept and (text := _comment(kept[-1])):
        notes.insert(0, text)
        kept.pop()
    following = rows[len(kept) : len(kept) + 1]
    if not any(map(is_data, kept)) and not any(c.text for row in following for c in row):
        kept += following  # the one row of a table without data
    if kept and any(cell.text for cell in kept[0]):
        yield _trimmed(kept)
    yield from (*notes, *labels)


def _trimmed(rows: Rows) -> Rows:
    """Without the columns to its right that hold nothing: those of a wider table on its sheet."""
    width = max(c for row in rows for c, cell in enumerate(row, 1) if cell.text)
    return [row[:width] for row in rows]


def _label_below(row: Sequence[Cell]) -> str:
    """The number of the next table, in a row that holds nothing else."""
    texts = [cell.text for cell in own(row) if cell.text] if _begins(row) else []
    return texts[0] if len(texts) == 1 and TABLE_NUMBER.match(tight(texts[0])) else ""


def _begins(row: Sequence[Cell]) -> bool:
    """Whether every cell of a row begins in it."""
    return len({cell.row for cell in row}) == 1


def _are_labels(texts: Sequence[str]) -> bool:
    return 0 < len(texts) <= _MOST_LABELS and all(
        is_caption(text)
        or TABLE_NUMBER.match(tight(text))
        or (tight(text).endswith("表") and len(texts) == 1)
        for text in texts
    )


def _comment(row: Sequence[Cell]) -> str:
    """The note in a row that holds nothing else."""
    texts = [cell.text for cell in own(row) if cell.text] if _begins(row) else []
    text = texts[0].replace("\n", "") if len(texts) == 1 else ""
    return text if text and is_comment(tight(text)) else ""
