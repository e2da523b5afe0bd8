"""A district's history as tables: which commit says what of which document, and since when.

Rebuilt from git alone at any time, so it is kept beside the repository and never backed up. What
it says is checked by `mingzhang verify` against an index made anew.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from archive.events import Entry, is_version, parse_entry
from archive.paths import identity_of
from archive.plumbing import BRANCH, Git, RepositoryError

__all__ = ["Commit", "Index"]

_VERSION: Final = "3"
_BATCH: Final = 5000
_CHUNK: Final = 1 << 20
_FORMAT: Final = "%H%x00%ct%x00%s%x00%(trailers:only=true,unfold=true,separator=%x1e)"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commits (n INTEGER PRIMARY KEY, id TEXT UNIQUE, held INTEGER);
CREATE INDEX IF NOT EXISTS commits_held ON commits (held, n);
CREATE TABLE IF NOT EXISTS events (
    n INTEGER PRIMARY KEY, document TEXT, agency TEXT, year INTEGER, kind TEXT, change TEXT,
    published TEXT, observed TEXT, page TEXT, run TEXT, entry BLOB);
CREATE INDEX IF NOT EXISTS events_document ON events (document, n);
CREATE INDEX IF NOT EXISTS events_agency ON events (agency, year, n);
CREATE INDEX IF NOT EXISTS events_run ON events (run, n);
CREATE TABLE IF NOT EXISTS unreadable (n INTEGER PRIMARY KEY, reason TEXT);
"""
_TABLES: Final = ("events", "commits", "unreadable", "meta")


class Commit(msgspec.Struct, frozen=True):
    """A commit, where it stands in the history (from 1), and what its trailers say."""

    number: int
    commit: str
    held: datetime
    """Since when we held it, by our clock; never earlier than the commit before."""
    entry: Entry | None = None
    """None for a commit that is no event: the first of a district, a person's own."""


class _Whole(list[Commit]):
    """All events of a history as it stood at `tip`."""

    tip = ""


