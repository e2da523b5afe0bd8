"""Gathers what was committed: the digest of a run, and the parts of any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import structs

from archive.events import State
from archive.model import ChangeKind, Kind
from archive.paths import component
from diffing.compare import Comparison
from diffing.digest.memory import compared, execution
from diffing.digest.model import Collected, Digest, Happening, Scope
from diffing.digest.ranking import assembled
from diffing.execution import Execution
from diffing.finding import NotFoundError, as_read_now, newest, predecessor
from diffing.select import Block, select, totals_of
from diffing.thresholds import DigestSettings, Thresholds
from diffing.versions import IncomparableError, Mode, Version

if TYPE_CHECKING:
    from archive.intake import Outcome
    from archive.register import Register
    from archive.repository import Archive, Repository
    from diffing.review import Review

__all__ = ["CONTENT", "OURS", "Gathered", "build", "execution_of", "latest_run"]

CONTENT: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
"""What puts another content in the place of a published one."""
OURS: Final = frozenset({ChangeKind.RE_EXTRACTION})
"""What we did and no publisher: never told in a digest."""
_FIRST: Final = frozenset({ChangeKind.FIRST, ChangeKind.BACKFILL})


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
    gathered = Gathered(archive, register, settings.thresholds)
    for division in dict.fromkeys(division for division, _ in commits):
        wanted = [commit for d, commit in commits if d == division]
        gathered.district(archive.repository(division), wanted)
    name = component(f"run-{run}" if run else "run", "run")
    return assembled(
        scope=Scope.RUN,
        name=name,
        created=created,
        run=run,
        blocks=tuple(gathered.blocks),
        revisions=tuple(gathered.revisions),
        collected=tuple(gathered.collected),
        happenings=tuple(gathered.happenings),
        executions=tuple(gathered.executions()),
        outcomes=tuple(o for o in outcomes if o.status in ("unreadable", "unfiled")),
        thresholds=settings.thresholds,
        checked=review is not None,
        problems=review.problems(gathered.current) if review else (),
        corrections=review.corrections(name) if review else (),
    )


class Gathered:
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

    def executions(self) -> Iterator[Execution]:
        """The documents of the run held against the other kind's of their year, where it is there;
        once where both came in one run."""
        told: set[str] = set()
        for version in self.current:
            found = execution_of(self.archive, self.register, version, self.thresholds)
            if found is not None and found.final.name not in told:
                told.add(found.final.name)
                yield found

    def district(self, repository: Repository, commits: Sequence[str]) -> None:
        """Add the events of one district, oldest first."""
        history = repository.history()
        wanted = set(commits)
        first: dict[str, Version] = {}
        for entry in reversed(history):
            if entry.commit not in wanted or entry.kind in OURS:
                continue
            earlier = entry.state is State.EARLIER
            if (entry.kind in _FIRST and not earlier) or entry.kind in CONTENT:
                version = as_read_now(repository, self.register, entry)
                if entry.kind in _FIRST or entry.document_id in first:
                    first[entry.document_id] = version
            if entry.kind in CONTENT:
                before = predecessor(repository, self.register, entry)
                if before is not None:
                    self.revisions.append(compared(before, version, None, self.thresholds))
            elif entry.kind not in _FIRST or earlier:
                self.happenings.append(
                    Happening(entry.kind, entry.subject, entry.document_id, entry.commit)
                )
        for version in first.values():
            self._first(repository, version)

    def _first(self, repository: Repository, version: Version) -> None:
        identity = version.identity
        assert identity is not None  # noqa: S101 - it comes from the archive
        before = structs.replace(identity, year=identity.year - 1)
        if repository.holds(before):
            old = newest(self.archive, self.register, before)
            self.blocks.append(select(compared(old, version, Mode.YEAR, self.thresholds)))
            self.collected.append(Collected(version))
        else:
            self.collected.append(Collected(version, totals_of(version)))


def execution_of(
    archive: Archive, register: Register, version: Version, thresholds: Thresholds
) -> Execution | None:
    """A document held against the budget or final account of its year; None where the archive
    has no other one, or the two account for different things."""
    identity = version.identity
    if identity is None:
        return None
    final = identity.kind is Kind.FINAL
    other = structs.replace(identity, kind=Kind.BUDGET if final else Kind.FINAL)
    with suppress(NotFoundError, IncomparableError):
        found = newest(archive, register, other)
        budget, account = (found, version) if final else (version, found)
        return execution(budget, account, thresholds)
    return None


def latest_run(archive: Archive) -> tuple[str, list[tuple[str, str]]]:
    """The newest run in the archive and its commits; ("", []) where nothing is archived."""
    repositories = archive.repositories()
    newest = [found for r in repositories if (found := r.index().newest_run(OURS))]
    if not newest:
        return "", []
    _, run = max(newest)
    return run, [
        (r.division, one.commit) for r in repositories for one in r.index().events(run=run)
    ]
