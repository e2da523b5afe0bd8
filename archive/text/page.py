"""One page before any interpretation: its characters, strokes and pictures."""

from __future__ import annotations

import math
from typing import Final, NamedTuple, TypeAlias

from archive.model import Box, Remark

__all__ = ["CUT", "NUMERIC", "Brink", "Char", "Lean", "Page", "Segment", "shown", "turn_page"]

Char: TypeAlias = tuple[float, float, float, float, str]
"""x0, y0, x1, y1 in points, origin at the lower left of the upright page, and the text. A plain
tuple: a page has a thousand of them."""
Segment: TypeAlias = tuple[float, float, float, float]
"""A straight horizontal or vertical stroke, or the box of an image."""
CUT: Final = "…"
"""Stands in a number where the rest of it is cut off, or may belong to another."""
NUMERIC: Final = frozenset("0123456789.,０１２３４５６７８９．，")
"""What numbers are set in, in either width; without signs."""
_TENTH: Final = 1
"""Decimal places of a box, in points."""


class Lean(NamedTuple):
    """A picture that was straightened before it was read."""

    box: Segment
    """The part of the page it covers."""
    degrees: float
    """By how much its lines rise to the right on the page as published."""


class Brink(NamedTuple):
    """A digit behind or before which others may be missing."""

    box: Segment
    clip: Segment
    """What is shown of the page there: the digit stands at one of its sides."""


class Page:
    """What one page shows, before any interpretation."""

    __slots__ = (
        "across",
        "beyond",
        "brink",
        "chars",
        "curves",
        "doubts",
        "height",
        "hidden",
        "images",
        "layered",
        "leans",
        "lost",
        "number",
        "odd",
        "outside",
        "remarks",
        "scanned",
        "segments",
        "sideways",
        "turned",
        "undefined",
        "unseen",
        "width",
    )

    def __init__(self, number: int) -> None:
        self.number = number
        self.width = 0.0
        self.height = 0.0
        self.chars: list[Char] = []
        self.segments: list[Segment] = []
        self.images: list[Segment] = []
        self.curves = 0
        """Curved strokes: letters that were turned into drawings have thousands."""
        self.undefined = 0
        """Characters whose font maps them to nothing ("(cid:n)")."""
        self.hidden = 0
        """Characters drawn invisibly over an image or a drawing, and read."""
        self.layered: list[Segment] = []
        """Images over which most characters are invisible: what an optical reader made of them."""
        self.outside = 0
        """Characters that stand beside the paper, and are read."""
        self.unseen = 0
        """Characters that nobody sees and that are not read: see `InkDevice`."""
        self.across = 0
        """Characters of a watermark, set across the page and not read."""
        self.brink: list[Brink] = []
        """Digits at the edge of what is shown: see `edges.find`."""
        self.beyond: list[Segment] = []
        """Rulings and letters that run over the edge of what is shown."""
        self.odd = 0
        """Parts of the content that could not be carried out."""
        self.turned = 0
        """Quarter turns applied to bring the text upright."""
        self.sideways = 0
        """Characters that run another way than most of the page."""
        self.scanned: list[Segment] = []
        """Where the characters were recognised from a picture rather than printed."""
        self.leans: list[Lean] = []
        """Pictures that lie askew; what was recognised in them is placed as if they lay level."""
        self.doubts: list[tuple[float, float]] = []
        """Middles of recognised figures that nothing may be built on."""
        self.lost = 0
        """Pieces of ink beside tables that the recogniser makes no text of."""
        self.remarks: list[Remark] = []
        """What else is to be said of the page."""


def turn_page(page: Page, turn: int) -> None:
    """Turn a page by quarters of a circle so that what runs up (1), upside down (2) or down (3)
    lies level; `turned` counts from how the file has it.
    """
    width, height = page.width, page.height

    def corner(x: float, y: float) -> tuple[float, float]:
        if turn == 1:
            return y, width - x
        if turn == 3:
            return height - y, x
        return width - x, height - y

    def box(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (ax, ay), (bx, by) = corner(x0, y0), corner(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    page.chars = [(*box(*c[:4]), c[4]) for c in page.chars]
    page.segments = [box(*s) for s in page.segments]
    page.images = [box(*i) for i in page.images]
    page.layered = [box(*i) for i in page.layered]
    page.beyond = [box(*i) for i in page.beyond]
    page.brink = [Brink(box(*digit), box(*clip)) for digit, clip in page.brink]
    page.turned = (page.turned + turn) % 4
    if turn in (1, 3):
        page.width, page.height = height, width


def shown(page: Page, box: Box) -> Box:
    """Where a box stands on the page as a viewer shows it.

    Pages are read upright and level; whoever looks at the original sees them as they were
    published, askew or lying on their side. The box returned is the smallest that covers the place.
    """
    if not page.leans and not page.turned:
        return box
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    corners = [(a, b) for a in (box.x0, box.x1) for b in (box.y0, box.y1)]
    for (x0, y0, x1, y1), degrees in page.leans:
        if x0 <= x <= x1 and y0 <= y <= y1:
            middle = (x0 + x1) / 2, (y0 + y1) / 2
            corners = [_leaning(corner, middle, degrees) for corner in corners]
            break
    corners = [_turned_back(page, *corner) for corner in corners]
    xs, ys = zip(*corners, strict=True)
    return Box(*(round(edge, _TENTH) for edge in (min(xs), min(ys), max(xs), max(ys))))


def _leaning(
    corner: tuple[float, float], middle: tuple[float, float], degrees: float
) -> tuple[float, float]:
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x, y = corner[0] - middle[0], corner[1] - middle[1]
    return middle[0] + cosine * x - sine * y, middle[1] + sine * x + cosine * y


def _turned_back(page: Page, x: float, y: float) -> tuple[float, float]:
    """A corner of the upright page on the page before `turn_page`."""
    if page.turned == 1:
        return page.height - y, x
    if page.turned == 2:
        return page.width - x, page.height - y
    return (y, page.width - x) if page.turned == 3 else (x, y)
