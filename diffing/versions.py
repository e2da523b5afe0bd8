"""The two sides of a comparison: what they are, where they come from, whether they compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

import msgspec

from archive.model import Box, Certainty, Document, Identity, Kind, Level, Locator
from diffing.heads import Heads

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Entry

__all__ = [
    "IncomparableError",
    "Mode",
    "Relation",
    "Version",
    "Where",
    "lowest",
    "mode_of",
    "relation_of",
    "same",
    "same_agency",
    "same_kind",
    "same_level",
]

_SHORT: Final = 12
_SURENESS: Final = list(Certainty)
_SUREST: Final = Certainty.TEXT


class IncomparableError(ValueError):
    """Two documents that account for different things; the message says which and what to do."""


class Mode(StrEnum):
    """What is compared; the two are never mixed."""

    REVISION = "revision"
    """Two versions of one document: whatever was printed differently is a change."""
    YEAR = "year"
    """Two years of the same kind and level: a blank, a dash and a zero all mean nothing."""


class Relation(StrEnum):
    """How two documents stand to each other: each relation has a comparison of its own."""

    VERSIONS = "versions"
    """Both of one kind and level: two versions of a document or two years (`Mode` says which)."""
    EXECUTION = "execution"
    """The budget and the final account of one year."""
    UNITS = "units"
    """A department and a unit of it, in one year and kind."""


class Where(msgspec.Struct, frozen=True, gc=False):
    """The place a figure is printed: enough for a stranger to find it."""

    document: str
    """Document id, or the file name of a file that is not archived."""
    commit: str | None
    """None for a file that is not archived."""
    original: str
    """sha256 of the bytes."""
    page: int
    row: int
    """Ruled row of the page's table, from 1; 0 where the reading has none."""
    column: int = 0
    """Ruled column of that table, from 1; 0 for a whole row, or where the reading has none."""
    box: Box | None = None
    """The cell itself on the page, where the reading kept it."""


class Version(msgspec.Struct, frozen=True, dict=True):
    """One side of a comparison."""

    identity: Identity | None
    """None for a file whose identity could not be read; its facts are used instead."""
    document: Document
    entry: Entry | None = None
    """The commit it was read from; None for a file that is not archived."""
    agency_name: str = ""
    label: str = ""
    """File name of a file that is not archived."""
    projects: tuple[tuple[str, ...], ...] = ()
    """Names that are curated in the register as those of one project of the agency."""
    register: Register | None = None
    """The register that knows the agency; None for a file that is not archived."""

    @property
    def kind(self) -> Kind | None:
        """Budget or final account, as identified or else as the document says."""
        return self.identity.kind if self.identity else self.document.facts.kind

    @property
    def level(self) -> Level | None:
        """Department or unit, as identified or else as the document says."""
        return self.identity.level if self.identity else self.document.facts.level

    @property
    def year(self) -> int | None:
        """Fiscal year, as identified or else as the document says."""
        return self.identity.year if self.identity else self.document.facts.year

    @property
    def agency(self) -> str:
        """Name for readers: the registered one, else the printed one, else the file's."""
        return self.agency_name or self.document.facts.agency or self.label

    @cached_property
    def heads(self) -> Heads:
        """The heads of its columns."""
        return Heads(self.document)

    @cached_property
    def name(self) -> str:
        """Document id, or the file name of a file that is not archived."""
        return self.identity.document_id if self.identity else self.label

    @property
    def commit(self) -> str | None:
        """The commit it was read from, in full."""
        return self.entry.commit if self.entry else None

    @property
    def published(self) -> date | None:
        """What the publisher claims."""
        return self.entry.published if self.entry else None

    @property
    def original(self) -> str:
        """sha256 of the bytes, shortened for print."""
        return self.document.original[:_SHORT]

    def at(self, locator: Locator) -> Where:
        """The place of a printed figure in this version, to the very cell."""
        return self.where(locator.page, locator.row, locator.column, locator.box)

    @cached_property
    def where(self) -> Callable[..., Where]:
        """Page and row, and where known column and box → a place in this version."""
        return partial(Where, self.name, self.commit, self.document.original)


def lowest(*certainties: Certainty) -> Certainty:
    """The least sure of several readings: a comparison is as sure as its weaker side.

    >>> lowest(Certainty.TEXT, Certainty.RECOGNISED)
    <Certainty.RECOGNISED: 'recognised'>
    """
    # most figures are read from text, and nothing is surer
    for certainty in certainties:
        if certainty is not _SUREST:
            break
    else:
        return _SUREST
    return max(certainties, key=_SURENESS.index, default=_SUREST)


def mode_of(old: Version, new: Version, wanted: Mode | None = None) -> Mode:
    """How two versions compare: as revisions of one document or as two years of one agency.

    Raises IncomparableError for a budget against a final account, a department against a unit,
    two agencies, or documents that do not say which year or kind they are (unless `wanted`
    supplies what they leave open; it never overrides what they do say).
    """
    same_kind(old, new)
    same_level(old, new)
    same_agency(old, new)
    if old.year is None or new.year is None or old.kind is None or new.kind is None:
        if wanted is None:
            unsure = new if new.year is None or new.kind is None else old
            raise IncomparableError(
                f"{unsure.name}: the document does not say its year and kind; "
                "say how to compare with --as revision or --as year"
            )
        return wanted
    mode = Mode.REVISION if old.year == new.year else Mode.YEAR
    if wanted is not None and wanted is not mode:
        raise IncomparableError(
            f"{old.name} is of {old.year} and {new.name} of {new.year}: "
            f"that compares as {mode}, not as {wanted}"
        )
    return mode


def relation_of(old: Version, new: Version) -> Relation:
    """How two documents stand to each other, by what they say of kind, level and year.

    A budget and a final account of two years stand in no relation: nothing is compared then.
    """
    if None not in (old.kind, new.kind) and old.kind is not new.kind and old.year == new.year:
        return Relation.EXECUTION
    if None not in (old.level, new.level) and old.level is not new.level:
        return Relation.UNITS
    return Relation.VERSIONS


def same_kind(old: Version, new: Version) -> None:
    """Raises IncomparableError for a budget against a final account."""
    why = (
        "budgets compare with budgets, final accounts with final accounts; "
        "a budget and a final account of one year compare as execution: --as execution"
    )
    same("kind", old.kind, new.kind, old, new, why)


def same_level(old: Version, new: Version) -> None:
    """Raises IncomparableError for a department against a unit."""
    why = "departments compare with departments, units with units; both together: --as units"
    same("level", old.level, new.level, old, new, why)


def same_agency(old: Version, new: Version) -> None:
    """Raises IncomparableError for two agencies; files that are not archived are not asked."""
    if old.identity and new.identity:
        one, other = (f"{v.division}/{v.agency}" for v in (old.identity, new.identity))
        same("agency", one, other, old, new, "only documents of one agency are compared")


def same(what: str, one: object, other: object, a: Version, b: Version, why: str) -> None:
    """Raises IncomparableError where both sides say `what` and say it differently."""
    if one is not None and other is not None and one != other:
        raise IncomparableError(
            f"{a.name} and {b.name} are not compared: {what} is {one} on one side "
            f"and {other} on the other ({why})"
        )
