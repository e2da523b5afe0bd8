"""From ruled pages to line items: what stands where, and what is said when it is not plain."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Classification, LineItem, Mark, Statement, Unit
from archive.text.reader import Seen, see
from tests.archive.drawing import Sheet

CODE_HEAD: list[list[str | None]] = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
]
WIDTHS = [70.0, 150.0, 80.0, 80.0, 80.0]


def only(seen: Seen) -> Statement:
    assert [s.form for s in seen.statements] == [seen.statements[0].form]
    return seen.statements[0]


def row(statement: Statement, name: str, side: str | None = None) -> LineItem:
    found = [i for i in statement.items if i.name == name and i.side == side]
    assert len(found) == 1, [i.name for i in statement.items]
    return found[0]


def texts(item: LineItem) -> dict[str, str]:
    return {measure: amount.text for measure, amount in item.amounts.items()}


def expenditure(*rows: list[str | None], unit: str = "单位：万元") -> Seen:
    sheet = Sheet().centred("2024年度支出决算表").text(unit, 450)
    return see([sheet.table([*CODE_HEAD, *rows], WIDTHS).page])


def test_every_cell_is_read_with_its_value_and_its_place() -> None:
    statement = only(
        expenditure(
            ["合计", None, "2,940.05", "2,336.91", "603.14"],
            ["2010601", "行政运行", "1,511.89", "1,503.52", "8.37"],
        )
    )
    assert (statement.form, statement.unit, statement.year) == ("final.expenditure", Unit.WAN, 2024)
    item = row(statement, "行政运行")
    assert (item.code, item.level, item.classification) == ("2010601", 3, Classification.FUNCTIONAL)
    assert texts(item) == {"合计": "1,511.89", "基本支出": "1,503.52", "项目支出": "8.37"}
    amount = item.amounts["项目支出"]
    assert amount.value == Decimal("8.37")
    assert amount.at is not None
    assert (amount.at.page, amount.at.row, amount.at.column) == (1, 3, 5)
    assert row(statement, "合计").total


def test_a_blank_a_dash_and_a_zero_are_three_answers() -> None:
    item = row(only(expenditure(["201", "一般公共服务支出", "0.00", "", "—"])), "一般公共服务支出")
    marks = {measure: (a.mark, a.value) for measure, a in item.amounts.items()}
    assert marks == {
        "合计": (Mark.PRINTED, Decimal("0.00")),
        "基本支出": (Mark.BLANK, None),
        "项目支出": (Mark.DASH, None),
    }


def test_names_wrapped_over_lines_and_codes_wrapped_in_a_cell_are_whole() -> None:
    item = only(
        expenditure(["2080\n505", "机关事业单位基本养\n老保险缴费支出", "1.00", "1.00", ""])
    ).items[0]
    assert (item.code, item.name) == ("2080505", "机关事业单位基本养老保险缴费支出")


def test_a_number_wrapped_in_a_full_cell_is_one_number() -> None:
    seen = expenditure(["201", "一般公共服务支出", "1,234,567,890.1\n2", "1.00", ""])
    assert only(seen).items[0].amounts["合计"].value == Decimal("1234567890.12")


def test_two_numbers_in_one_cell_are_never_run_together() -> None:
    seen = expenditure(["201", "一般公共服务支出", "12\n34", "1.00", ""])
    amount = only(seen).items[0].amounts["合计"]
    assert (amount.mark, amount.value, amount.text) == (Mark.UNREADABLE, None, "12 / 34")
    assert [r.code for r in seen.remarks] == ["cell-unreadable"]


def test_a_figure_of_more_digits_than_any_amount_is_kept_and_said() -> None:
    long = "1.0000000000000000000000000000001"
    seen = expenditure(["201", "一般公共服务支出", long, "1.00", ""])
    amount = only(seen).items[0].amounts["合计"]
    assert (amount.mark, amount.value, amount.text) == (Mark.UNREADABLE, None, long)
    said = "支出决算表: “1.0000000000000000000000000000001”: it has more digits than any amount"
    assert [r.message for r in seen.remarks] == [said]


def test_text_in_a_money_column_is_kept_and_said() -> None:
    seen = expenditure(["201", "一般公共服务支出", "见附件", "1.00", ""])
    amount = only(seen).items[0].amounts["合计"]
    assert (amount.text, amount.value) == ("见附件", None)
    assert "见附件" in seen.remarks[0].message


def test_class_section_item_columns_join_to_one_code_and_a_lost_zero_is_said() -> None:
    head: list[list[str | None]] = [
        ["科目编码", None, None, "科目名称", "合计", "基本支出", "项目支出"],
        ["类", "款", "项", "^", "^", "^", "^"],
    ]
    rows: list[list[str | None]] = [
        ["201", "06", "", "财政事务", "3.00", "2.00", "1.00"],
        ["201", "06", "1", "行政运行", "3.00", "2.00", "1.00"],
    ]
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    statement = only(see([sheet.table(head + rows, [35, 30, 30, 120, 70, 70, 70]).page]))
    assert [i.code for i in statement.items] == ["20106", "2010601"]
    assert statement.items[0].remarks == ()
    assert "0" in statement.items[1].remarks[0]


def parts(*rows: list[str | None]) -> Statement:
    """An expenditure table with its codes over 类 | 款 | 项."""
    head: list[list[str | None]] = [
        ["科目编码", None, None, "科目名称", "合计", "基本支出", "项目支出"],
        ["类", "款", "项", "^", "^", "^", "^"],
    ]
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    return only(see([sheet.table(head + list(rows), [60, 60, 60, 120, 60, 60, 60]).page]))


def test_a_class_that_cannot_be_one_is_kept_as_printed_and_said() -> None:
    item = parts(["7", "11", "02", "事业单位医疗", "3.00", "2.00", "1.00"]).items[0]
    assert (item.code, item.level) == ("71102", 3)
    assert "“7”" in item.remarks[0]


def test_a_code_printed_in_part_is_said() -> None:
    item = parts(["", "11", "02", "事业单位医疗", "3.00", "2.00", "1.00"]).items[0]
    assert (item.code, item.level, len(item.remarks)) == ("1102", 3, 1)


@pytest.mark.parametrize(
    "cells", [["2101102", "", ""], ["", "", "2101102"], ["210", "21011", "2101102"]]
)
def test_a_whole_code_in_one_of_the_columns_is_that_code(cells: list[str | None]) -> None:
    item = parts([*cells, "事业单位医疗", "3.00", "2.00", "1.00"]).items[0]
    assert (item.code, item.level, item.remarks) == ("2101102", 3, ())


def test_heads_beside_a_total_are_heads_of_the_rows_below() -> None:
    rows: list[list[str | None]] = [
        ["项目", None, "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        ["科目编码", "科目名称", "^", "^", "^", None, None, "^"],
        ["合计", None, "5.00", "", "合计", "基本支出", "项目支出", "3.00"],
        ["212", "城乡社区支出", "5.00", "6.00", "8.00", "4.00", "4.00", "3.00"],
    ]
    sheet = Sheet().centred("政府性基金预算财政拨款收入支出决算表").text("单位：万元", 450)
    statement = only(see([sheet.table(rows, [55, 95, 75, 60, 50, 50, 50, 75]).page]))
    total, line = statement.items
    assert (total.name, texts(total)) == (
        "合计",
        {"年初结转和结余": "5.00", "本年收入": "", "年末结转和结余": "3.00"},
    )
    assert (line.code, line.name, texts(line)) == (
        "212",
        "城乡社区支出",
        {
            "年初结转和结余": "5.00",
            "本年收入": "6.00",
            "本年支出": "8.00",
            "基本支出": "4.00",
            "项目支出": "4.00",
            "年末结转和结余": "3.00",
        },
    )


def test_a_total_in_the_row_of_the_code_heads_is_data() -> None:
    head: list[list[str | None]] = [
        ["项目", None, None, None, "本年支出合计", "基本支出", "项目支出"],
        ["科目编码", None, None, "科目名称", "^", "^", "^"],
    ]
    rows: list[list[str | None]] = [
        ["类", "款", "项", "合计", "3.00", "2.00", "1.00"],
        ["201", "06", "", "财政事务", "3.00", "2.00", "1.00"],
    ]
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    statement = only(see([sheet.table(head + rows, [35, 30, 30, 120, 90, 70, 70]).page]))
    assert [(i.code, i.name) for i in statement.items] == [("", "合计"), ("20106", "财政事务")]
    assert texts(statement.items[0])["合计"] == "3.00"


def test_column_numbers_and_formulas_are_head_not_data() -> None:
    statement = only(
        expenditure(
            ["1", "2", "3=4+5", "4", "5"],
            ["201", "一般公共服务支出", "3", "2", "1"],
        )
    )
    assert [i.code for i in statement.items] == ["201"]
    assert [c.number for c in statement.columns] == ["3=4+5", "4", "5"]


def test_column_numbers_without_a_formula_are_not_kept() -> None:
    statement = only(
        expenditure(["1", "2", "3", "4", "5"], ["201", "一般公共服务支出", "3", "2", "1"])
    )
    assert [c.number for c in statement.columns] == ["", "", ""]


def test_a_row_of_small_figures_is_not_taken_for_column_numbers() -> None:
    statement = only(expenditure(["", "合计", "0", "0", "0"]))
    assert texts(statement.items[0]) == {"合计": "0", "基本支出": "0", "项目支出": "0"}


def two_sided() -> list[list[str | None]]:
    return [
        ["收入", None, "支出", None],
        ["项目", "决算数", "项目", "决算数"],
        ["一、财政拨款收入", "5.00", "一、一般公共服务支出", "4.00"],
        ["本年收入合计", "5.00", "本年支出合计", "4.00"],
        ["总计", "5.00", "总计", "5.00"],
    ]


def test_the_two_sides_of_a_table_are_told_apart() -> None:
    sheet = Sheet().centred("收入支出决算总表").text("单位：元", 450)
    statement = only(see([sheet.table(two_sided(), [130, 80, 150, 80]).page]))
    assert statement.unit is Unit.YUAN
    assert texts(row(statement, "一、财政拨款收入", "收入")) == {"决算数": "5.00"}
    assert texts(row(statement, "总计", "支出")) == {"决算数": "5.00"}
    assert len(statement.items) == 6


def test_a_repeated_enumeration_belongs_to_the_line_above_it() -> None:
    rows: list[list[str | None]] = [
        ["收入", None, "支出", None],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款", "5.00", "一、一般公共服务支出", "4.00"],
        ["年初财政拨款结转和结余", "2.00", "", ""],
        ["一、一般公共预算财政拨款", "2.00", "", ""],
    ]
    sheet = Sheet().centred("财政拨款收入支出决算总表").text("单位：万元", 450)
    statement = only(see([sheet.table(rows, [170, 80, 150, 80]).page]))
    named = [i for i in statement.items if i.name == "一、一般公共预算财政拨款"]
    assert [(i.attributes, texts(i)["决算数"]) for i in named] == [
        ({}, "5.00"),
        ({"block": "年初财政拨款结转和结余"}, "2.00"),
    ]


def test_parallel_groups_are_read_one_after_the_other_and_a_wide_total_finds_its_figure() -> None:
    rows: list[list[str | None]] = [
        ["经济\n分类\n科目\n编码", "科目名称", "决算数"] * 3,
        ["301", "工资福利支出", "8.00", "302", "商品和服务支出", "2.00", "310", "资本性支出", ""],
        ["人员经费合计", None, "8.00", "公用经费合计", None, None, None, None, "2.00"],
    ]
    sheet = (
        Sheet(width=900).centred("一般公共预算财政拨款基本支出决算明细表").text("单位：万元", 450)
    )
    statement = only(see([sheet.table(rows, [50, 110, 60] * 3, x=20).page]))
    assert {i.name: texts(i)["决算数"] for i in statement.items} == {
        "工资福利支出": "8.00",
        "商品和服务支出": "2.00",
        "资本性支出": "",
        "人员经费合计": "8.00",
        "公用经费合计": "2.00",
    }


def test_figures_printed_across_become_line_items() -> None:
    rows: list[list[str | None]] = [
        ["预算数", None, None, "决算数", None, None],
        ["合计", "公务用车购置及运行费", None, "合计", "公务用车购置及运行费", None],
        ["^", "小计", "公务用车购置费", "^", "小计", "公务用车购置费"],
        ["3.00", "3.00", "", "1.00", "1.00", "0.00"],
    ]
    sheet = Sheet().centred("财政拨款“三公”经费支出决算表").text("单位：万元", 450)
    statement = only(see([sheet.table(rows, [70, 70, 90] * 2).page]))
    assert [(i.name, texts(i)) for i in statement.items] == [
        ("合计", {"预算数": "3.00", "决算数": "1.00"}),
        ("公务用车购置及运行费-小计", {"预算数": "3.00", "决算数": "1.00"}),
        ("公务用车购置费", {"预算数": "", "决算数": "0.00"}),
    ]


def continued(repeat_head: bool) -> Seen:
    first = Sheet(1).centred("支出决算表").text("单位：万元", 450)
    first.table([*CODE_HEAD, ["201", "一般公共服务支出", "3.00", "2.00", "1.00"]], WIDTHS)
    second = Sheet(2)
    head = CODE_HEAD if repeat_head else []
    second.table(
        [
            *head,
            ["208", "社会保障和就业支出", "4.00", "4.00", ""],
            ["合计", None, "7.00", "6.00", "1.00"],
        ],
        WIDTHS,
    ).text("注：本表反映部门本年度各项支出情况。")
    return see([first.page, second.page])


@pytest.mark.parametrize("repeat_head", [True, False])
def test_a_table_goes_on_over_the_page_with_or_without_its_head(repeat_head: bool) -> None:
    statement = only(continued(repeat_head))
    assert [(i.name, i.page) for i in statement.items] == [
        ("一般公共服务支出", 1),
        ("社会保障和就业支出", 2),
        ("合计", 2),
    ]
    assert statement.pages == (1, 2)
    assert statement.notes == ("注：本表反映部门本年度各项支出情况。",)


def headed(first_name: str) -> Seen:
    """Two pages that both print the title, the agency and the unit, as spreadsheets do."""
    pages = []
    for number, name in ((1, "一般公共服务支出"), (2, first_name)):
        sheet = Sheet(number).centred(f"2024年支出决算表{'（续）' if number > 1 else ''}")
        sheet.text("部门：某局").text("单位：万元", 450)
        sheet.table([*CODE_HEAD, ["201", name, "3.00", "2.00", "1.00"]], WIDTHS)
        pages.append(sheet.page)
    return see(pages)


def test_a_title_printed_again_on_the_next_page_begins_no_other_table() -> None:
    seen = headed("社会保障和就业支出")
    statement = only(seen)
    assert [(i.name, i.page) for i in statement.items] == [
        ("一般公共服务支出", 1),
        ("社会保障和就业支出", 2),
    ]
    assert [paragraph.text for paragraph in seen.prose] == []


def test_a_title_over_the_same_first_row_begins_another_table() -> None:
    seen = headed("一般公共服务支出")
    assert [[i.name for i in s.items] for s in seen.statements] == [["一般公共服务支出"]] * 2


def test_a_last_row_whose_border_was_left_to_the_next_page_is_a_row() -> None:
    sheet = Sheet(1).centred("支出决算表").text("单位：万元", 450)
    rows: list[list[str | None]] = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
        ["208", "社会保障和就业支出", "4.00", "4.00", ""],
    ]
    page = sheet.table(rows, WIDTHS).page
    lowest = min(segment[1] for segment in page.segments)
    page.segments = [s for s in page.segments if not s[1] == s[3] == lowest]
    assert row(only(see([page])), "社会保障和就业支出").amounts["合计"].text == "4.00"


@pytest.mark.parametrize("head", ["名称", "单位"])
def test_a_column_of_names_may_be_headed_in_one_word(head: str) -> None:
    sheet = Sheet(1).centred("支出决算表").text("单位：万元", 450)
    rows: list[list[str | None]] = [
        ["编码", head, "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "3.00", "2.00", "1.00"],
    ]
    (item,) = only(see([sheet.table(rows, WIDTHS).page])).items
    assert (item.code, item.name) == ("201", "一般公共服务支出")


def test_a_side_may_be_printed_with_what_it_is_broken_down_by() -> None:
    sheet = Sheet(1).centred("收支总表").text("单位：万元", 450)
    rows: list[list[str | None]] = [
        ["收入", None, "支出（按功能分类）", None],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款收入", "3.00", "一、教育支出", "3.00"],
    ]
    statement = only(see([sheet.table(rows, [130, 80, 130, 80]).page]))
    assert [(i.side, i.name) for i in statement.items] == [
        ("收入", "一、财政拨款收入"),
        ("支出(按功能分类)", "一、教育支出"),
    ]


def test_a_last_row_with_merged_cells_still_belongs_to_the_table() -> None:
    first = Sheet(1).centred("支出决算表").text("单位：万元", 450)
    first.table([*CODE_HEAD, ["201", "一般公共服务支出", "3.00", "2.00", "1.00"]], WIDTHS)
    second = Sheet(2).table([["合计", "3.00", "2.00", "1.00"]], [220, 80, 80, 80])
    statement = only(see([first.page, second.page]))
    assert texts(row(statement, "合计")) == {"合计": "3.00", "基本支出": "2.00", "项目支出": "1.00"}


def test_a_row_that_stands_twice_is_kept_twice_and_said() -> None:
    seen = expenditure(
        ["2060102", "后勤服务支出", "3.98", "", "3.98"],
        ["2060102", "后勤服务支出", "46.80", "", "46.80"],
    )
    assert [i.occurrence for i in only(seen).items] == [1, 2]
    assert [r.code for r in seen.remarks] == ["row-repeated"]


def test_a_row_with_figures_but_without_a_name_is_kept() -> None:
    statement = only(expenditure(["合计", None, "5.00", "5.00", ""], ["", "", "5.00", "5.00", ""]))
    assert [i.name for i in statement.items] == ["合计", ""]


def test_without_a_unit_nothing_is_assumed() -> None:
    seen = expenditure(["201", "一般公共服务支出", "3.00", "2.00", "1.00"], unit="编制日期：五月")
    assert only(seen).unit is None
    assert [r.code for r in seen.remarks] == ["unit-missing"]


def test_a_unit_we_do_not_convert_is_named() -> None:
    seen = expenditure(["201", "一般公共服务支出", "3.00", "2.00", "1.00"], unit="单位：千元")
    assert only(seen).unit is None
    assert "千元" in seen.remarks[0].message


def test_an_unknown_column_is_kept_under_its_printed_name_and_said() -> None:
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    rows: list[list[str | None]] = [
        ["科目编码", "科目名称", "合计", "债务支出"],
        ["201", "一般公共服务支出", "3.00", "2.00"],
    ]
    seen = see([sheet.table(rows, [70, 150, 80, 80]).page])
    assert texts(only(seen).items[0]) == {"合计": "3.00", "债务支出": "2.00"}
    assert [r.code for r in seen.remarks] == ["column-unknown"]


@pytest.mark.parametrize("title", ["农田建设资金支出决算表", "单位基本情况表", ""])
def test_a_table_that_follows_no_form_is_kept_raw_with_the_reason(title: str) -> None:
    sheet = Sheet()
    if title:
        sheet.centred(title)
    seen = see([sheet.table([*CODE_HEAD, ["201", "某某", "3.00", "2.00", "1.00"]], WIDTHS).page])
    assert seen.statements == []
    assert seen.tables[0].title == title
    assert seen.tables[0].rows[1] == ("201", "某某", "3.00", "2.00", "1.00")
    assert seen.tables[0].reason


def test_a_form_s_title_over_another_head_is_not_forced() -> None:
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    seen = see(
        [sheet.table([["序号", "单位名称", "备注"], ["1", "某中心", ""]], [60, 150, 80]).page]
    )
    assert seen.statements == []
    assert "head" in seen.tables[0].reason


def test_a_sentence_below_an_empty_table_becomes_its_note() -> None:
    sheet = Sheet().centred("政府性基金预算财政拨款支出决算表").text("单位：万元", 450)
    sheet.table([*CODE_HEAD, ["", "", "", "", ""]], WIDTHS)
    sheet.text("本部门2024年度无政府性基金预算财政拨款支出。")
    statement = only(see([sheet.page]))
    assert statement.items == ()
    assert statement.notes == ("本部门2024年度无政府性基金预算财政拨款支出。",)


def test_two_tables_on_one_page_keep_their_own_titles_and_units() -> None:
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    sheet.table([*CODE_HEAD, ["201", "一般公共服务支出", "3.00", "2.00", "1.00"]], WIDTHS)
    sheet.centred("一般公共预算财政拨款支出决算表").text("单位：元", 450)
    sheet.table([*CODE_HEAD, ["201", "一般公共服务支出", "30000", "20000", "10000"]], WIDTHS)
    seen = see([sheet.page])
    assert [(s.form, s.unit) for s in seen.statements] == [
        ("final.expenditure", Unit.WAN),
        ("final.general_function", Unit.YUAN),
    ]


def test_the_owner_s_sum_in_a_project_table_is_not_a_project() -> None:
    rows: list[list[str | None]] = [
        ["项目分类", "项目名称", "合计"],
        ["", "合计", "5.00"],
        ["", "江城区科技局", "5.00"],
        ["本级支出项目", "科普活动", "5.00"],
    ]
    sheet = Sheet().centred("项目支出表").text("单位：万元", 450).table(rows, [100, 200, 80])
    items = only(see([sheet.page])).items
    assert [(i.name, i.classification, i.total) for i in items] == [
        ("合计", Classification.PROJECT, True),
        ("江城区科技局", Classification.UNIT, False),
        ("科普活动", Classification.PROJECT, False),
    ]


def test_imitated_bold_does_not_double_digits() -> None:
    sheet = Sheet().centred("支出决算表").text("单位：万元", 450)
    sheet.table([*CODE_HEAD, ["201", "一般公共服务支出", "11.00", "2.00", "1.00"]], WIDTHS)
    sheet.page.chars += [(x0 + 0.3, y0, x1 + 0.3, y1, t) for x0, y0, x1, y1, t in sheet.page.chars]
    assert only(see([sheet.page])).items[0].amounts["合计"].value == Decimal("11.00")
