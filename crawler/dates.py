"""Dates as portals print them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final

from archive.clock import CHINA

__all__ = ["parse"]

_INSTANT: Final = re.compile(
    r"(?<!\d)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})"
)
_DAY: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日|(?!\d))"
)
_EPOCH: Final = re.compile(r"\s*(1\d{9})(\d{3})?\s*")


def parse(text: str) -> date | None:
    """Return the first full date in `text`, as a day in China, or None.

    Reads `2025-11-10 15:49`, `[2025-01-24]`, `2025/1/24`, `2025.1.24`, `2025年1月24日`, an instant
    with a zone, and seconds or milliseconds since 1970. `01-24` has no year and none is guessed:
    the answer is None, as it is for a day no calendar has.
    """
    text = unicodedata.normalize("NFKC", text)
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), CHINA).date()
    if instant := _INSTANT.search(text):
        try:
            return datetime.fromisoformat(instant[0]).astimezone(CHINA).date()
        except ValueError:
            pass
    for found in _DAY.finditer(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None
