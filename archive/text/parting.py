"""Frames that hold several forms, and frames that hold half of one.

A performance form's title may stand inside its frame, so that forms on following pages look like
one table going on; and its next page may be ruled so differently that it looks like a table of its
own without a title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from archive.forms import Form, Layout, identify
from archive.text import headings
from archive.text.grid import Cell, Grid
from archive.text.headings import distinct, text_of
from archive.text.tables import Table

_EDGE: Final = 4.0
"""Frames of one form have their outer edges in common, within so many points."""
_HEAD: Final = 4
"""Within so many rows below a title in the frame stands what the form is about."""
_NEAR: Final = 1.0


def parted(tables: Iterable[Table]) -> list[Table]:
    """The tables, each with one form: cut where a title inside the frame begins another, joined
    where a page begins with the next block of the form before it."""
    out: list[Table] = []
    for table in tables:
        for piece in _cut(table):
            if out and _carries_on(out[-1], piece):
                _join(out[-1], piece)
            else:
                out.append(piece)
    return out


def _form(text: str) -> Form | None:
    return next((form for form in identify(text) if form.layout is Layout.BLOCKS), None)


def _cut(table: Table) -> list[Table]:
    if table.title:
        return [table]
    pieces: list[list[Grid]] = [[]]
    for part in table.parts:
        start = 0
        for index, row in enumerate(part.rows):
            if (index or pieces[-1]) and _begins(part.rows, index, row):
                if index > start:
                    pieces[-1].append(_slice(part, start, index))
                pieces.append([])
                start = index
        pieces[-1].append(_slice(part, start, len(part.rows)) if start else part)
    if len(pieces) == 1:
        return [table]
    cut = [_piece(parts) for parts in pieces]
    cut[0].unit, cut[0].above = table.unit, table.above
    cut[-1].notes = table.notes
    return cut


def _begins(rows: Sequence[Sequence[Cell]], index: int, row: Sequence[Cell]) -> bool:
    """Whether a whole-width row is a form's title, with what the form is about below it."""
    if row[0] is not row[-1] or not row[0].text.rstrip("）) ").endswith("表"):
        return False
    form = _form(text_of(row[0]))
    if form is None:
        return False
    below = rows[index + 1 : index + 1 + _HEAD]
    wanted = {headings.bare(label) for label in form.subject}
    return any(headings.bare(cell.text) in wanted for r in below for cell in distinct(r))


def _slice(part: Grid, start: int, end: int) -> Grid:
    piece = Grid(part.page, list(part.xs), list(part.ys))
    piece.rows = part.rows[start:end]
    piece.aligned, piece.doubt = part.aligned, part.doubt
    return piece


def _piece(parts: Sequence[Grid]) -> Table:
    piece = Table(parts[0])
    piece.parts += parts[1:]
    piece.xs = max(parts, key=_width).xs
    return piece


def _width(part: Grid) -> int:
    return len(part.xs)


def _carries_on(before: Table, table: Table) -> bool:
    """Whether an untitled table at the head of a page is the next block of the form before it."""
    form = _form(before.title) if before.title else None
    if form is None or table.title or table.above or not table.parts[0].rows:
        return False
    first, last = table.parts[0], before.parts[-1]
    if first.page != last.page + 1:
        return False
    if abs(first.xs[0] - last.xs[0]) > _EDGE or abs(first.xs[-1] - last.xs[-1]) > _EDGE:
        return False
    if headings.opened_by(form, first.rows, 0, ()) is not None:
        return True
    cell = next((cell for cell in distinct(first.rows[0]) if cell.text), None)
    if cell is None:
        return False
    text = text_of(cell)
    return headings.is_label(form, text) or bool(headings.labelled(form, text))


def _join(before: Table, table: Table) -> None:
    """Append the parts, over columns that both can be laid over."""
    before.parts += table.parts
    before.notes += table.notes
    xs = sorted({x for part in before.parts for x in part.xs})
    before.xs = [x for index, x in enumerate(xs) if index == 0 or x - xs[index - 1] > _NEAR]
