"""CSV that Excel opens as it is: UTF-8 with a byte order mark, and no cell that runs.

A text that a spreadsheet would take for a formula gets an apostrophe in front; so does one that
begins with an apostrophe, so that taking one away gives back what was there. A number stays one.
Characters that would turn or hide text are written by their number, as ‹U+202E›.
"""

from __future__ import annotations

import contextlib
import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from archive.export.tables import Record, Table
from archive.export.writing import drafted

__all__ = ["cell", "harmless", "write", "write_tables"]

_FORMULA: Final = re.compile(r"\s*['=+\-@＝＋－＠\t\r\n]")
_FIRST: Final = frozenset("'=+-@＝＋－＠")
_NUMBER: Final = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def write(folder: Path, tables: Sequence[Table], records: Iterable[Record]) -> list[Path]:
    """One file a table; returns them. Records are taken one at a time. Raises OSError."""
    names = [f"{table.name}.csv" for table in tables]
    with drafted(folder) as draft:
        paths = {table.name: draft(name) for table, name in zip(tables, names, strict=True)}
        write_tables(paths, tables, records, encoding="utf-8-sig")
    return [folder / name for name in names]


def write_tables(
    paths: dict[str, Path], tables: Sequence[Table], records: Iterable[Record], *, encoding: str
) -> dict[str, int]:
    """Write the records to the file of their table; returns how many rows each got."""
    counts = dict.fromkeys(paths, 0)
    with contextlib.ExitStack() as files:
        sinks: dict[str, tuple[Table, Callable[[Iterable[Any]], Any]]] = {}
        for table in tables:
            file = files.enter_context(
                paths[table.name].open(
                    "w", encoding=encoding, errors="backslashreplace", newline=""
                )
            )
            sinks[table.name] = table, csv.writer(file).writerow
            sinks[table.name][1](column.name for column in table.columns)
        for name, values in records:
            table, put = sinks[name]
            put(map(cell, table.row(values)))
            counts[name] += 1
    return counts


def cell(value: object) -> str:
    """A value as text: nothing for None, true or false, decimals with every digit, ISO dates.

    >>> cell(None), cell(True), cell(Decimal("-6.20")), cell("=1+1")
    ('', 'true', '-6.20', "'=1+1")
    """
    match value:
        case str():  # most of them
            return harmless(value)
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case int():
            return str(value)
    return harmless(value)


def harmless(value: object) -> str:
    """Text that no spreadsheet takes for a formula and that turns or hides nothing.

    >>> harmless("=1+1"), harmless("-5.00"), harmless("'a"), harmless("党\\u202e建")
    ("'=1+1", '-5.00', "''a", '党‹U+202E›建')
    """
    text = str(value)
    first = text[:1]
    if (first in _FIRST or first.isspace()) and _FORMULA.match(text):
        text = text if _NUMBER.fullmatch(text) else f"'{text}"
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\t\r\n" or unicodedata.category(character) not in _UNSEEN:
        return character
    return f"‹U+{ord(character):04X}›"
