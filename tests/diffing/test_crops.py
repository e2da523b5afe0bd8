"""Pictures of quoted rows: they show the row, and nothing of a private person."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from archive.model import Box, Identity
from archive.withholding import withhold
from diffing.crops import Crops, drawing, process
from diffing.crops.order import Order, Shot
from diffing.crops.process import Artist
from diffing.crops.veiling import Glyph, Known, veiled
from diffing.finding import newest
from diffing.versions import Version, Where

from .archived import Filing, identity, known
from .papers import paper

SIGNED = "填报人：王小明    联系电话：83380017"


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return Filing(tmp_path / "archive")


def published(filing: Filing, data: bytes, what: Identity | None = None) -> Version:
    filing.publish(data, what or identity())
    return newest(filing.archive, known(), what or identity())


def place_of(version: Version, name: str, measure: str) -> Where:
    for statement in version.document.statements:
        for item in statement.items:
            if item.name == name:
                at = item.amounts[measure].at
                assert at is not None
                return version.at(at)
    raise AssertionError(name)


def framed(path: Path) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The picture, and the inside of its frame."""
    image = Image.open(path).convert("RGB")
    red, green, blue = (
        band.point(limit) for band, limit in zip(image.split(), _FRAME, strict=True)
    )
    both = ImageChops.darker(ImageChops.darker(red, green), blue)
    box = both.getbbox()
    assert box is not None
    return image, (box[0] + 4, box[1] + 4, box[2] - 4, box[3] - 4)


_FRAME = (
    [255 if 150 <= n <= 230 else 0 for n in range(256)],
    [255 if 30 <= n <= 110 else 0 for n in range(256)],
    [255 if n <= 90 else 0 for n in range(256)],
)


def plain(data: bytes) -> Image.Image:
    """The page as anyone sees it, two dots a point, as crops are drawn."""
    page = pypdfium2.PdfDocument(data)[0]
    return page.render(scale=2, rev_byteorder=True).to_pil().convert("L")


