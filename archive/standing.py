"""What stood at a moment: published by the dates claimed, held by our own clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import click
import msgspec
from rich.table import Table

from archive.clock import CHINA, day_of
from archive.events import KIND_NAMES, Entry, is_version
from archive.listing import Version, Wanted, by_publication, console, found
from archive.model import ChangeKind, Document
from archive.register import Register
from archive.repository import Archive, Repository, UnknownDocument
from archive.verdict import is_withdrawn
from archive.wording import called, shown

__all__ = [
    "Shown",
    "Standing",
    "as_json",
    "as_of",
    "end_of",
    "lines",
    "one",
    "print_table",
    "version_as_json",
]

_REFERENCE: Final = re.compile(r"(\d{6}/[^/@]+/\w+/\d{4}/\w+)(?:@(.+))?")
_COMMIT: Final = re.compile(r"[0-9a-f]{6,64}")


class Standing(msgspec.Struct, frozen=True):
    """One document at a moment."""

    document_id: str
    published: Entry | None
    """The newest version published by then, as far as is known today; None for none."""
    withdrawn: bool
    """Its article was found gone by then, and had not come back."""
    held: Entry | None
    """The version that was current in our archive then; None for none."""


class Shown(msgspec.Struct, frozen=True):
    """One version with all that is known of it."""

    entry: Entry
    document: Document
    withdrawn: bool
    missing_since: datetime | None = None
    """Its article is suspected to be gone since then; not confirmed yet."""
    withheld: str = ""
    """Why its original is sealed; "" for one that is not."""


def end_of(day: datetime) -> datetime:
    """The end of a day in China; a time of day, where one is said, is taken as it is.

    >>> end_of(datetime(2025, 9, 1)).isoformat()
    '2025-09-01T23:59:59+08:00'
    """
    if day.time() == time():
        return datetime.combine(day, time(23, 59, 59), CHINA)
    return day.replace(tzinfo=CHINA)


def as_of(archive: Archive, register: Register, wanted: Wanted, moment: datetime) -> list[Standing]:
    """What stood at a moment, document by document; those of which nothing stood are left out.

    Raises click.UsageError for an agency or document that is not known.
    """
    documents: dict[str, list[Version]] = {}
    for version in found(archive, register, wanted):
        documents.setdefault(version.entry.document_id, []).append(version)
    standing = (_standing(id_, versions, moment) for id_, versions in sorted(documents.items()))
    return [one for one in standing if one.published or one.held]


def _standing(document_id: str, versions: Sequence[Version], moment: datetime) -> Standing:
    """`versions` are the document's events, newest commit first."""
    day = day_of(moment)
    held = [v.entry for v in versions if v.held <= moment]
    published = [v for v in by_publication(versions) if _is_publication(v.entry)]
    seen = [v.entry for v in versions if (v.entry.observed or v.held) <= moment]
    return Standing(
        document_id,
        next((v.entry for v in published if _day(v) <= day), None),
        is_withdrawn(seen),
        next((entry for entry in held if is_version(entry)), None),
    )


def _is_publication(entry: Entry) -> bool:
    """A version of the publisher's, current or entered later; no reading anew of ours."""
    ours = entry.kind is ChangeKind.RE_EXTRACTION
    return not ours and (is_version(entry) or entry.kind is ChangeKind.BACKFILL)


def _day(version: Version) -> date:
    observed = version.entry.observed or version.held
    return version.entry.published or day_of(observed)


