"""Who published what: agency by year and kind, in words as well as in colours.

What is not archived is "not known" here as long as nothing says that a crawl was complete; late is
late only by a due date that is stated or follows from a stated one, never by an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec

from archive.coverage import Coverage, Standing
from archive.coverage import Row as Standings
from archive.coverage import coverage as coverage_of
from archive.model import ChangeKind, Identity, Kind, Level
from archive.register import RegisterError
from archive.register.calendars import Basis
from diffing.site import addresses
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.words import Words

__all__ = ["coverage_values"]

_YEARS: Final = 10
_FIRM: Final = frozenset({Basis.STATED, Basis.ANSWERED, Basis.APPROVED})
_REVISIONS: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_STATES: Final = ("on-time", "published", "revised", "late", "withdrawn", "unknown")


class Cell(msgspec.Struct, frozen=True):
    """How one agency stands in one year."""

    state: str
    text: str
    path: str = ""
    note: str = ""
    reason: str = ""


class Column(msgspec.Struct, frozen=True):
    """One year, and by when it was due."""

    name: str
    due: str


class Row(msgspec.Struct, frozen=True):
    """One agency."""

    name: str
    path: str
    cells: tuple[Cell, ...]


class Table(msgspec.Struct, frozen=True):
    """One level and kind."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def coverage_values(catalogue: Catalogue, division: str, words: Words) -> dict[str, Any]:
    """What the coverage template needs."""
    place = catalogue.place(division)
    legend = [
        {"state": state, "text": words(f"state-{state}"), "meaning": words(f"meaning-{state}")}
        for state in _STATES
    ]
    return {
        "heading": words("coverage-heading", place=place),
        "legend": legend,
        "tables": list(_tables(catalogue, division, words)),
    }


def _tables(catalogue: Catalogue, division: str, words: Words) -> Iterator[Table]:
    holdings = catalogue.of_division(division)
    entries = [entry for holding in holdings for entry in holding.entries]
    for level in Level:
        for kind in Kind:
            own = [h for h in holdings if (h.identity.level, h.identity.kind) == (level, kind)]
            years = sorted({h.identity.year for h in own}, reverse=True)[:_YEARS]
            try:
                found = [
                    # nothing here depends on the day: what is not seen is not known
                    coverage_of(catalogue.register, entries, division, year, kind, date.max, level)
                    for year in years
                ]
            except RegisterError:
                continue
            if found:
                title = words(
                    "coverage-title", level=words(f"level-{level}"), kind=words(f"kind-{kind}")
                )
                yield _table(title, found, catalogue, words)


def _table(title: str, found: list[Coverage], catalogue: Catalogue, words: Words) -> Table:
    columns = tuple(Column(str(one.year), _due(one, words)) for one in found)
    names: dict[str, str] = {}
    for one in found:
        names |= {row.agency: row.name for row in one.rows}
    cells = [{row.agency: row for row in one.rows} for one in found]
    rows = []
    for agency in sorted(names):
        division = found[0].division
        path = addresses.agency(division, agency)
        rows.append(
            Row(
                name=names[agency],
                path=path if (division, agency) in catalogue.by_agency else "",
                cells=tuple(
                    _cell(rows_.get(agency), one, catalogue, words)
                    for one, rows_ in zip(found, cells, strict=True)
                ),
            )
        )
    return Table(title, columns, tuple(rows))


def _due(one: Coverage, words: Words) -> str:
    if one.due.day is None:
        return words("coverage-due-unknown")
    key = "coverage-due" if one.due.basis in _FIRM else "coverage-due-estimated"
    return words(key, day=one.due.day.isoformat())


def _cell(row: Standings | None, one: Coverage, catalogue: Catalogue, words: Words) -> Cell:
    holding = None
    if row is not None:
        identity = Identity(one.division, row.agency, one.level, one.year, one.kind)
        holding = catalogue.holdings.get(identity.document_id)
    if row is None or holding is None:
        return Cell("unknown", words("state-unknown"), reason=words("reason-unknown"))
    return _held(row, one, holding, words)


def _held(row: Standings, one: Coverage, holding: Holding, words: Words) -> Cell:
    firm = one.due.basis in _FIRM
    notes = [row.published.isoformat()] if row.published else []
    state = "published"
    if row.standing is Standing.ON_TIME and firm:
        state = "on-time"
    if row.standing is Standing.LATE and row.days_late:
        state = "late" if firm else "published"
        key = "coverage-days" if firm else "coverage-days-estimated"
        notes.append(words(key, days=row.days_late))
    if any(entry.kind in _REVISIONS for entry in holding.entries):
        if state == "late":
            notes.append(words("state-revised"))
        else:
            state = "revised"
    if holding.withdrawn:
        state = "withdrawn"
    path = addresses.document(holding.identity)
    return Cell(state, words(f"state-{state}"), path, " · ".join(notes))
