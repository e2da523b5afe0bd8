from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from archive.model import Certainty, Facts, Kind, Level, RawTable, Unit
from diffing.changes import CellKind, Significance, What, lead_measure
from diffing.compare import Comparison, compare
from diffing.conservation import Outcome
from diffing.versions import IncomparableError, Mode, Version

from .build import amount, document, item, statement, version


def revised(old: list, new: list, **kwargs) -> Comparison:
    return compare(
        version(document(statement(*old, **kwargs))),
        version(document(statement(*new, **kwargs), original="b")),
    )


def a_year_later(old: list, new: list, **kwargs) -> Comparison:
    return compare(
        version(document(statement(*old, **kwargs)), year=2023),
        version(document(statement(*new, **kwargs)), year=2024),
    )


def said(comparison: Comparison) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(c.kinds), c.line.name) for c in comparison.changes]


ROWS = [
    item("科学技术支出", "30.00", "10.00", "20.00", code="206", row=3),
    item("基础研究", "10.00", "10.00", "0.00", code="20602", row=4),
    item("科学技术普及", "20.00", "", "20.00", code="20607", row=5),
    item("住房保障支出", "5.00", "5.00", "", code="221", row=6),
    item("合计", "35.00", "15.00", "20.00", row=7),
]


def test_one_moved_row_one_renamed_line_and_one_changed_figure_are_exactly_three_changes() -> None:
    new = [
        ROWS[3],
        ROWS[0],
        item("基础性研究", "10.00", "10.00", "0.00", code="20602", row=4),
        item("科学技术普及", "21.00", "", "20.00", code="20607", row=5),
        ROWS[4],
    ]

    comparison = revised(ROWS, new)

    assert said(comparison) == [
        ((What.MOVED,), "住房保障支出"),
        ((What.RENAMED,), "基础性研究"),
        ((What.CHANGED,), "科学技术普及"),
    ]
    cell = comparison.changes[2].cell
    assert cell is not None
    assert (cell.measure, cell.old_wan, cell.new_wan) == (
        "合计",
        Decimal("20.00"),
        Decimal("21.00"),
    )
    assert (cell.difference, cell.percent) == (Decimal("1.00"), Decimal("5.00"))
    assert comparison.changes[2].significance is Significance.HEADLINE
    assert comparison.changes[1].significance is Significance.LIST


def test_a_row_has_one_change_whatever_happened_to_it() -> None:
    new = [*ROWS[1:3], item("科技支出", "31.00", "10.00", "21.00", code="206"), *ROWS[3:]]

    assert said(revised(ROWS, new)) == [((What.CHANGED, What.RENAMED, What.MOVED), "科技支出")]


def test_a_document_against_itself_gives_nothing() -> None:
    comparison = revised(ROWS, ROWS)

    assert comparison.changes == ()
    assert comparison.accounting.paired == len(ROWS)


def test_a_document_against_its_twin_in_yuan_gives_nothing() -> None:
    def row(i, factor: bool):
        texts = [
            a.text if not (factor and a.value) else f"{a.value * 10000:,.0f}"
            for a in i.amounts.values()
        ]
        return item(i.name, *texts, code=i.code, row=i.row)

    wan = version(document(statement(*ROWS)))
    yuan = version(document(statement(*(row(i, True) for i in ROWS), unit=Unit.YUAN)))

    comparison = compare(wan, yuan)

    assert comparison.changes == ()
    assert [note.code for note in comparison.notes] == ["unit-differs"]


def test_printed_precision_is_no_change() -> None:
    assert revised([item("甲", "859.3")], [item("甲", "859.30")]).changes == ()


def test_the_same_digits_under_another_unit_are_another_amount() -> None:
    old = version(document(statement(item("甲", "100"), unit=Unit.YUAN)))
    new = version(document(statement(item("甲", "100"), unit=Unit.WAN)))

    (change,) = compare(old, new).changes

    assert change.cell is not None
    assert change.cell.difference == Decimal("99.9900")


def test_a_blank_that_became_a_zero_is_a_change_of_text_in_a_revision() -> None:
    comparison = revised([item("甲", "", "1.00")], [item("甲", "0.00", "1.00")])

    (change,) = comparison.changes
    assert change.kinds == (What.MARK_CHANGED,)
    assert change.significance is Significance.LIST
    assert change.cell is not None
    assert (change.cell.kind, change.cell.difference) == (CellKind.MARK, None)


@pytest.mark.parametrize(("old", "new"), [("", "0.00"), ("—", ""), ("0", "-"), ("", "0")])
def test_blank_dash_and_zero_all_mean_nothing_from_year_to_year(old: str, new: str) -> None:
    assert a_year_later([item("甲", old)], [item("甲", new)]).changes == ()


