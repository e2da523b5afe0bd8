"""What stands at the edge of a page or a clip: the rest of it may never have been written.

A browser that prints a page wider than its paper leaves out every character that lies beyond the
edge, and nothing in the file says so: 382033941.26 ends as 382033. Other programs write the whole
and clip it. Either way what is left of a number is another number, and a column of which the long
figures end at the edge has its short ones beyond it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.text.clipping import Clips
from archive.text.grid import Cell, Grid
from archive.text.page import CUT, NUMERIC, Brink, Char, Page, Segment

__all__ = ["CUT_OFF", "RUNS_OVER", "find", "mark", "runs_over"]

CUT_OFF: Final = "it stands at the edge of the page or of its cell and may be cut off"
"""Why a figure is not taken."""
RUNS_OVER: Final = "it runs over the edge of the page: columns may be missing, and figures cut off"
"""Why a table is not read."""

_SIGNS: Final = frozenset("-−－")
_OF_NUMBER: Final = NUMERIC | _SIGNS
_CLOSE: Final = 0.3
"""Two characters this near (as a share of their height) stand in one number."""
_ACROSS: Final = 0.05
"""A digit over the edge by more of its height is cut by it. Lines of text end at their clip to a
fiftieth of it."""
_OVER: Final = 0.1
"""Letters over the edge by more of their height are cut; a unit set flush right may stand over it
a little."""
_ROUNDED: Final = 0.75
"""Browsers put the edge so many points off, where they fit a page to its paper."""
_REACH: Final = 0.15
"""A character is left out where its ink lies beyond the edge, not its place: so much of a digit's
height is free of ink before it. Figures in cells keep farther away from the edge."""
_WIDE_REACH: Final = 0.35
"""The same of full-width digits."""
_WIDE: Final = 0.75
_PAGE: Final = 0.5
"""A clip wider than this share of the page is the page's, or that of all its text."""
_BORDER: Final = 2.0
"""A ruling is drawn over the edge by no more than this (points) where its table ends there."""
_NEAREST: Final = 20.0
"""No character is so large (points) that one farther from the edge can be at it."""

_CENTS: Final = 2
_NOUGHTS: Final = "0０-−－"
_FIGURE: Final = re.compile(r"[-−(]?\d[\d,]*(?:\.(\d+))?\)?")
_SLACK: Final = 1.0
_THIN: Final = 1.0

Side = tuple[int, int]
"""Along which of a box's coordinates text runs, to lower and to higher ones."""


def find(page: Page, clips: Clips, lost: set[int], turn: int) -> None:
    """Note the digits at edges, and the characters over them, before any is left out.

    `lost` are the characters that a clip hides, `turn` the quarter turns of most of the text. A
    digit that is cut gets a mark: what is left of the number is no number. Where the next one may
    be missing, `page.brink` has its place; letters cut at the edge of the page are in
    `page.beyond`.
    """
    chars = page.chars
    paper = (0.0, 0.0, page.width, page.height)
    side = (1, 3) if turn % 2 else (0, 2)
    for start, end, clip in clips.spans(len(chars)):
        box = clip or paper
        if clip is None and _leaves(chars[start:end], paper, side):
            continue
        low, high = box[side[0]] + _NEAREST, box[side[1]] - _NEAREST
        for index in range(start, end):
            place = chars[index][:4]
            if (place[side[0]] < low or place[side[1]] > high) and index not in lost:
                _judge(page, index, box, side, forward=turn < 2)
    for index in lost:
        for beside in (index - 1, index + 1):
            if 0 <= beside < len(chars) and beside not in lost:
                _beside_lost(page, index, beside, clips, side)


def _leaves(chars: Iterable[Char], paper: Segment, side: Side) -> bool:
    """Whether characters are written beside the paper: then none was left out for lying there."""
    low, high = paper[side[0]], paper[side[1]]
    return any(high < char[:4][side[0]] or char[:4][side[1]] < low for char in chars)


