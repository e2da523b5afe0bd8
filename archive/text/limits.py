"""What reading one document may cost, a line a reader.

Measured, with the numbers, in docs/decisions/0009-hostile-documents.md.
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["OPTICAL", "PAGES_MAX", "TEXT", "Limits"]


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one reading."""

    memory: int
    """Bytes of address space."""
    seconds: float
    """Processor seconds for any document, …"""
    seconds_per_page: float
    """… and for each of its pages."""
    output: int
    """Bytes of the encoded Document."""
    files: int = 0
    """Bytes that may be written to a file: only what converts a document needs any."""


TEXT: Final = Limits(memory=1 << 30, seconds=10, seconds_per_page=0.2, output=32 << 20)
"""Of the text reader: 13 times and more what any real document was seen to need."""
OPTICAL: Final = Limits(memory=3 << 29, seconds=30, seconds_per_page=20, output=32 << 20)
"""Of the optical reader, which reads the text of the document again along with its pictures."""
PAGES_MAX: Final = 1_000
"""More pages than this buy no more time."""
