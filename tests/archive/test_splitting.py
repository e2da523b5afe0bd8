"""Tables with ruled columns and open rows: each line is a row, never all of them one."""

from __future__ import annotations

from archive.model import Certainty, Mark
from archive.text.page import Page
from archive.text.reader import see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import CODE_HEAD, WIDTHS, only, row, texts

Row = list[str | None]

ROWS: list[Row] = [
    ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
    ["2010601", "行政运行", "3.00", "2.00", "1.00"],
    ["205", "教育支出", "7.50", "", "7.50"],
    ["208", "社会保障和就业支出", "12,004.00", "8", "—"],
]


def open_rows(sheet: Sheet, head: int) -> Page:
    """The page without the rulings between its rows, those of its head aside."""
    ys = sorted({s[1] for s in sheet.page.segments if s[1] == s[3]}, reverse=True)
    kept = {*ys[: head + 1], ys[-1]}
    sheet.page.segments = [s for s in sheet.page.segments if s[1] != s[3] or s[1] in kept]
    return sheet.page


def sheet(number: int, rows: list[Row], *, head: bool = True) -> Sheet:
    drawn = Sheet(number)
    if number == 1:
        drawn.centred("2024年度支出决算表").text("单位：万元", 450)
    return drawn.table([*(CODE_HEAD if head else []), *rows], WIDTHS)


def test_rows_that_no_ruling_parts_are_rows() -> None:
    statement = only(see([open_rows(sheet(1, ROWS), 1)]))
    assert [(i.code, i.name, i.row) for i in statement.items] == [
        ("201", "一般公共服务支出", 2),
        ("2010601", "行政运行", 3),
        ("205", "教育支出", 4),
        ("208", "社会保障和就业支出", 5),
    ]
    found = row(statement, "社会保障和就业支出")
    assert texts(found) == {"合计": "12,004.00", "基本支出": "8", "项目支出": "—"}
    assert found.amounts["合计"].certainty is Certainty.ALIGNED
    assert row(statement, "教育支出").amounts["基本支出"].mark is Mark.BLANK


def test_each_figure_keeps_its_place_in_its_column() -> None:
    statement = only(see([open_rows(sheet(1, ROWS), 1)]))
    at = row(statement, "教育支出").amounts["项目支出"].at
    assert at is not None
    assert at.box is not None
    assert (at.page, at.row, at.column) == (1, 4, 5)
    assert 0 < at.box.y1 - at.box.y0 < 30


def test_a_page_that_rules_its_columns_alone_goes_on() -> None:
    more: list[Row] = [["210", "卫生健康支出", "1.25", "1.25", ""]]
    last = sheet(2, more, head=False)
    last.page.segments = [s for s in last.page.segments if s[0] == s[2]]
    statement = only(see([open_rows(sheet(1, ROWS), 1), last.page]))
    assert texts(row(statement, "卫生健康支出"))["合计"] == "1.25"
    assert statement.pages == (1, 2)


def test_names_without_figures_on_the_last_page_are_rows_too() -> None:
    head: list[Row] = [["收入", None, "支出", None], ["项目", "决算数", "项目", "决算数"]]
    first: list[Row] = [
        ["一、财政拨款收入", "5.00", "一、教育支出", "1.00"],
        ["二、事业收入", "4.00", "二、国防支出", "8.00"],
    ]
    one = Sheet(1).centred("收入支出决算总表").text("单位：万元", 390)
    one.table([*head, *first], [130, 60, 130, 60])
    two = Sheet(2).table(
        [["", "", "三、外交支出", ""], ["", "", "总计", "9.00"]], [130, 60, 130, 60]
    )
    items = only(see([open_rows(one, 2), open_rows(two, 0)])).items
    assert [(i.name, i.amounts["决算数"].text) for i in items if i.side == "支出"] == [
        ("一、教育支出", "1.00"),
        ("二、国防支出", "8.00"),
        ("三、外交支出", ""),
        ("总计", "9.00"),
    ]


def test_a_number_wrapped_in_its_cell_is_not_two_rows() -> None:
    rows: list[Row] = [["201", "一般公共\n服务支出", "1234567890123\n45.12", "1.00", ""]]
    found = only(see([sheet(1, rows).page])).items
    assert [(i.code, i.name) for i in found] == [("201", "一般公共服务支出")]
    assert found[0].amounts["合计"].certainty is Certainty.TEXT


def test_a_code_and_its_name_in_one_cell_over_both_columns_are_told_apart() -> None:
    rows: list[Row] = [["208 社会保障和就业支出", None, "4.00", "4.00", ""]]
    item = only(see([sheet(1, rows).page])).items[0]
    assert (item.code, item.name) == ("208", "社会保障和就业支出")


def test_title_and_unit_may_stand_in_one_cell_of_the_frame() -> None:
    drawn = Sheet().table(
        [["2024年度支出决算表\n部门：某局 单位：万元", *[None] * 4], *CODE_HEAD, *ROWS], WIDTHS
    )
    statement = only(see([drawn.page]))
    assert (statement.form, statement.unit, len(statement.items)) == (
        "final.expenditure",
        "万元",
        4,
    )
