"""Who published what: agency by year and kind, in words as well as in colours.

How an agency stands is the archive's to say (archive/matrix.py); what is not known stands with its
reason, and is never called unpublished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import structs

from archive.matrix import Cell as Known
from archive.matrix import Line, Matrix, Standing, said
from archive.model import Kind
from archive.register.calendars import Basis, Due
from diffing.site import addresses
from diffing.site.catalogue import Catalogue
from diffing.site.words import Words

__all__ = ["Cell", "cell_of", "coverage_values"]

_YEARS: Final = 10
_ESTIMATED: Final = frozenset({Basis.BATCH, Basis.UNKNOWN})
_ON_TIME: Final = "on-time"
_DOUBTED: Final = frozenset({Standing.NOT_KNOWN, Standing.PUBLISHED})


class Cell(msgspec.Struct, frozen=True):
    """How one agency stands in one year."""

    state: str
    text: str
    path: str = ""
    note: str = ""
    reason: str = ""

    @property
    def unseen(self) -> bool:
        """Is nothing known of it?"""
        return self.state == Standing.NOT_KNOWN


class Column(msgspec.Struct, frozen=True):
    """One year, and by when it was due."""

    name: str
    due: str


class Row(msgspec.Struct, frozen=True):
    """One agency; None for a year in which it did not exist."""

    name: str
    path: str
    cells: tuple[Cell | None, ...]


class Table(msgspec.Struct, frozen=True):
    """One level and kind."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    reasons: tuple[str, ...] = ()
    """Why not more can be said, in the cells that give no reason of their own; one sentence for
    all years, or one a year."""


def coverage_values(
    catalogue: Catalogue, division: str, found: Sequence[Matrix], words: Words
) -> dict[str, Any]:
    """What the coverage template needs; `found` are the matrices of departments and of units."""
    tables = [
        table
        for matrix in found
        for kind in Kind
        for table in _table(matrix, kind, catalogue, words)
    ]
    return {
        "heading": words("coverage-heading", place=catalogue.place(division)),
        "legend": [
            {"state": state, "text": words(f"state-{state}"), "meaning": words(f"meaning-{state}")}
            for state in (_ON_TIME, *Standing)
        ],
        "tables": tables,
    }


def _table(matrix: Matrix, kind: Kind, catalogue: Catalogue, words: Words) -> Iterator[Table]:
    """The table of one kind; none where no document of it was ever seen and nothing was due."""
    years = [year for year, what in matrix.columns if what is kind][:_YEARS]
    rows = [(line, [line.cell(year, kind) for year in years]) for line in matrix.lines]
    # an agency of which nothing at all is known says nothing here either
    shown = [year for n, year in enumerate(years) if any(_speaks(cells[n]) for _, cells in rows)]
    if not shown:
        return
    kept = [n for n, year in enumerate(years) if year in shown]
    columns = [_apart([cell_of(c[n], catalogue, words) for _, c in rows]) for n in kept]
    said_once = [(years[n], common) for n, (common, _) in zip(kept, columns, strict=True)]
    yield Table(
        title=words(
            "coverage-title",
            level=words(f"level-{matrix.level}"),
            kind=words(f"kind-{kind}"),
        ),
        columns=tuple(Column(str(years[n]), _due([c[n] for _, c in rows], words)) for n in kept),
        rows=tuple(
            Row(
                name=line.name,
                path=_path(matrix.division, line, catalogue),
                cells=tuple(cells[place] for _, cells in columns),
            )
            for place, (line, _) in enumerate(rows)
        ),
        reasons=tuple(_reasons(said_once, words)),
    )


def _apart(cells: list[Cell | None]) -> tuple[str | None, list[Cell | None]]:
    """The reason that most cells of a year have, and the cells without it: it is said once for all.

    It is "" where a cell of the same state has no reason, which would seem to have this one, and
    None where no cell needs any.
    """
    doubted = [cell for cell in cells if cell is not None and cell.state in _DOUBTED]
    if not doubted:
        return None, cells
    if not all(cell.reason for cell in doubted):
        return "", cells
    ((common, _),) = Counter(cell.reason for cell in doubted).most_common(1)
    return common, [_without(common, cell) for cell in cells]


def _reasons(found: Sequence[tuple[int, str | None]], words: Words) -> Iterator[str]:
    """What is said for all cells: once where it is the same for every year."""
    needed = [(year, reason) for year, reason in found if reason is not None]
    distinct = {reason for _, reason in needed}
    if len(distinct) == 1 and (reason := distinct.pop()):
        yield words("coverage-common", reason=reason)
        return
    yield from (words("coverage-common-of", year=y, reason=r) for y, r in needed if r)


def _without(reason: str, cell: Cell | None) -> Cell | None:
    if cell is None or cell.state not in _DOUBTED or cell.reason != reason:
        return cell
    return structs.replace(cell, reason="")


def _speaks(cell: Known | None) -> bool:
    return cell is not None and (bool(cell.document_id) or cell.standing is not Standing.NOT_KNOWN)


def _path(division: str, line: Line, catalogue: Catalogue) -> str:
    there = (division, line.agency) in catalogue.by_agency
    return addresses.agency(division, line.agency) if there else ""


def _due(cells: Sequence[Known | None], words: Words) -> str:
    due: Due | None = next((cell.due for cell in cells if cell is not None), None)
    if due is None or due.day is None:
        return words("coverage-due-unknown")
    key = "coverage-due-estimated" if due.basis in _ESTIMATED else "coverage-due"
    return words(key, day=due.day.isoformat())


def cell_of(cell: Known | None, catalogue: Catalogue, words: Words) -> Cell | None:
    """How a reader sees a cell of the matrix; None where the agency did not exist."""
    if cell is None:
        return None
    notes = [cell.published.isoformat()] if cell.published else []
    if cell.days_late:
        notes.append(words("coverage-days", days=cell.days_late))
    if cell.versions > 1 and cell.standing is not Standing.REVISED:
        notes.append(words("state-revised"))
    if cell.source:
        notes.append(cell.source)
    on_time = cell.standing is Standing.PUBLISHED and cell.on_time
    state = _ON_TIME if on_time else str(cell.standing)
    there = cell.document_id in catalogue.holdings
    return Cell(
        state=state,
        text=words(f"state-{state}"),
        path=addresses.document(cell.document_id) if there else "",
        note=" · ".join(notes),
        reason=said(cell.doubt, words.lang) if cell.doubt else "",
    )
