"""Drawing in a process of its own, under limits: an original is hostile until it is drawn.

A small server has the renderer loaded and forks once an original, so that a process of its own
costs milliseconds. A loop, a bomb or a crash in a document ends its own process and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from archive.text.worker import send
from diffing.crops.order import Drawn, Order, Shot

__all__ = ["BUSY", "Artist", "serve"]

BUSY: Final = "busy"
"""Why there is no picture, where that says nothing about the document: it is tried again."""

_MEMORY: Final = 1 << 30
_SECONDS: Final = 10
"""Processor seconds for opening a document, …"""
_SECONDS_PER_SHOT: Final = 2
"""… and for each row of it that is drawn."""
_WALL: Final = 6.0
"""Wall-clock seconds allowed per processor second: the machine may be busy with other work."""
_LARGEST: Final = 64 << 20
_ROOT: Final = Path(__file__).resolve().parents[2]
_IN, _OUT = 0, 1


class Artist:
    """Draws rows of originals, one original at a time; started when first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, order: Order) -> list[Drawn]:
        """Each row of the order, drawn or not; "busy" where the machine did not get to it."""
        try:
            process = self._process or self._started()
        except OSError:
            return _none(order.shots, BUSY)
        assert process.stdin is not None  # noqa: S101 - opened when it was started
        assert process.stdout is not None  # noqa: S101
        seconds = _SECONDS + _SECONDS_PER_SHOT * len(order.shots)
        try:
            send(process.stdin.fileno(), msgspec.msgpack.encode(order))
            answer = _frame(process.stdout.fileno(), time.monotonic() + _WALL * seconds + _WALL)
            return msgspec.msgpack.decode(answer, type=list[Drawn])
        except (BrokenPipeError, EOFError, TimeoutError, msgspec.DecodeError):
            self.close()
            return _none(order.shots, BUSY)

    def close(self) -> None:
        """End the process and whatever it is drawing."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # gone already, which is what was wanted
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            # -P: whatever lies in the working directory is none of its modules
            [sys.executable, "-P", "-c", "from diffing.crops.process import serve; serve()"],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            start_new_session=True,
        )
        return self._process


def serve() -> None:
    """Answer orders until the caller closes the pipe."""
    import diffing.crops.drawing  # noqa: F401 - loaded once, for all forks

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a caller that is gone wants no answer
    with contextlib.suppress(EOFError):
        while True:
            order = msgspec.msgpack.decode(_frame(_IN, None), type=Order)
            send(_OUT, _forked(order) or msgspec.msgpack.encode(_none(order.shots, "limits")))


def _forked(order: Order) -> bytes:
    """The answer of a fork that limits itself before it touches the document; empty for none."""
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, _IN)  # the fork must not keep the caller's pipes open
            os.dup2(nothing, _OUT)
            _limit(len(order.shots))
            send(outward, msgspec.msgpack.encode(_answer(order)))
            code = 0
        finally:
            os._exit(code)
    os.close(outward)
    found = _all(inward, child)
    os.close(inward)
    _, status = os.waitpid(child, 0)
    return found[8:] if status == 0 and len(found) <= _LARGEST else b""


def _answer(order: Order) -> list[Drawn]:
    from diffing.crops.drawing import draw

    data = Path(order.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != order.original:
        return _none(order.shots, "original")
    drawn: list[Drawn] = []
    try:
        drawn.extend(draw(data, order))
    except Exception:  # noqa: BLE001 - whatever the renderer does with it is this document's outcome
        done = {one.key for one in drawn}
        drawn += _none([shot for shot in order.shots if shot.key not in done], "page")
    return drawn


def _none(shots: Sequence[Shot], why: str) -> list[Drawn]:
    return [Drawn(shot.key, why=why) for shot in shots]


def _limit(shots: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    seconds = _SECONDS + _SECONDS_PER_SHOT * shots
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _all(handle: int, child: int) -> bytes:
    """Everything the fork says; ends both if the caller is gone."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(_IN, 0)  # only that it is closed
    held = bytearray()
    while True:
        if any(ready == _IN for ready, _ in poll.poll()):
            os.kill(child, signal.SIGKILL)
            os._exit(0)
        piece = os.read(handle, 1 << 20)
        if not piece:
            return bytes(held)
        held += piece


def _frame(handle: int, deadline: float | None) -> bytes:
    """The next message. Raises EOFError at the end, TimeoutError."""
    head = _exactly(handle, 8, deadline)
    size = int.from_bytes(head, "big")
    if size > _LARGEST:
        raise EOFError
    return _exactly(handle, size, deadline)


def _exactly(handle: int, count: int, deadline: float | None) -> bytes:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    data = bytearray()
    while len(data) < count:
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        if not poll.poll(left):
            raise TimeoutError
        piece = os.read(handle, min(count - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
