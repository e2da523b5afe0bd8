"""The files of one build: which are wanted, which are as they should be, which are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from diffing.site.catalogue import hashed
from diffing.site.copies import Jobs
from diffing.site.frame import Frame
from diffing.site.state import State
from diffing.site.writing import remove, there, write

__all__ = ["Output"]

_LENT: Final = "lent"
"""The key of a file that never changes under its name."""
_WAITING: Final = 1_000
"""So many pages wait at most until they are made, …"""
_HELD: Final = 32 << 20
"""… or pages that hold so many bytes they are made from."""
_WORTH: Final = 4
"""Fewer pages are sooner made than a process is copied."""

Files = Sequence[tuple[str, bytes]]
"""(path, what it holds)."""


class _Due(NamedTuple):
    """Files that are to be made anew."""

    key: str
    make: Callable[[], Files]


class Output:
    """Writes what differs. `base` names the program and its settings: part of every page's key.

    Pages wait until `making`: then so many `processes` make them, each with what was read in its
    memory.
    """

    def __init__(
        self, folder: Path, state: State, frame: Frame, base: str, processes: int = 1
    ) -> None:
        self.frame, self.base = frame, base
        self.wanted: set[str] = set()
        self.written = 0
        self._due: list[_Due] = []
        self._held = 0
        self._processes = processes
        self._folder, self._state = folder, state
        self._known = state.pages()
        self._there = there(folder)

    def page(
        self,
        path: str,
        inputs: Iterable[object],
        template: str,
        title: str,
        values: Callable[[], Mapping[str, Any]],
        trail: Iterable[tuple[str, str]] = (),
        **fixed: Any,
    ) -> None:
        """A page made from `inputs`; its values are only computed where one of them is new, from
        what is in memory."""
        key = hashed(self.base, template, *inputs)
        self.want([path])
        if not self.fresh(path, key):
            self._page(path, key, template, title, values, trail, **fixed)

    def digest(
        self,
        path: str,
        inputs: Iterable[object],
        name: str,
        title: str,
        body: Callable[[bytes], Markup],
        trail: Iterable[tuple[str, str]],
        **fixed: Any,
    ) -> None:
        """The page of a digest that is kept as `name`; `body` makes HTML of what is kept."""
        template = "digest.html.j2"
        key = hashed(self.base, template, *inputs)
        self.want([path])
        if not self.fresh(path, key):
            kept = self._state.composed(name)
            values = partial(_body, body, kept)
            self._page(path, key, template, title, values, trail, len(kept), **fixed)

    def _page(
        self,
        path: str,
        key: str,
        template: str,
        title: str,
        values: Callable[[], Mapping[str, Any]],
        trail: Iterable[tuple[str, str]],
        held: int = 0,
        **fixed: Any,
    ) -> None:
        way = list(trail)
        self.due(
            key,
            lambda: [(path, self.frame.page(path, template, title, way, **fixed, **values()))],
            held,
        )

    def due(self, key: str, make: Callable[[], Files], held: int = 0) -> None:
        """Files that must be made anew, from what is in memory: `held` bytes that nobody else
        keeps there."""
        self._due.append(_Due(key, make))
        self._held += held
        if len(self._due) >= _WAITING or self._held >= _HELD:
            with self.making():
                pass

    @contextmanager
    def making(self) -> Iterator[None]:
        """Make and write what is due; copies of this process begin with it while the block does
        something else."""
        due, self._due, self._held = self._due, [], 0
        with Jobs([one.make for one in due], self._processes, least=_WORTH) as jobs:
            yield
            for one, found in zip(due, jobs.done(), strict=True):
                for path, data in found:
                    self.want([path])
                    self.put(path, one.key, data)

    def file(self, path: str, data: bytes) -> None:
        """A file that is its own input."""
        key = hashlib.sha256(data).hexdigest()
        self.want([path])
        if not self.fresh(path, key):
            self.put(path, key, data)

    def want(self, paths: Iterable[str]) -> None:
        """These belong to the site."""
        self.wanted.update(paths)

    def fresh(self, path: str, key: str) -> bool:
        """Whether a file is there and was made from the same inputs."""
        return self._known.get(path) == key and path in self._there

    def has(self, paths: Iterable[str]) -> bool:
        """Whether all these files are there."""
        return all(path in self._there for path in paths)

    def drawn(self, pictures: Mapping[str, bytes]) -> None:
        """Put pictures into the folder that were drawn elsewhere."""
        for path, data in pictures.items():
            write(self._folder, path, data)

    def lent(self, paths: Iterable[str]) -> None:
        """Files that were put into the folder by whoever makes them, and belong to the site."""
        for path in paths:
            self.want([path])
            if self._known.get(path) != _LENT:
                self._state.keep_page(path, _LENT)

    def beginning(self, stem: str) -> list[str]:
        """The files an earlier build wrote whose paths begin so."""
        return [path for path in self._known if path.startswith(stem)]

    def put(self, path: str, key: str, data: bytes) -> None:
        """Write a file unless it is the same already, and keep what it was made from."""
        self.written += write(self._folder, path, data)
        self._state.keep_page(path, key)

    def tidy(self) -> int:
        """Take away what an earlier build wrote and nobody wants; returns how many. Other files of
        the folder are not ours."""
        gone = set(self._known) - self.wanted
        remove(self._folder, gone)
        self._state.forget("pages", gone)
        return len(gone & self._there)


def _body(body: Callable[[bytes], Markup], kept: bytes) -> dict[str, Any]:
    return {"body": body(kept)}