class Index:
    """The index of one repository, in a file or (where none can be written) in memory."""

    def __init__(self, commands: Git, path: Path | None) -> None:
        self._git = commands
        self._path = path
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._whole: Callable[[], _Whole | None] = lambda: None

    def catch_up(self) -> None:
        """Take in the commits since the last time; all of them where the history was rewritten.

        Raises RepositoryError when git cannot read the history.
        """
        tip = self._git.tip_of(BRANCH)
        with self._lock:
            if self.tip() == tip:
                return
            try:
                self._take_in(tip)
            except sqlite3.DatabaseError:
                # Damaged, full or not ours to write: what is derived can be derived again.
                self._in_memory()
                self._take_in(tip)

    def tip(self) -> str:
        """The commit up to which it was made; "" for none."""
        found = self._one("SELECT value FROM meta WHERE key = 'tip'")
        return str(found[0]) if found else ""

    def entries(self, document_id: str) -> list[Entry]:
        """A document's events, newest commit first."""
        rows = self._all("SELECT entry FROM events WHERE document = ? ORDER BY n DESC", document_id)
        return [_DECODER.decode(entry) for (entry,) in rows]

    def events(
        self,
        *,
        document: str | None = None,
        agencies: Iterable[str] | None = None,
        year: int | None = None,
        kind: str | None = None,
        run: str | None = None,
        until: datetime | None = None,
    ) -> list[Commit]:
        """Events newest commit first, narrowed by what is said.

        `document` is a document id or the beginning of one, up to a "/"; `until` is by our clock.
        """
        terms, values = ["TRUE"], list[Any]()
        if document is not None:
            start = document.rstrip("/")
            terms.append("(document = ? OR (document >= ? AND document < ?))")
            values += [start, f"{start}/", f"{start}0"]
        if agencies is not None:
            wanted = sorted(agencies)
            terms.append(f"agency IN ({','.join('?' * len(wanted))})")
            values += wanted
        for column, value in (("year", year), ("kind", kind), ("run", run)):
            if value is not None:
                terms.append(f"{column} = ?")
                values.append(value)
        if until is not None:
            terms.append("events.n <= ?")
            values.append(self.number_at(until))
        return self._held() if len(terms) == 1 else self._found(" AND ".join(terms), values)

    def _held(self) -> list[Commit]:
        """All events; those that somebody still holds from before are not read again."""
        tip, held = self.tip(), self._whole()
        if held is None or held.tip != tip:
            held = _Whole(self._found("TRUE", []))
            held.tip = tip
            self._whole = weakref.ref(held)
        return held

    def _found(self, term: str, values: Iterable[Any]) -> list[Commit]:
        rows = self._all(
            "SELECT n, id, held, entry FROM events JOIN commits USING (n)"  # noqa: S608 - fixed words
            f" WHERE {term} ORDER BY n DESC",
            *values,
        )
        return [Commit(n, id_, _moment(held), _DECODER.decode(e)) for n, id_, held, e in rows]

    def commits(self) -> Iterator[Commit]:
        """Every commit, oldest first."""
        rows = self._all("SELECT n, id, held, entry FROM commits LEFT JOIN events USING (n)")
        for n, id_, held, entry in rows:
            yield Commit(n, id_, _moment(held), _DECODER.decode(entry) if entry else None)

    def number_at(self, moment: datetime) -> int:
        """The number of the last commit we held at a moment; 0 for none."""
        row = self._one(
            "SELECT n FROM commits WHERE held <= ? ORDER BY held DESC, n DESC LIMIT 1",
            int(moment.timestamp()),
        )
        return int(row[0]) if row else 0

    def commit_at(self, number: int) -> str:
        """The commit of this number; "" for none."""
        row = self._one("SELECT id FROM commits WHERE n = ?", number)
        return str(row[0]) if row else ""

    def last_version(self, document_id: str, number: int) -> Entry | None:
        """The event that put the version there which was current at a commit."""
        rows = self._all(
            "SELECT entry FROM events WHERE document = ? AND n <= ? ORDER BY n DESC",
            document_id,
            number,
        )
        entries = (_DECODER.decode(entry) for (entry,) in rows)
        return next((entry for entry in entries if is_version(entry)), None)

    def newest_run(self, without: Collection[str] = ()) -> tuple[str, str] | None:
        """When the newest event was seen (UTC, as written), and in which run; None for no event.

        Events whose kind is in `without` are passed over.
        """
        marks = ",".join("?" * len(without))
        row = self._one(
            "SELECT observed, run FROM events WHERE observed IS NOT NULL"  # noqa: S608 - fixed words
            f" AND change NOT IN ({marks}) ORDER BY observed DESC, run DESC LIMIT 1",
            *without,
        )
        return (str(row[0]), str(row[1])) if row else None

    def named(self, commit: str) -> list[Entry]:
        """The events whose commit begins with these hexadecimal digits."""
        rows = self._all(
            "SELECT entry FROM events JOIN commits USING (n) WHERE id >= ? AND id < ? ORDER BY n",
            commit,
            f"{commit}g",
        )
        return [_DECODER.decode(entry) for (entry,) in rows]

    def unreadable(self) -> list[tuple[str, str]]:
        """Commits whose trailers cannot be read, and why."""
        return self._all("SELECT id, reason FROM unreadable JOIN commits USING (n) ORDER BY n")

    def counts(self, until: int | None = None) -> dict[str, int]:
        """How many commits, events and documents there are, up to a commit's number."""
        last = until if until is not None else sys.maxsize
        row = self._one(
            "SELECT (SELECT count(*) FROM commits WHERE n <= ?),"
            " (SELECT count(*) FROM events WHERE n <= ?),"
            " (SELECT count(DISTINCT document) FROM events WHERE n <= ?)",
            last,
            last,
            last,
        )
        return dict(zip(("commits", "events", "documents"), row or (0, 0, 0), strict=True))

    def difference(self, other: Index) -> str:
        """The first table in which the two differ; "" where they say the same."""
        questions = {
            "commits": "SELECT n, id, held FROM commits ORDER BY n",
            "events": "SELECT * FROM events ORDER BY n",
        }
        for table, question in questions.items():
            pairs = zip(self._open().execute(question), other._open().execute(question))  # noqa: B905
            if any(one != two for one, two in pairs) or self._size(table) != other._size(table):
                return table
        return ""

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    # --- inside -------------------------------------------------------------------------------

    def _size(self, table: str) -> int:
        row = self._one(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table's own name
        return int(row[0]) if row else 0

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            try:
                self._database = _connected(self._path)
            except (sqlite3.DatabaseError, OSError):
                self._in_memory()
        assert self._database is not None  # noqa: S101 - one of the two has set it
        return self._database

    def _in_memory(self) -> None:
        self.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        try:
            self._database = _connected(self._path)
        except (sqlite3.DatabaseError, OSError):
            self._database = _connected(None)

    def _take_in(self, tip: str) -> None:
        database = self._open()
        with database:
            database.execute("BEGIN IMMEDIATE")
            known = self.tip()
            if known and not self._continues(known, tip):
                for table in _TABLES:
                    database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
                known = ""
            if tip:
                self._fill(database, f"{known}..{tip}" if known else tip)
            database.execute("INSERT OR REPLACE INTO meta VALUES ('tip', ?)", (tip,))

    def _continues(self, known: str, tip: str) -> bool:
        if not tip or not self._git.commit_of(known):
            return False
        return self._git.succeeds("merge-base", "--is-ancestor", known, tip)

    def _fill(self, database: sqlite3.Connection, span: str) -> None:
        row = database.execute("SELECT max(n), max(held) FROM commits").fetchone()
        number, held = row[0] or 0, row[1] or 0
        batch = _Batch(database)
        for commit, moment, subject, trailers in _walk(self._git, span):
            number += 1
            held = max(held, moment)
            batch.commits.append((number, commit, held))
            batch.event(number, commit, subject, trailers)
            if len(batch.commits) > _BATCH:
                batch.flush()
        batch.flush()

    def _one(self, question: str, *values: Any) -> Any:
        with self._lock:
            return self._open().execute(question, values).fetchone()

    def _all(self, question: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._open().execute(question, values).fetchall()


class _Batch:
    """Rows on their way into the tables."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.commits: list[tuple[int, str, int]] = []
        self._events: list[tuple[Any, ...]] = []
        self._unreadable: list[tuple[int, str]] = []

    def event(self, number: int, commit: str, subject: str, trailers: str) -> None:
        """Take in what a commit says of itself, or why that cannot be read."""
        try:
            entry = parse_entry(commit, subject, trailers)
        except ValueError as error:
            self._unreadable.append((number, str(error)))
            return
        if entry is None:
            return
        what = identity_of(entry.document_id)
        self._events.append(
            (
                number,
                entry.document_id,
                what.agency,
                what.year,
                str(what.kind),
                str(entry.kind),
                entry.published.isoformat() if entry.published else None,
                entry.observed.astimezone(UTC).isoformat() if entry.observed else None,
                entry.source_page,
                entry.run,
                _ENCODER.encode(entry),
            )
        )

    def flush(self) -> None:
        """Write the rows."""
        for table, rows, width in (
            ("commits", self.commits, 3),
            ("events", self._events, 11),
            ("unreadable", self._unreadable, 2),
        ):
            marks = ",".join("?" * width)
            self._database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
            rows.clear()


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Entry)


def _connected(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(
        path or ":memory:", timeout=60, isolation_level=None, check_same_thread=False
    )
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found == 0:
        database.executescript(f"{_SCHEMA}PRAGMA user_version = {_VERSION};")
    elif found != int(_VERSION):
        database.close()
        raise sqlite3.DatabaseError("made by another version")
    return database


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _walk(commands: Git, span: str) -> Iterator[tuple[str, int, str, str]]:
    """Commits oldest first: hash, committer time, subject, trailers. No tree is looked at."""
    process = commands.log(
        "-z", "--reverse", "--topo-order", f"--format={_FORMAT}", span, "--", as_process=True
    )
    try:
        tokens = _tokens(process.stdout)
        for commit in tokens:
            yield commit, int(next(tokens)), next(tokens), next(tokens)
    finally:
        process.stdout.close()
        status = process.proc.wait() if process.proc is not None else 0
        words = process.stderr.read().decode(errors="replace").strip()
    if status:
        raise RepositoryError(f"{commands.folder}: git log: {words or f'exit status {status}'}")


def _tokens(stream: Any) -> Iterator[str]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")
