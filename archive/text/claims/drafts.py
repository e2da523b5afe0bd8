"""What is gathered of a claim while its paragraph is read, before it is bound to a statement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from archive.model import Basis, Direction, Reference, Role

__all__ = ["Draft", "Exclusion"]


@dataclass(frozen=True)
class Exclusion:
    """A figure that is no claim, and why: a threshold, a rate, part of a title …"""

    text: str
    why: str
    page: int


@dataclass
class Draft:
    """A claim in the making; fields as in `archive.model.Claim`."""

    role: Role
    subject: str
    text: str
    page: int
    quotation: str
    span: tuple[int, int]
    section: str
    """The section of the explanation it stands in (archive/text/claims/sections.py)."""
    value: Decimal | None = None
    unit: str | None = None
    word: str = ""
    direction: Direction | None = None
    year: int | None = None
    basis: Basis | None = None
    against: Reference | None = None
    whole: str = ""
    parent: int | None = None
    about: int | None = None
    aside: bool = False
    """It stands in a reason or a purpose (主要原因 …, 主要用于 …): no statement prints it."""
    broken: bool = False
    """The paragraph begins within a sentence, and the words that give its subject are lost."""
    dated: bool = False
    """Its year is the day a state is reported at (截至 …)."""
