"""Finds what a comparison is asked for in the archive, or says what there is instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from archive.events import is_version
from archive.model import ChangeKind, Document, Identity, Kind, Level
from archive.paths import document_name, identity_of
from archive.register import RegisterError
from archive.repository import UnknownDocument
from archive.wording import shown, unknown_agency
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive, Entry, Repository

__all__ = [
    "NotFoundError",
    "Wanted",
    "agencies_named",
    "agencies_registered",
    "as_read_now",
    "by_reference",
    "in_file",
    "is_document",
    "is_reference",
    "newest",
    "of_document",
    "of_entry",
    "of_year",
    "pairs_of_years",
    "predecessor",
]

_DOCUMENT: Final = re.compile(r"\d{6}/[^/]+/(?:department|unit)/\d{4}/(?:budget|final)")
_COMMIT: Final = re.compile(r"[0-9a-f]{6,40}")


class NotFoundError(LookupError):
    """What was asked for is not there; the message says what there is."""

    def __str__(self) -> str:
        return str(self.args[0])


def of_entry(repository: Repository, register: Register, entry: Entry) -> Version:
    """The version a commit holds. Raises UnknownDocument where it holds none."""
    identity = identity_of(entry.document_id)
    return of_document(register, identity, repository.version(entry), entry)


def of_document(
    register: Register, identity: Identity, document: Document, entry: Entry
) -> Version:
    """The version a document is that was read from a commit already."""
    projects = tuple(project.names for project in register.projects(identity.agency))
    name = _name(register, identity)
    return Version(identity, document, entry, name, projects=projects, register=register)


def newest(archive: Archive, register: Register, identity: Identity) -> Version:
    """The document as the archive has it now.

    Raises NotFoundError naming the years there are, where this one is not there.
    """
    repository = archive.district(identity.division)
    if repository is None:
        raise NotFoundError(f"nothing is archived of division {identity.division}")
    entry = repository.current_entry(identity.document_id)
    if entry is None or not repository.holds(identity):
        raise NotFoundError(_years(repository, register, identity))
    return as_read_now(repository, register, entry)


def as_read_now(repository: Repository, register: Register, entry: Entry) -> Version:
    """The version a commit holds, by the newest reading of the very file: what an older one got
    wrong is told no more. Raises UnknownDocument where it holds none."""
    for later in repository.history(entry.document_id):
        if later.commit == entry.commit:
            break
        if later.kind is ChangeKind.RE_EXTRACTION and later.originals == entry.originals:
            return of_entry(repository, register, later)
    return of_entry(repository, register, entry)


def predecessor(repository: Repository, register: Register, entry: Entry) -> Version | None:
    """The version this commit replaced, by its newest reading; None for the first one."""
    history = repository.history(entry.document_id)
    place = next((n for n, e in enumerate(history) if e.commit == entry.commit), None)
    for before in history[place + 1 :] if place is not None else ():
        if is_version(before):
            return as_read_now(repository, register, before)
    return None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Two years of an agency as asked for; what is not said is chosen from what there is."""

    agency: str
    """Id, registered name or alias."""
    from_year: int | None = None
    to_year: int | None = None
    kind: Kind | None = None
    level: Level | None = None
    division: str | None = None


def pairs_of_years(
    archive: Archive, register: Register, wanted: Wanted
) -> list[tuple[Identity, int]]:
    """For each kind and level asked for: the later document and the earlier year.

    Unless told, the later is the newest there is and the earlier the newest before it. Raises
    NotFoundError, with the nearest names or the documents there are, where nothing fits.
    """
    agencies = agencies_named(archive, register, wanted)
    there = [
        identity
        for repository in _districts(archive, register, agencies)
        for identity in repository.documents()
        if identity.agency in agencies
        and wanted.kind in (None, identity.kind)
        and wanted.level in (None, identity.level)
    ]
    series: dict[tuple[str, str, Level, Kind], list[Identity]] = {}
    for identity in sorted(there, key=_by_year):
        key = (identity.division, identity.agency, identity.level, identity.kind)
        series.setdefault(key, []).append(identity)
    found = []
    for identities in series.values():
        years = [identity.year for identity in identities]
        last = wanted.to_year or max(
            (y for y in years if wanted.from_year is None or y > wanted.from_year), default=0
        )
        first = wanted.from_year or max((y for y in years if y < last), default=0)
        if first in years and last in years and first != last:
            found.append((identities[years.index(last)], first))
    if not found:
        asked = " and ".join(str(year) for year in (wanted.from_year, wanted.to_year) if year)
        what = f"{shown(wanted.agency)} {asked}".strip()
        listed = ", ".join(f"{document_name(i)} ({i.agency})" for i in sorted(there, key=_by_year))
        raise NotFoundError(
            f"{what}: no two years to compare; archived are: {listed}"
            if listed
            else f"{what}: nothing of it is archived; `mingzhang history` lists what is"
        )
    return found


