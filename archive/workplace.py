"""What a task carries, so that whoever takes it finds the archive and the register it is about.

Workers have the archive's folder and the register's under the same paths as the caller. A register
that says something else there is found out: names and ids must not depend on who was free.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from archive.program import Unlike
from archive.register import Register, load
from archive.repository import Archive

__all__ = ["Workplace"]


class Workplace(msgspec.Struct, frozen=True):
    """An archive and a register, by their folders."""

    archive: str
    register: tuple[str, ...]
    version: str
    """Of the register."""

    @classmethod
    def of(cls, archive: Archive, register: Register) -> Workplace:
        """Where these lie."""
        folders = tuple(str(folder.absolute()) for folder in register.folders)
        return cls(str(archive.root.absolute()), folders, register.version)

    @contextlib.contextmanager
    def opened(self) -> Iterator[tuple[Archive, Register]]:
        """Both, here. Raises Unlike where the register is another than the caller's."""
        register = _register(self.register, self.version)
        archive = Archive(Path(self.archive))
        try:
            yield archive, register
        finally:
            archive.close()


@lru_cache(maxsize=1)
def _register(folders: tuple[str, ...], version: str) -> Register:
    register = load(*map(Path, folders))
    if register.version != version:
        where = ", ".join(folders) or "the packaged register"
        raise Unlike(f"{where}: a worker has another register than this machine")
    return register
