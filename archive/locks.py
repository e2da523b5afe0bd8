"""One writer per district: a file lock that says who holds it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

__all__ = ["LockTaken", "held"]


class LockTaken(Exception):  # noqa: N818 - says what is the case
    """Another run is writing; the message says which process and since when."""


class _Holder(msgspec.Struct, frozen=True):
    pid: int
    host: str
    since: datetime


@contextlib.contextmanager
def held(path: Path, what: str, clock: Callable[[], datetime]) -> Iterator[bool]:
    """Hold the lock at `path` or raise LockTaken at once; a killed holder's lock is free again.

    Yields whether the holder before was killed while he held it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside the lock and not in it: an attempt to take a file lock may empty the file.
    note = path.with_suffix(".holder")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockTaken(f"{what}: {_described(note)}; wait for it to end") from None
    killed = note.exists()
    try:
        note.write_bytes(msgspec.json.encode(_Holder(os.getpid(), socket.gethostname(), clock())))
        yield killed
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _described(note: Path) -> str:
    try:
        holder = msgspec.json.decode(note.read_bytes(), type=_Holder)
    except (OSError, msgspec.DecodeError):
        return "another run is writing"
    return (
        f"another run is writing (process {holder.pid} on {holder.host},"
        f" since {holder.since:%Y-%m-%d %H:%M:%S %Z})"
    )
