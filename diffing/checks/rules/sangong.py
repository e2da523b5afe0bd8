"""The three public expenses: against basic expenditure, and against the budget of the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.forms import plain
from archive.forms.equations import Cell, Sheet
from archive.forms.lines import bare
from archive.model import Kind
from diffing.checks.case import Case, Figure, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Rule, Severity
from diffing.checks.rules.equations import of
from diffing.checks.rules.siblings import elsewhere, sibling

__all__ = ["RULES"]

_TWINS: Final = {
    "30217": ("公务接待费", ("公务接待费",)),
    "30231": ("公务用车运行维护费", ("公务用车运行维护费", "公务用车运行费", "运行费")),
    "31013": ("公务用车购置", ("公务用车购置费", "购置费")),
}
"""Economic 款, its name, and the line of the 三公 table. Not 30212: the journeys abroad of teachers
and researchers are no 三公经费."""
_SPENT: Final = {Kind.FINAL: "决算数", Kind.BUDGET: "预算数"}
_PLAN: Final = "预算数"


def _basic(case: Case) -> Iterator[Check]:
    """What basic expenditure spends of a kind is a part of what is spent of it."""
    economic, table = case.sheet("basic_economic"), case.sheet("sangong")
    if economic is None or table is None or case.kind is None:
        return
    for n, item in enumerate(economic.items):
        name, lines = _TWINS.get(item.code, ("", ()))
        if not name or not bare(plain(item.name)).startswith(name):
            continue
        part = economic.cell(n, "决算数") or economic.cell(n, "合计")
        whole = _line(table, lines, _SPENT[case.kind])
        ours = figure_of(part) if part is not None else None
        theirs = figure_of(whole) if whole is not None else None
        if part is None or whole is None or not ours or not ours.value:
            yield Check(Outcome.NOT_APPLICABLE, "empty")
        elif theirs is None:
            yield Check(Outcome.UNDECIDABLE, "one-blank")
        else:
            yield _part(case, part, whole, ours, theirs)


def _line(table: Sheet, names: tuple[str, ...], measure: str) -> Cell | None:
    """The one line of these names; the heads of its columns may stand before it."""
    rows = [
        n
        for n, item in enumerate(table.items)
        if bare(plain(item.name)).rpartition("-")[2].removeprefix("其中:") in names
    ]
    return table.cell(rows[0], measure) if len(rows) == 1 else None


def _part(case: Case, part: Cell, whole: Cell, ours: Figure, theirs: Figure) -> Check:
    excess = ours.value - theirs.value
    tolerance = max(ours.step, theirs.step)
    if excess <= 0:
        return Check(Outcome.HOLDS)
    if excess <= tolerance:
        return Check(Outcome.ROUNDING)
    if case.unsure((part, whole)):
        return Check(Outcome.UNDECIDABLE, "recognised")
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.place(whole),),
            there=(case.place(part),),
            stated=f"{whole.amount.text}{whole.unit or ''}",
            expected=f"{part.amount.text}{part.unit or ''}",
            difference=-excess,
            tolerance=tolerance,
            unit="万元",
            ties=frozenset({("cell", *part.key), ("cell", *whole.key)}),
        ),
    )


def _planned(case: Case) -> Iterator[Check]:
    """年初预算数 in a final account's 三公 table, where its note calls it so."""
    table = case.sheet("sangong")
    if table is None or case.year is None:
        return
    note = "".join(plain(text) for text in table.statement.notes)
    if "年初预算" not in note or "全年预算" in note:
        yield Check(Outcome.NOT_APPLICABLE, "plan-unsaid")
        return
    budget = sibling(case, Kind.BUDGET, case.year)
    theirs = budget.sheet("sangong") if budget is not None else None
    if budget is None or theirs is None:
        yield Check(Outcome.NOT_APPLICABLE, "no-document")
        return
    total, planned = _total(table), _total(theirs)
    ours = figure_of(total) if total is not None else None
    printed = figure_of(planned) if planned is not None else None
    if total is None or planned is None or ours is None or printed is None:
        yield Check(Outcome.UNDECIDABLE, "one-blank")
        return
    difference = ours.value - printed.value
    tolerance = max(ours.step, printed.step)
    if abs(difference) <= tolerance:
        yield Check(Outcome.ROUNDING if difference else Outcome.HOLDS)
        return
    if case.unsure([total]) or budget.unsure([planned]):
        yield Check(Outcome.UNDECIDABLE, "recognised")
        return
    yield Check(
        Outcome.FAILS,
        found=Found(
            here=(case.place(total),),
            there=(elsewhere(budget, budget.place(planned)),),
            stated=f"{total.amount.text}{total.unit or ''}",
            expected=f"{planned.amount.text}{planned.unit or ''}",
            difference=difference,
            tolerance=tolerance,
            unit="万元",
            ties=frozenset({("cell", *total.key)}),
        ),
    )


def _total(table: Sheet) -> Cell | None:
    return _line(table, ("合计", '"三公"经费合计', "三公经费合计"), _PLAN)


def _reception(spent: str) -> Example:
    return of(
        sheet("final.basic_economic", line("公务接待费", "30217", 决算数="0.39")),
        sheet("final.sangong", line("公务接待费", 预算数="2.85", 决算数=spent)),
    )


def _original(plan: str) -> Example:
    note = "注：预算数为“三公”经费年初预算数。"
    return Example(
        statements=(
            sheet("final.sangong", line("合计", 预算数="3.00", 决算数="2.00"), notes=(note,)),
        ),
        others=(
            Example(
                statements=(sheet("budget.sangong", line("合计", 预算数=plan)),), kind=Kind.BUDGET
            ),
        ),
    )


RULES: Final = (
    Rule(
        id="X09",
        title="基本支出中的“三公”经费不大于“三公”经费表",
        title_en="Basic expenditure holds no more of the three public expenses than their table",
        formula="基本支出表 30217、30231、31013≤“三公”经费表同一项（编码与名称都相符时）",
        tolerance="重复列示",
        severity=Severity.MINOR,
        source="《政府收支分类科目》；“三公”经费支出表格式",
        says="{here}为{stated}，{there}仅基本支出即为{expected}，多出{difference}",
        says_en="{here} prints {stated}, {there} {expected} of basic expenditure alone: "
        "{difference} more",
        run=_basic,
        fires=_reception("0.30"),
        silent=_reception("0.39"),
        forms=("*.sangong", "*.basic_economic"),
    ),
    Rule(
        id="D06",
        title="“三公”经费表的年初预算数与当年预算一致",
        title_en="The original plan of the three public expenses is the budget's",
        formula="表注写明为年初预算数时，“三公”经费预算数合计＝当年部门预算“三公”经费表合计",
        tolerance="重复列示",
        severity=Severity.MINOR,
        source="当年部门预算",
        says="{here}为{stated}，{there}为{expected}，相差{difference}",
        says_en="{here} prints {stated}, {there} {expected}: a difference of {difference}",
        run=_planned,
        fires=_original("4.00"),
        silent=_original("3.00"),
        kinds=(Kind.FINAL,),
        forms=("final.sangong",),
    ),
)
