"""What is asked of the process that draws rows, and what it answers."""

from __future__ import annotations

from typing import Final

import msgspec

from archive.model import Box

__all__ = ["FIGURES_ALONE", "Drawn", "Order", "Shot"]

FIGURES_ALONE: Final = "figures"
"""Ends the name of a picture that shows nothing of its row but figures."""


class Shot(msgspec.Struct, frozen=True):
    """One row to draw."""

    key: str
    page: int
    cells: tuple[tuple[Box, str], ...]
    """The row's cells that were read, with what is printed in them."""
    mark: Box | None = None
    """The cell to frame."""


class Order(msgspec.Struct, frozen=True):
    """Rows of one original."""

    path: str
    original: str
    """sha256 the bytes must have."""
    texts: tuple[str, ...]
    """All texts of the document as archived: masked."""
    masked: frozenset[int]
    """Pages of which something was masked."""
    shots: tuple[Shot, ...]


class Drawn(msgspec.Struct, frozen=True):
    """A picture, or why there is none."""

    key: str
    png: bytes = b""
    why: str = ""
    """A code of docs/digest.md."""
    figures_alone: bool = False
    """Whether all else of the row is left out, as it is of a scan."""
