"""Readings of strips → what is put on the page, and which figures are not to be relied on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

from archive.text.optical.figures import figure, is_figure, misfits
from archive.text.optical.recogniser import Reading, recognise
from archive.text.optical.rendering import Picture
from archive.text.optical.strips import Place

__all__ = ["LOST", "Judged", "judged"]

LOST: Final = "〓"
"""Printed where a character cannot be told; no figure has it, so none is made of it."""
_TEXT: Final = 0.5
"""Ink whose characters are no surer than this on average is not taken for text."""
_SURE: Final = 0.9
"""A figure with a less sure character is read a second time."""
_AGAIN: Final = 0.6
"""How sure every character of a second reading must be to bear out the first."""
_SCALE: Final = 0.75
_CHINESE: Final = "\u3001-\u303f\u4e00-\u9fff\uff08\uff09\uff0c\uff1a"


class Judged(NamedTuple):
    """A strip's text as it goes on the page."""

    text: str
    doubtful: bool
    """Is it a figure that nothing may be built on?"""


def judged(places: Sequence[Place], strips: Sequence[Picture]) -> list[Judged]:
    """Read strips. A figure in doubt is read again from a smaller, softer picture of it: only if
    both readings are the same figure, and its ink is as wide as its characters ask for, it stands.
    """
    readings = recognise(strips)
    found = [_settled(reading) for reading in readings]
    figures = [n for n, one in enumerate(found) if is_figure(one.text)]
    shapes = [
        (found[n].text, float(places[n].x1 - places[n].x0), float(places[n].y1 - places[n].y0))
        for n in figures
    ]
    odd = {n for n, wrong in zip(figures, misfits(shapes), strict=True) if wrong}
    unsure = [n for n in figures if n in odd or readings[n].least < _SURE or found[n].doubtful]
    again = recognise([_softer(strips[n]) for n in unsure])
    for n, second in zip(unsure, again, strict=True):
        same = figure(second.text) == found[n].text and second.least >= _AGAIN
        found[n] = Judged(found[n].text, doubtful=n in odd or not same)
    return found


def _settled(reading: Reading) -> Judged:
    if reading.mean < _TEXT or not reading.text:
        return Judged(LOST, doubtful=False)
    if not is_figure(reading.text):
        return Judged(_even(reading.text), doubtful=False)
    shaped = figure(reading.text)
    return Judged(reading.text if shaped is None else shaped, doubtful=shaped is None)


def _even(text: str) -> str:
    """Brackets beside Chinese characters as wide as these: which width was printed, ink of two
    strips does not tell alike, and (一) would be another name than （一）.

    >>> _even("因公出国（境)费"), _even("PM(2.5)")
    ('因公出国（境）费', 'PM(2.5)')
    """
    for bracket, wide in ("(（", ")）"):
        beside = rf"(?<=[{_CHINESE}]){re.escape(bracket)}|{re.escape(bracket)}(?=[{_CHINESE}])"
        text = re.sub(beside, wide, text)
    return text


def _softer(strip: Picture) -> Picture:
    """Another picture of the same ink: what is read by chance in one is not read in both."""
    blurred = cv2.GaussianBlur(strip, (3, 3), 0)
    small = cv2.resize(blurred, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)
