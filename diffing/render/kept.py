"""What was composed once, kept in a file that may be deleted at any time."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

__all__ = ["Kept"]

_One = TypeVar("_One", bound=msgspec.Struct)


class Kept(Generic[_One]):
    """Things of one type in a file, or nowhere where it cannot be used."""

    def __init__(self, path: Path | None, of: type[_One]) -> None:
        self._of = of
        self._database: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS stories (key TEXT PRIMARY KEY, story BLOB)"
            )
        except (sqlite3.Error, OSError):
            self.close()

    def get(self, key: str) -> _One | None:
        """What is kept under a key; None where there is none, or none that can be read."""
        if self._database is None:
            return None
        with contextlib.suppress(sqlite3.Error, msgspec.DecodeError):
            question = "SELECT story FROM stories WHERE key = ?"
            row = self._database.execute(question, (key,)).fetchone()
            return msgspec.json.decode(row[0], type=self._of) if row else None
        return None

    def put(self, key: str, one: _One) -> None:
        """Keep it; a file that cannot be written costs time only."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute(
                    "INSERT OR REPLACE INTO stories VALUES (?, ?)",
                    (key, msgspec.json.encode(one)),
                )

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None
