"""The ink of a cell, or of the space around tables → strips of one line each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from archive.text.optical.rendering import Picture

__all__ = ["Place", "Sheet", "in_cell", "outside", "sheet"]

_APART: Final = 2.0
"""Ink further apart than this many text heights is read separately; the gap reads as a space."""
_WIDEST: Final = 45
"""Text heights of the longest strip: longer lines are cut between characters."""
_TALL: Final = 1.75
"""Text heights from which on a strip must hold two lines."""
_PITCH: Final = 1.2
"""Text heights from line to line, at the closest."""
_GLYPHS: Final = (8, 60)
"""Dots of the height of what may be a character."""
_USUAL: Final = 24.0
"""Dots of the height of characters where there are none to measure."""
_MARGIN: Final = 0.18
"""Text heights left blank around a strip."""


class Place(NamedTuple):
    """A rectangle of dots, the far edges not included."""

    x0: int
    y0: int
    x1: int
    y1: int


class Sheet(NamedTuple):
    """A straightened picture with its ink, rulings and specks taken out."""

    picture: Picture
    ink: Picture
    mask: Picture
    text: float
    """Usual height of its characters in dots."""
    pieces: npt.NDArray[np.int32]
    """x, y, width, height of every piece of ink, and its dots."""

    def height_in(self, place: Place) -> float:
        """The height of the characters in a place: a title is larger than a table."""
        x, y, width, height = (self.pieces[:, n] for n in range(4))
        here = (x >= place.x0) & (x + width <= place.x1) & (y >= place.y0) & (y < place.y1)
        tall = height[here & (height >= _GLYPHS[0]) & (height <= _GLYPHS[1])]
        return max(self.text, float(np.percentile(tall, 75))) if tall.size >= 2 else self.text

    def strip(self, place: Place) -> Picture:
        """The picture of a place with a blank margin; rulings that cross it are painted over."""
        margin = max(2, round(_MARGIN * max(place.y1 - place.y0, self.text)))
        # a dash or a 一 is much lower than a line: it keeps its proportion to one
        lack = max(0, round((0.9 * self.text - (place.y1 - place.y0)) / 2))
        height, width = self.picture.shape
        x0, x1 = max(0, place.x0 - margin), min(width, place.x1 + margin)
        y0, y1 = max(0, place.y0 - margin - lack), min(height, place.y1 + margin + lack)
        cut = self.picture[y0:y1, x0:x1].copy()
        lines, own = self.mask[y0:y1, x0:x1], self.ink[y0:y1, x0:x1]
        rest = cut[(lines == 0) & (own == 0)]
        paper = np.uint8(np.median(rest)) if rest.size else np.uint8(255)
        cut[lines > 0] = paper
        # ink that belongs to the neighbours shows in the margin only
        edge = np.ones_like(cut, dtype=bool)
        edge[place.y0 - y0 : place.y1 - y0, place.x0 - x0 : place.x1 - x0] = False
        cut[edge & (cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0)] = paper
        return cut


def sheet(picture: Picture, ink: Picture, mask: Picture) -> Sheet:
    """A sheet of a picture, its ink without rulings, and the mask of these."""
    pieces = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    heights = pieces[:, 3]
    likely = heights[(heights >= _GLYPHS[0]) & (heights <= _GLYPHS[1])]
    # parts of characters are lower, whole ones as high as the font
    text = float(np.percentile(likely, 75)) if likely.size else _USUAL
    return Sheet(picture, ink, mask, text, np.asarray(pieces, dtype=np.int32))


def in_cell(sheet: Sheet, cell: Place) -> Iterator[Place]:
    """The strips of a cell, from top to bottom and from left to right."""
    ink = sheet.ink[cell.y0 : cell.y1, cell.x0 : cell.x1]
    rows = np.asarray(ink.any(axis=1))
    if not rows.any():
        return
    text = sheet.height_in(cell)
    for top, bottom in _lines(ink, rows, text):
        columns = np.asarray(ink[top:bottom].any(axis=0))
        for left, right in _runs(columns, _APART * text):
            for x0, x1 in _cut(columns, left, right, _WIDEST * text):
                own = ink[top:bottom, x0:x1].any(axis=1)
                ys = np.flatnonzero(own)
                yield Place(
                    cell.x0 + x0,
                    cell.y0 + top + int(ys[0]),
                    cell.x0 + x1,
                    cell.y0 + top + int(ys[-1]) + 1,
                )


def outside(sheet: Sheet, tables: list[Place]) -> Iterator[Place]:
    """The strips of all that stands beside the tables."""
    rest = sheet.ink.copy()
    for table in tables:
        rest[max(0, table.y0) : table.y1, max(0, table.x0) : table.x1] = 0
    reach = max(3, round(1.2 * sheet.text))
    blurred = cv2.dilate(rest, np.ones((1, 2 * reach + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(blurred, connectivity=8)
    for x, y, width, height, _ in stats[1:]:
        if height < 0.3 * sheet.text or width - 2 * reach > 60 * sheet.text * 2:
            continue
        x0, x1 = max(0, int(x)), min(rest.shape[1], int(x + width))
        part = sheet._replace(ink=rest)
        yield from in_cell(part, Place(x0, int(y), x1, int(y + height)))


def _lines(ink: Picture, rows: npt.NDArray[np.bool_], text: float) -> Iterator[tuple[int, int]]:
    """The stretches of rows that are one line of text each."""
    found = list(_runs(rows, 0.08 * text))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged:
            before, last = merged[-1]
            low = min(end - start, last - before) < 0.55 * text
            if low and end - before <= 1.25 * text:
                merged[-1] = (before, end)
                continue
        merged.append((start, end))
    for start, end in merged:
        if end - start < _TALL * text:
            yield start, end
            continue
        yield from _split(ink, start, end, max(2, round((end - start) / (_PITCH * text))))


def _split(ink: Picture, start: int, end: int, count: int) -> Iterator[tuple[int, int]]:
    """Lines that touch one another, parted where the least ink stands between them."""
    weight = ink[start:end].sum(axis=1, dtype=np.int64)
    pitch = (end - start) / count
    edges = [start]
    for number in range(1, count):
        low, high = int((number - 0.3) * pitch), int((number + 0.3) * pitch) + 1
        edges.append(start + low + int(weight[low:high].argmin()))
    edges.append(end)
    yield from pairwise(edges)


def _runs(filled: npt.NDArray[np.bool_], gap: float) -> Iterator[tuple[int, int]]:
    """Stretches of ink; blank ones no longer than `gap` belong to them."""
    places = np.flatnonzero(filled)
    if not places.size:
        return
    breaks = np.flatnonzero(np.diff(places) > gap + 1)
    starts = [places[0], *places[breaks + 1]]
    ends = [*places[breaks], places[-1]]
    for start, end in zip(starts, ends, strict=True):
        yield int(start), int(end) + 1


def _cut(
    filled: npt.NDArray[np.bool_], left: int, right: int, longest: float
) -> Iterator[tuple[int, int]]:
    """A long line in pieces, cut in the widest gap near each piece's end."""
    while right - left > longest:
        low, high = left + int(0.6 * longest), left + int(longest)
        blank = [(end - start, start, end) for start, end in _runs(~filled[low:high], 0)]
        if not blank:
            yield left, high
            left = high
            continue
        _, start, end = max(blank)
        middle = low + (start + end) // 2
        yield left, middle
        left = middle
    if right > left and filled[left:right].any():
        yield left, right
