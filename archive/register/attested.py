"""The words of the classification register: names and on whose word they stand, what happened to
them, and whether a name that is printed agrees."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from archive.model import Classification

__all__ = ["Agreement", "Change", "Kind", "Name", "Source", "Standing", "Verdict"]


class Standing(StrEnum):
    """On whose word a name stands, strongest first."""

    OFFICIAL = "official"
    """Read in the ministry's own text."""
    FORM = "form"
    """Printed in a form that a finance bureau hands out."""
    REPRODUCED = "reproduced"
    """Read in an official text as somebody else reproduces it."""
    OBSERVED = "observed"
    """Printed in budgets and final accounts."""
    LISTED = "listed"
    """In a list or note without authority: never held against anybody on its own."""


class Name(msgspec.Struct, frozen=True):
    """One name of a code."""

    text: str
    since: int
    """First year it is attested in."""
    until: int
    """Last year it is attested in: not the end of its use."""
    standing: Standing
    source: str
    """Ids of `subjects/sources.toml`, separated by spaces."""
    publishers: int = 0
    """How many independent publishers printed it; 0 for official texts and notes."""
    documents: int = 0

    def covers(self, year: int, reach: int = 0) -> bool:
        """Is it attested before and after (or in) the year, give or take `reach` years?"""
        return self.since - reach <= year <= self.until + reach


class Kind(StrEnum):
    """What a yearly revision does to codes."""

    RENAME = "rename"
    SPLIT = "split"
    MERGE = "merge"
    NEW = "new"
    DROP = "drop"


class Change(msgspec.Struct, frozen=True):
    """One revision of the classification: the codes before and after it."""

    scheme: Classification
    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]
    year: int | None
    """First year in force; None where it is not known."""
    name_before: str
    name_after: str
    verified: bool
    """Was an official text read, itself or in reproduction? `source` names it."""
    source: str


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where names come from."""

    title: str
    text: str
    """official, form, reproduction, publications, list or notes."""
    address: str = ""
    note: str = ""


class Verdict(StrEnum):
    """Do a code and the name printed beside it belong together?"""

    AGREES = "agrees"
    OTHER_NAME = "other-name"
    """It is a name of this code, but of other years than the one asked about."""
    OTHER_CODE = "other-code"
    """It is the name of other codes."""
    NAME_UNKNOWN = "name-unknown"
    """The code is known, the name is nobody's."""
    CODE_UNKNOWN = "code-unknown"
    """The register does not know the code. It is partial: that says nothing about the code."""


class Agreement(msgspec.Struct, frozen=True):
    """What the register has to say about a code and a name in a year."""

    verdict: Verdict
    known: tuple[Name, ...] = ()
    """Names of the code: those of the year first, then by standing."""
    codes: tuple[str, ...] = ()
    """Codes that bear the name about that year (and are not the code asked about)."""
    ground: Name | None = None
    """The code's name on whose strength a disagreement is beyond doubt; None where it is not."""

    @property
    def certain(self) -> bool:
        """Is a disagreement beyond doubt? Only then may it be held against a publisher."""
        return self.ground is not None
