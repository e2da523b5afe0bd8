"""Sheets of cells, from whatever kind of workbook → blocks. One sheet often is one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.model import Remark
from archive.text.flow import Flow, Sheet, lay
from archive.text.outcome import Unreadable

__all__ = ["Grid", "flow_of"]

_MOST_CELLS: Final = 400_000


@dataclass
class Grid:
    """One sheet: the texts shown by row and column from 1, and its merged ranges."""

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""
    hidden: bool = False
    rounded: int = 0
    """Figures of which the format shows fewer decimals than are stored."""
    unknown: set[str] = field(default_factory=set)
    """Number formats that were not understood: their figures are read as stored."""
    unshown: bool = False
    """Whether rows or columns are hidden; they are read like the others."""
    pictures: int = 0
    """Pictures on the sheet; they are not read."""


def flow_of(grids: Iterable[Grid]) -> Flow:
    """Sheets in order, numbered as in the workbook; a hidden one is named and not read.

    Raises:
        Unreadable: too-large.
    """
    flow = Flow([])
    for number, grid in enumerate(grids, 1):
        if grid.hidden:
            said = f"sheet “{grid.name}” is hidden and was not read"
            flow.remarks.append(Remark("sheet-hidden", said, number))
            continue
        flow.sheets.append(Sheet(number, [lay(number, rows)] if (rows := _rows(grid)) else []))
        flow.remarks += _remarks(grid, number)
    return flow


def _remarks(grid: Grid, number: int) -> Iterable[Remark]:
    if grid.rounded:
        said = (
            f"{grid.rounded} figures are shown with fewer decimals than are stored; read as shown"
        )
        yield Remark("figures-rounded", said, number)
    if grid.unknown:
        said = f"number formats that were not understood: {', '.join(sorted(grid.unknown))}"
        yield Remark("number-format-unknown", f"{said}; figures are read as stored", number)
    if grid.pictures:
        said = f"表中有 {grid.pictures} 幅图片，其中的文字未读取"
        yield Remark("image-on-page", said, number)
    if grid.unshown:
        yield Remark("rows-hidden", "hidden rows or columns were read like the others", number)


def _rows(grid: Grid) -> list[list[tuple[str, int, int]]]:
    filled = [place for place, text in grid.texts.items() if text]
    if not filled:
        return []
    height, width = max(r for r, _ in filled), max(c for _, c in filled)
    for first_row, first, last_row, last in grid.merged:
        if grid.texts.get((first_row, first)):
            height, width = (
                max(height, min(last_row, height + 1)),
                max(width, min(last, width + 50)),
            )
    if height * width > _MOST_CELLS:
        raise Unreadable("too-large", f"sheet “{grid.name}” has {height} rows of {width} columns")
    spans, covered = {}, set()
    for first_row, first, last_row, last in grid.merged:
        if first_row > height or first > width:
            continue
        down, across = min(last_row, height), min(last, width)
        spans[first_row, first] = (across - first + 1, down - first_row + 1)
        covered |= {
            (r, c) for r in range(first_row, down + 1) for c in range(first, across + 1)
        } - {(first_row, first)}
    return [
        [
            (grid.texts.get((r, c), ""), *spans.get((r, c), (1, 1)))
            for c in range(1, width + 1)
            if (r, c) not in covered
        ]
        for r in range(1, height + 1)
    ]
