"""Hours in which nobody is disturbed."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

__all__ = ["Quiet", "parse"]

_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Quiet(msgspec.Struct, frozen=True):
    """From one time of day to another, over midnight where the end comes first."""

    begins: time
    ends: time

    def until(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When it ends, for a moment in it; None for one outside."""
        local = moment.astimezone(zone)
        clock = local.time()
        if self.begins <= self.ends:
            within = self.begins <= clock < self.ends
        else:
            within = clock >= self.begins or clock < self.ends
        if not within:
            return None
        day = local.date() + timedelta(days=int(clock >= self.ends))
        return datetime.combine(day, self.ends, zone)


def parse(text: str) -> Quiet | None:
    """ "22:00-07:30" as hours; None for "". Raises ValueError for anything else.

    >>> parse("22:00-07:30").ends
    datetime.time(7, 30)
    """
    if not text.strip():
        return None
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no span of hours")
    begins, ends = (time(int(match[n]), int(match[n + 1])) for n in (1, 3))
    return Quiet(begins, ends) if begins != ends else None
