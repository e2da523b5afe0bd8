"""Page images: figures and codes right, seconds a page and memory, on real publications.

    python -m benchmarks.optical [--full]

Two final accounts of ../shared/corpus are rasterised at 150 and 200 dpi, clean and as a bad scanner
leaves them (1° askew, noise, JPEG of quality 60), and the image tables of two others are read as
they are. Each document is read in a fresh process; its processor time is that of the whole reading.
Sampled, only the first pages with statements are read; with --full all pages with statements.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from tests.archive.rasters import Scanner, scanned
from tests.corpus import FOLDER
from tests.corpus.scoring import Score, score

SCANNERS = {
    "150 dpi": Scanner(150),
    "200 dpi": Scanner(200),
    "150 dpi, 1°, noise, JPEG 60": Scanner(150, skew=1.0, noise=8.0, jpeg=60),
    "200 dpi, 1°, noise, JPEG 60": Scanner(200, skew=1.0, noise=8.0, jpeg=60),
    "150 dpi, 2°, noise, JPEG 30, faded": Scanner(150, skew=2.0, noise=12.0, jpeg=30, fade=0.4),
}
RASTERISED = ("expected_czj_2024_final.json", "expected_ghzyj_2024_final.json")
PICTURED = ("wuhan/expected_qingshan-2023-final.json", "wuhan/expected_wuchang-2025-budget.json")
SAMPLE = 3
"""Pages of a sampled document."""


class Measured(NamedTuple):
    """One reading."""

    score: Score
    pages: int
    seconds: float
    megabytes: float


def read(path: Path, expected: dict[str, Any], images_only: bool) -> Measured:
    """Read a document, its pictures too. Runs in a process of its own."""
    from archive.text.optical.recogniser import load
    from archive.text.reader import read as read_text

    load()
    begun = time.process_time()
    document = read_text(path.read_bytes(), optically=True)
    seconds = time.process_time() - begun
    pages = len({r.page for r in document.remarks if r.code == "page-recognised"})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(score(document, expected, images_only=images_only), pages, seconds, peak)


def apart(*given: Any) -> Measured:
    """`read` in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(read, *given).result()


def rasterised(folder: Path, scanner: Scanner, full: bool) -> Iterator[Measured]:
    """The final accounts as this scanner makes them, pages with statements only."""
    for name in RASTERISED:
        expected = json.loads((FOLDER / name).read_text())
        tables = expected["tables"]
        kept = {page for t in tables for page in t.get("pages", [t["page"]])}
        wanted = sorted(kept) if full else sorted(kept)[:SAMPLE]
        expected["tables"] = [t for t in tables if set(t.get("pages", [t["page"]])) <= set(wanted)]
        path = folder / "scan.pdf"
        path.write_bytes(scanned((FOLDER / expected["file"]).read_bytes(), scanner, [1, *wanted]))
        yield apart(path, expected, False)


def pictured() -> Iterator[Measured]:
    """Publications that print tables as images."""
    for name in PICTURED:
        path = FOLDER / name
        expected = json.loads(path.read_text())
        yield apart(path.parent / expected["file"], expected, True)


def table(name: str, measured: list[Measured]) -> None:
    """One line of the table, and what was not right."""
    total = Score()
    for one in measured:
        total.add(one.score)
    pages, seconds = sum(m.pages for m in measured), sum(m.seconds for m in measured)
    a, c = total.amounts, total.codes
    amounts = f"{a['right']} / {a['wrong']} / {a['missing']}"
    codes = f"{c['right']} / {c['wrong']} / {c['missing']}"
    peak = max(m.megabytes for m in measured)
    print(
        f"| {name} | {pages} | {amounts} | {codes} | {total.confirmed} |"
        f" {total.wrong_confirmed} | {seconds / max(pages, 1):.1f} | {peak:.0f} |",
        flush=True,
    )
    for fault in total.faults:
        print("   ", fault, file=sys.stderr)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all pages with statements")
    given = parser.parse_args()
    if not FOLDER.is_dir():
        sys.exit(f"the publications are not here: {FOLDER}")
    print("| pages as | pages | amounts right / wrong / missing | codes | confirmed |")
    print("| wrong and confirmed | CPU s a page | peak MB |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, scanner in SCANNERS.items():
            table(name, list(rasterised(Path(folder), scanner, given.full)))
    table("image tables as published", list(pictured()))


if __name__ == "__main__":
    main()
