"""One page before any interpretation: its characters, strokes and pictures."""

from __future__ import annotations

from typing import TypeAlias

from archive.model import Remark

__all__ = ["Char", "Page", "Segment", "turn_page"]

Char: TypeAlias = tuple[float, float, float, float, str]
"""x0, y0, x1, y1 in points, origin at the lower left of the upright page, and the text. A plain
tuple: a page has a thousand of them."""
Segment: TypeAlias = tuple[float, float, float, float]
"""A straight horizontal or vertical stroke, or the box of an image."""


class Page:
    """What one page shows, before any interpretation."""

    __slots__ = (
        "chars",
        "curves",
        "doubts",
        "height",
        "hidden",
        "images",
        "layered",
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
        self.odd = 0
        """Parts of the content that could not be carried out."""
        self.turned = 0
        """Quarter turns applied to bring the text upright."""
        self.sideways = 0
        """Characters that run another way than most of the page."""
        self.scanned: list[Segment] = []
        """Where the characters were recognised from a picture rather than printed."""
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
    page.turned = (page.turned + turn) % 4
    if turn in (1, 3):
        page.width, page.height = height, width
