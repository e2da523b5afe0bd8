"""Who did not publish, published late or took back, of a district and some time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from archive.matrix import Cell, Doubt, Matrix, Reason, Standing, cells, matrix
from archive.model import Level
from diffing.digest.model import Span

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Absence", "Absent", "absence", "absence_in"]

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


def absence(
    archive: Archive, register: Register, division: str, span: Span, gone: Collection[str]
) -> Absence:
    """As `absence_in`, of the district as it stands now."""
    found = [matrix(archive, register, division, level) for level in Level]
    return absence_in(found, span, gone)


def absence_in(standing: Iterable[Matrix], span: Span, gone: Collection[str]) -> Absence:
    """Hold a district's agencies, by its matrices, against what was due in some time or came in it.

    A year and kind is looked at where it was due then or a document of it came; `gone` are the
    documents whose withdrawal was found in that time. Late, missing and withdrawn are said only
    where the coverage matrix says so: due day and agency known, crawls complete and unblocked.
    """
    found: list[Absent] = []
    doubts: Counter[Reason] = Counter()
    examples: dict[Reason, Doubt] = {}
    looked_at = 0
    for one in standing:
        held = list(cells(one))
        columns = {(cell.year, cell.kind) for _, cell in held if _within(cell, span)}
        for line, cell in held:
            if (cell.year, cell.kind) not in columns and cell.document_id not in gone:
                continue
            looked_at += 1
            if _told(cell, span, gone):
                found.append(Absent(line.name, one.level, cell))
            elif cell.standing is Standing.NOT_KNOWN and cell.doubt is not None:
                doubts[cell.doubt.reason] += 1
                examples.setdefault(cell.doubt.reason, cell.doubt)
    found.sort(key=lambda one: _SAID.index(one.cell.standing))
    unknown = tuple((count, examples[reason]) for reason, count in doubts.most_common())
    return Absence(tuple(found), unknown, looked_at)


def _within(cell: Cell, span: Span) -> bool:
    """Whether it was due or came in the time."""
    return _due(cell, span) or cell.first_seen in span


def _due(cell: Cell, span: Span) -> bool:
    return cell.due.day is not None and span.since <= cell.due.day <= span.until


def _told(cell: Cell, span: Span, gone: Collection[str]) -> bool:
    """Whether what is to be said of it belongs to the time: each thing is told once."""
    if cell.standing is Standing.WITHDRAWN:
        return cell.document_id in gone
    if cell.standing is Standing.LATE:
        return cell.first_seen in span
    return cell.standing is Standing.MISSING and _due(cell, span)
