"""The tables of an export as Parquet, one file a table: decimals exact, dates and times typed.

The line items that SQL asks lie elsewhere, in partitions kept up to date
(archive/export/parquet.py). Needs pyarrow (the `query` extra).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from archive.export.columns import DIGITS, SCALE, Type
from archive.export.tables import Record, Table
from archive.export.writing import drafted

__all__ = ["schema", "write"]

_TYPES: Final = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int32(),
    Type.DECIMAL: pa.decimal128(DIGITS, SCALE),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.MOMENT: pa.timestamp("s", tz="UTC"),
}
_GROUP: Final = 10_000
"""Rows of a row group: the most of one table that are held at once."""


def schema(table: Table) -> pa.Schema:
    """The columns of a table, each with what it means in its metadata."""
    return pa.schema(
        [
            pa.field(
                one.name,
                _TYPES[one.type],
                nullable=one.name not in table.key,
                metadata={"meaning": one.meaning, "chinese": one.chinese, "unit": one.unit},
            )
            for one in table.columns
        ]
    )


def write(folder: Path, tables: Sequence[Table], records: Iterable[Record]) -> list[Path]:
    """One file a table; returns them. Raises OSError."""
    names = [f"{table.name}.parquet" for table in tables]
    with drafted(folder) as draft, contextlib.ExitStack() as files:
        sinks = {}
        for table, name in zip(tables, names, strict=True):
            writer = pq.ParquetWriter(draft(name), schema(table), compression="zstd")
            sinks[table.name] = _Sink(table, files.enter_context(writer))
        for name, values in records:
            sinks[name].put(values)
        for sink in sinks.values():
            sink.flush()
        files.close()
    return [folder / name for name in names]


class _Sink:
    """One file and the rows on their way into it."""

    def __init__(self, table: Table, writer: pq.ParquetWriter) -> None:
        self._table, self._writer = table, writer
        self._schema = schema(table)
        self._rows: list[tuple[Any, ...]] = []

    def put(self, values: Any) -> None:
        """Take in one row."""
        self._rows.append(self._table.row(values))
        if len(self._rows) == _GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the rows held."""
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []
