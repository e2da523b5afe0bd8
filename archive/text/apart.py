"""Reading a hostile document in a process of its own, under limits.

A document is untrusted input: a loop, a bomb or a crash in it ends its own process and nothing
else. A small server (`archive.text.worker`) has the reader loaded and forks once a document, so
that a process of its own costs milliseconds, and the caller may have as many threads as it likes:
each call takes an idle server or starts one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Document
from archive.text.limits import PAGES_MAX, TEXT, Limits
from archive.text.outcome import Unreadable
from archive.text.worker import Answer, Request

_WALL: Final = 6.0
"""Wall-clock seconds allowed per processor second: the machine may be busy with other work."""
_CHUNK: Final = 1 << 16
_ROOT: Final = Path(__file__).resolve().parents[2]


def read_apart(path: Path, limits: Limits = TEXT) -> Document:
    """Read the file at `path` in its own process.

    Raises:
        Unreadable: as `archive.text.read`; and "timeout", "memory", "crashed" or "too-large" where
            the document went over its limits.
        OSError: the file itself cannot be opened.
    """
    with path.open("rb"):
        pass  # a missing or forbidden file is the caller's error, not the document's
    server = _idle()
    try:
        answer = server.ask(Request(str(path), limits))
    except BaseException:
        server.kill()
        raise
    _keep(server)
    if answer.document is None:
        raise Unreadable(answer.code, answer.message, answer.page)
    return answer.document


class _Server:
    """One `archive.text.worker` process and the pipe to it."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "archive.text.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self._buffer = bytearray()

    def ask(self, request: Request) -> Answer:
        assert self._process.stdin is not None  # noqa: S101 - opened above
        self._process.stdin.write(msgspec.json.encode(request) + b"\n")
        self._process.stdin.flush()
        limits = request.limits
        allowed = limits.seconds
        pages = int(self._frame(allowed, limits))
        allowed += min(pages, PAGES_MAX) * limits.seconds_per_page
        return msgspec.msgpack.decode(self._frame(allowed, limits), type=Answer)

    def _frame(self, seconds: float, limits: Limits) -> bytes:
        """The next length-prefixed message, waited for in proportion to the processor seconds."""
        deadline = time.monotonic() + _WALL * seconds + _WALL
        size = int.from_bytes(self._take(8, deadline, seconds), "big")
        if size > limits.output:
            raise Unreadable("too-large", "what it holds is larger than any real document")
        return self._take(size, deadline, seconds)

    def _take(self, count: int, deadline: float, seconds: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        handle = self._process.stdout.fileno()
        while len(self._buffer) < count:
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise Unreadable("timeout", f"not read within {seconds:g} s of processor time")
            data = os.read(handle, _CHUNK)
            if not data:
                raise Unreadable("crashed", "its reader stopped without an answer")
            self._buffer += data
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def kill(self) -> None:
        """End the server and whatever it is reading."""
        with contextlib.suppress(ProcessLookupError):  # gone already, which is what was wanted
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


_servers: list[_Server] = []
_owner = os.getpid()


def _idle() -> _Server:
    global _owner  # noqa: PLW0603 - one pool a process; a forked caller must not share its pipes
    if os.getpid() != _owner:
        _servers.clear()
        _owner = os.getpid()
    try:
        return _servers.pop()
    except IndexError:
        return _Server()


def _keep(server: _Server) -> None:
    if len(_servers) < (os.cpu_count() or 1):
        _servers.append(server)
    else:
        server.kill()


@atexit.register
def _end_all() -> None:
    while os.getpid() == _owner and _servers:
        _servers.pop().kill()
