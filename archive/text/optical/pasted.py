"""Pictures that are files of their own, or stand in a Word document → pages with their ink."""

from __future__ import annotations

import io
import math
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from archive.text.optical.choosing import Region
from archive.text.optical.reading import read_page
from archive.text.optical.rendering import Canvas, Picture
from archive.text.optical.scan import scan
from archive.text.outcome import Unreadable
from archive.text.page import Page

__all__ = ["page_of"]

_DPI: Final = 200
"""As pages of a PDF are rendered."""
_MOST: Final = 40_000_000
"""Dots of a picture; A2 scanned at 200 dpi has a third of it."""
_DRAWN: Final = 16_000_000
"""Dots of the picture that is read."""
_A4: Final = (595.0, 842.0)
_SCANNERS: Final = (100, 600)
"""Dots per inch that a scanner may have; anything else said in a file is not its measure."""
_SHEET: Final = 0.5
"""A picture over this share of A4 is a page by itself; a smaller one is read where it holds a
table."""


def page_of(data: bytes, size: tuple[float, float] | None = None, number: int = 1) -> Page:
    """What is recognised in a PNG or JPEG picture; nothing was read where `scanned` is empty.

    `size` is width and height in points as it is shown; without it the file's own measure counts,
    and else the picture is taken for a sheet of A4.

    Raises:
        Unreadable: damaged; too-large; unread-format.
    """
    picture, dpi = _opened(data)
    page = Page(number)
    page.width, page.height = size or _size(picture, dpi)
    page.images = [(0.0, 0.0, page.width, page.height)]
    canvas = _canvas(picture, page)
    if page.width * page.height >= _SHEET * _A4[0] * _A4[1]:
        read_page(page, canvas)
    else:
        scan(page, canvas, Region(page.images[0], whole=False))  # said by who shows it
    return page


def _opened(data: bytes) -> tuple[Picture, float]:
    """Grey values on white, upright as its camera says, and its dots per inch, 0 if not said."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST:
                raise Unreadable("too-large", f"a picture of {image.width} by {image.height} dots")
            dpi = image.info.get("dpi", (0, 0))[0]
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged", f"the picture is damaged ({error})"[:200]) from error
    paper = Image.new("RGBA", upright.size, "white")
    grey = Image.alpha_composite(paper, upright).convert("L")
    return np.asarray(grey, dtype=np.uint8), dpi * 1.0


def _size(picture: Picture, dpi: float) -> tuple[float, float]:
    height, width = picture.shape
    low, high = _SCANNERS
    scale = 72 / dpi if low <= dpi <= high else max(_A4) / max(width, height)
    return width * scale, height * scale


def _canvas(picture: Picture, page: Page) -> Canvas:
    scale = min(_DPI / 72, math.sqrt(_DRAWN / (page.width * page.height or 1)))
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    smaller = size[0] < picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return Canvas(np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8), scale)
