"""A figure that the edge of a page or a clip may have cut is no figure.

The pages are written as a browser writes one that is wider than its paper: a clip around what is
shown, and nothing of the characters that lie beyond it.
"""

from __future__ import annotations

import pytest

from archive.model import Certainty, Document, Facts, Mark, Unit
from archive.text import read
from archive.text.edges import CUT_OFF, RUNS_OVER
from archive.text.grid import grids
from archive.text.reader import statements_in
from archive.text.tables import Table
from tests.archive.drawing import Sheet
from tests.archive.pdfs import TITLE, UNIT, Row, pdf, text

HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS = (
    ("201", "一般公共服务支出", "1511.89", "1503.52", "8.37"),
    ("20106", "财政事务", "382034050.26", "109.00", "382033941.26"),
    ("2010601", "行政运行", "12.00", "12.00", ""),
)
PRINTED = {row[1]: dict(zip(HEAD, row, strict=True)) for row in ROWS}
COLUMNS = (60, 130, 280, 360, 440, 520)
"""Where the columns begin, and the last one ends."""
TOP, HIGH, ADVANCE = 300, 20, 5.0
"""The digits of these pages are half as wide as they are high."""


def clip(left: float, right: float, low: float = 0, high: float = 400) -> bytes:
    return f"{left} {low} {right - left} {high - low} re W n\n".encode()


def shown(words: str, x: float, y: float, between: tuple[float, float]) -> bytes:
    """What a browser writes of a line: the characters of which some part is between two edges."""
    low, high = between
    kept, start = "", x
    for char in words:
        wide = ADVANCE if ord(char) < 0x2E80 else 2 * ADVANCE
        if low < x + wide and x < high:
            start = start if kept else x
            kept += char
        x += wide
    return text(kept, start, y) if kept else b""


def placed(cell: str, column: int, *, head: bool, columns: tuple[float, ...], pad: float) -> float:
    """Where a cell's text begins: figures stand to the right, and run over to the right."""
    left, right = columns[column] + pad, columns[column + 1] - pad
    return left if head or column < 2 else max(left, right - ADVANCE * len(cell))


def wide(left: float, right: float, *, ruled: bool = True, rows: tuple[Row, ...] = ROWS) -> bytes:
    """A table on a page that shows what is between two edges."""
    return pdf(content(left, right, ruled=ruled, rows=rows))


def content(left: float, right: float, *, ruled: bool, rows: tuple[Row, ...] = ROWS) -> bytes:
    out = bytearray(b"q\n" + clip(left, right))
    out += text(TITLE, 240, TOP + 40) + text(UNIT, 380, TOP + 10)
    for number, row in enumerate((HEAD, *rows)):
        low = TOP - HIGH * (number + 1)
        for column, cell in enumerate(row):
            x = placed(cell or "", column, head=not number, columns=COLUMNS, pad=2)
            out += shown(cell or "", x, low + 6, (left, right))
            if ruled and COLUMNS[column] < right and COLUMNS[column + 1] > left:
                across = COLUMNS[column + 1] - COLUMNS[column]
                out += f"{COLUMNS[column]} {low} {across} {HIGH} re S\n".encode()
    return bytes(out + b"Q\n")


def narrow(width: float, pad: float, rows: tuple[Row, ...] = ROWS) -> bytes:
    """A table whose last column is so narrow; what does not fit into a cell is hidden."""
    columns = (*COLUMNS[:-1], COLUMNS[-2] + width)
    out = bytearray(text(TITLE, 240, TOP + 40) + text(UNIT, 380, TOP + 10))
    for number, row in enumerate((HEAD, *rows)):
        low = TOP - HIGH * (number + 1)
        for column, cell in enumerate(row):
            left, right = columns[column], columns[column + 1]
            out += f"{left} {low} {right - left} {HIGH} re S q\n".encode()
            out += clip(left, right, low, low + HIGH)
            x = placed(cell or "", column, head=not number, columns=columns, pad=pad)
            out += shown(cell or "", x, low + 6, (left, right)) + b"Q\n"
    return pdf(bytes(out))


def taken(document: Document) -> dict[tuple[str, str], str | None]:
    """Every figure that is taken for one, and None where something is printed that is not."""
    found: dict[tuple[str, str], str | None] = {}
    for statement in document.statements:
        for item in statement.items:
            for measure, amount in item.amounts.items():
                unread = amount.mark is Mark.UNREADABLE
                assert unread == (amount.certainty is Certainty.UNREADABLE)
                assert not unread or amount.value is None
                found[item.name, measure] = None if unread else amount.text
    return found


def reasons(document: Document) -> str:
    return " ".join([*(r.message for r in document.remarks), *(t.reason for t in document.tables)])


def test_a_page_that_shows_its_table_whole_is_read_whole() -> None:
    for data in (wide(0, 600), wide(60, 520), narrow(80, 2), narrow(64, 2)):
        document = read(data)
        assert taken(document) == {(n, m): PRINTED[n][m] for n in PRINTED for m in HEAD[2:]}
        assert document.remarks == ()


@pytest.mark.parametrize("edge", range(446, 516, 5))
def test_a_table_that_runs_over_the_right_edge_of_its_page_is_not_read(edge: int) -> None:
    document = read(wide(20, edge))
    assert document.statements == ()
    assert [(table.title, table.reason) for table in document.tables] == [(TITLE, RUNS_OVER)]


@pytest.mark.parametrize("edge", range(66, 128, 6))
def test_nor_is_one_that_runs_over_the_left_edge(edge: int) -> None:
    document = read(wide(edge, 580))
    assert document.statements == ()
    assert [(table.title, table.reason) for table in document.tables] == [(TITLE, RUNS_OVER)]


