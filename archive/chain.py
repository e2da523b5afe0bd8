"""An append-only file of JSON lines, each chained by hash to the one before.

One line is `{"previous":…,"hash":…,"row":{…}}` where hash = sha256(previous + "\\n" + row bytes).
One file a year; the chain runs on from file to file. Appending takes a lock, writes one line and
flushes it to the disk before it returns. What a crash leaves of an unfinished line is moved aside
and said so in the chain itself: such a line was never acknowledged to anyone.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

from archive.originals import sync_folder

__all__ = ["GENESIS", "Chain", "ChainDamaged", "ChainFault", "Line", "TornTail"]

GENESIS: Final = "0" * 64
"""What the very first row names as its predecessor."""

_YEARLY: Final = re.compile(r"\d{4}\.jsonl")
_LOCK_SECONDS: Final = 60
_BLOCK: Final = 1 << 16
_log = logging.getLogger(__name__)


class ChainDamaged(Exception):  # noqa: N818 - says what is the case
    """A complete line of the chain is not what its hash says; nothing is appended after it."""


class _Stored(msgspec.Struct, frozen=True):
    previous: str
    hash: str
    row: msgspec.Raw


class Line(msgspec.Struct, frozen=True):
    """One row as stored, and where it stands: file name, line from 1, where the next begins."""

    payload: bytes
    hash: str
    file: str
    number: int
    end: int


class TornTail(msgspec.Struct, frozen=True):
    """An unfinished last line found after a crash, and where its bytes were put."""

    file: str
    offset: int
    size: int
    aside: str


class ChainFault(msgspec.Struct, frozen=True):
    """One thing `verify` found wrong: file name, line from 1, what."""

    file: str
    number: int
    message: str


class Chain:
    """The chained rows in one folder."""

    def __init__(self, folder: Path, year: Callable[[], int]) -> None:
        self.folder = folder
        self._year = year
        self._tip: tuple[Path, int, str] | None = None
        """Last file, its size and last hash, as this process left them."""

    def files(self) -> list[Path]:
        """The yearly files, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(p for p in self.folder.iterdir() if _YEARLY.fullmatch(p.name))

    def append(self, payload: bytes, on_torn: Callable[[TornTail], bytes]) -> str:
        """Add one row durably and return its hash.

        `on_torn` gives the row to write first when a crash left an unfinished line behind.
        Raises ChainDamaged, TimeoutError (another process keeps the lock) or OSError; after any
        of them the chain is as it was.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock")
        try:
            with lock.acquire(timeout=_LOCK_SECONDS):
                torn = self._set_torn_tail_aside()
                if torn is not None:
                    self._write(on_torn(torn))
                return self._write(payload)
        except Timeout:
            raise TimeoutError(
                f"{self.folder}: another process has kept the ledger locked for {_LOCK_SECONDS} s"
            ) from None

    def lines(self, file: str = "", offset: int = 0, number: int = 0) -> Iterator[Line]:
        """Complete rows in order, from a position on (file name, bytes and lines already read).

        An unfinished last line is not a row yet: it may be in the making.
        """
        for path in self.files():
            if path.name < file:
                continue
            first = path.name == file
            yield from self._lines_of(path, offset if first else 0, number if first else 0)

    def verify(self) -> list[ChainFault]:
        """Every fault in the chain, each where it stands; an empty list for a whole chain."""
        faults: list[ChainFault] = []
        previous = GENESIS
        for path in self.files():
            data = path.read_bytes()
            lines = data.split(b"\n")
            if lines.pop():
                faults.append(ChainFault(path.name, len(lines) + 1, "unfinished line"))
            for number, line in enumerate(lines, 1):
                try:
                    stored = _decode(line)
                except msgspec.DecodeError as error:
                    faults.append(ChainFault(path.name, number, f"not a row: {error}"))
                    continue
                if stored.previous != previous:
                    message = "does not follow the row before it: a row was removed or put in"
                    faults.append(ChainFault(path.name, number, message))
                if stored.hash != _hash(stored.previous, bytes(stored.row)):
                    faults.append(ChainFault(path.name, number, "its content was changed"))
                previous = stored.hash
        return faults

    def _lines_of(self, path: Path, offset: int, number: int) -> Iterator[Line]:
        with path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                number += 1
                offset += len(line)
                try:
                    stored = _decode(line)
                except msgspec.DecodeError as error:
                    raise ChainDamaged(f"{path} line {number}: not a row: {error}") from error
                yield Line(bytes(stored.row), stored.hash, path.name, number, offset)

    def _write(self, payload: bytes) -> str:
        path, size, previous = self._last()
        name = f"{self._year():04d}.jsonl"
        # A clock set back must not put a newer row into an older file: order is the chain's.
        if path is None or name > path.name:
            path, size = self.folder / name, 0
        hash_ = _hash(previous, payload)
        line = b'{"previous":"%s","hash":"%s","row":%s}\n' % (
            previous.encode(),
            hash_.encode(),
            payload,
        )
        new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            try:
                _write_all(handle, line)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
        if new:
            sync_folder(self.folder)
        self._tip = (path, size + len(line), hash_)
        return hash_

    def _last(self) -> tuple[Path | None, int, str]:
        """The last file, its size, and the hash of the last row in the chain."""
        files = self.files()
        if not files:
            return None, 0, GENESIS
        last = files[-1]
        size = last.stat().st_size
        if self._tip is not None and self._tip[:2] == (last, size):
            return self._tip
        for path in reversed(files):
            line = _last_line(path)
            if line is None:
                continue
            try:
                stored = _decode(line)
            except msgspec.DecodeError as error:
                raise ChainDamaged(f"{path}: last line is not a row: {error}") from error
            if stored.hash != _hash(stored.previous, bytes(stored.row)):
                raise ChainDamaged(f"{path}: last line was changed after it was written")
            return last, size, stored.hash
        return last, size, GENESIS

    def _set_torn_tail_aside(self) -> TornTail | None:
        files = self.files()
        if not files:
            return None
        path = files[-1]
        size = path.stat().st_size
        if self._tip is not None and self._tip[:2] == (path, size):
            return None
        tail = _unfinished(path)
        if not tail:
            return None
        offset = size - len(tail)
        folder = self.folder / "torn"
        folder.mkdir(exist_ok=True)
        aside = folder / f"{path.stem}-{offset}-{hashlib.sha256(tail).hexdigest()[:12]}"
        with aside.open("wb") as file:
            file.write(tail)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)
        os.truncate(path, offset)
        torn = TornTail(path.name, offset, len(tail), f"torn/{aside.name}")
        _log.warning(
            "%s: a crash left an unfinished line (%d bytes), set aside as %s",
            path,
            len(tail),
            aside,
        )
        return torn


def _hash(previous: str, payload: bytes) -> str:
    return hashlib.sha256(previous.encode() + b"\n" + payload).hexdigest()


_decoder: Final = msgspec.json.Decoder(_Stored)


def _decode(line: bytes) -> _Stored:
    try:
        return _decoder.decode(line)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from error


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _tail(path: Path) -> Iterator[bytes]:
    """Growing ends of the file, each at least one block longer, the last one the whole file."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        length = 0
        while length < size:
            length = min(size, max(_BLOCK, length * 2))
            file.seek(size - length)
            yield file.read(length)


def _last_line(path: Path) -> bytes | None:
    """The last complete line, or None in an empty file."""
    found: bytes | None = None
    for end in _tail(path):
        lines = end.split(b"\n")
        if len(lines) > 2:  # something before it, the line, what follows it
            return lines[-2]
        found = lines[-2] if len(lines) > 1 else None
    return found


def _unfinished(path: Path) -> bytes:
    """What stands after the last line end."""
    rest = b""
    for end in _tail(path):
        before, newline, rest = end.rpartition(b"\n")
        if newline:
            return rest
        rest = before + rest
    return rest
