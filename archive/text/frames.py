"""Rulings around the head of a table alone: the rows below it are held together by alignment.

Some programs rule the head and nothing else. Taken for a whole table it would be one without rows,
and its rows lines of text; so such a frame is no grid, and the table is read as unruled ones are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive import forms, money
from archive.forms import plain
from archive.model import Mark
from archive.text.captions import titled
from archive.text.columns import is_data
from archive.text.grid import Grid
from archive.text.lines import lines
from archive.text.page import Char, Page
from archive.text.sections import across, enumerated, is_figure
from archive.text.tables import PAGE_NUMBER, is_comment
from archive.text.words import Word, WordLine, word_lines

__all__ = ["ROWS_OUTSIDE", "opened", "rows_first"]

ROWS_OUTSIDE: Final = "more rows stand below what seems to end it"

_BESIDE: Final = 3.0
_NEAR: Final = 3.0
"""The first row stands within so many of its heights below the head."""
_ROWS: Final = 3
"""A name may begin so many lines above the line its figures stand on."""
_TITLE_ABOVE: Final = 80
_SENTENCE: Final = re.compile("[。，；：]")
_SUMS: Final = frozenset({Mark.PRINTED, Mark.DASH})


def opened(
    page: Page, found: Sequence[Grid], outside: list[Char], *, goes_on: bool
) -> tuple[list[Grid], list[Char]]:
    """The grids without those that rule a head alone, and the characters outside the others.

    `goes_on` says that an unruled table or its title ended the page before.
    """
    heads = [
        (index, grid)
        for index, grid in enumerate(found)
        if len(grid.xs) > 2 and not any(map(is_data, reversed(grid.rows)))
    ]
    if not heads:
        return list(found), outside
    below = word_lines(outside)
    loose = [
        grid
        for index, grid in heads
        if _rows_below(grid, below, found) and (_titled(grid, outside) or (goes_on and index == 0))
    ]
    if not loose:
        return list(found), outside
    kept = [grid for grid in found if all(grid is not other for other in loose)]
    known = {id(char) for char in outside}
    freed = [
        char
        for char in page.chars
        if id(char) in known or any(_within(char, grid) for grid in loose)
    ]
    return kept, freed


def _within(char: Char, grid: Grid) -> bool:
    x, y = (char[0] + char[2]) / 2, (char[1] + char[3]) / 2
    box = grid.box
    return box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= y <= box.y1 + 1


def _rows_below(grid: Grid, below: Sequence[WordLine], found: Sequence[Grid]) -> bool:
    """Whether rows stand right below a grid: figures, totals or numbered names within its width."""
    low = grid.box.y0
    for line in [line for line in below if line.middle < grid.box.y0][:_ROWS]:
        if low - line.y1 > _NEAR * (line.y1 - line.y0) or _parts(line, low, found):
            return False
        if PAGE_NUMBER.match(line.text) or is_comment(line.text) or forms.identify(line.text):
            return False
        inside = [w for w in line.words if w.x1 > grid.box.x0 and w.x0 < grid.box.x1]
        within = all(
            grid.box.x0 - _BESIDE <= w.x0 and w.x1 <= grid.box.x1 + _BESIDE for w in inside
        )
        if within and any(map(_of_a_row, inside)):
            return True
        low = line.y0
    return False


def rows_first(outside: Sequence[Char], found: Sequence[Grid]) -> bool:
    """Whether a page begins with rows of a table, outside all grids."""
    top = max((grid.box.y1 for grid in found), default=0.0)
    for line in [line for line in word_lines(outside) if line.middle > top][:_ROWS]:
        if is_comment(line.text) or forms.identify(line.text) or _SENTENCE.search(line.text):
            return False
        if len(line.words) > 1 and any(map(_of_a_row, line.words)):
            return not PAGE_NUMBER.match(line.text)
    return False


def _parts(line: WordLine, low: float, found: Sequence[Grid]) -> bool:
    """Whether a ruled table stands above a line, below a certain height."""
    return any(line.middle < grid.box.y1 <= low for grid in found)


def _of_a_row(word: Word) -> bool:
    text = plain(word.text)
    return is_figure(word) or across(word) or enumerated(text) or money.parse(text)[0] in _SUMS


def _titled(grid: Grid, outside: Sequence[Char]) -> bool:
    """Whether the title of a form stands above a grid or in its first rows."""
    texts = [cell.text.replace("\n", "") for row in grid.rows for cell in row[:1]]
    low, high = grid.box.y1 - 1, grid.box.y1 + _TITLE_ABOVE
    near = [char for char in outside if low < char[1] < high]
    texts += [line.text for line in lines(near)]
    return any(titled(text, above) for above, text in zip(["", *texts], texts, strict=False))
