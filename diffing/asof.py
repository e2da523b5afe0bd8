"""The archive as it was at some time: what a digest said must not change with what came after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, cast

from archive.clock import day_of
from archive.events import is_version
from archive.model import ChangeKind
from archive.paths import identity_of

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.index import Commit
    from archive.model import Document, Identity
    from archive.repository import Archive, Repository

__all__ = ["Read", "Until", "as_of"]

Read: TypeAlias = "Callable[[str, Entry], Document]"
"""Division and event → the document it speaks of."""
Until: TypeAlias = "int | date | None"
"""The number of the last commit that counts, or the last day by our clock; None for all of it."""


class _Past:
    """One district's repository up to some time."""

    def __init__(self, repository: Repository, until: Until, read: Read) -> None:
        self.division = repository.division
        self._read = read
        found = list(_entries(repository.index().events(), until))
        self._entries = [entry for entry, _ in found]
        self._later = {entry.commit for entry, later in found if later}
        self._documents: dict[str, list[Entry]] = {}
        for entry in self._entries:
            self._documents.setdefault(entry.document_id, []).append(entry)

    def history(self, document_id: str | None = None) -> list[Entry]:
        """The events up to then, newest first."""
        if document_id is None:
            return list(self._entries)
        return list(self._documents.get(document_id, ()))

    def current_entry(self, document_id: str) -> Entry | None:
        """The event that had put there what a document's content was then."""
        entries = self._documents.get(document_id, ())
        return next((e for e in entries if is_version(e) and e.commit not in self._later), None)

    def holds(self, identity: Identity) -> bool:
        """Whether the document was there."""
        return self.current_entry(identity.document_id) is not None

    def documents(self) -> list[Identity]:
        """The documents there were."""
        return [identity_of(id_) for id_ in self._documents if self.current_entry(id_)]

    def version(self, entry: Entry) -> Document:
        """The version an event speaks of."""
        return self._read(self.division, entry)


def _entries(events: Sequence[Commit], until: Until) -> Iterator[tuple[Entry, bool]]:
    """The events up to then, newest first, and whether each came later: up to a day, what was read
    anew since counts as well, for it is what was there then, better read."""
    if not isinstance(until, date):
        for one in events:
            if one.entry is not None and (until is None or one.number <= until):
                yield one.entry, False
        return
    entries = [one.entry for one in events if one.entry is not None]
    there = {(e.document_id, e.originals) for e in entries if _by(e, until)}
    for entry in entries:
        later = not _by(entry, until)
        again = entry.kind is ChangeKind.RE_EXTRACTION
        if not later or (again and (entry.document_id, entry.originals) in there):
            yield entry, later


def _by(entry: Entry, day: date) -> bool:
    return entry.observed is None or day_of(entry.observed) <= day


class _Then:
    """The districts, each up to some time."""

    def __init__(self, past: dict[str, _Past]) -> None:
        self._past = past

    def repositories(self) -> list[_Past]:
        """The districts there were, by division code."""
        return [self._past[division] for division in sorted(self._past)]

    def district(self, division: str) -> _Past | None:
        """One district; None where nothing was archived of it."""
        return self._past.get(division)

    def repository(self, division: str) -> _Past:
        """One district."""
        return self._past[division]


def as_of(archive: Archive, until: Mapping[str, Until], read: Read) -> Archive:
    """The archive's districts up to some time, for reading only.

    `until` is division → up to when; other districts are left out. `read` gives the version an
    event put there.
    """
    past = {
        division: _Past(archive.repository(division), number, read)
        for division, number in until.items()
    }
    # what builds a digest asks an archive for no more than these
    return cast("Archive", _Then(past))
