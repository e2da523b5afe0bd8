"""Documents committed to a real archive, as a run would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from msgspec import structs

from archive import register
from archive.model import ChangeKind, Document, Identity, Kind, Level, Source
from archive.repository import Archive, Event
from archive.text import read

FINANCE = "上海市普陀区财政局"
BEGINNING = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@cache
def known() -> register.Register:
    return register.load()


def identity(
    year: int = 2024, kind: Kind = Kind.BUDGET, level: Level = Level.DEPARTMENT, name: str = FINANCE
) -> Identity:
    agency = known().find("310107", name, level)[0]
    return Identity("310107", agency.id, level, year, kind)


class Filing:
    """An archive that is filled commit by commit; every commit has its own run unless told."""

    def __init__(self, root: Path) -> None:
        self.archive = Archive(root)
        self.count = 0

    def commit(
        self,
        document: Document,
        what: Identity,
        kind: ChangeKind = ChangeKind.FIRST,
        run: str = "",
        url: str = "http://czj.example.gov.cn/ys.pdf",
        observed: datetime | None = None,
    ) -> tuple[str, str]:
        document = structs.replace(document, original=f"{self.count + 1:x}" * 64)
        return self._commit(document, what, kind, run, url, observed)

    def publish(
        self,
        data: bytes,
        what: Identity,
        kind: ChangeKind = ChangeKind.FIRST,
        run: str = "",
        url: str = "http://czj.example.gov.cn/ys.pdf",
        observed: datetime | None = None,
        reading: Document | None = None,
    ) -> tuple[str, str]:
        """A published file as it is: read, unless its `reading` is given, stored and committed."""
        sha = self.archive.originals.put(data)
        document = structs.replace(reading, original=sha) if reading else read(data)
        return self._commit(document, what, kind, run, url, observed)

    def _commit(
        self,
        document: Document,
        what: Identity,
        kind: ChangeKind,
        run: str,
        url: str,
        observed: datetime | None,
    ) -> tuple[str, str]:
        self.count += 1
        name = known().registered_name(what.agency)
        event = Event(
            kind=kind,
            identity=what,
            document=document,
            originals=(document.original,),
            source=Source(
                url=url,
                published=date(2026, 2, self.count),
                observed=observed or BEGINNING + timedelta(days=self.count),
            ),
            run=run or f"run-{self.count}",
            subject=f"{kind} {name}",
            agency_name=name,
        )
        repository = self.archive.repository(what.division, create=True, title="上海市普陀区")
        with repository.writing() as writer:
            return what.division, writer.commit(event)