def alike(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of one size are apart, a dot, from 0 to 255."""
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return float(ImageStat.Stat(difference).mean[0])


@pytest.mark.parametrize("turned", [False, True], ids=["upright", "on its side"])
@pytest.mark.parametrize("measure", ["合计", "项目支出"])
def test_a_crop_shows_the_very_row_and_frames_the_very_cell(
    filing: Filing, tmp_path: Path, measure: str, turned: bool
) -> None:
    data = paper(turned=turned)
    at = place_of(published(filing, data), "一般公共服务支出", measure)
    assert at.box is not None

    with Crops(filing.archive, tmp_path / "crops") as crops:
        path = crops.of(at)

    assert path is not None
    image, inside = framed(path)
    shown = image.crop(inside)
    page = plain(data)
    left, top = round(at.box.x0 * 2) + 2, round(page.height - at.box.y1 * 2) + 2
    apart = {
        (x, y): alike(shown, page.crop((x, y, x + shown.width, y + shown.height)))
        for x in range(left - 4, left + 5)
        for y in range(top - 4, top + 5)
    }
    assert min(apart.values()) < 3, "the ink in the frame is that of the cell on the page"
    elsewhere = page.crop((left, top + 40, left + shown.width, top + 40 + shown.height))
    assert alike(shown, elsewhere) > 10, "and not that of the row below"
    assert image.width > 900, "the row is shown in its whole width"


def test_a_clerk_beside_the_row_is_painted_over(filing: Filing, tmp_path: Path) -> None:
    data = paper(SIGNED)
    version = published(filing, data)
    at = place_of(version, "财政事务", "合计")
    assert at.box is not None

    with Crops(filing.archive, tmp_path) as crops:
        path = crops.of(at)

    assert path is not None
    image, inside = framed(path)
    page = pypdfium2.PdfDocument(data)[0]
    text = page.get_textpage()
    content = text.get_text_range()
    assert "83380017" in content, "on the page itself the number stands"
    for private in ("王小明", "83380017"):
        start = content.index(private)
        boxes = [text.get_charbox(start + n, loose=True) for n in range(len(private))]
        for x0, y0, x1, y1 in boxes:
            # the frame's inside begins two points and the frame's own width within the cell
            left = inside[0] - 2 + (x0 - at.box.x0) * 2
            top = inside[1] - 2 + (at.box.y1 - y1) * 2
            right, bottom = left + (x1 - x0) * 2, top + (y1 - y0) * 2
            bottom = min(bottom, image.height)
            area = image.crop((round(left), round(top) + 1, round(right), round(bottom) - 1))
            assert area.height > 4
            assert max(high - low for low, high in area.getextrema()) <= 24, "one flat grey"
            assert 120 < ImageStat.Stat(area.convert("L")).mean[0] < 230
    label = content.index("填报人")
    x0, y0, x1, y1 = text.get_charbox(label, loose=True)
    left, top = inside[0] - 2 + (x0 - at.box.x0) * 2, inside[1] - 2 + (at.box.y1 - y1) * 2
    area = image.crop((round(left), round(top), round(left + (x1 - x0) * 2), image.height))
    low, high = area.convert("L").getextrema()
    assert high - low > 60, "its label is no secret"


def test_two_builds_give_the_same_picture_and_draw_it_once(filing: Filing, tmp_path: Path) -> None:
    at = place_of(published(filing, paper()), "财政事务", "合计")
    with Crops(filing.archive, tmp_path / "one") as crops:
        first = crops.of(at)
        assert first is not None
        stamp = first.stat().st_mtime_ns
        assert crops.of(at) == first
        assert first.stat().st_mtime_ns == stamp
    drawn = Artist()
    asked: list[Order] = []
    drawn.draw = lambda order: asked.append(order) or []  # type: ignore[method-assign,func-returns-value]
    with Crops(filing.archive, tmp_path / "two") as crops:
        crops._artist = drawn
        second = crops.of(at)
    assert second is not None
    assert asked == [], "a picture that was made once is kept"
    assert (second.name, second.read_bytes()) == (first.name, first.read_bytes())
    for kept in (filing.archive.root / "cache").rglob("*.png"):
        kept.unlink()
    with Crops(filing.archive, tmp_path / "three") as crops:
        third = crops.of(at)
    assert third is not None
    assert third.read_bytes() == first.read_bytes(), "and drawn anew it is the same"


def test_where_no_picture_can_be_vouched_for_there_is_none(filing: Filing, tmp_path: Path) -> None:
    under_image = published(filing, paper(picture=(60, 690, 200, 20)))
    elsewhere = published(filing, paper(picture=(60, 100, 200, 20)), identity(2023))

    with Crops(filing.archive, tmp_path) as crops:
        at = place_of(under_image, "一般公共服务支出", "合计")
        assert (crops.of(at), crops.why(at)) == (None, "picture")
        assert crops.of(place_of(elsewhere, "一般公共服务支出", "合计")) is not None
        whole = under_image.where(1, 0)
        assert (crops.of(whole), crops.why(whole)) == (None, "place")


def test_a_withheld_original_gives_no_picture_any_more(filing: Filing, tmp_path: Path) -> None:
    version = published(filing, paper())
    at = place_of(version, "财政事务", "合计")
    with Crops(filing.archive, tmp_path) as crops:
        assert crops.of(at) is not None
        filing.archive.originals.seal(at.original, "asked to")
        assert (crops.of(at), crops.why(at)) == (None, "withheld")


def test_withholding_takes_its_pictures_out_of_the_cache(filing: Filing, tmp_path: Path) -> None:
    at = place_of(published(filing, paper()), "财政事务", "合计")
    with Crops(filing.archive, tmp_path) as crops:
        assert crops.of(at) is not None
    assert list((filing.archive.root / "cache" / "crops").rglob("*.png"))

    withhold(filing.archive, at.original, "asked to", "", tmp_path)

    assert not list((filing.archive.root / "cache" / "crops").rglob("*.png"))


def test_a_machine_too_busy_to_draw_says_nothing_of_the_document(
    filing: Filing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = place_of(published(filing, paper()), "财政事务", "合计")
    with monkeypatch.context() as patched, Crops(filing.archive, tmp_path) as crops:
        patched.setattr(process, "_WALL", 0.0)
        assert (crops.of(at), crops.why(at)) == (None, "busy")
    with Crops(filing.archive, tmp_path) as crops:
        assert crops.of(at) is not None, "and it is tried again"


def test_a_font_that_is_not_here_leaves_no_ink_and_no_picture() -> None:
    area = drawing._Place(Box(0, 0, 100, 20), 2)
    row = glyphs((5, 5, "财政事务"))
    blank = Image.new("RGB", (200, 40), "white")
    inked = blank.copy()
    for glyph in row:
        x0, y0, x1, y1 = (round(edge) for edge in area.dots(*glyph[:4]))
        inked.paste("black", (x0 + 2, y0 + 2, x1 - 2, y1 - 2))

    drawing._inked(inked, row, area)
    with pytest.raises(drawing._NoPicture, match="font"):
        drawing._inked(blank, row, area)


def test_bytes_that_were_tampered_with_are_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(paper())
    shot = Shot("k", 1, ((Box(280, 680, 370, 700), "1,511.89"),))
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    artist = Artist()

    try:
        (good,) = artist.draw(Order(str(path), right, (), frozenset(), (shot,)))
        (bad,) = artist.draw(Order(str(path), "0" * 64, (), frozenset(), (shot,)))
        path.write_bytes(b"%PDF-1.7\n" + b"\x00" * 2_000)
        changed = hashlib.sha256(path.read_bytes()).hexdigest()
        (broken,) = artist.draw(Order(str(path), changed, (), frozenset(), (shot,)))
    finally:
        artist.close()

    assert good.png.startswith(b"\x89PNG")
    assert (bad.why, broken.why) == ("original", "page")


def test_a_figure_that_does_not_stand_in_its_cell_is_not_framed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(paper())
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    shots = tuple(
        Shot(text, 1, ((Box(280, 680, 370, 700), text),)) for text in ("1,511.89", "1,511.98")
    )
    artist = Artist()

    try:
        found = artist.draw(Order(str(path), right, (), frozenset(), shots))
    finally:
        artist.close()

    # the same digits in another order: the check compares what stands there, in order
    assert [(one.key, one.why) for one in found] == [("1,511.89", ""), ("1,511.98", "place")]


def glyphs(*texts: tuple[float, float, str]) -> list[Glyph]:
    """Texts at places (left, bottom), ten points a character."""
    return [
        Glyph(x + 10 * n, y, x + 10 * n + 10, y + 10, char)
        for x, y, text in texts
        for n, char in enumerate(text)
    ]


def hidden(found: list[Glyph]) -> str:
    return "".join(glyph.text for glyph in sorted(found, key=lambda g: (-g.y0, g.x0)))


def test_what_the_document_masked_for_a_reason_far_away_is_painted_over() -> None:
    row = glyphs((0, 100, "1"), (40, 100, "张三"), (100, 100, "万里街道"), (200, 100, "1,200.00"))
    known = Known(["姓名", "〔姓名已隐去〕", "万里街道", "1,200.00", "张三丰故居修缮"])

    assert hidden(veiled(row, known, strict=True)) == "张三"


def test_a_name_or_number_that_nobody_read_is_painted_over_too() -> None:
    row = glyphs((0, 100, "王小明"), (60, 100, "83380017"), (200, 100, "项目"), (260, 100, "2024"))

    assert hidden(veiled(row, Known(["合计"]), strict=False)) == "王小明83380017"


def test_figures_and_words_of_the_document_are_never_painted_over() -> None:
    row = glyphs(
        (0, 100, "20106"), (80, 100, "一般公共服"), (80, 88, "务支出"), (200, 100, "12,345,678.90")
    )
    known = Known(["一般公共服务支出", "〔电话已隐去〕"])

    assert veiled(row, known, strict=True) == []


def test_characters_whose_font_says_nothing_are_painted_over() -> None:
    found = veiled([Glyph(0, 0, 10, 10, "")], Known([]), strict=False)

    assert len(found) == 1
