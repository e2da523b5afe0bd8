"""When a district's budgets and final accounts are due: what is stated, else by the rule.

A `calendars/<division code>.toml` of a register folder has `[[disclosure]]` tables, one for a year
and kind. The rule (预算法 art. 14, 52, 80): the finance bureau answers the departments within 20
days of approval, and they publish within 20 days of its answer. Where nothing is stated, the
district's own batch tells: the median day of publication and 20 days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Kind
from archive.register.files import RegisterError

__all__ = ["Basis", "Disclosure", "Due", "due", "read_calendar"]

_STEP: Final = timedelta(days=20)
_BATCH: Final = 3
"""Publications from which a district's common day can be told."""


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is stated of one year and kind; `due` wins, then `answered`, then `approved`."""

    year: int
    kind: Kind
    approved: date | None = None
    """When the people's congress (budget) or its standing committee (final account) approved."""
    answered: date | None = None
    """When the finance bureau answered the departments (批复)."""
    due: date | None = None
    source: str = ""
    """Where it is said."""


class Basis(StrEnum):
    """By what a due date is known."""

    STATED = "stated"
    ANSWERED = "answered"
    APPROVED = "approved"
    BATCH = "batch"
    """By the median of the district's own publications: an estimate, and said to be one."""
    UNKNOWN = "unknown"


class Due(msgspec.Struct, frozen=True):
    """The last day on time, and by what it is known; None where nothing tells."""

    day: date | None
    basis: Basis


class _CalendarFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    division: str
    disclosure: tuple[Disclosure, ...] = ()


def read_calendar(path: Path) -> tuple[Disclosure, ...]:
    """The disclosures of one file.

    Raises:
        RegisterError: it is unreadable, states another division than its name, or one year and
            kind twice, or an entry without any date.
    """
    try:
        content = msgspec.toml.decode(path.read_bytes(), type=_CalendarFile)
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: {error}") from error
    if content.division != path.stem:
        raise RegisterError(
            f"{path}: states division {content.division!r}, its file name says {path.stem!r}"
        )
    seen = set()
    for one in content.disclosure:
        what = f"{one.year} {one.kind}"
        if (one.year, one.kind) in seen:
            raise RegisterError(f"{path}: {what} is stated twice")
        if not (one.approved or one.answered or one.due):
            raise RegisterError(f"{path}: {what} states no date")
        seen.add((one.year, one.kind))
    return content.disclosure


def due(
    disclosures: Iterable[Disclosure], year: int, kind: Kind, published: Iterable[date] = ()
) -> Due:
    """The last day on which a publication of that year and kind is on time.

    `published` are the days on which the district's departments published, as they claim; they
    count only where nothing is stated, and from three on.
    """
    stated = next((d for d in disclosures if (d.year, d.kind) == (year, kind)), None)
    if stated and stated.due:
        return Due(stated.due, Basis.STATED)
    if stated and stated.answered:
        return Due(stated.answered + _STEP, Basis.ANSWERED)
    if stated and stated.approved:
        return Due(stated.approved + 2 * _STEP, Basis.APPROVED)
    days = sorted(published)
    if len(days) < _BATCH:
        return Due(None, Basis.UNKNOWN)
    # The lower median: a day on which someone did publish.
    return Due(days[(len(days) - 1) // 2] + _STEP, Basis.BATCH)
