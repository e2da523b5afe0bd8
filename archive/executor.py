"""Where work is done: on this machine, or on the workers of a Dask cluster. One seam for both.

A function is mapped over tasks; the order in which they end plays no part, and any task may be done
again. What a command does with the answers (commits, files) stays with its own process, under its
own locks. Decision: docs/decisions/0025-dask.md.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Final, Generic, NamedTuple, TypeVar

from archive.program import Unlike, program

__all__ = ["Answer", "Executor", "Local", "NoExecutor", "executor_at"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD: Final = 2
"""Tasks in flight for each that can be done at once: no worker waits, and no queue grows."""
_START: Final = 30
"""Seconds in which a scheduler and its first worker must answer."""
_LOOK: Final = 10
"""Seconds without news after which is asked whether there still is a worker, …"""
_PATIENCE: Final = 30
"""… and how many such looks may find none before the run gives up."""
_ADDRESS: Final = re.compile(r"dask(\+tls)?://([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")
_LOCAL: Final = re.compile(r"local(?::([1-9]\d{0,2}))?")


class NoExecutor(OSError):  # noqa: N818 - named as the caller meets it
    """There is nobody to do the work, or no longer. What was done is kept; the rest is not done."""


class Answer(NamedTuple, Generic[T, R]):
    """What became of one task."""

    task: T
    value: R | None
    lost: str = ""
    """Why there is no value: whoever took the task was killed over it, the last time with no other
    task at work."""


class Executor:
    """Does tasks several at a time."""

    spread = False
    """Whether workers are elsewhere: worth a task a portal, and a hundred documents a task."""
    dashboard = ""
    """Where people can watch; "" where there is nothing to see."""
    originals = ""
    """Where workers find originals that do not have the archive's folder; "" where all have it."""

    def width(self) -> int:
        """How many tasks can be done at once, now."""
        raise NotImplementedError

    def map_unordered(
        self, function: Callable[[T], R], tasks: Iterable[T], *, apart: bool = False
    ) -> Iterator[Answer[T, R]]:
        """Answers as they come. Only so many tasks are taken from `tasks` as can soon be done.

        `apart` says that the function does its work in processes of its own, as the text stage
        does: on this machine a thread is then enough for it. What the function raises is raised
        here. A task whose worker is killed is done again when all others are done; it is `lost`
        when that happens while nothing else is at work, so that no neighbour is blamed for it.
        Raises NoExecutor.
        """
        yield from self._answers(function, tasks, apart, lambda: 0)

    def map(
        self, function: Callable[[T], R], tasks: Iterable[T], *, apart: bool = False
    ) -> Iterator[Answer[T, R]]:
        """As `map_unordered`, in the order of the tasks: answers that come early are held back,
        and count as tasks that are not done yet."""
        early: dict[int, Answer[T, R]] = {}
        turn = 0
        numbered = self._answers(
            partial(_numbered, function), enumerate(tasks), apart, lambda: len(early)
        )
        for answer in numbered:
            number, task = answer.task
            early[number] = Answer(task, answer.value, answer.lost)
            while turn in early:
                yield early.pop(turn)
                turn += 1

    def map_parts(
        self, function: Callable[[T], R], tasks: Iterable[T], parts: Callable[[T], Sequence[T]]
    ) -> Iterator[Answer[T, R]]:
        """As `map`; a task that is lost is done in its parts, so that only the one that kills is
        lost. A task with one part has none smaller."""
        for answer in self.map(function, tasks):
            smaller = parts(answer.task) if answer.value is None else ()
            if len(smaller) > 1:
                yield from self.map_parts(function, smaller, parts)
            else:
                yield answer

    def _answers(
        self,
        function: Callable[[T], R],
        tasks: Iterable[T],
        apart: bool,
        held: Callable[[], int],
    ) -> Iterator[Answer[T, R]]:
        source, suspects = iter(tasks), list[T]()
        with self._working(function, apart) as work:
            waiting: dict[Any, T] = {}
            while True:
                room = self.width() * _AHEAD - len(waiting) - held()
                for task in islice(source, max(0, room)):
                    waiting[work.hand(task)] = task
                if not waiting:
                    if not suspects:
                        return
                    yield self._alone(work, suspects.pop(0))
                    continue
                for handle in work.ended(waiting):
                    task = waiting.pop(handle)
                    try:
                        yield Answer(task, work.value(handle))
                    except _KilledError:
                        suspects.append(task)

    def _alone(self, work: _Work[T, R], task: T) -> Answer[T, R]:
        """Have a task done while no other is."""
        handle = work.hand(task)
        work.ended([handle])
        try:
            return Answer(task, work.value(handle))
        except _KilledError:
            return Answer(task, None, "whoever took it was killed each time")

    def close(self) -> None:
        """Let go of whatever was held open."""

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _working(
        self, function: Callable[[T], R], apart: bool
    ) -> contextlib.AbstractContextManager[_Work[T, R]]:
        raise NotImplementedError


