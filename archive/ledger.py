"""The ledger: what was seen where and when, and what became of it; append-only, outside git.

Rows are chained by hash (archive/chain.py). Several processes may append. The order of rows is the
order of events: an observation, the intent to commit it, and what was done.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from archive.chain import Chain, ChainDamaged, ChainFault, Line, TornTail
from archive.model import ChangeKind, Source

__all__ = [
    "Done",
    "Http",
    "Intent",
    "Ledger",
    "Observation",
    "Pending",
    "Row",
    "Status",
    "Torn",
    "now",
    "run_id",
]

Status = Literal["committed", "unchanged", "unfiled", "unreadable"]


def now() -> datetime:
    """Our clock: the current time with time zone, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def run_id(moment: datetime) -> str:
    """A name for a run: when it began (UTC), and something no other run has."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


class Http(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the server said beside the bytes."""

    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: dict[str, str] = {}


class Observation(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="observation"
):
    """One look at one URL.

    `outcome` is "stored" (bytes not seen at this URL just before), "same", "not-modified", "gone",
    "blocked" or "refused:<why>"; only "stored" and what an operator insists on is read.
    """

    source: Source
    sha256: str | None = None
    media_type: str = ""
    size: int = 0
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: dict[str, str] = {}
    run: str = ""
    outcome: str = "stored"
    stated: dict[str, str | int] = {}
    """The hints given with the bytes (fields of archive.identity.Hints), kept for a later retry."""
    insisted: bool = False
    """Read it although these bytes were seen at this URL before: an operator asked."""


class Intent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="intent"):
    """Written before a commit: what is about to be committed, and on top of which commit."""

    observation: str
    """Hash of the observation's row."""
    document_id: str
    sha256: str
    kind: ChangeKind
    parent: str
    """Commit the district's branch stood at; empty for a new repository."""


class Done(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="done"):
    """What became of one observation."""

    observation: str
    at: datetime
    status: Status
    sha256: str
    document_id: str = ""
    commit: str = ""
    kind: ChangeKind | None = None
    extractor: str = ""
    register: str = ""
    """Version of the register it was identified by."""
    message: str = ""
    beside: tuple[str, ...] = ()
    """Addresses of other files that its page carried too: what kept it from being filed."""


class Torn(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="torn"):
    """A crash left an unfinished line; its bytes lie in `aside`, below the ledger's folder."""

    at: datetime
    file: str
    offset: int
    size: int
    aside: str


Row = Observation | Intent | Done | Torn


class Pending(msgspec.Struct, frozen=True):
    """An observation still to be dealt with, and where it stands in the order of things."""

    hash: str
    observation: Observation
    run_order: int
    position: int


