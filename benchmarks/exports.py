"""What an export costs, and what of it is writing, beside the same rows written plainly.

    python -m benchmarks.exports [--documents 1000] [--ways csv sqlite]  # a synthetic archive
    python -m benchmarks.exports --config mingzhang.toml                 # an archive of yours

The synthetic archive holds four years of budgets of many agencies: generated publications as the
text stage reads them, a third of the amounts changed from year to year. Every line is a process of
its own: processor seconds, the size of the files, the peak of memory. "stream" makes every row and
writes none. The peers hold all rows in memory and write them at once: csv.writer without guarding
any cell, executemany into tables without keys, indices or search, Parquet from one list a table.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

NAMES = ("kechuang-2024-budget", "rencai-2024-budget", "qiye-2024-budget", "archives-2025-budget")
YEARS = (2022, 2023, 2024, 2025)
DIVISION = "990901"
WAYS = ("stream", "csv", "sqlite", "parquet", "package", "peer-csv", "peer-sqlite", "peer-parquet")


def build(folder: Path, documents: int) -> Path:
    """A register, an archive and the settings that name both; returns the settings' path."""
    from archive import text
    from archive.model import ChangeKind, Identity, Kind, Level, Source
    from archive.repository import Archive, Event
    from tests.portal import documents as publications

    agencies = [f"{DIVISION}.{n:03d}" for n in range(1, documents // len(YEARS) + 1)]
    register = folder / "register"
    (register / "agencies").mkdir(parents=True)
    (register / "divisions.toml").write_text(
        f'[[division]]\ncode = "{DIVISION}"\nname = "某区"\nprovince = "某省"\ncity = "某市"\n'
    )
    listed = "".join(f'[[department]]\nid = "{a}"\nname = "某区第{a[7:]}局"\n' for a in agencies)
    (register / "agencies" / f"{DIVISION}.toml").write_text(f'division = "{DIVISION}"\n{listed}')
    read = [text.read(publications.pdf(name)) for name in NAMES]
    archive = Archive(folder / "archive")
    with archive.repository(DIVISION, create=True).writing() as writer:
        for place, agency in enumerate(agencies):
            for year in YEARS:
                number = place * len(YEARS) + year
                document = _changed(read[place % len(read)], number)
                writer.commit(
                    Event(
                        kind=ChangeKind.FIRST,
                        identity=Identity(DIVISION, agency, Level.DEPARTMENT, year, Kind.BUDGET),
                        document=document,
                        originals=(document.original,),
                        source=Source(
                            url=f"https://m.example.gov.cn/{number}.pdf",
                            published=date(year, 2, 1),
                            observed=datetime(year, 2, 2, tzinfo=UTC),
                        ),
                        run="run",
                        subject="收录",
                        agency_name=f"某区第{agency[7:]}局",
                    )
                )
    archive.close()
    config = folder / "mingzhang.toml"
    config.write_text('[archive]\nregister = ["register"]\n')
    return config


def _changed(document: Any, number: int) -> Any:
    """The document with every third row's amounts raised by a number of its own."""
    from msgspec.structs import replace

    def raised(amount: Any) -> Any:
        if amount.value is None:
            return amount
        value = amount.value + number
        return replace(amount, value=value, text=f"{value:,f}")

    statements = tuple(
        replace(
            statement,
            items=tuple(
                item
                if place % 3
                else replace(item, amounts={m: raised(a) for m, a in item.amounts.items()})
                for place, item in enumerate(statement.items)
            ),
        )
        for statement in document.statements
    )
    return replace(document, statements=statements, original=f"{number:064x}")


def measure(way: str, config: Path, folder: Path) -> dict[str, Any]:
    """One way of writing, in this process."""
    from archive import register
    from archive.export import arrow, csv, package, sqlite
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load
    from diffing.export.about import DATASETTE, PACKAGE
    from diffing.export.records import Export, Wanted
    from diffing.export.tables import TABLES
    from diffing.thresholds import Thresholds

    settings = load(config)
    folders = settings.section("archive", ArchiveSettings).register
    known = register.load(*(settings.resolve(one) for one in folders))
    archive = Archive.of(settings)
    made = Export(archive, known, Wanted(), judged={}, thresholds=Thresholds())
    ways: dict[str, Callable[[Iterable[Any]], object]] = {
        "stream": lambda records: sum(1 for _ in records),
        "csv": lambda records: csv.write(folder, TABLES, records),
        "sqlite": lambda records: sqlite.write(folder, TABLES, records, DATASETTE),
        "parquet": lambda records: arrow.write(folder, TABLES, records),
        "package": lambda records: package.write(folder, TABLES, records, PACKAGE),
        "peer-csv": lambda records: _plain_csv(folder, records),
        "peer-sqlite": lambda records: _plain_sqlite(folder, records),
        "peer-parquet": lambda records: _plain_parquet(folder, records),
    }
    records = made.records()
    held: Iterable[Any] = list(records) if way.startswith("peer") else records
    start, spent = time.perf_counter(), time.process_time()
    ways[way](held)
    answer = {
        "seconds": time.process_time() - spent,
        "wall": time.perf_counter() - start,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6,
        "documents": made.documents,
        "rows": sum(made.tally.rows.values()),
    }
    archive.close()
    return answer


def _by_table(records: Iterable[Any]) -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
    from diffing.export.tables import TABLES

    found = defaultdict(list)
    for name, row in records:
        found[name].append(row)
    for table in TABLES:
        yield table, [table.row(row) for row in found[table.name]]


def _plain_csv(folder: Path, records: Iterable[Any]) -> None:
    import csv

    for table, rows in _by_table(records):
        with (folder / table.name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


def _plain_sqlite(folder: Path, records: Iterable[Any]) -> None:
    import sqlite3

    with sqlite3.connect(folder / "plain.db") as database:
        for table, rows in _by_table(records):
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            database.execute(f"CREATE TABLE {table.name} ({names})")
            marks = ", ".join("?" * len(table.columns))
            bound = ([_bound(value) for value in row] for row in rows)
            database.executemany(f"INSERT INTO {table.name} VALUES ({marks})", bound)  # noqa: S608


def _bound(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _plain_parquet(folder: Path, records: Iterable[Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from archive.export.arrow import schema

    for table, rows in _by_table(records):
        names = [column.name for column in table.columns]
        listed = [dict(zip(names, row, strict=True)) for row in rows]
        made = pa.Table.from_pylist(listed, schema=schema(table))
        pq.write_table(made, folder / table.name, compression="zstd")


def apart(way: str, config: Path) -> dict[str, Any]:
    """One way of writing, in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        command = ["-m", "benchmarks.exports", "--measure", way, "--into", place]
        run = subprocess.run(
            [sys.executable, *command, "--config", str(config)],
            capture_output=True,
            text=True,
            check=True,
            timeout=1800,
        )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def table(config: Path, ways: Iterable[str]) -> None:
    """Print what each way costs."""
    print("| | CPU s | ms a document | MB | peak MB |\n|---|---|---|---|---|")
    for way in ways:
        one = apart(way, config)
        each = 1000 * one["seconds"] / max(one["documents"], 1)
        size = f"{one['size']:.1f}" if one["size"] else ""
        print(
            f"| {way} | {one['seconds']:.1f} | {each:.0f} | {size} | {one['peak']:.0f} |",
            flush=True,
        )
    print(f"\n{one['documents']:,} documents, {one['rows']:,} rows")


def main() -> None:
    """Build what is to be measured, measure it, print it."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--documents", type=int, default=1000)
    arguments.add_argument("--config", type=Path)
    arguments.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    arguments.add_argument("--measure", choices=WAYS, help=argparse.SUPPRESS)
    arguments.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.config, given.into)))
    elif given.config:
        table(given.config, given.ways)
    else:
        with tempfile.TemporaryDirectory() as folder:
            table(build(Path(folder), given.documents), given.ways)


if __name__ == "__main__":
    main()
