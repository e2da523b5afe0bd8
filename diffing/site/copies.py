"""Copies of this process that help it: each finds in memory all that was read so far.

A copy reckons, and touches nothing that two processes cannot share: no database, no pipe of a git
process. What it came to is read when it has ended.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import IO, Any, Final, Generic, NoReturn, Self, TypeVar

__all__ = ["Jobs"]

T = TypeVar("T")

_NUMBER: Final = 2
"""Bytes of a job's number; the pipe holds some 30,000 of them, and callers give a thousand."""


class Jobs(Generic[T]):
    """Jobs that copies of this process have begun with, while it goes on; `done` ends them.

    Whoever is free takes the next number, the last job first, from one pipe that all of them read.
    There are no copies for fewer than `least` jobs, for one process, without fork, or where other
    threads are at work: a lock that one of them holds would be held in the copy for good. Then
    `done` does all.
    """

    def __init__(self, jobs: Sequence[Callable[[], T]], processes: int, *, least: int = 2) -> None:
        self._jobs = jobs
        self._copies: dict[int, IO[bytes]] = {}
        self._numbers = _numbers(len(jobs))
        alone = threading.active_count() == 1
        if processes > 1 and len(jobs) >= least and hasattr(os, "fork") and alone:
            self._begin(min(processes, len(jobs)) - 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._numbers)
        for copy, answers in self._copies.items():
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
            answers.close()

    def done(self) -> list[T]:
        """What the jobs came to, in their order; what a copy failed or died over is done here.
        Raises what a job raises."""
        found = {number: self._jobs[number]() for number in self._turns()}
        while self._copies:
            copy, answers = self._copies.popitem()
            os.waitpid(copy, 0)
            with answers:
                found |= _answers(answers)
        return [found[n] if n in found else job() for n, job in enumerate(self._jobs)]

    def _begin(self, copies: int) -> None:
        parent = os.getpid()
        for _ in range(copies):
            answers = tempfile.TemporaryFile()  # noqa: SIM115 - open until the copy has ended
            try:
                copy = os.fork()
            except OSError:  # the machine has no room for one
                answers.close()
                return
            if copy == 0:
                self._work(answers, parent)
            self._copies[copy] = answers

    def _work(self, answers: IO[bytes], parent: int) -> NoReturn:
        """What a copy does; it ends here, whatever happens: nothing of the caller's is tidied. It
        goes on for nobody: when the process it helps was killed, it ends after the job in hand."""
        try:
            for number in self._turns():
                if os.getppid() != parent:
                    break
                pickle.dump((number, self._jobs[number]()), answers)
            answers.flush()
        finally:
            os._exit(0)

    def _turns(self) -> Iterator[int]:
        """The numbers of jobs that nobody else has taken."""
        while number := os.read(self._numbers, _NUMBER):
            yield int.from_bytes(number)


def _numbers(count: int) -> int:
    """The end of a pipe that holds so many numbers, the last first."""
    inward, outward = os.pipe()
    with os.fdopen(outward, "wb") as pipe:
        pipe.write(b"".join(number.to_bytes(_NUMBER) for number in reversed(range(count))))
    return inward


def _answers(file: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """What a copy wrote: each answer whole, or, at the end, not at all."""
    file.seek(0)
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(file)  # noqa: S301 - a copy of this very process wrote it
