"""Sheets that were laid on the scanner sideways or upside down, and turned."""

from __future__ import annotations

from statistics import median
from typing import Final

import cv2
import numpy as np

from archive.text.optical.marks import clean, dark, rulings
from archive.text.optical.recogniser import recognise
from archive.text.optical.rendering import Canvas, Picture
from archive.text.optical.strips import Sheet, outside, sheet

__all__ = ["quarters"]

_STRIPS: Final = 5
"""Strips that are read to see which way up a page is."""
_LONG: Final = 3.0
"""Text heights of the shortest of them: single digits read alike upside down."""
_LEGIBLE: Final = 0.95
"""Sureness of the middle strip from which on a page lies as it should: no other way is tried."""
_ENOUGH: Final = 0.6
_BETTER: Final = 0.15
"""By how much surer another way must be. What is read badly every way is left as it lies."""
_BESIDE: Final = 0.4
"""Text heights within which the next character of a line stands; the next line is further."""
_SIDEWAYS: Final = 1.5
"""How many more pieces must be left of the ink when it is joined across than when joined up."""


def quarters(canvas: Canvas) -> int:
    """Quarter turns clockwise that bring a page upright, 0 if it is or if nothing tells.

    Which way its lines run shows in the ink, as characters stand closer than lines; which end of
    them is the first shows only when some are read.
    """
    dpi = 72 * canvas.scale
    own = _sheet(canvas.picture, dpi)
    lying = _runs_up(own)
    first = 0.0
    if not lying:
        first = _sureness(own)
        if first >= _LEGIBLE:
            return 0
    turns = (1, 3) if lying else (2,)
    ways = {turn: _sureness(_sheet(np.rot90(canvas.picture, -turn), dpi)) for turn in turns}
    best, *rest = sorted(ways, key=ways.__getitem__, reverse=True)
    rival = ways[rest[0]] if rest else first
    return best if ways[best] >= max(_ENOUGH, rival + _BETTER) else 0


def _runs_up(own: Sheet) -> bool:
    """Whether the characters of a sheet stand in lines that run up or down it."""
    reach = max(3, round(2 * _BESIDE * own.text)) | 1
    across, up = (
        cv2.connectedComponents(cv2.dilate(own.ink, np.ones(shape, np.uint8)))[0]
        for shape in ((1, reach), (reach, 1))
    )
    return across > _SIDEWAYS * up


def _sureness(own: Sheet) -> float:
    """How surely the middle one of some strips of a sheet is read, 0 to 1."""
    long = [p for p in outside(own, []) if p.x1 - p.x0 >= _LONG * own.text]
    step = max(1, len(long) // _STRIPS)
    strips = [own.strip(place) for place in long[::step][:_STRIPS]]
    return median(reading.mean for reading in recognise(strips)) if strips else 0.0


def _sheet(picture: Picture, dpi: float) -> Sheet:
    picture = np.ascontiguousarray(picture)
    ink = dark(picture, dpi)
    mask = rulings(ink, dpi).mask
    return sheet(picture, clean(ink, mask), mask)
