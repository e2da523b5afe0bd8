"""Which other documents of the archive a document is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archive.model import Document, Identity, Kind

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["alongside", "siblings"]


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
