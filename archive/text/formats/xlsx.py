"""Excel (xlsx): one sheet often is one statement; merged heads, numbers as shown or kept as text.

Page: the number of the sheet. Row and column: of the sheet, as the workbook itself counts them.
Macros are not run and links not followed; a formula is read by the value stored with it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from archive.media import XLSX
from archive.text.flow import see_flow
from archive.text.formats.packed import opened
from archive.text.formats.shown import shown
from archive.text.formats.workbook import Grid, flow_of
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (XLSX,)
EXTRACTOR: Final = "xlsx/4"
LIMITS: Final = Limits(memory=1 << 30, seconds=30, seconds_per_page=0, output=32 << 20)

_MOST_CELLS: Final = 1_000_000


def see(data: bytes) -> Seen:
    """Tables and lines of a workbook.

    Raises:
        Unreadable: damaged, too-large, hostile.
    """
    opened(data, xml=True).close()
    values = _workbook(data, shown_values=True)
    formulas = _workbook(data, shown_values=False)
    grids = [
        _grid(sheet, written)
        for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True)
    ]
    return see_flow(flow_of(grids))


def _workbook(data: bytes, *, shown_values: bool) -> Any:
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(data), data_only=shown_values, keep_links=False)
    except Exception as error:  # openpyxl trusts the types it finds, and raises of every kind
        if isinstance(error, MemoryError):
            raise
        said = f"the file is damaged ({type(error).__name__}: {error})"
        raise Unreadable("damaged", said[:200]) from error


def _grid(sheet: Any, written: Any) -> Grid:
    grid = Grid(sheet.title, hidden=sheet.sheet_state != "visible")
    if grid.hidden:
        return grid
    for cell in _cells(sheet):
        value = cell.value
        if value is None:
            formula = written.cell(cell.row, cell.column).value
            if isinstance(formula, str) and formula.startswith("="):
                grid.texts[cell.row, cell.column] = formula  # no value is stored: unreadable
            continue
        grid.texts[cell.row, cell.column] = _text(value, cell.number_format, grid)
    grid.merged = [
        (area.min_row, area.min_col, area.max_row, area.max_col)
        for area in sheet.merged_cells.ranges
    ]
    grid.pictures = len(sheet._images)
    grid.unshown = any(row.hidden for row in sheet.row_dimensions.values()) or any(
        column.hidden for column in sheet.column_dimensions.values()
    )
    return grid


def _cells(sheet: Any) -> Iterator[Any]:
    """The cells that are in the file: a stray one in the last row makes no million of others."""
    cells = sheet._cells
    if len(cells) > _MOST_CELLS:
        raise Unreadable("too-large", f"sheet “{sheet.title}” has {len(cells)} cells")
    for place in sorted(cells):
        yield cells[place]


def _text(value: Any, pattern: str, grid: Grid) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        found = shown(value, pattern)
        grid.rounded += found.rounded
        if not found.known:
            grid.unknown.add(pattern)
        return found.text
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)