class Ledger:
    """The ledger in one folder."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self.folder = folder
        self._clock = clock
        self._chain = Chain(folder, lambda: clock().year)
        self._index = _Index()
        self._read: tuple[str, int, int] = ("", 0, 0)

    def append(self, row: Row) -> str:
        """Add one row, on the disk before this returns; returns the row's hash.

        Raises ChainDamaged when the last row was tampered with, TimeoutError when another process
        keeps the ledger locked, OSError when the disk refuses; the ledger is then as it was.
        """
        return self._chain.append(_ENCODER.encode(row), self._torn)

    def rows(self) -> Iterator[Row]:
        """Every row, oldest first. Raises ChainDamaged naming the line that is no row."""
        for line in self._chain.lines():
            yield _row(line)

    def verify_chain(self) -> list[ChainFault]:
        """Every place where the chain does not hold; empty when all is as it was written.

        Rows cut off at the very end cannot be noticed from the chain alone.
        """
        return self._chain.verify()

    def last_seen(self, url: str) -> Observation | None:
        """The newest observation of this URL that knows its bytes' sha256."""
        return self._fresh().state.get(url)

    def unread(self, url: str) -> bool:
        """Whether the bytes this URL shows now could not be read."""
        index = self._fresh()
        last = index.state.get(url)
        return last is not None and any(
            done.status == "unreadable"
            and entry.observation.source.url == url
            and entry.observation.sha256 == last.sha256
            for entry, done in index.failed.values()
        )

    def pending(self, extractor: str = "", register: str = "") -> list[Pending]:
        """Observations whose bytes are still to be read, identified and committed, oldest first.

        Those that failed before come again only under another extractor (unreadable) or another
        extractor or register (unfiled), or when the files that stood beside them are no longer
        linked; and only while their URL still shows these bytes.
        """
        index = self._fresh()
        found = list(index.open.values())
        for entry, done in index.failed.values():
            unlike = done.extractor != extractor
            if done.status == "unfiled":
                unlike = unlike or done.register != register or index.left_alone(entry, done)
            last = index.state.get(entry.observation.source.url)
            current = last is not None and last.sha256 == entry.observation.sha256
            if unlike and current:
                found.append(entry)
        return sorted(found, key=lambda entry: entry.position)

    def intents(self) -> list[tuple[Intent, Pending]]:
        """Intents that nothing was reported done for: what a crash may have interrupted."""
        index = self._fresh()
        return [(i, index.open[i.observation]) for i in index.intents.values()]

    def places(self, sha256: str) -> set[tuple[str, str]]:
        """Where these bytes were seen: URL and article page, any time."""
        return self._fresh().places.get(sha256, set())

    def looked(self, url: str) -> int:
        """The order of the last run in which something still linked this address; -1 for never.

        Only what is linked is asked for; whatever was answered, but for "gone", the link stood.
        """
        return self._fresh().looked.get(url, -1)

    def run_of_commit(self, commit: str) -> int | None:
        """The order of the run that saw what this commit holds; None if it is not known here."""
        return self._fresh().committed.get(commit)

    def _torn(self, tail: TornTail) -> bytes:
        return _ENCODER.encode(Torn(self._clock(), tail.file, tail.offset, tail.size, tail.aside))

    def _fresh(self) -> _Index:
        for line in self._chain.lines(*self._read):
            self._index.feed(line.hash, _row(line))
            self._read = (line.file, line.end, line.number)
        return self._index


class _Index:
    """What the questions above need, built by reading the rows once, in order."""

    def __init__(self) -> None:
        self.open: dict[str, Pending] = {}
        self.failed: dict[str, tuple[Pending, Done]] = {}
        self.intents: dict[str, Intent] = {}
        self.state: dict[str, Observation] = {}
        self.places: dict[str, set[tuple[str, str]]] = {}
        self.looked: dict[str, int] = {}
        self.committed: dict[str, int] = {}
        self.runs: dict[str, int] = {}
        self._position = 0

    def feed(self, hash_: str, row: Row) -> None:
        """Take in the next row."""
        self._position += 1
        match row:
            case Observation():
                self._observe(hash_, row)
            case Intent():
                if row.observation in self.failed:
                    self.open[row.observation] = self.failed.pop(row.observation)[0]
                self.intents[row.observation] = row
            case Done():
                self._finish(row)
            case Torn():
                pass

    def _observe(self, hash_: str, row: Observation) -> None:
        url = row.source.url
        run = self.runs.setdefault(row.run, len(self.runs))
        if row.outcome != "gone":
            self.looked[url] = run
        if row.sha256 is None:
            return
        self.state[url] = row
        self.places.setdefault(row.sha256, set()).add((url, row.source.page_url))
        if row.outcome == "stored" or row.insisted:
            self.open[hash_] = Pending(hash_, row, run, self._position)

    def left_alone(self, entry: Pending, done: Done) -> bool:
        """Whether this one was looked at since the files beside it were last linked."""
        own = self.looked.get(entry.observation.source.url, -1)
        return bool(done.beside) and all(self.looked.get(url, -1) < own for url in done.beside)

    def _finish(self, row: Done) -> None:
        self.intents.pop(row.observation, None)
        entry = self.open.pop(row.observation, None)
        if entry is None and row.observation in self.failed:
            entry = self.failed.pop(row.observation)[0]
        if entry is None:
            return
        if row.status == "committed":
            self.committed[row.commit] = entry.run_order
        if row.status in ("unfiled", "unreadable"):
            self.failed[row.observation] = (entry, row)


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[Row]] = msgspec.json.Decoder(Row)


def _row(line: Line) -> Row:
    try:
        return _DECODER.decode(line.payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ChainDamaged(f"{line.file} line {line.number}: unknown row: {error}") from error
