"""The sums inside performance forms, which are printed in blocks."""

from __future__ import annotations

import msgspec

from archive.forms.equations import Instance, Outcome, Reason
from archive.forms.evaluation import within
from archive.model import LineItem
from tests.archive.claiming import item, statement

FORM = "budget.performance_project"


def row(block: str, name: str, amount: str, group: str = "") -> LineItem:
    attributes = {"block": block} | ({"group": group} if group else {})
    return msgspec.structs.replace(item(name, 金额=amount), attributes=attributes)


def found(equation: str, *items: LineItem) -> list[Instance]:
    made = within(statement(FORM, *items))
    return [one for one in made if one.equation == f"{FORM}/{equation}"]


def sources(*rows: tuple[str, str]) -> list[Instance]:
    return found("sources", *(row("项目资金来源", name, amount) for name, amount in rows))


def test_sources_add_up_to_their_total_and_what_is_among_them_is_left_out() -> None:
    (one,) = sources(
        ("合计", "20.00"), ("1.一般公共预算财政拨款", "20.00"), ("其中：申请本级财力", "20.00")
    )
    assert one.outcome is Outcome.HOLDS
    assert [cell.name for cell in one.cells] == ["合计", "1.一般公共预算财政拨款"]


def test_sources_that_do_not_add_up_fail() -> None:
    (one,) = sources(("合计", "20.00"), ("一般公共预算财政拨款", "15.00"), ("单位资金", ""))
    assert one.outcome is Outcome.FAILS


def test_money_carried_over_may_belong_to_the_total_or_not() -> None:
    (one,) = sources(
        ("合计", "20.00"), ("一般公共预算财政拨款", "15.00"), ("使用上年度财政拨款结转", "5.00")
    )
    assert (one.outcome, one.reason) == (Outcome.UNDECIDABLE, Reason.STRUCTURE)


def test_a_source_the_form_does_not_know_leaves_it_undecided() -> None:
    (one,) = sources(("合计", "20.00"), ("一般公共预算财政拨款", "15.00"), ("债券资金", "4.00"))
    assert one.outcome is Outcome.UNDECIDABLE


def details(budget: str, *amounts: str) -> list[Instance]:
    rows = [row("项目支出明细测算", f"活动{n}", amount) for n, amount in enumerate(amounts)]
    return found("details", item("项目当年预算", 项目当年预算=budget), *rows)


def test_details_are_held_against_the_budget_of_the_year() -> None:
    assert [one.outcome for one in details("5.00", "2.00", "3.00")] == [Outcome.HOLDS]
    assert [one.outcome for one in details("0.15", "0.31")] == [Outcome.FAILS]


def test_details_that_come_out_twice_have_subtotals_among_them() -> None:
    (one,) = details("5.00", "5.00", "2.00", "3.00")
    assert (one.outcome, one.reason) == (Outcome.UNDECIDABLE, Reason.STRUCTURE)


def test_each_total_of_shanghais_form_has_the_parts_below_it() -> None:
    block, year = "项目资金", "年度资金申请总额"
    rows = (
        row(block, "项目资金总额", "9.00"),
        row(block, year, "9.00"),
        row(block, "其中：财政资金", "9.00", "项目资金总额"),
        row(block, "其中：当年财政拨款", "8.00", year),
        row(block, "上年结转资金", "0.00", year),
        row(block, "其他资金", "0.00", "项目资金总额"),
        row(block, "其他资金", "0.00", year),
    )
    assert [one.outcome for one in found("funds", *rows)] == [Outcome.HOLDS]
    (one,) = found("funds-year", *rows)
    assert one.outcome is Outcome.FAILS
    assert [cell.amount.text for cell in one.cells] == ["9.00", "8.00", "0.00", "0.00"]
