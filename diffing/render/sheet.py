"""A result as one table on a terminal, as CSV and as JSON: the same rows in all three."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from archive.export.csv import harmless
from diffing.render.escaping import visible

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Column", "Sheet", "harmless", "print_sheet", "sheet_csv"]


class Column(msgspec.Struct, frozen=True):
    """A column of the terminal's table."""

    head: str
    figures: bool = False
    """Set to the right, never broken."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown: a table for people and records for machines."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    styles: tuple[str, ...] = ()
    """One a row, as rich names them; none where all are plain."""
    notes: tuple[str, ...] = ()
    """Sentences under the table: what is missing, what the figures mean."""
    records: tuple[Mapping[str, Any], ...] = ()
    """Every row with plain values: strings, whole numbers, None."""
    fields: tuple[str, ...] = ()
    """Names of the records' values, in the order of the CSV's columns."""


def print_sheet(sheet: Sheet, console: Console) -> None:
    """The table and its notes; what came from outside is shown, never interpreted."""
    from rich.table import Table
    from rich.text import Text

    if sheet.rows:
        table = Table(
            title=Text(visible(sheet.title)), title_justify="left", box=None, pad_edge=False
        )
        for column in sheet.columns:
            if column.figures:
                table.add_column(Text(column.head), justify="right", no_wrap=True)
            else:
                table.add_column(Text(column.head), overflow="fold")
        styles: Sequence[str] = sheet.styles or ("",) * len(sheet.rows)
        for row, style in zip(sheet.rows, styles, strict=True):
            table.add_row(*(Text(visible(cell)) for cell in row), style=style)
        console.print(table)
    else:
        console.print(Text(visible(sheet.title)))
    for note in sheet.notes:
        console.print(Text(visible(note)))


def sheet_csv(sheet: Sheet) -> str:
    """The records as CSV; text that a spreadsheet would run as a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.fields)
    for record in sheet.records:
        values = (record.get(field) for field in sheet.fields)
        writer.writerow(["" if value is None else harmless(value) for value in values])
    return out.getvalue()
