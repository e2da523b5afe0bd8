"""Documents that were just read, and the ids of their places: kept at hand for a while."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from diffing.finding import of_entry
from diffing.site.anchors import Anchors

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.model import Document
    from archive.register import Register
    from archive.repository import Archive
    from diffing.versions import Version

__all__ = ["Shelf"]

_KEPT: Final = 48


class Shelf:
    """Documents that were just read: last year's of one is this year's of another."""

    def __init__(self, archive: Archive, register: Register) -> None:
        self._archive, self._register = archive, register
        self._read: OrderedDict[str, Version] = OrderedDict()
        self._anchors: OrderedDict[str, Anchors] = OrderedDict()

    def version(self, division: str, entry: Entry) -> Version:
        """The version an event put there. Raises UnknownDocument, RepositoryError."""
        found = self._read.get(entry.commit)
        if found is None:
            repository = self._archive.repository(division)
            found = of_entry(repository, self._register, entry)
            self._read[entry.commit] = found
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        self._read.move_to_end(entry.commit)
        return found

    def anchors(self, version: Version) -> Anchors:
        """The ids of a version's places."""
        commit = version.commit or ""
        if commit not in self._anchors:
            self._anchors[commit] = Anchors(version.document)
            if len(self._anchors) > _KEPT:
                self._anchors.popitem(last=False)
        self._anchors.move_to_end(commit)
        return self._anchors[commit]

    def document(self, division: str, entry: Entry) -> Document:
        """What a version holds. Raises UnknownDocument, RepositoryError."""
        return self.version(division, entry).document
