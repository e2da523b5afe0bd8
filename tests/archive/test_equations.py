"""The equations of the forms: what must add up, by which tolerance, and what is left undecided."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from archive.forms import forms
from archive.forms.equations import Instance, Outcome, Reason, Tolerance
from archive.forms.evaluation import across, evaluate, within
from archive.model import Amount, Classification, Column, LineItem, Mark, Remark, Statement, Unit
from tests.archive.claiming import document, item, statement

HOLDS, ROUNDING, FAILS = Outcome.HOLDS, Outcome.ROUNDING, Outcome.FAILS
NOT_APPLICABLE, UNDECIDABLE = Outcome.NOT_APPLICABLE, Outcome.UNDECIDABLE


def line(name: str, code: str = "", side: str | None = None, **amounts: str) -> LineItem:
    kind = Classification.CATEGORY
    if code:
        kind = Classification.FUNCTIONAL if code.startswith("2") else Classification.ECONOMIC
    return msgspec.structs.replace(item(name, code, side, **amounts), classification=kind)


def found(made: Statement, equation: str) -> list[Instance]:
    return [one for one in within(made) if one.equation == f"{made.form}/{equation}"]


def expenditure(*rows: tuple[str, str, str]) -> Statement:
    """A 支出决算表 of these (合计, 基本支出, 项目支出), the first its total."""
    named = [("合计", ""), ("教育支出", "205"), ("科学技术支出", "206")]
    return statement(
        "final.expenditure",
        *(
            line(name, code, 合计=total, 基本支出=basic, 项目支出=project)
            for (name, code), (total, basic, project) in zip(named, rows, strict=False)
        ),
    )


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def test_a_row_holds_where_its_parts_add_up() -> None:
    (one,) = found(expenditure(("2,940.05", "2,336.91", "603.14")), "total")
    assert one.outcome is HOLDS
    assert one.left_sum == one.right_sum == Decimal("2940.05")


def test_a_tail_of_half_a_unit_for_each_figure_is_rounding() -> None:
    (one,) = found(expenditure(("16,010.35", "407.62", "15,602.72")), "total")
    assert one.outcome is ROUNDING
    assert (one.difference, one.tolerance) == (Decimal("0.01"), Decimal("0.015"))


def test_five_hundredths_over_two_addends_fail() -> None:
    row = line("事业单位离退休", "2080502", 基本支出="27.56", 人员经费="27.56", 公用经费="0.05")
    (one,) = found(statement("budget.general_function", row), "basic")
    assert (one.outcome, one.difference) == (FAILS, Decimal("-0.05"))


def test_a_printed_zero_adds_nothing_to_the_tolerance() -> None:
    (one,) = found(expenditure(("5.00", "5.01", "0.00")), "total")
    assert one.tolerance == Decimal("0.01")


def test_whole_yuan_may_be_half_a_yuan_off_each() -> None:
    row = line("合计", 合计="300", 基本支出="100", 项目支出="201")
    (one,) = found(statement("budget.expenditure", row, unit=Unit.YUAN), "total")
    assert (one.outcome, one.tolerance) == (ROUNDING, Decimal("1.5"))


def test_dropped_zeros_do_not_widen_the_tolerance() -> None:
    one = found(expenditure(("160.05", "60", "100.25"), ("160.05", "60", "100.05")), "total")[0]
    assert (one.outcome, one.tolerance) == (FAILS, Decimal("0.015"))


def test_a_blank_addend_counts_as_nothing_and_is_listed() -> None:
    (one,) = found(expenditure(("449.52", "", "449.52")), "total")
    assert one.outcome is HOLDS
    assert [cell.measure for cell in one.blanks] == ["基本支出"]


def test_a_total_without_any_addend_is_not_decided() -> None:
    (one,) = found(expenditure(("449.52", "", "")), "total")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.PARTS_BLANK)


def test_a_blank_total_over_figures_is_not_decided() -> None:
    (one,) = found(expenditure(("", "", "449.52")), "total")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.TOTAL_BLANK)


def test_a_blank_row_is_not_asked() -> None:
    (one,) = found(expenditure(("", "", "")), "total")
    assert (one.outcome, one.reason) == (NOT_APPLICABLE, Reason.EMPTY)


def test_an_unreadable_cell_leaves_its_row_undecided() -> None:
    made = expenditure(("10.00", "4.00", "6.00"))
    broken = {**made.items[0].amounts, "项目支出": Amount("6.0O", mark=Mark.UNREADABLE)}
    rows = (msgspec.structs.replace(made.items[0], amounts=broken),)
    (one,) = found(msgspec.structs.replace(made, items=rows), "total")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.UNREADABLE)
    assert one.implied((0, 0, "项目支出")) == Decimal("6.00")


def test_a_money_column_the_form_does_not_know_proves_nothing() -> None:
    made = expenditure(("12.00", "4.00", "6.00"))
    made = msgspec.structs.replace(made, columns=(Column("专项", "专项"),))
    (one,) = found(made, "total")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.COLUMN)


def test_carry_over_at_the_end_is_what_came_in_less_what_went_out() -> None:
    row = line(
        "合计", 年初结转和结余="1.00", 本年收入="9.00", 本年支出="7.00", 年末结转和结余="3.00"
    )
    (one,) = found(statement("final.fund", row), "carried")
    assert one.outcome is HOLDS
    assert one.implied((0, 0, "本年支出")) == Decimal("7.00")


# ── trees ───────────────────────────────────────────────────────────────────────────────────


def tree(*rows: tuple[str, str, str]) -> Statement:
    return statement("final.income", *(line(name, code, 合计=value) for code, name, value in rows))


def test_each_parent_is_the_sum_of_its_children() -> None:
    made = tree(
        ("", "合计", "9.00"),
        ("201", "一般公共服务支出", "9.00"),
        ("20106", "财政事务", "9.00"),
        ("2010601", "行政运行", "4.00"),
        ("2010602", "一般行政管理事务", "4.00"),
    )
    ones = found(made, "tree")
    assert [(one.cells[0].name, one.outcome) for one in ones] == [
        ("合计", HOLDS),
        ("一般公共服务支出", HOLDS),
        ("财政事务", FAILS),
    ]
    assert ones[2].implied((0, 4, "合计")) == Decimal("5.00")


def test_a_row_whose_code_is_none_stands_where_it_is_printed() -> None:
    good = tree(("", "合计", "9.00"), ("210", "卫生健康支出", "9.00"), ("21011", "医疗", "9.00"))
    stray = msgspec.structs.replace(line("事业单位医疗", "71102", 合计="9.00"), level=3)
    held = msgspec.structs.replace(good, items=(*good.items, stray))
    assert {one.outcome for one in found(held, "tree")} == {HOLDS}
    wrong = msgspec.structs.replace(line("事业单位医疗", "71102", 合计="8.00"), level=3)
    doubted = msgspec.structs.replace(good, items=(*good.items, wrong))
    last = found(doubted, "tree")[-1]
    assert (last.outcome, last.reason) == (UNDECIDABLE, Reason.CODE)


def test_a_code_that_stands_twice_proves_nothing() -> None:
    made = tree(("", "合计", "9.00"), ("205", "教育支出", "9.00"), ("205", "教育支出", "9.00"))
    (one,) = found(made, "tree")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.CODE)


def test_units_add_up_by_their_codes() -> None:
    rows = [("", "合计", "7.00"), ("016", "某局", "7.00"), ("016001", "某局本级", "7.01")]
    items = tuple(
        msgspec.structs.replace(line(n, c, 合计=v), classification=Classification.UNIT)
        for c, n, v in rows
    )
    ones = found(statement("budget.general_unit", *items), "tree")
    assert [one.outcome for one in ones] == [HOLDS, ROUNDING]


# ── lists and sides ─────────────────────────────────────────────────────────────────────────


def test_a_list_adds_up_without_the_rows_of_its_owners() -> None:
    owner = msgspec.structs.replace(line("某局", 合计="5.00"), classification=Classification.UNIT)
    made = statement(
        "budget.project",
        line("合计", 合计="5.00"),
        owner,
        line("甲", 合计="2.00"),
        line("乙", 合计="2.00"),
    )
    (one,) = found(made, "list")
    assert (one.outcome, one.difference) == (FAILS, Decimal("1.00"))


def test_a_list_that_comes_out_twice_has_subtotals_that_do_not_say_so() -> None:
    made = statement(
        "budget.project",
        line("合计", 合计="5.00"),
        line("甲类", 合计="5.00"),
        line("甲", 合计="5.00"),
    )
    (one,) = found(made, "list")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.STRUCTURE)


def sides(*rows: tuple[str, str, str]) -> Statement:
    return statement(
        "final.total",
        *(
            msgspec.structs.replace(
                line(name, side=side, 决算数=value), level=1 if "、" in name else 0
            )
            for side, name, value in rows
        ),
    )


def test_totals_of_a_side_run_on_from_one_to_the_next() -> None:
    made = sides(
        ("收入", "一、一般公共预算财政拨款收入", "2,940.05"),
        ("收入", "八、其他收入", "6.20"),
        ("收入", "本年收入合计", "2,946.25"),
        ("收入", "年初结转和结余", "49.14"),
        ("收入", "总计", "2,995.39"),
        ("支出", "一、一般公共服务支出", "2,940.05"),
        ("支出", "本年支出合计", "2,940.05"),
        ("支出", "年末结转和结余", "55.34"),
        ("支出", "总计", "2,995.40"),
    )
    assert [one.outcome for one in found(made, "outline")] == [HOLDS, HOLDS, HOLDS, ROUNDING]
    (balanced,) = found(made, "balance")
    assert (balanced.outcome, balanced.kind) == (ROUNDING, Tolerance.TWICE)


def test_a_line_is_the_sum_of_its_numbered_parts() -> None:
    rows = [
        ("一、本年收入", 1, "9.00"),
        ("（一）一般公共预算", 2, "9.00"),
        ("（二）基金", 2, "9.00"),
    ]
    items = [
        msgspec.structs.replace(line(name, side="收入", 预算数=value), level=level)
        for name, level, value in rows
    ]
    made = statement("budget.fiscal", *items, line("收入总计", side="收入", 预算数="9.00"))
    (one,) = found(made, "outline-parts")
    assert (one.outcome, one.difference) == (FAILS, Decimal("-9.00"))
    assert found(made, "outline")[0].outcome is HOLDS


def test_an_unnumbered_line_with_a_figure_leaves_a_total_undecided() -> None:
    made = sides(
        ("收入", "一、事业收入", "9.00"), ("收入", "经费拨款", "1.00"), ("收入", "总计", "10.00")
    )
    (one,) = found(made, "outline")
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.STRUCTURE)


def test_the_three_public_expenses_add_up() -> None:
    made = statement(
        "budget.sangong",
        line("“三公”经费合计", 预算数="3.00"),
        line("因公出国（境）费", 预算数="0.00"),
        line("公务用车购置及运行费-小计", 预算数="3.00"),
        line("公务用车购置费", 预算数="0.00"),
        line("公务用车运行费", 预算数="2.00"),
        line("公务接待费", 预算数="0.00"),
    )
    assert found(made, "total")[0].outcome is HOLDS
    assert found(made, "vehicles")[0].outcome is FAILS


def test_a_printed_formula_is_taken_at_its_word() -> None:
    row = line("合计", 年初结转和结余="1.0", 本年收入="9.0", 本年支出="7.0", 年末结转和结余="4.0")
    columns = tuple(Column(name, name) for name in row.amounts)
    made = statement("final.fund", row, notes=("4栏各行＝（1＋2－3）栏各行",))
    (one,) = found(msgspec.structs.replace(made, columns=columns), "printed")
    assert (one.outcome, one.difference, one.title) == (
        FAILS,
        Decimal("1.0"),
        "4栏各行=(1+2-3)栏各行",
    )


# ── between statements ──────────────────────────────────────────────────────────────────────


def tie(name: str, *statements: Statement) -> Instance:
    (one,) = [i for i in across(document(statements=statements)) if i.equation == name]
    return one


def test_a_total_printed_twice_may_differ_by_one_unit_of_the_coarser_place() -> None:
    total = sides(("支出", "一、教育支出", "9.00"), ("支出", "本年支出合计", "9.00"))
    one = tie("final.total/expenditure", total, expenditure(("9.01", "9.01", "")))
    assert (one.outcome, one.tolerance, one.kind) == (ROUNDING, Decimal("0.01"), Tolerance.TWICE)
    one = tie("final.total/expenditure", total, expenditure(("9.02", "9.02", "")))
    assert one.outcome is FAILS


def test_yuan_and_wan_are_compared_in_one_unit() -> None:
    total = statement("budget.total", line("支出总计", side="支出", 预算数="9.00"))
    rows = line("合计", 合计="90,050.00", 基本支出="90,050.00", 项目支出="")
    one = tie(
        "budget.total/expenditure", total, statement("budget.expenditure", rows, unit=Unit.YUAN)
    )
    assert (one.outcome, one.difference) == (ROUNDING, Decimal("-0.005"))


def test_a_form_the_document_does_not_print_is_not_asked() -> None:
    one = tie("final.total/expenditure", sides(("支出", "本年支出合计", "9.00")))
    assert (one.outcome, one.reason) == (NOT_APPLICABLE, Reason.ABSENT)


def test_lines_are_compared_one_by_one_only_where_the_totals_agree() -> None:
    budget = line("合计", 合计="9.00", 基本支出="9.00", 项目支出="0.00")
    wide = statement(
        "budget.expenditure", budget, line("甲", "2050101", 合计="9.00", 基本支出="8.00")
    )
    same = statement(
        "budget.general_function", budget, line("甲", "2050101", 合计="9.00", 基本支出="7.00")
    )
    by_code = [
        i
        for i in across(document(statements=(wide, same)))
        if i.equation == "budget.expenditure/general"
    ]
    assert [one.outcome for one in by_code if one.cells[0].measure == "基本支出"] == [HOLDS, FAILS]
    less = msgspec.structs.replace(same, items=(line("合计", 合计="5.00"), *same.items[1:]))
    one = tie("budget.expenditure/general", wide, less)
    assert (one.outcome, one.reason) == (NOT_APPLICABLE, Reason.SCOPE)


def test_a_page_that_was_not_wholly_read_proves_nothing() -> None:
    made = document(statements=(expenditure(("12.00", "4.00", "6.00")),))
    assert FAILS in {one.outcome for one in evaluate(made)}
    unread = msgspec.structs.replace(made, remarks=(Remark("row-unplaced", "a row", 3),))
    (one,) = [i for i in evaluate(unread) if i.equation == "final.expenditure/total"]
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.UNREAD)


# ── the forms themselves ────────────────────────────────────────────────────────────────────


def test_every_equation_and_tie_speaks_of_measures_and_forms_that_exist() -> None:
    for form in forms().values():
        measures = {measure.name for measure in form.measures}
        for equation in form.equations:
            if equation.relation == "row":
                named = {equation.total, *equation.parts, *equation.less, *equation.when}
                assert named | set(equation.unless) <= measures, (form.id, equation.id)
        for one in form.ties:
            for place in (*one.here, *one.there):
                there = forms()[place.form or form.id]
                known = {measure.name for measure in there.measures}
                assert place.measure in known | {""}, (form.id, one.id)
        ids = [one.id for one in (*form.equations, *form.ties)]
        assert len(ids) == len(set(ids)), form.id


def test_a_table_whose_rows_mostly_fail_is_one_we_misunderstand() -> None:
    rows = [("9.00", "1.00", "2.00"), ("8.00", "1.00", "2.00"), ("7.00", "1.00", "2.00")]
    made = evaluate(document(statements=(expenditure(*rows),)))
    ones = [one for one in made if one.equation == "final.expenditure/total"]
    assert {(one.outcome, one.reason) for one in ones} == {(UNDECIDABLE, Reason.STRUCTURE)}


def test_money_carried_over_may_stand_in_one_total_only() -> None:
    total = statement(
        "budget.total",
        line("上年结转", side="收入", 预算数="1.00"),
        line("收入总计", side="收入", 预算数="10.00"),
    )
    income = statement("budget.income", line("合计", 合计="9.00"))
    one = tie("budget.total/income", total, income)
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.SCOPE)
    bare_total = msgspec.structs.replace(total, items=total.items[1:])
    assert tie("budget.total/income", bare_total, income).outcome is FAILS


def test_projects_may_be_those_of_the_general_budget_alone() -> None:
    project = statement("budget.project", line("合计", 合计="5.00"))
    wide = statement("budget.expenditure", line("合计", 合计="20.00", 项目支出="8.00"))
    general = statement("budget.general_function", line("合计", 合计="17.00", 项目支出="5.00"))
    one = tie("budget.project/expenditure", project, wide, general)
    assert (one.outcome, one.reason) == (UNDECIDABLE, Reason.SCOPE)
    assert tie("budget.project/expenditure", project, wide).outcome is FAILS


# ── formulas in the row that numbers the columns ────────────────────────────────────────────


def numbered(*columns: tuple[str, str], **amounts: str) -> list[Instance]:
    made = statement("budget.expenditure", line("合计", **amounts))
    printed = tuple(Column(measure, measure, number=number) for measure, number in columns)
    return found(msgspec.structs.replace(made, columns=printed), "printed")


def test_a_formula_over_a_column_is_evaluated_for_every_row() -> None:
    columns = ("合计", "5=6+7"), ("基本支出", "6"), ("项目支出", "7")
    (held,) = numbered(*columns, 合计="9.00", 基本支出="4.00", 项目支出="5.00")
    (failed,) = numbered(*columns, 合计="9.00", 基本支出="4.00", 项目支出="4.00")
    assert (held.outcome, held.title) == (HOLDS, "5=6+7")
    assert failed.outcome is FAILS


def test_a_formula_that_leaves_a_column_out_is_taken_at_its_word() -> None:
    columns = ("合计", "5=6+8"), ("基本支出", "6"), ("项目支出", "7"), ("上缴上级支出", "8")
    (one,) = numbered(*columns, 合计="5.00", 基本支出="4.00", 项目支出="9.00", 上缴上级支出="1.00")
    assert one.outcome is HOLDS


def test_a_formula_over_numbers_that_are_not_there_or_stand_twice_is_not_asked() -> None:
    amounts = {"合计": "9.00", "基本支出": "4.00", "项目支出": "5.00"}
    assert numbered(("合计", "5=6+8"), ("基本支出", "6"), ("项目支出", "7"), **amounts) == []
    assert numbered(("合计", "5=6+7"), ("基本支出", "6"), ("项目支出", "6"), **amounts) == []
