"""Tables without ruling lines: over several pages, left blank, or ruled at their head alone."""

from __future__ import annotations

import pytest

from archive.model import Certainty
from archive.text.page import Page
from archive.text.reader import Seen, see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import only, row, texts

Row = list[str | None]

HEAD: list[Row] = [["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"]]
WIDTHS = [60.0, 200.0, 80.0, 80.0, 60.0]
FIRST: list[Row] = [
    ["201", "一般公共服务支出", "3.10", "2.00", "1.10"],
    ["20103", "政府办公厅（室）", "3.10", "2.00", "1.10"],
    ["205", "教育支出", "7.50", "7.50", "0.00"],
]
SECOND: list[Row] = [
    ["208", "社会保障和就业支出及其他有关的支出", "1234567.40", "1234567.40", "0.00"],
    ["210", "卫生健康支出", "1.25", "0.00", "1.25"],
    ["221", "住房保障支出", "12.00", "12.00", "0.00"],
]


def bare(sheet: Sheet, rulings: int = 0) -> Page:
    """The page with nothing left of its rulings but those of its first rows."""
    ys = sorted({y for _, y, _, _ in sheet.page.segments}, reverse=True)[: rulings + 1]
    kept = sheet.page.segments if rulings else []
    sheet.page.segments = [s for s in kept if min(s[1], s[3]) >= ys[-1]]
    return sheet.page


def income(number: int, rows: list[Row], *above: str, title: bool = True) -> Sheet:
    sheet = Sheet(number)
    for text in above:
        sheet.text(text)
    if title:
        sheet.centred("2024年度收入决算表").text("单位：万元", 500)
    return sheet.table([*HEAD, *rows], WIDTHS)


def test_a_table_whose_number_title_and_head_are_printed_again_is_one() -> None:
    pages = [bare(income(n, rows, "公开02表")) for n, rows in ((1, FIRST), (2, SECOND))]
    statement = only(see(pages))
    assert statement.pages == (1, 2)
    assert [item.code for item in statement.items] == ["201", "20103", "205", "208", "210", "221"]
    assert texts(statement.items[3]) == {
        "合计": "1234567.40",
        "财政拨款收入": "1234567.40",
        "其他收入": "0.00",
    }


def refused(seen: Seen) -> list[tuple[str, tuple[int, ...], str]]:
    assert seen.statements == []
    return [(table.title, table.pages, table.reason) for table in seen.tables]


@pytest.mark.parametrize("title", [True, False])
def test_what_goes_on_from_a_refused_table_is_refused_with_it(title: bool) -> None:
    first = Sheet(1).centred("2024年度收入决算表").text("单位：万元", 500)
    first.table([["科目编码", "科目名称", "某栏", "财政拨款收入", "其他收入"], *FIRST], WIDTHS)
    pages = [bare(first), bare(income(2, SECOND, title=title))]
    assert refused(see(pages)) == [
        ("2024年度收入决算表", (1,), "its head does not spell the form's columns"),
        ("2024年度收入决算表", (2,), "it goes on from a table that is not read"),
    ]


def test_a_table_left_blank_is_a_statement_without_figures() -> None:
    rows: list[Row] = [["", "合计", "", "", ""]]
    statement = only(see([bare(income(1, rows))]))
    assert [(item.name, set(texts(item).values())) for item in statement.items] == [("合计", {""})]


def test_heads_alone_are_a_statement_without_rows() -> None:
    statement = only(see([bare(income(1, []))]))
    assert [column.measure for column in statement.columns] == ["合计", "财政拨款收入", "其他收入"]
    assert statement.items == ()


def test_a_blank_table_whose_head_is_not_read_is_listed_with_the_reason() -> None:
    sheet = Sheet().centred("2024年度收入决算表").text("单位：万元", 500)
    head: list[Row] = [["科目编码", "科目名称", "财政拨款收入", "某栏", "其他收入"]]
    assert refused(see([bare(sheet.table(head, WIDTHS))])) == [
        (
            "2024年度收入决算表",
            (1,),
            "no figure stands in it, and its head does not spell the form's columns",
        )
    ]


