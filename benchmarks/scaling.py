"""What each stage costs a document, on a simulated archive: the numbers of docs/scaling.md.

    python -m benchmarks.scaling FOLDER [--documents 10000] [--only index parquet …]

FOLDER is made by `benchmarks.simulation`, here where it is not there yet. Each stage runs in a
fresh process, most of them as the command a person would type; its processor time and the memory of
its largest process are the kernel's own count. Time on the clock depends on what else is running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import simulation

QUESTION: Final = (
    "SELECT year, kind, count(DISTINCT document) AS documents, sum(yuan) AS yuan FROM items"
    " WHERE form LIKE '%.general_function' AND measure = '合计' AND total GROUP BY ALL ORDER BY ALL"
)
LINE: Final = (
    "SELECT agency, year, yuan FROM items WHERE code = '2080505' AND division = '990001'"
    " AND measure = '合计' AND form = 'final.expenditure' ORDER BY yuan DESC LIMIT 20"
)


class Cost(NamedTuple):
    """What one process and its children took."""

    wall: float
    processor: float
    megabytes: float
    status: int


def run(command: list[str], output: Path | None = None) -> Cost:
    """Run a command to its end; the memory is that of its largest process."""
    begun = time.perf_counter()
    # modules are compiled once, as where it is installed, whatever this shell asks for
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with Path(output or os.devnull).open("wb") as file:
        process = subprocess.Popen(command, stdout=file, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode)


def mingzhang(root: Path, *arguments: str) -> list[str]:
    """The installed command on a simulated archive."""
    command = str(Path(sys.executable).with_name("mingzhang"))
    return [command, "--config", str(root / "mingzhang.toml"), *arguments]


def stages(root: Path, scratch: Path, executor: str) -> dict[str, list[str]]:
    """Stage → command, in the order in which one needs another."""
    own = [sys.executable, "-m", "benchmarks.scaling", str(root), "--one"]
    spread = ("--executor", executor)
    agency = "990001.001"
    return {
        "index": [*own, "index"],
        "parquet": [*own, "parquet"],
        "query": mingzhang(root, "query", QUESTION),
        "query-line": mingzhang(root, "query", LINE),
        "overview": mingzhang(root, "overview", "990001"),
        "digest-run": mingzhang(root, "digest", "--output", str(scratch / "run")),
        "digest-agency": mingzhang(root, "digest", agency, "--output", str(scratch / "agency")),
        "check": mingzhang(root, "check", "--all", "--json", *spread),
        "export-csv": mingzhang(root, "export", str(scratch / "csv")),
        "export-sqlite": mingzhang(root, "export", str(scratch / "sqlite"), "--format", "sqlite"),
        "site": mingzhang(root, "site", "build", str(scratch / "site")),
        "ledger": [*own, "ledger"],
    }


def index(root: Path) -> None:
    """Every district's history as tables, made anew."""
    from archive.repository import Archive

    shutil.rmtree(root / "archive" / "index", ignore_errors=True)
    archive = Archive(root / "archive")
    for repository in archive.repositories():
        repository.index()
    archive.close()


def parquet(root: Path) -> None:
    """All line items as Parquet, made anew."""
    from archive import register
    from archive.executor import Local
    from archive.export.parquet import refresh
    from archive.repository import Archive

    shutil.rmtree(root / "archive" / "export", ignore_errors=True)
    archive = Archive(root / "archive")
    done = refresh(archive, register.load(root / "register"), Local(2))
    archive.close()
    print(f"  {done.rows:,} figures in {done.written} partitions", file=sys.stderr)


def ledger(root: Path, looks: int = 20_000) -> None:
    """Looks noted durably, and what it takes to know them again."""
    import resource
    from datetime import UTC, datetime

    from archive.ledger import Ledger, Observation
    from archive.model import Source

    folder = Path(tempfile.mkdtemp(dir=root))
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    writing = Ledger(folder, lambda: moment)
    begun = time.perf_counter()
    for number in range(looks):
        url = f"https://www.example.gov.cn/zwgk/czyjs/2026/t20260207_{number}"
        source = Source(f"{url}.pdf", f"{url}.html", "某局2026年部门预算", observed=moment)
        sha256 = f"{number:064x}"
        writing.append(Observation(source, sha256=sha256, run="run", outcome="same"))
    wrote = time.perf_counter() - begun
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    Ledger(folder, lambda: moment).last_seen("https://www.example.gov.cn/")
    read = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / looks
    size = simulation.size_of(folder) / looks
    shutil.rmtree(folder)
    print(
        f"  {looks:,} looks: {wrote / looks * 1000:.2f} ms each to note,"
        f" {read / looks * 1e6:.0f} µs and {grown / 1000:.1f} kB of memory each to know again,"
        f" {size:.0f} bytes on the disk",
        file=sys.stderr,
    )


ONE: Final[dict[str, Callable[[Path], None]]] = {
    "index": index,
    "parquet": parquet,
    "ledger": ledger,
}


def main() -> None:
    """Measure the stages asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", default=None)
    parser.add_argument("--executor", default="local:2")
    parser.add_argument("--one", choices=ONE)
    arguments = parser.parse_args()
    root = arguments.folder.absolute()
    if arguments.one:
        ONE[arguments.one](root)
        return
    if not (root / "mingzhang.toml").exists():
        simulation.simulate(root, arguments.documents)
    count = sum(_documents(path) for path in (root / "archive" / "districts").iterdir())
    print(f"{count:,} documents; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors")
    print("stage | on the clock | processor | a document | peak MB")
    with tempfile.TemporaryDirectory(dir=root) as name:
        for stage, command in stages(root, Path(name), arguments.executor).items():
            if arguments.only is not None and stage not in arguments.only:
                continue
            cost = run(command)
            size = simulation.size_of(Path(name)) / 1e6
            shutil.rmtree(name)
            Path(name).mkdir()
            print(
                f"{stage} | {cost.wall:.1f} s | {cost.processor:.1f} s |"
                f" {cost.processor * 1000 / count:.2f} ms | {cost.megabytes:.0f}"
                f"{f' | wrote {size:.0f} MB' if size else ''}"
                f"{f' | status {cost.status}' if cost.status else ''}",
                flush=True,
            )


def _documents(district: Path) -> int:
    listed = subprocess.run(
        ["git", "-C", str(district), "ls-tree", "-r", "-z", "--name-only", "main"],
        check=True,
        capture_output=True,
    )
    return listed.stdout.count(b"/document.json\0")


if __name__ == "__main__":
    main()
