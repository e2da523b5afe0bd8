"""Gathers what changed into a digest: of one run, or of two years of one agency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.events import State
from archive.model import ChangeKind, Identity
from archive.paths import component
from diffing.changes import Change, Significance
from diffing.compare import Comparison, compare
from diffing.finding import newest, of_entry, predecessor
from diffing.rows import Row
from diffing.select import Block, select, totals_of
from diffing.thresholds import DigestSettings, Thresholds
from diffing.versions import Mode, Version

if TYPE_CHECKING:
    from pathlib import Path

    from archive.intake import Outcome
    from archive.register import Register
    from archive.repository import Archive, Repository
    from archive.settings import Settings

__all__ = [
    "Collected",
    "Digest",
    "Happening",
    "Headline",
    "Scope",
    "after_run",
    "between",
    "build",
    "latest_run",
    "of_versions",
]

_HEADLINES: Final = 10
_CONTENT: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_OURS: Final = frozenset({ChangeKind.RE_EXTRACTION})
"""What we did and no publisher: never told in a digest."""
_FIRST: Final = frozenset({ChangeKind.FIRST, ChangeKind.BACKFILL})


class Scope(StrEnum):
    """What a digest is of."""

    RUN = "run"
    BETWEEN = "between"


class Headline(msgspec.Struct, frozen=True):
    """One line at the top: a row of two years, or a change of a published document."""

    comparison: Comparison
    row: Row | None = None
    change: Change | None = None
    count: int = 1
    """For a revision: how many lines of the document have other figures now."""


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
    thresholds: Thresholds = Thresholds()

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every comparison in it, revisions last."""
        return (*(block.comparison for block in self.blocks), *self.revisions)


def of_versions(
    old: Version,
    new: Version,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    mode: Mode | None = None,
    created: datetime | None = None,
) -> Digest:
    """The digest of one comparison. Raises IncomparableError where it would not be alike."""
    comparison = compare(old, new, mode, settings.thresholds)
    what = new.identity or old.identity
    parts = (
        (what.agency, what.level, what.kind, old.year, new.year)
        if what
        else (new.original, old.original)
    )
    name = component("-".join(map(str, parts)), "digest")
    year = comparison.mode is Mode.YEAR
    return _digest(
        scope=Scope.BETWEEN,
        name=name,
        created=created,
        blocks=(select(comparison),) if year else (),
        revisions=() if year else (comparison,),
        thresholds=settings.thresholds,
    )


def between(
    archive: Archive,
    register: Register,
    identity: Identity,
    from_year: int,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    created: datetime | None = None,
) -> Digest:
    """The digest of a document against the same agency's document of `from_year`.

    Raises NotFoundError, naming the years there are, where the archive lacks one of the two.
    """
    old = newest(archive, register, structs.replace(identity, year=from_year))
    new = newest(archive, register, identity)
    return of_versions(old, new, settings, created=created)


def build(
    archive: Archive,
    register: Register,
    commits: Sequence[tuple[str, str]],
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    *,
    created: datetime | None = None,
    run: str = "",
    outcomes: Iterable[Outcome] = (),
) -> Digest:
    """The digest of what was committed: (division, commit) each.

    Revisions are compared with the version they replaced; documents seen for the first time with
    last year's document of the same agency, level and kind where the archive has it, otherwise
    they are listed with their totals.
    """
    gathered = _Gathered(archive, register, settings.thresholds)
    for division in dict.fromkeys(division for division, _ in commits):
        wanted = [commit for d, commit in commits if d == division]
        gathered.district(archive.repository(division), wanted)
    return _digest(
        scope=Scope.RUN,
        name=component(f"run-{run}" if run else "run", "run"),
        created=created,
        run=run,
        blocks=tuple(gathered.blocks),
        revisions=tuple(gathered.revisions),
        collected=tuple(gathered.collected),
        happenings=tuple(gathered.happenings),
        outcomes=tuple(o for o in outcomes if o.status in ("unreadable", "unfiled")),
        thresholds=settings.thresholds,
    )


