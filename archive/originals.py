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

__all__ = ["CorruptOriginal", "MissingOriginal", "Originals", "media_type"]

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_READ_ONLY: Final = 0o444


class MissingOriginal(LookupError):  # noqa: N818 - says what is the case
    """No original of this sha256 is stored here."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class CorruptOriginal(Exception):  # noqa: N818 - says what is the case
    """The stored bytes no longer have the sha256 they are named by."""


class Originals:
    """The store under `<archive>/originals`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the original of this hash lies, whether or not it is there.

        Raises ValueError for anything but 64 lower-case hexadecimal digits.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a sha256: {sha256!r}")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def __contains__(self, sha256: object) -> bool:
        return isinstance(sha256, str) and self.path(sha256).is_file()

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their sha256; known bytes are stored once.

        Raises CorruptOriginal when a file of that name holds other bytes: it is left as it is,
        because damage or tampering is to be looked at, not painted over.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
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
        """The bytes, verified. Raises MissingOriginal or CorruptOriginal, naming the file."""
        path = self.path(sha256)
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


_MAGIC: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_ZIP_MEMBERS: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"OFD.xml", "application/ofd"),
)
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|script|title)\b", re.IGNORECASE
)
_PDF_WINDOW: Final = 1024
"""Readers accept a PDF header anywhere in the first 1024 bytes (ISO 32000-1, annex H.3)."""


def media_type(data: bytes) -> str:
    """What the bytes are by their content, whatever a header or file name claims.

    Bytes of no known kind (and none at all) are "application/octet-stream".

    >>> media_type(b"%PDF-1.7 ...")
    'application/pdf'
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data.startswith(b"PK\x03\x04"):
        names = data[:65536] + data[-65536:]
        return next((name for part, name in _ZIP_MEMBERS if part in names), "application/zip")
    head = data[:_PDF_WINDOW]
    if b"%PDF-" in head:
        return "application/pdf"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        if _HTML.search(head):
            return "text/html"
        if text.startswith(b"<?xml"):
            return "application/xml"
    return "application/octet-stream"