class _KilledError(Exception):
    """A worker died over a task; says nothing about which."""


class _Work(Generic[T, R]):
    """One mapping at work; what a handle is, only the place of work knows."""

    def hand(self, task: T) -> Any:
        """Hand a task over."""
        raise NotImplementedError

    def ended(self, handles: Collection[Any]) -> Collection[Any]:
        """Those that have ended; waits until there is one. Raises NoExecutor."""
        raise NotImplementedError

    def value(self, handle: Any) -> R:
        """What the function returned. Raises what it raised, _KilledError, NoExecutor."""
        raise NotImplementedError


class Local(Executor):
    """This machine: threads for what works apart, processes for what reckons in Python."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1

    def width(self) -> int:
        """As many as there are processors, or as was said."""
        return self._workers

    def _answers(
        self,
        function: Callable[[T], R],
        tasks: Iterable[T],
        apart: bool,
        held: Callable[[], int],
    ) -> Iterator[Answer[T, R]]:
        """As everywhere; a single task is done by the caller itself."""
        rest = iter(tasks)
        first = list(islice(rest, 2))
        if len(first) > 1:
            yield from super()._answers(function, chain(first, rest), apart, held)
        else:
            yield from (Answer(task, function(task)) for task in first)

    @contextlib.contextmanager
    def _working(self, function: Callable[[T], R], apart: bool) -> Iterator[_Work[T, R]]:
        work = _Here(function, self._workers, apart)
        try:
            yield work
        except BaseException:
            # An interrupt at the terminal must not wait for hundreds of documents.
            work.pool.shutdown(wait=False, cancel_futures=True)
            raise
        work.pool.shutdown()


class _Here(_Work[T, R]):
    """Threads or processes of this machine; a broken pool gives way to another."""

    def __init__(self, function: Callable[[T], R], workers: int, apart: bool) -> None:
        self._function, self._workers, self._apart = function, workers, apart
        self.pool = self._made()

    def _made(self) -> futures.Executor:
        if self._apart:
            return ThreadPoolExecutor(self._workers)
        # Not forked: the caller has threads, and git processes whose pipes are its own.
        return ProcessPoolExecutor(self._workers, get_context("spawn"), _end_with_parent)

    def hand(self, task: T) -> futures.Future[R]:
        try:
            return self.pool.submit(self._function, task)
        except futures.BrokenExecutor:
            self.pool = self._made()
            return self.pool.submit(self._function, task)

    def ended(self, handles: Collection[futures.Future[R]]) -> Collection[futures.Future[R]]:
        return futures.wait(handles, return_when=futures.FIRST_COMPLETED).done

    def value(self, handle: futures.Future[R]) -> R:
        try:
            return handle.result()
        except futures.BrokenExecutor as error:
            raise _KilledError from error


class Dask(Executor):
    """The workers of a running Dask scheduler. Tasks and answers are pickled: own machines only."""

    spread = True

    def __init__(self, address: str, originals: str = "") -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise NoExecutor(
                f"{error}: Dask is not installed; install it with: pip install 'mingzhang[cluster]'"
            ) from error
        self.address = address
        self.originals = originals
        self._client: Any
        connect: Any = Client
        try:
            self._client = connect(address, timeout=_START, set_as_default=False, name="mingzhang")
        except (OSError, TimeoutError, ValueError) as error:
            raise NoExecutor(
                f"{address}: no Dask scheduler answers there ({error}); start one with:"
                " dask scheduler"
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=_START)
        except TimeoutError as error:
            self._client.close()
            raise NoExecutor(
                f"{address}: the scheduler has no worker; start one on each machine with:"
                f" dask worker {address} --nthreads 1"
            ) from error
        if "dashboard" in self._client.scheduler_info().get("services", {}):
            self.dashboard = self._client.dashboard_link

    def width(self) -> int:
        """The threads of all workers there are now."""
        return max(1, sum(map(int, self._client.nthreads().values())))

    def close(self) -> None:
        """Leave the scheduler; its workers stay."""
        self._client.close()

    @contextlib.contextmanager
    def _working(self, function: Callable[[T], R], apart: bool) -> Iterator[_Work[T, R]]:
        # Not through Client.get_executor: a result that is lost with its worker after it was
        # ready, and whose task then kills others, leaves a future there that never ends.
        yield _There(self._client, self.address, partial(_done_there, program(), function))


class _There(_Work[T, R]):
    """Tasks on the workers of a scheduler."""

    def __init__(self, client: Any, address: str, function: Callable[[T], R]) -> None:
        from distributed import wait
        from distributed.scheduler import KilledWorker

        self._client, self._address, self._function = client, address, function
        self._wait: Any = wait
        self._killed = KilledWorker
        self._empty = 0

    def hand(self, task: T) -> Any:
        return self._client.submit(self._function, task, pure=False)

    def ended(self, handles: Collection[Any]) -> Collection[Any]:
        while True:
            with contextlib.suppress(TimeoutError):
                try:
                    with self._client.as_current():
                        done = self._wait(list(handles), _LOOK, "FIRST_COMPLETED").done
                except futures.CancelledError as error:
                    raise self._gone() from error
                if done:
                    return list(done)
            self._look()

    def value(self, handle: Any) -> R:
        while True:
            with contextlib.suppress(TimeoutError):
                try:
                    found: R = handle.result(timeout=_LOOK)
                except self._killed as error:
                    raise _KilledError from error
                except futures.CancelledError as error:
                    raise self._gone() from error
                else:
                    return found
            self._look()

    def _look(self) -> None:
        """Nothing has ended for a while. Raises NoExecutor where nothing will."""
        if self._client.status != "running":
            raise self._gone()
        self._empty = 0 if self._client.nthreads() else self._empty + 1
        if self._empty > _PATIENCE:
            raise NoExecutor(
                f"{self._address}: there has been no worker for {_LOOK * _PATIENCE} s; what was"
                " done is kept, run it again when there is one"
            )

    def _gone(self) -> NoExecutor:
        return NoExecutor(
            f"{self._address}: the scheduler is gone; what was done is kept, run it again when it"
            " is back"
        )


def executor_at(where: str, originals: str = "") -> Executor:
    """The place of work a word stands for: `local`, `local:4`, `dask://host:port`, `dask+tls://…`.

    `originals` is the second place of originals, for workers without the archive's folder. With TLS
    certificates come from Dask's own configuration (`distributed.comm.tls`). Raises ValueError for
    any other word, NoExecutor where nobody answers.
    """
    if found := _LOCAL.fullmatch(where):
        return Local(int(found[1]) if found[1] else None)
    if found := _ADDRESS.fullmatch(where):
        return Dask(f"{'tls' if found[1] else 'tcp'}://{found[2]}:{found[3]}", originals)
    raise ValueError(f"{where!r} is neither local, local:N nor dask://HOST:PORT")


def _numbered(function: Callable[[T], R], pair: tuple[int, T]) -> R:
    return function(pair[1])


def _done_there(wanted: str, function: Callable[[T], R], task: T) -> R:
    """Runs on a worker. Raises Unlike where that is another program than the caller's."""
    if program() != wanted:
        raise Unlike(
            f"a worker on {os.uname().nodename} runs another Mingzhang, or other versions of what"
            " it reads with, than this machine: install the same there, then run it again"
        )
    return function(task)


def _end_with_parent() -> None:
    """In a process of a local pool: when its parent is killed, nobody waits for it any more."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
