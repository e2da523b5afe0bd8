"""Pictures of scanned rows: their figures, and nothing that is not surely one."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.pdfbase.ttfonts import TTFont

from archive.model import Box
from diffing.crops.drawing import draw
from diffing.crops.order import Drawn, Order, Shot
from diffing.crops.scanned import figure
from tests.archive.rasters import Scanner, scanned

from .papers import FONT, paper

ROW = (
    (Box(280, 680, 370, 700), "1,511.89"),
    (Box(370, 680, 460, 700), "1,503.52"),
    (Box(460, 680, 550, 700), "8.37"),
)
"""The second row of the paper's table, as its reader places it."""
SIGNED = "填报人：王小明    联系电话：83380017"


def drawn(data: bytes, cells: tuple[tuple[Box, str], ...] = ROW) -> Drawn:
    shot = Shot("k", 1, cells, cells[0][0])
    (found,) = draw(data, Order("", "", (), frozenset(), (shot,)))
    return found


def picture(found: Drawn) -> Image.Image:
    assert found.why == ""
    return Image.open(io.BytesIO(found.png)).convert("RGB")


def ink(image: Image.Image) -> int:
    """Dots that are nearly black: neither frame nor edge of a cell is."""
    return sum(image.convert("L").histogram()[:90])


@pytest.mark.parametrize(
    "scanner",
    [Scanner(dpi=200), Scanner(dpi=150, noise=6.0, jpeg=70), Scanner(dpi=300, fade=0.2)],
)
def test_a_scanned_row_shows_its_figures(scanner: Scanner) -> None:
    found = drawn(scanned(paper(SIGNED), scanner))
    image = picture(found)
    assert found.figures_alone
    across = [
        image.crop((14 * 2 + n * 180 + 6, 20, 14 * 2 + (n + 1) * 180 - 6, 48)) for n in (0, 1, 2)
    ]
    assert all(ink(part) > 20 for part in across)
    assert image.height < 90, "the row alone, not what stands around it"


def test_nothing_but_the_figures_of_a_scan_is_shown() -> None:
    """The name in the next cell and what is written over the row's edge stay out of it."""
    rows = (("201", "王小明", "1,511.89", "张大力", "8.37"),)
    cells = ((Box(280, 700, 370, 720), "1,511.89"), (Box(370, 700, 460, 720), "1,503.52"))
    data = scanned(paper(SIGNED, rows=rows), Scanner(dpi=200))
    image = picture(drawn(data, cells))
    assert ink(image.crop((14 * 2 + 8, 0, 14 * 2 + 172, image.height))) > 20
    assert ink(image.crop((14 * 2 + 184, 0, image.width, image.height))) == 0


@pytest.mark.parametrize("read", ["1,511.8", "151.89", "11,511.89", "1511.89", "王小明"])
def test_ink_that_is_not_the_figure_read_there_is_not_shown(read: str) -> None:
    cells = ((ROW[0][0], read), *ROW[1:])
    assert drawn(scanned(paper(), Scanner(dpi=200)), cells).why == "picture"


def test_a_sheet_laid_down_sideways_gives_no_picture() -> None:
    assert drawn(scanned(paper(), Scanner(dpi=200, turned=1))).why != ""


def written(text: str, size: int = 32, blur: float = 0.8) -> Image.Image:
    """A cell with this text, four dots a point."""
    image = Image.new("L", (size * len(text) + 24, size + 20), 250)
    font = ImageFont.truetype(str(FONT), size)
    ImageDraw.Draw(image).text((12, 6), text, font=font, fill=15)
    return image.filter(ImageFilter.GaussianBlur(blur))


@pytest.mark.parametrize("text", ["0.45", "16,010.35", "-27.06", "825.04", "1,234,567.80"])
def test_a_figure_is_known_by_its_shape(text: str) -> None:
    found = figure(written(text), text, 4.0)
    assert found is not None
    assert ink(found.convert("RGB")) > 50


@pytest.mark.parametrize("size", [26, 34])
def test_no_name_has_the_shape_of_a_figure(size: int) -> None:
    """Any characters at all, as a name might have them."""
    glyphs = TTFont("names", FONT).face.charToGlyph
    known = [chr(code) for code in glyphs if 0x4E00 <= code <= 0x9FFF]
    chance = random.Random(size)
    names = ["王小明", "李四", *("".join(chance.sample(known, n)) for n in (1, 2, 3, 4) * 8)]
    figures = ("1.23", "12.3", "12.34", "123.45", "1,234.56", "-1.23", "12,345.67")
    shown = [(n, f) for n in names for f in figures if figure(written(n, size), f, 4.0)]
    assert shown == []


@pytest.mark.parametrize("text", ["12", "8.0", "1,234", "88931976", ""])
def test_too_little_to_tell_a_figure_by_is_not_shown(text: str) -> None:
    assert figure(written(text or " "), text, 4.0) is None


def test_a_seal_over_the_figure_keeps_it_out() -> None:
    cell = written("825.04")
    ImageDraw.Draw(cell).ellipse((30, 5, 75, 45), outline=30, width=4)
    assert figure(cell, "825.04", 4.0) is None
