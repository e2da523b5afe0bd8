"""Throughput of the text stage with two workers against one, on this machine.

    python -m benchmarks.cluster [FOLDER OR PDF …] [--documents 60] [--rounds 2]

Each round reads the same originals with one worker, then with two, and through this machine's own
executor; every time from nothing. The originals are the PDFs of ../shared/corpus, or the product's
own samples, each with a few bytes at its end that make it another file. Workers, readers and
whatever else is running share the processors: only the proportions of one round count. Where
`mingzhang[ocr]` is installed, scans take most of the time: name files without any.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path

from benchmarks.text_stage import inputs


def originals(root: Path, count: int, named: list[Path]) -> list[str]:
    """So many originals in a store; returns their sha256."""
    from archive.originals import Originals

    files = inputs(named)
    store = Originals(root / "originals")
    return [store.put(files[n % len(files)].read_bytes() + b"\n%% %d\n" % n) for n in range(count)]


def reading(root: Path, wanted: list[str], where: str, name: str) -> float:
    """Seconds on the clock for reading all of them once."""
    from archive.batches import Place, read_all
    from archive.executor import executor_at
    from archive.readings import Readings
    from archive.repository import Archive
    from archive.text import EXTRACTOR, read_apart

    archive = Archive(root)
    with executor_at(where) as executor:
        place = Place.of(archive, read_apart, EXTRACTOR, name, executor)
        readings = Readings(Path(place.readings), archive.originals, read_apart, EXTRACTOR)
        begun = time.perf_counter()
        failed = read_all(executor, place, readings, wanted)
        took = time.perf_counter() - begun
    for path in Path(place.readings).rglob("*.json"):
        path.unlink()
    if failed:
        raise RuntimeError(f"{len(failed)} could not be read: {next(iter(failed.values()))}")
    return took


def main() -> None:
    """Print documents a minute, and the proportion."""
    from distributed import LocalCluster

    from archive import batches

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    batches.LEAST = max(1, arguments.documents // 8)  # eight tasks: work for both to the end
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        wanted = originals(root, arguments.documents, arguments.files)
        print(f"{len(wanted)} documents; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
        for round_ in range(arguments.rounds):
            took = {}
            for workers in (1, 2):
                with LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                ) as cluster:
                    where = cluster.scheduler_address.replace("tcp", "dask")
                    took[f"{workers} Dask"] = reading(root, wanted, where, f"{round_}-{workers}")
            took["local:1"] = reading(root, wanted, "local:1", f"{round_}-local1")
            took["local:2"] = reading(root, wanted, "local:2", f"{round_}-local2")
            speeds = ", ".join(
                f"{way}: {len(wanted) / seconds * 60:.0f} a minute" for way, seconds in took.items()
            )
            print(
                f"{speeds}; two workers / one: {took['1 Dask'] / took['2 Dask']:.2f};"
                f" local {took['local:1'] / took['local:2']:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
