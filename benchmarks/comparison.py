"""Processor seconds and memory of a comparison, against DeepDiff on the same rows, one run.

    python -m benchmarks.comparison [--rows 200 2000 20000] [--limit SECONDS]
    python -m benchmarks.comparison --report 50 [--keep FILE]

Two documents of one statement with three measures: a revision (2 % of the rows changed) and two
years (90 %). Ours is everything from two documents to named changes, conservation and suggestions.
The peers get the same rows as plain dicts, shuffled, as a reader without keys has them: DeepDiff
with `ignore_order` (as it is, and made to pair what differs), with `group_by`, and over the keyed
rows without filtering. Each runs in a process of its own; one that takes more processor seconds
than the limit is stopped and said so.

`--report N` instead makes N million synthetic figures as Parquet sorted by key and year, and times
the report of all years (the largest year-on-year moves of every line) against one scan of its
columns, in DuckDB with 1 GB.
"""

from __future__ import annotations

import argparse
import itertools
import math
import multiprocessing
import os
import random
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SHARES = {"revision": 0.02, "year": 0.90}
MEASURES = ("合计", "基本支出", "项目支出")
ROUNDS = 3
LONG = 0.1
"""Seconds a round takes at least: the clock of a busy machine is too coarse for less."""
SLOW = 5.0
"""What takes more seconds is measured the first time; all else warm, the median of the rounds."""

Row = dict[str, Any]


def rows(count: int, changed: float, seed: int = 7) -> tuple[list[Row], list[Row]]:
    """Rows with a code, a name and three amounts, and the same with a share of them changed."""
    chance = random.Random(seed)  # noqa: S311 - the same rows in every run
    old = []
    for number in range(count):
        basic, project = (Decimal(chance.randrange(1, 10_000_000)) / 100 for _ in range(2))
        old.append(
            {
                "code": f"2{number:06d}",
                "name": f"第{number}项支出",
                "合计": basic + project,
                "基本支出": basic,
                "项目支出": project,
            }
        )
    new = [dict(row) for row in old]
    for row in chance.sample(new, max(1, int(count * changed))):
        row["项目支出"] += Decimal("1.25")
        row["合计"] += Decimal("1.25")
    return old, new


def document(found: list[Row], year: int) -> Any:
    """The rows as one statement of a budget."""
    from archive.model import (
        Amount,
        Classification,
        Column,
        Document,
        Facts,
        Identity,
        Kind,
        Level,
        LineItem,
        Locator,
        Statement,
        Unit,
    )
    from diffing.versions import Version

    items = tuple(
        LineItem(
            name=row["name"],
            code=row["code"],
            level=3,
            classification=Classification.FUNCTIONAL,
            amounts={
                m: Amount(f"{row[m]:,}", row[m], at=Locator(1, number, column))
                for column, m in enumerate(MEASURES, 3)
            },
            page=1,
            row=number,
        )
        for number, row in enumerate(found, 1)
    )
    columns = tuple(Column(m, m) for m in MEASURES)
    statement = Statement("budget.expenditure", "支出总表", Unit.WAN, (1,), columns, items)
    read = Document(f"{year:064d}", "application/pdf", "pdf/1", 1, Facts(), (statement,))
    identity = Identity("310107", "310107.012", Level.DEPARTMENT, year, Kind.BUDGET)
    return Version(identity, read)


def ours(old: list[Row], new: list[Row], mode: str) -> Callable[[], set[Any]]:
    """Two documents to named changes; returns (code, measure) of every cell that differs."""
    from diffing.compare import compare

    before = document(old, 2024 if mode == "revision" else 2023)
    after = document(new, 2024)
    return lambda: {
        (change.line.code, cell.measure)
        for change in compare(before, after).changes
        for cell in change.cells
    }


def _shuffled(found: list[Row]) -> list[Row]:
    mixed = list(found)
    random.Random(11).shuffle(mixed)  # noqa: S311 - the same order in every run
    return mixed


def ignore_order(old: list[Row], new: list[Row], _mode: str) -> Callable[[], set[Any]]:
    """What a reader without keys would do."""
    from deepdiff import DeepDiff

    mixed = _shuffled(new)
    return lambda: set(map(str, DeepDiff(old, mixed, ignore_order=True)))


def forced(old: list[Row], new: list[Row], _mode: str) -> Callable[[], set[Any]]:
    """The same, made to pair whatever differs: by default it gives up where most rows do."""
    from deepdiff import DeepDiff

    mixed = _shuffled(new)
    return lambda: set(
        map(
            str,
            DeepDiff(old, mixed, ignore_order=True, cutoff_intersection_for_pairs=1),
        )
    )


