from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Classification
from diffing.changes import Significance
from diffing.compare import compare
from diffing.roles import Burden, Measure, Table, burden_of, is_class, measure_of, table_of
from diffing.thresholds import Thresholds

from .build import document, item, statement, version

HEADLINE, REPORT, LIST = Significance.HEADLINE, Significance.REPORT, Significance.LIST


def weight(
    old: str | None, new: str | None, form: str = "budget.expenditure", name: str = "甲", **rest
) -> Significance:
    """Where the change of one cell is shown, from one year to the next."""

    def side(text: str | None):
        rows = [] if text is None else [item(name, text, **rest)]
        return document(statement(*rows, form=form))

    changes = compare(version(side(old), year=2023), version(side(new))).changes
    return changes[0].significance if changes else LIST


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1000.00", "1049.99", LIST),
        ("1000.00", "1050.00", REPORT),
        ("100.00", "109.99", LIST),
        ("100.00", "110.00", REPORT),
        ("249.00", "298.99", REPORT),
        ("250.00", "300.00", HEADLINE),
        ("300.00", "250.00", REPORT),
        ("100000.00", "100499.99", LIST),
        ("100000.00", "100500.00", HEADLINE),
        ("100500.00", "100000.00", HEADLINE),
        ("0.00", "9.99", LIST),
        ("", "10.00", REPORT),
        ("", "50.00", HEADLINE),
        (None, "50.00", HEADLINE),
        ("50.00", None, HEADLINE),
    ],
)
@pytest.mark.parametrize(
    "row", [{"name": "合计"}, {"code": "206"}, {"name": "支出总计", "total": True}]
)
def test_totals_and_classes(old: str | None, new: str | None, expected: str, row: dict) -> None:
    assert weight(old, new, **row) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("100.00", "129.99", LIST),
        ("100.00", "130.00", REPORT),
        ("10.00", "14.99", LIST),
        ("1000.00", "9000.00", REPORT),
        (None, "9.99", LIST),
        (None, "10.00", REPORT),
        ("10.00", None, REPORT),
        ("10.00", "0.00", REPORT),
    ],
)
@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("budget.expenditure", {"code": "2060102"}),
        ("budget.project", {"classification": Classification.PROJECT}),
        ("budget.basic_economic", {"code": "30227", "name": "委托业务费"}),
    ],
)
def test_projects_and_lines_below_classes(
    old: str | None, new: str | None, expected: str, form: str, row: dict
) -> None:
    assert weight(old, new, form, **row) is expected


def test_a_small_project_is_reported_where_it_is_a_large_share_of_all() -> None:
    def found(*projects: tuple[str, str], total: str):
        rows = [item(n, t, classification=Classification.PROJECT) for n, t in projects]
        return document(statement(*rows, item("合计", total), form="budget.project"))

    old = found(("甲", "90.00"), total="90.00")
    small = found(("甲", "90.00"), ("乙", "4.00"), total="94.00")
    large = found(("甲", "90.00"), ("乙", "5.00"), total="95.00")

    def of(new) -> Significance:
        changes = compare(version(old, year=2023), version(new)).changes
        return next(c.significance for c in changes if c.line.name == "乙")

    assert (of(small), of(large)) == (LIST, REPORT)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("合计", "10.00", "10.99", REPORT),
        ("合计", "10.00", "11.00", HEADLINE),
        ("合计", "5.00", "5.50", HEADLINE),
        ("合计", "5.00", "5.49", REPORT),
        ("合计", "50.00", "5.00", REPORT),
        ("合计", "0.00", "0.30", HEADLINE),
        ("公务接待费", "0.30", "0.29", REPORT),
        ("公务接待费", "0.30", "9.00", REPORT),
        ("公务用车购置费", "30.00", "25.00", HEADLINE),
        ("公务用车购置费", "25.00", "0.00", REPORT),
        ("公务用车购置及运行费-购置费", "0", "25", HEADLINE),
        ("公务用车购置及运行费-小计", "0", "25", REPORT),
        ("因公出国（境）费", "0.00", "1.00", HEADLINE),
        ("因公出国（境）费", "2.00", "3.00", REPORT),
        ("机关运行经费", "100.00", "114.99", LIST),
        ("机关运行经费", "100.00", "85.00", REPORT),
    ],
)
def test_the_three_public_expenses(name: str, old: str, new: str, expected: str) -> None:
    measures = ("预算数",)
    assert weight(old, new, "budget.sangong", name, measures=measures) is expected


