"""The newest content of every document of a district, with one look at its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from archive.events import Entry
from archive.model import ChangeKind, Document, Identity
from archive.repository import Repository

__all__ = ["CONTENTLESS", "current", "entries"]

CONTENTLESS: Final = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.RETURN})
"""Events that carry no reading of their own."""


def entries(repository: Repository) -> dict[Identity, Entry]:
    """For every document the newest commit holds, the event its content came with.

    Raises RepositoryError where a commit's trailers cannot be read.
    """
    newest: dict[str, Entry] = {}
    for entry in repository.history():
        if entry.kind not in CONTENTLESS:
            newest.setdefault(entry.document_id, entry)
    return {
        identity: newest[identity.document_id]
        for identity in repository.documents()
        if identity.document_id in newest
    }


def current(
    repository: Repository, wanted: Callable[[Identity], bool] = lambda _identity: True
) -> Iterator[tuple[Identity, Entry, Document]]:
    """The documents a district has now, by identity, each read when its turn comes."""
    for identity, entry in entries(repository).items():
        if wanted(identity):
            yield identity, entry, repository.read(identity, entry.commit)
