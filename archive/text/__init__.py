"""The text stage: bytes → `Document`, a pure function of the bytes and of this code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.text.apart import read_apart
from archive.text.outcome import Unreadable

if TYPE_CHECKING:
    from archive.text.formats import EXTRACTOR, read

__all__ = ["EXTRACTOR", "Unreadable", "read", "read_apart"]


def __getattr__(name: str) -> object:
    """The readers are loaded where one is asked for: who reads apart needs none here."""
    if name in {"EXTRACTOR", "read"}:
        from archive.text import formats

        return getattr(formats, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