def test_staff_and_running_costs_are_watched_by_rate() -> None:
    measures = ("合计", "人员经费", "公用经费")

    def found(*cells: str):
        rows = [item("合计", *cells, measures=measures)]
        return document(statement(*rows, form="budget.basic_economic"))

    old, new = found("100.00", "80.00", "20.00"), found("101.00", "77.99", "23.01")
    (change,) = compare(version(old, year=2023), version(new)).changes

    assert [(c.measure, c.significance) for c in change.cells] == [
        ("合计", LIST),
        ("人员经费", LIST),
        ("公用经费", REPORT),
    ]
    assert change.cell is not None
    assert change.cell.measure == "公用经费"


def test_the_budget_column_of_a_final_account_is_no_headline() -> None:
    def found(planned: str, spent: str):
        row = item("合计", planned, spent, measures=("预算数", "决算数"))
        return document(statement(row, form="final.sangong"))

    (change,) = compare(
        version(found("1.00", "3.00"), year=2023), version(found("9.00", "3.00"))
    ).changes

    assert change.significance is LIST


def test_any_changed_number_of_a_published_document_is_a_headline() -> None:
    old, new = (document(statement(item("甲", text))) for text in ("5.00", "5.01"))
    (change,) = compare(version(old), version(new)).changes

    assert change.significance is HEADLINE


def test_thresholds_can_be_set() -> None:
    old, new = (document(statement(item("合计", text))) for text in ("100.00", "102.00"))
    strict = Thresholds(total_percent=Decimal(1), total_amount=Decimal(1))

    (change,) = compare(version(old, year=2023), version(new), None, strict).changes

    assert change.significance is REPORT


def test_roles_are_read_from_forms_and_names() -> None:
    assert table_of("final.sangong") is Table.SANGONG
    assert table_of("") is table_of("budget.unheard_of") is Table.OTHER
    assert burden_of("“三公”经费合计") is Burden.TOTAL
    assert burden_of("其中：公务用车购置费") is Burden.PURCHASE
    assert burden_of("2、公务用车购置及运行维护费") is Burden.VEHICLES
    assert burden_of("公务用车运行维护费") is Burden.RUNNING
    assert burden_of("机关运行经费") is Burden.OPERATING
    assert measure_of("日常公用经费") is Measure.RUNNING
    assert is_class(item("甲", "1", code="206"), Table.EXPENDITURE)
    assert not is_class(item("甲", "1", code="20601"), Table.EXPENDITURE)
    assert not is_class(item("合计", "1"), Table.EXPENDITURE)
    assert not is_class(item("项目资金总额", "1"), Table.OTHER)
    assert is_class(item("一、科学技术支出", "1", level=1), Table.EXPENDITURE)
    assert not is_class(item("1.一般公共预算", "1", level=3), Table.EXPENDITURE)


@pytest.mark.parametrize(("new", "expected"), [("100.0049", LIST), ("100.005", REPORT)])
def test_a_difference_of_print_is_only_listed_between_years(new: str, expected: str) -> None:
    assert weight("100.00", new, "budget.sangong", "公务接待费") is expected


@pytest.mark.parametrize(
    ("old", "new", "prose", "expected"),
    [
        ("1.00", "1.10", "本单位厉行节约，严控三公经费。", HEADLINE),
        ("1.00", "1.10", "主要是人员增加。", REPORT),
        ("1.10", "1.00", "本单位厉行节约，严控三公经费。", REPORT),
    ],
)
def test_reception_that_rises_while_the_prose_says_economy_is_a_headline(
    old: str, new: str, prose: str, expected: str
) -> None:
    before, after = (
        document(statement(item("公务接待费", text), form="budget.sangong"), prose=said)
        for text, said in ((old, ()), (new, (prose,)))
    )
    (change,) = compare(version(before, year=2023), version(after)).changes
    assert change.significance is expected
