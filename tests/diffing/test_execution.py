from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from archive.model import (
    Basis,
    Binding,
    Claim,
    Direction,
    Document,
    Kind,
    Level,
    LineItem,
    Reference,
    Role,
    Unit,
)
from diffing.changes import Significance
from diffing.compare import compare
from diffing.digest import of_versions
from diffing.execution import Executed, executed
from diffing.render import markdown
from diffing.render.comparison import as_csv
from diffing.render.execution import execution_sheet
from diffing.versions import IncomparableError
from diffing.words import wording

from .archived import identity
from .build import document, item, statement, version
from .test_commands import Desk

THREE = ("合计", "基本支出", "项目支出")


def plan(total: str = "471.19", unit: Unit = Unit.WAN, **more: str) -> Document:
    return document(
        statement(
            item("一般公共服务支出", total, "400.00", "71.19", code="201", level=1, row=3),
            item("其他支出", "5.00", "", "5.00", code="229", level=1, row=4),
            item("合计", total, "400.00", "71.19", row=5),
            form="budget.general_function",
            title="一般公共预算支出表",
            unit=unit,
        ),
        statement(
            item("公务接待费", "2.00", measures=("预算数",), row=3),
            form="budget.sangong",
            title="“三公”经费支出表",
        ),
    )


def account(total: str = "16,010.35", claims: tuple[Claim, ...] = ()) -> Document:
    found = document(
        statement(
            item("一般公共服务支出", total, "407.62", "15,602.73", code="201", level=1, row=7),
            item("招商引资", "6,806.44", "", "6,806.44", code="2011308", level=3, row=8),
            item("合计", total, "407.62", "15,602.73", row=6),
            form="final.general_function",
            title="一般公共预算财政拨款支出决算表",
        ),
        statement(
            item("公务接待费", "1.50", "0.75", measures=("预算数", "决算数"), row=3),
            form="final.sangong",
            title="财政拨款“三公”经费支出决算表",
        ),
        statement(item("甲", "1"), form="final.fund", title="政府性基金表"),
        original="b",
    )
    return structs.replace(found, claims=claims)


def lines(budget: Document, final: Document) -> dict[tuple[str, str, str], Executed]:
    found = executed(version(budget), version(final, kind=Kind.FINAL))
    return {(line.line.form, line.line.code, line.measure): line for line in found.lines}


def test_the_outcome_stands_beside_the_original_budget_with_its_rate() -> None:
    line = lines(plan(), account())["final.general_function", "", "合计"]

    assert line.original is not None
    assert line.outcome is not None
    assert (line.original.wan, line.outcome.wan) == (Decimal("471.19"), Decimal("16010.35"))
    assert line.difference == Decimal("15539.16")
    assert line.rate == Decimal("3397.85")
    assert line.significance is Significance.HEADLINE
    assert (line.original.at.page, line.original.at.row) == (5, 5)


def test_the_full_year_budget_is_neither_the_original_budget_nor_the_outcome() -> None:
    line = lines(plan(), account())["final.sangong", "", "决算数"]

    assert line.original is not None
    assert line.full_year is not None
    assert line.outcome is not None
    assert [f.wan for f in (line.original, line.full_year, line.outcome)] == [
        Decimal("2.00"),
        Decimal("1.50"),
        Decimal("0.75"),
    ]
    assert (line.rate, line.full_year_rate) == (Decimal("37.50"), Decimal("50.00"))


@pytest.mark.parametrize(
    ("left", "share", "told"),
    [("20.00", "20.00", Significance.LIST), ("20.01", "20.01", Significance.REPORT)],
)
def test_money_left_over_is_told_from_a_fifth_of_what_was_spent(
    left: str, share: str, told: Significance
) -> None:
    def side(name: str, amount: str, **more: bool) -> LineItem:
        return item(name, amount, measures=("决算数",), side="支出", **more)

    rows = side("本年支出合计", "100.00", total=True), side("二、年末结转和结余", left)
    final = document(statement(*rows, form="final.total", title="收入支出决算总表"))
    budget = document(
        statement(
            item("支出总计", "100.00", measures=("预算数",), side="支出", total=True),
            form="budget.total",
            title="部门收支总表",
        )
    )
    found = executed(version(budget), version(final, kind=Kind.FINAL))
    line = next(line for line in found.lines if line.carried is not None)

    assert (line.line.name, line.carried, line.significance) == (
        "二、年末结转和结余",
        Decimal(share),
        told,
    )
    said = "“二、年末结转和结余”20.01 万元，为本年支出的 20.01%（据公开数据计算）。"
    assert (said in execution_sheet(found, wording("zh")).notes) is (told is Significance.REPORT)


