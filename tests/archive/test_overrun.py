"""Rows that a word processor breaks where the page ends."""

from __future__ import annotations

import pytest

from archive.model import LineItem
from archive.text.reader import see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import CODE_HEAD, WIDTHS, only

Rows = list[list[str | None]]

ABOVE: Rows = [["208", "社会保障和就业支出", "4.00", "4.00", ""]]
BELOW: Rows = [["221", "住房保障支出", "9.00", "9.00", ""]]


def items(first: Rows, second: Rows) -> list[LineItem]:
    one = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450)
    one.table([*CODE_HEAD, *ABOVE, *first], WIDTHS)
    two = Sheet(2).table([*second, *BELOW], WIDTHS)
    return list(only(see([one.page, two.page])).items)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["2080505", "机关事业单位养老", "4.00", "4.00", ""], ["", "缴费支出", "", "", ""]),
        (["2080", "机关事业单位养老", "4.00", "4.00", ""], ["505", "缴费支出", "", "", ""]),
        (["2080", "机关事业单位养老缴费支出", "4.00", "4.00", ""], ["505", "", "", "", ""]),
    ],
)
def test_a_row_cut_in_two_by_the_page_is_one_row(
    first: list[str | None], second: list[str | None]
) -> None:
    found = items([first], [second])
    assert [(item.code, item.name, item.amounts["合计"].text) for item in found] == [
        ("208", "社会保障和就业支出", "4.00"),
        ("2080505", "机关事业单位养老缴费支出", "4.00"),
        ("221", "住房保障支出", "9.00"),
    ]
    assert found[1].page == 1


@pytest.mark.parametrize(
    "second",
    [
        ["", "", "", "", ""],
        ["", "合计", "", "", ""],
        ["合计", None, "", "", ""],
        ["210", "卫生健康支出", "", "", ""],
        ["", "其他", "1.00", "", ""],
    ],
)
def test_a_row_of_its_own_is_not_taken_for_the_rest_of_another(second: list[str | None]) -> None:
    found = items([["210", "卫生健康支出", "4.00", "4.00", ""]], [second])
    assert found[1].name == "卫生健康支出"
    assert len(found) == (4 if any(second) else 3)


def test_two_rows_on_one_page_are_never_joined() -> None:
    rows: Rows = [["2080", "养老支出", "4.00", "4.00", ""], ["505", "", "", "", ""]]
    assert [item.code for item in items(rows, [])] == ["208", "2080", "505", "221"]


SIDES: Rows = [["收入", None, "支出", None], ["项目", "决算数", "项目", "决算数"]]
SIDED = [110.0, 60.0, 110.0, 60.0]


def two_sided(first: Rows, second: Rows) -> list[tuple[str | None, str, str]]:
    one = (
        Sheet(1).centred("收入支出决算总表").text("单位：万元", 350).table([*SIDES, *first], SIDED)
    )
    two = Sheet(2).table([*SIDES, *second], SIDED)
    found = only(see([one.page, two.page])).items
    return [(item.side, item.name, item.amounts["决算数"].text) for item in found]


def test_a_numbered_name_cut_in_two_is_one_row_in_a_table_without_codes() -> None:
    first: Rows = [
        ["一、财政拨款收入", "5.00", "一、教育支出", "1.00"],
        ["二、事业收入", "4.00", "二、自然资源海洋气", "8.00"],
    ]
    second: Rows = [["", "", "象等支出", ""], ["总计", "9.00", "总计", "9.00"]]
    assert two_sided(first, second) == [
        ("收入", "一、财政拨款收入", "5.00"),
        ("收入", "二、事业收入", "4.00"),
        ("收入", "总计", "9.00"),
        ("支出", "一、教育支出", "1.00"),
        ("支出", "二、自然资源海洋气象等支出", "8.00"),
        ("支出", "总计", "9.00"),
    ]


@pytest.mark.parametrize("name", ["三、国防支出", "总计", "其中：国防"])
def test_a_row_that_begins_a_page_is_not_taken_for_the_rest_of_the_one_before(name: str) -> None:
    first: Rows = [["一、财政拨款收入", "5.00", "一、自然资源海洋气", "8.00"]]
    found = two_sided(first, [["", "", name, ""], ["总计", "5.00", "合计", "8.00"]])
    assert ("支出", name, "") in found


PROJECTS: Rows = [["项目名称", "合计", "一般公共预算"]]
COLUMNS = [62.0, 60.0, 80.0]


def left_open(sheet: Sheet, *, below: bool) -> Sheet:
    """Without the lowest, or the highest, of its rulings across."""
    ys = [s[1] for s in sheet.page.segments if s[1] == s[3]]
    gone = min(ys) if below else max(ys)
    sheet.page.segments = [s for s in sheet.page.segments if not s[1] == s[3] == gone]
    return sheet


def projects(number: int, rows: Rows) -> Sheet:
    sheet = Sheet(number)
    if number == 1:
        sheet.centred("项目支出表").text("单位：万元", 250)
    return sheet.table([*(PROJECTS if number == 1 else []), *rows], COLUMNS)


def test_a_row_whose_lower_border_was_left_out_goes_on_on_the_next_page() -> None:
    one = left_open(
        projects(1, [["科普", "1.00", ""], ["人才活动经费", "2.00", "2.00"]]), below=True
    )
    two = left_open(projects(2, [["及宣传", "", ""], ["会议", "3.00", ""]]), below=False)
    found = only(see([one.page, two.page])).items
    assert [(item.name, item.amounts["合计"].text) for item in found] == [
        ("科普", "1.00"),
        ("人才活动经费及宣传", "2.00"),
        ("会议", "3.00"),
    ]


def test_the_rest_of_a_last_row_may_stand_alone_on_its_page() -> None:
    one = left_open(
        projects(1, [["科普", "1.00", ""], ["人才活动经费", "2.00", "2.00"]]), below=True
    )
    two = left_open(projects(2, [["及宣传", "", ""]]), below=False)
    found = only(see([one.page, two.page])).items
    assert [item.name for item in found] == ["科普", "人才活动经费及宣传"]


def test_whole_rows_whose_border_was_left_out_stay_rows() -> None:
    one = left_open(
        projects(1, [["科普", "1.00", ""], ["人才活动经费", "2.00", "2.00"]]), below=True
    )
    two = left_open(projects(2, [["会议及宣传", "7.00", ""], ["会议", "3.00", ""]]), below=False)
    found = only(see([one.page, two.page])).items
    assert [item.name for item in found] == ["科普", "人才活动经费", "会议及宣传", "会议"]


def test_lines_of_one_character_are_full_though_the_first_has_its_number() -> None:
    rows: Rows = [["项目", "合计"], ["一、\n教\n育", "1.00"]]
    one = Sheet(1).centred("项目支出表").text("单位：万元", 150).table(rows, [60, 60])
    two = Sheet(2).table([["支\n出", ""], ["二、\n国\n防", "3.00"]], [60, 60])
    found = only(see([left_open(one, below=True).page, left_open(two, below=False).page])).items
    assert [(i.name, i.amounts["合计"].text) for i in found] == [
        ("一、教育支出", "1.00"),
        ("二、国防", "3.00"),
    ]
