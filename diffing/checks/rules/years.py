"""Years: of tables and headings, and of what the prose compares with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from archive.model import Claim, Kind, Reference, Role
from diffing.checks.case import Case
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_OWN: Final = re.compile(
    r"(20\d\d)年(?:度)?(?:部门|单位|区级部门)?(决算|预算)(?:公开)?(?:表|情况说明|说明)?$"
)
_HEADING: Final = 60
_USUAL: Final = 2
"""So many comparisons with the year before make another year a slip."""
_COMPARED: Final = frozenset({Role.DIFFERENCE, Role.CHANGE_PERCENT})


def _titles(case: Case) -> Iterator[Check]:
    if case.year is None:
        yield Check(Outcome.UNDECIDABLE, "year-unknown")
        return
    if not _dated_surely(case):
        yield Check(Outcome.UNDECIDABLE, "year-unusual")
        return
    for statement in case.document.statements:
        if statement.year is None or "performance" in statement.form:
            continue
        place = Place(
            page=statement.pages[0], statement=statement.title, text=f"{statement.year}年"
        )
        yield _dated(case, statement.year, place)
    for paragraph in case.document.prose:
        match = _OWN.search(paragraph.text) if len(paragraph.text) <= _HEADING else None
        if match is None or "。" in paragraph.text:
            continue
        own = "决算" if case.kind is Kind.FINAL else "预算"
        if match[2] == own:
            place = Place(page=paragraph.page, text=f"{match[1]}年", quotation=paragraph.text)
            yield _dated(case, int(match[1]), place)


def _dated_surely(case: Case) -> bool:
    """Most tables that bear a year bear the document's, so that it was not misread."""
    years = [s.year for s in case.document.statements if s.year is not None]
    return not years or len(years) == 1 or years.count(case.year or 0) * 2 > len(years)


def _dated(case: Case, year: int, place: Place) -> Check:
    if year == case.year:
        return Check(Outcome.HOLDS)
    ties: frozenset[tuple[object, ...]] = frozenset({("year", year)})
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(place,), there=(), stated=place.text, expected=f"{case.year}年", ties=ties
        ),
    )


def _compared(case: Case) -> Iterator[Check]:
    if case.year is None:
        yield Check(Outcome.UNDECIDABLE, "year-unknown")
        return
    found = [
        (n, c, c.against)
        for n, c in enumerate(case.claims)
        if c.role in _COMPARED and c.against is not None and c.against.year is not None
    ]
    years = Counter(against.year for _, _, against in found if against.year != case.year)
    for n, claim, against in found:
        itself = against.year == case.year == claim.year and against.basis == claim.basis
        if not itself and against.year in (case.year, case.year - 1):
            yield Check(Outcome.HOLDS)
        elif itself and (str(against.year) not in against.text or not _dated_surely(case)):
            yield Check(Outcome.UNDECIDABLE, "year-unusual")
        elif itself:
            yield Check(Outcome.FAILS, found=_found(case, n, claim, against))
        elif (
            years[case.year - 1] < _USUAL
            or years[against.year] >= years[case.year - 1]
            or any(c.subject == claim.subject and a.year == case.year - 1 for _, c, a in found)
        ):
            yield Check(Outcome.UNDECIDABLE, "year-unusual")
        elif str(against.year) not in against.text:
            yield Check(Outcome.NOT_APPLICABLE, "year-unsaid")
        else:
            yield Check(Outcome.FAILS, found=_found(case, n, claim, against))


def _found(case: Case, index: int, claim: Claim, against: Reference) -> Found:
    return Found(
        here=(case.said(claim),),
        there=(),
        stated=against.text,
        expected=f"{(case.year or 0) - 1}年",
        ties=frozenset({("claim", index), ("against", claim.page, against.year)}),
    )


def _titled(year: int) -> Example:
    return Example(
        statements=(
            sheet(
                "final.expenditure",
                line("合计", 合计="1.00"),
                title=f"{year}年度支出决算表",
                year=year,
            ),
        )
    )


def _against(year: int) -> Example:
    return Example(
        prose=(
            "## 一、收入支出决算总体情况说明",
            "收入支出总计10.00万元。与2023年度相比，收入支出总计增加1.00万元。",
            "## 二、收入决算情况说明",
            "本年收入合计10.00万元。与2023年度相比，收入合计增加1.00万元。",
            "## 三、支出决算情况说明",
            f"本年支出合计10.00万元。与{year}年度相比，支出合计增加1.00万元。",
        )
    )


RULES: Final = (
    Rule(
        id="S08",
        title="表题与标题的年度为本年度",
        title_en="Tables and headings bear the document's year",
        formula="表题、标题中的年度＝文件年度",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="财预〔2016〕143号",
        says="{here}的年度为{stated}，本文件为{expected}",
        says_en="{here} is of {stated}, the document of {expected}",
        run=_titles,
        fires=_titled(2022),
        silent=_titled(2024),
    ),
    Rule(
        id="N09",
        title="比较的年度为上一年度",
        title_en="The year compared with is the year before",
        formula="“与××××年相比”中的年度＝本年度－1（其余比较均为上一年度，或与本年度自身相比时）",
        tolerance="文字",
        severity=Severity.MATERIAL,
        source="文字说明自身",
        says="文字“{name}”写“{stated}”，而上年为{expected}",
        says_en="the text compares “{name}” with “{stated}”; the year before is {expected}",
        run=_compared,
        fires=_against(2020),
        silent=_against(2023),
    ),
)
