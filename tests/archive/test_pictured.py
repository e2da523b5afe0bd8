"""Pictures in Word files and archives, and pictures that are files: read, or said to be unread."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from docx import Document as Word
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from pikepdf import Dictionary, Name

from archive.forms import plain
from archive.model import Certainty, Document, Statement
from archive.readings import is_current
from archive.text import EXTRACTOR, Unreadable, apart, read, read_apart
from archive.text.formats import extractors, limits_of, reader_of
from archive.text.limits import OPTICAL, TEXT
from archive.text.optical import identity
from tests.archive import twins
from tests.archive.rasters import Picture, Scanner, scanned
from tests.archive.test_leaning import rendered
from tests.archive.test_optical import FINAL, only, pasted
from tests.portal import documents

PAGE = 15
"""财政拨款“三公”经费支出决算表, the smallest statement."""
SURE = {Certainty.RECOGNISED, Certainty.CONFIRMED}


@pytest.fixture(scope="module")
def shown() -> Picture:
    """The page as a picture, at 150 dpi."""
    return rendered(only(documents.pdf(FINAL), (PAGE,)))


@pytest.fixture(scope="module")
def printed() -> Statement:
    return read(only(documents.pdf(FINAL), (PAGE,))).statements[0]


def png(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


def word(*pictures: tuple[Picture, float]) -> bytes:
    """A Word document that says whose it is and shows pictures, each so many points wide."""
    book = Word()
    book.add_paragraph("青麓区人才服务中心2024年度单位决算")
    for picture, width in pictures:
        book.add_picture(io.BytesIO(png(picture)), width=Pt(width))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def figures(statement: Statement) -> list[tuple[object, ...]]:
    """What a statement says; whether a bracket is wide or narrow does not show in a picture."""
    return [
        (plain(item.name), measure, amount.value, amount.mark)
        for item in statement.items
        for measure, amount in item.amounts.items()
    ]


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


def test_a_table_pasted_into_a_word_file_as_a_picture_is_read(
    shown: Picture, printed: Statement
) -> None:
    top, bottom = shown.shape[0] // 20, shown.shape[0] // 2
    document = read(word((shown[top:bottom], 450.0)), optically=True)
    (statement,) = document.statements

    assert statement.form == "final.sangong"
    assert figures(statement) == figures(printed)
    amounts = [amount for item in statement.items for amount in item.amounts.values()]
    assert {amount.certainty for amount in amounts if amount.value is not None} <= SURE
    assert all(amount.at and amount.at.box is None for amount in amounts)
    assert "page-recognised" in codes(document)
    assert document.extractor == f"docx/4 {identity()}"


def test_pictures_that_are_not_read_are_said_and_logos_are_not() -> None:
    picture = np.full((200, 300), 255, np.uint8)

    assert codes(read(word((picture, 300.0)))) == ["image-on-page"]
    assert codes(read(word((picture, 60.0)))) == []
    blank = read(word((picture, 300.0)), optically=True)
    assert codes(blank) == ["image-on-page"]
    assert "1 幅图片" in blank.remarks[0].message
    assert blank.extractor == "docx/4"


def test_a_picture_in_a_cell_of_a_table_is_found() -> None:
    book = Word()
    cell = book.add_table(1, 2).cell(0, 0)
    picture = io.BytesIO(png(np.full((200, 300), 255, np.uint8)))
    cell.paragraphs[0].add_run().add_picture(picture, width=Pt(300))
    out = io.BytesIO()
    book.save(out)

    assert codes(read(out.getvalue())) == ["image-on-page"]


def test_a_picture_on_a_sheet_of_a_workbook_is_said_to_be_unread() -> None:
    book = Workbook()
    book.create_sheet("扫描").add_image(Image(io.BytesIO(png(np.full((20, 20), 255, np.uint8)))))
    out = io.BytesIO()
    book.save(out)

    assert [(r.code, r.page) for r in read(out.getvalue()).remarks] == [("image-on-page", 2)]


def test_scans_and_pictures_in_an_archive_are_read(shown: Picture, printed: Statement) -> None:
    archive = packed(
        {
            "三公.png": png(shown),
            "扫描.pdf": scanned(documents.pdf(FINAL), Scanner(150), (PAGE,)),
        }
    )
    unread, document = read(archive), read(archive, optically=True)

    assert [(r.code, r.page) for r in unread.remarks if r.code == "page-image"] == [
        ("page-image", 1),
        ("page-image", 2),
    ]
    assert unread.statements == ()
    assert [s.pages for s in document.statements] == [(1,), (2,)]
    assert [figures(s) for s in document.statements] == [figures(printed)] * 2
    assert document.extractor == f"zip/4+picture/3+pdf-text/5 {identity()}"


def test_a_better_reader_of_a_member_makes_an_archive_be_read_again() -> None:
    archive = read(packed({"a.docx": twins.docx(FINAL)}))
    better = EXTRACTOR.replace("docx/4", "docx/5")

    assert archive.extractor == "zip/4+docx/4"
    assert is_current(archive.extractor, EXTRACTOR)
    assert not is_current(archive.extractor, better)
    assert reader_of("application/zip") in extractors()


def test_a_picture_as_a_file_is_known_by_its_content_and_said_to_be_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "installed", lambda: False)
    path = tmp_path / "三公.pdf"
    path.write_bytes(png(np.full((200, 300), 255, np.uint8)))
    document = read_apart(path)

    assert document.media_type == "image/png"
    assert codes(document) == ["page-image"]


@pytest.mark.full
def test_a_picture_as_a_file_is_read_in_a_process_of_its_own(
    shown: Picture, printed: Statement, tmp_path: Path
) -> None:
    path = tmp_path / "三公.jpg"
    path.write_bytes(bytes(cv2.imencode(".jpg", shown)[1]))

    assert [figures(s) for s in read_apart(path).statements] == [figures(printed)]


def test_pictures_get_the_optical_reader_s_memory_and_the_time_of_thirty() -> None:
    data = png(np.full((20, 20), 255, np.uint8))
    own = limits_of(data, OPTICAL, optically=True)

    assert own.memory == OPTICAL.memory
    assert own.seconds == OPTICAL.seconds + 10 + 30 * OPTICAL.seconds_per_page
    assert limits_of(data, TEXT).seconds == 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(np.full((20, 20), 255, np.uint8))[:60], "damaged"),
        (png(np.full((7000, 7000), 255, np.uint8)), "too-large"),
    ],
)
def test_a_damaged_or_enormous_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, optically=True)
    assert caught.value.code == code


def test_a_hidden_layer_beside_printed_text_is_put_aside_for_what_its_picture_shows() -> None:
    """Another reader's figures lie invisibly over the picture; the title above it is printed."""
    data = pasted(documents.pdf("kechuang-2024-budget"), page=7, above=0.123)
    layered = overlaid(data, "9,999.99 " * 8)
    hidden, optical = read(layered), read(layered, optically=True)

    assert {"text-layered", "text-hidden"} <= set(codes(hidden))
    assert "text-layered" not in codes(optical)
    printed = read(only(documents.pdf("kechuang-2024-budget"), (7,))).statements[0]
    assert figures(optical.statements[0]) == figures(printed)
    assert not any("9,999.99" in p.text for p in optical.prose)


def overlaid(data: bytes, text: str) -> bytes:
    """The only page with a text drawn invisibly, many times, over its lower part."""
    with pikepdf.open(io.BytesIO(data)) as book:
        page = book.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        fonts = page.obj.Resources.get("/Font", Dictionary())
        fonts["/Layer"] = font
        page.obj.Resources.Font = fonts
        lines = "".join(f"1 0 0 1 90 {y} Tm ({text}) Tj " for y in range(100, 600, 12))
        page.contents_add(f"q BT 3 Tr /Layer 9 Tf {lines} ET Q".encode())
        written = io.BytesIO()
        book.save(written)
    return written.getvalue()
