"""What `mingzhang history` lists."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import click
import msgspec
from rich.console import Console
from rich.table import Table

from archive.events import KIND_NAMES, Entry
from archive.model import Identity
from archive.paths import identity_of
from archive.register import Register, RegisterError
from archive.repository import Archive
from archive.wording import called, nearest, shown, unknown_agency

__all__ = ["Version", "as_json", "print_table", "versions_of"]

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_WIDEST: Final = 1000


class Version(NamedTuple):
    """A commit and the document it is of."""

    entry: Entry
    identity: Identity


def versions_of(
    archive: Archive, register: Register, what: str | None, division: str | None
) -> list[Version]:
    """Versions newest first: of everything, or of the agency or document `what` names.

    Raises click.UsageError when there is no such agency or document, with the nearest known ones.
    """
    repositories = [r for r in archive.repositories() if division in (None, r.division)]
    histories = (
        [Version(entry, identity_of(entry.document_id)) for entry in repository.history()]
        for repository in repositories
    )
    # Districts are merged by time, while each district's own order stands.
    merged = heapq.merge(*histories, key=lambda v: v.entry.observed or _EARLIEST, reverse=True)
    versions = list(merged)
    if what is None:
        return versions
    if "/" in what:
        return _of_document(versions, what)
    divisions = [division] if division else [r.division for r in repositories]
    wanted = _agencies(register, what, divisions or [d.code for d in register.divisions()])
    return [v for v in versions if v.identity.agency in wanted]


def _of_document(versions: list[Version], what: str) -> list[Version]:
    start = what.rstrip("/") + "/"
    found = [v for v in versions if f"{v.entry.document_id}/".startswith(start)]
    if not found:
        ids = sorted({v.entry.document_id for v in versions})
        raise click.UsageError(f"no document {shown(what)} is archived{nearest(what, ids)}")
    return found


def _agencies(register: Register, what: str, divisions: Sequence[str]) -> set[str]:
    try:
        return {register.agency(what).id}
    except RegisterError:
        found = {agency.id for code in divisions for agency in register.find(code, what)}
    if not found:
        raise click.UsageError(unknown_agency(register, what, divisions))
    return found


def as_json(versions: Sequence[Version], register: Register) -> str:
    """The versions as a JSON list, each with its document's name for readers."""
    rows = [
        {**msgspec.to_builtins(entry), "name": called(register, entry.document_id)}
        for entry, _ in versions
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode()


def print_table(versions: Sequence[Version], register: Register) -> None:
    """The versions as a table, as wide as it needs to be where nobody's terminal limits it."""
    table = Table(box=None, pad_edge=False)
    for header in ("observed", "published", "change", "document", "original", "commit"):
        table.add_column(header, no_wrap=header != "document", overflow="fold")
    for entry, _ in versions:
        table.add_row(
            f"{entry.observed.astimezone():%Y-%m-%d %H:%M}" if entry.observed else "",
            entry.published.isoformat() if entry.published else "",
            KIND_NAMES[entry.kind],
            shown(called(register, entry.document_id)),
            " ".join(sha256[:12] for sha256 in entry.originals),
            entry.commit[:10],
        )
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDEST
        console.width = max(console.measure(table).maximum, 1)
    console.print(table)
