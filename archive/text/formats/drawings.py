"""The pictures of a Word document: where each stands, how large it is shown, and what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from archive.media import JPEG, PNG, media_type
from archive.model import Remark
from archive.text.flow import Rows
from archive.text.grid import NOWHERE, Grid, grids, mark_scanned
from archive.text.lines import Line, lines
from archive.text.outcome import Unreadable
from archive.text.page import Page

__all__ = ["Drawings"]

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V: Final = "{urn:schemas-microsoft-com:vml}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU: Final = 12_700
"""English metric units a point (ECMA-376-1, 20.1.2.1)."""
_SMALLEST: Final = 10_000.0
"""Square points under which a picture is a logo or a seal: 2 % of A4."""
_MOST: Final = 30
"""So many pictures are read; a document of more is an album."""
_STYLE: Final = re.compile(r"(width|height):\s*([\d.]+)(pt|in|cm|mm)")
_POINTS: Final = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_READ: Final = "文字由图像识别得到，请核对原件"


class _Picture(NamedTuple):
    part: str
    """Which relationship leads to its bytes; "" where none does."""
    size: tuple[float, float] | None
    """Width and height as shown, in points."""


class Drawings:
    """Finds pictures in paragraphs and, where it is asked to, reads them."""

    def __init__(self, parts: Any, *, optically: bool) -> None:
        self._parts = parts
        """The document part's relationships by their ids."""
        self._optically = optically
        self._read = 0
        self._unread = 0
        self._lost = 0

    def blocks(self, element: Any) -> Iterator[str | Rows]:
        """What the pictures in an element show, in order: lines and ruled tables."""
        for picture in _pictures(element):
            if picture.size is not None and picture.size[0] * picture.size[1] < _SMALLEST:
                continue
            page = self._page(picture)
            if page is None or not page.scanned:
                self._unread += 1
                continue
            self._read += 1
            self._lost += page.lost
            yield from _blocks(page)

    def remarks(self) -> Iterator[Remark]:
        """What is to be said of the pictures that were met."""
        if self._read:
            yield Remark("page-recognised", _READ, 1)
        if self._unread:
            yield Remark("image-on-page", f"文中有 {self._unread} 幅图片，其中的文字未读取", 1)
        if self._lost:
            yield Remark("ink-unread", f"表格之外有 {self._lost} 处墨迹未能识别为文字", 1)

    def _page(self, picture: _Picture) -> Page | None:
        """The picture with its ink; None where it is not to be read or cannot be."""
        if not self._optically or self._read >= _MOST:
            return None
        from archive.text.optical.pasted import page_of

        try:
            data = self._parts[picture.part].target_part.blob
        except (KeyError, ValueError, AttributeError):
            return None
        if media_type(data) not in (PNG, JPEG):
            return None
        try:
            return page_of(data, picture.size)
        except Unreadable:
            return None


def _pictures(element: Any) -> Iterator[_Picture]:
    for node in element.iter(f"{_A}blip", f"{_V}imagedata"):
        if any(parent.tag.endswith("}Fallback") for parent in node.iterancestors()):
            continue
        drawn = node.tag == f"{_A}blip"
        part = node.get(f"{_R}embed" if drawn else f"{_R}id", "")
        yield _Picture(part, _extent(node) if drawn else _styled(node))


def _extent(blip: Any) -> tuple[float, float] | None:
    """The size of a DrawingML picture, told by the frame around it."""
    for parent in blip.iterancestors(f"{_WP}inline", f"{_WP}anchor"):
        extent = parent.find(f"{_WP}extent")
        if extent is not None:
            sides = [extent.get(side, "") for side in ("cx", "cy")]
            if all(side.isdigit() and int(side) for side in sides):
                return int(sides[0]) / _EMU, int(sides[1]) / _EMU
    return None


def _styled(image: Any) -> tuple[float, float] | None:
    """The size of a VML picture, told by the style of its shape."""
    found = {
        side: float(number) * _POINTS[unit]
        for side, number, unit in _STYLE.findall(image.getparent().get("style", ""))
    }
    width, height = found.get("width", 0.0), found.get("height", 0.0)
    return (width, height) if width and height else None


def _blocks(page: Page) -> Iterator[str | Rows]:
    """The lines and tables of a picture from top to bottom."""
    found, outside = grids(page)
    mark_scanned(page, found)
    placed: list[tuple[float, str | Rows]] = [(-line.y1, line.text) for line in lines(outside)]
    placed += [(-grid.box.y1, _unplaced(grid)) for grid in found]
    yield from (block for _, block in sorted(placed, key=lambda one: one[0]))


def _unplaced(grid: Grid) -> Rows:
    """A table's rows without the places on the picture: these are none on a page."""
    for row in grid.rows:
        for cell in row:
            cell.box, cell.shown = NOWHERE, None
            cell.lines = [Line(0, 0, 0, 0, line.text) for line in cell.lines]
    return grid.rows