def test_a_sentence_below_a_title_is_no_blank_table() -> None:
    seen = see([Sheet().centred("收入决算表").text("合计 见本部门 收入情况 说明").page])
    assert (seen.statements, seen.tables) == ([], [])


def test_rows_below_a_head_that_alone_is_ruled_are_read() -> None:
    statement = only(see([bare(income(1, FIRST), rulings=1)]))
    assert texts(row(statement, "教育支出")) == {
        "合计": "7.50",
        "财政拨款收入": "7.50",
        "其他收入": "0.00",
    }
    assert statement.items[0].amounts["合计"].certainty is Certainty.ALIGNED


def test_they_are_read_too_below_a_title_that_ended_the_page_before() -> None:
    cover = Sheet(1).centred("2024年度收入决算表").text("单位：万元", 500)
    seen = see([cover.page, bare(income(2, FIRST, title=False), rulings=1)])
    assert [item.code for item in only(seen).items] == ["201", "20103", "205"]


def test_a_ruled_head_without_rows_stays_a_ruled_table() -> None:
    sheet = income(1, []).text("注：本表无数据。")
    statement = only(see([sheet.page]))
    assert (statement.items, statement.notes) == ((), ("注：本表无数据。",))


@pytest.mark.parametrize("label", ["单位：万元", "（金额单位：万元）"])
@pytest.mark.parametrize("ruled", [True, False])
def test_the_unit_may_stand_on_the_line_of_the_title(label: str, ruled: bool) -> None:
    sheet = Sheet().text(f"2024年度收入决算表   {label}", 200).table([*HEAD, *FIRST], WIDTHS)
    statement = only(see([sheet.page if ruled else bare(sheet)]))
    assert (statement.title, statement.unit) == ("2024年度收入决算表", "万元")
    assert len(statement.items) == 3


def test_a_title_may_take_two_lines() -> None:
    sheet = Sheet().centred("某区某局某中心2024年度收入").centred("决算表").text("单位：万元", 500)
    statement = only(see([bare(sheet.table([*HEAD, *FIRST], WIDTHS))]))
    assert (statement.form, len(statement.items)) == ("final.income", 3)


def test_the_label_of_the_unit_may_be_broken_over_two_lines() -> None:
    sheet = Sheet().centred("2024年度收入决算表").text("部门：某局 单", 450).text("位：万元", 500)
    assert only(see([sheet.table([*HEAD, *FIRST], WIDTHS).page])).unit == "万元"


def test_a_table_of_one_row_that_is_not_sure_is_refused_with_what_goes_on_from_it() -> None:
    rows: list[Row] = [["201", "一般公共服务支出", "", "-", ""]]
    first = Sheet(1).centred("2024年度收入决算表").text("单位：万元", 500)
    first.table([["科目编码", "科目名称", "某栏", "财政拨款收入", "其他收入"], *rows], WIDTHS)
    pages = [bare(first), bare(income(2, SECOND))]
    assert [reason for _, _, reason in refused(see(pages))] == [
        "its head does not spell the form's columns",
        "it goes on from a table that is not read",
    ]


def sided(number: int, rows: list[Row]) -> Page:
    """A page of a two-sided table with centred heads, and lines around them only."""
    sheet = Sheet(number)
    if number == 1:
        sheet.centred("收入支出决算总表").text("单位：万元", 390)
    sheet.text("收入", 145).text("支出", 335, y=sheet.top)
    low = sheet.top
    sheet.text("项目", 115)
    for text, x in (("决算数", 205), ("项目", 305), ("决算数", 395)):
        sheet.text(text, x, y=sheet.top)
    lines = [low + 14, low - 4, sheet.top - 4]
    sheet.table(rows, [130, 60, 130, 60])
    sheet.page.segments = [(60, y, 440, y) for y in (*lines, sheet.top)]
    return sheet.page


