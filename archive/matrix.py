"""The coverage matrix: how every agency of a division stands, for every year and kind.

An accusation (late, missing, withdrawn) is made only where the due day and the agency are known and
the portals were watched well enough (archive/watch.py); otherwise the cell says that it is not
known, and why. It depends on the archive and the register alone, on no clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from archive.events import Entry
from archive.model import ChangeKind, Kind, Level
from archive.paths import identity_of
from archive.register.calendars import Basis, Due, due
from archive.register.exemptions import exemption
from archive.register.successions import existed
from archive.verdict import is_withdrawn
from archive.watch import Doubt, Reason, Watch, said

if TYPE_CHECKING:
    from archive.register import Register
    from archive.register.agencies import Agency
    from archive.repository import Archive

__all__ = [
    "Cell",
    "Doubt",
    "Line",
    "Matrix",
    "Reason",
    "Standing",
    "cells",
    "contents",
    "matrix",
    "said",
]

_PUBLISHED: Final = frozenset(
    {ChangeKind.FIRST, ChangeKind.REVISION, ChangeKind.CORRECTION, ChangeKind.BACKFILL}
)
"""What the publisher did, with a content of its own."""
_REPLACED: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_KNOWN_DUE: Final = frozenset({Basis.STATED, Basis.ANSWERED, Basis.APPROVED})


class Standing(StrEnum):
    """How an agency stands for one year and kind."""

    PUBLISHED = "published"
    """已公开. `Cell.on_time` says whether on time, where that is known."""
    LATE = "late"
    """逾期公开: by the date the publisher claims."""
    REVISED = "revised"
    """已修订: a later version replaced the first, which was not late."""
    WITHDRAWN = "withdrawn"
    """已撤回: its article was found gone in two complete crawls at least a day apart."""
    MISSING = "missing"
    """未见公开: due, and on no portal that would show it."""
    EXEMPT = "exempt"
    """免于公开: the register says so, and where that is said."""
    NOT_KNOWN = "not-known"
    """无法判断: `Cell.doubt` says why."""


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One agency's budget or final account of one year."""

    year: int
    kind: Kind
    standing: Standing
    due: Due
    doubt: Doubt | None = None
    """Why no more is said; for a published document, why not whether it was on time."""
    on_time: bool | None = None
    """None where nothing was published or it is not known."""
    document_id: str = ""
    """The document; "" where none was ever seen."""
    published: date | None = None
    """The earliest day the publisher claims for any version."""
    first_seen: datetime | None = None
    days_late: int | None = None
    versions: int = 0
    """Contents published so far; several where it was revised, whatever the standing."""
    newest: Entry | None = None
    """The event the newest content came with."""
    source: str = ""
    """Where an exemption is said."""


class Line(msgspec.Struct, frozen=True):
    """One agency; it has no cell for a year in which it did not exist."""

    agency: str
    name: str
    kind_of_agency: str | None
    cells: tuple[Cell, ...]

    def cell(self, year: int, kind: Kind) -> Cell | None:
        """The cell of a year and kind; None where the agency did not exist."""
        return next((c for c in self.cells if (c.year, c.kind) == (year, kind)), None)


class Matrix(msgspec.Struct, frozen=True):
    """One division's departments, or its units."""

    division: str
    level: Level
    columns: tuple[tuple[int, Kind], ...]
    """Years newest first, the budget before the final account."""
    lines: tuple[Line, ...]
    """By agency id."""

    def count(self, standing: Standing) -> int:
        """How many cells stand so."""
        return sum(cell.standing is standing for line in self.lines for cell in line.cells)


def matrix(
    archive: Archive,
    register: Register,
    division: str,
    level: Level = Level.DEPARTMENT,
    years: Iterable[int] | None = None,
) -> Matrix:
    """How the agencies of a division stand; without `years` all that anything is known of.

    Those are the years of archived documents and of the division's calendar. Raises RegisterError
    for an unknown division, RepositoryError where a history cannot be read.
    """
    events = _events(archive, division, level)
    known = {year for _, year, _ in events} | {d.year for d in register.calendar(division)}
    chosen = known if years is None else set(years)
    columns = tuple((year, kind) for year in sorted(chosen, reverse=True) for kind in Kind)
    registered = {a.id: a for a in register.agencies(division) if a.level is level}
    facts = _Facts(
        register, Watch(archive.ledger, register, division), division, events, registered
    )
    lines = [facts.line(agency, columns) for agency in sorted({*registered, *facts.publishers})]
    return Matrix(division, level, columns, tuple(line for line in lines if line.cells))


