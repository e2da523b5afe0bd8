"""The words of checking: what a rule is, what came of it, and what a finding holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from archive.model import Certainty, Kind

if TYPE_CHECKING:
    from diffing.checks.case import Case
    from diffing.checks.examples import Example

__all__ = ["Check", "Finding", "Found", "Group", "Outcome", "Place", "Rule", "Severity", "Sureness"]


class Outcome(StrEnum):
    """What became of one check; all six are counted."""

    HOLDS = "holds"
    FAILS = "fails"
    ROUNDING = "rounding"
    NOT_APPLICABLE = "not-applicable"
    UNDECIDABLE = "undecidable"
    ERROR = "error"
    """The rule itself broke: our fault, never the publisher's."""


class Severity(StrEnum):
    """How much a finding matters."""

    MATERIAL = "material"
    """A figure or a statement about money is contradicted."""
    MINOR = "minor"
    """A name, a list, a mark or left-over text."""
    INFO = "info"
    """Worth knowing, nobody's error: shown where checks are read, never told in a digest."""


class Sureness(StrEnum):
    """How sure a finding is."""

    SURE = "sure"
    LIKELY = "likely"
    """Figures placed by alignment, or words or figures recognised from an image."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where something is printed: a cell of a statement, or a sentence of the prose."""

    page: int | None = None
    row: int | None = None
    """Ruled row of the page's table, from 1."""
    column: int | None = None
    statement: str = ""
    """Title of the statement; "" for prose."""
    name: str = ""
    """The line item, or the subject the prose speaks of."""
    measure: str = ""
    text: str = ""
    """The figure or words as printed."""
    quotation: str = ""
    """For prose: ends with the sentence, begins where what it speaks of is named."""
    document: str = ""
    """Which other document, for a place that is not in this one."""
    certainty: Certainty = Certainty.TEXT


class Found(msgspec.Struct, frozen=True):
    """What a rule has to say of something that does not agree."""

    here: tuple[Place, ...]
    there: tuple[Place, ...]
    stated: str
    expected: str
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str = ""
    severity: Severity | None = None
    """None: as the rule says."""
    right: str = ""
    """The figure the same paragraph also states, in agreement with what is `expected`."""
    ties: frozenset[tuple[object, ...]] = frozenset()
    """Keys of the cells and claims that fail; findings that share one have one root cause."""
    implied: tuple[tuple[tuple[int, int, str], Decimal], ...] = ()
    """Cell -> the value that would make this equation true: its vote on which cell is wrong."""


class Check(msgspec.Struct, frozen=True):
    """One thing a rule looked at."""

    outcome: Outcome
    reason: str = ""
    """Why it was not asked or not decided, as a code of docs/rules.md."""
    found: Found | None = None


class Rule(msgspec.Struct, frozen=True):
    """One rule. What it looks at is code; all that is said about it is data."""

    id: str
    title: str
    title_en: str
    formula: str
    tolerance: str
    """Name of the tolerance class: 求和尾差, 重复列示, 百分比区间 or 文字."""
    severity: Severity
    source: str
    says: str
    """The sentence of a finding: {stated}, {expected}, {difference}, {here}, {there}."""
    says_en: str
    run: Callable[[Case], Iterator[Check]]
    fires: Example
    silent: Example
    kinds: tuple[Kind, ...] = (Kind.BUDGET, Kind.FINAL)
    forms: tuple[str, ...] = ()
    """Statements it speaks of; () for prose or any."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contradiction, ready to be shown."""

    rule: str
    severity: Severity
    sureness: Sureness
    sentence: str
    sentence_en: str
    stated: str
    expected: str
    here: tuple[Place, ...]
    there: tuple[Place, ...]
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str = ""
    key: str = ""
    """Stable over re-readings: of the original, the rule and what is printed where."""


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """Findings with one root cause, the one to show first."""

    findings: tuple[Finding, ...]
    suspect: Place | None = None
    """The cell most probably wrong, where other equations outvote it."""
    implied: Decimal | None = None
    """The value those equations demand of it."""
    witnesses: int = 0
    """How many equations say so, or hold for the other side."""

    @property
    def first(self) -> Finding:
        """The finding that speaks for the group."""
        return self.findings[0]

    @property
    def key(self) -> str:
        """What a judgement of it is filed under."""
        return self.first.key


def key_of(original: str, rule: str, found: Found) -> str:
    """The key of a finding: the same as long as the same original says the same thing."""
    parts = [original, rule, found.stated, found.expected]
    parts += [f"{p.page} {p.name} {p.measure} {p.text}" for p in found.here]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:12]
