"""Two rows taken for one line, and by what they were."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from archive.model import LineItem
from diffing.basis import Basis

__all__ = ["Collision", "How", "KeyCollisionError", "RowPair"]


class KeyCollisionError(Exception):
    """Two pairs got one key. Raised instead of overwriting one with the other; it is a defect."""


class How(StrEnum):
    """By what two rows were taken for the same line."""

    EXACT = "exact"
    OCCURRENCE = "occurrence"
    """One of several rows of the same key: equal amounts first, then printed order."""
    NAME = "name"
    """The same name under another enumeration, or with a code printed only once."""
    ATTRIBUTES = "attributes"
    """Code and name agree and are unique; another printed cell (such as the category) differs."""
    RENAMED = "renamed"
    REGISTER = "register"
    """The classification was revised between the years: one code became another."""
    AGENCY = "agency"
    """Both names are registered as those of one agency, each in its year."""
    ALIAS = "alias"
    """Both names are curated as names of one project."""
    RECODED = "recoded"
    CONTENT = "content"
    """In a revision: another name at the same place, with the very same figures beside it."""
    ONLY_OLD = "only-old"
    ONLY_NEW = "only-new"


class RowPair(msgspec.Struct, frozen=True, gc=False):
    """One line on both sides, or a line that only one side has."""

    key: str
    how: How
    old: LineItem | None
    new: LineItem | None
    old_index: int = -1
    """Position in the old statement's items; -1 where the row is not there."""
    new_index: int = -1
    by_order: bool = False
    """Several rows have its key and no equal amounts tell them apart: their order did."""
    other_layout: bool = False
    """Only one side has it, and the other side prints no rows of its kind, but rows of others."""
    basis: Basis | None = None
    """The revision of the classification that touches it, if any does."""


class Collision(msgspec.Struct, frozen=True):
    """Several rows of one statement share code and name: paired by content, and said so."""

    statement: str
    code: str
    name: str
    old_rows: tuple[tuple[int, int], ...]
    """(page, row) of each."""
    new_rows: tuple[tuple[int, int], ...]
