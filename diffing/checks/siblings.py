"""Which other documents of the archive a document is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archive.events import is_version
from archive.model import Document, Identity, Kind

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["alongside", "replaced", "siblings"]


def alongside(identity: Identity) -> list[Identity]:
    """What those documents are called, whether the archive has them or not."""
    wanted = [msgspec.structs.replace(identity, year=identity.year - 1)]
    if identity.kind is Kind.FINAL:
        wanted.append(msgspec.structs.replace(identity, kind=Kind.BUDGET))
    return wanted


def siblings(archive: Archive, register: Register, identity: Identity) -> list[Document]:
    """Last year's document of the same kind, and for a final account the budget of its year."""
    from diffing.finding import NotFoundError, newest

    found = []
    for one in alongside(identity):
        try:
            found.append(newest(archive, register, one).document)
        except NotFoundError:
            continue
    return found


def replaced(archive: Archive, register: Register, identity: Identity) -> list[Document]:
    """The versions that those documents took the place of, the latest first: what quotes one of
    them may have quoted it rightly."""
    from diffing.finding import of_entry

    found = []
    for one in alongside(identity):
        repository = archive.district(one.division)
        current = repository.current_entry(one.document_id) if repository else None
        if repository is None or current is None:
            continue
        versions = [e for e in repository.history(one.document_id) if is_version(e)]
        newest_reading = {entry.originals: entry for entry in reversed(versions)}
        for originals in dict.fromkeys(entry.originals for entry in versions):
            if originals != current.originals:
                entry = newest_reading[originals]
                found.append(of_entry(repository, register, entry).document)
    return found