def of_year(archive: Archive, register: Register, wanted: Wanted) -> Version:
    """The one document of `to_year` that fits. Raises NotFoundError listing those there are."""
    agencies = agencies_named(archive, register, wanted)
    there = [
        identity
        for repository in _districts(archive, register, agencies)
        for identity in repository.documents()
        if identity.agency in agencies and wanted.level in (None, identity.level)
    ]
    found = [
        identity
        for identity in there
        if identity.year == wanted.to_year and wanted.kind in (None, identity.kind)
    ]
    if len(found) != 1:
        what = f"{shown(wanted.agency)} {wanted.to_year}"
        listed = ", ".join(i.document_id for i in sorted(found or there, key=_by_year))
        why = "several documents; say which, such as 2024/final, or --level" if found else "none"
        raise NotFoundError(f"{what}: {why}; archived are: {listed or 'none of this agency'}")
    return newest(archive, register, found[0])


def agencies_named(archive: Archive, register: Register, wanted: Wanted) -> set[str]:
    """Ids that bear this id, name or alias in the divisions that are archived.

    Raises NotFoundError, with the nearest names, where there is none.
    """
    archived = [r.division for r in archive.repositories()]
    return agencies_registered(register, wanted, archived)


def agencies_registered(register: Register, wanted: Wanted, among: Sequence[str] = ()) -> set[str]:
    """Ids that bear this id, name or alias in the division asked for, else in those `among` which
    to look; in all of the register where there are none.

    Raises NotFoundError, with the nearest names, where there is none.
    """
    try:
        return {register.agency(wanted.agency).id}
    except RegisterError:
        pass
    divisions = [wanted.division] if wanted.division else list(among)
    divisions = divisions or [d.code for d in register.divisions()]
    try:
        found = {a.id for code in divisions for a in register.find(code, wanted.agency)}
    except RegisterError as error:
        raise NotFoundError(str(error)) from error
    if not found:
        raise NotFoundError(unknown_agency(register, wanted.agency, divisions))
    return found


def _districts(archive: Archive, register: Register, agencies: set[str]) -> list[Repository]:
    """The districts these agencies belong to, as far as anything is archived of them."""
    divisions = sorted({register.agency(agency).division for agency in agencies})
    return [r for division in divisions if (r := archive.district(division))]


def is_document(name: str) -> bool:
    """True for a document id."""
    return bool(_DOCUMENT.fullmatch(name))


def is_reference(name: str) -> bool:
    """True for what can only be meant as a document id or a commit."""
    return bool(_DOCUMENT.fullmatch(name.partition("@")[0]) or _COMMIT.fullmatch(name))


def by_reference(archive: Archive, register: Register, reference: str) -> Version:
    """The version a reference names: `DOCUMENT-ID`, `DOCUMENT-ID@COMMIT` or a commit alone.

    Raises NotFoundError, with the nearest there is, where the archive does not have it.
    """
    document_id, at, commit = reference.partition("@")
    if _DOCUMENT.fullmatch(document_id):
        identity = identity_of(document_id)
        if not at:
            return newest(archive, register, identity)
        return _by_commit(archive, register, commit, document_id)
    if _COMMIT.fullmatch(reference):
        return _by_commit(archive, register, reference, None)
    raise NotFoundError(f"{shown(reference)} is neither a file nor a document id nor a commit")


def in_file(path: Path) -> Version:
    """A file that is not archived, read apart. Raises Unreadable, OSError."""
    from archive.text import read_apart

    return Version(None, read_apart(path), label=path.name)


def _by_commit(
    archive: Archive, register: Register, commit: str, document_id: str | None
) -> Version:
    if document_id is None:
        repositories = archive.repositories()
    else:
        repositories = [r for r in (archive.district(document_id[:6]),) if r is not None]
    found = [
        (repository, entry)
        for repository in repositories
        for entry in (repository.index().named(commit) if commit else ())
        if document_id in (None, entry.document_id)
    ]
    if len(found) != 1:
        what = f"{document_id}@{commit}" if document_id else commit
        why = "names several commits; give more of it" if found else "is no commit of a document"
        raise NotFoundError(f"{shown(what)} {why}; `mingzhang history` lists the versions")
    repository, entry = found[0]
    try:
        return of_entry(repository, register, entry)
    except UnknownDocument as error:
        raise NotFoundError(str(error)) from error


def _years(repository: Repository, register: Register, identity: Identity) -> str:
    there = [i for i in repository.documents() if i.agency == identity.agency]
    what = f"{_name(register, identity)} {document_name(identity)}"
    if not there:
        return f"{what}: nothing of this agency is archived"
    listed = ", ".join(document_name(i) for i in sorted(there, key=_by_year))
    return f"{what} is not archived; of this agency there is: {listed}"


def _by_year(identity: Identity) -> tuple[int, Kind, Level]:
    return identity.year, identity.kind, identity.level


def _name(register: Register, identity: Identity) -> str:
    try:
        return register.agency(identity.agency).name
    except RegisterError:
        return identity.agency
