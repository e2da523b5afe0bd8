"""Who did not publish, published late or took back, of a district and some time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Final, Self

import msgspec

from archive.clock import day_of
from archive.matrix import Cell, Doubt, Matrix, Reason, Standing, cells, matrix
from archive.model import Kind, Level
from diffing.digest.model import Span

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Absence", "Absent", "Expected"]

_Column = tuple[Level, int, Kind]
_SAID: Final = (Standing.MISSING, Standing.LATE, Standing.WITHDRAWN)


class Absent(msgspec.Struct, frozen=True):
    """One agency's document that is missing, late or withdrawn."""

    agency: str
    level: Level
    cell: Cell


class Absence(msgspec.Struct, frozen=True):
    """What the coverage matrix says of the documents that were due or came in some time."""

    found: tuple[Absent, ...]
    """Missing, then late, then withdrawn; by agency."""
    unknown: tuple[tuple[int, Doubt], ...]
    """How often nothing can be said, by reason, with one example of each; most frequent first."""
    looked_at: int
    """Documents that were looked for."""


class Expected:
    """The documents of a district that were due or came, by its matrices, at hand for any time.

    A year and kind is looked at where it was due in that time or a document of it came. Late,
    missing and withdrawn are said only where the coverage matrix says so: due day and agency known,
    crawls complete and unblocked.
    """

    def __init__(self, standing: Iterable[Matrix]) -> None:
        self._cells: list[Absent] = []
        self._columns: dict[_Column, list[int]] = defaultdict(list)
        self._days: dict[_Column, set[date]] = defaultdict(set)
        self._places: dict[str, int] = {}
        for one in standing:
            for line, cell in cells(one):
                self._add(Absent(line.name, one.level, cell))

    @classmethod
    def of(cls, archive: Archive, register: Register, division: str) -> Self:
        """Of a district as it stands now: its departments and its units."""
        return cls(matrix(archive, register, division, level) for level in Level)

    def _add(self, one: Absent) -> None:
        place, cell = len(self._cells), one.cell
        column = one.level, cell.year, cell.kind
        self._cells.append(one)
        self._columns[column].append(place)
        self._days[column].update(filter(None, (cell.due.day, _came(cell))))
        if cell.document_id:
            self._places[cell.document_id] = place

    def absence(self, span: Span, gone: Collection[str]) -> Absence:
        """Who did not publish in a time, published late or took back; `gone` are the documents
        whose withdrawal was found in it."""
        found: list[Absent] = []
        doubts: Counter[Reason] = Counter()
        examples: dict[Reason, Doubt] = {}
        looked_at = self._looked_at(span, gone)
        for one in looked_at:
            cell = one.cell
            if _told(cell, span, gone):
                found.append(one)
            elif cell.standing is Standing.NOT_KNOWN and cell.doubt is not None:
                doubts[cell.doubt.reason] += 1
                examples.setdefault(cell.doubt.reason, cell.doubt)
        found.sort(key=lambda one: _SAID.index(one.cell.standing))
        unknown = tuple((count, examples[reason]) for reason, count in doubts.most_common())
        return Absence(tuple(found), unknown, len(looked_at))

    def _looked_at(self, span: Span, gone: Collection[str]) -> list[Absent]:
        """By level and agency."""
        places = {self._places[id_] for id_ in gone if id_ in self._places}
        for column, days in self._days.items():
            if any(span.since <= day <= span.until for day in days):
                places.update(self._columns[column])
        return [self._cells[place] for place in sorted(places)]


def _came(cell: Cell) -> date | None:
    return day_of(cell.first_seen) if cell.first_seen else None


def _due(cell: Cell, span: Span) -> bool:
    return cell.due.day is not None and span.since <= cell.due.day <= span.until


def _told(cell: Cell, span: Span, gone: Collection[str]) -> bool:
    """Whether what is to be said of it belongs to the time: each thing is told once."""
    if cell.standing is Standing.WITHDRAWN:
        return cell.document_id in gone
    if cell.standing is Standing.LATE:
        return cell.first_seen in span
    return cell.standing is Standing.MISSING and _due(cell, span)
