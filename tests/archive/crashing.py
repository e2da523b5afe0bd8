"""Crashes on purpose: a short story of an archive, stopped at any of its durable steps.

Run as a program it kills itself: `python -m tests.archive.crashing FOLDER STEP`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from archive import checkout
from archive.ledger import Ledger
from archive.originals import Originals
from archive.plumbing import FastImport
from tests.archive.storing import PLANNING, Workshop, paper, seen

SECOND = {"url": "https://czj.example/b.pdf", "page": "https://czj.example/b.html", "title": ""}
STORY = (
    # first versions of two documents, and a file that is none
    (
        (paper({"行政运行": "1.00"}), seen()),
        (paper({"行政运行": "7.00"}, agency=PLANNING), seen(filename="b.pdf", **SECOND)),
        (b"<html>", seen(url="https://czj.example/c.pdf")),
    ),
    # one is revised, one stays
    (
        (paper({"行政运行": "2.00"}), seen()),
        (paper({"行政运行": "7.00"}, agency=PLANNING), seen(filename="b.pdf", **SECOND)),
    ),
    # only bytes change; the other goes back to what it was after a revision
    (
        (paper({"行政运行": "2.00"}, salt="x"), seen()),
        (paper({"行政运行": "8.00"}, agency=PLANNING), seen(filename="b.pdf", **SECOND)),
    ),
    ((paper({"行政运行": "7.00"}, agency=PLANNING), seen(filename="b.pdf", **SECOND)),),
)


class Crash(BaseException):
    """Nobody catches this by accident."""


def tell_story(root: Path) -> None:
    """The story from where it was left: what a portal shows does not wait for us."""
    chapter = root / "chapter"
    root.mkdir(exist_ok=True)
    begun = int(chapter.read_text()) if chapter.exists() else 0
    workshop = Workshop(root)
    for number in range(begun, len(STORY)):
        chapter.write_text(str(number))
        workshop.run(*STORY[number])
    workshop.archive.close()


def ending(root: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the archive holds in the end, in order."""
    history = Workshop(root).history()
    return sorted((e.document_id, str(e.kind), e.originals) for e in history)


@contextmanager
def stopped_at(step: int, crash: Callable[[], Any]) -> Iterator[list[str]]:
    """Call `crash` at the step-th durable step; yields the names of the steps gone through."""
    steps: list[str] = []

    def reach(name: str) -> None:
        steps.append(name)
        if len(steps) == step:
            crash()

    def around(owner: Any, name: str) -> Any:
        real = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            what = f"{name} {type(args[1]).__name__}" if owner is Ledger else name
            reach(f"before {what}")
            result = real(*args, **kwargs)
            reach(f"after {what}")
            return result

        return mock.patch.object(owner, name, wrapped)

    real_commit = FastImport.commit

    def half_commit(self: FastImport, **parts: Any) -> str:
        # The stream breaks off inside the commit, between two of its files.
        if len(steps) + 1 == step:
            written = self._process.proc.stdin

            def broken(data: bytes) -> None:
                written.write(data[: data.index(b"\nM 100644") + 12])
                written.flush()
                reach("inside commit")

            with mock.patch.object(self._process.proc, "stdin", mock.Mock(write=broken)):
                return real_commit(self, **parts)
        reach("inside commit")
        return real_commit(self, **parts)

    with (
        around(Originals, "put"),
        around(Ledger, "append"),
        mock.patch.object(FastImport, "commit", half_commit),
        around(FastImport, "finish"),
        around(checkout, "refresh"),
    ):
        yield steps


if __name__ == "__main__":
    with stopped_at(int(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL)):
        tell_story(Path(sys.argv[1]))
