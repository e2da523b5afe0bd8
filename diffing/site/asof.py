"""The archive as it was when a run had ended: what its digest said must not change afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from archive.events import is_version
from archive.paths import identity_of

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.model import Document, Identity
    from archive.repository import Archive, Repository

__all__ = ["Read", "as_of"]

Read: TypeAlias = "Callable[[str, Entry], Document]"
"""Division and event → the document it speaks of."""


class _Past:
    """One district's repository up to a commit."""

    def __init__(self, repository: Repository, until: int | None, read: Read) -> None:
        self.division = repository.division
        self._read = read
        events = [
            one for one in repository.index().events() if until is None or one.number <= until
        ]
        self._entries = [one.entry for one in events if one.entry is not None]
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
        return next((e for e in self._documents.get(document_id, ()) if is_version(e)), None)

    def holds(self, identity: Identity) -> bool:
        """Whether the document was there."""
        return self.current_entry(identity.document_id) is not None

    def documents(self) -> list[Identity]:
        """The documents there were."""
        return [identity_of(id_) for id_ in self._documents if self.current_entry(id_)]

    def version(self, entry: Entry) -> Document:
        """The version an event speaks of."""
        return self._read(self.division, entry)


class _Then:
    """The districts, each up to a commit."""

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


def as_of(archive: Archive, until: Mapping[str, int | None], read: Read) -> Archive:
    """The archive's districts up to the commits of these numbers, for reading only.

    `until` is division → number of its last commit that counts, None for all there are; other
    districts are left out. `read` gives the version an event put there.
    """
    past = {
        division: _Past(archive.repository(division), number, read)
        for division, number in until.items()
    }
    # what builds a digest asks an archive for no more than these
    return cast("Archive", _Then(past))
