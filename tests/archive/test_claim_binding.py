"""Which cell of which statement a claim speaks of, and when none is sure."""

from __future__ import annotations

import pytest

from archive.model import Binding, Claim, Kind, LineItem, Role, Statement, Unit
from archive.text.claims import cell, claims
from tests.archive.claiming import document, item, statement

TOTAL = statement(
    "final.total",
    item("一、一般公共预算财政拨款收入", side="收入", 决算数="9.00"),
    item("本年收入合计", side="收入", 决算数="9.00"),
    item("总计", side="收入", 决算数="10.00"),
    item("一、教育支出", side="支出", 决算数="8.00"),
    item("总计", side="支出", 决算数="10.00"),
)
EXPENDITURE = statement(
    "final.expenditure", item("合计", 合计="8.00", 基本支出="5.00", 项目支出="3.00")
)
GENERAL = statement(
    "final.general_function",
    item("教育支出", "205", 合计="8.00", 基本支出="5.00", 项目支出="3.00"),
    item("普通教育", "20502", 合计="8.00"),
    item("小学教育", "2050202", 合计="6.00"),
    item("一般行政管理事务", "2050102", 合计="1.00"),
    item("教育管理事务", "20501", 合计="2.00"),
    item("合计", 合计="8.00", 基本支出="5.00", 项目支出="3.00"),
)
FISCAL = statement(
    "final.fiscal",
    item("一、一般公共预算财政拨款", side="收入", 决算数="9.00"),
    item("本年收入合计", side="收入", 决算数="9.00"),
    item("一般公共预算财政拨款", side="收入", 决算数="1.00"),
    item("总计", side="收入", 决算数="10.00"),
    item("总计", side="支出", 合计="10.00"),
)
SANGONG = statement(
    "final.sangong",
    item("合计", 预算数="2.85", 决算数="0.39"),
    item("公务接待费", 预算数="2.85", 决算数="0.39"),
)
FINAL = (TOTAL, EXPENDITURE, GENERAL, FISCAL, SANGONG)


def bound(*prose: str, statements: tuple[Statement, ...] = FINAL, **known: object) -> list[Claim]:
    return list(claims(document(*prose, statements=statements, **known)))  # type: ignore[arg-type]


def cells(claim: Claim) -> list[str]:
    return [
        "/".join((b.form.split(".")[1], b.side or "", b.code + b.name, b.measure))
        for b in claim.bound
    ]


def test_the_total_of_both_sides_speaks_of_both_cells() -> None:
    claim = bound("2024年度收入支出总计10.00万元。")[0]
    assert cells(claim) == ["total/收入/总计/决算数", "total/支出/总计/决算数"]
    assert claim.reason == ""


def test_a_change_and_a_share_speak_of_the_cell_they_are_about() -> None:
    value, share, percent = bound(
        "## 三、支出决算情况说明", "基本支出5.00万元，占62.5%，比2023年度增长3%。"
    )
    assert cells(value) == ["expenditure//合计/基本支出"]
    assert share.bound == percent.bound == value.bound


@pytest.mark.parametrize(
    ("heading", "cell_of"),
    [
        ("## 三、支出决算情况说明", "expenditure//合计/基本支出"),
        ("## 五、一般公共预算财政拨款支出决算情况说明", "general_function//合计/基本支出"),
    ],
)
def test_the_section_says_which_statement_is_meant(heading: str, cell_of: str) -> None:
    assert cells(bound(heading, "基本支出5.00万元。")[0]) == [cell_of]


def test_a_name_that_several_statements_print_is_not_bound_outside_their_sections() -> None:
    claim = bound("## 十、预算绩效管理情况", "基本支出5.00万元。")[0]
    assert (claim.bound, claim.reason) == ((), "which statement it speaks of is not said")


def test_a_path_of_class_group_and_item_is_one_code() -> None:
    claim = bound(
        "## 五、一般公共预算财政拨款支出决算情况说明",
        "1、教育支出（类）普通教育（款）小学教育（项）。年初预算为7万元，支出决算为6.00万元。",
    )
    assert cells(claim[1]) == ["general_function//2050202小学教育/合计"]
    assert claim[0].reason == "this document's statements do not print this kind of figure"


