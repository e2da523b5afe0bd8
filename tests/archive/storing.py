"""An archive to store into, with originals that need no PDF: JSON behind the header of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from archive import money, paths, register
from archive.executor import Local
from archive.identity import Hints
from archive.intake import Intake, Outcome
from archive.ledger import run_id
from archive.model import (
    Amount,
    Column,
    Document,
    Facts,
    Identity,
    Kind,
    Level,
    LineItem,
    Paragraph,
    RawTable,
    Remark,
    Source,
    Statement,
    Unit,
)
from archive.repository import Archive, Entry
from archive.text import Unreadable

EXTRACTOR = "fake/1"
FINANCE = "上海市普陀区财政局"
PLANNING = "上海市普陀区规划和自然资源局"
BEGINNING = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HEADER = b"%PDF-fake\n"


class Clock:
    """Our clock, standing still until it is moved."""

    def __init__(self, moment: datetime = BEGINNING) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_days(self, days: float) -> None:
        """Move it."""
        self.moment += timedelta(days=days)


@cache
def known() -> register.Register:
    """The packaged register."""
    return register.load()


def identity_of_finance(
    year: int = 2024, kind: Kind = Kind.FINAL, level: Level = Level.DEPARTMENT
) -> Identity:
    """The documents most tests are about."""
    agency = known().find("310107", FINANCE, level)[0]
    return Identity("310107", agency.id, level, year, kind)


def paper(
    rows: dict[str, str] | None = None,
    *,
    agency: str = FINANCE,
    year: int = 2024,
    kind: str = "final",
    level: str = "department",
    salt: str = "",
    prose: str = "一、部门概况",
    remarks: tuple[str, ...] = (),
) -> bytes:
    """An original: rows of one statement (name → amount as printed) and what it says of itself."""
    facts = {"agency": agency, "year": year, "kind": kind, "level": level}
    said: dict[str, Any] = {
        "facts": facts,
        "rows": {"行政运行": "1,511.90"} if rows is None else rows,
        "salt": salt,
        "prose": prose,
        "remarks": remarks,
    }
    return HEADER + json.dumps(said, ensure_ascii=False).encode()


def read(data: bytes, extractor: str = EXTRACTOR) -> Document:
    """The document a paper holds."""
    if not data.startswith(HEADER):
        raise Unreadable("not-a-pdf", "it is no PDF")
    said = json.loads(data.removeprefix(HEADER))
    items = tuple(
        LineItem(
            name=name,
            code=f"20106{number:02d}",
            level=3,
            amounts={"合计": Amount(text, money.parse(text)[1], money.parse(text)[0])},
            page=3,
            row=number + 2,
        )
        for number, (name, text) in enumerate(said["rows"].items(), 1)
    )
    statement = Statement(
        form="final.expenditure",
        title="支出决算表",
        unit=Unit.WAN,
        pages=(3,),
        columns=(Column("合计", "合计"),),
        items=items,
    )
    return Document(
        original=hashlib.sha256(data).hexdigest(),
        media_type="application/pdf",
        extractor=extractor,
        pages=5,
        facts=Facts(
            agency=said["facts"]["agency"],
            level=Level(said["facts"]["level"]),
            year=said["facts"]["year"],
            kind=Kind(said["facts"]["kind"]),
        ),
        statements=(statement,) if items else (),
        tables=(RawTable("收入表", (4,), (("甲", None), ("乙", "1"))),),
        prose=(Paragraph(2, said["prose"], 1), Paragraph(2, "单位职责如下。")),
        remarks=tuple(Remark(code, "remark") for code in said["remarks"]),
    )


def seen(
    url: str = "https://czj.example/a.pdf",
    page: str = "https://czj.example/a.html",
    title: str = "上海市普陀区财政局2024年度部门决算",
    published: date | None = date(2025, 9, 1),
    filename: str = "a.pdf",
) -> Source:
    """Where and when an original was seen."""
    return Source(
        url=url,
        page_url=page,
        title=title,
        published=published,
        portal="putuo",
        filename=filename,
    )


def identity_of(entry: Entry) -> Identity:
    """The document an event is about."""
    return paths.identity_of(entry.document_id)


class Workshop:
    """An archive with its clock; every `run` is an intake in the name of a new run."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.root = root
        self.archive = Archive(root, clock=self.clock)
        self.extractor = EXTRACTOR
        self.register = known()

    def intake(self, **options: Any) -> Intake:
        """A new run, a day after the one before."""
        self.clock.pass_days(1)
        extractor = self.extractor
        given = {
            "reader": lambda path: read(path.read_bytes(), extractor),
            "executor": Local(2),
            **options,
        }
        return Intake(
            self.archive,
            self.register,
            run_id(self.clock()),
            self.clock,
            extractor=extractor,
            **given,
        )

    def run(self, *offers: tuple[bytes, Source], **options: Any) -> list[Outcome]:
        """Offer these originals in a run of their own and process what is pending."""
        intake = self.intake(**options)
        for data, source in offers:
            intake.offer(data, source)
        return intake.process()

    def bring(self, data: bytes, hints: Hints | None = None, **source: Any) -> list[Outcome]:
        """An operator imports a file by name."""
        intake = self.intake()
        name = source.pop("name", "a.pdf")
        where = Source(url=f"file:{name}", filename=name, status=0, **source)
        intake.offer(data, where, hints or Hints(), insist=True)
        return intake.process()

    def history(self, division: str = "310107") -> list[Entry]:
        """The district's events, oldest first."""
        return self.archive.repository(division).history()[::-1]

    def kinds(self) -> list[str]:
        """Their kinds."""
        return [str(entry.kind) for entry in self.history()]


def told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """Status and kind of each outcome."""
    return [(outcome.status, str(outcome.kind or "")) for outcome in outcomes]
