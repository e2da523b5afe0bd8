"""What became of every entry for every target, in one file that survives a crash.

An entry is noted as being sent, on the disk, before it is handed over, and as sent after. Where a
run is cut off between the two, nobody knows whether it arrived: it is kept as unsure and said, and
never sent again of itself (docs/decisions/0022).
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

__all__ = ["Fate", "Outbox", "OutboxError", "Row", "Standing"]

_VERSION: Final = 1
_FIRST_WAIT: Final = timedelta(minutes=10)
_LONGEST_WAIT: Final = timedelta(hours=24)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS targets (
    name TEXT PRIMARY KEY, since TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, retry TEXT,
    reason TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS entries (
    target TEXT NOT NULL, id TEXT NOT NULL, standing TEXT NOT NULL, fate TEXT NOT NULL,
    title TEXT NOT NULL, digest TEXT NOT NULL, sent TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', said INTEGER NOT NULL DEFAULT 0, message INTEGER,
    PRIMARY KEY (target, id));
CREATE INDEX IF NOT EXISTS entries_fate ON entries (target, fate);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, began TEXT NOT NULL, ended TEXT,
    fate TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '');
"""


_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class OutboxError(Exception):
    """The outbox cannot be used; the message says what is known of what was sent, and what to do.
    Nothing is sent without it."""


class Fate(StrEnum):
    """What became of an entry for a target."""

    WAITING = "waiting"
    SENDING = "sending"
    """On its way; where this is found at the start of a run, the run before was cut off."""
    SENT = "sent"
    UNSURE = "unsure"
    """It may have arrived."""
    PASSED = "passed"
    """Not what the target asked for."""
    DROPPED = "dropped"
    """A flap, or a finding that no longer stood when it was to be sent."""


class Row(msgspec.Struct, frozen=True):
    """An entry for a target."""

    id: str
    standing: str
    fate: Fate
    title: str
    digest: str
    """Names what is to be sent, or was when it was handed over (`diffing/notify/retold.py`)."""
    sent: str
    """The digest of what was sent last; "" for nothing."""
    reason: str = ""
    said: bool = False
    """Whether a person was told that it is unsure."""


class Standing(msgspec.Struct, frozen=True):
    """How a target stands."""

    since: datetime
    """What happened before is not told: it was not asked for then."""
    failures: int
    retry: datetime | None
    """Not to be tried before; None where the last attempt went well."""
    reason: str