@pytest.mark.parametrize(
    "path",
    [
        "教育支出（类）教育支出（款）小学教育（项）",
        "教育支出（类）普通教育（款）初中教育（项）",
        "普通教育支出（类）普通教育（款）小学教育（项）",
        "教育支出（205类）普通教育（02款）小学教育（03项）",
        "教育支出（205类）普通教育（02款）初中教育（02项）",
    ],
)
def test_a_path_that_no_line_item_has_is_bound_to_none(path: str) -> None:
    claim = bound("## 五、一般公共预算财政拨款支出决算情况说明", f"{path}6.00万元。")[0]
    assert (claim.bound, claim.reason) == ((), "no line item has this 类, 款 and 项")


@pytest.mark.parametrize(
    "path",
    [
        "“教育支出（类）普通教育（款）小学教育（项）”",
        "教育支出（205类）普通教育（02款）小学教育（02项）",
        "“教育支出-普通教育-小学教育”科目",
        "教育支出(类)普通教育(款)小学教育(项)",
    ],
)
def test_paths_as_they_are_printed(path: str) -> None:
    claim = bound("## 五、一般公共预算财政拨款支出决算情况说明", f"1.{path}6.00万元。")[0]
    assert cells(claim) == ["general_function//2050202小学教育/合计"]


@pytest.mark.parametrize("name", ["教育支出（类）", "教育支出类支出", "教育支出"])
def test_a_class_by_its_name(name: str) -> None:
    claim = bound("## 五、一般公共预算财政拨款支出决算情况说明", f"{name}8.00万元，占100%。")[0]
    assert cells(claim) == ["general_function//205教育支出/合计"]


def test_a_class_in_a_two_sided_statement_is_a_row_of_its_expenditure() -> None:
    claim = bound("## 一、收入支出决算总体情况说明", "教育支出8.00万元。")[0]
    assert cells(claim) == ["total/支出/一、教育支出/决算数"]


def test_of_two_rows_of_one_name_the_one_above_the_sum_is_the_years_own() -> None:
    claim = bound("## 四、财政拨款收入支出决算总体情况说明", "一般公共预算财政拨款收入9.00万元。")[
        0
    ]
    assert cells(claim) == ["fiscal/收入/一、一般公共预算财政拨款/决算数"]


def test_a_code_printed_twice_is_bound_to_neither() -> None:
    twice = statement(
        "final.general_function",
        item("教育支出", "205", 合计="8.00"),
        item("普通教育", "20502", 合计="8.00"),
        item("小学教育", "2050202", 合计="6.00"),
        item("小学教育", "2050202", 合计="2.00"),
    )
    claim = bound(
        "## 五、一般公共预算财政拨款支出决算情况说明",
        "教育支出（类）普通教育（款）小学教育（项）6.00万元。",
        statements=(twice,),
    )[0]
    assert (claim.bound, claim.reason) == ((), "more than one cell could be meant")


def test_a_form_printed_twice_binds_nothing() -> None:
    claim = bound("2024年度收入支出总计10.00万元。", statements=(TOTAL, TOTAL))[0]
    assert (claim.bound, claim.reason) == ((), "more than one cell could be meant")


def test_a_statement_that_was_not_read_is_said_to_be_missing() -> None:
    claim = bound("2024年度收入支出总计10.00万元。", statements=())[0]
    assert claim.reason == "the statement that prints it was not read, or has no such cell"


def test_the_same_figure_elsewhere_stands_in_where_its_own_statement_is_missing() -> None:
    claim = bound("2024年度收入合计9.00万元。")[0]
    assert cells(claim) == ["total/收入/本年收入合计/决算数"]


