"""A cell over several rows: one figure is never two."""

from __future__ import annotations

from decimal import Decimal

from archive.model import LineItem, Mark
from archive.text.reader import Seen, see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import expenditure, only, row, texts

Row = list[str | None]


def test_a_figure_in_one_cell_beside_two_names_is_neither_one_s() -> None:
    seen = expenditure(
        ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
        ["205", "教育支出", "7.00", "2.50", "0.00"],
        ["208", "社会保障和就业支出", "^", "4.00", "0.50"],
    )
    for name in ("教育支出", "社会保障和就业支出"):
        amount = row(only(seen), name).amounts["合计"]
        assert (amount.text, amount.value, amount.mark) == ("7.00", None, Mark.UNREADABLE)
    assert row(only(seen), "社会保障和就业支出").amounts["基本支出"].value == Decimal("4.00")
    said = "支出决算表: “7.00”: it stands in one cell over several rows"
    assert [(remark.code, remark.message) for remark in seen.remarks] == [
        ("cell-unreadable", said)
    ] * 2


def projects(*rows: Row) -> Seen:
    head: list[Row] = [["项目名称", "项目内容", "合计", "一般公共预算"]]
    sheet = Sheet().centred("项目支出表").text("单位：万元", 450)
    return see([sheet.table([*head, *rows], [150, 150, 80, 80]).page])


def told(items: tuple[LineItem, ...]) -> list[tuple[str, dict[str, str]]]:
    return [(item.name, texts(item)) for item in items]


def test_a_figure_beside_one_name_over_the_same_rows_stands_once() -> None:
    items = only(
        projects(
            ["科普活动", "讲座", "5.00", "5.00"],
            ["^", "展览", "^", "^"],
            ["会议", "年会", "2.00", ""],
        )
    ).items
    assert told(items) == [
        ("科普活动", {"合计": "5.00", "一般公共预算": "5.00"}),
        ("科普活动", {}),
        ("会议", {"合计": "2.00", "一般公共预算": ""}),
    ]


def test_a_figure_beside_a_row_without_a_name_is_that_of_the_named_one() -> None:
    seen = expenditure(
        ["", "", "9.00", "9.00", "0.00"],
        ["201", "一般公共服务支出", "^", "^", "^"],
    )
    assert told(only(seen).items) == [
        ("一般公共服务支出", {"合计": "9.00", "基本支出": "9.00", "项目支出": "0.00"})
    ]


def test_a_line_item_over_two_rows_of_the_other_side_is_one() -> None:
    head: list[Row] = [
        ["收入", None, "支出", None],
        ["项目", "决算数", "项目", "决算数"],
    ]
    rows: list[Row] = [
        ["一、财政拨款收入", "8.00", "一、教育支出", "3.00"],
        ["^", "^", "二、科学技术支出", "5.00"],
    ]
    sheet = Sheet().centred("收入支出决算总表").text("单位：万元", 450)
    statement = only(see([sheet.table(head + rows, [150, 80, 150, 80]).page]))
    assert [(i.side, i.name, texts(i)) for i in statement.items] == [
        ("收入", "一、财政拨款收入", {"决算数": "8.00"}),
        ("支出", "一、教育支出", {"决算数": "3.00"}),
        ("支出", "二、科学技术支出", {"决算数": "5.00"}),
    ]


def test_a_label_over_several_rows_goes_on_naming_each_of_them() -> None:
    head: list[Row] = [["项目类别", "项目名称", "合计"]]
    rows: list[Row] = [["本级支出项目", "科普活动", "5.00"], ["^", "会议", "2.00"]]
    sheet = Sheet().centred("项目支出表").text("单位：万元", 450)
    items = only(see([sheet.table(head + rows, [100, 200, 80]).page])).items
    assert [(i.name, i.attributes, texts(i)) for i in items] == [
        ("科普活动", {"category": "本级支出项目"}, {"合计": "5.00"}),
        ("会议", {"category": "本级支出项目"}, {"合计": "2.00"}),
    ]
