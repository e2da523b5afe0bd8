"""The site's costs: building it whole, building it again after one change or none.

    python -m benchmarks.site [--documents 1000]

Synthetic departments of one district, budgets and final accounts over years, of about the size of
real ones: twelve statements, 300 line items, 1,200 figures, 40 paragraphs. The yardstick in the
same run is reading every document once from git, which any build from nothing must do.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.model import Document, Identity
    from archive.register import Register
    from archive.repository import Archive
    from diffing.site.build import Inputs

DIVISION = "310107"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
FORMS = (
    "total", "income", "expenditure", "fiscal", "general_function", "basic_economic", "sangong",
    "fund", "soe", "project", "procurement", "general_unit",
)  # fmt: skip
ROWS = 25
MEASURES = ("合计", "基本支出", "项目支出", "其他")
CODES = ("201", "20101", "2010101", "2010102", "20103", "2010301", "2010399", "206", "20699",
         "2069999", "208", "20805", "2080502", "2080505", "2080506", "210", "21011", "2101101",
         "2101102", "221", "22102", "2210201", "2210202", "229", "22999")  # fmt: skip


def identities(register: Register, count: int) -> Iterator[Identity]:
    """So many documents, agency by agency, budgets and final accounts of the newest years."""
    from archive.model import Identity, Kind, Level

    agencies = [a for a in register.agencies(DIVISION) if a.level is Level.DEPARTMENT]
    years = -(-count // (2 * len(agencies)))
    listed = (
        Identity(DIVISION, agency.id, Level.DEPARTMENT, 2026 - back, kind)
        for back in reversed(range(years))
        for agency in agencies
        for kind in Kind
    )
    for number, one in enumerate(listed):
        if number == count:
            return
        yield one


def document(number: int, what: Identity, mark: int = 0) -> Document:
    """A document whose figures follow from its number; `mark` changes one of them."""
    from archive.model import (
        Amount,
        Box,
        Classification,
        Column,
        Document,
        Facts,
        LineItem,
        Locator,
        Paragraph,
        Statement,
        Unit,
    )

    def amount(value: int, page: int, row: int, column: int) -> Amount:
        figure = Decimal(value).scaleb(-2)
        box = Box(100 + 80 * column, 780 - 20 * row, 180 + 80 * column, 800 - 20 * row)
        return Amount(f"{figure:,}", figure, at=Locator(page, row, column, box))

    statements = []
    for page, form in enumerate(FORMS, 4):
        items = []
        for row in range(2, ROWS + 2):
            code = CODES[row - 2]
            project = form == "project"
            base = (number * 7919 + row * 104729 + what.year * 31) % 900000 + mark * (row == 7)
            name = f"第{number % 63}部门项目{row}" if project else f"科目{code}"
            items.append(
                LineItem(
                    name=name,
                    code="" if project else code,
                    level=len(code) // 2,
                    classification=(
                        Classification.PROJECT if project else Classification.FUNCTIONAL
                    ),
                    total=False,
                    amounts={
                        measure: amount(base + column * 1000, page, row, column)
                        for column, measure in enumerate(MEASURES, 3)
                    },
                    page=page,
                    row=row,
                )
            )
        columns = tuple(Column(measure, measure) for measure in MEASURES)
        statements.append(
            Statement(f"{what.kind}.{form}", f"{form}表", Unit.WAN, (page,), columns, tuple(items))
        )
    prose = tuple(
        Paragraph(
            17 + n // 4, f"{what.year}年第{n}段说明，比上年增加的主要原因是工作任务增加。" * 2
        )
        for n in range(40)
    )
    original = f"{number:x}{mark:02x}".rjust(64, "0")
    return Document(
        original, "application/pdf", "synthetic/1", 27, Facts(), tuple(statements), prose=prose
    )


def fill(archive: Archive, register: Register, count: int) -> list[Identity]:
    """Commit so many documents, five hundred a run."""
    filed = list(identities(register, count))
    commit(archive, register, [(number, what, 0) for number, what in enumerate(filed)])
    return filed


def commit(archive: Archive, register: Register, wanted: list[tuple[int, Identity, int]]) -> None:
    """Commit versions: number, whose, and what is changed in it (0 for a first version)."""
    from archive.model import ChangeKind, Source
    from archive.repository import Event

    repository = archive.repository(DIVISION, create=True, title="上海市普陀区")
    with repository.writing() as writer:
        for number, what, mark in wanted:
            made = document(number, what, mark)
            name = register.registered_name(what.agency)
            writer.commit(
                Event(
                    kind=ChangeKind.REVISION if mark else ChangeKind.FIRST,
                    identity=what,
                    document=made,
                    originals=(made.original,),
                    source=Source(
                        url=f"https://www.example.gov.cn/{number}.pdf",
                        published=date(what.year, 2, 1) + timedelta(days=number % 20),
                        observed=BEGINNING + timedelta(minutes=number, days=mark),
                    ),
                    run=f"run-{number // 500}-{mark}",
                    subject=f"{name} {what.year}",
                    agency_name=name,
                )
            )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor."""
    wall, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - spent


def inputs(root: Path) -> Inputs:
    """What a site is made from, beside the archive."""
    from diffing.site.build import Inputs
    from diffing.site.settings import SiteSettings
    from diffing.thresholds import DigestSettings

    return Inputs(SiteSettings(), DigestSettings(), {}, root / "digests")


def measure(root: Path, count: int) -> None:
    """Build, build again, build after one change; print what it took."""
    from archive import register as registers
    from archive.current import current
    from archive.repository import Archive
    from diffing.site.build import build

    register = registers.load()
    archive = Archive(root / "archive")
    filed = fill(archive, register, count)
    folder, made = root / "site", inputs(root)

    def building() -> None:
        found = build(archive, register, made, folder)
        said.append(f"{found.read} documents read, {found.written} of {found.pages} files written")

    def reading() -> None:
        for _ in current(archive.repository(DIVISION)):
            pass

    said: list[str] = []
    rows = [("every document read from git (yardstick)", timed(reading), "")]
    rows.append(("the whole site", timed(building), said[-1]))
    rows.append(("again, nothing new", timed(building), said[-1]))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    changed = count - len(filed) // 3
    commit(archive, register, [(changed, filed[changed], 1)])
    rows.append(("again, one document revised", timed(building), said[-1]))
    print(f"{count} documents, {size / 1e6:.0f} MB")
    for name, (wall, spent), note in rows:
        print(f"  {name:45} {wall:8.2f} s  processor {spent:8.2f} s  {note}")
    archive.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments.documents)


if __name__ == "__main__":
    main()
