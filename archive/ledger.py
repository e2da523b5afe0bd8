"""The ledger: what was seen where and when, and what became of it; append-only, outside git.

Rows are chained by hash (archive/chain.py). Several processes may append. The order of rows is the
order of events: an observation, the intent to commit it, and what was done.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from archive.chain import GENESIS, Chain, ChainDamaged, ChainFault, Line, TornTail
from archive.memory import Fate, Memory, Missing, Pending
from archive.rows import (
    Article,
    Crawl,
    Done,
    Http,
    Intent,
    Made,
    Observation,
    Row,
    Scope,
    Status,
    Torn,
    Unseen,
    Withheld,
)

__all__ = [
    "Article",
    "Crawl",
    "Done",
    "Http",
    "Intent",
    "Ledger",
    "Made",
    "Missing",
    "Observation",
    "Pending",
    "Row",
    "Scope",
    "Status",
    "Torn",
    "Unseen",
    "Withheld",
    "now",
    "run_id",
]


def now() -> datetime:
    """Our clock: the current time with time zone, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def run_id(moment: datetime) -> str:
    """A name for a run: when it began (UTC), and something no other run has."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


class Ledger:
    """The ledger in one folder."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self.folder = folder
        self._clock = clock
        self._chain = Chain(folder, lambda: clock().year)
        self._index = Memory()
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

    def hashes(self) -> Iterator[str]:
        """The hash of every row, oldest first."""
        return (line.hash for line in self._chain.lines())

    def head(self) -> tuple[int, str]:
        """How many rows there are, and the hash of the last one."""
        hashes = list(self.hashes())
        return len(hashes), hashes[-1] if hashes else GENESIS

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

    def plans(self) -> list[Intent]:
        """Open intents of commits that no single observation leads to."""
        return list(self._fresh().plans.values())

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

    def missing(self) -> dict[str, Missing]:
        """Articles that are not there now, by address."""
        return self._fresh().missing

    def articles(self, portal: str) -> list[str]:
        """The addresses of a portal's articles under which documents were filed."""
        memory = self._fresh()
        return sorted(page for page in memory.documents if memory.portals.get(page) == portal)

    def portal_of(self, page: str) -> str:
        """The portal an article was seen on; "" when it is not known here."""
        return self._fresh().portals.get(page, "")

    def filed_under(self, page: str) -> set[str]:
        """The documents an article's files were filed as."""
        return self._fresh().documents.get(page, set())

    def fates(self) -> dict[str, Fate]:
        """What last became of each document's place, by document id."""
        return self._fresh().fates

    def last_look(self, sha256: str, page: str) -> tuple[int, Observation] | None:
        """When these bytes were last seen under this article (position in the ledger), and how."""
        return self._fresh().seen.get((sha256, page))

    def made(self) -> list[Made]:
        """Commits that no single observation led to, oldest first."""
        return self._fresh().made

    def withheld(self) -> dict[str, Withheld]:
        """Sealed originals by sha256."""
        return self._fresh().withheld

    def crawls(self) -> dict[str, Crawl]:
        """The newest crawl of each portal."""
        return self._fresh().crawls

    def clear_days(self, portal: str) -> set[date]:
        """The days of a portal's crawls from which nothing was hidden."""
        return self._fresh().clear_days.get(portal, set())

    def unsettled(self) -> list[Observation]:
        """Looks whose bytes are not filed: not dealt with yet, unreadable, or of no known identity.

        Only those whose address still shows them.
        """
        index = self._fresh()
        found = [*index.open.values(), *(entry for entry, _ in index.failed.values())]
        looks = [entry.observation for entry in sorted(found, key=lambda entry: entry.position)]
        return [o for o in looks if (n := index.state.get(o.source.url)) and n.sha256 == o.sha256]

    def _torn(self, tail: TornTail) -> bytes:
        return _ENCODER.encode(Torn(self._clock(), tail.file, tail.offset, tail.size, tail.aside))

    def _fresh(self) -> Memory:
        for line in self._chain.lines(*self._read):
            self._index.feed(line.hash, _row(line))
            self._read = (line.file, line.end, line.number)
        return self._index


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[Row]] = msgspec.json.Decoder(Row)


def _row(line: Line) -> Row:
    try:
        return _DECODER.decode(line.payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ChainDamaged(f"{line.file} line {line.number}: unknown row: {error}") from error
