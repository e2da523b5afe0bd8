"""The report of all years over synthetic figures in Parquet, against one scan of its columns.

The file is sorted by key and year, as `archive.export.lines` writes it; then the year before is the
row before, and DuckDB streams: no sorting, no hash table of the size of the data. The report is the
one of `mingzhang overview --all-years`. Called by `python -m benchmarks.comparison --report
MILLIONS`.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from diffing.overview import MOVES_OF_YEARS

YEARS: Final = 10
SCAN: Final = "SELECT sum(length(key)), sum(year), sum(yuan) FROM lines"
"""Reads every value: counts and extremes would be answered from the file's statistics."""
ASKED: Final = {"division": "990201", "kind": "budget", "totals": True, "count": 100}
PARTITIONED: Final = """
SELECT key, year, before, yuan FROM (
  SELECT key, year, yuan, lag(year) OVER line AS year_before, lag(yuan) OVER line AS before
  FROM lines
  WINDOW line AS (PARTITION BY key ORDER BY year)
)
WHERE year = year_before + 1 AND yuan <> before
ORDER BY abs(yuan - before) DESC, key, year
LIMIT 100
"""


def write(millions: int, path: Path) -> int:
    """Figures of `YEARS` years for every key, sorted by key and year; returns the rows."""
    import duckdb

    count = millions * 1_000_000
    with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
        connection.execute(
            f"""
            COPY (
              SELECT 'agency-' || lpad((i // {YEARS * 200})::VARCHAR, 8, '0')
                       || '/2' || lpad((i // {YEARS} % 200)::VARCHAR, 6, '0') AS key,
                     (2015 + i % {YEARS})::SMALLINT AS year,
                     ((hash(i) % 100000000000)::DECIMAL(20, 0) * 0.01)::DECIMAL(38, 8) AS yuan,
                     'budget' AS kind, i % 7 = 0 AS total, '990201' AS division
              FROM range({count}) AS t(i)
            ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
            """  # noqa: S608 - ours
        )
    return count


def _run(path: Path, sql: str, answer: Connection) -> None:
    import duckdb

    with duckdb.connect(config={"memory_limit": "900MB", "threads": 2}) as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
        asked = {name: value for name, value in ASKED.items() if f"${name}" in sql}
        start, spent = time.perf_counter(), time.process_time()
        found = connection.execute(sql, asked).fetchall()
        spent = time.process_time() - spent
        wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((wall, spent, peak, found))


def run(path: Path, sql: str, limit: float) -> tuple[float, float, float, list[tuple[object, ...]]]:
    """Wall and processor seconds, peak MB and the rows of one query in a process of its own."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(path, sql, theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(limit):
            raise TimeoutError(f"not done after {limit:.0f} s")
        found: tuple[float, float, float, list[tuple[object, ...]]] = ours.recv()
        return found
    finally:
        process.kill()
        process.join()


def report(millions: int, path: Path, limit: float = 300) -> None:
    """Print the table for a quarter, half and all of the rows."""
    print(
        "| figures | MB | scan, s | report, s | ratio | peak MB | partitioned window, s (peak MB) |"
    )
    print("|---|---|---|---|---|---|---|")
    for size in dict.fromkeys((max(1, millions // 4), max(1, millions // 2), millions)):
        rows = write(size, path)
        scan = run(path, SCAN, limit)
        streamed = run(path, MOVES_OF_YEARS, limit)
        try:
            window = run(path, PARTITIONED, limit)
            same = "" if window[3] == streamed[3] else ", OTHER ROWS"
            other = f"{window[1]:.1f} ({window[2]:.0f}{same})"
        except (EOFError, TimeoutError) as error:
            other = str(error) or "did not fit"
        megabytes = path.stat().st_size / 1e6
        print(
            f"| {rows:,} | {megabytes:.0f} | {scan[1]:.1f} | {streamed[1]:.1f} "
            f"| {streamed[1] / scan[1]:.1f}× | {streamed[2]:.0f} | {other} |",
            flush=True,
        )
