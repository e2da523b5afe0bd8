"""What reading one document may cost, a line a reader."""

from __future__ import annotations

from typing import Final

import msgspec


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


TEXT: Final = Limits(memory=1 << 30, seconds=20, seconds_per_page=0.5, output=64 << 20)
"""Of the text reader; real documents need about a hundredth of them."""
PAGES_MAX: Final = 2_000
"""More pages than this buy no more time."""