@pytest.mark.parametrize("edge", range(456, 522))
def test_no_edge_makes_another_number_of_one_without_rulings(edge: int) -> None:
    for (name, measure), text_ in taken(read(wide(20, edge, ruled=False))).items():
        assert text_ == PRINTED[name][measure]


@pytest.mark.parametrize("tenths", range(440, 640, 9))
def test_no_hidden_rest_of_a_figure_makes_another_number_of_it(tenths: int) -> None:
    for pad in (0, 1.5, 4):
        document = read(narrow(tenths / 10, pad))
        found = taken(document)
        assert found["财政事务", "合计"] == "382034050.26"
        assert found["一般公共服务支出", "项目支出"] == "8.37"
        assert found["财政事务", "项目支出"] in (None, "382033941.26")


def test_a_figure_that_is_cut_is_said_to_be() -> None:
    said = reasons(read(narrow(47, 2)))
    assert f"“382033941”: {CUT_OFF}" in said


@pytest.mark.parametrize("edge", [456, 470, 487, 503])
def test_a_page_that_is_cropped_shows_no_other_numbers(edge: int) -> None:
    box = f"/MediaBox[0 0 600 400]/CropBox[0 0 {edge} 400]".encode()
    whole, open_ = (content(0, 600, ruled=ruled) for ruled in (True, False))
    document = read(pdf(whole, page=box))
    assert document.statements == ()
    assert [table.reason for table in document.tables] == [RUNS_OVER]
    for (name, measure), shown_ in taken(read(pdf(open_, page=box))).items():
        assert shown_ == PRINTED[name][measure]


TURNS = {90: "0 1 -1 0 400 0", 180: "-1 0 0 -1 600 400", 270: "0 -1 1 0 0 600"}


@pytest.mark.parametrize("by", TURNS)
@pytest.mark.parametrize("edge", [470, 487, 503])
def test_a_page_on_its_side_is_cut_as_an_upright_one(edge: int, by: int) -> None:
    box = b"/MediaBox[0 0 600 400]" if by == 180 else b"/MediaBox[0 0 400 600]"
    for ruled in (True, False):
        upright = content(20, edge, ruled=ruled)
        laid = read(pdf(f"{TURNS[by]} cm\n".encode() + upright, page=box))
        straight = read(pdf(upright))
        assert laid.statements == straight.statements == ()
        assert [t.reason for t in laid.tables] == [t.reason for t in straight.tables]


@pytest.mark.parametrize("by", ["1 0 0 1 0 0", *TURNS.values()])
def test_a_number_that_a_clip_hides_a_part_of_is_cut_whichever_way_it_runs(by: str) -> None:
    line = b"q\n" + clip(60, 160) + text("12,345.67", 40, 100) + b"Q\n" + text("89.10", 40, 60)
    box = b"/MediaBox[0 0 600 600]"
    found = read(pdf(f"{by} cm\n".encode() + line, page=box))
    assert sorted(p.text for p in found.prose) == ["89.10", "…45.67"]


def test_full_width_digits_leave_more_room_before_the_edge() -> None:
    rows = (("201", "公共服务", "12.00", "9.00", "１２３４"), *ROWS[:1])
    for edge, read_whole in ((482, False), (486, False), (489, True)):
        columns = (*COLUMNS[:-1], edge)
        out = bytearray(text(TITLE, 240, TOP + 40) + text(UNIT, 380, TOP + 10))
        for number, row in enumerate((HEAD, *rows)):
            low = TOP - HIGH * (number + 1)
            for column, cell in enumerate(row):
                left, right = columns[column], columns[column + 1]
                out += f"{left} {low} {right - left} {HIGH} re S q\n".encode()
                out += (
                    clip(left, right, low, low + HIGH)
                    + text(cell or "", left + 4, low + 6)
                    + b"Q\n"
                )
        found = taken(read(pdf(bytes(out))))
        assert (found["公共服务", "项目支出"] == "１２３４") is read_whole


def test_lines_of_prose_end_at_the_edge_of_their_clip_as_they_are() -> None:
    line = "2024年度本年支出合计为2940.05万元，其中基本支出2024"
    drawn = sum(ADVANCE if ord(char) < 0x2E80 else 2 * ADVANCE for char in line)
    page = b"q\n" + clip(60, 60 + drawn) + text(line, 60, 300) + text("年度预算", 60, 284) + b"Q\n"
    assert [p.text for p in read(pdf(page)).prose] == [line, "年度预算"]


def test_what_is_written_beside_the_paper_is_read_and_not_cut() -> None:
    whole = content(0, 600, ruled=True).split(b"W n\n", 1)[1].replace(b"\nQ\n", b"\n")
    document = read(pdf(whole, page=b"/MediaBox[0 0 480 400]"))
    assert taken(document) == {(n, m): PRINTED[n][m] for n in PRINTED for m in HEAD[2:]}
    assert [remark.code for remark in document.remarks] == ["text-outside"]


def test_one_side_of_a_table_is_not_taken_for_all_of_it() -> None:
    rows: list[list[str | None]] = [
        ["收入", None],
        ["项目", "预算数"],
        ["一、一般公共预算拨款收入", "9.00"],
        ["二、事业收入", "1.00"],
    ]
    sheet = Sheet().centred("2025年收支预算总表").text("单位：万元", 390)
    (grid,), _ = grids(sheet.table(rows, [200, 80]).page)
    for aligned in (False, True):
        grid.aligned = aligned
        table = Table(grid)
        table.title, table.unit = "2025年收支预算总表", Unit.WAN
        statements, kept = statements_in([table], Facts(), [])
        assert len(statements) == (not aligned)
        assert [raw.reason for raw in kept] == [ONE_SIDE][: int(aligned)]


ONE_SIDE = "titled like 收支总表, but one of its sides is missing"
