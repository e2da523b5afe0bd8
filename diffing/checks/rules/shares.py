"""Shares in the prose: "占 x%" of the whole it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from archive.forms.lines import bare
from archive.model import Claim, Role
from diffing.checks.case import Case, Figure, figure_of, money
from diffing.checks.examples import Example
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity
from diffing.checks.percent import exact, in_turn, judged, percent, ratio

__all__ = ["RULES"]

_NEAR: Final = 24
"""How many figures of a sentence before and behind a share may be its whole."""
_EARLIER: Final = 10
"""How many figures before it may be its whole in the sentences before, where none is named."""
_WHOLES: Final = {
    "本年支出合计": ("expenditure", "合计"),
    "本年支出": ("expenditure", "合计"),
    "本年收入合计": ("income", "合计"),
    "本年收入": ("income", "合计"),
}
"""What a share may be of by name, beside figures of the prose: a statement and its measure."""
_PARTS: Final = frozenset({"基本支出", "项目支出"})
_CLASS: Final = 3
_SCOPES: Final = {
    "general_function": ("general_function", "fiscal", "expenditure", "total"),
    "expenditure": ("expenditure", "total"),
    "sangong": ("sangong",),
}
"""Of which tables' totals a line of a table may be told as a share."""


def _run(case: Case) -> Iterator[Check]:
    for index, claim in enumerate(case.claims):
        if claim.role is not Role.SHARE:
            continue
        said = percent(claim)
        if said is None or claim.unit is None:
            yield Check(Outcome.NOT_APPLICABLE, "no-figure")
            continue
        if claim.about is None or in_turn(claim):
            yield Check(Outcome.UNDECIDABLE, "part-unsaid")
            continue
        about = case.claims[claim.about]
        parts = list(_figures(case, claim.about))
        wholes = [one for one in _wholes(case, index) if one[0] != claim.about]
        tabled = [] if claim.whole else list(_of_its_table(case, about))
        wholes = [*wholes, *tabled] if claim.parent is not None else [*tabled, *wholes]
        named = bool(claim.whole) or claim.parent is not None or bool(tabled)
        if not parts or not wholes or not named:
            yield Check(Outcome.UNDECIDABLE, "whole-unsaid")
            continue
        verdicts = []
        for _, whole, place in wholes:
            for part in parts:
                ends = ratio(part, whole)
                if ends is not None:
                    share = exact(said, part.value, whole.value)
                    verdicts.append((judged(said, *ends), share, place))
        if not verdicts:
            yield Check(Outcome.UNDECIDABLE, "whole-zero")
            continue
        outcomes = [outcome for outcome, _, _ in verdicts]
        if Outcome.HOLDS in outcomes or Outcome.ROUNDING in outcomes:
            holds = Outcome.HOLDS in outcomes
            yield Check(Outcome.HOLDS if holds else Outcome.ROUNDING)
            continue
        if claim.whole and next(_named(case, claim), None) is None:
            yield Check(Outcome.UNDECIDABLE, "whole-unsaid")
            continue
        _, middle, place = verdicts[0]
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.said(about), place),
                stated=claim.text,
                expected=f"{middle}%",
                difference=said.value - middle,
                tolerance=said.step,
                unit="个百分点",
                ties=frozenset({("claim", index)}),
            ),
        )


def _figures(case: Case, index: int) -> Iterator[Figure]:
    """The amount a claim states, and the one its cell prints."""
    claim = case.claims[index]
    if (said := money(claim)) is not None:
        yield said
    for cell in case.cells(claim):
        if (printed := figure_of(cell)) is not None:
            yield printed


def _wholes(case: Case, index: int) -> Iterator[tuple[int, Figure, Place]]:
    """What the share may be of, the likeliest first: named, then its parents, then its sentence."""
    claim = case.claims[index]
    if claim.whole:
        yield from _named(case, claim)
    above = claim.parent
    while above is not None:
        for figure in _figures(case, above):
            yield above, figure, case.said(case.claims[above])
        above = case.claims[above].parent
    near = (case.value_at.get(index + step) for step in range(-_NEAR, _NEAR + 1))
    for n, other, figure in (said for said in near if said is not None):
        if other.quotation == claim.quotation and n != claim.about:
            yield n, figure, case.said(other)
    if not claim.whole:
        # "采购总额50万元。授予中小企业40万元，占80%，其中小微企业30万元，占60%": of the total
        before = (case.value_at.get(index - step) for step in range(1, _EARLIER + 1))
        for n, other, figure in (said for said in before if said is not None):
            if other.quotation != claim.quotation and other.page == claim.page:
                yield n, figure, case.said(other)


def _named(case: Case, claim: Claim) -> Iterator[tuple[int, Figure, Place]]:
    name = bare(claim.whole)
    for subject, values in case.values_of.items():
        if not bare(subject).endswith(name):
            continue
        seen: set[Decimal] = set()
        for n, other, figure in values:
            if figure.value not in seen and case.own_basis(other):
                seen.add(figure.value)
                yield n, figure, case.said(other)
    form, measure = _WHOLES.get(name, ("", ""))
    sheet = case.sheet(form) if form else None
    if sheet is not None:
        for n, item in enumerate(sheet.items):
            cell = sheet.cell(n, measure) if item.total else None
            printed = figure_of(cell) if cell is not None else None
            if cell is not None and printed is not None:
                yield -1, printed, case.place(cell)


def _of_its_table(case: Case, about: Claim) -> Iterator[tuple[int, Figure, Place]]:
    """The totals a part of a table may be a share of, where the text does not say of what.

    Of its own table first; of the tables of wider scope too, for the text may mean them.
    """
    for cell in case.cells(about):
        form = cell.form.partition(".")[2]
        is_part = cell.measure in _PARTS or len(cell.code) == _CLASS or form == "sangong"
        if not is_part or form not in _SCOPES:
            continue
        measure = cell.measure if form == "sangong" else "合计"
        for wider in _SCOPES[form]:
            table = case.sheet(wider)
            for n, item in enumerate(table.items) if table is not None else ():
                whole = table.cell(n, measure) if table is not None and item.total else None
                printed = figure_of(whole) if whole is not None else None
                if whole is not None and printed is not None and printed.value:
                    yield -1, printed, case.place(whole)


def _example(share: str) -> Example:
    return Example(
        prose=(
            "## 三、支出决算情况说明",
            f"本年支出合计2940.05万元，其中：基本支出2106.66万元，占{share}%。",
        )
    )


RULES: Final = (
    Rule(
        id="N02",
        title="占比可由文中金额复算",
        title_en="A share follows from the amounts it speaks of",
        formula="占比＝部分÷总体×100%",
        tolerance="百分比区间",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”占比为{stated}，按所列金额复算为{expected}，相差{difference}",
        says_en="the text says “{name}” is {stated}; the amounts give {expected}: "
        "a difference of {difference}",
        run=_run,
        fires=_example("71.73"),
        silent=_example("71.65"),
    ),
)
