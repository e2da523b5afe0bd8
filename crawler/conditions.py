"""What is known to be wrong at each portal, so that a nightly run speaks only of what is new.

Kept in one small JSON file beside the archive's ledger; losing it means no more than hearing
everything once again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from crawler.report import FAILURES, OF_DOCUMENTS, PortalReport, Trouble, TroubleKind

__all__ = ["Condition", "Conditions", "PortalState"]

FILENAME: Final = "harvest.json"
_FIRST_REST: Final = timedelta(hours=12)
_LONGEST_REST: Final = timedelta(days=7)


class Condition(msgspec.Struct, frozen=True):
    """A trouble and when it was first met."""

    trouble: Trouble
    since: datetime
    acknowledged: datetime | None = None
    """When a person said that he knows."""


class PortalState(msgspec.Struct, omit_defaults=True):
    """What is remembered of one portal."""

    conditions: dict[str, Condition] = {}
    last_run: datetime | None = None
    last_success: datetime | None = None
    """The last crawl that went through and met no failure."""
    publications: int = 0
    """How many the last crawl that went through found."""
    expected: int = 0
    """How many it should find: the most ever found, until a person acknowledges fewer."""
    turned_away: int = 0
    """How many crawls in a row ended at a firewall."""
    rest_until: datetime | None = None
    """The portal is not asked again before: it turned us away."""

    lost: list[str] = []
    """Articles that were gone all at once in the last crawl that could tell."""
    withdrawn: dict[str, datetime] = {}
    """Of such articles, those a person says were withdrawn, and when he said so."""

    @property
    def missing(self) -> int:
        """Articles known to be gone, confirmed or not: so many publications fewer are no riddle."""
        kinds = [known.trouble.kind for known in self.conditions.values()]
        return kinds.count(TroubleKind.MISSING)

    def note(
        self, met: Mapping[str, Trouble], forgotten: Iterable[str], now: datetime
    ) -> list[Trouble]:
        """Replace what is forgotten by what was met; returns what was not known."""
        known = self.conditions
        kept = {key: condition for key, condition in known.items() if key not in set(forgotten)}
        for key, trouble in met.items():
            old = known.get(key)
            kept[key] = Condition(
                trouble, old.since if old else now, old.acknowledged if old else None
            )
        self.conditions = kept
        return [trouble for key, trouble in met.items() if key not in known]


class Conditions:
    """The memory of all portals of one archive."""

    def __init__(self, archive: Path) -> None:
        self.path = archive / FILENAME
        try:
            data = self.path.read_bytes()
            self.portals = msgspec.json.decode(data, type=dict[str, PortalState])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            # A notebook, not a record: start anew and say everything once more.
            self.portals = {}

    def update(
        self, report: PortalReport, found: Iterable[Trouble], now: datetime
    ) -> list[Trouble]:
        """Take in a portal's run and return the troubles that were not known before.

        What was known and is not met again is forgotten only after a crawl that went through:
        behind a firewall nothing can be seen to be mended.
        """
        state = self.portals.setdefault(report.portal, PortalState())
        met = {trouble.key: trouble for trouble in found}
        forgotten = {
            key
            for key, known in state.conditions.items()
            if report.went_through and known.trouble.kind not in OF_DOCUMENTS
        }
        new = state.note(met, forgotten, now)
        state.last_run = now
        _rest(state, report, now)
        if report.complete:
            state.lost = report.lost
        for url in state.withdrawn.keys() & report.looks.keys():
            if not report.looks[url].evidence:
                del state.withdrawn[url]  # it is there: what was said of it is over
        if report.went_through:
            state.publications = report.publications
            state.expected = max(state.expected, report.publications)
            if not any(trouble.kind in FAILURES for trouble in met.values()):
                state.last_success = now
        return new

    def documents(
        self, portal: str, found: Iterable[Trouble], settled: Iterable[str], now: datetime
    ) -> list[Trouble]:
        """Take in what became of stored documents; the same rule, but only settling is mending.

        `settled` are the sha256 of documents that have been filed by now.
        """
        state = self.portals.setdefault(portal, PortalState())
        mended = {f"{kind}|{sha256}" for kind in OF_DOCUMENTS for sha256 in settled}
        return state.note({trouble.key: trouble for trouble in found}, mended, now)

    def acknowledge(self, portal: str, now: datetime) -> int:
        """Take note that a person knows what stands in the way at a portal; returns how much.

        Fewer publications than before are then what is expected.
        """
        state = self.portals.setdefault(portal, PortalState())
        fresh = {key: c for key, c in state.conditions.items() if c.acknowledged is None}
        for key, condition in fresh.items():
            state.conditions[key] = msgspec.structs.replace(condition, acknowledged=now)
            if condition.trouble.kind is TroubleKind.FEWER:
                state.expected = state.publications
        return len(fresh)

    def withdraw(self, portal: str, now: datetime) -> list[str]:
        """Take a person's word that articles gone all at once were withdrawn; returns which.

        From the next crawl on each is looked at like any article that is gone by itself, and the
        archive records a withdrawal when a second look a day later finds it gone still.
        """
        state = self.portals.setdefault(portal, PortalState())
        taken, state.lost = state.lost, []
        state.withdrawn |= dict.fromkeys(taken, now)
        state.conditions = {
            key: condition
            for key, condition in state.conditions.items()
            if condition.trouble.kind is not TroubleKind.MASS_ABSENCE
        }
        return taken

    def save(self) -> None:
        """Write the file, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        side = self.path.with_suffix(".tmp")
        with side.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(self.portals), indent=1))
            file.flush()
            os.fsync(file.fileno())
        side.replace(self.path)


def _rest(state: PortalState, report: PortalReport, now: datetime) -> None:
    """A portal that turned us away is left alone for hours, then days."""
    if any(trouble.kind is TroubleKind.BLOCKED for trouble in report.troubles):
        state.turned_away += 1
        rest = min(_FIRST_REST * 2 ** (state.turned_away - 1), _LONGEST_REST)
        state.rest_until = now + rest
    elif report.went_through:
        state.turned_away, state.rest_until = 0, None


def fewer(report: PortalReport, state: PortalState) -> Trouble | None:
    """The trouble of a crawl that found fewer publications than one before; None if it did not.

    Articles known to be gone account for themselves.
    """
    gone = sum(trouble.kind is TroubleKind.MISSING for trouble in report.troubles)
    wanting = state.expected - max(gone, state.missing) - report.publications
    if wanting <= 0:
        return None
    message = (
        f"found {report.publications} publications, {state.expected} before, and no withdrawal"
        f" accounts for {wanting}; if that is as it should be: mingzhang status --acknowledge"
    )
    return Trouble(kind=TroubleKind.FEWER, subject="", message=message)


def too_few(report: PortalReport, minimum: int) -> Trouble | None:
    """The trouble of a crawl that found less than the portal is known to have; None if it did not.

    Nothing at all is always too little: a list nobody can read looks just like an empty one.
    """
    if report.publications >= max(minimum, 1):
        return None
    message = f"found {report.publications} publications, expected at least {max(minimum, 1)}"
    return Trouble(kind=TroubleKind.TOO_FEW, subject="", message=message)
