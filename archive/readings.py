"""Readings of originals, kept so that nothing is read twice by the same extractor.

A reading is a pure function of bytes and extractor; the kept copies may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from archive.model import Document
from archive.originals import CorruptOriginal, Originals

__all__ = ["Reader", "Readings", "is_current", "recogniser"]

Reader = Callable[[Path], Document]
"""Reads the file at a path; raises archive.text.Unreadable."""


def is_current(recorded: str, extractor: str) -> bool:
    """Whether what read a version is part of the extractor there is now.

    >>> is_current("pdf-text/1", "pdf-text/1+plain-text/1")
    True
    >>> is_current("pdf-text/1 optical/1", "pdf-text/1+plain-text/1")
    False
    >>> is_current("zip/1+docx/1", "pdf-text/1+docx/2+zip/1")
    False
    """
    ours = extractor.partition(" ")[0]
    reader = recorded.partition(" ")[0]
    needed = recogniser(recorded)
    known = {ours, *ours.split("+")}
    return (reader in known or known.issuperset(reader.split("+"))) and needed in (
        "",
        recogniser(extractor),
    )


def recogniser(extractor: str) -> str:
    """The part of an extractor's identity that reads page images; "" for none.

    >>> recogniser("pdf-text/1+zip/1 optical/1 rapidocr/3.10.0")
    'optical/1 rapidocr/3.10.0'
    """
    _, mark, model = extractor.partition(" optical/")
    return f"optical/{model}" if mark else ""


class Readings:
    """Documents by the sha256 of their original, for one extractor."""

    def __init__(self, folder: Path, originals: Originals, reader: Reader, extractor: str) -> None:
        self._folder = folder / re.sub(r"[^\w.-]+", "-", extractor)
        self.originals = originals
        self._reader = reader
        self.extractor = extractor
        """Identity of all that can read here; a document names what of it was needed."""

    def document(self, sha256: str) -> Document:
        """The reading of this original, from the copy kept or by reading it now.

        Raises Unreadable, MissingOriginal or CorruptOriginal: damage in our own store is never
        taken for a fault of the document.
        """
        kept = self._kept(sha256)
        if kept is not None:
            return kept
        if sha256 not in self.originals:
            self.originals.get(sha256)
        try:
            document = self._reader(self.originals.path(sha256))
        except Exception:
            self.originals.get(sha256)
            raise
        if document.original != sha256:
            self.originals.get(sha256)
            raise CorruptOriginal(f"{sha256}: its reader names another original")
        self.keep(document)
        return document

    def is_kept(self, sha256: str) -> bool:
        """Whether there is a copy, so that nothing need be read."""
        return self._path(sha256).is_file()

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.json"

    def _kept(self, sha256: str) -> Document | None:
        try:
            data = self._path(sha256).read_bytes()
            document = msgspec.json.decode(data, type=Document, strict=True)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return document if document.original == sha256 else None

    def keep(self, document: Document) -> None:
        """Keep a copy of a reading."""
        path = self._path(document.original)
        # Only a convenience: where it cannot be kept, it is read again.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(msgspec.json.encode(document))
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