class _Gathered:
    """What the commits of a run come to."""

    def __init__(self, archive: Archive, register: Register, thresholds: Thresholds) -> None:
        self.archive, self.register, self.thresholds = archive, register, thresholds
        self.blocks: list[Block] = []
        self.revisions: list[Comparison] = []
        self.collected: list[Collected] = []
        self.happenings: list[Happening] = []

    def district(self, repository: Repository, commits: Sequence[str]) -> None:
        """Add the events of one district, oldest first."""
        history = repository.history()
        wanted = set(commits)
        first: dict[str, Version] = {}
        for entry in reversed(history):
            if entry.commit not in wanted or entry.kind in _OURS:
                continue
            earlier = entry.state is State.EARLIER
            if (entry.kind in _FIRST and not earlier) or entry.kind in _CONTENT:
                version = of_entry(repository, self.register, entry)
                if entry.kind in _FIRST or entry.document_id in first:
                    first[entry.document_id] = version
            if entry.kind in _CONTENT:
                before = predecessor(repository, self.register, entry)
                if before is not None:
                    self.revisions.append(compare(before, version, None, self.thresholds))
            elif entry.kind not in _FIRST or earlier:
                self.happenings.append(
                    Happening(entry.kind, entry.subject, entry.document_id, entry.commit)
                )
        documents = set(repository.documents())
        for version in first.values():
            self._first(version, documents)

    def _first(self, version: Version, documents: set[Identity]) -> None:
        identity = version.identity
        assert identity is not None  # noqa: S101 - it comes from the archive
        before = structs.replace(identity, year=identity.year - 1)
        if before in documents:
            old = newest(self.archive, self.register, before)
            self.blocks.append(select(compare(old, version, Mode.YEAR, self.thresholds)))
            self.collected.append(Collected(version))
        else:
            self.collected.append(Collected(version, totals_of(version)))


def _digest(
    *,
    scope: Scope,
    name: str,
    created: datetime | None,
    blocks: tuple[Block, ...],
    revisions: tuple[Comparison, ...],
    thresholds: Thresholds,
    **rest: object,
) -> Digest:
    ranked = list(_ranked(blocks, revisions))
    return Digest(
        scope=scope,
        name=name,
        created=created,
        headlines=tuple(ranked[:_HEADLINES]),
        headlines_left=max(len(ranked) - _HEADLINES, 0),
        blocks=blocks,
        revisions=revisions,
        thresholds=thresholds,
        **rest,  # type: ignore[arg-type]
    )


def _ranked(blocks: Sequence[Block], revisions: Sequence[Comparison]) -> Iterator[Headline]:
    """Revised documents first; then every agency's first headline, every agency's second, …"""
    for comparison in revisions:
        loud = [c for c in comparison.changes if c.significance is Significance.HEADLINE]
        if loud:
            yield Headline(comparison, change=max(loud, key=_telling), count=len(loud))
    queues = [[Headline(b.comparison, row=row) for row in b.headlines] for b in blocks]
    for round_ in zip_longest(*queues):
        found = [headline for headline in round_ if headline is not None]
        yield from sorted(found, key=lambda h: -(h.row.size if h.row else 0))


def _telling(change: Change) -> tuple[Decimal, bool, int]:
    """The largest change, and of a line and its sums the line itself."""
    cell = change.cell
    size = abs(cell.difference) if cell and cell.difference is not None else Decimal(0)
    return size, not change.line.total, len(change.line.code)


def latest_run(archive: Archive) -> tuple[str, list[tuple[str, str]]]:
    """The newest run in the archive and its commits; ("", []) where nothing is archived."""
    entries = [(r.division, entry) for r in archive.repositories() for entry in r.history()]
    dated = [
        (entry.observed, entry.run)
        for _, entry in entries
        if entry.observed and entry.kind not in _OURS
    ]
    if not dated:
        return "", []
    run = max(dated)[1]
    return run, [(division, entry.commit) for division, entry in entries if entry.run == run]


def after_run(
    archive: Archive,
    register: Register,
    outcomes: Sequence[Outcome],
    settings: Settings,
    now: datetime,
    run: str = "",
) -> list[Path] | None:
    """Write the digest of a run as the settings say; returns the files.

    None where the run committed nothing: a run that sees nothing new says nothing.
    Raises SettingsError for a wrong `[digest]` table, OSError where a file cannot be written.
    """
    from diffing.render import write

    commits = [(o.division, o.commit) for o in outcomes if o.status == "committed"]
    if not commits:
        return None
    section = settings.section("digest", DigestSettings)
    digest = build(
        archive,
        register,
        commits,
        section,
        created=now,
        run=run or f"{now:%Y%m%dT%H%M%S}",
        outcomes=outcomes,
    )
    return write(digest, settings.resolve(section.folder), section.lang)
