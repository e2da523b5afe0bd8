"""Columns of a wide table that went to later pages come back to their rows."""

from __future__ import annotations

from archive.model import Unit
from archive.text.reader import Seen, see
from tests.archive.drawing import Sheet

LEFT: list[list[str | None]] = [
    ["科目编码", "科目名称", "合计", "基本支出"],
    ["201", "一般公共服务支出", "3.00", "2.00"],
    ["2010601", "行政运行\n（含离退休）", "3.00", "2.00"],
    ["合计", None, "3.00", "2.00"],
]
RIGHT: list[list[str | None]] = [
    ["项目支出", "经营支出"],
    ["1.00", ""],
    ["\n1.00", ""],
    ["1.00", "0.00"],
]


def wide(right: list[list[str | None]], widths: list[float]) -> Seen:
    first = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450)
    first.table(LEFT, [70, 150, 80, 80])
    return see([first.page, Sheet(2).table(right, widths).page])


def test_columns_on_the_next_page_join_their_rows_and_keep_their_page() -> None:
    seen = wide(RIGHT, [80, 80])
    assert [s.form for s in seen.statements] == ["final.expenditure"]
    assert seen.tables == []
    item = seen.statements[0].items[1]
    assert {m: (a.text, a.at.page if a.at else 0) for m, a in item.amounts.items()} == {
        "合计": ("3.00", 1),
        "基本支出": ("2.00", 1),
        "项目支出": ("1.00", 2),
        "经营支出": ("", 2),
    }


def test_row_names_printed_again_are_not_rows_again() -> None:
    right = [left[:2] + more for left, more in zip(LEFT, RIGHT, strict=True)]
    seen = wide(right, [70, 150, 80, 80])
    (statement,) = seen.statements
    assert [i.name for i in statement.items] == ["一般公共服务支出", "行政运行（含离退休）", "合计"]
    assert [c.measure for c in statement.columns] == ["合计", "基本支出", "项目支出", "经营支出"]


def test_rows_that_do_not_agree_are_not_joined() -> None:
    seen = wide([["项目支出", "经营支出"], ["1.00", ""], ["1.00", ""], ["1.00", "0.00"]], [80, 80])
    (statement,) = seen.statements
    assert [c.measure for c in statement.columns] == ["合计", "基本支出"]
    assert len(seen.tables) == 1


def test_a_row_of_figures_beside_two_rows_is_nobodys() -> None:
    body: list[list[str | None]] = [
        ["科目编码", "科目名称", "合计", "基本支出"],
        *(["201", name, "3.00", "2.00"] for name in ("甲", "乙", "丙")),
    ]
    first = Sheet(1).centred("2024年度支出决算表").table(body, [70, 150, 80, 80])
    right: list[list[str | None]] = [["项目支出"], ["1.00"], ["^"], ["1.00"]]
    second = Sheet(2).text("", 60).table(right, [80])
    seen = see([first.page, second.page])
    (statement,) = seen.statements
    assert [c.measure for c in statement.columns] == ["合计", "基本支出"]
    assert len(seen.tables) == 1


def test_pages_printed_over_then_down_are_put_together_in_order() -> None:
    more: list[list[str | None]] = [["208", "社会保障和就业支出", "5.00", "5.00"]]
    pages = [
        Sheet(1)
        .centred("2024年度支出决算表")
        .text("单位：万元", 450)
        .table(LEFT, [70, 150, 80, 80]),
        Sheet(2).table(RIGHT, [80, 80]),
        Sheet(3).table(more, [70, 150, 80, 80]),
        Sheet(4).table([["", "0.00"]], [80, 80]),
    ]
    seen = see([sheet.page for sheet in pages])
    (statement,) = seen.statements
    last = statement.items[-1]
    assert (last.name, {m: a.text for m, a in last.amounts.items()}) == (
        "社会保障和就业支出",
        {"合计": "5.00", "基本支出": "5.00", "项目支出": "", "经营支出": "0.00"},
    )


def test_the_unit_may_stand_over_the_last_columns_and_their_head_in_one_row() -> None:
    head: list[list[str | None]] = [
        ["项目", None, "合计", "基本支出"],
        ["科目编码", "科目名称", "^", "^"],
    ]
    first = Sheet(1).centred("2024年度支出决算表").table([*head, *LEFT[1:]], [70, 150, 80, 80])
    right: list[list[str | None]] = [["项目支出"], ["^"], ["1.00"], ["\n1.00"], ["1.00"]]
    second = Sheet(2).text("", 60).table(right, [80])
    second.text("单位：元", 100, y=second.page.height - 60)
    statement = see([first.page, second.page]).statements[0]
    assert statement.unit is Unit.YUAN
    assert [c.measure for c in statement.columns] == ["合计", "基本支出", "项目支出"]
    assert [item.amounts["项目支出"].text for item in statement.items] == ["1.00", "1.00", "1.00"]


def test_a_total_s_name_that_the_page_cut_in_two_names_the_figure_on_the_next() -> None:
    left: list[list[str | None]] = [
        ["编码", "名称", "决算数", "编码", "名称", "决算数"],
        ["301", "工资福利支出", "3.00", "302", "商品和服务支出", "1.00"],
        ["303", "对个人和家庭的补助", "2.00", "30201", "办公费", "1.00"],
        ["人员经费合计", None, "5.00", "公用经费合计", None, None],
    ]
    right: list[list[str | None]] = [
        ["编码", "名称", "决算数"],
        ["310", "资本性支出", "4.00"],
        ["31002", "办公设备购置", "4.00"],
        ["", None, "5.50"],
    ]
    first = Sheet(1).centred("一般公共预算基本支出决算表").text("单位：万元", 450)
    first.table(left, [50, 120, 60, 50, 120, 60])
    seen = see([first.page, Sheet(2).table(right, [50, 120, 60]).page])
    (statement,) = seen.statements
    found = {item.name: [a.text for a in item.amounts.values()] for item in statement.items}
    assert (found["人员经费合计"], found["公用经费合计"]) == (["5.00"], ["5.50"])
    assert "" not in found
