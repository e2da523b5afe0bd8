"""A performance form in lines of text → the rows of its frame, as rulings would have shown them.

`blocks` reads a frame whose cells are known. Where tabs part the cells they are; else labels, heads
and the names of rows tell what they can (`labels`), and what they do not tell stays as lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from archive.forms import Form
from archive.model import RawTable, Remark, Statement
from archive.text import blocks, headings
from archive.text.grid import Cell, Grid
from archive.text.lined.labels import Frame, frame_of
from archive.text.lined.sections import Section
from archive.text.lined.source import TextLine
from archive.text.lines import Line
from archive.text.tables import Table

__all__ = ["Framed", "framed"]

_SAID: Final = "cells that cannot be told apart in lines of text"
_NAMED: Final = 3
_WIDTH: Final = 1.0
"""Of a column; nothing is known of it but its order."""


@dataclass
class Framed:
    """What one performance form came to."""

    table: Table
    statement: Statement | None = None
    tables: list[RawTable] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def framed(section: Section) -> Framed:
    """Read the form of a section; lines whose cells nothing tells apart are kept beside it."""
    frame = _tabbed(section) if section.tabbed else frame_of(section.rows, section.form)
    table = _table(section, frame)
    found = Framed(table)
    reading = blocks.read(table, section.form) if table.rows else None
    open_ = frame.open if reading is not None else section.rows
    if reading is not None:
        found.statement = reading.statement
        found.remarks += reading.remarks
        if reading.rest is not None:
            found.tables.append(reading.rest)
    if open_ or reading is None:
        found.tables.append(_kept(section, open_))
    if reading is not None and frame.open:
        found.remarks.append(_said(section, frame.open))
    return found


def _kept(section: Section, lines: Sequence[TextLine]) -> RawTable:
    pages = dict.fromkeys(line.page for line in (section.title, *lines))
    rows = tuple(tuple(line.cells) if "\t" in line.text else (line.text.strip(),) for line in lines)
    return RawTable(section.name, tuple(pages), rows, f"{section.form.title}: {_SAID}")


def _said(section: Section, lines: Sequence[TextLine]) -> Remark:
    where = ", ".join(str(line.number) for line in lines[:_NAMED])
    more = ", …" if len(lines) > _NAMED else ""
    message = f"{section.form.title}: {len(lines)} lines hold {_SAID} (lines {where}{more})"
    return Remark("lines-open", message, section.title.page)


def _table(section: Section, frame: Frame) -> Table:
    """A table as rulings would give it; its columns stand one beside the other."""
    pages = dict.fromkeys([section.title.page, *(row[0].page for row in frame.rows)])
    parts = []
    for page in pages:
        width = max((len(row) for row in frame.rows), default=1)
        grid = Grid(page, [x * _WIDTH for x in range(width + 1)], [0.0, _WIDTH])
        grid.aligned = True
        grid.rows = [row for row in frame.rows if row[0].page == page]
        parts.append(grid)
    table = Table(parts[0])
    table.parts = parts
    table.rows = frame.rows
    table.title = section.name
    table.unit = section.unit
    table.above = [*section.above, *frame.above]
    table.notes = list(section.notes)
    return table


# ── cells parted by tabs ──────────────────────────────────────────────────────────────────────


def _tabbed(section: Section) -> Frame:
    frame = Frame()
    width = max(len(line.cells) for line in section.rows)
    for line in section.rows:
        if "\t" not in line.text and not frame.rows:
            frame.above.append(line.text.strip())
        else:
            frame.rows.append(_row(line, width, section.form))
    return frame


def _row(line: TextLine, width: int, form: Form) -> list[Cell]:
    """One line's cells; what stands alone at its beginning stands over the whole width."""
    texts = [*line.cells, *[""] * (width - len(line.cells))]
    cells = [_cell(line, column, text) for column, text in enumerate(texts, 1)]
    alone = bool(texts[0]) and not any(texts[1:])
    if alone and not headings.is_label(form, texts[0]):
        return [cells[0]] * width
    return cells


def _cell(line: TextLine, column: int, text: str) -> Cell:
    cell = Cell(line.page, line.number, column)
    cell.text = text
    cell.lines = [Line(0, 0, 0, 0, text)] if text else []
    return cell
