"""Against other documents of the same agency: what this one quotes of the year before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

import msgspec

from archive.forms import plain
from archive.forms.equations import Cell
from archive.forms.lines import bare
from archive.model import Basis, Binding, Claim, Direction, Document, Kind, Role, Statement
from diffing.checks.case import Case, Figure, figure_of, money
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity
from diffing.checks.saying import named

__all__ = ["RULES", "elsewhere", "sibling"]

_LOCAL: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,6}?[省市])?(?=.{4,})")


def sibling(case: Case, kind: Kind, year: int) -> Case | None:
    """The one document of this agency, level, kind and year that is at hand."""
    found = [
        other
        for other in case.others
        if (other.facts.kind, other.facts.year) == (kind, year)
        and other.facts.level == case.document.facts.level
        and _same_agency(case.document, other)
    ]
    return Case(found[0]) if len(found) == 1 else None


def _same_agency(one: Document, other: Document) -> bool:
    names = [plain(d.facts.agency or "") for d in (one, other)]
    if not all(names):
        return False
    return names[0] == names[1] or _LOCAL.sub("", names[0]) == _LOCAL.sub("", names[1])


def _previous(kind: Kind) -> Callable[[Case], Iterator[Check]]:
    bases = {Kind.BUDGET: {Basis.BUDGET}, Kind.FINAL: {Basis.FINAL}}[kind]

    def run(case: Case) -> Iterator[Check]:
        if case.year is None:
            return
        other = sibling(case, kind, case.year - 1)
        if other is None:
            yield Check(Outcome.NOT_APPLICABLE, "no-document")
            return
        for index, claim in enumerate(case.claims):
            if claim.role is not Role.DIFFERENCE or not claim.bound:
                continue
            against = claim.against
            if against is None or against.year != case.year - 1 or against.basis not in bases:
                continue
            yield _held(case, index, claim, other)

    return run


def _held(case: Case, index: int, claim: Claim, other: Case) -> Check:
    """This year's figure less the change, against what the other document printed."""
    change = Figure(Decimal(0), Decimal(0)) if claim.word == "持平" else money(claim)
    now = [figure for cell in case.cells(claim) if (figure := figure_of(cell)) is not None]
    there = [cell for b in claim.bound if (cell := _same_cell(other, b)) is not None]
    printed = [(cell, figure) for cell in there if (figure := figure_of(cell)) is not None]
    if change is None or claim.direction is None or len({f.value for f in now}) != 1:
        return Check(Outcome.UNDECIDABLE, "change-unsaid")
    if len({f.value for _, f in printed}) != 1:
        return Check(Outcome.UNDECIDABLE, "row-unknown")
    sign = {Direction.UP: -1, Direction.DOWN: 1, Direction.SAME: 0}[claim.direction]
    value = now[0].value + sign * change.value
    cell, figure = printed[0]
    difference = value - figure.value
    tolerance = now[0].step + change.step + figure.step
    if abs(difference) <= tolerance:
        return Check(Outcome.ROUNDING if difference else Outcome.HOLDS)
    if other.unsure([cell]) or case.unsure(case.cells(claim)):
        return Check(Outcome.UNDECIDABLE, "recognised")
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.said(claim),),
            there=(elsewhere(other, other.place(cell)),),
            stated=f"{value.normalize():f}万元",
            expected=f"{cell.amount.text}{cell.unit or ''}",
            difference=difference,
            tolerance=tolerance,
            unit="万元",
            ties=frozenset({("claim", index)}),
        ),
    )


def _same_cell(other: Case, binding: Binding) -> Cell | None:
    """The cell of that line and measure, by code or by the bare name, in the other document."""
    sheet = other.sheet(binding.form.partition(".")[2])
    if sheet is None:
        return None
    rows = [
        n
        for n, item in enumerate(sheet.items)
        if item.side == binding.side
        and item.code == binding.code
        and item.attributes.get("block", "") == binding.block
        and bare(item.name) == bare(binding.name)
    ]
    return sheet.cell(rows[0], binding.measure) if len(rows) == 1 else None


def elsewhere(other: Case, place: Place) -> Place:
    """The place with the name of the document it is in."""
    return msgspec.structs.replace(place, document=named(other.kind, other.year))


