"""Changes in the prose: by how much, by how many percent, and which way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from archive.model import Claim, Direction, Kind, Role
from diffing.checks.case import Case, Figure, figure_of, money
from diffing.checks.examples import Example
from diffing.checks.model import Check, Found, Outcome, Rule, Severity
from diffing.checks.percent import Percent, exact, in_turn, judged, percent, ratio

__all__ = ["RULES"]

_NEAR: Final = 4
"""An earlier figure is stated at most this many figures before its change."""
_HUNDRED: Final = Decimal(100)
_ANOTHER: Final = re.compile("占|比重|完成|执行|其中|原因")
"""Words after which a percentage speaks of something else."""
_BELOW_ZERO: Final = re.compile("结转|结余|余额|净|差额")
"""What may have been less than nothing the year before."""
_TURNED: Final[dict[Direction | None, Direction]] = {
    Direction.UP: Direction.DOWN,
    Direction.DOWN: Direction.UP,
}
_OPPOSED: Final = {(Direction.UP, Direction.DOWN), (Direction.DOWN, Direction.UP)}


def _pairs(case: Case) -> Iterator[tuple[int, Claim, int, Claim]]:
    """Each percentage of change with the amount of change stated just before it."""
    for n in range(1, len(case.claims)):
        claim, before = case.claims[n], case.claims[n - 1]
        if claim.role is not Role.CHANGE_PERCENT or before.role is not Role.DIFFERENCE:
            continue
        same = (claim.quotation, claim.about, claim.subject) == (
            before.quotation,
            before.about,
            before.subject,
        )
        if same and money(before) is not None and not in_turn(claim):
            yield n, claim, n - 1, before


def _percentages(case: Case) -> Iterator[Check]:
    for index, claim, _, before in _pairs(case):
        said, change = percent(claim), money(before)
        if said is not None and said.value < 0:  # "减少9万元，增长-9%"
            said, direction, agree = Percent(-said.value, said.step), before.direction, True
        else:
            direction = claim.direction or before.direction
            agree = (claim.direction, before.direction) not in _OPPOSED
        if change is not None and change.value < 0:
            change, direction = Figure(-change.value, change.step), _TURNED.get(direction)
        unclear = direction in (None, Direction.SAME) or not agree
        if said is None or change is None or direction is None or unclear:
            yield Check(Outcome.UNDECIDABLE, "direction-unsaid")
            continue
        bases = [_earlier(now, change, direction) for now in _now(case, claim)]
        results = [
            (judged(said, *ends), exact(said, change.value, base.value))
            for base in bases
            if (ends := ratio(Figure(change.value, change.step, apart=True), base)) is not None
        ]
        if not results:
            yield Check(Outcome.UNDECIDABLE, "base-unsaid")
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
                there=(case.said(before),),
                stated=claim.text,
                expected=f"{middle}%",
                difference=said.value - middle,
                tolerance=said.step,
                unit="个百分点",
                ties=frozenset({("claim", index)}),
            ),
        )


def _now(case: Case, claim: Claim) -> Iterator[Figure]:
    """The figure of this year that changed: as stated, else as its cell prints it.

    "60万元" beside a cell with 60.00 is no rounding: there the cell says how exact it is.
    """
    said = money(case.claims[claim.about]) if claim.about is not None else None
    cells = case.cells(claim) if claim.about is not None or case.own_basis(claim) else []
    printed = [figure for cell in cells if (figure := figure_of(cell)) is not None]
    if said is not None and all(figure.value != said.value for figure in printed):
        yield said
    yield from printed
    seen: set[Decimal] = set()
    for _, other, figure in case.values_of.get(claim.subject, ()):
        same = (other.year, other.basis) == (claim.year, claim.basis)
        if same and figure.value not in seen and abs(other.page - claim.page) <= 1:
            seen.add(figure.value)
            yield figure


def _earlier(now: Figure, change: Figure, direction: Direction) -> Figure:
    """The figure before it changed."""
    sign = -1 if direction is Direction.UP else 1
    value = now.value + sign * change.value
    return Figure(value, max(now.step, change.step) + min(now.step, change.step))


def _directions(case: Case) -> Iterator[Check]:
    for index, claim, other, before in _pairs(case):
        if claim.direction is None or before.direction is None:
            yield Check(Outcome.UNDECIDABLE, "direction-unsaid")
        elif (before.direction, claim.direction) not in _OPPOSED:
            yield Check(Outcome.HOLDS)
        elif not claim.value or not before.value:
            yield Check(Outcome.NOT_APPLICABLE, "zero")
        elif min(claim.value, before.value) < 0 or _ANOTHER.search(
            claim.quotation[before.span[1] : claim.span[0]]
        ):
            yield Check(Outcome.UNDECIDABLE, "direction-unsaid")
        else:
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(case.said(before),),
                    there=(case.said(claim),),
                    stated=f"{before.word}{before.text}",
                    expected=f"{claim.word}{claim.text}",
                    ties=frozenset({("claim", index), ("claim", other)}),
                ),
            )


def _before(case: Case, index: int) -> tuple[Claim, Figure] | None:
    """The earlier year's figure stated just before of the same subject."""
    claim = case.claims[index]
    for one in reversed(case.claims[max(0, index - _NEAR) : index]):
        if one.role is not Role.PREVIOUS or one.subject != claim.subject:
            continue
        figure = money(one)
        same = claim.against is not None and claim.against.year in (None, one.year)
        return (one, figure) if figure is not None and same else None
    return None


