"""What every line was in every year: a Parquet file a district, sorted by line and year.

Partitions of `items.parquet` are of one year each. Where rows are sorted by line and year, the row
before is the year before: a report over all years is one pass over the file, in constant memory
(docs/decisions/0017-parquet-for-the-corpus.md). Lines that a document prints twice under one name
are left out: which is which cannot be told without reading it. Needs duckdb (the `query` extra).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from archive.export.parquet import stamp_of
from archive.export.writing import drafted

__all__ = ["FOLDER", "refresh_lines"]

FOLDER: Final = "lines"
"""Within the Parquet of an archive: `lines/division=…/lines.parquet`."""

_MEMORY: Final = "1GB"
_SORTED: Final = """
COPY (
  SELECT concat_ws(chr(31), agency, level, kind, form, side, code, name_plain, measure) AS key,
         year, yuan, kind, total, agency, agency_name, level, form, side, code, name, measure,
         document, page, "row", certainty
  FROM read_parquet({files}, hive_partitioning = true,
                    hive_types = {{'year': INTEGER, 'division': VARCHAR}})
  WHERE split_part(form, '.', 2) IN ('expenditure', 'basic_economic', 'sangong', 'project')
    AND measure IN ('合计', CASE kind WHEN 'final' THEN '决算数' ELSE '预算数' END)
    AND yuan IS NOT NULL
  QUALIFY count(*) OVER (PARTITION BY key, year) = 1
  ORDER BY key, year
) TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000,
               KV_METADATA {{mingzhang: {stamp}}})
"""


def refresh_lines(folder: Path) -> int:
    """Bring the lines of all years up to date with the partitions; returns the files written.

    A district's file is written anew when any of its years was. Raises OSError.
    """
    written = 0
    divisions = {path.name for path in folder.glob("year=*/division=*")}
    for division in sorted(divisions):
        files = sorted(folder.glob(f"year=*/{division}/items.parquet"))
        stamp = _stamp(files)
        place = folder / FOLDER / division
        if not files or stamp_of(place / "lines.parquet") == stamp.encode():
            continue
        with drafted(place) as draft:
            _write(files, draft("lines.parquet"), stamp)
        written += 1
    for path in folder.glob(f"{FOLDER}/division=*/lines.parquet"):
        if path.parent.name not in divisions:
            path.unlink()
    return written


def _stamp(files: list[Path]) -> str:
    """What the lines are made of: this way of making them, and every partition's own stamp."""
    digest = hashlib.sha256(_SORTED.encode())
    for file in files:
        digest.update(f"{file.parent.parent.name} ".encode() + (stamp_of(file) or b"") + b"\n")
    return digest.hexdigest()


def _write(files: list[Path], target: Path, stamp: str) -> None:
    listed = ", ".join(_quoted(str(file)) for file in files)
    with TemporaryDirectory(prefix="mingzhang-") as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "temp_directory": spill,
        }
        with duckdb.connect(config=config) as connection:
            connection.execute(
                _SORTED.format(
                    files=f"[{listed}]", target=_quoted(str(target)), stamp=_quoted(stamp)
                )
            )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
