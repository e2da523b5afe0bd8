"""`python -m archive.text.worker`: reads documents for `apart`, each in a forked process.

Requests come as one JSON line each; two length-prefixed messages answer each: the number of pages
(so that the caller knows how long to wait) and an `Answer`. The fork inherits a loaded reader and
sets its own limits before it touches the document.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

import msgspec

from archive.model import Document
from archive.text.limits import PAGES_MAX, Limits
from archive.text.outcome import Unreadable


class Request(msgspec.Struct):
    """One file to read."""

    path: str
    limits: Limits


class Answer(msgspec.Struct):
    """The document, or why there is none."""

    document: Document | None = None
    code: str = ""
    message: str = ""
    page: int | None = None


def serve() -> None:
    """Answer requests until the caller closes the pipe."""
    from archive.text import reader  # noqa: F401 - loaded once, inherited by every fork

    for line in sys.stdin.buffer:
        request = msgspec.json.decode(line, type=Request)
        inward, outward = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(inward)
            _read(request, outward)
            os._exit(0)
        os.close(outward)
        sent = _relay(inward)
        os.close(inward)
        _, status = os.waitpid(child, 0)
        for message in _missing(sent, status, request.limits):
            _send(1, message)


def _relay(handle: int) -> int:
    """Pass the child's messages on, whole ones only; returns how many there were."""
    sent = 0
    while True:
        head = _exactly(handle, 8)
        body = _exactly(handle, int.from_bytes(head, "big")) if len(head) == 8 else b""
        if len(head) < 8 or len(body) < int.from_bytes(head, "big"):
            return sent
        _send(1, body)
        sent += 1


def _exactly(handle: int, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = os.read(handle, min(count - len(data), 1 << 20))
        if not piece:
            break
        data += piece
    return bytes(data)


def _missing(sent: int, status: int, limits: Limits) -> list[bytes]:
    """What the caller still waits for when the child died before its answer."""
    if sent >= 2:
        return []
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        answer = Answer(
            code="timeout", message=f"over its processor time of {limits.seconds:g} s …"
        )
    else:
        answer = Answer(code="crashed", message="its reader stopped without an answer")
    messages = [b"0", msgspec.msgpack.encode(answer)]
    return messages[sent:]


def _read(request: Request, out: int) -> None:
    """Runs in the fork: limits first, then the reading, then one answer."""
    from archive.text.pdf import count_pages
    from archive.text.reader import read

    limits = request.limits
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    _allow(limits.seconds)
    answer, opened = Answer(), False
    try:
        data = Path(request.path).read_bytes()
        pages = min(count_pages(data), PAGES_MAX)
        _allow(limits.seconds + pages * limits.seconds_per_page)
        _send(out, str(pages).encode())
        opened = True
        answer.document = read(data)
    except Unreadable as error:
        answer.code, answer.message, answer.page = error.code, error.message, error.page
    except MemoryError:
        answer.code = "memory"
        answer.message = f"needs more than {limits.memory >> 20} MB to be read"
    except RecursionError:
        answer.code, answer.message = "damaged", "nested without end"
    if not opened:
        _send(out, b"0")
    _send(out, msgspec.msgpack.encode(answer))


def _allow(seconds: float) -> None:
    soft = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _send(handle: int, message: bytes) -> None:
    data = memoryview(len(message).to_bytes(8, "big") + message)
    while data:
        data = data[os.write(handle, data) :]


if __name__ == "__main__":
    serve()
