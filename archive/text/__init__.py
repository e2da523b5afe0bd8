"""The text stage: bytes → `Document`, a pure function of the bytes and of this code."""

from __future__ import annotations

from archive.text.apart import read_apart
from archive.text.formats import EXTRACTOR, read
from archive.text.outcome import Unreadable

__all__ = ["EXTRACTOR", "Unreadable", "read", "read_apart"]
