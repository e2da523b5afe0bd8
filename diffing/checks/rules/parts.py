"""Parts and their whole in the prose: 其中 …, lists of 项, procurement by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from archive.forms.lines import bare
from archive.model import Basis, Claim, Kind
from diffing.checks.case import Case, Figure, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Rule, Severity

__all__ = ["RULES"]

_KINDS: Final = ("货物", "工程", "服务")
_PUBLIC: Final = ("出国", "用车购置及", "接待")
_HALF: Final = Decimal("0.5")

Part = tuple[int, Claim, Figure]


def _children(case: Case) -> dict[int, list[Part]]:
    """Whole → the amounts stated as parts of it."""
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for n, claim, figure in case.values:
        if claim.parent is not None:
            found[claim.parent].append((n, claim, figure))
    return dict(found)


def _whole(case: Case, index: int) -> Part | None:
    return case.value_at.get(index)


def _sum(parts: Sequence[Part], whole: Part) -> tuple[Decimal, Decimal]:
    """Whole minus parts, and what rounding of each explains."""
    steps = [f.step for _, _, f in (*parts, whole) if f.value]
    difference = whole[2].value - sum((f.value for _, _, f in parts), Decimal(0))
    return difference, _HALF * sum(steps, Decimal(0))


def _procurement(case: Case) -> Iterator[Check]:
    for index, parts in _children(case).items():
        whole = _whole(case, index)
        kinds = {k: [p for p in parts if k in p[1].subject] for k in _KINDS}
        if whole is None or "采购" not in whole[1].subject or not any(kinds.values()):
            continue
        if any(len(found) != 1 for found in kinds.values()):
            yield Check(Outcome.UNDECIDABLE, "parts-unsaid")
            continue
        yield _check(case, [found[0] for found in kinds.values()], whole)


def _check(case: Case, parts: Sequence[Part], whole: Part) -> Check:
    difference, tolerance = _sum(parts, whole)
    if abs(difference) <= tolerance:
        return Check(Outcome.ROUNDING if difference else Outcome.HOLDS)
    return Check(Outcome.FAILS, found=_found(case, parts, whole, difference, tolerance))


def _found(
    case: Case, parts: Sequence[Part], whole: Part, difference: Decimal, tolerance: Decimal
) -> Found:
    total = sum((f.value for _, _, f in parts), Decimal(0))
    return Found(
        here=(case.said(whole[1]),),
        there=tuple(case.said(claim) for _, claim, _ in parts),
        stated=whole[1].text,
        expected=f"{total}万元",
        difference=difference,
        tolerance=tolerance,
        unit="万元",
        ties=frozenset({("claim", whole[0])}),
    )


def _sangong(case: Case) -> Iterator[Check]:
    """三公经费 in the prose = its three kinds, where each is stated once as a part of it."""
    for index, parts in _children(case).items():
        whole = _whole(case, index)
        if whole is None or "三公" not in whole[1].subject:
            continue
        same = [p for p in parts if _comparable(p[1], whole[1])]
        kinds = [[p for p in same if name in p[1].subject] for name in _PUBLIC]
        if any(len(found) != 1 for found in kinds) or len(same) != len(_PUBLIC):
            yield Check(Outcome.UNDECIDABLE, "parts-unsaid")
            continue
        yield _check(case, [found[0] for found in kinds], whole)


def _exceeding(case: Case) -> Iterator[Check]:
    """Parts can be fewer than all, but never more than the whole."""
    for index, parts in _children(case).items():
        whole = _whole(case, index)
        same = [p for p in parts if whole is not None and _comparable(p[1], whole[1])]
        if whole is None or not same or any(f.value < 0 for _, _, f in same):
            continue
        largest = max(same, key=lambda part: part[2].value)
        difference, tolerance = _sum([largest], whole)
        if difference >= 0:
            yield Check(Outcome.HOLDS)
        elif not _surely_part(case, largest, whole):
            yield Check(Outcome.UNDECIDABLE, "parts-unsaid")
        elif -difference <= max(tolerance, whole[2].step):
            yield Check(Outcome.ROUNDING)
        else:
            yield Check(Outcome.FAILS, found=_found(case, [largest], whole, difference, tolerance))


def _surely_part(case: Case, part: Part, whole: Part) -> bool:
    """Two figures that both agree with their cells were only read as part and whole."""
    if not whole[1].bound:
        return "采购" in whole[1].subject or "合同金额" in whole[1].subject
    return not all(_agrees(case, one) for one in (part, whole))


def _agrees(case: Case, part: Part) -> bool:
    printed = [figure_of(cell) for cell in case.cells(part[1])]
    return any(f is not None and abs(f.value - part[2].value) <= f.step for f in printed)


def _comparable(part: Claim, whole: Claim) -> bool:
    return (part.basis, part.year) == (whole.basis, whole.year)


def _plans(case: Case) -> Iterator[Check]:
    """年初预算 of all 项 = 年初预算 of the whole, where the 决算数 show that all 项 are listed."""
    children = _children(case)
    for index, plans in children.items():
        whole = _whole(case, index)
        if whole is None or whole[1].basis is not Basis.ORIGINAL:
            continue
        spent = _spent(case, children, whole)
        if spent is None:
            yield Check(Outcome.UNDECIDABLE, "parts-unsaid")
            continue
        named = {bare(c.subject) for _, c, _ in plans}
        complete = {bare(c.subject) for _, c, _ in spent} == named and len(named) == len(plans)
        if complete and len(plans) == len(spent):
            yield _check(case, plans, whole)
        else:
            yield Check(Outcome.UNDECIDABLE, "parts-unsaid")


def _spent(case: Case, children: dict[int, list[Part]], plan: Part) -> list[Part] | None:
    """The outcomes listed beside these plans, if they add up to their own whole."""
    for index, parts in children.items():
        whole = _whole(case, index)
        if whole is None or whole[1].basis is not Basis.FINAL:
            continue
        if bare(whole[1].subject) != bare(plan[1].subject) or not 0 < index - plan[0] <= 2:
            continue
        difference, tolerance = _sum(parts, whole)
        return parts if abs(difference) <= tolerance else None
    return None


def _procured(total: str) -> Example:
    return Example(
        prose=(
            "## 十一、其他重要事项的情况说明",
            "### （二）政府采购支出情况",
            f"2024年度政府采购金额为{total}万元，其中：货物采购金额4.79万元、"
            "工程采购金额0万元、服务采购金额246.47万元。",
        )
    )


def _public(total: str) -> Example:
    return Example(
        prose=(
            "## 七、一般公共预算“三公”经费支出情况",
            f"2024年“三公”经费预算{total}万元，其中：因公出国（境）费0.00万元；"
            "公务用车购置及运行费2.00万元；公务接待费1.00万元。",
        ),
        kind=Kind.BUDGET,
    )


def _part(part: str) -> Example:
    return Example(
        prose=(
            "## 三、支出决算情况说明",
            f"本年支出合计100.00万元，其中：基本支出{part}万元，占50.00%。",
        ),
        statements=(
            sheet(
                "final.expenditure", line("合计", 合计="100.00", 基本支出="50.00", 项目支出="50.00")
            ),
        ),
    )


def _planned(second: str) -> Example:
    return Example(
        prose=(
            "## 五、一般公共预算财政拨款支出决算情况说明",
            "一般公共预算财政拨款支出年初预算为10.00万元，支出决算为9.00万元，"
            "完成年初预算的90.00%。其中：",
            "1、教育支出（类）普通教育（款）小学教育（项）。年初预算为6.00万元，支出决算为5.00万元。",
            f"2、教育支出（类）普通教育（款）初中教育（项）。年初预算为{second}万元，"
            "支出决算为4.00万元。",
        )
    )


RULES: Final = (
    Rule(
        id="N08",
        title="各项年初预算之和等于年初预算合计",
        title_en="The plans of all lines add up to the plan of the whole",
        formula="Σ各项年初预算＝年初预算合计（各项决算之和等于决算合计时）",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”年初预算为{stated}，所列各项之和为{expected}，相差{difference}",
        says_en="the text plans {stated} for “{name}”, its lines add up to {expected}: "
        "a difference of {difference}",
        run=_plans,
        fires=_planned("3.00"),
        silent=_planned("4.00"),
        kinds=(Kind.FINAL,),
    ),
    Rule(
        id="N10",
        title="政府采购总额等于货物、工程、服务之和",
        title_en="Procurement is goods plus works plus services",
        formula="政府采购总额＝货物＋工程＋服务",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="财预〔2016〕143号：公开政府采购情况",
        says="文字“{name}”为{stated}，货物、工程、服务之和为{expected}，相差{difference}",
        says_en="the text gives {stated} of procurement, its kinds add up to {expected}: "
        "a difference of {difference}",
        run=_procurement,
        fires=_procured("251.20"),
        silent=_procured("251.25"),
    ),
    Rule(
        id="N18",
        title="“三公”经费等于三项之和",
        title_en="The three public expenses in the text add up",
        formula="“三公”经费＝因公出国（境）费＋公务用车购置及运行费＋公务接待费（三项都作为其中数写明时）",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="财预〔2016〕143号：公开“三公”经费",
        says="文字“{name}”为{stated}，所列三项之和为{expected}，相差{difference}",
        says_en="the text gives {stated} of the three public expenses, its kinds add up to "
        "{expected}: a difference of {difference}",
        run=_sangong,
        fires=_public("3.50"),
        silent=_public("3.00"),
    ),
    Rule(
        id="N12",
        title="其中数不大于总数",
        title_en="A part is no more than its whole",
        formula="其中数≤总数（同一年度、同一口径）",
        tolerance="求和尾差",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”为{stated}，其中一项为{expected}，多出{difference}",
        says_en="the text gives {stated} for “{name}”, and {expected} for a part of it: "
        "{difference} more",
        run=_exceeding,
        fires=_part("150.00"),
        silent=_part("50.00"),
    ),
)