def as_json(standing: Sequence[Standing], register: Register) -> str:
    """The answer of `as-of` as a JSON list."""
    rows = [
        {**msgspec.to_builtins(one), "name": called(register, one.document_id)} for one in standing
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode()


def print_table(standing: Sequence[Standing], register: Register) -> None:
    """The answer of `as-of` as a table."""
    table = Table(box=None, pad_edge=False)
    for header in ("document", "published", "original", "held since", "original", "commit"):
        table.add_column(header, no_wrap=header != "document", overflow="fold")
    for one in standing:
        name = called(register, one.document_id) + ("（已撤回）" if one.withdrawn else "")
        table.add_row(shown(name), *_cells(one.published)[:2], *_held_cells(one.held))
    console(table).print(table)


def _cells(entry: Entry | None) -> tuple[str, str]:
    if entry is None:
        return "", ""
    day = entry.published.isoformat() if entry.published else ""
    return day, entry.originals[0][:12]


def _held_cells(entry: Entry | None) -> tuple[str, str, str]:
    if entry is None:
        return "", "", ""
    since = f"{entry.observed.astimezone(CHINA):%Y-%m-%d %H:%M}" if entry.observed else ""
    return since, entry.originals[0][:12], entry.commit[:10]


# --- one version ---


def one(archive: Archive, register: Register, reference: str) -> Shown:
    """The version `DOCUMENT-ID`, `DOCUMENT-ID@COMMIT` or `DOCUMENT-ID@DATE` names.

    Raises click.UsageError where the archive holds none such.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise click.UsageError(
            f"{shown(reference)} is no document id such as 310107/310107.012/department/2024/final"
        )
    document_id, at = match.groups()
    versions = found(archive, register, Wanted(what=document_id, division=document_id[:6]))
    repository = archive.repository(document_id[:6])
    entry = _chosen(versions, at, reference)
    try:
        document = repository.version(entry)
    except UnknownDocument as error:
        raise click.UsageError(str(error)) from error
    return _shown(archive, repository, entry, document)


def _chosen(versions: Sequence[Version], at: str | None, reference: str) -> Entry:
    current = [v for v in versions if is_version(v.entry)]
    if at is None:
        candidates = [v.entry for v in current]
    elif _COMMIT.fullmatch(at):
        candidates = [v.entry for v in versions if v.entry.commit.startswith(at)]
    else:
        try:
            moment = end_of(datetime.fromisoformat(at))
        except ValueError:
            message = f"{shown(at)} is neither a commit nor a date (2025-09-01)"
            raise click.UsageError(message) from None
        candidates = [v.entry for v in current if v.held <= moment]
    if not candidates:
        raise click.UsageError(
            f"nothing is held as {shown(reference)}; `mingzhang history` lists the versions"
        )
    return candidates[0]


def _shown(archive: Archive, repository: Repository, entry: Entry, document: Document) -> Shown:
    missing = archive.ledger.missing().get(entry.source_page)
    sealed = archive.ledger.withheld().get(document.original)
    return Shown(
        entry,
        document,
        is_withdrawn(repository.history(entry.document_id)),
        missing.since if missing and not missing.confirmed else None,
        sealed.reason if sealed else "",
    )


def version_as_json(one: Shown, register: Register) -> str:
    """A version with all that is known of it, as JSON; amounts as strings, exactly as printed."""
    row: dict[str, Any] = msgspec.to_builtins(one)
    row["name"] = called(register, one.entry.document_id)
    return msgspec.json.format(msgspec.json.encode(row), indent=1).decode()


def lines(one: Shown, register: Register) -> Iterator[str]:
    """A version as a person reads it."""
    entry, document = one.entry, one.document
    yield shown(called(register, entry.document_id))
    facts = (
        ("event", f"{KIND_NAMES[entry.kind]} {entry.commit[:10]}"),
        ("published", entry.published.isoformat() if entry.published else ""),
        ("observed", entry.observed.isoformat() if entry.observed else ""),
        ("address", entry.source_url),
        ("article", entry.source_page),
        ("original", document.original),
        ("extractor", document.extractor),
        ("pages", str(document.pages)),
    )
    for name, value in facts:
        if value:
            yield f"  {name}: {shown(value)}"
    if one.withdrawn:
        yield "  withdrawn (撤回): its article was absent in two looks at least a day apart"
    if one.missing_since:
        yield (
            f"  perhaps withdrawn (疑似撤回): its article was absent at"
            f" {one.missing_since.isoformat()}; not confirmed"
        )
    if one.withheld:
        yield f"  its original is sealed (封存): {shown(one.withheld)}"
    for number, statement in enumerate(document.statements, 1):
        unit = statement.unit or "unit not stated"
        yield shown(f"  {number:02d} {statement.title} ({unit}): {len(statement.items)} rows")
    for remark in document.remarks:
        yield shown(f"  note: {remark.message}")
