"""SQL over the archive's line items: DuckDB reads the Parquet, and nothing else of the machine.

One SELECT is run at a time. The database is in memory, knows one view, `items`, and may open only
the Parquet folder: no other file, no network, no extension, no setting. Needs duckdb (the `query`
extra). Decimals stay decimals; what SQL itself makes of them (`avg`) may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import msgspec

from archive.export.columns import COLUMNS, Type
from archive.export.lines import FOLDER

__all__ = ["Answer", "QueryError", "ask", "database"]

_SQL_TYPES: Final = {Type.TEXT: "VARCHAR", Type.INTEGER: "INTEGER"}
_MEMORY: Final = "1GB"


class QueryError(Exception):
    """A query that is not run or fails; the message says why and what to do."""


class Answer(msgspec.Struct, frozen=True):
    """Rows of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    more: bool = False
    """True where the limit cut it off."""


@contextmanager
def database(folder: Path, memory: str = _MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A closed-in database with the view `items` over the Parquet of `folder`.

    Raises QueryError where there is nothing to ask yet.
    """
    files = f"{folder}/year=*/division=*/items.parquet"
    if not any(folder.glob("year=*/division=*/items.parquet")):
        raise QueryError("nothing is archived yet; run `mingzhang harvest` or `mingzhang import`")
    types = ", ".join(f"'{c.name}': {_SQL_TYPES[c.type]}" for c in COLUMNS if c.partition)
    order = ", ".join(f'"{column.name}"' for column in COLUMNS)
    with TemporaryDirectory(prefix="mingzhang-") as spill:
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "temp_directory": spill,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
            },
        )
        try:
            connection.execute(
                f"CREATE VIEW items AS SELECT {order} FROM read_parquet("  # noqa: S608 - ours
                f"{_quoted(files)}, hive_partitioning = true, hive_types = {{{types}}})"
            )
            if any(folder.glob(f"{FOLDER}/division=*/lines.parquet")):
                lines = _quoted(f"{folder}/{FOLDER}/division=*/lines.parquet")
                connection.execute(
                    f"CREATE VIEW lines AS SELECT * FROM read_parquet({lines}, "  # noqa: S608
                    "hive_partitioning = true, hive_types = {'division': VARCHAR})"
                )
            connection.execute(f"SET allowed_directories = [{_quoted(str(folder))}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()


def ask(connection: duckdb.DuckDBPyConnection, sql: str, limit: int | None = None) -> Answer:
    """Run one SELECT. Raises QueryError for anything else, and for what DuckDB refuses."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryError("only one SELECT is run at a time: nothing can be written or loaded")
    try:
        cursor = connection.execute(statements[0])
        names = tuple(column[0] for column in cursor.description or ())
        found = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    except MemoryError as error:
        raise QueryError("the answer does not fit into memory; ask for less") from error
    more = limit is not None and len(found) > limit
    return Answer(names, tuple(map(tuple, found[:limit])), more)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
