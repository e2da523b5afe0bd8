"""What is known to be wrong at each portal, so that a nightly run speaks only of what is new.

Kept in one small JSON file beside the archive's ledger; losing it means no more than hearing
everything once again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from crawler.report import FAILURES, OF_DOCUMENTS, PortalReport, Trouble, TroubleKind

__all__ = ["Condition", "Conditions", "PortalState"]

FILENAME: Final = "harvest.json"


class Condition(msgspec.Struct, frozen=True):
    """A trouble and when it was first met."""

    trouble: Trouble
    since: datetime


class PortalState(msgspec.Struct):
    """What is remembered of one portal."""

    conditions: dict[str, Condition] = {}
    last_run: datetime | None = None
    last_success: datetime | None = None
    """The last crawl that went through and met no failure."""
    publications: int = 0
    """How many the last crawl that went through found."""

    def note(
        self, met: Mapping[str, Trouble], forgotten: Iterable[str], now: datetime
    ) -> list[Trouble]:
        """Replace what is forgotten by what was met; returns what was not known."""
        known = self.conditions
        kept = {key: condition for key, condition in known.items() if key not in set(forgotten)}
        for key, trouble in met.items():
            since = known[key].since if key in known else now
            kept[key] = Condition(trouble=trouble, since=since)
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
        if report.went_through:
            state.publications = report.publications
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

    def save(self) -> None:
        """Write the file, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        side = self.path.with_suffix(".tmp")
        with side.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(self.portals), indent=1))
            file.flush()
            os.fsync(file.fileno())
        side.replace(self.path)


def too_few(report: PortalReport, minimum: int) -> Trouble | None:
    """The trouble of a crawl that found less than the portal is known to have; None if it did not.

    Nothing at all is always too little: a list nobody can read looks just like an empty one.
    """
    if report.publications >= max(minimum, 1):
        return None
    message = f"found {report.publications} publications, expected at least {max(minimum, 1)}"
    return Trouble(kind=TroubleKind.TOO_FEW, subject="", message=message)
