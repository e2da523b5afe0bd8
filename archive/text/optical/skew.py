"""How far a picture was laid askew, and the picture straightened."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from archive.text.optical.rendering import Picture

__all__ = ["skew", "straightened"]

_WIDEST: Final = 3.0
"""Degrees; a sheet laid on a scanner by hand lies within two."""
_STEPS: Final = ((0.5, 6), (0.1, 5), (0.02, 5))
"""Step in degrees and how many to either side, coarse to fine."""
_SIDE: Final = 1_200
"""Dots of the longer side of the picture that is tried."""
_LEVEL: Final = 0.03
"""Degrees that shift a line by a dot over the whole page: not worth blurring it."""


def skew(ink: Picture) -> float:
    """Degrees by which lines rise to the right (negative: fall), from the ink of a picture.

    The right angle is the one whose rows are most unlike one another: rulings and lines of text
    then fall into few rows (projection profiles; W. Postl, 1986).
    """
    factor = min(1.0, _SIDE / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small > 64)
    if not ys.size:
        return 0.0
    best = 0.0
    for step, count in _STEPS:
        around = [best + step * n for n in range(-count, count + 1)]
        best = max((a for a in around if abs(a) <= _WIDEST), key=lambda a: _sharpness(xs, ys, a))
    return best if abs(best) >= _LEVEL else 0.0


def straightened(picture: Picture, degrees: float) -> Picture:
    """The picture turned about its middle so that what rose by `degrees` lies level."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    paper = int(np.median(picture))
    turned = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,)
    )
    return np.asarray(turned, dtype=np.uint8)


def _sharpness(xs: npt.NDArray[np.intp], ys: npt.NDArray[np.intp], degrees: float) -> float:
    rows = np.rint(ys + xs * math.tan(math.radians(degrees))).astype(np.intp)
    profile = np.bincount(rows - rows.min()).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())
