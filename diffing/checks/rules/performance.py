"""Performance forms: their sums and rates, and the projects they repeat from the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

import msgspec

from archive.forms import forms, plain
from archive.forms.equations import Cell, Sheet, Term, Tolerance, settle
from archive.model import Classification, Kind, Level, LineItem, Locator
from diffing.checks.case import Case, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity
from diffing.checks.percent import Percent, exact, judged, ratio
from diffing.checks.rules.equations import equation_rule, of, over, settled

__all__ = ["RULES"]

_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_AT_LEAST: Final = re.compile(r"(?:≥|>=|不少于|不低于)(\d{1,9}(?:\.\d{1,4})?)(\D{0,4})")
_REACHED: Final = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)(\D{0,4})")
_ITEM: Final = "budget.performance_project"
_WHOLE: Final = "budget.performance_whole"


def _rates(case: Case) -> Iterator[Check]:
    """Every rate printed beside the two figures it comes from."""
    for sheet_ in case.sheets:
        form = forms().get(sheet_.statement.form)
        for rate in form.rates if form else ():
            for n, item in enumerate(sheet_.items):
                match = _PERCENT.fullmatch(plain(item.attributes.get(rate.attribute, "")))
                part, whole = sheet_.cell(n, rate.part), sheet_.cell(n, rate.whole)
                if match and part is not None and whole is not None:
                    yield _rate(case, match[1], rate.attribute, part, whole)


def _rate(case: Case, text: str, attribute: str, part: Cell, whole: Cell) -> Check:
    ours, theirs = figure_of(part), figure_of(whole)
    if ours is None or theirs is None:
        return Check(Outcome.UNDECIDABLE, "no-figure")
    between = ratio(ours, theirs)
    if between is None:
        return Check(Outcome.NOT_APPLICABLE, "whole-zero")
    if case.unsure((part, whole)):
        return Check(Outcome.UNDECIDABLE, "recognised")
    value = Decimal(text)
    said = Percent(value, Decimal(1).scaleb(int(value.as_tuple().exponent)))
    outcome = judged(said, *between)
    if outcome is not Outcome.FAILS:
        return Check(outcome)
    expected = exact(said, ours.value, theirs.value)
    here = msgspec.structs.replace(
        _attribute(case, part.statement, part.item, attribute), measure="执行率", text=f"{text}%"
    )
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(here,),
            there=(case.place(part), case.place(whole)),
            stated=f"{text}%",
            expected=f"{expected}%",
            difference=value - expected,
            tolerance=said.step,
            unit="个百分点",
            ties=frozenset({("rate", part.statement, part.item)}),
        ),
    )


def _attribute(case: Case, statement: int, n: int, name: str) -> Place:
    """Where the other printed cell of a row stands."""
    made = case.document.statements[statement]
    item = made.items[n]
    at = item.places.get(name)
    return Place(
        page=at.page if at else item.page or None,
        row=at.row if at else item.row or None,
        column=at.column if at else None,
        statement=made.title,
        name=item.name,
        text=item.attributes.get(name, ""),
    )


def _scores(case: Case) -> Iterator[Check]:
    """No indicator scores more than it weighs."""
    for n, (row, item) in _indicators(case):
        weight, score = (plain(item.attributes.get(k, "")) for k in ("weight", "score"))
        if not (_NUMBER.fullmatch(weight) and _NUMBER.fullmatch(score)):
            continue
        if Decimal(score) <= Decimal(weight):
            yield Check(Outcome.HOLDS)
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(_attribute(case, n, row, "score"),),
                there=(_attribute(case, n, row, "weight"),),
                stated=score,
                expected=weight,
                difference=Decimal(score) - Decimal(weight),
                tolerance=Decimal(0),
                unit="分",
                ties=frozenset({("score", n, row)}),
            ),
        )


def _missed(case: Case) -> Iterator[Check]:
    """An outcome below "at least" has a reason beside it."""
    for n, (row, item) in _indicators(case):
        target = _AT_LEAST.fullmatch(plain(item.attributes.get("target", "")))
        actual = _REACHED.fullmatch(plain(item.attributes.get("actual", "")))
        if not target or not actual or target[2] != actual[2]:
            continue
        if Decimal(actual[1]) >= Decimal(target[1]):
            yield Check(Outcome.HOLDS)
        elif "reason" not in item.places:
            yield Check(Outcome.UNDECIDABLE, "column-unknown")
        elif item.attributes.get("reason", "").strip():
            yield Check(Outcome.HOLDS)
        else:
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(_attribute(case, n, row, "actual"),),
                    there=(_attribute(case, n, row, "target"),),
                    stated=actual[0],
                    expected=target[0],
                    ties=frozenset({("missed", n, row)}),
                ),
            )


def _indicators(case: Case) -> Iterator[tuple[int, tuple[int, LineItem]]]:
    """Statement and row of every indicator of the self-evaluations."""
    for n, statement in enumerate(case.document.statements):
        if statement.form.startswith("final.performance_"):
            yield from ((n, one) for one in enumerate(statement.items))


def _whole(case: Case) -> Iterator[Check]:
    """The whole form against the tables: certain for a unit alone, which has no units below it."""
    for check in over(f"{_WHOLE}/income", f"{_WHOLE}/projects")(case):
        fails = check.outcome is Outcome.FAILS
        if fails and case.document.facts.level is not Level.UNIT:
            yield Check(Outcome.UNDECIDABLE, "scope-differs")
        else:
            yield check


def _projects(case: Case) -> Iterator[Check]:
    """One project of one name: the same money in the table, in the list and in its own form.

    Where a document prints the whole form of several units, one name may be two projects.
    """
    if len(case.statements(_WHOLE)) > 1:
        yield Check(Outcome.UNDECIDABLE, "several")
        return
    sources = (
        _named(case, "budget.project", "合计"),
        _named(case, _WHOLE, "项目本年度预算"),
        _named(case, _ITEM, "项目当年预算"),
    )
    for here in (1, 2):
        for name, cell in sources[here].items():
            there = next((s[name] for s in sources[:here] if name in s), None)
            if there is None:
                yield Check(Outcome.UNDECIDABLE, "row-unknown")
                continue
            title = "同名项目金额相同"
            made = settle(f"{_ITEM}/named", title, _term(cell), _term(there), Tolerance.TWICE)
            yield settled(case, made)


def _term(cell: Cell) -> list[Term]:
    return [Term(cell)]


def _named(case: Case, form: str, measure: str) -> dict[str, Cell]:
    """Projects by name, those whose name stands once."""
    found: defaultdict[str, list[Cell]] = defaultdict(list)
    for sheet_ in case.sheets:
        if sheet_.statement.form != form:
            continue
        for n, item in enumerate(sheet_.items):
            cell = sheet_.cell(n, measure)
            name = plain(_project(form, sheet_, item))
            if cell is not None and name and not item.total:
                found[name].append(cell)
    return {name: cells[0] for name, cells in found.items() if len(cells) == 1}


def _project(form: str, sheet_: Sheet, item: LineItem) -> str:
    if form == _ITEM:
        return sheet_.statement.subject
    if form == _WHOLE:
        return item.name if item.attributes.get("block") == "项目支出情况" else ""
    return "" if item.classification is Classification.UNIT else item.name


def _in(block: str, item: LineItem, **attributes: str) -> LineItem:
    return msgspec.structs.replace(item, attributes={"block": block, **attributes})


def _sources(total: str, general: str) -> Example:
    block = "项目资金来源"
    return of(
        sheet(
            _ITEM,
            _in(block, line("合计", 金额=total)),
            _in(block, line("1.一般公共预算财政拨款", 金额=general)),
            _in(block, line("4.单位资金", 金额="")),
        )
    )


def _composition(total: str) -> Example:
    block = "部门总体资金情况"
    return of(
        sheet(
            _WHOLE,
            _in(block, line("人员类项目支出", side="支出", 当年金额="8.00")),
            _in(block, line("运转类项目支出", side="支出", 当年金额="1.00")),
            _in(block, line("合计", side="支出", 当年金额=total)),
        )
    )


def _executed(rate: str) -> Example:
    row = line("2023", 预算数="0.15", 执行数="0.15")
    return of(sheet(_ITEM, _in("项目前两年预算", row, rate=rate)))


def _indicator(**attributes: str) -> Example:
    row = _in("年度绩效目标", line("招聘活动"), **attributes)
    places = dict.fromkeys((*attributes, "reason"), Locator(3, 2, 3))
    row = msgspec.structs.replace(row, places=places, page=3, row=2)
    return of(sheet("final.performance_project", row))


def _income(total: str) -> Example:
    row = _in("部门总体资金情况", line("合计", side="收入", 当年金额="9.00"))
    made = of(
        sheet(_WHOLE, row), sheet("budget.total", line("收入总计", side="收入", 预算数=total))
    )
    return msgspec.structs.replace(made, level=Level.UNIT)


def _project_twice(there: str) -> Example:
    named = msgspec.structs.replace(
        sheet(_ITEM, line("项目当年预算", 项目当年预算=there)), subject="党建"
    )
    return of(sheet("budget.project", line("党建", 合计="0.85")), named)


def _rule(
    rule_id: str,
    titles: tuple[str, str],
    formula: str,
    says: tuple[str, str],
    run: Callable[[Case], Iterator[Check]],
    examples: tuple[Example, Example],
    tolerance: str,
    kinds: tuple[Kind, ...],
    forms_: tuple[str, ...],
) -> Rule:
    return Rule(
        id=rule_id,
        title=titles[0],
        title_en=titles[1],
        formula=formula,
        tolerance=tolerance,
        severity=Severity.MINOR,
        source="绩效目标表、自评表格式",
        says=says[0],
        says_en=says[1],
        run=run,
        fires=examples[0],
        silent=examples[1],
        kinds=kinds,
        forms=forms_,
    )


_BOTH: Final = (Kind.BUDGET, Kind.FINAL)
_EVALUATIONS: Final = ("final.performance_project", "final.performance_whole")

RULES: Final[tuple[Rule, ...]] = (
    equation_rule(
        "I17",
        "项目资金合计等于各项来源与明细之和",
        "A project's money is the sum of its sources and of its details",
        "资金合计＝各项来源之和；项目当年预算＝资金来源合计＝明细测算之和",
        tuple(f"{_ITEM}/{e}" for e in ("sources", "budget", "details", "funds", "funds-year")),
        _sources("20.00", "15.00"),
        _sources("20.00", "20.00"),
        kinds=(Kind.BUDGET,),
        severity=Severity.MINOR,
    ),
    equation_rule(
        "I18",
        "整体资金合计等于各项构成之和",
        "The agency's money is the sum of its composition",
        "收入构成合计＝各项收入；支出构成合计＝人员类＋运转类＋特定目标类（本年与前两年）",
        (f"{_WHOLE}/totals",),
        _composition("9.50"),
        _composition("9.01"),
        kinds=(Kind.BUDGET,),
        severity=Severity.MINOR,
    ),
    _rule(
        "I19",
        ("执行率可由执行数与预算数复算", "A rate of execution follows from its two figures"),
        "执行率＝执行数÷预算数×100%",
        (
            "{here}为{stated}，按执行数与预算数计算为{expected}",
            "{here} prints {stated}; its two figures give {expected}",
        ),
        _rates,
        (_executed("60%"), _executed("100%")),
        "百分比区间",
        _BOTH,
        (_ITEM, *_EVALUATIONS),
    ),
    _rule(
        "I20",
        ("得分不高于分值", "No indicator scores more than it weighs"),
        "得分≤分值",
        ("{here}得分{stated}，分值{expected}", "{here} scores {stated} of {expected}"),
        _scores,
        (_indicator(weight="10", score="12"), _indicator(weight="10", score="10")),
        "文字",
        (Kind.FINAL,),
        _EVALUATIONS,
    ),
    _rule(
        "X11",
        ("整体绩效目标表与收支总表一致", "The whole performance form agrees with the tables"),
        "当年收入合计＝收入总计；特定目标类＝项目支出（单位的文件；部门的表可以只含本级）",
        (
            "{here}为{stated}，{there}为{expected}，相差{difference}",
            "{here} prints {stated}, {there} prints {expected}: a difference of {difference}",
        ),
        _whole,
        (_income("8.00"), _income("9.01")),
        "重复列示",
        (Kind.BUDGET,),
        (_WHOLE,),
    ),
    _rule(
        "X12",
        ("同一项目在各表中金额相同", "A project has one amount in every table"),
        "项目支出表、整体绩效目标表、项目绩效目标表中同名项目的当年预算相同（名称各只出现一次时）",
        (
            "{here}为{stated}，{there}为{expected}，相差{difference}",
            "{here} prints {stated}, {there} prints {expected}: a difference of {difference}",
        ),
        _projects,
        (_project_twice("0.95"), _project_twice("0.85")),
        "重复列示",
        (Kind.BUDGET,),
        ("budget.project", _WHOLE, _ITEM),
    ),
    _rule(
        "X17",
        ("未达到的指标说明了原因", "A missed target has its reason beside it"),
        "指标值写明“≥”而实际完成值较低的，偏差原因不为空",
        (
            "{here}为{stated}，指标值为{expected}，偏差原因为空",
            "{here} is {stated}, the target {expected}; no reason is given",
        ),
        _missed,
        (_indicator(target="≥20场", actual="18场"), _indicator(target="≥20场", actual="21场")),
        "文字",
        (Kind.FINAL,),
        _EVALUATIONS,
    ),
)
