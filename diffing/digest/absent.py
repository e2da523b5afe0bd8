"""Who did not publish, published late or took back, of a district and some time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from archive.matrix import Cell, Doubt, Reason, Standing, cells, matrix
from archive.model import Level
from diffing.digest.model import Span

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Absence", "Absent", "absence"]

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


def absence(archive: Archive, register: Register, division: str, span: Span) -> Absence:
    """Hold a district's agencies against what was due in some time, or came in it.

    Late, missing and withdrawn are said only where the coverage matrix says so: due day and agency
    known, crawls complete and unblocked.
    """
    found: list[Absent] = []
    doubts: Counter[Reason] = Counter()
    examples: dict[Reason, Doubt] = {}
    looked_at = 0
    for level in Level:
        for line, cell in cells(matrix(archive, register, division, level)):
            if not _within(cell, span):
                continue
            looked_at += 1
            if cell.standing in _SAID:
                found.append(Absent(line.name, level, cell))
            elif cell.standing is Standing.NOT_KNOWN and cell.doubt is not None:
                doubts[cell.doubt.reason] += 1
                examples.setdefault(cell.doubt.reason, cell.doubt)
    found.sort(key=lambda one: _SAID.index(one.cell.standing))
    unknown = tuple((count, examples[reason]) for reason, count in doubts.most_common())
    return Absence(tuple(found), unknown, looked_at)


def _within(cell: Cell, span: Span) -> bool:
    """Whether it was due, came or changed in the time."""
    due = cell.due.day is not None and span.since <= cell.due.day <= span.until
    changed = cell.newest is not None and cell.newest.observed in span
    return due or changed or cell.first_seen in span
