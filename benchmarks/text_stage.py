"""Pages per processor second: the whole text stage against pdfplumber and PyMuPDF, one run.

    python -m benchmarks.text_stage [FOLDER OR PDF …]

Without arguments the PDFs of ../shared/corpus are read where they are present, else the product's
own samples. Each reader gets every file in turn, several rounds, each in a fresh process; the
median round counts. The text stage does more than its peers (statements, line items, prose,
masking); it is timed whole.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def ours(path: Path) -> int:
    """The whole text stage; returns pages."""
    from archive.text import read

    return read(path.read_bytes()).pages


def plumber(path: Path) -> int:
    """pdfplumber's `extract_tables` on every page."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_tables()
        return len(document.pages)


def mupdf(path: Path) -> int:
    """PyMuPDF's `find_tables` on every page, cells extracted."""
    import pymupdf

    with pymupdf.open(path) as document:
        for page in document:
            for table in page.find_tables().tables:
                table.extract()
        return document.page_count


READERS: dict[str, Callable[[Path], int]] = {
    "text stage": ours,
    "pdfplumber extract_tables": plumber,
    "PyMuPDF find_tables": mupdf,
}


def measure(read: Callable[[Path], int], files: list[Path]) -> tuple[int, float, float]:
    """Pages, processor seconds (after imports) and peak MB of one round in a fresh process."""
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inward)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        read(files[0])  # imports and first-use caches are not what is measured
        before = resource.getrusage(resource.RUSAGE_SELF)
        pages = sum(read(path) for path in files)
        after = resource.getrusage(resource.RUSAGE_SELF)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        os.write(outward, f"{pages} {seconds} {after.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(outward)
    answer = os.read(inward, 1000).decode().split()
    os.close(inward)
    os.waitpid(child, 0)
    return int(answer[0]), float(answer[1]), float(answer[2])


def inputs(named: list[Path]) -> list[Path]:
    """The files to read."""
    if named:
        return [f for p in named for f in (sorted(p.rglob("*.pdf")) if p.is_dir() else [p])]
    if CORPUS.is_dir():
        return sorted(CORPUS.rglob("*.pdf"))
    from tests.portal import documents

    folder = Path(tempfile.mkdtemp(prefix="mingzhang-bench-"))
    for name in documents.NAMES:
        (folder / f"{name}.pdf").write_bytes(documents.pdf(name))
    return sorted(folder.glob("*.pdf"))


def main() -> int:
    """Print a table: reader, pages per processor second, ratio to ours, peak memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    files = inputs(arguments.files)
    rounds: dict[str, list[tuple[int, float, float]]] = {name: [] for name in READERS}
    for _ in range(arguments.rounds):
        for name, read in READERS.items():
            rounds[name].append(measure(read, files))
    print(f"{len(files)} files, {arguments.rounds} rounds, median")
    print(f"{'reader':<28}{'pages':>6}{'CPU s':>9}{'pages/CPU s':>13}{'ours is':>9}{'peak MB':>9}")
    best = statistics.median(seconds for _, seconds, _ in rounds["text stage"])
    for name, results in rounds.items():
        pages = results[0][0]
        seconds = statistics.median(s for _, s, _ in results)
        memory = max(m for _, _, m in results)
        print(
            f"{name:<28}{pages:>6}{seconds:>9.2f}{pages / seconds:>13.1f}"
            f"{seconds / best:>8.1f}×{memory:>9.0f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
