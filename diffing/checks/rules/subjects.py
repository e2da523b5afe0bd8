"""类、款、项 named in the prose against the rows of the table it explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.forms.equations import Cell, Sheet
from archive.model import Claim
from archive.register import codes
from archive.register.wording import wording
from diffing.checks.case import Case, Figure, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Rule, Severity

__all__ = ["RULES"]

_PATH: Final = re.compile(
    r"^(?P<lei>[^（()）]+)[（(]类[）)](?P<kuan>[^（()）]+)[（(]款[）)](?P<xiang>.+?)[（(]项[）)]$"
)
_BRACKETS: Final = re.compile(r"[（(][^（()）]*[）)]")
_MEASURE: Final = "合计"


def _run(case: Case) -> Iterator[Check]:
    table = case.sheet("general_function")
    bound = {b.code for c in case.claims for b in c.bound if b.code}
    for index, claim, said in case.values:
        match = _PATH.match(claim.subject)
        if match is None or not case.own_basis(claim):
            continue
        if claim.bound:
            yield Check(Outcome.HOLDS)
        elif table is None:
            yield Check(Outcome.NOT_APPLICABLE, "absent")
        else:
            path = (match["lei"], match["kuan"], match["xiang"])
            yield _named(case, index, claim, said, table, path, bound)


def _named(
    case: Case,
    index: int,
    claim: Claim,
    said: Figure,
    table: Sheet,
    path: tuple[str, str, str],
    bound: set[str],
) -> Check:
    """The one row that is meant: of another 款, or of the same amount and named otherwise."""
    rows = [n for n, item in enumerate(table.items) if codes.level(item.code) == len(path)]
    keys = [wording(name.replace("其它", "其他")) for name in path]
    same_class = [n for n in rows if _above(table, n, 3) == keys[0]]
    called = [n for n in same_class if wording(table.items[n].name) == keys[2]]
    if any(_above(table, n, 5) == keys[1] for n in called):
        return Check(Outcome.HOLDS)
    if any(not _above(table, n, 5) for n in called):
        return Check(Outcome.UNDECIDABLE, "row-unknown")
    if len(called) == 1:
        return _found(case, index, claim, table, called[0], "款")
    equal = [
        n
        for n in same_class
        if _above(table, n, 5) == keys[1]
        and table.items[n].code not in bound
        and _equal(table.cell(n, _MEASURE), said)
    ]
    if not called and len(equal) == 1 and said.value:
        return _found(case, index, claim, table, equal[0], "项")
    return Check(Outcome.UNDECIDABLE, "row-unknown")


def _above(table: Sheet, row: int, digits: int) -> str:
    code = table.items[row].code[:digits]
    return next((wording(item.name) for item in table.items if item.code == code), "")


def _equal(cell: Cell | None, said: Figure) -> bool:
    printed = figure_of(cell) if cell is not None else None
    return printed is not None and abs(printed.value - said.value) < max(printed.step, said.step)


def _unbracketed(name: str) -> str:
    return wording(_BRACKETS.sub("", name))


def _found(case: Case, index: int, claim: Claim, table: Sheet, row: int, level: str) -> Check:
    item = table.items[row]
    shown = item
    if level == "款":
        shown = next(one for one in table.items if one.code == item.code[:5])
    match = _PATH.match(claim.subject)
    stated = match["kuan" if level == "款" else "xiang"] if match else claim.subject
    cell = table.cell(row, _MEASURE)
    if _unbracketed(stated) == _unbracketed(shown.name):  # 政府办公厅（室）
        return Check(Outcome.HOLDS)
    if case.own_name(shown.code, stated):
        return Check(Outcome.NOT_APPLICABLE, "code-doubtful")
    alike = bool(set(wording(stated)) & set(wording(shown.name)))
    renamed = level == "款" or (alike and wording(stated)[:2] == wording(shown.name)[:2])
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.said(claim),),
            there=(case.place(cell),) if cell is not None else (),
            stated=f"{stated}（{level}）",
            expected=f"{shown.code} {shown.name}",
            severity=Severity.MINOR if renamed else Severity.MATERIAL,
            ties=frozenset({("claim", index), ("name", level, wording(stated), shown.code)}),
        ),
    )


_TABLE: Final = sheet(
    "final.general_function",
    line("合计", 合计="0.88"),
    line("社会保障和就业支出", "208", 合计="0.88"),
    line("行政事业单位养老支出", "20805", 合计="0.88"),
    line("其他行政事业单位养老支出", "2080599", 合计="0.88"),
)


def _example(xiang: str) -> Example:
    return Example(
        prose=(
            "## 五、一般公共预算财政拨款支出决算情况说明",
            f"1、社会保障和就业支出（类）行政事业单位养老支出（款）{xiang}（项）。"
            "年初预算为0.88万元，支出决算为0.88万元。",
        ),
        statements=(_TABLE,),
    )


RULES: Final = (
    Rule(
        id="N15",
        title="文字所述科目名称与表中一致",
        title_en="A line is named in the text as in the table",
        formula="文字中的类、款、项＝表中同一科目的名称",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="《政府收支分类科目》；财预〔2016〕143号",
        says="文字写作“{stated}”，{there}同一金额的科目为“{expected}”",
        says_en="the text calls it “{stated}”, {there} prints “{expected}”",
        run=_run,
        fires=_example("机关事业单位退休人员活动费支出"),
        silent=_example("其他行政事业单位养老支出"),
    ),
)
