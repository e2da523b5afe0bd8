"""What stands around a table, wherever office programs put it: in the frame, on another page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Amount, Certainty, Document, Facts, LineItem, Unit
from archive.text.doubting import doubted
from archive.text.flow import Flow, lay, see_flow
from archive.text.flow import Sheet as Tab
from archive.text.grid import Grid
from archive.text.page import Page
from archive.text.reader import Seen, see
from archive.text.report import report
from archive.text.tables import Table
from archive.text.words import word_lines
from tests.archive.drawing import Sheet
from tests.archive.test_frames import ROWS
from tests.archive.test_statements import CODE_HEAD, WIDTHS, only

Rows = list[list[str | None]]

TITLE: Rows = [["2024年度支出决算表", None, None, None, None]]
LABELS: Rows = [["部门：某局", None, "单位：元", None, None]]
MORE: Rows = [["211", "节能环保支出", "2.00", "2.00", ""]]


def unruled(page: Page) -> Page:
    page.segments = []
    return page


def codes(seen: Seen) -> list[str]:
    return [remark.code for remark in seen.remarks]


def test_title_unit_and_agency_may_stand_in_the_frame_in_cells_of_their_own() -> None:
    page = Sheet().table([*TITLE, *LABELS, *CODE_HEAD, *ROWS], WIDTHS).page
    seen = see([page])
    statement = only(seen)
    assert (statement.form, statement.unit) == ("final.expenditure", Unit.YUAN)
    assert [item.code for item in statement.items] == ["201", "205", "208", "210"]
    assert seen.tables == []


def test_a_row_in_the_frame_keeps_its_number_as_a_finger_counts() -> None:
    page = Sheet().table([*TITLE, *LABELS, *CODE_HEAD, *ROWS], WIDTHS).page
    first = only(see([page])).items[0]
    assert first.row == len([*TITLE, *LABELS, *CODE_HEAD]) + 1


def test_tables_ruled_as_one_are_parted_at_the_title_of_the_second() -> None:
    second: Rows = [
        ["公开05表", "", "", "", ""],
        ["一般公共预算财政拨款支出决算表", None, None, None, None],
        ["单位：万元", None, None, None, None],
    ]
    rows = [*TITLE, *LABELS, *CODE_HEAD, *ROWS, *second, *CODE_HEAD, *MORE]
    seen = see([Sheet().table(rows, WIDTHS).page])
    assert [(s.form, s.unit, len(s.items)) for s in seen.statements] == [
        ("final.expenditure", Unit.YUAN, len(ROWS)),
        ("final.general_function", Unit.WAN, len(MORE)),
    ]


@pytest.mark.parametrize(
    "number", ["第 2 页，共 8 页", "共8页 第2页", "- 2 -", "－2－", "Page 2 of 8"]
)
def test_the_number_of_a_page_does_not_end_a_table(number: str) -> None:
    first = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450)
    first.table([*CODE_HEAD, *ROWS], WIDTHS).text(number, 280, y=30)
    second = Sheet(2).table(MORE, WIDTHS).text(number, 280, y=30)
    seen = see([first.page, second.page])
    assert len(only(seen).items) == len(ROWS) + len(MORE)
    assert seen.tables == []


def test_a_title_that_ends_a_page_heads_the_unruled_table_on_the_next() -> None:
    first = Sheet(1).text("一、部门概况").centred("2024年度支出决算表")
    second = Sheet(2).text("单位：万元", 450).table([*CODE_HEAD, *ROWS], WIDTHS)
    statement = only(see([first.page, unruled(second.page)]))
    assert statement.title == "2024年度支出决算表"
    assert [item.code for item in statement.items] == ["201", "205", "208", "210"]


def test_title_and_unit_in_a_frame_of_their_own_head_the_table_on_the_next_page() -> None:
    first = Sheet(1).text("一、部门概况").table([*TITLE, *LABELS], WIDTHS)
    second = Sheet(2).table([*CODE_HEAD, *ROWS], WIDTHS)
    statement = only(see([first.page, second.page]))
    assert (statement.form, statement.unit) == ("final.expenditure", Unit.YUAN)


def test_a_head_that_the_page_breaks_off_goes_on_to_the_next() -> None:
    upper: Rows = [["项目", None, "合计", "基本支出", "项目支出"]]
    lower: Rows = [["科目编码", "科目名称", "", "", ""]]
    first = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450).table(upper, WIDTHS)
    second = Sheet(2).table([*lower, *ROWS], WIDTHS)
    statement = only(see([first.page, second.page]))
    assert [item.code for item in statement.items] == ["201", "205", "208", "210"]
    assert [column.measure for column in statement.columns] == ["合计", "基本支出", "项目支出"]


def test_lines_of_figures_that_no_table_took_are_said() -> None:
    page = unruled(Sheet().centred("某项统计").table([*CODE_HEAD, *ROWS], WIDTHS).page)
    seen = see([page])
    assert (seen.statements, seen.tables) == ([], [])
    assert "figures-outside" in codes(seen)


def test_sentences_with_figures_are_no_lines_of_figures() -> None:
    page = Sheet()
    for text in ("收入总计", "支出总计", "项目支出"):
        page.text(f"2024年度{text}5.00万元，上年4.00")
    assert "figures-outside" not in codes(see([page.page]))


def test_a_number_that_runs_over_the_edge_of_its_cell_is_not_cut_by_it() -> None:
    rows: Rows = [
        ["编码", *CODE_HEAD[0][1:]],
        ["2010601", "行政运行", "3.00", "2.00", "1.00"],
    ]
    page = Sheet().centred("2024年度支出决算表").text("单位：万元", 450)
    statement = only(see([page.table(rows, [31, *WIDTHS[1:]]).page]))
    assert [(item.code, item.name) for item in statement.items] == [("2010601", "行政运行")]


def test_a_number_that_fills_its_cell_may_be_cut_and_is_not_taken_for_sure() -> None:
    rows: Rows = [["201", "一般公共服务支出", "65,000.00", "2.00", "1.00"]]
    sheet = Sheet().centred("2024年度支出决算表").text("单位：万元", 450)
    page = sheet.table([*CODE_HEAD, *rows], [70, 150, 46, 80, 80]).page
    page.chars = [(x0 - 1, y0, x1 - 1, y1, char) for x0, y0, x1, y1, char in page.chars]
    (amount, *rest) = only(see([page])).items[0].amounts.values()
    assert (amount.text, amount.value, amount.certainty) == (
        "65,000.00",
        None,
        Certainty.UNREADABLE,
    )
    assert [a.text for a in rest] == ["2.00", "1.00"]


SIDES: Rows = [
    ["收入", None, "支出", None],
    ["项目", "决算数", "项目", "决算数"],
    ["一、财政拨款收入", "1,003.00", "一、教育支出", "1,003.00"],
    ["二、其他收入", "", "二、科学技术支出", ""],
    ["本年收入合计", "1,003.00", "本年支出合计", "1,003.00"],
]


def test_a_figure_that_runs_into_the_next_column_is_refused() -> None:
    sheet = Sheet().centred("2024年度收入支出决算总表").text("单位：万元", 450)
    page = unruled(sheet.table(SIDES, [120, 40, 120, 60]).page)
    seen = see([page])
    assert seen.statements == []
    assert [table.reason for table in seen.tables] == ["a figure runs into the column beside it"]


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (40, ["一、财政拨款收入", "1,003.00一、教育支出", "1,003.00"]),
        (41, ["一、财政拨款收入", "1,003.00", "一、教育支出", "1,003.00"]),
    ],
)
def test_a_slit_beside_a_figure_parts_it_from_the_next_column(
    room: float, words: list[str]
) -> None:
    page = Sheet().table(SIDES[2:3], [120, room, 120, 60]).page
    (line,) = word_lines(page.chars)
    assert [word.text for word in line.words] == words


def test_tables_of_one_sheet_leave_each_other_their_labels_and_columns() -> None:
    wide = [*CODE_HEAD, *ROWS]
    typed: Rows = [
        ["2024年度收入支出决算总表", "", "", "", ""],
        ["", "", "", "单位：万元", ""],
        ["收入", None, "支出", None, ""],
        ["项目", "决算数", "项目", "金额", ""],
        ["一、财政拨款收入", "5.00", "一、教育支出", "5.00", ""],
        ["注：1.本表反映部门本年度的收支情况。", "", "", "", ""],
        ["2.本表金额四舍五入，可能存在尾差。", "", "", "", ""],
        ["附件3", "", "", "", ""],
        ["2024年度支出决算表", "", "", "", ""],
        ["单位：元", "", "", "", ""],
        *wide,
    ]
    seen = see_flow(Flow([Tab(1, [lay(1, [_spans(row) for row in typed])])]))
    total, expenditure = seen.statements
    assert [(i.side, i.name, [a.text for a in i.amounts.values()]) for i in total.items] == [
        ("收入", "一、财政拨款收入", ["5.00"]),
        ("支出", "一、教育支出", ["5.00"]),
    ]
    assert {i.side: list(i.amounts) for i in total.items} == {
        "收入": ["决算数"],
        "支出": ["决算数"],
    }
    assert len(total.notes) == 2
    assert (expenditure.unit, len(expenditure.items)) == (Unit.YUAN, len(ROWS))


def _spans(row: list[str | None]) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    for cell in row:
        if cell is None:
            text, across, down = out[-1]
            out[-1] = (text, across + 1, down)
        else:
            out.append((cell, 1, 1))
    return out


def test_rows_whose_figures_are_blank_or_dashes_are_rows_and_no_heads() -> None:
    rows: Rows = [
        ["项目", "预算数", "决算数"],
        ["因公出国（境）费", "", ""],
        ["公务用车购置及运行费", "—", "—"],
        ["公务接待费", "1.00", "0.50"],
    ]
    drawn = Sheet().centred("财政拨款“三公”经费支出决算表").text("单位：万元", 450)
    statement = only(see([drawn.table(rows, [200, 80, 80]).page]))
    assert [(i.name, [a.text for a in i.amounts.values()]) for i in statement.items] == [
        ("因公出国（境）费", ["", ""]),
        ("公务用车购置及运行费", ["—", "—"]),
        ("公务接待费", ["1.00", "0.50"]),
    ]


def test_two_columns_of_one_head_are_both_told() -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "小计", "基本支出", "小计"],
        ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
    ]
    drawn = Sheet().centred("2024年度支出决算表").text("单位：万元", 450)
    seen = see([drawn.table(rows, WIDTHS).page])
    document = Document("0" * 64, "application/pdf", "test", 1, Facts(), tuple(seen.statements))
    (table,) = report(document, "x.pdf")["tables"]
    assert sorted(table["rows"][0]["values"].values()) == ["1.00", "2.00", "3.00"]
    assert len({column["header"] for column in table["columns"]}) == 3


def test_the_kind_of_unit_is_no_part_of_who_reports() -> None:
    drawn = Sheet().text("某区财政局2024年度部门决算").centred("2024年度支出决算表")
    drawn.text("部门：某区财政局  计量单位：万元")
    seen = see([drawn.table([*CODE_HEAD, *ROWS], WIDTHS).page])
    assert (seen.facts.agency, codes(seen)) == ("某区财政局", [])


def test_a_head_printed_again_but_cut_short_is_no_row() -> None:
    head: Rows = [["科目编码", "科目名称", "支出合计", "基本支出\n（人员经费）", "项目支出"]]
    again: Rows = [["科目编码", "科目名称", "支出合计", "基本支出\n（人员经", "项目支出"]]
    first = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450)
    first.table([*head, *ROWS], WIDTHS)
    second = Sheet(2).table([*again, *MORE], WIDTHS)
    seen = see([first.page, second.page])
    assert [item.code for item in only(seen).items] == ["201", "205", "208", "210", "211"]
    assert seen.tables == []


def test_a_side_whose_figures_are_nowhere_is_not_presented() -> None:
    sheet = Sheet().centred("2024年度收入支出决算总表").text("单位：万元", 450)
    seen = see([sheet.table([row[:3] for row in SIDES], [120, 80, 120]).page])
    assert seen.statements == []
    assert [table.reason for table in seen.tables] == [
        "titled like 收入支出决算总表, but its last columns are missing"
    ]


def test_an_unruled_row_of_figures_that_is_not_its_sum_is_not_presented() -> None:
    assert doubts("2.45") == ""
    assert "三公经费" in doubts("0.45")


def doubts(total: str) -> str:
    figures = {
        "三公经费合计": total,
        "因公出国（境）费": "0.00",
        "公务用车购置及运行费": "2.00",
        "公务接待费": "0.45",
    }
    items = [
        LineItem(name, amounts={"预算数": Amount(text, Decimal(text))})
        for name, text in figures.items()
    ]
    table = Table(Grid(1, [0, 1], [0, 1]))
    table.parts[0].aligned = True
    return doubted(table, items, [])
