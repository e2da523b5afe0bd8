"""A second place for originals: a folder on another disk, or a store fsspec knows (S3 …).

Copies are made after a run, outside every lock, and checked against their sha256 on the way out.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Protocol

from archive.originals import Originals

__all__ = ["Second", "copy_originals", "second_at"]


class Second(Protocol):
    """Where copies lie, by sha256."""

    where: str

    def names(self) -> set[str]:
        """The originals that are there."""

    def put(self, sha256: str, data: bytes) -> None:
        """Store one, whole or not at all."""

    def get(self, sha256: str) -> bytes:
        """The bytes, as they are."""

    def remove(self, sha256: str) -> None:
        """Take one away that was sealed; none there is no error."""


class _Folder:
    """A folder laid out as the store itself."""

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._originals = Originals(folder)

    def names(self) -> set[str]:
        return {
            path.name
            for path in self._originals.root.glob("??/??/*")
            if path.is_file() and len(path.name) == hashlib.sha256().digest_size * 2
        }

    def put(self, sha256: str, data: bytes) -> None:
        self._originals.put(data)

    def get(self, sha256: str) -> bytes:
        return self._originals.path(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        self._originals.path(sha256).unlink(missing_ok=True)


class _Remote:
    """A store fsspec knows. An object store shows an object whole or not at all."""

    def __init__(self, address: str) -> None:
        import fsspec

        self.where = address
        self._files: Any
        self._files, self._root = fsspec.core.url_to_fs(address)

    def names(self) -> set[str]:
        if not self._files.exists(self._root):
            return set()
        self._files.invalidate_cache()
        return {str(path).rpartition("/")[2] for path in self._files.find(self._root)}

    def put(self, sha256: str, data: bytes) -> None:
        path = self._path(sha256)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(path, data)

    def get(self, sha256: str) -> bytes:
        return bytes(self._files.cat_file(self._path(sha256)))

    def remove(self, sha256: str) -> None:
        if self._files.exists(self._path(sha256)):
            self._files.rm_file(self._path(sha256))

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def second_at(address: str, folder: Path) -> Second:
    """The second place at an address; `folder` is what it means where it names no store.

    Raises ValueError where fsspec, or what it needs for this store, is not installed.
    """
    if "://" not in address:
        return _Folder(folder)
    try:
        return _Remote(address)
    except ImportError as error:
        raise ValueError(
            f"{address}: {error}; install it with: pip install 'mingzhang[s3]'"
        ) from error


def copy_originals(originals: Originals, second: Second) -> int:
    """Copy what is not there yet; returns how many.

    Raises CorruptOriginal (what is damaged here is not spread), OSError.
    """
    there = second.names()
    missing = [sha256 for sha256 in originals.names() if sha256 not in there]
    for sha256 in missing:
        second.put(sha256, originals.get(sha256))
    return len(missing)
