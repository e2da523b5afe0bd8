"""Excel 97–2003 and WPS (xls, et): as xlsx, the number formats of the old file included.

Page: the number of the sheet. Row and column: of the sheet, as the workbook itself counts them.
"""

from __future__ import annotations

import io
from typing import Any, Final

from archive.media import XLS
from archive.text.flow import see_flow
from archive.text.formats.shown import shown
from archive.text.formats.workbook import Grid, flow_of
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (XLS,)
EXTRACTOR: Final = "xls/4"
LIMITS: Final = Limits(memory=1 << 30, seconds=30, seconds_per_page=0, output=32 << 20)

_LARGEST: Final = 64 << 20


def see(data: bytes) -> Seen:
    """Tables and lines of a workbook of the old format.

    Raises:
        Unreadable: damaged, encrypted, too-large.
    """
    import xlrd

    if len(data) > _LARGEST:
        raise Unreadable("too-large", f"a workbook of more than {_LARGEST >> 20} megabytes")
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except Exception as error:  # xlrd trusts what it finds, and raises of every kind
        if isinstance(error, MemoryError):
            raise
        if "encrypted" in str(error).lower():
            raise Unreadable("encrypted", "the file asks for a password") from error
        said = f"the file is damaged ({type(error).__name__}: {error})"
        raise Unreadable("damaged", said[:200]) from error
    return see_flow(flow_of(_grid(book, sheet) for sheet in book.sheets()))


def _grid(book: Any, sheet: Any) -> Grid:
    import xlrd

    grid = Grid(sheet.name, hidden=sheet.visibility != 0)
    if grid.hidden:
        return grid
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            grid.texts[row + 1, column + 1] = _text(book, cell, grid)
    grid.merged = [
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    ]
    grid.unshown = any(info.hidden for info in sheet.rowinfo_map.values()) or any(
        info.hidden for info in sheet.colinfo_map.values()
    )
    return grid


def _text(book: Any, cell: Any, grid: Grid) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_NUMBER:
        pattern = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        found = shown(cell.value, pattern)
        grid.rounded += found.rounded
        if not found.known:
            grid.unknown.add(pattern)
        return found.text
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return str(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    return str(cell.value)