_Key = tuple[str, int, Kind]


def _events(archive: Archive, division: str, level: Level) -> dict[_Key, list[Entry]]:
    """Agency, year and kind → the document's events, newest first."""
    found: dict[_Key, list[Entry]] = defaultdict(list)
    repository = archive.district(division)
    for entry in repository.history() if repository else ():
        what = identity_of(entry.document_id)
        if what.level is level:
            found[what.agency, what.year, what.kind].append(entry)
    return found


class _Facts:
    """What is known of one division and level."""

    def __init__(
        self,
        register: Register,
        watch: Watch,
        division: str,
        events: dict[_Key, list[Entry]],
        registered: dict[str, Agency],
    ) -> None:
        self._watch, self._events, self._registered = watch, events, registered
        self._calendar = register.calendar(division)
        self._successions = register.successions(division)
        self._exemptions = register.exemptions(division)
        self.publishers = {agency for agency, *_ in events}
        self._dues: dict[tuple[int, Kind], Due] = {}

    def line(self, agency: str, columns: Iterable[tuple[int, Kind]]) -> Line:
        known = self._registered.get(agency)
        cells = (self._cell(agency, year, kind) for year, kind in columns)
        return Line(
            agency,
            known.name if known else agency,
            known.kind if known else None,
            tuple(cell for cell in cells if cell is not None),
        )

    def _cell(self, agency: str, year: int, kind: Kind) -> Cell | None:
        until = self._due(year, kind)
        events = self._events.get((agency, year, kind))
        if events:
            return self._seen(agency, Cell(year, kind, Standing.PUBLISHED, until), events)
        if not existed(agency, self._day(until, year, kind), self._successions):
            return None
        exempt = exemption(self._exemptions, agency, year, kind)
        if exempt is not None:
            return Cell(year, kind, Standing.EXEMPT, until, source=exempt.source)
        doubt = self._doubt(agency, year, kind, until)
        standing = Standing.NOT_KNOWN if doubt else Standing.MISSING
        return Cell(year, kind, standing, until, doubt)

    def _seen(self, agency: str, blank: Cell, events: list[Entry]) -> Cell:
        """The cell of a document that was published at some time."""
        own = [entry for entry in events if entry.kind in _PUBLISHED] or events
        days = [entry.published for entry in own if entry.published]
        seen = [entry.observed for entry in own if entry.observed]
        content = next((e for e in events if e.kind not in _NO_CONTENT), events[0])
        cell = msgspec.structs.replace(
            blank,
            document_id=content.document_id,
            published=min(days, default=None),
            first_seen=min(seen, default=None),
            versions=contents(events),
            newest=content,
        )
        doubt = self._doubt(agency, cell.year, cell.kind, cell.due)
        if is_withdrawn(events):
            standing = Standing.NOT_KNOWN if doubt else Standing.WITHDRAWN
            return msgspec.structs.replace(cell, standing=standing, doubt=doubt)
        replaced = any(entry.kind in _REPLACED for entry in events)
        cell = msgspec.structs.replace(
            cell, standing=Standing.REVISED if replaced else Standing.PUBLISHED
        )
        return _timed(cell, doubt)

    def _doubt(self, agency: str, year: int, kind: Kind, until: Due) -> Doubt | None:
        """Why nobody is accused; None where nothing speaks against it."""
        known = self._registered.get(agency)
        if known is None:
            return Doubt(Reason.AGENCY_UNKNOWN)
        if until.day is None:
            return Doubt(Reason.NO_DUE_DAY)
        if until.basis not in _KNOWN_DUE:
            return Doubt(Reason.DUE_ESTIMATED, day=until.day)
        if not self._proven(agency, year, until.day):
            return Doubt(Reason.AGENCY_UNPROVEN)
        return self._watch.doubt(known, year, kind, until.day)

    def _proven(self, agency: str, year: int, on: date) -> bool:
        """Whether something shows that the agency existed by then: a document of that year or an
        earlier one, a name with its dates, or what it came of."""
        if any(one == agency and when <= year for one, when, _ in self._events):
            return True
        names = self._registered[agency].names
        if any(name.since is not None and name.since <= on for name in names):
            return True
        return any(agency in one.after and one.on <= on for one in self._successions)

    def _due(self, year: int, kind: Kind) -> Due:
        if (year, kind) not in self._dues:
            days = (
                min((e.published for e in events if e.published), default=None)
                for (_, when, what), events in self._events.items()
                if (when, what) == (year, kind)
            )
            published = [day for day in days if day is not None]
            self._dues[year, kind] = due(self._calendar, year, kind, published)
        return self._dues[year, kind]

    def _day(self, until: Due, year: int, kind: Kind) -> date:
        # who reports on a year is who there was when it became due
        return until.day or date(year + (kind is Kind.FINAL), 12, 31)


