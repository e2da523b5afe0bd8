"""Page images are read as if they had been printed, and said to be recognised."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name

from archive.model import Box, Certainty, Document
from archive.readings import recogniser
from archive.text import EXTRACTOR, apart, read, read_apart
from archive.text.limits import OPTICAL, Limits
from archive.text.optical import identity, installed
from archive.text.optical.recogniser import recognise
from archive.text.optical.skew import skew, straightened
from archive.text.reader import EXTRACTOR as PDF
from tests.archive.misreading import amounts
from tests.archive.rasters import Scanner, add, scanned
from tests.portal import documents

FINAL = "rencai-2024-final"
SAMPLE = (1, 8)
"""The cover, which says whose it is, and a page with a statement."""
SCANNERS = {
    "clean-150": Scanner(150),
    "clean-200": Scanner(200),
    "worn-150": Scanner(150, skew=1.0, noise=8.0, jpeg=60),
    "worn-200": Scanner(200, skew=-1.0, noise=8.0, jpeg=60),
}
SURE = {Certainty.RECOGNISED, Certainty.CONFIRMED}


def printed(document: Document) -> list[tuple[object, ...]]:
    """What a reader sees of the statements: names, codes, figures and marks."""
    return [
        (s.form, s.title, s.unit, i.side, i.code, i.name, m, a.value, a.mark)
        for s in document.statements
        for i in s.items
        for m, a in i.amounts.items()
    ]


def edges(box: Box) -> tuple[float, float, float, float]:
    """A box as numbers."""
    return box.x0, box.y0, box.x1, box.y1


def only(data: bytes, pages: tuple[int, ...]) -> bytes:
    """The document cut down to some of its pages."""
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as out:
        for number in pages:
            out.pages.append(source.pages[number - 1])
        written = io.BytesIO()
        out.save(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A worn scan of a cover and a statement."""
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    path.write_bytes(scanned(documents.pdf(FINAL), SCANNERS["worn-150"], SAMPLE))
    return path


@pytest.fixture(scope="module")
def reading(scan: Path) -> Document:
    return read_apart(scan)


def test_a_worn_scan_says_what_the_printed_page_says(reading: Document) -> None:
    text = read(only(documents.pdf(FINAL), SAMPLE))
    assert [s.form for s in reading.statements] == ["final.expenditure"]
    assert printed(reading) == printed(text)
    assert reading.facts == text.facts


# A sheet laid sideways (1) is sampled by test_leaning, which compares the same figures.
@pytest.mark.parametrize("turned", [2, *(pytest.param(n, marks=pytest.mark.full) for n in (1, 3))])
def test_a_sheet_scanned_sideways_or_upside_down_is_turned(turned: int) -> None:
    worn = Scanner(150, skew=1.0, noise=8.0, jpeg=60, turned=turned)
    seen = read(scanned(documents.pdf(FINAL), worn, SAMPLE[1:]), optically=True)
    text = read(only(documents.pdf(FINAL), SAMPLE[1:]))
    assert printed(seen) == printed(text)
    assert [r.code for r in seen.remarks] == ["page-turned", "page-recognised"]


def test_ink_that_is_no_text_is_said_with_its_page() -> None:
    blot = np.full((1650, 1275), 255, np.uint8)
    cv2.ellipse(blot, (900, 1300), (60, 22), 0, 0, 360, (0,), -1)
    with pikepdf.new() as out:
        add(out, blot, (612, 792))
        written = io.BytesIO()
        out.save(written)
    seen = read(written.getvalue(), optically=True)
    assert [(r.code, r.page) for r in seen.remarks] == [("page-recognised", 1), ("ink-unread", 1)]
    assert "1 处墨迹" in seen.remarks[1].message


def test_every_figure_of_it_is_said_to_be_recognised(reading: Document) -> None:
    assert [(r.code, r.page) for r in reading.remarks] == [
        ("page-recognised", 1),
        ("page-recognised", 2),
    ]
    figures = [a for a in amounts(reading) if a.value is not None]
    assert {a.certainty for a in figures} <= SURE
    assert reading.extractor == f"{PDF} {identity()}"
    assert recogniser(EXTRACTOR) == recogniser(reading.extractor) == identity()


