"""Documents of other formats that are damaged, hostile or not read: a named outcome each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.text import Unreadable, read, read_apart
from archive.text.formats.packed import opened
from tests.archive import twins
from tests.portal import documents

NAME = "rencai-2024-budget"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    """An Office file with one part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped(members | {name: part})


def outcome(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.code


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "unread-format"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "unread-format"),
        (b"Founder CEB 3.0" + b"x" * 99, "unread-format"),
        (zipped({"OFD.xml": b"<ofd/>"}), "unread-format"),
        (b"GIF89a" + b"x" * 99, "unread-format"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "damaged"),
        (bytes(range(256)) * 8, "unread-format"),
        (b"<html><body>403 Forbidden</body></html>", "no-statement"),
        ("本站维护中，请稍后再试。".encode(), "no-statement"),
        (b"PK\x03\x04" + b"x" * 400, "damaged"),
        (zipped({}), "nothing-read"),
        (zipped({"a.rar": b"Rar!\x1a\x07\x01\x00"}), "nothing-read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_read_says_why(data: bytes, code: str) -> None:
    assert outcome(data) == code


@pytest.mark.parametrize(
    "sizes", [[90 << 20], [20 << 20], [0] * 2_001], ids=["huge", "large", "many"]
)
def test_an_archive_of_too_much_is_not_read(sizes: list[int]) -> None:
    assert outcome(zipped({str(n): bytes(size) for n, size in enumerate(sizes)})) == "too-large"


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml"])
def test_entities_in_a_word_document_are_refused(part: str) -> None:
    assert outcome(with_part(twins.docx(NAME), part, ENTITIES)) == "hostile"


def test_entities_in_a_workbook_are_refused() -> None:
    data = with_part(twins.xlsx(NAME), "xl/sharedStrings.xml", ENTITIES)
    assert outcome(data) == "hostile"
    wide = ENTITIES.decode().encode("utf-16")
    assert outcome(with_part(twins.xlsx(NAME), "xl/sharedStrings.xml", wide)) == "hostile"


@pytest.mark.parametrize("made", [twins.docx, twins.xlsx], ids=lambda made: made.__name__)
def test_a_file_cut_short_is_damaged(made: Callable[[str], bytes]) -> None:
    data = made(NAME)
    assert outcome(data[: len(data) // 2]) == "damaged"


def test_an_old_workbook_that_lost_its_directory_is_no_workbook_any_more() -> None:
    data = twins.xls(NAME)
    assert outcome(data[: len(data) // 2]) == "unread-format"  # its directory stands at the end


def test_an_old_workbook_of_nonsense_is_damaged() -> None:
    data = twins.xls(NAME)
    assert outcome(data[:512] + bytes(2_000) + data[2_512:]) == "damaged"


def test_a_member_that_unpacks_to_more_than_it_says_is_refused() -> None:
    data = bytearray(zipped({"a.txt": b"1" * 5_000}))
    size = (5_000).to_bytes(4, "little")
    while size in data:
        at = data.index(size)
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert outcome(bytes(data)) in ("nothing-read", "damaged")


def test_an_archive_in_an_archive_is_opened_once() -> None:
    inner = zipped({"预算.docx": twins.docx(NAME)})
    document = read(zipped({"内.zip": inner}))
    assert len(document.statements) == len(read(twins.docx(NAME)).statements)

    third = zipped({"外.zip": zipped({"内.zip": inner})})
    assert outcome(third) == "nothing-read"


def test_every_member_of_an_archive_gets_an_outcome() -> None:
    members = {
        "部门预算.docx": twins.docx(NAME),
        "附件/扫描.png": b"\x89PNG\r\n\x1a\n",
        "附件/预算.pdf": documents.pdf(NAME),
    }
    document = read(zipped(members))
    said = [r for r in document.remarks if r.code.startswith("member-")]

    assert [r.code for r in said] == ["member-unread", "member-read", "member-read"]
    assert "附件/扫描.png" in said[0].message
    assert "pages 1 to 1" in said[1].message
    assert "pages 2 to" in said[2].message
    first = len(read(members["部门预算.docx"]).statements)
    assert document.statements[first].pages[0] > 1
    place = next(iter(document.statements[first].items[0].amounts.values())).at
    assert place is not None
    assert place.page == document.statements[first].pages[0]


def test_member_names_in_gbk_are_read() -> None:
    data = zipped({"abcd.docx": twins.docx(NAME)}).replace(b"abcd", "预算".encode("gbk"))
    with opened(data) as archive:
        assert archive.namelist() == ["预算.docx"]
    assert any("预算.docx" in r.message for r in read(data).remarks)


def test_files_of_several_documents_are_not_run_together() -> None:
    members = {"a.docx": twins.docx(NAME), "b.docx": twins.docx("rencai-2024-final")}
    assert outcome(zipped(members)) == "several-documents"


def test_a_workbook_with_a_stray_cell_in_its_last_row_is_refused_in_time() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, "收支总表")
    sheet.cell(1_048_576, 16_000, "x")
    out = io.BytesIO()
    book.save(out)
    assert outcome(out.getvalue()) == "too-large"


def test_a_page_that_spans_without_end_is_refused() -> None:
    cell = "<td colspan=500 rowspan=500>1</td>"
    assert outcome(f"<html><table>{f'<tr>{cell}</tr>' * 3}</table>".encode()) == "too-large"


def test_a_format_is_read_apart_under_its_own_limits(tmp_path: Path) -> None:
    path = tmp_path / "original"
    path.write_bytes(twins.xlsx(NAME))
    assert read_apart(path) == read(path.read_bytes())
    path.write_bytes(b"Rar!\x1a\x07\x00")
    with pytest.raises(Unreadable) as caught:
        read_apart(path)
    assert caught.value.code == "unread-format"
