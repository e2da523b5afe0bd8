"""What is worth telling of an archive, as facts: events of documents, and findings told of them.

Facts only: which commit, which reading of it, which version before. The words come later
(`diffing/render/story.py`), so that what was told before need not be composed anew to be known.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.clock import CHINA
from archive.events import Entry as Event
from archive.events import State, is_version
from archive.model import ChangeKind, Identity
from archive.paths import identity_of
from archive.register import RegisterError
from diffing.told import Told

if TYPE_CHECKING:
    from archive.index import Commit
    from archive.register import Register
    from archive.repository import Archive, Repository

__all__ = ["Entry", "News", "agency_name", "gather"]


class News(StrEnum):
    """What an entry tells."""

    FIRST = "first"
    REVISION = "revision"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"
    FINDING = "finding"
    RETRACTION = "retraction"
    """A finding that was told and does not stand; the finding's own entry says so too."""


_TOLD: Final = frozenset(
    {
        ChangeKind.FIRST,
        ChangeKind.REVISION,
        ChangeKind.CORRECTION,
        ChangeKind.WITHDRAWAL,
        ChangeKind.RETURN,
    }
)
"""The publisher's own acts. A new reading, new bytes that say the same, an older file entered
later, another address of the same file: none of them is news of his."""


_Sides = tuple[Event | None, Event | None]
"""A reading of what an event brought, and of what that is compared with."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One thing worth telling, and all that its words depend on."""

    id: str
    """For good: the document id and commit, or "finding/" and the finding's key."""
    news: News
    identity: Identity
    agency: str
    """The agency's registered name, its id where the register has none."""
    at: datetime
    """When it happened, by our clock."""
    event: Event | None = None
    """The commit it tells of; for a finding, the version it was found in."""
    reading: Event | None = None
    """The newest reading of the bytes of that commit."""
    before: Event | None = None
    """The version it is compared with as it was read then: the one replaced, or last year's."""
    before_reading: Event | None = None
    """The newest reading of the bytes of that version."""
    read_before: tuple[_Sides, ...] = ()
    """Both sides as they were read before the newest readings, oldest first: as first told, first.
    Empty where nothing was read again."""
    told: Told | None = None
    """The finding, as it stands now."""
    changed: datetime | None = None
    """When it was read again or taken back; None where it is as it was first told."""

    @cached_property
    def standing(self) -> str:
        """Names what its words are made from: as long as it is equal, the words are."""
        parts = [self.id, self.news, self.agency, *self._commits()]
        if self.told is not None:
            parts += [self.told.withdrawal or "", self.told.reason, self.told.sentence]
        return _named(parts)

    @cached_property
    def facts(self) -> str:
        """Names what it says whatever anything is called: an event's readings, or the verdict on a
        finding and its reason."""
        if self.told is None:
            return _named([self.id, *self._commits()])
        return _named([self.id, self.told.withdrawal or "", self.told.reason])

    def _commits(self) -> Iterator[str]:
        for event in (self.event, self.reading, self.before, self.before_reading):
            yield event.commit if event else ""

    @cached_property
    def earlier(self) -> tuple[Entry, ...]:
        """The same as it was told by every earlier reading, oldest first."""
        return tuple(
            structs.replace(
                self, reading=reading, before_reading=before, read_before=(), changed=None
            )
            for reading, before in self.read_before
        )


def gather(archive: Archive, register: Register, told: Iterable[Told] = ()) -> list[Entry]:
    """Everything worth telling, newest first; `told` are findings as they stand now.

    Raises RepositoryError when a commit's trailers cannot be read.
    """
    by_division: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        by_division[one.document.partition("/")[0]].append(one)
    found: list[Entry] = []
    for repository in archive.repositories():
        district = _District(repository, register)
        found += district.events()
        for one in by_division[repository.division]:
            found += district.findings(one)
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)


def _named(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:24]


def agency_name(register: Register, agency: str) -> str:
    """The registered name of an agency, its id where the register has none."""
    try:
        return register.agency(agency).name
    except RegisterError:
        return agency