def _rates(case: Case) -> Iterator[Check]:
    """Percentages beside both years' figures."""
    for index, claim in enumerate(case.claims):
        before = _before(case, index) if claim.role is Role.CHANGE_PERCENT else None
        said = percent(claim)
        if before is None or said is None or said.value < 0 or in_turn(claim):
            continue
        if claim.direction is None or claim.about is None or not before[1].value:
            yield Check(Outcome.NOT_APPLICABLE, "base-zero")
            continue
        sign = -1 if claim.direction is Direction.DOWN else 1
        results = []
        for now in _now(case, claim):
            if (ends := ratio(now, before[1])) is not None:
                low, high = sorted(sign * (end - _HUNDRED) for end in ends)
                rate = sign * (exact(said, now.value, before[1].value) - _HUNDRED)
                results.append((judged(said, low, high), rate))
        outcomes = [outcome for outcome, _ in results]
        if Outcome.HOLDS in outcomes or Outcome.ROUNDING in outcomes:
            yield Check(Outcome.HOLDS if Outcome.HOLDS in outcomes else Outcome.ROUNDING)
            continue
        if not results:
            yield Check(Outcome.UNDECIDABLE, "base-unsaid")
            continue
        middle = results[0][1]
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.said(before[0]), case.said(case.claims[claim.about])),
                stated=f"{claim.word}{claim.text}",
                expected=f"{claim.word if middle >= 0 else '反向变动'}{abs(middle)}%",
                difference=said.value - middle,
                tolerance=said.step,
                unit="个百分点",
                ties=frozenset({("claim", index), ("claim", claim.about)}),
            ),
        )


def _moved(claim: Claim) -> Figure | None:
    """By how much; by nothing where it says 持平, not where it says nearly so."""
    if claim.value is None and claim.direction is Direction.SAME and "基本" not in claim.word:
        return Figure(Decimal(0), Decimal(0))
    return money(claim)


def _previous(case: Case) -> Iterator[Check]:
    """A stated earlier figure with the stated change gives the stated present one."""
    for n, claim in enumerate(case.claims):
        if claim.role is not Role.DIFFERENCE or claim.about is None or claim.direction is None:
            continue
        change, now, before = _moved(claim), money(case.claims[claim.about]), _before(case, n)
        if change is None or now is None or before is None or in_turn(claim):
            continue
        earlier = before[1]
        sign = 1 if claim.direction is Direction.UP else -1
        difference = now.value - earlier.value - sign * change.value
        tolerance = (now.step + earlier.step + change.step) / 2
        if abs(difference) <= tolerance:
            yield Check(Outcome.ROUNDING if difference else Outcome.HOLDS)
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.said(before[0]), case.said(case.claims[claim.about])),
                stated=claim.text if claim.text == claim.word else f"{claim.word}{claim.text}",
                expected=f"{abs(now.value - earlier.value)}万元",
                difference=difference,
                tolerance=tolerance,
                unit="万元",
                ties=frozenset({("claim", n)}),
            ),
        )


