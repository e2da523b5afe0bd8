"""Reading a hostile document in a process of its own, under limits.

A document is untrusted input: a loop, a bomb or a crash in it ends its own process and nothing
else. A small server (`archive.text.worker`) has the reader loaded and forks once a document, so
that a process of its own costs milliseconds. The caller may have as many threads as it likes: there
are as many servers as processors, and a call waits for one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Document, Remark
from archive.text.flaws import pictured
from archive.text.limits import OPTICAL, PAGES_MAX, TEXT, Limits
from archive.text.optical import installed
from archive.text.outcome import Unreadable
from archive.text.worker import READY, Answer, Request, send, too_long

__all__ = ["NoReader", "read_apart", "stop"]

_WALL: Final = 6.0
"""Wall-clock seconds allowed per processor second: the machine may be busy with other work."""
_START: Final = 10.0
"""Processor seconds a server may take to load."""
_CHUNK: Final = 1 << 16
_ROOT: Final = Path(__file__).resolve().parents[2]
_TRIES: Final = 2
"""A reader that is killed from outside says nothing about the document; twice, it might."""


class NoReader(OSError):  # noqa: N818 - named as the caller meets it
    """There is no reader: it could not be started, or `stop` ended it. No fault of the document."""


class _GoneError(Exception):
    """The server ended while it was asked."""


def read_apart(path: Path, limits: Limits = TEXT, optical: Limits = OPTICAL) -> Document:
    """Read the file at `path` in its own process.

    What it shows as pictures is read as well where `mingzhang[ocr]` is installed, in a process of
    its own under the limits `optical`. If that fails, the reading of its text stands and says so.

    Raises:
        Unreadable: as `archive.text.read`; and "timeout", "memory", "crashed" or "too-large" where
            the document went over its limits.
        NoReader: the reading did not take place.
        OSError: the file itself cannot be opened.
    """
    with path.open("rb"):
        pass  # a missing or forbidden file is the caller's error, not the document's
    request = Request(os.fsencode(path.absolute()), limits)
    document = _document(request)
    if not (installed() and pictured(document)):
        return document
    try:
        return _document(Request(request.path, optical, optically=True))
    except Unreadable as error:
        failed = Remark("recognition-failed", f"图片中的文字未能识别：{error} ({error.code})")
        return msgspec.structs.replace(document, remarks=(*document.remarks, failed))


def _document(request: Request) -> Document:
    with _pool.places:
        answer = _asked(request)
    if answer.code == "file":
        raise OSError(answer.message)
    if answer.document is None:
        raise Unreadable(answer.code, answer.message, answer.page)
    return answer.document


def stop() -> None:
    """End every reader, at work or not; calls under way raise `NoReader`.

    For a program that was interrupted: its threads need not finish the documents they have begun.
    """
    _pool.round += 1
    for server in list(_pool.live):
        server.signal()


def _asked(request: Request) -> Answer:
    round_ = _pool.round
    for _ in range(_TRIES):
        server = _pool.take()
        try:
            answer = server.ask(request)
        except _GoneError:
            _pool.drop(server)
        except BaseException:
            _pool.drop(server)
            raise
        else:
            _pool.idle.append(server)
            if answer.code != "killed":
                return answer
        if _pool.round != round_:
            raise NoReader("the readers were stopped")
    raise Unreadable("crashed", "its reader was killed each time")


class _Server:
    """One `archive.text.worker` process and the pipes to it."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        self._process = subprocess.Popen(
            # -P: whatever lies in the working directory is none of its modules
            [sys.executable, "-P", "-c", "from archive.text.worker import serve; serve()"],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # an interrupt at the terminal is the caller's to handle
        )
        self._buffer = bytearray()

    def greet(self) -> None:
        """Wait until it has loaded. Raises NoReader."""
        try:
            ready = self._frame(_START, len(READY)) == READY
        except (_GoneError, Unreadable):
            ready = False
        if not ready:
            raise NoReader(f"{sys.executable} could not start archive.text.worker")

    def ask(self, request: Request) -> Answer:
        """Have it read one document. Raises _GoneError, Unreadable."""
        assert self._process.stdin is not None  # noqa: S101 - opened above
        try:
            send(self._process.stdin.fileno(), msgspec.msgpack.encode(request))
        except BrokenPipeError as error:
            raise _GoneError from error
        limits = request.limits
        try:
            pages = int(self._frame(limits.seconds, limits.output))
            seconds = limits.seconds + min(pages, PAGES_MAX) * limits.seconds_per_page
            return msgspec.msgpack.decode(self._frame(seconds, limits.output), type=Answer)
        except TimeoutError as error:
            raise Unreadable("timeout", too_long(limits)) from error

    def _frame(self, seconds: float, largest: int) -> bytes:
        """The next message, waited for in proportion to the processor seconds it may take."""
        deadline = time.monotonic() + _WALL * seconds + _WALL
        size = int.from_bytes(self._take(8, deadline), "big")
        if size > largest:
            raise Unreadable("too-large", "it holds more than any real document")
        return self._take(size, deadline)

    def _take(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        handle = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        while len(self._buffer) < count:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError
            data = os.read(handle, _CHUNK)
            if not data:
                raise _GoneError
            self._buffer += data
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def signal(self) -> None:
        """End the server and whatever it is reading; its pipes stay for whoever waits on them."""
        with contextlib.suppress(ProcessLookupError):  # gone already, which is what was wanted
            os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the server and take back what it occupied."""
        self.signal()
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Close the pipes."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def disown(self) -> None:
        """In a fork of the caller: the server is the parent's."""
        self.close()
        self._process.returncode = 0


class _Pool:
    """The servers of this process."""

    def __init__(self) -> None:
        self.places = threading.BoundedSemaphore(os.cpu_count() or 1)
        self.idle: list[_Server] = []
        self.live: set[_Server] = set()
        self.round = 0

    def take(self) -> _Server:
        """An idle server or a new one."""
        with contextlib.suppress(IndexError):
            return self.idle.pop()
        server = _Server()
        self.live.add(server)
        try:
            server.greet()
        except BaseException:
            self.drop(server)
            raise
        return server

    def drop(self, server: _Server) -> None:
        """End a server."""
        self.live.discard(server)
        server.kill()

    def end(self) -> None:
        """End all."""
        self.idle.clear()
        while self.live:
            self.drop(next(iter(self.live)))


_pool = _Pool()


def _forget() -> None:
    """A fork of the caller has no servers: their pipes are its parent's."""
    global _pool  # noqa: PLW0603 - one pool a process
    for server in _pool.live:
        server.disown()
    _pool = _Pool()


os.register_at_fork(after_in_child=_forget)


@atexit.register
def _end() -> None:
    _pool.end()
