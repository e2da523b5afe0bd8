"""Empty tables: they need a sentence that says so, and the sentence must be true and theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.forms import plain
from archive.forms.equations import Cell, Sheet
from archive.forms.lines import bare
from archive.model import Kind, Mark, Statement
from diffing.checks.case import Case
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_BUDGETS: Final = {"fund": "政府性基金", "soe": "国有资本经营"}
_NONE: Final = re.compile(
    r"(?:没有|未安排|未发生|不涉及|无)[^。；，]{0,6}(政府性基金|国有资本经营)预算?"
)
_NO_SANGONG: Final = re.compile(
    r"(?:没有|未安排|无)(?:财政拨款|一般公共预算)*(?:安排的?)?\"三公\"经费[^。；，]{0,12}(?P<what>预算|支出)"
)
_ZERO: Final = re.compile(r"(?<![\d.])0(?:\.0+)?(?:万元|元)|为零|为0")
_SHORT: Final = 40
_CARRIED: Final = re.compile("结转|结余|总计")
_EMPTY: Final = re.compile(r"空表|无数据|没有|未安排|未发生|不涉及|无")


def _statements(case: Case) -> Iterator[tuple[str, str, Sheet]]:
    for form, budget in _BUDGETS.items():
        table = case.sheet(form)
        if table is not None:
            yield form, budget, table


def _is_empty(statement: Statement) -> bool:
    """No number is printed; a printed 0.00 says by itself that there is nothing."""
    return all(a.value is None for item in statement.items for a in item.amounts.values())


def _unreadable(statement: Statement) -> bool:
    marks = (a.mark for item in statement.items for a in item.amounts.values())
    return any(mark is Mark.UNREADABLE for mark in marks)


def _explained(case: Case) -> Iterator[Check]:
    for _, budget, table in _statements(case):
        statement = table.statement
        if not _is_empty(statement):
            yield Check(Outcome.NOT_APPLICABLE, "not-empty")
            continue
        said = any(_EMPTY.search(plain(note)) for note in statement.notes)
        said = said or any(_EMPTY.search(plain(i.name)) for i in statement.items)
        said = said or _said_in_prose(case, budget)
        if said:
            yield Check(Outcome.HOLDS)
        elif _unreadable(statement) or any(
            r.code.startswith("page-") for r in case.document.remarks
        ):
            yield Check(Outcome.UNDECIDABLE, "page-unread")
        else:
            place = Place(page=statement.pages[0], statement=statement.title, text="空表")
            yield Check(
                Outcome.FAILS,
                found=Found(here=(place,), there=(), stated="空表", expected="说明为空表的文字"),
            )


def _said_in_prose(case: Case, budget: str) -> bool:
    """Does the text say that there is none: in a sentence, as 0, or below its own heading?"""
    below = False
    for paragraph in case.document.prose:
        text = plain(paragraph.text)
        if any(match[1] == budget for match in _none(text)) or (
            budget in text and _ZERO.search(text)
        ):
            return True
        if below and _EMPTY.search(text[:_SHORT]):
            return True
        below = budget in text and len(text) < _SHORT
    return False


def _none(text: str) -> Iterator[re.Match[str]]:
    return _NONE.finditer(plain(text))


def _true(case: Case) -> Iterator[Check]:
    for _, budget, table in _statements(case):
        notes = [n for n in table.statement.notes if any(m[1] == budget for m in _none(n))]
        if not notes:
            yield Check(Outcome.NOT_APPLICABLE, "absent")
            continue
        money = [*_money(table, ""), *_elsewhere(case, budget)]
        if not money:
            yield Check(Outcome.HOLDS)
            continue
        if case.unsure(money):
            yield Check(Outcome.UNDECIDABLE, "recognised")
            continue
        found = _contradicted(case, table, notes[0], f"{budget}预算", money)
        yield Check(Outcome.FAILS, found=found)
    yield from _sangong(case)


def _sangong(case: Case) -> Iterator[Check]:
    """A note that there is no 三公经费, under a table that prints some."""
    table = case.sheet("sangong")
    if table is None or case.kind is None:
        return
    own = {Kind.BUDGET: "预算", Kind.FINAL: "支出"}[case.kind]
    measure = {Kind.BUDGET: "预算数", Kind.FINAL: "决算数"}[case.kind]
    for note in table.statement.notes:
        match = _NO_SANGONG.search(plain(note))
        if match is None or (case.kind is Kind.FINAL and match["what"] != own):
            continue
        money = [cell for cell in _money(table, "") if cell.measure == measure]
        if not money:
            yield Check(Outcome.HOLDS)
        elif case.unsure(money):
            yield Check(Outcome.UNDECIDABLE, "recognised")
        else:
            yield Check(Outcome.FAILS, found=_contradicted(case, table, note, "“三公”经费", money))


def _contradicted(case: Case, table: Sheet, note: str, what: str, money: list[Cell]) -> Found:
    statement = table.statement
    there = tuple(case.place(cell) for cell in money)
    ties: set[tuple[object, ...]] = {("cell", *cell.key) for cell in money}
    return Found(
        here=(Place(statement.pages[0], statement=statement.title, text=note, quotation=note),),
        there=there,
        stated=f"无{what}",
        expected=f"{there[0].text}{money[0].unit or ''}",
        ties=frozenset(ties | {("note", statement.form.partition(".")[2])}),
    )


def _money(table: Sheet, name: str) -> list[Cell]:
    cells = []
    for n, item in enumerate(table.items):
        for measure, amount in item.amounts.items():
            meant = name in bare(item.name) or name in measure
            if meant and amount.value and (cell := table.cell(n, measure)) is not None:
                cells.append(cell)
    return cells


def _elsewhere(case: Case, budget: str) -> list[Cell]:
    """Money of that budget in the statement that shows all three."""
    fiscal = case.sheet("fiscal")
    if fiscal is None:
        return []
    # 国有资本经营预算支出 is also the name of a 类; money carried over is not spent
    return [
        c
        for c in _money(fiscal, budget)
        if (not c.name.endswith("支出") or budget in c.measure)
        and not _CARRIED.search(c.name)
        and "block" not in fiscal.items[c.item].attributes
    ]


def _own(case: Case) -> Iterator[Check]:
    for _, budget, table in _statements(case):
        others = [b for b in _BUDGETS.values() if b != budget]
        for note in table.statement.notes:
            named = {match[1] for match in _none(note)}
            if not named:
                continue
            if budget in named or not named.intersection(others):
                yield Check(Outcome.HOLDS)
                continue
            place = Place(
                page=table.statement.pages[0],
                statement=table.statement.title,
                text=note,
                quotation=note,
            )
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(place,),
                    there=(),
                    stated=f"{'、'.join(sorted(named))}预算",
                    expected=f"{budget}预算",
                ),
            )


def _fund(*notes: str, fiscal: str = "", form: str = "final.fund") -> Example:
    return Example(
        statements=(
            sheet(form, line("合计", 本年支出=""), notes=notes),
            sheet(
                "final.fiscal",
                line("本年支出合计", side="支出", 合计="9.00", 政府性基金预算=fiscal),
            ),
        )
    )


RULES: Final = (
    Rule(
        id="S02",
        title="空表附有说明",
        title_en="An empty table says that it is empty",
        formula="没有数据的表列出空表并说明",
        tolerance="文字",
        severity=Severity.MINOR,
        source="财预〔2016〕143号：没有数据的表格应当列出空表并说明",
        says="{here}为空表，表下与说明中均未见说明",
        says_en="{here} is an empty table ({stated}); neither a note nor the text says so",
        run=_explained,
        fires=_fund(),
        silent=_fund("注：本部门2024年度无政府性基金预算财政拨款收入支出。"),
    ),
    Rule(
        id="S03",
        title="“无此项预算”的说明与金额相符",
        title_en="A note that there is no money of a kind agrees with the tables",
        formula="表下注明“无”时，各表该项金额为空或为零",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="财预〔2016〕143号",
        says="{here}注明“{stated}”，{there}为{expected}",
        says_en="{here} notes that there is none ({stated}); {there} prints {expected}",
        run=_true,
        fires=_fund("注：本部门2024年度无政府性基金预算财政拨款收入支出。", fiscal="9.00"),
        silent=_fund("注：本部门2024年度无政府性基金预算财政拨款收入支出。"),
    ),
    Rule(
        id="S04",
        title="空表说明所指为本表",
        title_en="The note under an empty table speaks of that table",
        formula="表下注明的预算＝本表的预算",
        tolerance="文字",
        severity=Severity.MINOR,
        source="财预〔2016〕143号",
        says="{here}的注写的是{stated}，本表为{expected}",
        says_en="the note under {here} speaks of {stated}; the table is of {expected}",
        run=_own,
        fires=_fund("注：本部门2024年无政府性基金预算财政拨款安排。", form="final.soe"),
        silent=_fund("注：本部门2024年无国有资本经营预算财政拨款安排。", form="final.soe"),
    ),
)
