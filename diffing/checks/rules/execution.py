"""Execution in the prose: 完成预算的 x%, and 决算数大于、小于、等于预算数."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from archive.forms.lines import bare
from archive.model import Basis, Claim, Direction, Kind, Role
from diffing.checks.case import Case, Figure, figure_of, money
from diffing.checks.examples import Example
from diffing.checks.model import Check, Found, Outcome, Rule, Severity
from diffing.checks.percent import exact, judged, percent, ratio

__all__ = ["RULES"]

_PLANS: Final = frozenset({Basis.BUDGET, Basis.ORIGINAL, Basis.FULL_YEAR})
_COMPARED: Final = frozenset({"大于", "小于", "等于", "持平", "高于", "低于"})
_NEAR: Final = 6
"""A plan is stated at most this many figures before what is compared with it."""


Plan = tuple[int, Claim, Figure]


def _plans(case: Case, index: int) -> list[Plan]:
    """The plans stated just before of the same subject."""
    claim = case.claims[index]
    if claim.about is None or claim.against is None or claim.against.basis not in _PLANS:
        return []
    about = case.claims[claim.about]
    found = []
    for n in range(max(0, index - _NEAR), index):
        one = case.claims[n]
        figure = money(one)
        if one.role is not Role.VALUE or one.basis not in _PLANS or figure is None:
            continue
        if bare(one.subject) == bare(about.subject) and one.year == about.year:
            found.append((n, one, figure))
    return found


def _plan(case: Case, index: int) -> Plan | None:
    """The one plan that is meant; None where it is not said or not sure."""
    against = case.claims[index].against
    wanted = against.basis if against is not None else None
    exact = [one for one in _plans(case, index) if wanted in (Basis.BUDGET, one[1].basis)]
    return exact[-1] if len({one[2].value for one in exact}) == 1 else None


def _rates(case: Case) -> Iterator[Check]:
    for index, claim in enumerate(case.claims):
        if claim.role is not Role.EXECUTION_PERCENT:
            continue
        said, plan = percent(claim), _plan(case, index)
        if said is None or claim.unit is None or plan is None or claim.about is None:
            yield Check(Outcome.UNDECIDABLE, "plan-unsaid")
            continue
        about = case.claims[claim.about]
        spent = [f for f in (money(about), *map(figure_of, case.cells(about))) if f is not None]
        results = [
            (judged(said, *ends), exact(said, figure.value, other.value))
            for other in (plan[2], *(one[2] for one in _plans(case, index)))
            for figure in spent
            if (ends := ratio(figure, other)) is not None
        ]
        if not results:
            yield Check(Outcome.NOT_APPLICABLE, "plan-zero")
            continue
        outcomes = [outcome for outcome, _ in results]
        if Outcome.HOLDS in outcomes or Outcome.ROUNDING in outcomes:
            holds = Outcome.HOLDS in outcomes
            yield Check(Outcome.HOLDS if holds else Outcome.ROUNDING)
            continue
        middle = results[0][1]
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.said(plan[1]), case.said(about)),
                stated=claim.text,
                expected=f"{middle}%",
                difference=said.value - middle,
                tolerance=said.step,
                unit="个百分点",
                ties=frozenset({("claim", index), ("claim", claim.about)}),
            ),
        )


def _comparisons(case: Case) -> Iterator[Check]:
    for index, claim in enumerate(case.claims):
        plain = claim.role is Role.DIFFERENCE and claim.value is None
        if not plain or claim.word not in _COMPARED or claim.about is None:
            continue
        plan, spent = _plan(case, index), money(case.claims[claim.about])
        if plan is None or spent is None or claim.direction is None:
            yield Check(Outcome.UNDECIDABLE, "plan-unsaid")
            continue
        difference = spent.value - plan[2].value
        tolerance = max(spent.step, plan[2].step)
        yield _compared(case, index, claim, plan[1], difference, tolerance)


def _compared(
    case: Case, index: int, claim: Claim, plan: Claim, gap: Decimal, allowed: Decimal
) -> Check:
    is_so = {
        Direction.UP: gap > 0,
        Direction.DOWN: gap < 0,
        Direction.SAME: gap == 0,
    }[claim.direction or Direction.SAME]
    if is_so:
        return Check(Outcome.HOLDS)
    if abs(gap) <= allowed:
        return Check(Outcome.ROUNDING)
    about = case.claims[claim.about or 0]
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(case.said(claim),),
            there=(case.said(plan), case.said(about)),
            stated=f"决算数{claim.word}预算数",
            expected=f"预算{plan.text}、决算{about.text}",
            difference=gap,
            tolerance=allowed,
            unit="万元",
            ties=frozenset({("claim", index)}),
        ),
    )


def _example(rate: str, word: str) -> Example:
    return Example(
        prose=(
            "## 五、一般公共预算财政拨款支出决算情况说明",
            "一般公共预算财政拨款支出年初预算为200.00万元，支出决算为180.00万元，"
            f"完成年初预算的{rate}%。决算数{word}预算数的主要原因：厉行节约。",
        )
    )


RULES: Final = (
    Rule(
        id="N06",
        title="完成率可由预算数与决算数复算",
        title_en="A rate of execution follows from plan and outcome",
        formula="完成率＝决算数÷预算数×100%",
        tolerance="百分比区间",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”完成率为{stated}，按所列金额复算为{expected}，相差{difference}",
        says_en="the text says {stated} of the plan of “{name}”; its amounts give {expected}: "
        "a difference of {difference}",
        run=_rates,
        fires=_example("95.00", "小于"),
        silent=_example("90.00", "小于"),
        kinds=(Kind.FINAL,),
    ),
    Rule(
        id="N07",
        title="决算数与预算数的大小与文字相符",
        title_en="Outcome and plan compare as the text says",
        formula="“大于”“小于”“持平”与两数之差的符号一致",
        tolerance="重复列示",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”写“{stated}”，同处所列为{expected}",
        says_en="the text says “{stated}” of “{name}”, beside {expected}",
        run=_comparisons,
        fires=_example("90.00", "大于"),
        silent=_example("90.00", "小于"),
        kinds=(Kind.FINAL,),
    ),
)
