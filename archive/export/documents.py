"""Documents as rows: each as the archive has it now, one after another, never two held at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from archive.events import Entry, is_version
from archive.export.rows import rows
from archive.matrix import contents
from archive.model import Certainty, Document, Identity, Mark
from archive.register import Register, RegisterError
from archive.repository import Archive, Repository
from archive.verdict import is_withdrawn

__all__ = ["Held", "Place", "document_row", "item_rows", "places", "read"]

_SURENESS: Final = list(Certainty)


class Place(NamedTuple):
    """A document that is archived, before it is read."""

    repository: Repository
    identity: Identity


class Held(NamedTuple):
    """A document as the archive has it now."""

    identity: Identity
    document: Document
    entry: Entry
    """The commit that put it there."""
    events: list[Entry]
    """All its events, newest first."""


def places(
    archive: Archive, divisions: Collection[str] = (), years: Collection[int] = ()
) -> list[Place]:
    """The documents of these divisions and years (of all, where none is named), in order.

    An agency's documents stand together. Raises RepositoryError.
    """
    return [
        Place(repository, identity)
        for repository in archive.repositories()
        if not divisions or repository.division in divisions
        for identity in repository.documents()
        if not years or identity.year in years
    ]


def read(place: Place) -> Held:
    """Read one. Raises RepositoryError or UnknownDocument where it cannot be read."""
    events = place.repository.history(place.identity.document_id)
    entry = next(event for event in events if is_version(event))
    return Held(place.identity, place.repository.version(entry), entry, events)


def item_rows(held: Held, register: Register) -> Iterator[dict[str, Any]]:
    """Its line items, one row a figure (archive/export/columns.py)."""
    name, kind = _named(held.identity, register)
    return rows(held.identity, held.entry, held.document, name, kind)


def document_row(held: Held, register: Register) -> dict[str, Any]:
    """Its row of the table of documents (archive/export/tables.py)."""
    identity, document, entry, events = held
    name, kind = _named(identity, register)
    amounts = [
        amount
        for statement in document.statements
        for item in statement.items
        for amount in item.amounts.values()
    ]
    remarks = sorted({remark.code for remark in document.remarks})
    sureness = (_SURENESS.index(amount.certainty) for amount in amounts)
    worst = max(sureness, default=None)
    return {
        "document": identity.document_id,
        "division": identity.division,
        "division_name": division_name(identity.division, register),
        "agency": identity.agency,
        "agency_name": name,
        "agency_kind": kind or "",
        "level": str(identity.level),
        "year": identity.year,
        "kind": str(identity.kind),
        "version": entry.commit,
        "original": document.original,
        "extractor": document.extractor,
        "published": entry.published,
        "source": entry.source_url,
        "article": entry.source_page,
        "observed": entry.observed,
        "withdrawn": is_withdrawn(events),
        "versions": contents(events),
        "media_type": document.media_type,
        "pages": document.pages,
        "statements": len(document.statements),
        "line_items": sum(len(statement.items) for statement in document.statements),
        "figures": len(amounts),
        "unreadable": sum(amount.mark is Mark.UNREADABLE for amount in amounts),
        "unknown_tables": len(document.tables),
        "remarks": msgspec.json.encode(remarks).decode() if remarks else "",
        "certainty": "" if worst is None else str(_SURENESS[worst]),
    }


def division_name(code: str, register: Register) -> str:
    """A division's name as in the register, its code where it is not there."""
    try:
        division = register.division(code)
    except RegisterError:
        return code
    return division.city + division.name


def _named(identity: Identity, register: Register) -> tuple[str, str | None]:
    try:
        agency = register.agency(identity.agency)
    except RegisterError:
        return identity.agency, None
    return agency.name, agency.kind