def test_a_row_that_only_says_nothing_is_no_change_between_years_but_counted() -> None:
    comparison = a_year_later([item("甲", "1")], [item("甲", "1"), item("乙", "0.00")])

    assert comparison.changes == ()
    assert (comparison.accounting.new_rows, comparison.accounting.empty) == (1, 1)
    assert said(revised([item("甲", "1")], [item("甲", "1"), item("乙", "")])) == [
        ((What.NEW,), "乙")
    ]


def test_from_nothing_there_is_no_rate() -> None:
    (change,) = a_year_later([item("甲", "")], [item("甲", "25.00")]).changes

    assert change.cell is not None
    assert (change.cell.difference, change.cell.percent) == (Decimal("25.00"), None)


def test_what_is_not_an_amount_is_shown_and_never_computed() -> None:
    comparison = a_year_later([item("甲", "12 34")], [item("甲", "25.00")])

    (change,) = comparison.changes
    assert change.kinds == (What.MARK_CHANGED,)
    assert change.cell is not None
    assert (change.cell.kind, change.cell.difference) == (CellKind.UNREADABLE, None)
    assert [note.code for note in comparison.notes] == ["cells-unreadable"]


def test_figures_without_a_unit_are_never_converted() -> None:
    (change,) = revised([item("甲", "5")], [item("甲", "6")], unit=None).changes

    assert change.cell is not None
    assert (change.cell.kind, change.cell.difference) == (CellKind.UNIT_UNKNOWN, None)
    assert revised([item("甲", "5")], [item("甲", "5.0")], unit=None).changes == ()


def test_new_and_dropped_rows_stay_visible_with_their_amounts() -> None:
    comparison = a_year_later([item("甲", "1.00", "", "1.00")], [item("乙", "2.00")])

    assert said(comparison) == [((What.DROPPED,), "甲"), ((What.NEW,), "乙")]
    dropped, new = comparison.changes
    assert [(c.measure, c.difference) for c in dropped.cells] == [
        ("合计", Decimal("-1.00")),
        ("项目支出", Decimal("-1.00")),
    ]
    assert new.old_at is None
    assert new.new_at is not None
    assert (new.new_at.page, new.new_at.row) == (5, 1)


def test_a_measure_only_one_layout_has_is_shown_and_no_difference_is_made_of_it() -> None:
    old = [item("合计", "500.00", measures=("合计",))]
    new = [item("合计", "500.00", "200.00", measures=("合计", "基本支出"))]

    for comparison in (a_year_later(old, new), a_year_later(new, old)):
        (change,) = comparison.changes

        assert change.kinds == (What.NOT_COMPARED,)
        assert change.significance is Significance.LIST
        assert [(c.measure, c.kind, c.difference, c.percent) for c in change.cells] == [
            ("基本支出", CellKind.NO_COLUMN, None, None)
        ]
    assert change.cell is not None
    assert (change.cell.old_wan, change.cell.new) == (Decimal("200.00"), None)


def test_the_measure_that_stands_for_a_row_is_one_that_both_layouts_have() -> None:
    old = [item("合计", "100.00", "60.00", measures=("预算数", "基本支出"))]
    new = [item("合计", "900.00", "950.00", "160.00", measures=("合计", "预算数", "基本支出"))]

    (change,) = a_year_later(old, new).changes

    assert change.cell is not None
    assert (change.cell.measure, change.cell.difference) == ("预算数", Decimal("850.00"))


def test_no_other_measure_stands_for_a_row_where_its_total_is_called_otherwise() -> None:
    old = [item("合计", "100.00", "60.00", measures=("预算数", "基本支出"))]
    new = [item("合计", "900.00", "160.00", measures=("合计", "基本支出"))]

    (change,) = a_year_later(old, new).changes

    assert {c.measure: c.difference for c in change.cells} == {
        "合计": None,
        "基本支出": Decimal("100.00"),
        "预算数": None,
    }
    assert lead_measure(new[0], old[0]) == "合计"


def test_a_statement_only_one_side_has_is_one_change_with_its_total() -> None:
    extra = statement(
        item("甲", "4.00"), item("合计", "4.00"), form="budget.project", title="项目支出表"
    )
    old, new = document(statement(*ROWS)), document(statement(*ROWS), extra)

    (change,) = compare(version(old, year=2023), version(new)).changes

    assert (change.kind, change.line.statement, change.rows) == (
        What.STATEMENT_ADDED,
        "项目支出表",
        2,
    )
    assert change.cell is not None
    assert change.cell.new_wan == Decimal("4.00")
    (back,) = compare(version(new), version(old, year=2023)).changes
    assert back.kind is What.STATEMENT_REMOVED


