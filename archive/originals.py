"""Originals: bytes by sha256, immutable, deduplicated, outside git.

A file is complete or it is not there: bytes are written to a side folder, flushed to the disk and
renamed into place. Nothing here ever changes or removes an original.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from archive.media import media_type

__all__ = ["CorruptOriginal", "MissingOriginal", "Originals", "WithheldOriginal", "media_type"]

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_READ_ONLY: Final = 0o444
_SEALED: Final = 0o400


class MissingOriginal(LookupError):  # noqa: N818 - says what is the case
    """No original of this sha256 is stored here."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class CorruptOriginal(Exception):  # noqa: N818 - says what is the case
    """The stored bytes no longer have the sha256 they are named by."""


class WithheldOriginal(MissingOriginal):
    """The original of this sha256 is sealed after a takedown; its hash and the reason stay."""


class Originals:
    """The store under `<archive>/originals`; what is sealed lies in `<archive>/withheld`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.withheld = root.parent / "withheld"

    def path(self, sha256: str) -> Path:
        """Where the original of this hash lies, whether or not it is there.

        Raises ValueError for anything but 64 lower-case hexadecimal digits.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a sha256: {sha256!r}")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def __contains__(self, sha256: object) -> bool:
        if not isinstance(sha256, str) or not self.path(sha256).is_file():
            return False
        return not self.is_withheld(sha256)

    def names(self) -> set[str]:
        """The sha256 of every original that is here and not sealed."""
        found = {path.name for path in self.root.glob("??/??/*") if _SHA256.fullmatch(path.name)}
        return {sha256 for sha256 in found if not self.is_withheld(sha256)}

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their sha256; known bytes are stored once.

        What is sealed is not stored again.

        Raises CorruptOriginal when a file of that name holds other bytes: it is left as it is,
        because damage or tampering is to be looked at, not painted over.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if self.is_withheld(sha256):
            return sha256
        if path.exists():
            self.get(sha256)
            # Whoever put it there may have been killed before its name was on the disk.
            sync_folder(path.parent)
            return sha256
        _make_durable_folder(path.parent)
        side = self.root / "incoming"
        _make_durable_folder(side)
        handle, name = tempfile.mkstemp(prefix=f"{sha256[:12]}-", dir=side)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), _READ_ONLY)
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, verified.

        Raises MissingOriginal, WithheldOriginal or CorruptOriginal, naming the file.
        """
        path = self.path(sha256)
        if self.is_withheld(sha256):
            raise WithheldOriginal(f"{sha256}: this original is withheld")
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise MissingOriginal(f"{path}: this original is not stored here") from None
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise CorruptOriginal(
                f"{path}: the stored bytes have sha256 {found}; restore this file from a backup"
            )
        return data

    def is_withheld(self, sha256: str) -> bool:
        """Whether the original was sealed."""
        return self._seal(sha256).is_file()

    def sealed(self) -> list[str]:
        """The sha256 of every original that was sealed, in order."""
        return sorted(path.stem for path in self.withheld.glob("*.reason"))

    def seal(self, sha256: str, reason: str) -> None:
        """Take the original out of the store and keep it under seal, the reason beside it.

        The seal is on the disk before the bytes leave their place: a crash between leaves it
        sealed, and sealing again completes it. Raises MissingOriginal where neither is there.
        """
        path, sealed = self.path(sha256), self.withheld / sha256
        if not path.exists() and not sealed.exists():
            raise MissingOriginal(f"{path}: this original is not stored here")
        _make_durable_folder(self.withheld)
        with self._seal(sha256).open("w", encoding="utf-8") as file:
            file.write(f"{reason}\n")
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            path.replace(sealed)
            sync_folder(path.parent)
        sealed.chmod(_SEALED)
        sync_folder(self.withheld)

    def _seal(self, sha256: str) -> Path:
        self.path(sha256)
        return self.withheld / f"{sha256}.reason"


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, so that a rename in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_durable_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_durable_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
