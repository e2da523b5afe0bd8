"""What a change is called: one name for each thing that can happen to a line."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from archive.model import Classification, Document, LineItem, Locator, Unit
from diffing.changes import Balance, What
from diffing.compare import Comparison, compare
from diffing.paired import How

from .build import budget, document, item, statement, version

ONE = ("合计",)


def project(name: str, amount: str, **rest: object) -> LineItem:
    fields: dict[str, object] = {"classification": Classification.PROJECT} | rest
    return item(name, amount, measures=ONE, **fields)


def projects(*rows: LineItem, total: str = "100.00") -> Document:
    return document(
        statement(
            *rows, item("合计", total, measures=ONE), form="budget.project", title="项目支出表"
        )
    )


def revised(old: Document, new: Document) -> Comparison:
    return compare(version(old), version(structs.replace(new, original="b" * 64)))


def said(comparison: Comparison) -> list[tuple[tuple[What, ...], str]]:
    return [(change.kinds, change.line.name) for change in comparison.changes]


def typeset_again(found: Document) -> Document:
    """The same document set anew: other pages, rows, spaces, widths of characters."""

    def row(i: LineItem) -> LineItem:
        amounts = {
            measure: structs.replace(a, text=f" {a.text} ", at=Locator(9, 40, 2))
            for measure, a in i.amounts.items()
        }
        name = i.name.replace("（", "(").replace("）", ")").replace("支出", "支 出")
        return structs.replace(i, name=name, amounts=amounts, page=9, row=40)

    return structs.replace(
        found,
        original="c" * 64,
        statements=tuple(
            structs.replace(s, items=tuple(map(row, s.items)), pages=(9,)) for s in found.statements
        ),
    )


def in_yuan(found: Document) -> Document:
    def row(i: LineItem) -> LineItem:
        amounts = {
            m: a if a.value is None else structs.replace(
                a, value=a.value * 10_000, text=f"{a.value * 10_000:,.0f}"
            )
            for m, a in i.amounts.items()
        }  # fmt: skip
        return structs.replace(i, amounts=amounts)

    return structs.replace(
        found,
        statements=tuple(
            structs.replace(s, items=tuple(map(row, s.items)), unit=Unit.YUAN)
            for s in found.statements
        ),
    )


def test_one_moved_row_one_renamed_project_and_one_changed_figure_are_exactly_three_changes() -> (
    None
):
    old = projects(
        project("招商", "10.00"),
        project("人才服务专项经费", "40.00"),
        project("党建", "20.00"),
        project("宣传", "30.00"),
    )
    new = projects(
        project("宣传", "30.00"),
        project("招商", "10.00"),
        project("科技人才服务专项", "40.00"),
        project("党建", "21.00"),
    )

    comparison = revised(old, new)

    assert said(comparison) == [
        ((What.MOVED,), "宣传"),
        ((What.RENAMED,), "科技人才服务专项"),
        ((What.CHANGED,), "党建"),
    ]
    assert comparison.changes[1].paired_by == str(How.CONTENT)
    assert comparison.changes[2].balance is Balance.LOST


def test_the_document_itself_its_twin_in_yuan_and_a_copy_set_anew_give_nothing() -> None:
    found = budget(party="0.85", vehicles="25.00")

    for other in (found, in_yuan(found), typeset_again(found), typeset_again(in_yuan(found))):
        assert revised(found, other).changes == ()


def test_another_project_at_another_place_is_no_renaming() -> None:
    old = projects(project("甲", "60.00"), project("乙", "40.00"))
    new = projects(project("丙", "40.00"), project("甲", "60.00"))

    assert said(revised(old, new)) == [((What.NEW,), "丙"), ((What.DROPPED,), "乙")]


def test_money_that_moved_from_projects_to_basic_expenditure_is_called_that() -> None:
    old = document(statement(item("甲", "30.00", "10.00", "20.00", code="201")))
    new = document(statement(item("甲", "30.00", "25.00", "5.00", code="201")))

    (there,) = revised(old, new).changes
    (back,) = compare(version(new, year=2023), version(old)).changes

    assert there.kinds == (What.CHANGED, What.MOVED_TO_BASIC)
    assert back.kinds == (What.CHANGED, What.MOVED_TO_PROJECT)


def test_a_total_that_changed_too_is_no_mere_movement() -> None:
    old = document(statement(item("甲", "30.00", "10.00", "20.00", code="201")))
    new = document(statement(item("甲", "31.00", "25.00", "6.00", code="201")))

    assert said(revised(old, new)) == [((What.CHANGED,), "甲")]


def test_a_project_booked_under_another_subject_is_reclassified() -> None:
    old = projects(project("招商", "10.00", code="2011308"))
    new = projects(project("招商", "12.00", code="2160299"))

    for comparison in (revised(old, new), compare(version(old, year=2023), version(new))):
        (change, *_) = comparison.changes
        assert change.kinds == (What.CHANGED, What.RECLASSIFIED)
        assert [(p.field, p.old, p.new) for p in change.passages] == [
            ("code", "2011308", "2160299")
        ]


def test_a_figure_whose_replacement_closes_the_sum_is_a_correction() -> None:
    wrong = projects(project("甲", "60.00"), project("乙", "14.00"))
    right = projects(project("甲", "60.00"), project("乙", "40.00"))

    (change,) = revised(wrong, right).changes
    (undone,) = revised(right, wrong).changes

    assert (change.kinds, change.balance) == ((What.CHANGED, What.CORRECTED), Balance.RESTORED)
    assert (undone.kinds, undone.balance) == ((What.CHANGED,), Balance.LOST)


def test_of_two_replaced_figures_neither_is_said_to_have_closed_the_sum() -> None:
    wrong = projects(project("甲", "60.00"), project("乙", "14.00"))
    right = projects(project("甲", "61.00"), project("乙", "39.00"))

    assert [c.balance for c in revised(wrong, right).changes] == [None, None]


def test_a_share_moves_in_points_of_the_total() -> None:
    def year(first: str, second: str, total: str) -> Document:
        rows = (item("甲", first, code="201"), item("乙", second, code="206"))
        return document(statement(*rows, item("合计", total)))

    comparison = compare(
        version(year("30.00", "70.00", "100.00"), year=2023),
        version(year("60.00", "60.00", "120.00")),
    )

    shares = {c.line.name: c.share for c in comparison.changes}
    assert shares["甲"] is not None
    assert [shares["甲"].old, shares["甲"].new, shares["甲"].moved] == [
        Decimal("30.00"),
        Decimal("50.00"),
        Decimal("20.00"),
    ]
    assert shares["合计"] is None


def test_what_stands_beside_the_total_has_no_share_of_it() -> None:
    def year(running: str) -> Document:
        number = ("预算数",)
        rows = [item("合计", "22.91", measures=number)]
        rows.append(item("机关运行经费", running, measures=number))
        return document(statement(*rows, form="budget.sangong"))

    (change,) = compare(version(year("786.09"), year=2023), version(year("443.18"))).changes

    assert change.share is None
