"""What `mingzhang history` and `mingzhang log` list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import click
import msgspec
from rich.console import Console
from rich.table import Table

from archive.clock import day_of
from archive.events import KIND_NAMES, Entry
from archive.model import ChangeKind, Identity
from archive.paths import identity_of
from archive.register import Register, RegisterError
from archive.repository import Archive, Repository
from archive.wording import called, nearest, shown, unknown_agency

__all__ = [
    "Version",
    "Wanted",
    "as_json",
    "by_our_clock",
    "by_publication",
    "console",
    "found",
    "print_table",
]

_WIDEST: Final = 1000


class Version(NamedTuple):
    """A commit's event, the document it is of, and when and where we committed it."""

    entry: Entry
    identity: Identity
    held: datetime
    number: int


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for; what is not said is not narrowed."""

    what: str | None = None
    """An agency's id, name or alias; a document id or the beginning of one."""
    year: int | None = None
    kind: str | None = None
    division: str | None = None


def found(archive: Archive, register: Register, wanted: Wanted) -> list[Version]:
    """The events of what is asked for, district by district, newest commit first.

    Raises click.UsageError when there is no such agency or document, with the nearest known ones.
    """
    repositories = [r for r in archive.repositories() if wanted.division in (None, r.division)]
    narrowed: dict[str, Any] = {"year": wanted.year, "kind": wanted.kind}
    if wanted.what is not None and "/" in wanted.what:
        narrowed["document"] = wanted.what
    elif wanted.what is not None:
        archived = [r.division for r in repositories]
        divisions = [wanted.division] if wanted.division else archived
        known = divisions or [d.code for d in register.divisions()]
        narrowed["agencies"] = _agencies(register, wanted.what, known)
    versions = [
        Version(one.entry, identity_of(one.entry.document_id), one.held, one.number)
        for repository in repositories
        for one in repository.index().events(**narrowed)
        if one.entry is not None
    ]
    if wanted.what is not None and "document" in narrowed and not versions:
        _must_be_known(wanted.what, repositories)
    return versions


def _must_be_known(what: str, repositories: Sequence[Repository]) -> None:
    ids = sorted({entry.document_id for one in repositories for entry in one.history()})
    if not any(f"{id_}/".startswith(what.rstrip("/") + "/") for id_ in ids):
        raise click.UsageError(f"no document {shown(what)} is archived{nearest(what, ids)}")


def by_our_clock(versions: Iterable[Version]) -> list[Version]:
    """In the order of our commits, newest first."""
    return sorted(versions, key=lambda v: (v.held, v.number), reverse=True)


def by_publication(versions: Iterable[Version]) -> list[Version]:
    """In the order in which the publisher says it was published, newest first.

    Where he says nothing, the day we saw it stands. In whatever order versions were entered
    later, they come out in one: by date, then by original.
    """
    return sorted(versions, key=_published_order, reverse=True)


def _published_order(version: Version) -> tuple[date, bool, datetime, int, tuple[str, ...]]:
    entry = version.entry
    observed = entry.observed or version.held
    day = entry.published or day_of(observed)
    if entry.kind in _BY_OUR_CLOCK:
        day = day_of(observed)
    if entry.kind is ChangeKind.BACKFILL:
        return day, False, _EARLIEST, 0, entry.originals
    return day, True, observed, version.number, entry.originals


_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_BY_OUR_CLOCK: Final = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.RETURN})
"""Of these nobody claims a date: they happened when we saw them."""


def _agencies(register: Register, what: str, divisions: Sequence[str]) -> set[str]:
    try:
        return {register.agency(what).id}
    except RegisterError:
        found = {agency.id for code in divisions for agency in register.find(code, what)}
    if not found:
        raise click.UsageError(unknown_agency(register, what, divisions))
    return found


def as_json(versions: Sequence[Version], register: Register) -> str:
    """The versions as a JSON list, each with its document's name and when it was committed."""
    rows = [
        {
            **msgspec.to_builtins(v.entry),
            "name": called(register, v.entry.document_id),
            "held": v.held.isoformat(),
        }
        for v in versions
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode()


def print_table(versions: Sequence[Version], register: Register) -> None:
    """The versions as a table, as wide as it needs to be where nobody's terminal limits it."""
    table = Table(box=None, pad_edge=False)
    for header in ("observed", "published", "change", "document", "original", "commit"):
        table.add_column(header, no_wrap=header != "document", overflow="fold")
    for entry, *_ in versions:
        table.add_row(
            f"{entry.observed.astimezone():%Y-%m-%d %H:%M}" if entry.observed else "",
            entry.published.isoformat() if entry.published else "",
            KIND_NAMES[entry.kind],
            shown(called(register, entry.document_id)),
            " ".join(sha256[:12] for sha256 in entry.originals),
            entry.commit[:10],
        )
    console(table).print(table)


def console(table: Table) -> Console:
    """A console as wide as the table needs where nobody's terminal limits it."""
    made = Console(highlight=False, markup=False)
    if not made.is_terminal:
        made.width = _WIDEST
        made.width = max(made.measure(table).maximum, 1)
    return made
