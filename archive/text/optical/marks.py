"""Rulings and ink of a picture."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np

from archive.text.optical.rendering import Picture

__all__ = ["Rulings", "clean", "dark", "mask_of", "rulings"]

_AROUND: Final = 0.2
"""Inches over which paper is levelled out: shadows and tinted heads are wider."""
_DARKER: Final = 22
"""Grey levels by which ink is darker than the paper around it."""
_ACROSS: Final = 0.22
"""Inches of the shortest horizontal ruling; the stroke of a title's 一 is shorter."""
_UP: Final = 0.16
"""Inches of the shortest vertical ruling: the height of a low row."""
_THICKEST: Final = 0.035
"""Inches; a thicker bar is a tinted ground or a black block."""
_SPECK: Final = 5
"""Dots of the smallest ink: a decimal point has nine at 200 dpi."""


class Rulings(NamedTuple):
    """Ruling lines in dots: (x0, y0, x1, y1) of each, and a mask of all their ink."""

    lines: list[tuple[float, float, float, float]]
    mask: Picture


def dark(picture: Picture, dpi: float) -> Picture:
    """Ink as 255 on 0: what is clearly darker than the paper around it."""
    size = int(_AROUND * dpi) | 1
    soft = cv2.GaussianBlur(picture, (3, 3), 0)
    paper = cv2.blur(soft, (size, size))
    return np.asarray(((paper.astype(np.int16) - soft) > _DARKER) * 255, dtype=np.uint8)


def rulings(ink: Picture, dpi: float) -> Rulings:
    """The horizontal and vertical lines among the ink, by morphological opening."""
    lines: list[tuple[float, float, float, float]] = []
    mask = np.zeros_like(ink)
    for across in (True, False):
        length = int((_ACROSS if across else _UP) * dpi)
        along = (length, 1) if across else (1, length)
        bridge = (1, 3) if across else (3, 1)
        # A line that is not quite level steps by a dot: the bridge joins the steps.
        joined = cv2.dilate(ink, np.ones(bridge[::-1], np.uint8))
        opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones(along[::-1], np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
        kept = np.zeros(count, np.uint8)
        for index in range(1, count):
            x, y, width, height, _area = (int(v) for v in stats[index])
            thick = stats[index][4] / max(width if across else height, 1)
            if thick > _THICKEST * dpi + 2:
                continue
            kept[index] = 255
            middle_y, middle_x = y + height / 2, x + width / 2
            if across:
                lines.append((x, middle_y, x + width, middle_y))
            else:
                lines.append((middle_x, y, middle_x, y + height))
        mask |= kept[labels]
    thicker = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    return Rulings(lines, thicker)


def mask_of(lines: list[tuple[float, float, float, float]], mask: Picture) -> Picture:
    """The ink of these lines alone, of the ink of all."""
    near = np.zeros_like(mask)
    for x0, y0, x1, y1 in lines:
        cv2.line(near, (round(x0), round(y0)), (round(x1), round(y1)), (255,), 9)
    return np.asarray(cv2.bitwise_and(mask, near), dtype=np.uint8)


def clean(ink: Picture, mask: Picture) -> Picture:
    """The ink without rulings and without specks."""
    left = cv2.bitwise_and(ink, cv2.bitwise_not(mask))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[1:] = np.where(stats[1:, 4] >= _SPECK, 255, 0)
    return np.asarray(kept[labels], dtype=np.uint8)