def test_what_had_no_budget_has_no_rate_and_is_told_from_ten_wan_on() -> None:
    line = lines(plan(), account())["final.general_function", "2011308", "合计"]

    assert (line.original, line.rate) == (None, None)
    assert line.unsure  # the budget prints no 项 at all: it is divided otherwise
    assert line.difference is None
    assert line.significance is Significance.LIST


def test_a_budgeted_line_without_outcome_is_shown() -> None:
    line = lines(plan(), account())["budget.general_function", "229", "合计"]

    assert line.outcome is None
    assert line.difference == Decimal("-5.00")


def test_units_are_converted_exactly() -> None:
    yuan = document(
        statement(
            item("合计", "4,711,900.00", row=5),
            form="budget.general_function",
            unit=Unit.YUAN,
        )
    )

    line = lines(yuan, account())["final.general_function", "", "合计"]

    assert line.difference == Decimal("15539.16")


def test_a_table_of_one_document_only_is_named_and_not_guessed_at() -> None:
    found = executed(version(plan()), version(account(), kind=Kind.FINAL))

    assert found.only == ("政府性基金表",)


def quoted(value: str) -> tuple[Claim, ...]:
    sentence = "年初预算为……，支出决算为……。"
    cell = Binding("final.general_function", "合计", "合计")
    common = {
        "subject": "一般公共预算财政拨款支出",
        "page": 9,
        "quotation": sentence,
        "span": (0, 1),
    }
    return (
        Claim(
            Role.VALUE, text=value, value=Decimal(value), unit="万元", year=2024,
            basis=Basis.ORIGINAL, **common,
        ),
        Claim(
            Role.VALUE, text="16,010.35万元", value=Decimal("16010.35"), unit="万元", year=2024,
            basis=Basis.FINAL, bound=(cell,), **common,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "agrees"), [("471.19", True), ("471.2", True), ("470.19", False)]
)
def test_the_budget_that_the_final_account_quotes_is_a_second_witness(
    value: str, agrees: bool
) -> None:
    line = lines(plan(), account(claims=quoted(value)))["final.general_function", "", "合计"]

    assert line.quoted is not None
    assert (line.quoted.value, line.quoted.page) == (Decimal(value), 9)
    assert line.quoted_agrees is agrees
    assert line.original is not None
    assert line.original.wan == Decimal("471.19")  # the budget's own figure stands


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ({}, {}, "needs a budget first and then the final account"),
        ({"kind": Kind.FINAL}, {"kind": Kind.BUDGET}, "needs a budget first"),
        ({"year": 2025}, {"kind": Kind.FINAL}, "year is 2025 on one side and 2024"),
        ({}, {"kind": Kind.FINAL, "level": Level.UNIT}, "level is department on one side"),
        ({}, {"kind": Kind.FINAL, "agency": "310107.013"}, "agency is 310107/310107.012"),
    ],
)
def test_only_the_plan_and_the_outcome_of_one_year_and_agency_are_held_together(
    old: dict, new: dict, why: str
) -> None:
    with pytest.raises(IncomparableError, match=why):
        executed(version(plan(), **old), version(account(), **new))


def test_a_plan_and_an_outcome_are_never_compared_as_two_versions() -> None:
    with pytest.raises(IncomparableError, match="compare as execution"):
        compare(version(plan()), version(account(), kind=Kind.FINAL))


