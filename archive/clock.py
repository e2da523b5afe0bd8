"""The time zone of those who publish: days are days there."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

__all__ = ["CHINA", "day_of"]

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset instead of a zone database: China keeps one time all year since 1991."""


def day_of(moment: datetime) -> date:
    """The day it was in China."""
    return moment.astimezone(CHINA).date()
