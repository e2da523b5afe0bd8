"""Is every committed file what the recorded extractor makes of the original?"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from archive.audit.report import Progress, Report
from archive.events import Entry, is_version
from archive.files import to_files
from archive.folders import Folders
from archive.index import Commit
from archive.model import ChangeKind, Document
from archive.originals import Originals
from archive.paths import document_folder, identity_of
from archive.plumbing import Git
from archive.readings import Reader, is_current
from archive.trees import TOMBSTONE, version_folder

__all__ = ["Again", "check_derived", "check_names"]

_ORIGINAL: Final = re.compile(rb'\s*\{\s*"original": ?"([0-9a-f]{64})"')
_NOT_OURS: Final = (TOMBSTONE, "backfill/")


class Again(NamedTuple):
    """What reads originals again."""

    originals: Originals
    reader: Reader
    extractor: str


def check_names(events: Sequence[Commit], commands: Git, report: Report, name: str) -> None:
    """Every committed document.json speaks of the original its commit's trailers name."""
    folders, count = Folders(commands), 0
    for one in events:
        entry = one.entry
        place = _place(entry, folders) if entry and _holds_document(entry) else None
        if entry is None or place is None:
            continue
        count += 1
        data = commands.blob(f"{one.commit}:{place}/document.json")
        match = _ORIGINAL.match(data[:200]) if data else None
        if match is None or match.group(1).decode() not in entry.originals:
            message = f"{place}/document.json does not speak of the original its trailers name"
            report.fault("derived", f"{name} {one.commit}", message)
    report.checked.append(f"{name}: {count} documents named as their commits say")


def check_derived(
    events: Sequence[Commit],
    commands: Git,
    again: Again,
    report: Report,
    progress: Progress,
    name: str,
) -> None:
    """Read again what this extractor read, and hold every committed file against the reading.

    Kept readings are not trusted: every original is read anew, several at a time.
    """
    wanted = [e for e in events if e.entry and _holds_document(e.entry)]
    ours = [e for e in wanted if e.entry and is_current(e.entry.extractor, again.extractor)]
    there = [e for e in ours if e.entry and e.entry.originals[0] in again.originals]
    by_original: dict[str, list[Commit]] = {}
    for one in there:
        by_original.setdefault(one.entry.originals[0] if one.entry else "", []).append(one)
    folders = Folders(commands)

    def read(sha256: str) -> Document | Exception:
        try:
            return again.reader(again.originals.path(sha256))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we found
            return error

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        readings = zip(by_original, pool.map(read, by_original), strict=True)
        for number, (sha256, reading) in enumerate(readings, 1):
            for one in by_original[sha256]:
                if _otherwise(one, reading):
                    there.remove(one)
                    ours.remove(one)
                    continue
                _compare(one, reading, commands, folders, report, name)
            progress("derived files", number, len(by_original))
    report.checked.append(f"{name}: {len(there)} versions read again and found as committed")
    if len(wanted) > len(ours):
        count = len(wanted) - len(ours)
        message = f"{name}: {count} versions were read by another extractor than {again.extractor}"
        report.unchecked.append(message)
    if len(ours) > len(there):
        count = len(ours) - len(there)
        report.unchecked.append(f"{name}: the originals of {count} versions are not here")


def _otherwise(one: Commit, reading: Document | Exception) -> bool:
    """Whether it was read where page images could not be, and now can."""
    if isinstance(reading, Exception) or one.entry is None:
        return False
    return reading.extractor != one.entry.extractor


def _compare(
    one: Commit,
    reading: Document | Exception,
    commands: Git,
    folders: Folders,
    report: Report,
    name: str,
) -> None:
    entry = one.entry
    place = _place(entry, folders) if entry else None
    where = f"{name} {one.commit}"
    if entry is None or place is None:
        report.fault("derived", where, "no agency's folder is noted for it")
        return
    if isinstance(reading, Exception):
        message = f"original {entry.originals[0]} cannot be read again: {reading}"
        report.fault("derived", where, message)
        return
    kind = "sha256" if len(one.commit) == 64 else "sha1"
    expected = {f"{place}/{path}": _blob(data, kind) for path, data in to_files(reading).items()}
    found = _listed(commands, one.commit, place)
    for path in sorted(expected.keys() | found.keys()):
        if expected.get(path) != found.get(path):
            message = f"{path} is not what {entry.extractor} makes of {entry.originals[0]}"
            report.fault("derived", where, message)


def _listed(commands: Git, commit: str, place: str) -> dict[str, str]:
    output = commands.ls_tree("-r", "-z", commit, "--", f"{place}/", stdout_as_string=False)
    files = {}
    for line in output.decode("utf-8", "surrogateescape").split("\0"):
        facts, _, path = line.partition("\t")
        if path and not path.removeprefix(f"{place}/").startswith(_NOT_OURS):
            files[path] = facts.split(" ")[2]
    return files


def _blob(data: bytes, kind: str) -> str:
    return hashlib.new(kind, b"blob %d\0" % len(data) + data).hexdigest()


def _holds_document(entry: Entry) -> bool:
    return is_version(entry) or entry.kind in (ChangeKind.BACKFILL, ChangeKind.RE_EXTRACTION)


def _place(entry: Entry, folders: Folders) -> str | None:
    identity = identity_of(entry.document_id)
    agency = folders.of(identity)
    return version_folder(document_folder(agency, identity), entry) if agency else None
