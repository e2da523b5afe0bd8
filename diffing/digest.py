"""Gathers what changed into a digest: of one run, or of two years of one agency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from diffing.checks.model import Severity
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
    from diffing.checks.model import Group
    from diffing.review import Problems, Review
    from diffing.told import Told

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
    "reviewing",
    "told",
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
    corrections: tuple[Told, ...] = ()
    """Findings told earlier that no longer stand."""
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
    review: Review | None = None,
) -> Digest:
    """The digest of one comparison, with the findings of the later document where they are asked
    for. Raises IncomparableError where it would not be alike."""
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
        problems=review.problems([new]) if review else (),
        corrections=review.corrections_of(new.name) if review else (),
    )


def between(
    archive: Archive,
    register: Register,
    identity: Identity,
    from_year: int,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    created: datetime | None = None,
    review: Review | None = None,
) -> Digest:
    """The digest of a document against the same agency's document of `from_year`.

    Raises NotFoundError, naming the years there are, where the archive lacks one of the two.
    """
    old = newest(archive, register, structs.replace(identity, year=from_year))
    new = newest(archive, register, identity)
    return of_versions(old, new, settings, created=created, review=review)


def build(
    archive: Archive,
    register: Register,
    commits: Sequence[tuple[str, str]],
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    *,
    created: datetime | None = None,
    run: str = "",
    outcomes: Iterable[Outcome] = (),
    review: Review | None = None,
) -> Digest:
    """The digest of what was committed: (division, commit) each; with findings where a review is
    given.

    Revisions are compared with the version they replaced; documents seen for the first time with
    last year's document of the same agency, level and kind where the archive has it, otherwise
    they are listed with their totals.
    """
    gathered = _Gathered(archive, register, settings.thresholds)
    for division in dict.fromkeys(division for division, _ in commits):
        wanted = [commit for d, commit in commits if d == division]
        gathered.district(archive.repository(division), wanted)
    name = component(f"run-{run}" if run else "run", "run")
    return _digest(
        scope=Scope.RUN,
        name=name,
        created=created,
        run=run,
        blocks=tuple(gathered.blocks),
        revisions=tuple(gathered.revisions),
        collected=tuple(gathered.collected),
        happenings=tuple(gathered.happenings),
        outcomes=tuple(o for o in outcomes if o.status in ("unreadable", "unfiled")),
        thresholds=settings.thresholds,
        problems=review.problems(gathered.current) if review else (),
        corrections=review.corrections(name) if review else (),
    )


class _Gathered:
    """What the commits of a run come to."""

    def __init__(self, archive: Archive, register: Register, thresholds: Thresholds) -> None:
        self.archive, self.register, self.thresholds = archive, register, thresholds
        self.blocks: list[Block] = []
        self.revisions: list[Comparison] = []
        self.collected: list[Collected] = []
        self.happenings: list[Happening] = []

    @property
    def current(self) -> Iterator[Version]:
        """The documents of the run as they stand after it, those compared first."""
        yield from (block.comparison.new for block in self.blocks)
        yield from (comparison.new for comparison in self.revisions)
        yield from (collected.version for collected in self.collected)

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
    problems: tuple[Problems, ...] = (),
    **rest: object,
) -> Digest:
    ranked = list(_ranked(blocks, revisions, problems))
    return Digest(
        scope=scope,
        name=name,
        created=created,
        headlines=tuple(ranked[:_HEADLINES]),
        headlines_left=max(len(ranked) - _HEADLINES, 0),
        blocks=blocks,
        revisions=revisions,
        thresholds=thresholds,
        problems=problems,
        **rest,  # type: ignore[arg-type]
    )


def _ranked(
    blocks: Sequence[Block], revisions: Sequence[Comparison], problems: Sequence[Problems]
) -> Iterator[Headline]:
    """Revised documents first; then every agency's first headline, every agency's second, …

    A document that contradicts itself has one headline for all its material findings, after the
    first of its figures.
    """
    for comparison in revisions:
        loud = [c for c in comparison.changes if c.significance is Significance.HEADLINE]
        if loud:
            yield Headline(comparison, change=max(loud, key=_telling), count=len(loud))
    contradicted = {h.version.name: h for h in map(_contradicted, problems) if h and h.version}
    queues = []
    for block in blocks:
        queue = [Headline(block.comparison, row=row) for row in block.headlines]
        own = contradicted.pop(block.comparison.new.name, None)
        queues.append([*queue[:1], own, *queue[1:]] if own else queue)
    queues += [[headline] for headline in contradicted.values()]
    for round_ in zip_longest(*queues):
        found = [headline for headline in round_ if headline is not None]
        yield from sorted(found, key=lambda h: -(h.row.size if h.row else 0))


def _contradicted(problems: Problems) -> Headline | None:
    """What the top says of a document's findings; None where none is material."""
    material = [g for g in problems.groups if g.first.severity is Severity.MATERIAL]
    if not material:
        return None
    return Headline(count=len(material), version=problems.version, problem=material[0])


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
    folder = settings.resolve(section.folder)
    review = reviewing(archive, register, settings, section)
    digest = build(
        archive,
        register,
        commits,
        section,
        created=now,
        run=run or f"{now:%Y%m%dT%H%M%S}",
        outcomes=outcomes,
        review=review,
    )
    return told(digest, review, now, lambda: write(digest, folder, section.lang))


def reviewing(
    archive: Archive, register: Register, settings: Settings, section: DigestSettings
) -> Review:
    """The findings at hand for the digests of these settings.

    Raises JudgementsError or ToldError where what people or digests said cannot be read.
    """
    from diffing.checks.judgements import FILENAME, load
    from diffing.review import Review

    judged = load(settings.path.parent / FILENAME)
    return Review(archive, register, settings.resolve(section.folder), judged)


def told(
    digest: Digest, review: Review, now: datetime, write: Callable[[], list[Path]]
) -> list[Path]:
    """Write a digest, its findings recorded before and its corrections after: wherever this is
    interrupted, nothing told is unrecorded and no correction is lost."""
    review.tell(digest.problems, digest.name, now.date())
    paths = write()
    if digest.scope is Scope.RUN:
        review.corrected(digest.corrections, digest.name)
    return paths