def claims_of_last_year(moved: str, direction: Direction, **more: object) -> tuple[Claim, ...]:
    cell = Binding("budget.general_function", "合计", "合计")
    common = {"subject": "支出预算", "page": 7, "quotation": "……。", "span": (0, 1), "year": 2024}
    fields = {
        "against": Reference("比2023年预算", 2023, Basis.BUDGET),
        "value": Decimal(moved), "unit": "万元", "direction": direction, "about": 0,
    } | more  # fmt: skip
    return (
        Claim(
            Role.VALUE, text="1", value=Decimal("471.19"), unit="万元", basis=Basis.BUDGET,
            bound=(cell,), **common,
        ),
        Claim(Role.DIFFERENCE, text="2", **common, **fields),
    )  # fmt: skip


def last_year(total: str) -> Document:
    return plan(total)


def witnesses(claims: tuple[Claim, ...], before: str = "371.19") -> list:
    old = version(last_year(before), year=2023)
    return list(compare(old, version(structs.replace(plan(), claims=claims))).witnesses)


def test_last_years_figure_follows_from_this_years_and_the_stated_increase() -> None:
    (found,) = witnesses(claims_of_last_year("100.00", Direction.UP))

    assert found.quoted is not None
    assert found.quoted.derived
    assert found.quoted.value == Decimal("371.19")
    assert found.agrees is True
    (other,) = witnesses(claims_of_last_year("99.00", Direction.UP))
    assert other.agrees is False
    assert other.printed is not None
    assert other.printed.amount.text == "371.19"


def test_a_second_witness_is_in_the_table_of_figures_and_in_the_digest() -> None:
    claims = claims_of_last_year("99.00", Direction.UP)
    old, new = version(last_year("371.19"), year=2023), structs.replace(plan(), claims=claims)
    comparison = compare(old, version(new))
    (said,) = [
        row
        for row in csv.DictReader(as_csv(comparison).splitlines())
        if row["kinds"] == "second-witness"
    ]
    digest = markdown.render(of_versions(old, version(new)))

    assert (said["name"], said["old"], said["old_wan"], said["new_wan"], said["field"]) == (
        "合计", "371.19", "371.19", "372.19", "witness-differs",
    )  # fmt: skip
    assert (said["old_page"], said["old_row"], said["new_page"]) == ("5", "5", "7")
    assert "“合计”合计：上年文件为 371.19 万元，本年文件说明为 372.19 万元" in digest


def test_an_outcome_quoted_is_no_witness_of_a_budget() -> None:
    outcome = Reference("与2023年决算相比", 2023, Basis.EXECUTION)

    assert witnesses(claims_of_last_year("100.00", Direction.UP, against=outcome)) == []


def test_nearly_level_says_no_figure() -> None:
    level = {"value": None, "unit": None, "direction": Direction.SAME}

    assert witnesses(claims_of_last_year("0", **level, word="基本持平")) == []
    (exact,) = witnesses(claims_of_last_year("0", **level, word="持平"), before="471.19")
    assert exact.agrees is True


def test_execution_is_asked_for_on_the_command_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.filing.commit(plan(), identity(2024))
    desk.filing.commit(account(), identity(2024, Kind.FINAL))
    ids = [identity(2024, kind).document_id for kind in Kind]

    refused = desk.run("diff", *ids)
    table = desk.run("diff", *ids, "--as", "execution")
    years = desk.run(
        "diff", "2024/budget", "2024/final", "--agency", "财政局", "--as", "execution", "--json"
    )
    as_csv = desk.run("diff", *ids, "--as", "execution", "--csv").stdout.splitlines()

    assert refused.exit_code == 2
    assert "--as execution" in refused.stderr
    assert table.exit_code == 0
    assert "3,397.85%" in table.stdout
    assert "执行率不是增长率" in table.stdout
    found = json.loads(years.stdout)
    assert found["schema"] == "mingzhang-execution/1"
    (total,) = (x for x in found["lines"] if x["measure"] == "合计" and not x["code"])
    assert (total["original_wan"], total["outcome_wan"]) == ("471.19", "16010.35")
    assert total["rate_percent"] == "3397.85"
    assert as_csv[0].startswith("significance,statement,form")
    assert len(as_csv) == len(found["lines"]) + 1