class Outbox:
    """The file, or with `keep` false a copy of it that is thrown away.

    One run at a time writes the file: hold its lock (`archive.locks.held`) around it. Raises
    OutboxError where it cannot be read, at any call.
    """

    def __init__(self, path: Path, *, keep: bool = True) -> None:
        self.path = path
        self._handed_over = False
        """Whether a message is on its way that nothing is noted of since."""
        with self._explained():
            if keep:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._database = sqlite3.connect(path, timeout=10, isolation_level=None)
            else:
                self._database = _copied(path)
            # each transaction is on the disk before the next step is taken
            self._database.execute("PRAGMA journal_mode = DELETE")
            self._database.execute("PRAGMA synchronous = EXTRA")
            found = self._database.execute("PRAGMA user_version").fetchone()[0]
            if found not in (0, _VERSION):
                raise OutboxError(f"{path}: made by another version of mingzhang")
            self._database.executescript(f"{_SCHEMA}PRAGMA user_version = {_VERSION};")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def begin(self, target: str, moment: datetime) -> Standing:
        """How the target stands; a new one begins at this moment."""
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO targets (name, since) VALUES (?, ?)",
                (target, moment.isoformat()),
            )
        return self.standing(target)

    def standing(self, target: str) -> Standing:
        """How a known target stands."""
        question = "SELECT since, failures, retry, reason FROM targets WHERE name = ?"
        since, failures, retry, reason = self._all(question, target)[0]
        return Standing(
            datetime.fromisoformat(since),
            failures,
            datetime.fromisoformat(retry) if retry else None,
            reason,
        )

    def rows(self, target: str) -> dict[str, Row]:
        """Id → what became of it, for every entry the target was considered for."""
        question = "SELECT id, standing, fate, title, digest, sent, reason, said FROM entries"
        found = self._all(f"{question} WHERE target = ?", target)
        return {
            id_: Row(id_, standing, Fate(fate), title, digest, sent, reason, bool(said))
            for id_, standing, fate, title, digest, sent, reason, said in found
        }

    def cut_off(self, moment: datetime) -> None:
        """What was on its way when a run was cut off may have arrived."""
        reason = "cut off while it was being sent"
        with self._writing() as database:
            for (began,) in database.execute(
                "SELECT began FROM messages WHERE fate = ?", (Fate.SENDING,)
            ).fetchall():
                reason = f"cut off while it was being sent, {began[:16]}"
            database.execute(
                "UPDATE entries SET fate = ?, reason = ? WHERE fate = ?",
                (Fate.UNSURE, reason, Fate.SENDING),
            )
            database.execute(
                "UPDATE messages SET fate = ?, ended = ?, reason = ? WHERE fate = ?",
                (Fate.UNSURE, moment.isoformat(), reason, Fate.SENDING),
            )

    def note(self, target: str, row: Row) -> None:
        """What was decided of an entry."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO entries"
                " (target, id, standing, fate, title, digest, sent, reason, said)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (target, *msgspec.structs.astuple(row)),
            )

    def intend(self, target: str, rows: Iterable[Row], moment: datetime) -> int:
        """These are about to be sent as one message; returns its number. On the disk after it."""
        with self._writing() as database:
            number = database.execute(
                "INSERT INTO messages (target, began, fate) VALUES (?, ?, ?)",
                (target, moment.isoformat(), Fate.SENDING),
            ).lastrowid
            database.executemany(
                "UPDATE entries SET fate = ?, digest = ?, title = ?, standing = ?, message = ?,"
                " reason = '', said = 0 WHERE target = ? AND id = ?",
                [
                    (Fate.SENDING, row.digest, row.title, row.standing, number, target, row.id)
                    for row in rows
                ],
            )
        assert number is not None  # noqa: S101 - a row was inserted
        self._handed_over = True
        return number

    def sent(self, target: str, number: int, moment: datetime) -> None:
        """The message has arrived."""
        with self._ending(number, Fate.SENT, moment, "") as database:
            database.execute(
                "UPDATE entries SET fate = ?, sent = digest, reason = '' WHERE message = ?"
                " AND fate = ?",
                (Fate.SENT, number, Fate.SENDING),
            )
            database.execute(
                "UPDATE targets SET failures = 0, retry = NULL, reason = '' WHERE name = ?",
                (target,),
            )

    def refused(self, target: str, number: int, moment: datetime, reason: str) -> datetime:
        """It has certainly not arrived; returns when the target may be tried again.

        The wait doubles with every failure, up to a day.
        """
        failures = self.standing(target).failures + 1
        retry: datetime = moment + min(_FIRST_WAIT * 2 ** min(failures - 1, 12), _LONGEST_WAIT)
        with self._ending(number, Fate.WAITING, moment, reason) as database:
            database.execute(
                "UPDATE entries SET fate = ?, reason = ?, message = NULL WHERE message = ?"
                " AND fate = ?",
                (Fate.WAITING, reason, number, Fate.SENDING),
            )
            database.execute(
                "UPDATE targets SET failures = ?, retry = ?, reason = ? WHERE name = ?",
                (failures, retry.isoformat(), reason, target),
            )
        return retry

    def unsure(self, number: int, moment: datetime, reason: str) -> None:
        """It may have arrived."""
        with self._ending(number, Fate.UNSURE, moment, reason) as database:
            database.execute(
                "UPDATE entries SET fate = ?, reason = ? WHERE message = ? AND fate = ?",
                (Fate.UNSURE, reason, number, Fate.SENDING),
            )

    def said(self, target: str) -> None:
        """A person is told of what is unsure for the target."""
        with self._writing() as database:
            database.execute(
                "UPDATE entries SET said = 1 WHERE target = ? AND fate = ?", (target, Fate.UNSURE)
            )

    def settle(self, target: str, *, arrived: bool) -> int:
        """Someone has looked: what was unsure arrived, or it is to be sent again; how many."""
        with self._writing() as database:
            if arrived:
                done = database.execute(
                    "UPDATE entries SET fate = ?, sent = digest, reason = '' WHERE target = ?"
                    " AND fate = ?",
                    (Fate.SENT, target, Fate.UNSURE),
                )
            else:
                done = database.execute(
                    "UPDATE entries SET fate = ?, reason = '' WHERE target = ? AND fate = ?",
                    (Fate.WAITING, target, Fate.UNSURE),
                )
            return done.rowcount

    @contextlib.contextmanager
    def _ending(
        self, number: int, fate: Fate, moment: datetime, reason: str
    ) -> Iterator[sqlite3.Connection]:
        """A transaction that notes what became of a message that was handed over."""
        with self._writing() as database:
            database.execute(
                "UPDATE messages SET fate = ?, ended = ?, reason = ? WHERE id = ?",
                (fate, moment.isoformat(), reason, number),
            )
            yield database
        self._handed_over = False

    def _all(self, question: str, *values: Any) -> list[Any]:
        with self._explained():
            return self._database.execute(question, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction; it is on the disk once the block is left."""
        with self._explained():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._roll_back()
                raise
            try:
                self._database.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        # on a full disk SQLite has done so itself
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutboxError(f"{self.path}: {error}; {self._known()} {_advice(error)}") from error

    def _known(self) -> str:
        if self._handed_over:
            return (
                "a message had been handed over before, and what became of it could not be noted:"
                " it may have arrived. Nothing more is sent."
            )
        return "nothing more is sent."


def _advice(error: sqlite3.Error) -> str:
    if _primary(error) in _DAMAGED:
        return (
            "Move it away: then every target begins anew, and what was waiting is not sent. (An"
            " older copy would send again what was sent after it.)"
        )
    return "See to that and run again; leave the file where it is: what waits is in it."


def _primary(error: sqlite3.Error) -> int:
    """The kind of an error, without what SQLite says beside it; 0 where it does not say."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _copied(path: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    if path.exists():
        try:
            _back_up(f"{path.as_uri()}?mode=ro", copy)
        except sqlite3.OperationalError as error:
            if _primary(error) != sqlite3.SQLITE_READONLY:
                raise
            # A run was cut off in the middle of a step: what it left beside the file undoes that,
            # which whoever may only read cannot. So it is undone in a copy of both.
            with tempfile.TemporaryDirectory() as folder:
                for one in (_journal(path), path):  # the journal first: it can be undone twice
                    with contextlib.suppress(FileNotFoundError):
                        shutil.copyfile(one, Path(folder, one.name))
                _back_up(Path(folder, path.name).as_uri(), copy)
    return copy


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _back_up(uri: str, copy: sqlite3.Connection) -> None:
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as kept:
        kept.backup(copy)