def _judge(page: Page, index: int, box: Segment, side: Side, *, forward: bool) -> None:
    chars, char, text = page.chars, page.chars[index][:4], page.chars[index][4]
    if text.isspace():
        return
    size = _size(char, side)
    beside = list(_beside(chars, index, side))
    for edge, sign in ((side[1], 1), (side[0], -1)):
        room = sign * (box[edge] - char[edge])
        if room > _NEAREST or any(sign * (other[edge] - char[edge]) > 0 for other, _ in beside):
            continue
        if not _is_of_number(text):
            if room < -max(_OVER * size, _ROUNDED) and _of_page(page, box, side):
                page.beyond.append(char)
        elif room < -max(_ACROSS * size, _ROUNDED):
            _cut(page, index, box, after=(sign > 0) is forward)
        elif room < _reach(char, beside, side):
            page.brink.append(Brink(char, box))


def _beside_lost(page: Page, index: int, beside: int, clips: Clips, side: Side) -> None:
    """A clip hides a character: one beside it may be of the same number, or of the same word."""
    hidden, text = page.chars[index][:4], page.chars[index][4]
    seen, box = page.chars[beside], clips.at(index)
    if box is None or text.isspace() or not _adjoin(hidden, seen[:4], side):
        return
    if _is_of_number(text) and _is_of_number(seen[4]):
        _cut(page, beside, box, after=beside < index)
    elif _of_page(page, box, side) and any(
        hidden[side[0]] < box[edge] < hidden[side[1]] for edge in side
    ):
        page.beyond.append(seen[:4])


def _cut(page: Page, index: int, box: Segment, *, after: bool) -> None:
    x0, y0, x1, y1, text = page.chars[index]
    page.chars[index] = (x0, y0, x1, y1, text + CUT if after else CUT + text)
    page.brink.append(Brink((x0, y0, x1, y1), box))


def _is_of_number(text: str) -> bool:
    text = text.strip(CUT)
    return bool(text) and _OF_NUMBER.issuperset(text)


def _beside(chars: list[Char], index: int, side: Side) -> Iterator[tuple[Segment, str]]:
    """The characters drawn just before and after one that stand beside it on its line."""
    for beside in (index - 1, index + 1):
        if 0 <= beside < len(chars) and _adjoin(chars[index][:4], chars[beside][:4], side):
            yield chars[beside][:4], chars[beside][4]


def _adjoin(first: Segment, second: Segment, side: Side) -> bool:
    """Whether two characters stand beside one another on one line."""
    low, high = side
    if first[low] > second[low]:
        first, second = second, first
    size = _size(first, side)
    level = abs(first[1 - low] - second[1 - low]) < _CLOSE * size
    return level and second[low] - first[high] < _CLOSE * size


def _reach(digit: Segment, beside: list[tuple[Segment, str]], side: Side) -> float:
    """Within how many points of the edge a digit must end for the next one to be beyond it."""
    low, high = side
    size = _size(digit, side)
    share = _WIDE_REACH if digit[high] - digit[low] > _WIDE * size else _REACH
    gaps = [
        max(digit[low] - other[high], other[low] - digit[high])
        for other, text in beside
        if _is_of_number(text)
    ]
    return max([0.0, *gaps]) + share * size


def _size(place: Segment, side: Side) -> float:
    return max(place[3 - side[0]] - place[1 - side[0]], 0.1)


def _of_page(page: Page, box: Segment, side: Side) -> bool:
    extent = page.height if side[0] else page.width
    return box[side[1]] - box[side[0]] > _PAGE * extent


