"""What an earlier build left: which pages it wrote from what, and what it read in each document.

Lies in a hidden folder of the site itself, so that the two are never apart. All of it can be made
anew: a state that is missing, damaged or of another version only makes the next build a full one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self
from zlib import compress, decompress

from archive.replacing import replace

__all__ = ["FOLDER", "Kept", "State"]

FOLDER: Final = ".mingzhang"
"""Stands in every folder this program built: no other folder is ever written to."""
_VERSION: Final = 5
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS program (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, summary BLOB NOT NULL, lines BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS digests (
    name TEXT PRIMARY KEY, key TEXT NOT NULL, summary BLOB NOT NULL, composed BLOB NOT NULL);
"""


_OFTEN: Final = 50
"""So many documents and digests are made before that is written down."""
_NAMED: Final = {"pages": "path", "documents": "id", "digests": "name"}
"""Table → the column that names its rows."""


class Kept(NamedTuple):
    """What is kept of one document or digest: the inputs it was made from, and what was made."""

    key: str
    summary: bytes


class State:
    """The kept state of a site's folder. What another program read in documents is not kept: its
    words may mean something else; the list of its pages is."""

    def __init__(self, folder: Path, program: str) -> None:
        self._path = folder / FOLDER / "state.sqlite"
        self._list = folder / FOLDER / "pages.txt"
        self._kept = 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._opened()
        except sqlite3.OperationalError:  # nothing is said of the file: a full disk, no permission
            raise
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            self._database = self._opened()
        self._only_of(program)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def pages(self) -> dict[str, str]:
        """Path → key of every page that was written; "" for one of the last build that ended of
        which a lost state knew what it was made from."""
        found = dict(self._database.execute("SELECT path, key FROM pages"))
        return dict.fromkeys(self._listed(), "") | found

    def documents(self) -> dict[str, Kept]:
        """Document id → what is kept of it."""
        rows = self._database.execute("SELECT id, key, summary FROM documents")
        return {id_: Kept(key, summary) for id_, key, summary in rows}

    def digests(self) -> dict[str, Kept]:
        """Digest's name → what is kept of it."""
        rows = self._database.execute("SELECT name, key, summary FROM digests")
        return {name: Kept(key, decompress(summary)) for name, key, summary in rows}

    def lines(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The search lines of these documents, by document id."""
        for id_ in ids:
            row = self._database.execute(
                "SELECT lines FROM documents WHERE id = ?", (id_,)
            ).fetchone()
            if row is not None:
                yield id_, decompress(row[0])

    def keep_document(self, id_: str, kept: Kept, lines: bytes) -> None:
        """Keep what was read in a document."""
        self._database.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)",
            (id_, kept.key, kept.summary, compress(lines)),
        )
        self._kept += 1

    def composed(self, name: str) -> bytes:
        """What a digest says. Raises KeyError for one that is not kept."""
        row = self._database.execute(
            "SELECT composed FROM digests WHERE name = ?", (name,)
        ).fetchone()
        if row is None:
            raise KeyError(name)
        return decompress(row[0])

    def keep_digest(self, name: str, kept: Kept, composed: bytes) -> None:
        """Keep what a digest says, and what lists say of it."""
        self._database.execute(
            "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)",
            (name, kept.key, compress(kept.summary), compress(composed)),
        )
        self._kept += 1

    def keep_page(self, path: str, key: str) -> None:
        """Keep that a page was written."""
        self._database.execute("INSERT OR REPLACE INTO pages VALUES (?, ?)", (path, key))

    def list_pages(self, paths: Iterable[str]) -> None:
        """Keep the list of pages apart as well: they are taken away when they are no more, whatever
        becomes of the state."""
        data = "".join(f"{path}\n" for path in sorted(paths)).encode()
        with contextlib.suppress(OSError):
            if self._list.read_bytes() == data:
                return
        replace(self._list, data)

    def _listed(self) -> Iterator[str]:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for path in self._list.read_bytes().decode().splitlines():
                if not path.startswith("/") and ".." not in path.split("/"):
                    yield path

    def names(self, table: str) -> set[str]:
        """What is kept of pages, documents or digests."""
        found = self._database.execute(f"SELECT {_NAMED[table]} FROM {table}")  # noqa: S608 - our own
        return {name for (name,) in found}

    def forget(self, table: str, names: Iterable[str]) -> None:
        """Let go of pages, documents or digests that are no more."""
        self._database.executemany(
            f"DELETE FROM {table} WHERE {_NAMED[table]} = ?",  # noqa: S608 - our own tables
            [(name,) for name in names],
        )

    def commit(self) -> None:
        """Write down what was kept so far."""
        self._kept = 0
        self._database.commit()

    def settle(self) -> None:
        """The same, where it is long since that was done: a build that is cut off goes on from
        here. To wait for the disk takes longer than to read one document again."""
        if self._kept >= _OFTEN:
            self.commit()

    def _only_of(self, program: str) -> None:
        found = self._database.execute("SELECT name FROM program").fetchall()
        if found != [(program,)]:
            for table in ("documents", "digests", "program"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
            self._database.execute("INSERT INTO program VALUES (?)", (program,))

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        try:
            _understood(database)
            database.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError:
            with contextlib.suppress(sqlite3.Error):
                database.close()
            raise
        return database


def _understood(database: sqlite3.Connection) -> None:
    """A new file gets its tables; nothing is written into one that has them."""
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found == 0:
        database.executescript(f"{_SCHEMA}PRAGMA user_version = {_VERSION};")
    elif found != _VERSION:
        raise sqlite3.DatabaseError("made by another version")
