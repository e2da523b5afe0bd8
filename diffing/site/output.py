"""The files of one build: which are wanted, which are as they should be, which are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from diffing.site.catalogue import hashed
from diffing.site.frame import Frame
from diffing.site.state import State
from diffing.site.writing import remove, there, write

__all__ = ["Output"]

_LENT: Final = "lent"
"""The key of a file that never changes under its name."""


class Output:
    """Writes what differs. `base` names the program and its settings: part of every page's key."""

    def __init__(self, folder: Path, state: State, frame: Frame, base: str) -> None:
        self.frame, self.base = frame, base
        self.wanted: set[str] = set()
        self.written = 0
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
        """A page made from `inputs`; its values are only computed where one of them is new."""
        key = hashed(self.base, template, *inputs)
        self.want([path])
        if not self.fresh(path, key):
            self.put(
                path, key, self.frame.page(path, template, title, list(trail), **fixed, **values())
            )

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
