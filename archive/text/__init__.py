"""The text stage: bytes → `Document`, a pure function of the bytes and of this code."""

from __future__ import annotations

from archive.text.apart import read_apart
from archive.text.outcome import Unreadable
from archive.text.reader import EXTRACTOR, read

__all__ = ["EXTRACTOR", "Unreadable", "read", "read_apart"]
