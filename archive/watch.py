"""Whether a document that the archive lacks would have been seen: without that, nobody is accused.

"Missing", "late" and "withdrawn" may be said only where every portal that would show a document was
crawled whole, with nothing in the way, after the day it was due; docs/decisions/0024 says why each
of these is asked.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from archive.ledger import Crawl, Ledger, Observation
from archive.model import Kind
from archive.register.agencies import Agency
from archive.titles import read_title

__all__ = ["Doubt", "Reason", "Watch"]

_SOON: Final = timedelta(days=365)
"""So long after the due day a publication is at least still looked for in its place."""


class Reason(StrEnum):
    """Why something is not said."""

    NOT_CRAWLED = "not-crawled"
    """No crawl of a portal that would show it is recorded."""
    CRAWL_HINDERED = "crawl-hindered"
    """The newest crawl of such a portal was blocked, cut off, or could not see everything."""
    CRAWL_BEFORE_DUE = "crawl-before-due"
    """No crawl since the due day."""
    WATCHED_TOO_LATE = "watched-too-late"
    """The first clear crawl came more than a year after the due day."""
    UNFILED = "unfiled"
    """Documents are stored that cannot be read or filed: it may be among them."""
    NO_DUE_DAY = "no-due-day"
    """Nothing tells when it was due."""
    DUE_ESTIMATED = "due-estimated"
    """The due day is only estimated from what others did."""
    NO_DATE = "no-date"
    """The publisher claims no date."""
    AGENCY_UNKNOWN = "agency-unknown"
    """The register does not know the agency."""
    AGENCY_UNPROVEN = "agency-unproven"
    """Nothing shows that the agency existed then."""


class Doubt(msgspec.Struct, frozen=True):
    """A reason, and what it is about: a portal, a day, a number."""

    reason: Reason
    portal: str = ""
    day: date | None = None
    count: int = 0
    hindrances: tuple[str, ...] = ()
    """What stood in the way of a crawl; "incomplete" for one that was cut off or blocked."""


class Watch:
    """What the crawls of one division's portals could see."""

    def __init__(self, ledger: Ledger, division: str) -> None:
        self._division = division
        self._crawls = ledger.crawls()
        self._clear = {portal: ledger.clear_days(portal) for portal in self._crawls}
        self._unsettled = [
            read_title(look.source.title or look.source.filename)
            for look in ledger.unsettled()
            if self._own(look)
        ]

    def doubt(self, agency: Agency, year: int, kind: Kind, due: date) -> Doubt | None:
        """Why it cannot be said that a document is not there; None where it can."""
        names = {agency.id, *(name.text for name in agency.names), *agency.aliases}
        crawls = [
            crawl
            for crawl in self._crawls.values()
            if any(
                scope.may_show(self._division, kind, agency.level, year, names)
                for scope in crawl.scopes
            )
        ]
        if not crawls:
            return Doubt(Reason.NOT_CRAWLED)
        for crawl in sorted(crawls, key=lambda one: one.portal):
            if (found := self._doubtful(crawl, due)) is not None:
                return found
        return self._perhaps_unfiled(kind, year)

    def _doubtful(self, crawl: Crawl, due: date) -> Doubt | None:
        if not crawl.clear:
            ways = tuple(sorted(crawl.hindrances))
            hindrances = ways if crawl.complete else ("incomplete", *ways)
            return Doubt(Reason.CRAWL_HINDERED, crawl.portal, crawl.day, hindrances=hindrances)
        if crawl.day <= due:
            return Doubt(Reason.CRAWL_BEFORE_DUE, crawl.portal, crawl.day)
        first = min(day for day in self._clear[crawl.portal] if day > due)
        if first - due > _SOON:
            return Doubt(Reason.WATCHED_TOO_LATE, crawl.portal, first)
        return None

    def _perhaps_unfiled(self, kind: Kind, year: int) -> Doubt | None:
        possible = sum(
            (not title.kinds or kind in title.kinds) and (not title.years or year in title.years)
            for title in self._unsettled
        )
        return Doubt(Reason.UNFILED, count=possible) if possible else None

    def _own(self, look: Observation) -> bool:
        """Whether it may be a document of the division: a file nobody crawled may be any."""
        crawl = self._crawls.get(look.source.portal)
        return crawl is None or any(s.division == self._division for s in crawl.scopes)
