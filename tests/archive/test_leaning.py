"""A figure of a sheet that lay askew or on its side is placed where the original shows it."""

from __future__ import annotations

import io
import math

import numpy as np
import pikepdf
import pypdfium2
import pytest

from archive.model import Box
from archive.text import read
from archive.text.page import Lean, Page, shown, turn_page
from tests.archive.misreading import amounts
from tests.archive.rasters import Picture, Scanner, scanned
from tests.archive.test_optical import FINAL, edges, only
from tests.portal import documents

PAGE = 8
"""A statement; scanned alone, so that it leans to the other side than an odd page."""
LEAN = -1.0
DPI = 150


@pytest.mark.parametrize("turned", [pytest.param(0, marks=pytest.mark.full), 1])
def test_a_piece_cut_out_of_the_original_by_its_box_shows_the_figure(turned: int) -> None:
    scan = scanned(documents.pdf(FINAL), Scanner(DPI, skew=1.0, turned=turned), (PAGE,))
    text = read(only(documents.pdf(FINAL), (PAGE,)))
    size, picture = size_of(documents.pdf(FINAL), PAGE), rendered(scan)
    found = list(zip(amounts(read(scan, optically=True)), amounts(text), strict=True))

    assert len(found) > 20
    for figure, meant in found:
        assert figure.at is not None
        assert meant.at is not None
        assert figure.at.box is not None
        assert meant.at.box is not None
        place = laid(edges(meant.at.box), size, LEAN, turned)
        assert edges(figure.at.box) == pytest.approx(place, abs=4)
        if meant.text:
            assert (cut(picture, figure.at.box) < 128).any()


def test_what_was_not_turned_or_straightened_keeps_its_box() -> None:
    assert shown(Page(1), Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_turning_a_page_back_leads_to_where_its_pictures_were(turn: int) -> None:
    page = Page(1)
    page.width, page.height = 600.0, 800.0
    page.images = [(10.0, 20.0, 110.0, 50.0)]
    turn_page(page, turn)

    assert shown(page, Box(*page.images[0])) == Box(10, 20, 110, 50)


def test_only_what_stands_in_the_leaning_picture_leans() -> None:
    page = Page(1)
    page.leans = [Lean((0.0, 0.0, 200.0, 200.0), 90.0)]

    assert shown(page, Box(150, 90, 190, 110)) == Box(90, 150, 110, 190)
    assert shown(page, Box(250, 90, 290, 110)) == Box(250, 90, 290, 110)


def laid(
    box: tuple[float, float, float, float], size: tuple[float, float], degrees: float, turned: int
) -> tuple[float, float, float, float]:
    """Where a scanner shows a place of a sheet that was laid down askew and then turned."""
    width, height = size
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    corners = []
    for x, y in ((x, y) for x in box[::2] for y in box[1::2]):
        right, up = x - width / 2, y - height / 2
        corner = (width / 2 + cosine * right - sine * up, height / 2 + sine * right + cosine * up)
        # a quarter anticlockwise lays the top edge along the left one
        corners.append((height - corner[1], corner[0]) if turned else corner)
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def size_of(data: bytes, page: int) -> tuple[float, float]:
    """Width and height of a page in points."""
    with pikepdf.open(io.BytesIO(data)) as source:
        x0, y0, x1, y1 = (float(edge) for edge in source.pages[page - 1].mediabox)
    return x1 - x0, y1 - y0


def rendered(data: bytes) -> Picture:
    """The only page as a viewer shows it, at `DPI`."""
    with pypdfium2.PdfDocument(data) as source:
        bitmap = source[0].render(scale=DPI / 72, grayscale=True)
        return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)


def cut(picture: Picture, box: Box) -> Picture:
    """What stands in a box, its edges (the rulings) left out."""
    scale, inside = DPI / 72, 2
    top = picture.shape[0] - round(box.y1 * scale) + inside
    bottom = picture.shape[0] - round(box.y0 * scale) - inside
    left, right = round(box.x0 * scale) + inside, round(box.x1 * scale) - inside
    return picture[top:bottom, left:right]
