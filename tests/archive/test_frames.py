"""Frames drawn around tables without rulings inside, over one page and several."""

from __future__ import annotations

import pytest

from archive.model import Certainty
from archive.text.page import Page
from archive.text.reader import see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import CODE_HEAD, WIDTHS, only, row, texts

ROWS: list[list[str | None]] = [
    ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
    ["205", "教育支出", "7.50", "7.50", ""],
    ["208", "社会保障和就业支出", "4.00", "4.00", ""],
    ["210", "卫生健康支出", "1.25", "", "1.25"],
]


def framed(page: Page) -> Page:
    """The page with nothing left of its rulings but the outermost."""
    xs = [x for x0, _, x1, _ in page.segments for x in (x0, x1)]
    ys = [y for _, y0, _, y1 in page.segments for y in (y0, y1)]
    page.segments = [
        (x0, y0, x1, y1)
        for x0, y0, x1, y1 in page.segments
        if x0 == x1 in (min(xs), max(xs)) or y0 == y1 in (min(ys), max(ys))
    ]
    return page


def sheet(number: int, rows: list[list[str | None]]) -> Sheet:
    drawn = Sheet(number).centred("2024年度支出决算表").text("单位：万元", 450)
    return drawn.table([*CODE_HEAD, *rows], WIDTHS)


def test_a_frame_around_a_table_without_rulings_is_no_cell() -> None:
    statement = only(see([framed(sheet(1, ROWS).page)]))
    assert [item.name for item in statement.items] == [name for _, name, *_ in ROWS]
    found = row(statement, "教育支出")
    assert texts(found) == {"合计": "7.50", "基本支出": "7.50", "项目支出": ""}
    assert found.amounts["合计"].certainty is Certainty.ALIGNED


def test_a_framed_table_goes_on_below_its_title_printed_again() -> None:
    more: list[list[str | None]] = [
        ["211", "节能环保支出", "2.00", "2.00", ""],
        ["212", "城乡社区支出", "6.00", "", "6.00"],
        ["221", "住房保障支出", "9.00", "9.00", ""],
    ]
    seen = see([framed(sheet(1, ROWS).page), framed(sheet(2, more).page)])
    statement = only(seen)
    assert [(item.name, item.page) for item in statement.items] == [
        *((name, 1) for _, name, *_ in ROWS),
        *((name, 2) for _, name, *_ in more),
    ]
    assert seen.tables == []


def test_the_same_first_row_below_the_title_again_is_another_table() -> None:
    seen = see([framed(sheet(number, ROWS).page) for number in (1, 2)])
    assert [len(statement.items) for statement in seen.statements] == [4, 4]


def test_text_in_a_frame_is_prose() -> None:
    page = Sheet().table([["机关运行经费说明\n本部门为事业单位\n没有机关运行经费"]], [300]).page
    seen = see([page])
    assert seen.tables == []
    assert "没有机关运行经费" in "".join(paragraph.text for paragraph in seen.prose)


@pytest.mark.parametrize(("head", "key"), [("项目类别", "category"), ("资金归口", "资金归口")])
def test_words_before_the_names_are_said_of_each_row_whatever_their_head(
    head: str, key: str
) -> None:
    rows: list[list[str | None]] = [
        [head, "项目名称", "合计"],
        ["", "合计", "5.00"],
        ["本级支出项目", "科普活动", "5.00"],
    ]
    drawn = Sheet().centred("项目支出表").text("单位：万元", 450).table(rows, [100, 200, 80])
    items = only(see([drawn.page])).items
    assert [(item.name, item.attributes) for item in items] == [
        ("合计", {}),
        ("科普活动", {key: "本级支出项目"}),
    ]


def test_one_line_of_many_figures_below_a_title_is_a_table_and_is_said() -> None:
    page = Sheet().centred("收入总表").text("甲 乙 丙").text("11.00  12.00  13.00  14.00").page
    seen = see([page])
    assert [table.title for table in seen.tables] == ["收入总表"]


def test_names_are_never_torn_from_the_code_and_figure_of_their_row() -> None:
    first = Sheet().centred("支出决算表").text("单位：万元", 450)
    first.text("科目编码", 60, y=660).text("科目名称", 130, y=660).text("合计", 225, y=660)
    for y, code, name in ((630, "2080501", "行政单位离退"), (606, "2080505", "养老保险缴费")):
        first.text(code, 60, y=y).text(name, 130, y=y).text("10.96", 220, y=y)
    second = Sheet(2).text("2080502", 60, y=615).text("10.96", 220, y=615)
    for line, words in enumerate(("有色金属", "中南公司", "离休干部", "津补贴")):
        second.text(words, 130, y=633 - 12 * line)
    second.text("2080503", 60, y=558).text("1.76", 225, y=558)
    for line, words in enumerate(("离退休干", "部工作经", "费")):
        second.text(words, 130, y=570 - 12 * line)
    seen = see([first.page, second.page])
    assert seen.statements == []
    assert [table.reason for table in seen.tables] == ["its rows cannot be told apart"] * 2


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.18])
def test_a_wide_table_shrunk_to_fit_its_page_reads_as_it_does_at_full_size(scale: float) -> None:
    head: list[list[str | None]] = [
        ["部门：某局", "", "", "", "", "", "单位：万元"],
        ["项目", None, "总计", "本年收入", None, "上年结转结余", None],
        ["科目编码", "科目名称", "^", "小计", "事业收入", "小计", "单位资金"],
    ]
    rows: list[list[str | None]] = [["201", "一般公共服务支出", "6.00", "3.00", "1.00", "2.00", ""]]
    drawn = Sheet().centred("收入总表")
    page = drawn.table(head + rows, [60, 100, 60, 60, 60, 60, 60]).page
    page.chars = [(*(scale * at for at in char[:4]), char[4]) for char in page.chars]
    page.segments = [(a * scale, b * scale, c * scale, d * scale) for a, b, c, d in page.segments]
    assert texts(only(see([page])).items[0]) == {
        "合计": "6.00",
        "本年收入": "3.00",
        "事业收入": "1.00",
        "上年结转结余": "2.00",
        "上年结转结余-单位资金": "",
    }
