"""What a form printed in blocks declares: performance forms are no single table but several in one
frame, beside labels with their values."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from archive.model import Classification

__all__ = ["Block", "Layout", "Shape"]


class Layout(StrEnum):
    """How a form is printed."""

    TABLE = "table"
    """One head over rows of figures."""
    BLOCKS = "blocks"
    """Labels with values, and several small tables with heads of their own, in one frame."""


class Shape(StrEnum):
    """How one block of a form is printed."""

    ROWS = "rows"
    """A head, then a line item a row."""
    BELOW = "below"
    """A head whose columns are labels, and one row of their texts."""
    PAIRS = "pairs"
    """Label and figure in turn, beside the label of the block."""


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One block of a form."""

    name: str
    """Canonical name; the line items carry it as their attribute "block"."""
    labels: tuple[str, ...] = ()
    """What is printed beside or above it. Of several blocks with one head the label decides."""
    head: tuple[str, ...] = ()
    """Column heads that together open it, without what stands in brackets behind them."""
    shape: Shape = Shape.ROWS
    rows: tuple[str, ...] = ()
    """Names its rows are known to have, without numbering: where no ruling parts one row from the
    next, a name that is known does."""
    sides: dict[str, str] = {}
    """Printed group (收入构成) -> side of its line items (收入)."""
    classification: Classification | None = None
