"""Replays the text stage over stored originals, and commits what a better reader makes of them."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from archive.batches import UNREAD, Place, read_all
from archive.committing import Committing
from archive.events import Entry, is_version
from archive.executor import Executor, Local
from archive.files import partly_unread, to_files
from archive.ledger import now
from archive.locks import LockTaken
from archive.model import ChangeKind, Document
from archive.outcomes import Settler
from archive.readings import Reader, Readings, is_current, recogniser
from archive.register import Register
from archive.repository import Archive, Repository, UnknownDocument
from archive.text import EXTRACTOR, read_apart
from archive.writer import Writer

__all__ = ["Reread", "Rereading"]

Told = Literal["changed", "same", "poorer", "unreadable"]


class Reread(msgspec.Struct, frozen=True, omit_defaults=True):
    """What reading one version again came to."""

    document_id: str
    original: str
    result: Told
    message: str = ""
    commit: str = ""
    files: dict[str, tuple[int, int]] = {}
    """Files that differ: lines added, lines taken away."""
    difference: str = ""
    """The whole difference, where it was asked for."""


class Rereading:
    """Reads every version that another extractor read again, in the name of one run."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        run: str,
        clock: Callable[[], datetime] = now,
        *,
        reader: Reader = read_apart,
        extractor: str = EXTRACTOR,
        executor: Executor | None = None,
    ) -> None:
        self._archive = archive
        self._register = register
        self._run = run
        self._clock = clock
        self._extractor = extractor
        self._readings = Readings(
            archive.root / "cache" / "readings", archive.originals, reader, extractor
        )
        self._executor = executor or Local()
        self._place = Place.of(archive, reader, extractor, run, self._executor)
        self._settler = Settler(archive.ledger, clock, extractor, register.version)

    def run(
        self,
        *,
        dry: bool = False,
        on_read: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> Iterator[Reread]:
        """Read again and commit what differs, district by district; `dry` commits nothing.

        A version is current or was entered later than a newer one; what was replaced stays as it
        was read. A reading without the tables of the one before never replaces it. Raises LockTaken
        or RepositoryError where a district cannot be written.
        """
        for repository in self._archive.repositories():
            standing = _standing(repository)
            due = [e for e in standing if self._is_due(repository, e)]
            found = self._read_all(repository, due, on_read)
            if dry:
                yield from (one for _, _, one in found)
                continue
            yield from self._commit(repository, found)

    def _is_due(self, repository: Repository, entry: Entry) -> bool:
        """Whether another reading may say more: also where pictures were left unread before."""
        here, before = recogniser(self._extractor), recogniser(entry.extractor)
        if before and not here:
            return False  # a poorer installation never replaces a richer reading
        if not is_current(entry.extractor, self._extractor):
            return True
        if before or not here:
            return False
        try:
            return partly_unread(repository.version(entry))
        except UnknownDocument:
            return False

    def _read_all(
        self,
        repository: Repository,
        due: list[Entry],
        on_read: Callable[[int, int], None],
    ) -> list[tuple[Entry, Document | None, Reread]]:
        wanted = list(dict.fromkeys(entry.originals[0] for entry in due))
        failed = read_all(self._executor, self._place, self._readings, wanted, on_read)
        again = (self._again(entry, failed) for entry in due)
        return [(e, *self._judge(repository, e, a)) for e, a in zip(due, again, strict=True)]

    def _again(self, entry: Entry, failed: dict[str, Exception]) -> Document | str:
        sha256 = entry.originals[0]
        if sha256 in failed:
            return str(failed[sha256])
        try:
            return self._readings.document(sha256)
        except UNREAD as error:  # where nothing can be kept, everything is read twice
            return str(error)

    def _judge(
        self, repository: Repository, entry: Entry, again: Document | str
    ) -> tuple[Document | None, Reread]:
        one = Reread(entry.document_id, entry.originals[0], "same")
        if isinstance(again, str):
            return None, msgspec.structs.replace(one, result="unreadable", message=again)
        try:
            before = repository.version(entry)
        except UnknownDocument as error:
            return None, msgspec.structs.replace(one, result="unreadable", message=str(error))
        if len(again.statements) < len(before.statements):
            message = (
                f"{len(again.statements)} statements are read where there were"
                f" {len(before.statements)}: the reading before stays"
            )
            return None, msgspec.structs.replace(one, result="poorer", message=message)
        alike = msgspec.structs.replace(again, extractor=before.extractor)
        old, new = to_files(before), to_files(alike)
        if old == new:
            return None, one
        files, text = _difference(old, new)
        changed = msgspec.structs.replace(one, result="changed", files=files, difference=text)
        return again, changed

    def _commit(
        self, repository: Repository, found: list[tuple[Entry, Document | None, Reread]]
    ) -> Iterator[Reread]:
        if all(document is None for _, document, _ in found):
            if self._interrupted(repository):
                # whoever holds the lock is at work, and was not interrupted
                with contextlib.suppress(LockTaken), repository.writing() as writer:
                    self._committing(writer)
            yield from (one for _, _, one in found)
            return
        with repository.writing() as writer:
            committing = self._committing(writer)
            for entry, document, one in found:
                if document is None or entry not in _current(writer.entries(entry.document_id)):
                    yield one
                    continue
                commit = committing.reread(document, entry)
                yield msgspec.structs.replace(one, commit=commit)

    def _interrupted(self, repository: Repository) -> bool:
        """Whether a commit of the district was begun of which the ledger does not know the end."""
        ledger = self._archive.ledger
        begun = [*(intent for intent, _ in ledger.intents()), *ledger.plans()]
        return any(one.document_id.startswith(f"{repository.division}/") for one in begun)

    def _committing(self, writer: Writer) -> Committing:
        """Commits through this writer; what a crash interrupted is finished first."""
        committing = Committing(
            writer,
            self._archive.ledger,
            self._register,
            self._readings,
            self._settler,
            self._run,
            self._clock,
        )
        for _ in committing.recovered():
            pass  # a harvest tells of what it left; here it is only finished
        return committing


def _standing(repository: Repository) -> list[Entry]:
    """The versions a reader finds in the tree now, by document id."""
    documents: dict[str, list[Entry]] = {}
    for entry in repository.history():
        documents.setdefault(entry.document_id, []).append(entry)
    return [entry for _, entries in sorted(documents.items()) for entry in _current(entries)]


def _current(entries: list[Entry]) -> list[Entry]:
    """The current version's last reading, and that of each version entered later."""
    found: dict[tuple[bool, tuple[str, ...]], Entry] = {}
    current = next((entry for entry in entries if is_version(entry)), None)
    for entry in entries:
        late = entry.kind in (ChangeKind.BACKFILL, ChangeKind.RE_EXTRACTION)
        if entry is current or (late and not is_version(entry)):
            found.setdefault((entry is current, entry.originals), entry)
    return list(found.values())


def _difference(
    old: dict[str, bytes], new: dict[str, bytes]
) -> tuple[dict[str, tuple[int, int]], str]:
    counts, text = {}, []
    for name in sorted(old.keys() | new.keys()):
        before, after = (
            side.get(name, b"").decode().splitlines(keepends=True) for side in (old, new)
        )
        lines = list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"))
        if lines:
            added = sum(line.startswith("+") for line in lines[2:])
            taken = sum(line.startswith("-") for line in lines[2:])
            counts[name] = (added, taken)
            text += lines
    return counts, "".join(text)