def test_changed_sentences_are_found_in_a_revision_and_not_between_years() -> None:
    old = document(prose=("收支总预算825.04万元。主要是人员增加。", "无其他情况。"))
    new = document(prose=("收支总预算 835.04 万元。主要是人员增加。", "无其他情况。"))

    (change,) = compare(version(old), version(new)).changes

    assert (change.passages[0].old, change.passages[0].new) == (
        "收支总预算825.04万元。",
        "收支总预算 835.04 万元。",
    )
    assert change.significance is Significance.REPORT
    assert compare(version(old, year=2023), version(new)).changes == ()


def test_the_same_sentences_typeset_anew_are_no_change() -> None:
    old = document(prose=("本部门（单位）共有车辆7辆。", "其他用车7辆。"))
    new = document(prose=("本部门(单位)共有 车辆 7 辆。", "其他用车7辆。"))

    assert compare(version(old), version(new)).changes == ()


def test_tables_that_match_no_form_are_compared_in_a_revision_and_counted_between_years() -> None:
    old = document(tables=(RawTable("绩效目标", (8,), (("数量", "5个"), ("质量", None))),))
    new = document(tables=(RawTable("绩效目标", (8,), (("数量", "6个"), ("质量", None))),))

    (change,) = compare(version(old), version(new)).changes
    assert (change.passages[0].old, change.passages[0].new) == ("数量 | 5个", "数量 | 6个")

    later = compare(version(old, year=2023), version(new))
    assert later.changes == ()
    assert [(n.code, n.values) for n in later.notes] == [("tables-not-compared", {"count": "2"})]


def test_certainty_of_a_change_is_that_of_its_weaker_side() -> None:
    recognised = msgspec.structs.replace(amount("6"), certainty=Certainty.RECOGNISED)
    new = msgspec.structs.replace(item("甲", "6"), amounts={"合计": recognised})

    (change,) = a_year_later([item("甲", "5")], [new]).changes

    assert change.certainty is Certainty.RECOGNISED


def test_budget_and_final_account_are_never_compared_as_if_alike() -> None:
    found = document(statement(*ROWS))
    with pytest.raises(IncomparableError, match="kind is budget on one side and final"):
        compare(version(found), version(found, kind=Kind.FINAL))


def test_department_and_unit_are_never_compared_as_if_alike() -> None:
    found = document(statement(*ROWS))
    with pytest.raises(IncomparableError, match="level is department on one side and unit"):
        compare(version(found), version(found, level=Level.UNIT))


def test_two_agencies_are_never_compared_as_if_alike() -> None:
    found = document(statement(*ROWS))
    with pytest.raises(IncomparableError, match="agency is"):
        compare(version(found), version(found, agency="310107.013"))


def test_a_file_that_does_not_say_its_year_must_be_told_how_to_compare() -> None:
    found = Version(None, document(statement(*ROWS), facts=Facts(kind=Kind.BUDGET)), label="a.pdf")
    with pytest.raises(IncomparableError, match="--as revision"):
        compare(found, found)

    assert compare(found, found, Mode.REVISION).mode is Mode.REVISION


def test_what_the_documents_say_is_not_overruled() -> None:
    found = document(statement(*ROWS))
    with pytest.raises(IncomparableError, match="compares as year"):
        compare(version(found, year=2023), version(found), Mode.REVISION)


def outcomes(comparison: Comparison) -> dict[str, Outcome]:
    return {c.measure: c.outcome for c in comparison.conservation}


def test_changes_of_the_details_add_up_to_the_change_of_the_total() -> None:
    new = [
        item("科学技术支出", "36.00", "10.00", "26.00", code="206"),
        ROWS[1],
        item("科学技术普及", "26.00", "", "26.00", code="20607"),
        ROWS[3],
        item("合计", "41.00", "15.00", "26.00"),
    ]

    comparison = a_year_later(ROWS, new)

    assert outcomes(comparison) == {
        "合计": Outcome.HOLDS,
        "基本支出": Outcome.HOLDS,
        "项目支出": Outcome.HOLDS,
    }
    assert comparison.conservation[0].total == Decimal("6.00")


def test_what_no_detail_accounts_for_is_a_remainder() -> None:
    new = [*ROWS[:4], item("合计", "38.00", "15.00", "20.00")]

    comparison = a_year_later(ROWS, new)

    assert outcomes(comparison)["合计"] is Outcome.REMAINDER
    assert comparison.conservation[0].remainder == Decimal("3.00")


def test_rounding_of_the_printed_figures_is_no_remainder() -> None:
    new = [*ROWS[:4], item("合计", "35.01", "15.00", "20.00")]

    assert outcomes(a_year_later(ROWS, new))["合计"] is Outcome.HOLDS


def test_where_neither_document_adds_up_by_its_rows_nothing_is_claimed() -> None:
    old = [item("甲", "1.00"), item("乙", "1.00"), item("合计", "1.00")]
    new = [item("甲", "2.00"), item("乙", "2.00"), item("合计", "3.00")]

    assert outcomes(a_year_later(old, new)) == {"合计": Outcome.UNCHECKED}