def contents(events: Iterable[Entry]) -> int:
    """How many contents the publisher has shown of a document, from its events."""
    return len({event.originals for event in events if event.kind in _PUBLISHED})


_NO_CONTENT: Final = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.RETURN})


def _timed(cell: Cell, doubt: Doubt | None) -> Cell:
    """The cell of a published document, with whether it was on time."""
    until, day = cell.due, cell.published
    if until.day is None or until.basis not in _KNOWN_DUE:
        return msgspec.structs.replace(cell, doubt=doubt)
    if day is None:
        return msgspec.structs.replace(cell, doubt=Doubt(Reason.NO_DATE))
    if day <= until.day:
        return msgspec.structs.replace(cell, on_time=True)
    if doubt is not None:
        return msgspec.structs.replace(cell, doubt=doubt)
    days = (day - until.day).days
    return msgspec.structs.replace(cell, standing=Standing.LATE, on_time=False, days_late=days)


def cells(found: Matrix) -> Iterator[tuple[Line, Cell]]:
    """Every cell with its line, agency by agency."""
    for line in found.lines:
        for cell in line.cells:
            yield line, cell


_WORDS: Final = {
    Standing.PUBLISHED: "已公开",
    Standing.LATE: "逾期公开",
    Standing.REVISED: "已修订",
    Standing.WITHDRAWN: "已撤回",
    Standing.MISSING: "未见公开",
    Standing.EXEMPT: "免于公开",
    Standing.NOT_KNOWN: "无法判断",
}
_KINDS: Final = {Kind.BUDGET: "预算", Kind.FINAL: "决算"}


def told(found: Matrix, place: str) -> Iterator[str]:
    """A matrix for a person: a line an agency, then how often each reason keeps us from saying."""
    level = "部门" if found.level is Level.DEPARTMENT else "单位"
    yield f"{place} {level}公开情况（未见公开、逾期、撤回仅在依据充分时列出）"
    for line in found.lines:
        known = [_said_of(c) for c in line.cells if c.standing is not Standing.NOT_KNOWN]
        if left := len(line.cells) - len(known):
            known.append(f"无法判断 {left} 项")
        yield f"  {line.agency}  {line.name}  {'，'.join(known)}"
    doubts = Counter(cell.doubt.reason for _, cell in cells(found) if cell.doubt)
    examples = {cell.doubt.reason: cell.doubt for _, cell in cells(found) if cell.doubt}
    for reason, count in doubts.most_common():
        yield f"  {count} 项不能判断：{said(examples[reason])}"


def _said_of(cell: Cell) -> str:
    word = "按时公开" if cell.on_time and cell.standing is Standing.PUBLISHED else None
    late = f"{cell.days_late}日" if cell.days_late else ""
    return f"{cell.year}{_KINDS[cell.kind]} {word or _WORDS[cell.standing]}{late}"
