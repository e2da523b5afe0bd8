"""Units of tables: the same digits of one quantity, in 元 in one table and in 万元 in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from archive.forms.equations import Instance, Tolerance
from archive.forms.equations import Outcome as Equation
from archive.model import Statement, Unit
from diffing.checks.case import Case
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Rule, Severity

__all__ = ["RULES"]


def _run(case: Case) -> Iterator[Check]:
    for made in case.instances:
        cells = made.cells
        pair = made.kind is Tolerance.TWICE and len(made.left) == len(made.right) == 1
        if not pair or len({cell.unit for cell in cells}) != len({c.statement for c in cells}):
            continue
        if any(cell.unit is None or not cell.amount.value for cell in cells):
            continue
        same = cells[0].amount.value == cells[1].amount.value
        if made.outcome is not Equation.FAILS or not same:
            yield Check(Outcome.HOLDS)
        elif case.unsure(cells):
            yield Check(Outcome.UNDECIDABLE, "recognised")
        else:
            yield Check(Outcome.FAILS, found=_found(case, made))


def _found(case: Case, made: Instance) -> Found:
    here, there = (case.place(cell) for cell in made.cells)
    units = [cell.unit for cell in made.cells]
    ties: set[tuple[object, ...]] = {("cell", *cell.key) for cell in made.cells}
    ties.add(("units", frozenset(cell.statement for cell in made.cells)))
    return Found(
        here=(here,),
        there=(there,),
        stated=f"{here.text}{units[0]}",
        expected=f"{there.text}{units[1]}",
        ties=frozenset(ties),
    )


def _tables(total: str) -> Example:
    income = sheet("final.expenditure", line("合计", 合计=total))
    return Example(statements=(_in_yuan(income), _summary()))


def _summary() -> Statement:
    return sheet("final.total", line("本年支出合计", side="支出", 决算数="9,000.00"))


def _in_yuan(statement: Statement) -> Statement:
    return msgspec.structs.replace(statement, unit=Unit.YUAN)


RULES: Final = (
    Rule(
        id="S07",
        title="同一数字在各表中的单位一致",
        title_en="One figure has one unit in every table",
        formula="应相等的两表金额，数字相同时单位也相同",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="部门预算、部门决算报表格式",
        says="{here}为{stated}，{there}为{expected}，数字相同而单位不同",
        says_en="{here} prints {stated}, {there} {expected}: the same digits in two units",
        run=_run,
        fires=_tables("9,000.00"),
        silent=_tables("90,000,000.00"),
    ),
)