@pytest.mark.parametrize(
    ("note", "words", "measure"),
    [
        ("预算数为“三公”经费全年预算数，反映调整后的预算数。", "全年预算", "预算数"),
        ("预算数为“三公”经费年初预算数。", "年初预算", "预算数"),
        ("预算数为“三公”经费全年预算数。", "年初预算", None),
        ("", "年初预算", None),
        ("", "预算", "预算数"),
    ],
)
def test_the_plan_beside_the_outcome_is_bound_only_as_its_note_defines_it(
    note: str, words: str, measure: str | None
) -> None:
    sangong = statement("final.sangong", *SANGONG.items, notes=(note,))
    claim = bound(f"公务接待费{words}为2.85万元。", statements=(sangong,))[0]
    assert [b.measure for b in claim.bound] == ([measure] if measure else [])


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("共有车辆7辆。", "no statement prints counts"),
        ("2023年公务接待费0.5万元。", "it is a figure of an earlier year"),
        ("主要原因是公务接待费0.39万元。", "it stands in a reason or a purpose"),
        ("授予小微企业合同金额5万元。", "no statement prints a figure of this name"),
        ("面向中小企业预留政府采购预算5万元。", "no statement prints a figure of this name"),
    ],
)
def test_what_is_not_bound_says_why(sentence: str, reason: str) -> None:
    claim = bound(sentence)[0]
    assert (claim.bound, claim.reason) == ((), reason)


def test_a_document_that_is_neither_budget_nor_final_account_binds_nothing() -> None:
    claim = bound("收入支出总计10.00万元。", kind=None)[0]
    assert claim.bound == ()
    assert claim.reason


def test_an_earlier_figure_is_not_bound_to_this_years_cell() -> None:
    claims = bound("2024年公务接待费0.39万元，2023年决算数为0.50万元。")
    assert [c.role for c in claims] == [Role.VALUE, Role.PREVIOUS]
    assert (bool(claims[0].bound), claims[1].bound, claims[1].about) == (True, (), 0)


def test_budgets_bind_to_their_own_forms() -> None:
    guide = statement(
        "budget.general_function",
        item("教育支出", "205", 合计="80,000"),
        item("普通教育", "20502", 合计="80,000"),
        item("小学教育", "2050202", 合计="80,000"),
        item("合计", 合计="80,000"),
        unit=Unit.YUAN,
    )
    projects = statement("budget.project", item("合计", 合计="3.00"), item("党建", 合计="0.85"))
    sangong = statement("budget.sangong", item("公务用车购置及运行费-小计", 预算数="3.00"))
    claims = bound(
        "2025年部门预算编制说明",
        "1.“教育支出（类）普通教育（款）小学教育（项）”8.00万元。",
        "## 十、项目支出安排情况",
        "2025年项目支出3.00万元，具体使用情况如下：",
        "1.党建项目0.85万元，主要用于开展活动。",
        "2.档案项目1万元。",
        "公务用车购置及运行维护费3万元。",
        kind=Kind.BUDGET,
        year=2025,
        statements=(guide, projects, sangong),
    )
    assert [cells(c) for c in claims] == [
        ["general_function//2050202小学教育/合计"],
        ["project//合计/合计"],
        ["project//党建/合计"],
        [],
        ["sangong//公务用车购置及运行费-小计/预算数"],
    ]


def test_an_expenditure_side_split_two_ways_prints_one_total_twice() -> None:
    total = statement(
        "budget.total",
        item("收入总计", side="收入", 预算数="9.00"),
        item("支出总计", side="支出(按功能分类)", 预算数="9.00"),
        item("支出总计", side="支出(按支出性质和经济分类)", 预算数="9.00"),
    )
    claim = bound("收支总预算9万元。", statements=(total,), kind=Kind.BUDGET)[0]
    assert len(claim.bound) == 3


def test_a_binding_names_its_cell() -> None:
    read = document("2024年度收入支出总计10.00万元。", statements=FINAL)
    claim = claims(read)[0]
    amounts = [cell(read, binding) for binding in claim.bound]
    assert [a.text for a in amounts if a] == ["10.00", "10.00"]
    assert cell(read, Binding("final.total", "总计", "预算数", side="收入")) is None


def test_a_binding_keeps_apart_what_stands_in_a_block() -> None:
    inside = LineItem(
        "一般公共预算拨款",
        side="收入",
        attributes={"block": "二、上年结转"},
        amounts=item("x", 预算数="1").amounts,
    )
    own = item("一般公共预算拨款", side="收入", 预算数="9")
    fiscal = statement("budget.fiscal", own, inside)
    read = document(
        "## 四、财政拨款收支预算总体情况",
        "一般公共预算财政拨款本年收入9万元。",
        kind=Kind.BUDGET,
        statements=(fiscal,),
    )
    (binding,) = claims(read)[0].bound
    amount = cell(read, binding)
    assert amount is not None
    assert amount.text == "9"
