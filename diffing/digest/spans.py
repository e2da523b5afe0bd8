"""The digest of one district over some time, and how that time is asked for."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from archive.model import ChangeKind
from archive.paths import component
from diffing.asof import Read, as_of
from diffing.digest.absent import Expected
from diffing.digest.gathering import Gathered
from diffing.digest.model import Digest, Scope, Span
from diffing.digest.ranking import assembled
from diffing.finding import NotFoundError
from diffing.thresholds import DigestSettings

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.review import Problems, Review
    from diffing.told import Told

__all__ = ["of_span", "parse_span"]

_PERIOD: Final = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d\d)))?")


def parse_span(period: str) -> Span:
    """A year, a quarter or a month as days. Raises ValueError for anything else.

    >>> parse_span("2026-Q1")
    Span(since=datetime.date(2026, 1, 1), until=datetime.date(2026, 3, 31))
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"{period!r} is no period; write 2026, 2026-Q1 or 2026-03")
    year = int(match["year"])
    first, last = 1, 12
    if match["quarter"]:
        last = int(match["quarter"]) * 3
        first = last - 2
    elif match["month"]:
        first = last = int(match["month"])
        if not 1 <= first <= 12:
            raise ValueError(f"{period!r}: there is no month {first:02d}")
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _runs_in(archive: Archive, span: Span) -> set[str]:
    """Names of the digests of the runs that saw something in some time, anywhere."""
    return {
        component(f"run-{entry.run}", "run")
        for repository in archive.repositories()
        for entry in repository.history()
        if entry.observed in span
    }


def of_span(
    archive: Archive,
    register: Register,
    division: str,
    span: Span,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    created: datetime | None = None,
    review: Review | None = None,
    *,
    expected: Expected | None = None,
    runs: Collection[str] | None = None,
    read: Read | None = None,
) -> Digest:
    """What was seen of a district in some time, by our own clock: publishers backdate.

    All of it is told as it stood on the last day, by the newest readings: what came later changes
    nothing. Who did not publish, and what was taken back, is told as it stands now.

    `expected` are the district's documents as expected, `runs` the names of the digests of the
    runs of that time and `read` gives the version of an event, where they are at hand; otherwise
    the archive is asked. Raises NotFoundError where nothing is archived of the district at all.
    """
    if archive.district(division) is None:
        raise NotFoundError(f"nothing is archived of division {division}")
    then = as_of(archive, {division: span.until}, read or _from(archive))
    gathered = Gathered(then, register, settings.thresholds)
    repository = then.repository(division)
    gathered.district(
        repository, [entry.commit for entry in repository.history() if entry.observed in span]
    )
    current = list(gathered.current)
    corrections: tuple[Told, ...] = ()
    problems: tuple[Problems, ...] = ()
    if review is not None:
        told_by = _runs_in(archive, span) if runs is None else runs
        corrections = review.corrections_in(division, span, {v.name for v in current}, told_by)
        with review.of(then):
            problems = review.problems(current, {one.key for one in corrections})
    gone = {h.document_id for h in gathered.happenings if h.kind is ChangeKind.WITHDRAWAL}
    return assembled(
        scope=Scope.PERIOD,
        name=component(f"{division}-{span.since}-{span.until}", "district"),
        created=created,
        place=register.division(division).name,
        span=span,
        blocks=tuple(sorted(gathered.blocks, key=lambda b: b.comparison.new.name)),
        revisions=tuple(gathered.revisions),
        collected=tuple(gathered.collected),
        happenings=tuple(gathered.happenings),
        executions=tuple(gathered.executions()),
        absence=(expected or Expected.of(archive, register, division)).absence(span, gone),
        thresholds=settings.thresholds,
        checked=review is not None,
        problems=problems,
        corrections=corrections,
    )


def _from(archive: Archive) -> Read:
    return lambda division, entry: archive.repository(division).version(entry)