def _plans(case: Case) -> Iterator[Check]:
    """年初预算 of a final account against the budget of that year, line by line."""
    if case.year is None:
        return
    budget = sibling(case, Kind.BUDGET, case.year)
    if budget is None:
        yield Check(Outcome.NOT_APPLICABLE, "no-document")
        return
    for index, claim, said in case.values:
        if claim.basis is not Basis.ORIGINAL or claim.year != case.year:
            continue
        code = _code_beside(case, index)
        sheet = budget.sheet("general_function")
        if code is None or sheet is None:
            yield Check(Outcome.UNDECIDABLE, "row-unknown")
            continue
        rows = [n for n, item in enumerate(sheet.items) if item.code == code]
        cell = sheet.cell(rows[0], "合计") if len(rows) == 1 else None
        printed = figure_of(cell) if cell is not None else None
        if cell is None or printed is None:
            yield Check(Outcome.UNDECIDABLE, "row-unknown")
            continue
        difference = said.value - printed.value
        tolerance = max(said.step, printed.step)
        if abs(difference) <= tolerance:
            yield Check(Outcome.ROUNDING if difference else Outcome.HOLDS)
            continue
        if budget.unsure([cell]):
            yield Check(Outcome.UNDECIDABLE, "recognised")
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(elsewhere(budget, budget.place(cell)),),
                stated=claim.text,
                expected=f"{cell.amount.text}{cell.unit or ''}",
                difference=difference,
                tolerance=tolerance,
                unit="万元",
                ties=frozenset({("claim", index)}),
            ),
        )


def _code_beside(case: Case, index: int) -> str | None:
    """The code of the line whose 决算数 is stated right behind this 年初预算."""
    if index + 1 >= len(case.claims):
        return None
    claim, after = case.claims[index], case.claims[index + 1]
    same = after.subject == claim.subject and after.quotation == claim.quotation
    codes = {b.code for b in after.bound if b.form.endswith("general_function")}
    return codes.pop() if same and len(codes) == 1 and "" not in codes else None


_TOTALS_SAID: Final = {
    Kind.BUDGET: "2024年收支总预算100.00万元，比2023年预算增加{change}万元。",
    Kind.FINAL: "2024年度收入支出总计100.00万元。与2023年度相比，收入支出总计增加{change}万元。",
}


def _year(kind: Kind, change: str) -> Example:
    name = "预算" if kind is Kind.BUDGET else "决算"
    form = f"{kind}.total"
    measure = f"{name}数"
    income, spent = ("收入总计", "支出总计") if kind is Kind.BUDGET else ("总计", "总计")

    def totals(value: str) -> tuple[Statement, ...]:
        return (
            sheet(
                form,
                line(income, side="收入", **{measure: value}),
                line(spent, side="支出", **{measure: value}),
            ),
        )

    return Example(
        prose=(
            f"## 一、收入支出{name}总体情况说明",
            _TOTALS_SAID[kind].format(change=change),
        ),
        statements=totals("100.00"),
        kind=kind,
        others=(Example(statements=totals("90.00"), kind=kind, year=2023),),
    )


def _planned(amount: str) -> Example:
    rows = (
        line("合计", 合计="9.00"),
        line("教育支出", "205", 合计="9.00"),
        line("普通教育", "20502", 合计="9.00"),
        line("小学教育", "2050202", 合计="9.00"),
    )
    return Example(
        prose=(
            "## 五、一般公共预算财政拨款支出决算情况说明",
            f"1、教育支出（类）普通教育（款）小学教育（项）。年初预算为{amount}万元，"
            "支出决算为9.00万元。",
        ),
        statements=(sheet("final.general_function", *rows),),
        others=(Example(statements=(sheet("budget.general_function", *rows),), kind=Kind.BUDGET),),
    )


_SAYS: Final = "文字“{name}”推算的上年数为{stated}，{there}为{expected}，相差{difference}"
_SAYS_EN: Final = (
    "what the text says of “{name}” makes the year before {stated}; {there} prints {expected}: "
    "a difference of {difference}"
)
RULES: Final = (
    Rule(
        id="D01",
        title="预算所引上年预算数与上年预算一致",
        title_en="What a budget quotes of last year's budget is what that printed",
        formula="本年预算数∓增减额＝上年预算所列数",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="上一年度部门预算",
        says=_SAYS,
        says_en=_SAYS_EN,
        run=_previous(Kind.BUDGET),
        fires=_year(Kind.BUDGET, "20.00"),
        silent=_year(Kind.BUDGET, "10.00"),
        kinds=(Kind.BUDGET,),
    ),
    Rule(
        id="D02",
        title="决算所引年初预算与当年预算一致",
        title_en="A final account quotes the budget of its year as printed",
        formula="年初预算数＝当年部门预算同一科目金额",
        tolerance="重复列示",
        severity=Severity.MATERIAL,
        source="当年部门预算",
        says="文字“{name}”年初预算为{stated}，{there}为{expected}，相差{difference}",
        says_en="the text plans {stated} for “{name}”, {there} prints {expected}: "
        "a difference of {difference}",
        run=_plans,
        fires=_planned("8.00"),
        silent=_planned("9.00"),
        kinds=(Kind.FINAL,),
    ),
    Rule(
        id="D03",
        title="决算所引上年决算数与上年决算一致",
        title_en="What a final account quotes of last year's is what that printed",
        formula="本年决算数∓增减额＝上年决算所列数",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="上一年度部门决算",
        says=_SAYS,
        says_en=_SAYS_EN,
        run=_previous(Kind.FINAL),
        fires=_year(Kind.FINAL, "20.00"),
        silent=_year(Kind.FINAL, "10.00"),
        kinds=(Kind.FINAL,),
    ),
)
