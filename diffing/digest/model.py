"""The shapes of a digest: what it tells before it is put into words."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from archive.clock import day_of
from archive.model import ChangeKind, Identity
from diffing.changes import Change
from diffing.compare import Comparison
from diffing.rows import Row
from diffing.select import Block
from diffing.thresholds import Thresholds
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.intake import Outcome
    from diffing.checks.model import Group
    from diffing.digest.absent import Absence
    from diffing.execution import Executed, Execution
    from diffing.review import Problems
    from diffing.told import Told

__all__ = ["Collected", "Digest", "Happening", "Headline", "Scope", "Span"]


class Scope(StrEnum):
    """What a digest is of."""

    RUN = "run"
    BETWEEN = "between"
    PERIOD = "period"
    """One district over some time."""
    DOCUMENT = "document"
    """One document: all its versions."""


class Span(msgspec.Struct, frozen=True):
    """A time by our clock, in days of China: both days belong to it."""

    since: date
    until: date

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.since <= day_of(moment) <= self.until


class Headline(msgspec.Struct, frozen=True):
    """One line at the top: a row of two years, a change of a published document, or a document
    that contradicts itself."""

    comparison: Comparison | None = None
    row: Row | None = None
    change: Change | None = None
    count: int = 1
    """For a revision: how many lines of the document have other figures now. For a document that
    contradicts itself: its material findings."""
    version: Version | None = None
    problem: Group | None = None
    """The first of the material findings of `version`."""
    executed: Executed | None = None
    """A line of a final account far off its budget; `execution` is whose."""
    execution: Execution | None = None


class Collected(msgspec.Struct, frozen=True):
    """A document archived for the first time."""

    version: Version
    totals: tuple[Row, ...] = ()
    """Its printed totals, where there is no last year's document to compare with."""


class Happening(msgspec.Struct, frozen=True):
    """An event that changed nothing a reader could read."""

    kind: ChangeKind
    name: str
    """Agency, year and kind, for readers."""
    document_id: str
    commit: str
    identity: Identity | None = None


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """A digest before it is put into words: figures, places and their order."""

    scope: Scope
    name: str
    """The folder it is written to; harmless as a path."""
    created: datetime | None = None
    run: str = ""
    headlines: tuple[Headline, ...] = ()
    headlines_left: int = 0
    """How many more passed the threshold than the headline list holds."""
    blocks: tuple[Block, ...] = ()
    revisions: tuple[Comparison, ...] = ()
    collected: tuple[Collected, ...] = ()
    happenings: tuple[Happening, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    """What could not be read or filed."""
    problems: tuple[Problems, ...] = ()
    """What does not add up in the documents it is about."""
    checked: bool = False
    """Whether anybody looked for `problems`: without that, none means nothing."""
    corrections: tuple[Told, ...] = ()
    """Findings told earlier that no longer stand."""
    executions: tuple[Execution, ...] = ()
    """Final accounts held against the budgets of their years."""
    history: tuple[Version, ...] = ()
    """Of one document: its versions, newest first."""
    span: Span | None = None
    """Of a district over some time: the days it is about."""
    place: str = ""
    """Of a district: its name for readers."""
    absence: Absence | None = None
    """Of a district: who did not publish, was late or took something back."""
    thresholds: Thresholds = Thresholds()

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every comparison in it, revisions last."""
        return (*(block.comparison for block in self.blocks), *self.revisions)

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version it quotes, once, in the order a reader meets them."""
        found: list[Version] = []
        for comparison in self.comparisons:
            found += (comparison.old, comparison.new)
        for execution in self.executions:
            found += (execution.budget, execution.final)
        found += (collected.version for collected in self.collected)
        found += self.history
        found += (problems.version for problems in self.problems)
        once: dict[tuple[str, str | None, str], Version] = {}
        for version in found:
            once.setdefault((version.name, version.commit, version.document.original), version)
        return tuple(once.values())
