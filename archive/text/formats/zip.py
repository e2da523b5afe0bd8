"""Zip archives: the members of one publication, each with an outcome of its own.

Page: members follow one another, each with its own pages; a remark says which pages are whose.
Names that are not marked as UTF-8 are read as GBK. An archive in an archive is opened, once.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from archive.media import PDF, ZIP, media_type
from archive.model import Facts, Remark
from archive.text.formats.packed import member, opened
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.paging import moved
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see", "see_optically"]

MEDIA_TYPES: Final = (ZIP,)
EXTRACTOR: Final = "zip/4"
LIMITS: Final = Limits(memory=1 << 30, seconds=60, seconds_per_page=0, output=32 << 20)

_DEEPEST: Final = 2
_MOST_READ: Final = 40
"""So many documents are read; more are no one publication."""


@dataclass
class _Read:
    """One member that could be read."""

    name: str
    reader: str
    seen: Seen


@dataclass
class _Members:
    optically: bool
    read: list[_Read] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def see(data: bytes) -> Seen:
    """Tables and prose of all members that can be read, if they are of one publication.

    Raises:
        Unreadable: damaged, too-large, encrypted; nothing-read where no member could be;
            several-documents where members speak of different agencies, years or kinds.
    """
    return _seen(data, optically=False)


def see_optically(data: bytes) -> Seen:
    """The same, with what their pictures show. Raises Unreadable as `see`."""
    return _seen(data, optically=True)


def _seen(data: bytes, *, optically: bool) -> Seen:
    members = _Members(optically)
    _collect(data, "", 1, members)
    if not members.read:
        reasons = "; ".join(remark.message for remark in members.remarks[:5])
        raise Unreadable("nothing-read", f"no file in it could be read: {reasons or 'it is empty'}")
    known = _agreed(members.read)
    pages, parts = 0, []
    remarks = list(members.remarks)
    for one in members.read:
        last = pages + one.seen.pages
        remarks.append(_outcome(one, pages + 1, last))
        parts.append(moved(one.seen, pages))
        pages = last
    return Seen(
        pages=pages,
        facts=known,
        statements=[s for part in parts for s in part.statements],
        tables=[t for part in parts for t in part.tables],
        prose=tuple(p for part in parts for p in part.prose),
        remarks=[*remarks, *(r for part in parts for r in part.remarks)],
        readers=tuple(dict.fromkeys(one.reader for one in members.read)),
    )


def _outcome(one: _Read, first: int, last: int) -> Remark:
    """Which pages a member is, and whether anything but pictures was found on them."""
    where = f"pages {first} to {last}"
    if one.seen.prose or one.seen.statements or one.seen.tables:
        return Remark("member-read", f"“{one.name}” was read as {where}", first)
    said = f"“{one.name}” ({where}) shows pictures or nothing; no text was read"
    return Remark("member-unread", said, first)


def _collect(data: bytes, inside: str, depth: int, members: _Members) -> None:
    with opened(data) as archive:
        for entry in _files(archive):
            name = f"{inside}{entry.filename}"
            try:
                _one(archive, entry, name, depth, members)
            except Unreadable as error:
                said = f"“{name}” was not read: {error} ({error.code})"
                members.remarks.append(Remark("member-unread", said))


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for entry in archive.infolist():
        name = entry.filename.rpartition("/")[2]
        system = name in ("Thumbs.db", ".DS_Store") or entry.filename.startswith("__MACOSX/")
        if not entry.is_dir() and not system:
            yield entry


def _one(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int, members: _Members
) -> None:
    from archive.text.formats import reader_of
    from archive.text.formats import see as see_any
    from archive.text.reader import EXTRACTOR as PDF_EXTRACTOR
    from archive.text.reader import see_pdf

    if len(members.read) >= _MOST_READ:
        raise Unreadable("too-large", f"more than {_MOST_READ} files are in the archive")
    data = member(archive, entry)
    kind = media_type(data)
    if kind == ZIP:
        if depth >= _DEEPEST:
            raise Unreadable("too-large", "an archive in an archive in an archive")
        _collect(data, f"{name}/", depth + 1, members)
        return
    optically = members.optically
    if kind == PDF:
        read = _Read(name, PDF_EXTRACTOR, see_pdf(data, optically=optically))
    else:
        seen = see_any(data, kind, optically=optically)
        read = _Read(name, reader_of(kind), seen)
    members.read.append(read)


def _agreed(read: list[_Read]) -> Facts:
    """What all members say of themselves; what only one says is said of all.

    Raises:
        Unreadable: several-documents.
    """
    known = Facts()
    for one in read:
        own = one.seen.facts
        for name in ("agency", "level", "year", "kind"):
            before, now = getattr(known, name), getattr(own, name)
            if before is not None and now is not None and before != now:
                said = (
                    f"its files are of several documents ({before}, {now}): unpack and import them"
                )
                raise Unreadable("several-documents", said)
        known = Facts(
            agency=known.agency or own.agency,
            level=known.level or own.level,
            year=known.year or own.year,
            kind=known.kind or own.kind,
            codes=tuple(dict.fromkeys((*known.codes, *own.codes))),
            title=known.title or own.title,
        )
    return known
