"""SQLite for Datasette: real types, keys and indices, names to search, and metadata.json beside it.

A decimal is TEXT with every digit: a column declared DECIMAL would have SQLite turn it into a
floating point number in silence. Beside each amount in 元 stands its whole number of 分, to sum and
to sort by; where it is no whole number of 分, or of more than 63 bits, that stays empty
(docs/decisions/0023-exports.md).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from archive.export.columns import Column, Type
from archive.export.tables import Record, Table
from archive.export.writing import drafted

__all__ = ["DATABASE", "FEN", "METADATA", "fen", "stored", "write"]

DATABASE: Final = "mingzhang.db"
METADATA: Final = "metadata.json"
FEN: Final = "_fen"
"""Ends the name of the column that holds an amount in whole 分."""
_TYPES: Final = {
    Type.TEXT: "TEXT",
    Type.INTEGER: "INTEGER",
    Type.DECIMAL: "TEXT",
    Type.BOOLEAN: "INTEGER",
    Type.DATE: "TEXT",
    Type.MOMENT: "TEXT",
}
_NAMED: Final = "name"
"""The column whose distinct values are searched in full."""
_BATCH: Final = 1000
_LARGEST: Final = 2**63 - 1


def write(
    folder: Path, tables: Sequence[Table], records: Iterable[Record], metadata: dict[str, Any]
) -> list[Path]:
    """Write the database and Datasette's metadata; returns both files.

    `metadata` is what is said of the whole: title, description, licence, source. Records are taken
    one at a time, a table's rows after those they refer to or in any order: references are checked
    at the end. Raises sqlite3.Error or OSError; then nothing is replaced.
    """
    with drafted(folder) as draft:
        path = draft(DATABASE)
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            _fill(database, tables, records)
        about = json.dumps(_described(tables, metadata), ensure_ascii=False, indent=1)
        draft(METADATA).write_text(f"{about}\n", encoding="utf-8")
    return [folder / DATABASE, folder / METADATA]


def _fill(database: sqlite3.Connection, tables: Sequence[Table], records: Iterable[Record]) -> None:
    # It is a draft: if it is cut off, it is made anew.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    for table in tables:
        database.execute(_created(table, {one.name for one in tables}))
    named = [table for table in tables if _is_named(table)]
    database.execute("CREATE TABLE names (name TEXT PRIMARY KEY NOT NULL)")
    plans = {table.name: _plan(table) for table in tables}
    for name, batch in _batches(records):
        plan = plans[name]
        marks = ", ".join("?" * len(plan))
        database.executemany(
            f"INSERT INTO {name} VALUES ({marks})",  # noqa: S608 - our own table
            ([made(values.get(column)) for column, made in plan] for values in batch),
        )
    for table in named:
        database.execute(
            f"INSERT OR IGNORE INTO names SELECT DISTINCT {_NAMED} FROM {table.name}"  # noqa: S608
            f" WHERE {_NAMED} <> '' ORDER BY {_NAMED}"
        )
    for table in tables:
        for column in table.sought:
            database.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    _searchable(database)
    broken = database.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise sqlite3.IntegrityError(f"{broken[0]} refers to no row of {broken[2]}")
    database.execute("COMMIT")
    database.execute("PRAGMA optimize")
    database.execute("VACUUM")


def _searchable(database: sqlite3.Connection) -> None:
    """Chinese is written without spaces: three characters in a row are what is indexed."""
    database.execute(
        "CREATE VIRTUAL TABLE names_fts USING fts5"
        " (name, content='names', content_rowid='rowid', tokenize='trigram')"
    )
    database.execute("INSERT INTO names_fts (names_fts) VALUES ('rebuild')")


def _is_named(table: Table) -> bool:
    return any(column.name == _NAMED for column in table.columns)


def _columns(table: Table) -> Iterator[tuple[Column, bool]]:
    """The columns as stored; True for the whole 分 of an amount."""
    for column in table.columns:
        yield column, False
        if _has_fen(column):
            yield column, True


def _has_fen(column: Column) -> bool:
    return column.type is Type.DECIMAL and column.unit == "元"


def _created(table: Table, there: set[str]) -> str:
    parts = []
    for column, in_fen in _columns(table):
        if in_fen:
            parts.append(f'"{column.name}{FEN}" INTEGER')
            continue
        checked = f' CHECK ("{column.name}" IN (0, 1))' if column.type is Type.BOOLEAN else ""
        needed = " NOT NULL" if column.name in table.key else ""
        parts.append(f'"{column.name}" {_TYPES[column.type]}{needed}{checked}')
    parts.append(f"PRIMARY KEY ({', '.join(table.key)})")
    parts += [
        f'FOREIGN KEY ("{column}") REFERENCES {other}'
        for column, other in table.references
        if other in there
    ]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(parts) + "\n)"


def _batches(records: Iterable[Record]) -> Iterator[tuple[str, list[Any]]]:
    """Rows of one table after another, few at a time."""
    batch: list[Any] = []
    of = ""
    for name, values in records:
        if batch and (name != of or len(batch) == _BATCH):
            yield of, batch
            batch = []
        of = name
        batch.append(values)
    if batch:
        yield of, batch


def _plan(table: Table) -> list[tuple[str, Callable[[Any], Any]]]:
    """For each column as stored, whose value it holds and how that is made."""
    return [(column.name, fen if in_fen else stored) for column, in_fen in _columns(table)]


def stored(value: Any) -> Any:
    """A value as SQLite keeps it: decimals as text with every digit, moments in UTC.

    >>> stored(Decimal("6.20")), stored(None), stored(True)
    ('6.20', None, 1)
    """
    match value:
        case str():
            # what is no character (half a pair) cannot be stored as one
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case bool():
            return int(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
    return value


def fen(yuan: Decimal | None) -> int | None:
    """An amount in 元 as its whole number of 分; None where it is none, or too large.

    >>> fen(Decimal("15119000.00")), fen(Decimal("0.005"))
    (1511900000, None)
    """
    if yuan is None:
        return None
    above, below = yuan.as_integer_ratio()  # exact, whatever the context's precision
    whole, rest = divmod(above * 100, below)
    return None if rest or abs(whole) > _LARGEST else whole


def _described(tables: Sequence[Table], metadata: dict[str, Any]) -> dict[str, Any]:
    """What Datasette shows: titles, what columns mean, units, where it is from."""
    described: dict[str, Any] = {}
    for table in tables:
        columns = {}
        for column, in_fen in _columns(table):
            unit = "分" if in_fen else column.unit
            text = f"{column.meaning} {column.chinese}" + (f" [{unit}]" if unit else "")
            columns[f"{column.name}{FEN if in_fen else ''}"] = text
        described[table.name] = {
            "title": f"{table.title} {table.chinese}",
            "description": f"{table.says} {table.says_chinese}",
            "columns": columns,
        }
    described["names"] = {
        "title": "Names 名称",
        "description": "Every name once, to be searched by three or more characters in a row."
        " 全部名称，可按三个以上连续字符检索。",
        "fts_table": "names_fts",
    }
    return {**metadata, "databases": {Path(DATABASE).stem: {"tables": described}}}