def expenditure(*pages: list[Row]) -> list[tuple[str, str]]:
    items = only(see([sided(number, rows) for number, rows in enumerate(pages, 1)])).items
    return [(i.name, i.amounts["决算数"].text) for i in items if i.side == "支出"]


BEGINNING: list[Row] = [
    ["一、财政拨款收入", "5.00", "一、教育支出", "1.00"],
    ["二、事业收入", "4.00", "二、自然资源海洋气象等", "8.00"],
]


def test_rows_between_two_lines_of_which_none_goes_on_are_rows_of_their_own() -> None:
    end: list[Row] = [["", "", "结余分配", ""], ["", "", "年末结转", ""], ["", "", "总计", "9.00"]]
    assert expenditure(BEGINNING, end)[2:] == [("结余分配", ""), ("年末结转", ""), ("总计", "9.00")]


def test_a_numbered_name_cut_in_two_by_the_page_is_one() -> None:
    end: list[Row] = [["", "", "支出", ""], ["总计", "9.00", "总计", "9.00"]]
    assert expenditure(BEGINNING, end)[1:] == [
        ("二、自然资源海洋气象等支出", "8.00"),
        ("总计", "9.00"),
    ]


def test_rows_that_go_on_without_rulings_below_a_head_that_ended_the_page_are_said() -> None:
    following = Sheet(2)
    for line, (code, name, *figures) in enumerate(FIRST):
        y = 700 - 20 * line
        following.text(str(code), 62, y=y).text(str(name), 122, y=y).text(
            " ".join(map(str, figures)), 330, y=y
        )
    assert refused(see([income(1, []).page, following.page])) == [
        ("2024年度收入决算表", (1,), "more rows stand below what seems to end it")
    ]


def test_a_statement_of_which_a_part_is_not_read_is_not_shown() -> None:
    first = income(1, FIRST)
    other = Sheet(2).centred("2024年度收入决算表").text("单位：万元", 500)
    other.table(
        [["项目", "甲", "乙"], *[[code, "1.00", "2.00"] for code, *_ in SECOND]], [200, 80, 80]
    )
    assert [reason for _, _, reason in refused(see([bare(first), other.page]))] == [
        "titled like 收入决算表, but its head is another",
        "a part of it, on page 2, is not read",
    ]


def test_a_number_broken_by_too_narrow_a_column_is_no_name() -> None:
    rows: list[Row] = [
        ["一、财政拨款收入", "5.00", "一、教育支出", "1.00"],
        ["", "", "十", "8.00"],
        ["", "", "一、城乡社区支出", ""],
    ]
    assert refused(see([sided(1, rows)]))[0][2] == (
        "its rows are placed by alignment only, and “十” stands alone"
    )


def test_a_name_in_wide_set_lines_is_not_taken_for_rows() -> None:
    sheet = Sheet().centred("收入支出决算总表").text("单位：万元", 390)
    sheet.text("收入", 145).text("支出", 335, y=sheet.top).text("项目", 115)
    for text, x in (("决算数", 205), ("项目", 305), ("决算数", 395)):
        sheet.text(text, x, y=sheet.top)
    y = sheet.top
    names = (
        "一、教育支",
        "二、灾害防",
        "治及应急管",
        "理",
        "三、国防支",
        "出及其他有",
        "关",
        "总计",
    )
    for name in names:
        begins = name[1:2] in ("、", "计")
        y -= 22 if begins else 15
        sheet.text(name, 290, y=y)
        if name in ("一、教育支", "总计"):
            sheet.text("1.00", 392, y=y)
    sheet.text("一、拨款", 62, y=sheet.top - 22).text("9.00", 202, y=sheet.top - 22)
    assert [title for title, _, _ in refused(see([sheet.page]))] == ["收入支出决算总表"]