def _outgrown(case: Case) -> Iterator[Check]:
    """What grew by more than it is now was less than nothing before."""
    for n, claim in enumerate(case.claims):
        up = claim.role is Role.DIFFERENCE and claim.direction is Direction.UP
        if not up or claim.about is None or claim.about != n - 1:
            continue
        about = case.claims[claim.about]
        change, now = money(claim), money(about)
        if change is None or now is None or about.quotation != claim.quotation or in_turn(claim):
            continue
        if now.value < 0 or _BELOW_ZERO.search(claim.subject):
            yield Check(Outcome.NOT_APPLICABLE, "base-unsaid")
            continue
        excess = change.value - now.value
        tolerance = now.step + change.step
        if excess <= tolerance:
            yield Check(Outcome.HOLDS if excess <= 0 else Outcome.ROUNDING)
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.said(about),),
                stated=f"{claim.word}{claim.text}",
                expected=about.text,
                difference=excess,
                tolerance=tolerance,
                unit="万元",
                ties=frozenset({("claim", n)}),
            ),
        )


def _example(change: str, word: str, rate: str) -> Example:
    return Example(
        prose=(
            "## 一、收入支出决算总体情况说明",
            f"2024年度收入支出总计1000.00万元。与2023年度相比，收入支出总计{change}万元，{word}{rate}%。",
        )
    )


def _grown(now: str) -> Example:
    return Example(
        kind=Kind.BUDGET,
        prose=(
            "## 二、部门预算编制说明",
            f"政府性基金拨款支出预算{now}万元，比2023年预算增加1421.25万元。",
        ),
    )


def _stated(change: str) -> Example:
    return Example(
        kind=Kind.BUDGET,
        prose=(
            "## 一、收入支出决算总体情况说明",
            "一般公共服务支出（类）财政事务（款）行政运行（项）1000.00万元。"
            "2023年当年预算执行数为900.00万元，2024年预算安排1000.00万元，"
            f"比2023年预算执行数{change}。",
        ),
    )


_SOURCE: Final = "文字说明自身"
RULES: Final = (
    Rule(
        id="N03",
        title="增减幅度可由增减额复算",
        title_en="A percentage of change follows from the amount of change",
        formula="增减幅度＝增减额÷上年数×100%，上年数＝本年数∓增减额",
        tolerance="百分比区间",
        severity=Severity.MATERIAL,
        source=_SOURCE,
        says="文字“{name}”变动幅度为{stated}，按所列增减额复算为{expected}，相差{difference}",
        says_en="the text says “{name}” changed by {stated}; its amounts give {expected}: "
        "a difference of {difference}",
        run=_percentages,
        fires=_example("增加100.00", "增长", "12.11"),
        silent=_example("增加100.00", "增长", "11.11"),
    ),
    Rule(
        id="N19",
        title="增加额不大于本年数",
        title_en="Nothing grows by more than it is",
        formula="增加额≤本年数（支出、收入的上年数不为负）",
        tolerance="重复列示",
        severity=Severity.MATERIAL,
        source=_SOURCE,
        says="文字“{name}”写{stated}，本年数只有{expected}，多出{difference}",
        says_en="the text says {stated} of “{name}”, which is {expected} now: {difference} more",
        run=_outgrown,
        fires=_grown("0"),
        silent=_grown("1500.00"),
    ),
    Rule(
        id="N04",
        title="增减方向前后一致",
        title_en="A change goes one way",
        formula="增减额与增减幅度的方向词一致",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source=_SOURCE,
        says="文字“{name}”先写{stated}，后写{expected}，方向不一致",
        says_en="the text says {stated}, then {expected} of “{name}”: two directions",
        run=_directions,
        fires=_example("减少100.00", "增长", "9.09"),
        silent=_example("减少100.00", "下降", "9.09"),
    ),
    Rule(
        id="N13",
        title="增减幅度可由两年金额复算",
        title_en="A percentage of change follows from the two years' amounts",
        formula="增减幅度＝（本年数－上年数）÷上年数×100%",
        tolerance="百分比区间",
        severity=Severity.MATERIAL,
        source=_SOURCE,
        says="文字“{name}”写{stated}，按所列两年金额复算为{expected}",
        says_en="the text says {stated} of “{name}”; its two years give {expected}",
        run=_rates,
        fires=_stated("增加17.62%"),
        silent=_stated("增加11.11%"),
    ),
    Rule(
        id="N05",
        title="本年数、上年数与增减额相符",
        title_en="This year, last year and the change agree",
        formula="本年数－上年数＝增减额",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source=_SOURCE,
        says="文字“{name}”写{stated}，按所列两年金额应为{expected}，相差{difference}",
        says_en="the text says {stated} of “{name}”; its two years give {expected}: "
        "a difference of {difference}",
        run=_previous,
        fires=_stated("增加90.00万元"),
        silent=_stated("增加100.00万元"),
    ),
)