def test_a_figure_is_found_where_it_stands_on_the_page(reading: Document) -> None:
    text = read(only(documents.pdf(FINAL), SAMPLE))
    for seen, meant in zip(amounts(reading), amounts(text), strict=True):
        assert seen.at is not None
        assert meant.at is not None
        assert (seen.at.page, seen.at.row, seen.at.column) == (
            meant.at.page,
            meant.at.row,
            meant.at.column,
        )


def test_without_the_extra_the_page_is_listed_as_unread(
    scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "installed", lambda: False)
    document = read_apart(scan)
    assert document.statements == ()
    assert document.extractor == PDF
    assert [(r.code, r.page) for r in document.remarks] == [("page-image", 1), ("page-image", 2)]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(memory=OPTICAL.memory, seconds=1, seconds_per_page=0, output=1 << 20), "timeout"),
        (Limits(memory=1 << 28, seconds=60, seconds_per_page=0, output=1 << 20), "memory"),
    ],
)
def test_a_picture_too_costly_to_read_leaves_the_text_and_is_said(
    scan: Path, limits: Limits, code: str
) -> None:
    document = read_apart(scan, optical=limits)
    assert [r.code for r in document.remarks] == ["page-image", "page-image", "recognition-failed"]
    assert document.extractor == PDF


def test_a_document_without_pictures_is_read_alike_with_and_without_the_extra(
    tmp_path: Path,
) -> None:
    path = tmp_path / "text.pdf"
    path.write_bytes(only(documents.pdf(FINAL), SAMPLE))
    document = read_apart(path)
    assert document.extractor == PDF
    assert document == read(path.read_bytes())


def test_a_table_that_is_a_picture_under_a_printed_title_is_that_table() -> None:
    """As offices paste them: the title as text, the table below it as an image."""
    printed_page = documents.pdf("kechuang-2024-budget")
    data = pasted(printed_page, page=7, above=0.123)
    document = read(data, optically=True)
    (statement,) = document.statements
    whole = read(only(printed_page, (7,)))
    assert statement.form == "budget.expenditure"
    assert statement.title == whole.statements[0].title
    assert [(i.code, i.name) for i in statement.items] == [
        (i.code, i.name) for i in whole.statements[0].items
    ]
    assert [a.value for a in amounts(document)] == [a.value for a in amounts(whole)]
    assert {a.certainty for a in amounts(document) if a.value is not None} <= SURE


def pasted(data: bytes, page: int, above: float) -> bytes:
    """A page whose lower part is a picture of itself; `above` is the share left as text."""
    picture = scanned(data, Scanner(200), [page])
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.open(io.BytesIO(picture)) as scan:
        out = pikepdf.new()
        out.pages.append(source.pages[page - 1])
        width, height = (float(x) for x in out.pages[0].mediabox[2:])
        image = out.copy_foreign(scan.pages[0].Resources.XObject.Scan)
        low = height * (1 - above)
        sheet = out.pages[0]
        sheet.contents_add(f"q 0 {low} {width} {height - low} re W n".encode(), prepend=True)
        sheet.contents_add(b"Q")
        # the picture itself is cut to the lower part, as a pasted one is
        cut = pikepdf.PdfImage(image).as_pil_image()
        cut = cut.crop((0, round(cut.height * above), cut.width, cut.height))
        part = out.make_stream(
            cut.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=cut.width,
            Height=cut.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        resources = sheet.obj.get("/Resources", Dictionary())
        objects = resources.get("/XObject", Dictionary())
        objects["/Pasted"] = part
        resources["/XObject"] = objects
        sheet.obj.Resources = resources
        sheet.contents_add(f"q {width} 0 0 {low} 0 0 cm /Pasted Do Q".encode())
        written = io.BytesIO()
        out.save(written)
    return written.getvalue()


@pytest.mark.parametrize("degrees", [-1.7, -0.5, 0.0, 0.7, 2.0])
def test_a_leaning_page_is_set_straight(degrees: float) -> None:
    import numpy as np

    picture = np.full((900, 700), 255, np.uint8)
    for y in range(100, 800, 60):
        picture[y : y + 3, 80:620] = 0
    leaning = straightened(picture, -degrees)
    assert skew(np.asarray(255 - leaning, np.uint8)) == pytest.approx(degrees, abs=0.1)


def test_nothing_to_read_is_nothing_read() -> None:
    assert recognise([]) == []


def test_the_extra_is_installed_where_the_tests_run() -> None:
    assert installed()