class _District:
    """The histories of one district's documents."""

    def __init__(self, repository: Repository, register: Register) -> None:
        self.repository, self.register = repository, register
        self.histories: dict[str, list[Commit]] = defaultdict(list)
        self.runs: dict[str, datetime] = {}
        """Digest of a run → when that run last saw something."""
        self.names: dict[str, str] = {}
        for commit in reversed(repository.index().events()):
            if commit.entry is not None:
                self.histories[commit.entry.document_id].append(commit)
                run = f"run-{commit.entry.run}"
                self.runs[run] = max(_at(commit), self.runs.get(run, _at(commit)))

    def events(self) -> Iterator[Entry]:
        """The publisher's acts."""
        for document_id, history in self.histories.items():
            identity = identity_of(document_id)
            for place, commit in enumerate(history):
                event = commit.entry
                if event is None or event.kind not in _TOLD or event.state is State.EARLIER:
                    continue
                before = self._before(identity, history, place)
                reading, before_reading = self._newest(event), self._newest(before)
                yield Entry(
                    id=f"{document_id}/{event.commit}",
                    news=News(str(event.kind)),
                    identity=identity,
                    agency=self._name(identity),
                    at=_at(commit),
                    event=event,
                    reading=reading,
                    before=before,
                    before_reading=before_reading,
                    read_before=self._read_before(event, before),
                    changed=self._changed(event, before),
                )

    def findings(self, told: Told) -> Iterator[Entry]:
        """A finding, and its retraction where it does not stand."""
        history = self.histories.get(told.document, [])
        event = _version_of(history, told.original)
        if event is None:
            return
        identity = identity_of(told.document)
        day = datetime.combine(told.day, time(), CHINA)
        # by when it was told, not by the day alone: what is older must not come later
        at = max(day, event.observed or day, self.runs.get(told.digest, day))
        changed = self._taken_back(told, history, at) if told.withdrawal else None
        entry = Entry(
            id=f"finding/{told.key}",
            news=News.FINDING,
            identity=identity,
            agency=self._name(identity),
            at=at,
            event=event,
            reading=event,
            told=told,
            changed=changed,
        )
        yield entry
        if changed is not None:
            yield structs.replace(
                entry, id=f"{entry.id}/retraction", news=News.RETRACTION, at=changed, changed=None
            )

    def _taken_back(self, told: Told, history: Sequence[Commit], at: datetime) -> datetime:
        """When it was seen not to stand: by the digest that said so, or by a later reading."""
        later = at + timedelta(seconds=1)  # a reader's program must see that it is another
        if told.corrected in self.runs:
            return max(later, self.runs[told.corrected])
        readings = (c for c in history if c.entry and told.original in c.entry.originals)
        return max([later, *(_at(commit) for commit in readings)])

    def _before(self, identity: Identity, history: Sequence[Commit], place: int) -> Event | None:
        """The version a commit is compared with, as the archive had it then."""
        commit = history[place]
        event = commit.entry
        assert event is not None  # noqa: S101 - the caller asked
        if event.kind is not ChangeKind.FIRST:
            return _current(history[:place])
        last_year = structs.replace(identity, year=identity.year - 1).document_id
        then = [c for c in self.histories.get(last_year, ()) if c.number < commit.number]
        return _current(then)

    def _newest(self, event: Event | None) -> Event | None:
        """The newest reading of the bytes of a version; the event itself where it is none."""
        if event is None or not is_version(event):
            return event
        again = _version_of(self.histories[event.document_id], *event.originals)
        return again or event

    def _read_before(self, *sides: Event | None) -> tuple[_Sides, ...]:
        """How both sides stood before each new reading of either."""
        readings: dict[int, list[tuple[int, Event]]] = defaultdict(list)
        for place, event in enumerate(sides):
            for commit in self._read_again(event):
                assert commit.entry is not None  # noqa: S101 - it is a reading
                readings[commit.number].append((place, commit.entry))
        stood, found = list(sides), []
        for number in sorted(readings):
            found.append((stood[0], stood[1]))
            for place, again in readings[number]:
                stood[place] = again
        return tuple(found)

    def _changed(self, *sides: Event | None) -> datetime | None:
        """When either side was last read anew; None where neither was."""
        readings = (commit for side in sides for commit in self._read_again(side))
        return max((_made(commit) for commit in readings), default=None)

    def _read_again(self, event: Event | None) -> Iterator[Commit]:
        """Every later reading of the bytes of a version, oldest first."""
        if event is None or not is_version(event):
            return
        later = False
        for commit in self.histories[event.document_id]:
            again = commit.entry
            if later and again and _is_reading(again, event.originals):
                yield commit
            later = later or again is event

    def _name(self, identity: Identity) -> str:
        if identity.agency not in self.names:
            self.names[identity.agency] = agency_name(self.register, identity.agency)
        return self.names[identity.agency]


def _current(history: Sequence[Commit]) -> Event | None:
    """The version that was current after these commits, oldest first."""
    entries = (commit.entry for commit in reversed(history))
    return next((entry for entry in entries if entry and is_version(entry)), None)


def _version_of(history: Sequence[Commit], *originals: str) -> Event | None:
    """The newest reading of these bytes as a version of the document."""
    entries = (commit.entry for commit in reversed(history))
    return next((entry for entry in entries if entry and _is_reading(entry, originals)), None)


def _is_reading(entry: Event, originals: Iterable[str]) -> bool:
    return is_version(entry) and set(originals) <= set(entry.originals)


def _at(commit: Commit) -> datetime:
    entry = commit.entry
    return entry.observed if entry and entry.observed else commit.held


def _made(commit: Commit) -> datetime:
    """When a reading was made: one of our own bears the moment at which the file was seen."""
    entry = commit.entry
    return commit.held if entry and entry.kind is ChangeKind.RE_EXTRACTION else _at(commit)
