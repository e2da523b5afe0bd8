"""The portal's only clock: a tick names an instant. Nothing here looks at the real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_DAYS: Final = (
    datetime(2024, 2, 1, 8, tzinfo=CHINA),  # 0: budgets of 2024 are online
    datetime(2024, 2, 2, 8, tzinfo=CHINA),  # 1: nothing happens, yet every validator changes
    datetime(2025, 2, 14, 8, tzinfo=CHINA),  # 2: budgets of 2025 appear
    datetime(2025, 3, 3, 8, tzinfo=CHINA),  # 3: C replaces a file silently
    datetime(2025, 3, 20, 8, tzinfo=CHINA),  # 4: A replaces an attachment under a new name
    datetime(2025, 4, 10, 8, tzinfo=CHINA),  # 5
    datetime(2025, 4, 11, 8, tzinfo=CHINA),  # 6: an article of A is unavailable for a moment
    datetime(2025, 5, 6, 8, tzinfo=CHINA),  # 7
    datetime(2025, 11, 21, 8, tzinfo=CHINA),  # 8: final accounts of 2024 appear
    datetime(2025, 12, 15, 8, tzinfo=CHINA),  # 9: A moves to other addresses
    datetime(2026, 1, 25, 8, tzinfo=CHINA),  # 10: C's agency bears a new name; a late account of B
    datetime(2026, 2, 20, 8, tzinfo=CHINA),  # 11: wrong files on A and B; a late copy on E
)


class Moment(NamedTuple):
    """A tick, and whether its second half has come: some things happen while a crawl is running."""

    tick: int
    late: bool = False

    @property
    def time(self) -> datetime:
        """The instant in Shanghai; after the last named tick a tick is a day."""
        last = len(_DAYS) - 1
        day = _DAYS[self.tick] if self.tick <= last else _DAYS[last] + timedelta(self.tick - last)
        return day + timedelta(minutes=5) if self.late else day


def http_date(moment: Moment) -> str:
    """The instant as RFC 9110 wants it (`Date`, `Last-Modified`); locale-independent."""
    utc = moment.time.astimezone(UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[utc.weekday()]
    month = _MONTHS[utc.month - 1]
    return f"{day}, {utc.day:02} {month} {utc.year} {utc:%H:%M:%S} GMT"
