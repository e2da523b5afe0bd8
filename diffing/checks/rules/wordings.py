"""Wording: former names of the classification, the wrong level of government, slips."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from archive.forms import plain
from archive.forms.lines import bare
from archive.model import Classification
from archive.register import codes
from archive.register.classification import Kind as Revision
from archive.register.classification import classification_register
from archive.register.wording import wording
from diffing.checks.case import Case
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_CLASS: Final = re.compile(r"([\u4e00-\u9fff]{3,16}支出)[（(](?:\d{3})?类[）)]")
_LEVEL: Final = re.compile(r"指市级财政|纳入市级财政|指市直部门")
_DISTRICT: Final = re.compile(r"(?:[省市]|^)[\u4e00-\u9fff]{1,5}?(?<![景社园发片校地治新])[区县旗]")
_SLIPS: Final = {
    "上一度": "上一年度",
    "载止": "截至",
    "集体士地": "集体土地",
    "国有士地": "国有土地",
}
"""Characters that no sentence has, and what is meant."""
_FIRST, _LAST = 201, 235
"""类 of the functional classification."""


@cache
def _old_names() -> dict[str, list[tuple[str, str, int]]]:
    """Wording of a 类's former name → code, that name, and the year of the new one."""
    register = classification_register()
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for number in range(_FIRST, _LAST):
        code = str(number)
        for change in register.changes(code):
            renamed = change.kind is Revision.RENAME and change.before == (code,)
            if renamed and change.year is not None:
                found[wording(change.name_before)].append((code, change.name_before, change.year))
    return found


def _renamed(name: str, year: int) -> tuple[str, str] | None:
    """The code and the name in a year of a 类 printed by its former name, where the register is
    certain."""
    register, found = classification_register(), None
    for code, before, since in _old_names().get(wording(name), ()):
        if since <= year:
            agreed = register.agrees(code, before, Classification.FUNCTIONAL, year)
            if agreed.certain:
                found = code, agreed.known[0].text
    return found


def _names(case: Case) -> Iterator[Check]:
    if case.year is None:
        yield Check(Outcome.UNDECIDABLE, "year-unknown")
        return
    for name, place in _classes(case):
        now = _renamed(name, case.year)
        if now is None:
            yield Check(Outcome.HOLDS)
            continue
        ties: frozenset[tuple[object, ...]] = frozenset({("old-name", now[0])})
        yield Check(
            Outcome.FAILS,
            found=Found(here=(place,), there=(), stated=name, expected=now[1], ties=ties),
        )


def _classes(case: Case) -> Iterator[tuple[str, Place]]:
    """Names of 类 as statements and prose print them."""
    for statement in case.document.statements:
        for item in statement.items:
            name = bare(item.name)
            if item.total or not name.endswith("支出") or codes.level(item.code) > 1:
                continue
            if item.side and "支出" in item.side:
                yield (
                    name,
                    Place(
                        page=item.page or None,
                        row=item.row or None,
                        statement=statement.title,
                        text=name,
                    ),
                )
    for paragraph in case.document.prose:
        for match in _CLASS.finditer(paragraph.text):
            yield match[1], Place(page=paragraph.page, text=match[1], quotation=_around(match))


def _around(match: re.Match[str]) -> str:
    text = match.string
    return text[max(0, match.start() - 20) : match.end() + 40]


def _levels(case: Case) -> Iterator[Check]:
    if not _DISTRICT.search(plain(case.agency or "")):
        yield Check(Outcome.NOT_APPLICABLE, "absent")
        return
    for paragraph in case.document.prose:
        match = _LEVEL.search(paragraph.text)
        if match is None:
            yield Check(Outcome.HOLDS)
            continue
        place = Place(page=paragraph.page, text=match[0], quotation=_around(match))
        ties: frozenset[tuple[object, ...]] = frozenset({("level",)})
        yield Check(
            Outcome.FAILS,
            found=Found(here=(place,), there=(), stated=match[0], expected="区级", ties=ties),
        )


def _slips(case: Case) -> Iterator[Check]:
    pattern = re.compile("|".join(_SLIPS))
    for paragraph in case.document.prose:
        match = pattern.search(paragraph.text)
        if match is None:
            yield Check(Outcome.HOLDS)
            continue
        place = Place(page=paragraph.page, text=match[0], quotation=_around(match))
        ties: frozenset[tuple[object, ...]] = frozenset({("slip", match[0])})
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(place,), there=(), stated=match[0], expected=_SLIPS[match[0]], ties=ties
            ),
        )


def _total(name: str) -> Example:
    return Example(
        statements=(
            sheet(
                "final.total",
                line(name, side="支出", 决算数="9.00"),
                line("本年支出合计", side="支出", 决算数="9.00"),
            ),
        )
    )


def _prose(text: str) -> Example:
    return Example(prose=("## 名词解释", text))


RULES: Final = (
    Rule(
        id="T07",
        title="没有明显的错字",
        title_en="No obvious slips of the pen",
        formula="文中没有不成词的字",
        tolerance="文字",
        severity=Severity.MINOR,
        source="文字说明自身",
        says="{here}写“{stated}”，应为“{expected}”",
        says_en="{here} writes “{stated}” for “{expected}”",
        run=_slips,
        fires=_prose("主要原因：项目支出较上一度增加。"),
        silent=_prose("主要原因：项目支出较上一年度增加。"),
    ),
    Rule(
        id="T08",
        title="所述财政级次与本单位相符",
        title_en="The level of government is the agency's own",
        formula="区级单位的名词解释不写“市级财政”“市直部门”",
        tolerance="文字",
        severity=Severity.MINOR,
        source="文字说明自身",
        says="{here}写“{stated}”，本单位属{expected}",
        says_en="{here} writes “{stated}”; the agency belongs to a district ({expected})",
        run=_levels,
        fires=_prose("一般公共预算财政拨款收入：指市级财政当年拨付的资金。"),
        silent=_prose("一般公共预算财政拨款收入：指区级财政当年拨付的资金。"),
    ),
    Rule(
        id="T10",
        title="类的名称为现行名称",
        title_en="Classes bear their present names",
        formula="类的名称＝该年度《政府收支分类科目》的名称",
        tolerance="文字",
        severity=Severity.MINOR,
        source="《政府收支分类科目》",
        says="{here}写“{stated}”，该年度名称为“{expected}”",
        says_en="{here} prints “{stated}”, which is called “{expected}” in that year",
        run=_names,
        fires=_total("九、医疗卫生与计划生育支出"),
        silent=_total("九、卫生健康支出"),
    ),
)
