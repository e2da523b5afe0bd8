"""The server behind `apart`: reads documents, each in a forked process.

Frames (a length of 8 bytes, then so many bytes) go both ways. The server says `READY` once; then a
`Request` is answered by two frames: the number of pages, so that the caller knows how long to wait,
and an `Answer`. The fork inherits a loaded reader and limits itself before it touches the document.
When the caller is gone, the server ends at once, and the fork with it.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import select
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Document
from archive.text.limits import PAGES_MAX, Limits
from archive.text.outcome import Unreadable

__all__ = ["READY", "Answer", "Request", "send", "serve", "too_long"]

READY: Final = b"ready"
_IN, _OUT = 0, 1
_CHUNK: Final = 1 << 20


class Request(msgspec.Struct):
    """One file to read."""

    path: bytes
    limits: Limits
    optically: bool = False
    """Are its pictures to be read too?"""


class Answer(msgspec.Struct):
    """The document, or why there is none."""

    document: Document | None = None
    code: str = ""
    message: str = ""
    page: int | None = None


def serve() -> None:
    """Answer requests until the caller closes the pipe."""
    _load()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a caller that is gone wants no answer
    gc.freeze()
    send(_OUT, READY)
    prepared = False
    while frame := _frame(_IN):
        request = msgspec.msgpack.decode(frame, type=Request)
        if request.optically and not prepared:
            _load_recogniser()
            prepared = True
        _answer(request)


def _load() -> None:
    """Load once what every document needs; each fork inherits it."""
    import pikepdf  # noqa: F401

    from archive import forms
    from archive.model import Classification
    from archive.register.classification import classification_register
    from archive.text import formats

    forms.identify("收支总表")
    formats.extractors()
    register = classification_register()
    register.agrees("2010101", "行政运行", Classification.FUNCTIONAL, 2025)
    register.agrees("30101", "基本工资", Classification.ECONOMIC, 2025)


def _load_recogniser() -> None:
    """Load the recogniser once, when the first picture is to be read; each fork inherits it."""
    from archive.text.optical.recogniser import load

    load()
    gc.freeze()


def _answer(request: Request) -> None:
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        _fork(request, outward)
    os.close(outward)
    sent = 0
    for message in _messages(inward, child):
        send(_OUT, message)
        sent += 1
    os.close(inward)
    _, status = os.waitpid(child, 0)
    for message in _missing(status, request.limits)[sent:]:
        send(_OUT, message)


def _messages(handle: int, child: int) -> Iterator[bytes]:
    """The child's messages as they come, whole ones only; ends everything if the caller is gone."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(_IN, 0)  # only that it is closed
    held = bytearray()
    while True:
        if any(ready == _IN for ready, _ in poll.poll()):
            os.kill(child, signal.SIGKILL)
            os._exit(0)
        piece = os.read(handle, _CHUNK)
        if not piece:
            return
        held += piece
        while len(held) >= 8 and len(held) >= 8 + int.from_bytes(held[:8], "big"):
            end = 8 + int.from_bytes(held[:8], "big")
            yield bytes(held[8:end])
            del held[:end]


def _frame(handle: int) -> bytes:
    """The next frame; empty at the end."""
    head = _exactly(handle, 8)
    return _exactly(handle, int.from_bytes(head, "big")) if len(head) == 8 else b""


def _exactly(handle: int, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = os.read(handle, min(count - len(data), _CHUNK))
        if not piece:
            break
        data += piece
    return bytes(data)


def _missing(status: int, limits: Limits) -> list[bytes]:
    """What the caller waits for, of a child that died before it could say it."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        answer = Answer(code="timeout", message=too_long(limits))
    elif number == signal.SIGKILL:  # its own limits kill otherwise: somebody else's doing
        answer = Answer(code="killed", message="its reader was killed")
    else:
        died = f"signal {number}" if number else f"exit {os.waitstatus_to_exitcode(status)}"
        answer = Answer(code="crashed", message=f"its reader stopped without an answer ({died})")
    return [b"0", msgspec.msgpack.encode(answer)]


def too_long(limits: Limits) -> str:
    """What is said of a document over its processor time."""
    return (
        f"not read within its processor time ({limits.seconds:g} s and "
        f"{limits.seconds_per_page:g} s a page)"
    )


def _fork(request: Request, out: int) -> None:
    """Runs in the fork: reads one document and never returns."""
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, _IN)  # the fork must not keep the caller's pipes open
        os.dup2(nothing, _OUT)
        _read(request, out)
        code = 0
    finally:
        os._exit(code)


def _read(request: Request, out: int) -> None:
    """Limits first, then the reading, then one answer."""
    from archive.text.formats import limits_of, read
    from archive.text.pdf import count_pages

    limits = request.limits
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow(limits.seconds)
    answer, opened = Answer(), False
    try:
        data = Path(os.fsdecode(request.path)).read_bytes()
        limits = limits_of(data, request.limits, optically=request.optically)
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.files, limits.files))
        pages = min(count_pages(data), PAGES_MAX) if limits.seconds_per_page else 0
        _allow(limits.seconds + pages * limits.seconds_per_page)
        send(out, str(pages or _worth(limits, request.limits)).encode())
        opened = True
        answer.document = read(data, optically=request.optically)
        message = msgspec.msgpack.encode(answer)
        if len(message) > limits.output:
            answer = Answer(code="too-large", message="it holds more than any real document")
    except Unreadable as error:
        answer = Answer(None, error.code, error.message, error.page)
    except MemoryError:
        needs = f"needs more than {limits.memory >> 20} MB to be read"
        answer = Answer(code="memory", message=needs)
    except RecursionError:
        answer = Answer(code="damaged", message="nested without end")
    except OSError as error:
        answer = Answer(code="file", message=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of the reader is this document's outcome
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        failed = f"its reader failed: {type(error).__name__}: {error}"[:200]
        answer = Answer(code="crashed", message=f"{failed} ({place})")
    if not opened:
        send(out, b"0")
    send(out, msgspec.msgpack.encode(answer))


def _worth(limits: Limits, asked: Limits) -> int:
    """The time of a format without pages, in pages: that is how the caller reckons."""
    if limits.seconds <= asked.seconds or not asked.seconds_per_page:
        return 0
    return math.ceil((limits.seconds - asked.seconds) / asked.seconds_per_page)


def _allow(seconds: float) -> None:
    soft = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def send(handle: int, message: bytes) -> None:
    """Write one frame."""
    data = memoryview(len(message).to_bytes(8, "big") + message)
    while data:
        data = data[os.write(handle, data) :]
