"""The time zone of those who publish: days are days there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

__all__ = ["CHINA", "day_of", "end_of"]

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset instead of a zone database: China keeps one time all year since 1991."""


def day_of(moment: datetime) -> date:
    """The day it was in China."""
    return moment.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """The moment at which a day was over in China.

    >>> end_of(date(2026, 3, 31)).isoformat()
    '2026-04-01T00:00:00+08:00'
    """
    return datetime.combine(day, time.min, CHINA) + timedelta(days=1)