def group_by(old: list[Row], new: list[Row], _mode: str) -> Callable[[], set[Any]]:
    """DeepDiff's own keys: rows of one code would overwrite each other; here none do."""
    from deepdiff import DeepDiff

    mixed = _shuffled(new)
    return lambda: {
        tuple(level.path(output_format="list")[:2])
        for levels in DeepDiff(
            old, mixed, group_by="code", view="tree", threshold_to_diff_deeper=0
        ).values()
        for level in levels
    }


def keyed(old: list[Row], new: list[Row], _mode: str) -> Callable[[], set[Any]]:
    """DeepDiff over the keyed rows, nothing filtered out: the measure of correctness."""
    from deepdiff import DeepDiff

    sides = [{r["code"]: {m: r[m] for m in MEASURES} for r in found} for found in (old, new)]
    return lambda: {
        tuple(level.path(output_format="list"))
        for levels in DeepDiff(*sides, view="tree", threshold_to_diff_deeper=0).values()
        for level in levels
    }


WAYS = {
    "ours": ours,
    "ignore_order": ignore_order,
    "ignore_order, made to pair": forced,
    "group_by": group_by,
    "keyed": keyed,
}
PEERS = tuple(way for way in WAYS if way != "ours")


def _timed(work: Callable[[], set[Any]], times: int = 1) -> tuple[set[Any], float]:
    """What was found, and the processor seconds it took each of several times."""
    start = time.process_time()
    for _ in range(times):
        found = work()
    return found, (time.process_time() - start) / times


def _run(way: str, count: int, mode: str, limit: float, answer: Connection) -> None:
    seconds = math.ceil(limit)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    old, new = rows(count, SHARES[mode])
    work = WAYS[way](old, new, mode)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found, once = _timed(work)
    spent = [once]
    if once < SLOW:
        times = math.ceil(LONG / max(once, LONG / 100))
        spent = [_timed(work, times)[1] for _ in range(ROUNDS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.send((statistics.median(spent), before / 1024, peak / 1024, found))


def measured(way: str, count: int, mode: str, limit: float) -> tuple[Any, ...] | None:
    """Median processor seconds, memory in MB and what was found; None when it took too long."""
    ours_, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_run, args=(way, count, mode, limit, theirs)
    )
    process.start()
    theirs.close()
    try:
        return tuple(ours_.recv())
    except EOFError as error:
        process.join()
        if process.exitcode not in _STOPPED:
            raise RuntimeError(f"{way}: ended without an answer") from error
    finally:
        process.kill()
        process.join()
    return None


_STOPPED = (-signal.SIGXCPU, -signal.SIGKILL)
"""How a process ends that used up its processor seconds."""


def comparisons(counts: list[int], limit: float) -> None:
    """Print the table, the exponents and the ratios."""
    for mode, share in SHARES.items():
        print(f"\n## {mode}: {share:.0%} of the rows changed\n")
        print(f"| rows | ours, s | peak MB | {' | '.join(PEERS)} | same as keyed |")
        print("|---|---|---|---|---|---|---|---|")
        times: list[tuple[int, float]] = []
        for count in counts:
            found = {way: measured(way, count, mode, limit) for way in WAYS}
            mine = found["ours"]
            if mine is None:
                print(f"| {count:,} | over {limit:.0f} s |")
                continue
            times.append((count, mine[0]))
            cells = [f"{count:,}", f"{mine[0]:.4f}", f"{mine[2]:.0f}"]
            for way in PEERS:
                peer = found[way]
                cells.append(
                    f"over {limit:.0f} s (> {limit / mine[0]:.0f}×)"
                    if peer is None
                    else f"{peer[0]:.4f} ({peer[0] / mine[0]:.1f}×)"
                )
            peer = found["keyed"]
            cells.append("—" if peer is None else "yes" if peer[3] == mine[3] else "NO")
            print(f"| {' | '.join(cells)} |", flush=True)
        for (a, s), (b, t) in itertools.pairwise(times):
            print(f"\nexponent {a:,} → {b:,}: {math.log(t / s) / math.log(b / a):.2f}")


def main() -> None:
    """Compare, or make the report of all years."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 2_000, 20_000])
    parser.add_argument(
        "--limit", type=float, default=120, help="processor seconds a peer may take"
    )
    parser.add_argument("--report", type=int, metavar="MILLIONS")
    parser.add_argument("--keep", type=Path, help="where to keep the synthetic Parquet")
    asked = parser.parse_args()
    if asked.report:
        from benchmarks.years import report

        with tempfile.TemporaryDirectory() as folder:
            report(asked.report, asked.keep or Path(folder) / "figures.parquet")
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    comparisons(asked.rows, asked.limit)


if __name__ == "__main__":
    main()
