"""Text parted by marks, as old Word files and Rich Text have it → paragraphs and tables.

A row says where its cells begin and end; over all rows these edges are the columns of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from archive.text.flow import Rows, lay
from archive.text.outcome import Unreadable

__all__ = ["Mark", "Merge", "Span", "blocks"]

_STROKE: Final = 2.0
"""Points by which the same edge may differ from row to row."""


class Merge(NamedTuple):
    """How a cell goes together with its neighbours."""

    left: bool
    """It goes on from the cell left of it."""
    above: bool
    """It goes on from the cell above it."""


class Span(NamedTuple):
    """One cell of a row: its edges in points."""

    left: float
    right: float
    merge: Merge


@dataclass(frozen=True)
class Mark:
    """A stretch of text up to the mark that ends it: of a paragraph, a cell or a row."""

    text: str
    cell: bool
    """Does a cell end here?"""
    in_table: bool
    row: tuple[Span, ...] | None
    """Of a mark that ends a row, its cells."""


def blocks(found: Iterable[Mark]) -> Iterator[str | Rows]:
    """Paragraphs and tables in order.

    Raises:
        Unreadable: tables-lost where a row has another number of cells than it says.
    """
    cell: list[str] = []
    texts: list[str] = []
    rows: list[tuple[tuple[Span, ...], list[str]]] = []
    for mark in found:
        if mark.row is not None:
            if len(texts) != len(mark.row):
                raise Unreadable("tables-lost", "a row has another number of cells than it says")
            rows.append((mark.row, texts))
            texts = []
        elif mark.cell:
            texts.append("\n".join([*cell, mark.text]).strip())
            cell = []
        elif mark.in_table:
            cell.append(mark.text)
        else:
            yield from _table(rows)
            rows = []
            yield mark.text
    yield from _table(rows)


def _table(rows: list[tuple[tuple[Span, ...], list[str]]]) -> Iterator[Rows]:
    """Rows over a common grid: a cell stands over the columns between its edges."""
    if not rows:
        return
    columns = _clustered(edge for cells, _ in rows for one in cells for edge in one[:2])
    laid: list[list[tuple[str, int, int]]] = []
    open_: dict[int, tuple[int, int]] = {}
    """By column: where the cell stands that goes on downwards."""
    for cells, texts in rows:
        row: list[tuple[str, int, int]] = []
        first = _column(columns, cells[0].left) if cells else 0
        row += [("", 1, 1)] * first
        for one, text in zip(cells, texts, strict=True):
            at = _column(columns, one.left)
            across = _column(columns, one.right) - at
            if one.merge.left and row:
                before, wide, down = row[-1]
                row[-1] = ("\n".join(filter(None, (before, text))), wide + across, down)
            elif one.merge.above and at in open_:
                r, c = open_[at]
                before, wide, down = laid[r][c]
                laid[r][c] = ("\n".join(filter(None, (before, text))), wide, down + 1)
            elif across > 0:
                open_[at] = (len(laid), len(row))
                row.append((text, across, 1))
        laid.append(row)
    yield lay(1, laid)


def _clustered(edges: Iterable[float]) -> list[float]:
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > _STROKE:
            found.append(edge)
    return found


def _column(columns: list[float], edge: float) -> int:
    return min(range(len(columns)), key=lambda c: abs(columns[c] - edge))
