"""Shares printed in the whole performance form, recomputed from the amounts beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from archive.forms import plain
from archive.forms.equations import Cell, Sheet
from archive.model import Kind, LineItem
from diffing.checks.case import Case, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity
from diffing.checks.percent import Percent, exact, judged, ratio
from diffing.checks.rules.equations import of

__all__ = ["RULES"]

_FORM: Final = "budget.performance_whole"
_BLOCK: Final = "部门总体资金情况"
_SHARE: Final = "share"
_MEASURE: Final = "当年金额"
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")


def _run(case: Case) -> Iterator[Check]:
    for table in case.sheets:
        if table.statement.form != _FORM:
            continue
        for n, item in enumerate(table.items):
            said = _said(item)
            if said is None or item.attributes.get("block") != _BLOCK:
                continue
            part, wholes = table.cell(n, _MEASURE), _wholes(table, item)
            if part is None or len(wholes) != 1:
                yield Check(Outcome.UNDECIDABLE, "whole-unsaid")
            else:
                yield _share(case, said, part, wholes[0])


def _said(item: LineItem) -> Percent | None:
    match = _PERCENT.fullmatch(plain(item.attributes.get(_SHARE, "")))
    if match is None:
        return None
    value = Decimal(match[1])
    return Percent(value, Decimal(1).scaleb(int(value.as_tuple().exponent)))


def _wholes(table: Sheet, part: LineItem) -> list[Cell]:
    """The 合计 of the same side, income or expenditure."""
    rows = [
        n
        for n, item in enumerate(table.items)
        if item.attributes.get("block") == _BLOCK
        and item.side == part.side
        and plain(item.name) == "合计"
    ]
    return [cell for n in rows if (cell := table.cell(n, _MEASURE)) is not None]


def _share(case: Case, said: Percent, part: Cell, whole: Cell) -> Check:
    ours, theirs = figure_of(part), figure_of(whole)
    if ours is None or theirs is None:
        return Check(Outcome.UNDECIDABLE, "no-figure")
    between = ratio(ours, theirs)
    if between is None:
        return Check(Outcome.NOT_APPLICABLE, "whole-zero")
    if case.unsure((part, whole)):
        return Check(Outcome.UNDECIDABLE, "recognised")
    outcome = judged(said, *between)
    if outcome is not Outcome.FAILS:
        return Check(outcome)
    expected = exact(said, ours.value, theirs.value)
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(_place(case, part, said),),
            there=(case.place(part), case.place(whole)),
            stated=f"{said.value}%",
            expected=f"{expected}%",
            difference=said.value - expected,
            tolerance=said.step,
            unit="个百分点",
            ties=frozenset({("cell", *part.key)}),
        ),
    )


def _place(case: Case, part: Cell, said: Percent) -> Place:
    """Where the share stands: its own cell, else the row of the amount."""
    item = case.document.statements[part.statement].items[part.item]
    at = item.places.get(_SHARE)
    place = msgspec.structs.replace(case.place(part), measure="占比", text=f"{said.value}%")
    if at is None:
        return place
    return msgspec.structs.replace(place, page=at.page, row=at.row, column=at.column)


def _example(share: str) -> Example:
    rows = (
        (line("人员类项目支出", side="支出", 当年金额="8.00"), share),
        (line("特定目标类项目支出", side="支出", 当年金额="1.00"), "11.11%"),
        (line("合计", side="支出", 当年金额="9.00"), "100%"),
    )
    items = (
        msgspec.structs.replace(row, attributes={"block": _BLOCK, _SHARE: said})
        for row, said in rows
    )
    return of(sheet(_FORM, *items))


RULES: Final = (
    Rule(
        id="I21",
        title="整体绩效目标表的占比可由金额复算",
        title_en="A share in the whole performance form follows from its amounts",
        formula="占比＝该行当年金额÷同侧合计×100%",
        tolerance="百分比区间",
        severity=Severity.MINOR,
        source="绩效目标表格式",
        says="{here}为{stated}，按所列金额计算为{expected}，相差{difference}",
        says_en="{here} prints {stated}; its amounts give {expected}: a difference of {difference}",
        run=_run,
        fires=_example("98.89%"),
        silent=_example("88.88%"),
        kinds=(Kind.BUDGET,),
        forms=(_FORM,),
    ),
)