def runs_over(page: Page, clip: Segment, ruling: Segment) -> bool:
    """Whether a ruling goes on beyond a clip that is the page's, and so is not all of it seen."""
    x0, y0, x1, y1 = clip
    ax, ay, bx, by = ruling
    if abs(ay - by) <= abs(ax - bx):
        within = y0 <= ay <= y1 and min(ax, bx) < x1 and max(ax, bx) > x0
        over = max(ax, bx) > x1 + _BORDER or min(ax, bx) < x0 - _BORDER
        return within and over and x1 - x0 > _PAGE * page.width
    within = x0 <= ax <= x1 and min(ay, by) < y1 and max(ay, by) > y0
    over = max(ay, by) > y1 + _BORDER or min(ay, by) < y0 - _BORDER
    return within and over and y1 - y0 > _PAGE * page.height


def mark(page: Page, found: Iterable[Grid]) -> None:
    """Mark the cells whose figures may go on beyond an edge, and the grids that do.

    Where anything runs over the edge of the page, a table without rulings may, too: nothing shows
    where it ends.
    """
    if not (page.brink or page.beyond):
        return
    over = [(y0 + y1) / 2 for x0, y0, x1, y1 in page.beyond if abs(x1 - x0) > _THIN]
    wider = bool(over) or any(_crosses(digit, page) for digit in page.brink)
    for grid in found:
        low, high = grid.box.y0 - _SLACK, grid.box.y1 + _SLACK
        if any(low <= y <= high for y in over) or (wider and grid.aligned):
            grid.doubt = RUNS_OVER
        cells = list({id(cell): cell for row in grid.rows for cell in row}.values())
        for cell in cells:
            cell.cut = any(
                _stands_in(digit, cell) and (grid.aligned or not _ends_before(digit, cell))
                for digit in page.brink
            )
        _spare_whole(cells)


def _spare_whole(cells: Sequence[Cell]) -> None:
    """Take a figure at the edge for whole where it has as many decimals as most that are not, or is
    a nought or dash as others are."""
    others = {cell.text for cell in cells if not cell.cut}
    usual = _usual_decimals(others)
    for cell in cells:
        if cell.cut:
            alike = cell.text in others and not cell.text.strip(_NOUGHTS)
            cell.cut = _decimals(cell.text) != usual and not alike


def _usual_decimals(texts: Iterable[str]) -> int:
    """How many decimals most figures are printed with that have any: two where none has."""
    counted = Counter(found for text in texts if (found := _decimals(text)))
    return counted.most_common(1)[0][0] if counted else _CENTS


def _decimals(text: str) -> int:
    found = _FIGURE.fullmatch(unicodedata.normalize("NFKC", text))
    return len(found[1] or "") if found else 0


def _crosses(digit: Brink, page: Page) -> bool:
    (left, _, right, _), size = digit.box, _ACROSS * (digit.box[3] - digit.box[1])
    slack = max(size, _ROUNDED)
    over = left < digit.clip[0] - slack or right > digit.clip[2] + slack
    return over and _of_page(page, digit.clip, (0, 2))


def _stands_in(digit: Brink, cell: Cell) -> bool:
    x, y = (digit.box[0] + digit.box[2]) / 2, (digit.box[1] + digit.box[3]) / 2
    return cell.box.x0 <= x <= cell.box.x1 and cell.box.y0 <= y <= cell.box.y1


def _ends_before(digit: Brink, cell: Cell) -> bool:
    """Whether the rulings of a cell close it within a clip that is not its own, and its figure has
    not run over them: then the figure ends there, and the next character was not left out."""
    left, _, right, _ = digit.clip
    inside = left - _SLACK <= cell.box.x0 and cell.box.x1 <= right + _SLACK
    whole = cell.box.x0 <= digit.box[0] and digit.box[2] <= cell.box.x1
    if not (inside and whole and right - left > cell.box.x1 - cell.box.x0 + _NEAREST):
        return False
    free = min((line.x0 for line in cell.lines), default=cell.box.x0) - cell.box.x0
    at_left = digit.box[0] - left < right - digit.box[2]
    return at_left or free > digit.box[3] - digit.box[1]
