"""Amounts in the prose against the cells they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.forms.equations import Cell, Instance
from archive.model import Claim, Unit
from diffing.checks.case import Case, Figure, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Rule, Severity

__all__ = ["RULES"]


def _run(case: Case) -> Iterator[Check]:
    for index, claim, said in case.values:
        cells = case.cells(claim)
        if not claim.bound:
            yield Check(Outcome.NOT_APPLICABLE, "unbound")
            continue
        printed = [(cell, figure) for cell in cells if (figure := figure_of(cell)) is not None]
        nothing = _nothing(case, cells, said) if not printed and said.value else None
        if nothing is not None:
            yield _said_of_nothing(case, index, claim, said, nothing)
            continue
        if not printed:
            blank = "one-blank" if said.value else "empty"
            outcome = Outcome.UNDECIDABLE if said.value else Outcome.NOT_APPLICABLE
            yield Check(outcome, blank)
            continue
        yield _compared(case, index, claim, said, printed)


def _nothing(case: Case, cells: list[Cell], said: Figure) -> tuple[Cell, Instance] | None:
    """A blank cell, and a sum that closes without it: there the table says that it is nothing.

    Only where the amount in the text would break that sum.
    """
    for cell in cells:
        for made in case.closing.get(cell.key, ()):
            scale = -4 if made.unit is Unit.YUAN else 0
            if said.value > 2 * made.tolerance.scaleb(scale) + said.step:
                return cell, made
    return None


def _said_of_nothing(
    case: Case, index: int, claim: Claim, said: Figure, nothing: tuple[Cell, Instance]
) -> Check:
    cell, made = nothing
    if case.unsure(made.cells):
        return Check(Outcome.UNDECIDABLE, "recognised")
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.said(claim),),
            there=(case.place(cell), case.place(made.left[0].cell)),
            stated=claim.text,
            expected="空（合计不含此项）",
            difference=said.value,
            tolerance=said.step,
            unit="万元",
            ties=frozenset({("cell", *cell.key), ("claim", index)}),
        ),
    )


def _units(case: Case) -> Iterator[Check]:
    """The same digits twice in one sentence, once in 元 and once in 万元."""
    for n, claim, figure in case.values:
        beside_it = (case.value_at.get(n + step) for step in range(1, _BESIDE + 1))
        for m, other, theirs in (said for said in beside_it if said is not None):
            same = (claim.quotation, claim.subject) == (other.quotation, other.subject)
            if not same or not figure.value or not theirs.value:
                continue
            if claim.unit == other.unit or claim.value != other.value:
                continue
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(case.said(other),),
                    there=(case.said(claim),),
                    stated=other.text,
                    expected=claim.text,
                    ties=frozenset({("claim", n), ("claim", m)}),
                ),
            )
        yield Check(Outcome.HOLDS)


def _compared(
    case: Case, index: int, claim: Claim, said: Figure, printed: list[tuple[Cell, Figure]]
) -> Check:
    cell, nearest = min(printed, key=lambda pair: abs(pair[1].value - said.value))
    difference = said.value - nearest.value
    tolerance = max(said.step, nearest.step)
    if not difference:
        return Check(Outcome.HOLDS)
    if abs(difference) <= tolerance:
        return Check(Outcome.ROUNDING)
    if case.unsure([cell]):
        return Check(Outcome.UNDECIDABLE, "recognised")
    place = case.place(cell)
    ties: set[tuple[object, ...]] = {("cell", *one.key) for one, _ in printed}
    ties |= {("claim", index), ("prose", claim.page, claim.parent, abs(difference))}
    ties.add(("prose", claim.page, index, abs(difference)))
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.said(claim),),
            there=tuple(case.place(one) for one, _ in printed),
            stated=claim.text,
            expected=f"{place.text}{cell.unit or ''}",
            right=_right(case, claim, [one for one, _ in printed]),
            difference=difference,
            tolerance=tolerance,
            unit="万元",
            ties=frozenset(ties),
        ),
    )


def _right(case: Case, claim: Claim, cells: list[Cell]) -> str:
    """The figure of the same paragraph that agrees with one of these cells; "" where none does.

    To say that the text is wrong and not that it is right two lines above would be half the truth.
    """
    keys = {cell.key for cell in cells}
    for _, other, said in case.beside(claim):
        if (other.quotation, other.text) in case.damaged:
            continue
        for cell in case.cells(other):
            figure = figure_of(cell) if cell.key in keys else None
            if figure and abs(figure.value - said.value) <= max(said.step, figure.step):
                return other.text
    return ""


_BESIDE: Final = 2
_TABLE: Final = sheet(
    "final.general_function", line("合计", 合计="2,961.68", 基本支出="2,961.68", 项目支出="")
)


def _example(amount: str) -> Example:
    return Example(
        prose=(
            "## 五、一般公共预算财政拨款支出决算情况说明",
            f"一般公共预算财政拨款支出{amount}万元。",
        ),
        statements=(_TABLE,),
    )


def _spent(unit: str) -> Example:
    return Example(
        prose=(
            "## 十、预算绩效管理情况",
            f"人才专项项目全年预算数为13704.8万元，执行数为13704.8{unit}，完成预算的100%。",
        )
    )


RULES: Final = (
    Rule(
        id="N01",
        title="文字所述金额与表中金额一致",
        title_en="An amount in the text is the one in the table",
        formula="文字金额＝所指单元格金额",
        tolerance="重复列示",
        severity=Severity.MATERIAL,
        source="财预〔2016〕143号：说明应与表格一致",
        says="文字“{name}”为{stated}，{there}为{expected}，相差{difference}",
        says_en="the text gives {stated} for “{name}”, {there} prints {expected}: "
        "a difference of {difference}",
        run=_run,
        fires=_example("0.3"),
        silent=_example("2961.67"),
    ),
    Rule(
        id="N14",
        title="同一句中同一数字的单位一致",
        title_en="One number has one unit within a sentence",
        formula="同一句中数字相同的两个金额，单位相同",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”同一句中先写{expected}，后写{stated}，相差一万倍",
        says_en="one sentence on “{name}” gives {expected}, then {stated}: ten thousand times less",
        run=_units,
        fires=_spent("元"),
        silent=_spent("万元"),
    ),
)
