"""What an event changes in the tree of a district's repository.

The folder of a document holds its current version. A version entered later than a newer one lies
in `backfill/` below it. A withdrawn document stays where it is, with a tombstone beside it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from archive.events import Entry, Event, State
from archive.files import to_files
from archive.model import ChangeKind

__all__ = ["TOMBSTONE", "Changes", "changes", "version_folder"]

TOMBSTONE: Final = "withdrawn.json"
"""Stands beside a withdrawn document; nothing of the document is taken away."""

_OWN: Final = ("document.json", "prose.md", "statements")
"""What `to_files` may write: taken away before another version is put in."""
_PLACES: Final = frozenset({ChangeKind.RETURN, ChangeKind.MIGRATION})
_SHORT: Final = 12


class Changes(NamedTuple):
    """Paths taken away first, then files put in, by path from the repository's root."""

    removed: list[str]
    files: dict[str, bytes]


class _Tombstone(msgspec.Struct, frozen=True):
    state: State
    page: str
    originals: tuple[str, ...]


def changes(event: Event, folder: str) -> Changes:
    """What to take away and to put in; `folder` is the document's own.

    Raises ValueError for a version without a document.
    """
    tombstone = f"{folder}/{TOMBSTONE}"
    if event.kind is ChangeKind.WITHDRAWAL:
        stone = _Tombstone(State.CONFIRMED, event.source.page_url, event.originals)
        return Changes([], {tombstone: msgspec.json.format(msgspec.json.encode(stone)) + b"\n"})
    if event.kind in _PLACES:
        return Changes([tombstone], {})
    if event.kind is ChangeKind.MIRROR:
        return Changes([], {})
    if event.document is None:
        raise ValueError(f"{event.kind}: a version without a document cannot be committed")
    place = version_folder(folder, event)
    removed = [f"{place}/{name}" for name in _OWN]
    if event.kind is not ChangeKind.RE_EXTRACTION:
        removed.append(tombstone)
    files = {f"{place}/{name}": data for name, data in to_files(event.document).items()}
    return Changes(removed, files)


def version_folder(folder: str, version: Entry | Event) -> str:
    """Where below the document's folder the files of a version lie.

    The name says the claimed date and the original, so that no order of import changes it.
    """
    if version.state is not State.EARLIER:
        return folder
    published = version.source.published if isinstance(version, Event) else version.published
    day = published.isoformat() if published else "undated"
    return f"{folder}/backfill/{day}-{version.originals[0][:_SHORT]}"
