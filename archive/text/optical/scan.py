"""One page image → strokes and characters on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from archive.model import Box
from archive.text.grid import Grid, grids
from archive.text.optical.choosing import Region
from archive.text.optical.closing import borders
from archive.text.optical.judging import LOST, judged
from archive.text.optical.marks import Rulings, clean, dark, mask_of, rulings
from archive.text.optical.rendering import Canvas, Picture
from archive.text.optical.skew import skew, straightened
from archive.text.optical.strips import Place, in_cell, outside, sheet
from archive.text.page import Char, Lean, Page, Segment

__all__ = ["scan"]

_SMALLEST: Final = (72.0, 14.0)
"""Points of the narrowest and lowest table: large characters have strokes and frames as well."""
_LONG: Final = 1.0
"""Inches; a longer line is no stroke of a character, whether it belongs to a table or not."""


class _Frame(NamedTuple):
    """Where a region's picture lies on the page."""

    left: float
    top: float
    scale: float

    def points(self, x0: float, y0: float, x1: float, y1: float) -> Segment:
        """Dots of the region as points of the page."""
        return (
            self.left + x0 / self.scale,
            self.top - y1 / self.scale,
            self.left + x1 / self.scale,
            self.top - y0 / self.scale,
        )

    def dots(self, box: Box) -> Place:
        """Points of the page as dots of the region."""
        return Place(
            round((box.x0 - self.left) * self.scale),
            round((self.top - box.y1) * self.scale),
            round((box.x1 - self.left) * self.scale),
            round((self.top - box.y0) * self.scale),
        )


def scan(page: Page, canvas: Canvas, region: Region) -> None:
    """Read the region's picture into the page: strokes for its rulings, characters for its ink.

    A picture beside text is read only where it holds a table.
    """
    picture, frame = _cut(canvas, page, region)
    picture, ink, lines, askew = _straight(picture, 72 * canvas.scale)
    strokes = [frame.points(*line) for line in lines.lines]
    tables = _tables(page, strokes)
    missing = borders(tables, strokes)
    if missing:
        tables = _tables(page, strokes + missing)
    if not tables and not region.whole:
        return
    areas = [frame.dots(grid.box) for grid in tables]
    drawn = [line for line in lines.lines if _is_drawn(line, areas, 72 * canvas.scale)]
    mask = mask_of(drawn, lines.mask)
    own = sheet(picture, clean(ink, mask), mask)
    places = [
        place for grid in tables for box in _cells(grid) for place in in_cell(own, frame.dots(box))
    ]
    inside = len(places)
    places += outside(own, areas)
    found = judged(places, [own.strip(place) for place in places])
    if region.whole:
        page.chars, page.segments, page.layered = [], [], []
    else:
        _replace_layer(page, region.box)
    page.segments += [frame.points(*line) for line in drawn] + missing
    page.scanned.append(region.box)
    if askew:
        height, width = picture.shape
        page.leans.append(Lean(frame.points(0, 0, width, height), askew))
    for index, (place, (text, doubtful)) in enumerate(zip(places, found, strict=True)):
        box = frame.points(*place)
        if text == LOST and index >= inside:
            page.lost += 1  # a seal or a picture; in a cell it would pass for a blank
            continue
        page.chars += _chars(box, text)
        if doubtful:
            page.doubts.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))


def _replace_layer(page: Page, box: Segment) -> None:
    """Leave out what another optical reader laid over a picture that is read here."""
    if any(_within(image, box) for image in page.layered):
        page.layered = [image for image in page.layered if not _within(image, box)]
        page.chars = [char for char in page.chars if not _within(char[:4], box)]


def _within(inner: Segment, outer: Segment) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _cut(canvas: Canvas, page: Page, region: Region) -> tuple[Picture, _Frame]:
    x0, y0, x1, y1 = region.box
    whole = _Frame(0.0, page.height, canvas.scale).dots(Box(x0, y0, x1, y1))
    left, top = max(0, whole.x0), max(0, whole.y0)
    cut = canvas.picture[top : whole.y1, left : whole.x1]
    frame = _Frame(left / canvas.scale, page.height - top / canvas.scale, canvas.scale)
    return np.ascontiguousarray(cut), frame


def _straight(picture: Picture, dpi: float) -> tuple[Picture, Picture, Rulings, float]:
    """The picture straightened, its ink, what may be rulings, and the degrees it was askew by."""
    ink = dark(picture, dpi)
    askew = skew(ink)
    if askew:
        picture = straightened(picture, askew)
        ink = dark(picture, dpi)
    return picture, ink, rulings(ink, dpi), askew


def _is_drawn(line: Segment, tables: list[Place], dpi: float) -> bool:
    """Whether a line is a ruling and no stroke of a large character."""
    x0, y0, x1, y1 = line
    if max(x1 - x0, y1 - y0) >= _LONG * dpi:
        return True
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return any(t.x0 - 3 <= x <= t.x1 + 3 and t.y0 - 3 <= y <= t.y1 + 3 for t in tables)


def _tables(page: Page, strokes: list[Segment]) -> list[Grid]:
    drawn = Page(page.number)
    drawn.segments = strokes
    wide, high = _SMALLEST
    return [
        grid
        for grid in grids(drawn)[0]
        if grid.box.x1 - grid.box.x0 >= wide and grid.box.y1 - grid.box.y0 >= high
    ]


def _cells(grid: Grid) -> Iterator[Box]:
    """The box of every cell once, merged ones whole."""
    yield from {id(cell): cell.box for row in grid.rows for cell in row}.values()


def _chars(box: Segment, text: str) -> Iterator[Char]:
    """The characters of a strip, laid over its width: Chinese ones twice as wide as others."""
    x0, y0, x1, y1 = box
    widths = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text]
    step = (x1 - x0) / (sum(widths) or 1)
    for char, width in zip(text, widths, strict=True):
        yield x0, y0, x0 + width * step, y1, char
        x0 += width * step
