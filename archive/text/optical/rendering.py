"""Pages of a PDF as pictures."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pypdfium2

from archive.text.page import Page

__all__ = ["Canvas", "Picture", "Pictures"]

Picture: TypeAlias = npt.NDArray[np.uint8]
"""Grey values, 0 black to 255 white, rows from the top."""

_DPI: Final = 200
"""Dots per inch of the pictures that are read; small print loses its points at fewer."""
_MOST: Final = 16_000_000
"""Dots of a picture; A3 at 200 dpi has half of it. Larger paper is rendered more coarsely."""


class Canvas:
    """A page as a picture, with the measure that leads back to points."""

    def __init__(self, picture: Picture, scale: float) -> None:
        self.picture = picture
        self.scale = scale
        """Dots per point."""

    def turned(self, quarters: int) -> Canvas:
        """The page turned clockwise by quarters of a circle."""
        return Canvas(np.ascontiguousarray(np.rot90(self.picture, -quarters)), self.scale)


class Pictures:
    """Renders the pages of one PDF, upright, as `Page` has them."""

    def __init__(self, data: bytes) -> None:
        self._document = pypdfium2.PdfDocument(data)

    def __enter__(self) -> Pictures:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def page(self, page: Page) -> Canvas:
        """The whole sheet of a page; what its crop box hides is white."""
        sheet = self._document[page.number - 1]
        media, crop = sheet.get_mediabox(), sheet.get_cropbox()
        sheet.set_cropbox(*media)
        area = (page.width or 1) * (page.height or 1)
        scale = min(_DPI / 72, math.sqrt(_MOST / area))
        bitmap = sheet.render(scale=scale, grayscale=True, rotation=0)
        picture = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
        turns = int(sheet.get_rotation()) // 90
        bitmap.close()
        sheet.close()
        if crop != media:
            picture = _cropped(picture, media, crop, turns, scale)
        return Canvas(np.ascontiguousarray(np.rot90(picture, -page.turned)), scale)


def _cropped(
    picture: Picture,
    media: tuple[float, ...],
    crop: tuple[float, ...],
    turns: int,
    scale: float,
) -> Picture:
    """White wherever a viewer shows nothing of the sheet."""
    flat = np.rot90(picture, turns)
    height, width = flat.shape
    left, right = ((x - media[0]) * scale for x in (crop[0], crop[2]))
    top, bottom = ((media[3] - y) * scale for y in (crop[3], crop[1]))
    shown = np.full_like(flat, 255)
    rows = slice(max(0, round(top)), min(height, round(bottom)))
    columns = slice(max(0, round(left)), min(width, round(right)))
    shown[rows, columns] = flat[rows, columns]
    return np.rot90(shown, -turns)
