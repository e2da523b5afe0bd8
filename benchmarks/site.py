"""The site's costs: building it whole, building it again after one change or none.

    python -m benchmarks.site [--documents 1000] [--rounds 7] [--executor local:2]

The departments of one simulated district (`benchmarks.simulation`), five years of budgets and final
accounts: documents of 200 to 270 line items and 700 to 1,000 cells, two in five of them figures,
whose figures move from year to year as those of a real office did. Each stage is a process of its
own, as a person would start it; memory is its peak. The yardstick in the same run is reading every
document once from git, which any build from nothing must do. One change is measured in rounds, each
beside a start-up of its own, since a shared machine's speed moves within minutes. With `--executor`
a whole site is built that way too, and held against the first, byte for byte.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import publications, simulation
from benchmarks.scaling import Cost, mingzhang, run

if TYPE_CHECKING:
    from archive.repository import Archive

YEARS: Final = 5
DIVISION: Final = "990001"
LOADED: Final = (
    "archive.executor",
    "crawler.cli",
    "deepdiff",
    "diffing.render.atom",
    "diffing.site.build",
    "diffing.site.command",
    "diffing.telling",
    "pygal",
)
"""What a build of one change has loaded in the end, with all that these load; it ends at once then,
as commands do."""
LARGE: Final = 200_000
"""Bytes of a page that a phone on a slow line still opens at once."""


def planned(root: Path, count: int) -> simulation.Plan:
    """A district of departments alone: their documents are the large ones."""
    departments = max(1, count // (2 * YEARS))
    return simulation.Plan(str(root), DIVISION, YEARS, departments, 0)


def revise(plan: simulation.Plan, round_: int) -> None:
    """Commit another version of one document of the last year; each round an agency and a month."""
    from archive.events import subject
    from archive.model import ChangeKind, Identity, Kind, Source
    from archive.repository import Event

    agencies = list(simulation.agencies(plan))[plan.departments // 3 :]
    # of the most frequent kind: the page that holds them against each other is the longest
    alike = [one for one in agencies if one.name.endswith("局")]
    agency = alike[round_ % len(alike)]
    year = plan.first_year + YEARS - 1
    what = Identity(DIVISION, agency.id, agency.level, year, Kind.BUDGET)
    made = publications.document(
        agency.id, agency.name, agency.level, year, Kind.BUDGET, f"{round_:064x}", salt=77 + round_
    )
    archive = opened(plan)
    with archive.repository(DIVISION).writing() as writer:
        writer.commit(
            Event(
                kind=ChangeKind.REVISION,
                identity=what,
                document=made,
                originals=(made.original,),
                source=Source(
                    url=f"https://www.{DIVISION}.example.gov.cn/{year}/again-{round_}.pdf",
                    observed=datetime(
                        year + 2 + round_ // 12, 1 + round_ % 12, 1, 0, 5, tzinfo=UTC
                    ),
                ),
                run=f"again-{round_}",
                subject=subject(ChangeKind.REVISION, agency.name, what),
                agency_name=agency.name,
            )
        )
    archive.close()


def opened(plan: simulation.Plan) -> Archive:
    """The simulated archive."""
    from archive.repository import Archive

    return Archive(Path(plan.root) / "archive")


def read(root: Path) -> None:
    """Every document once, from git: the yardstick."""
    from archive.current import current

    archive = opened(simulation.Plan(str(root), DIVISION, YEARS))
    for _ in current(archive.repository(DIVISION)):
        pass
    archive.close()


def same(one: Path, other: Path) -> bool:
    """Whether two sites hold the same files, byte for byte."""

    def listed(folder: Path) -> list[str]:
        return sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and ".mingzhang" not in path.parts
        )

    files = listed(one)
    _, unlike, missing = filecmp.cmpfiles(one, other, files, shallow=False)
    return files == listed(other) and not unlike and not missing


def measure(root: Path, count: int, rounds: int, executor: str) -> None:
    """Build, build again, build after one change; print what it took."""
    plan = planned(root, count)
    simulation.settings(root, [plan])
    simulation.build(plan)
    site, told = root / "site", root / "told"

    def line(name: str, cost: Cost) -> None:
        print(
            f"  {name:42} processor {cost.processor:7.2f} s  clock {cost.wall:7.2f} s"
            f"  peak {cost.megabytes:5.0f} MB  {_said(told)}"
            f"{f'  status {cost.status}' if cost.status else ''}",
            flush=True,
        )
        told.unlink(missing_ok=True)

    print(
        f"{plan.documents} documents; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
    )
    build = mingzhang(root, "site", "build", str(site), "--json")
    loading = [sys.executable, "-c", f"import os, {', '.join(LOADED)}; os._exit(0)"]
    run(loading)
    line("start-up (what a build loads)", run(loading))
    yardstick = [sys.executable, "-m", "benchmarks.site", "--yardstick", str(root)]
    line("every document read from git (yardstick)", run(yardstick))
    line("the whole site", run(build, told))
    files = [path for path in site.rglob("*") if path.is_file()]
    pages = [path.stat().st_size for path in files if path.suffix == ".html"]
    size = sum(path.stat().st_size for path in files)
    print(
        f"    {size / 1e6:.1f} MB in {len(files)} files; {len(pages)} pages, the largest"
        f" {max(pages) / 1000:.0f} kB, {sum(one > LARGE for one in pages)} over"
        f" {LARGE // 1000} kB",
        flush=True,
    )
    if executor:
        again = root / "spread"
        spread = mingzhang(root, "site", "build", str(again), "--json", "--executor", executor)
        line(f"the whole site, --executor {executor}", run(spread, told))
        print(f"    the same to the byte: {'yes' if same(site, again) else 'NO'}")
    line("again, nothing new", run(build, told))
    beyond = []
    for round_ in range(rounds):
        revise(plan, round_)
        started = run(loading)
        changed = run(build, told)
        line(f"again, one document revised ({round_ + 1})", changed)
        beyond.append(changed.wall - started.wall)
    print(f"    beyond a start-up beside it: {_spread(beyond)}")


def _spread(seconds: Sequence[float]) -> str:
    middle = statistics.median(seconds)
    return (
        f"{middle:.2f} s, the median of {len(seconds)} ({min(seconds):.2f} to {max(seconds):.2f})"
    )


def _said(told: Path) -> str:
    import msgspec

    if not told.is_file() or not (data := told.read_bytes()):
        return ""
    built = msgspec.json.decode(data)
    failed = f", FAILED {built['failed']}" if built["failed"] else ""
    return f"{built['read']} read, {built['written']} of {built['pages']} files written{failed}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7, help="Changes measured, one by one.")
    parser.add_argument("--executor", default="", help="Also build it that way, and compare.")
    parser.add_argument("--yardstick", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.yardstick:
        read(arguments.yardstick)
        return
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        measure(Path(folder), arguments.documents, arguments.rounds, arguments.executor)
        print(f"  all of it {time.perf_counter() - begun:.0f} s on the clock")


if __name__ == "__main__":
    main()
