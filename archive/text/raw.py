"""What no form reads is kept as cells."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model import RawTable
from archive.text.columns import own
from archive.text.grid import Cell
from archive.text.lines import joined

__all__ = ["raw"]


def raw(title: str, rows: Sequence[Sequence[Cell]], reason: str) -> RawTable:
    """Rows as they are printed, and why no form reads them."""
    pages = [row[0].page for n, row in enumerate(rows) if n == 0 or any(cell.text for cell in row)]
    printed = tuple(_printed(row) for row in rows)
    return RawTable(title, tuple(dict.fromkeys(pages)), printed, reason)


def _printed(row: Sequence[Cell]) -> tuple[str | None, ...]:
    begins = {id(cell) for cell in own(row)}
    cells: list[str | None] = []
    for cell in row:
        cells.append(joined(line.text for line in cell.lines) if id(cell) in begins else None)
        begins.discard(id(cell))
    return tuple(cells)
