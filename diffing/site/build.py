"""Builds the site: reads what changed, writes what differs, takes away what is no more."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.ledger import now
from archive.locks import held
from diffing.site import comparing, documents, feeds, indexing, listing, months, runs
from diffing.site.digests import runs as runs_of
from diffing.site.leading import Pictures
from diffing.site.state import FOLDER, State
from diffing.site.work import Built, Inputs, Work, made_by
from diffing.site.writing import NotOurs, claim

if TYPE_CHECKING:
    from archive.executor import Executor
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Built", "Inputs", "NotOurs", "build"]

_ASSETS: Final = ("icon.svg", "search.js", "site.css")
_NEW_OBJECTS: Final = 200_000
"""So many before the next look for garbage."""


def build(
    archive: Archive,
    register: Register,
    inputs: Inputs,
    folder: Path,
    show: Callable[[int, int], None] = lambda _done, _of: None,
    executor: Executor | None = None,
) -> Built:
    """Build the site of an archive in `folder`, or bring it up to date.

    With an executor its workers make the documents' pages, and this process writes them; the site
    is the same to the byte.

    Every page is replaced in one step, so that whoever reads meanwhile, or after a crash, has a
    whole site. Raises NotOurs for a folder with other files in it, LockTaken where another build is
    at work in it, RepositoryError where a history cannot be read, ToldError where the record of
    told findings cannot, OSError where a page or the build's own state cannot be written,
    NoExecutor where there is nobody to do the work; what was made is kept.
    """
    claim(folder)
    with (
        _alone(folder),
        _seldom_collected(),
        State(folder, made_by()) as state,
        Pictures.opened(archive, folder, wanted=inputs.digest.crops) as pictures,
    ):
        processes = _processes(executor)
        work = Work(archive, register, inputs, folder, state, pictures, processes)
        return _built(work, show, executor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time: another would take drafts of this one for leftovers."""
    lock = folder / FOLDER / "build.lock"
    with held(lock, str(folder), now):
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OSError(f"{folder / FOLDER}: {error}") from error


def _processes(executor: Executor | None) -> int:
    """How many of this machine make pages from what was read."""
    if executor is None:
        return 1
    return os.cpu_count() or 1 if executor.spread else executor.width()


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """What a build reads lives to its end: looking through all of it for garbage after every few
    hundred objects is a tenth of the time that one change takes. Frozen and let go, it counts as
    old, and is looked through when everything is."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)
        gc.unfreeze()


def _built(work: Work, show: Callable[[int, int], None], executor: Executor | None = None) -> Built:
    """All of it, documents first. Pages that no digest has a say in are made while digests are
    told, all others while feeds are."""
    told = runs_of(work.catalogue)
    known = len(work.catalogue.holdings)
    found = months.happened(work.catalogue)
    total = known + len(told) + len(found)
    documents.put(work, lambda done: show(done, total), executor)
    indexing.put(work)
    comparing.put(work)
    with work.output.making():
        digests = runs.put(work, told, lambda done: show(known + done, total))
        shown = known + len(told)
        if work.built.failed:  # of documents that cannot be read no month speaks
            found = months.happened(work.catalogue)
        periods = months.put(work, found, lambda done: show(shown + done, total))
        listing.put(work, digests, periods)
    with work.output.making():
        feeds.put(work.inputs.feeds, work.output, work.summaries)
    _assets(work)
    names = {month.name for own in periods.values() for month, _ in own}
    return _tidied(work, names | {run.name for run in told})


def _assets(work: Work) -> None:
    for name in _ASSETS:
        data = files("diffing.site").joinpath("assets", name).read_bytes()
        work.output.file(f"assets/{name}", data)


def _tidied(work: Work, told: set[str]) -> Built:
    """Take away the pages of what is no more; other files of the folder are not ours."""
    built, state = work.built, work.state
    built.removed = work.output.tidy()
    built.written = work.output.written
    built.pages = len(work.output.wanted)
    built.documents = len(work.catalogue.holdings)
    state.forget("documents", state.names("documents") - set(work.keys))
    state.forget("digests", state.names("digests") - told)
    state.list_pages(work.output.wanted)
    state.commit()
    return built
