"""Template text that was left standing, and marks that are missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from archive.model import Paragraph, Role
from diffing.checks.case import Case
from diffing.checks.examples import Example
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_BOTH_WAYS: Final = re.compile(
    r"(?:增加|减少|增长|下降|上升|降低|提高|大于|小于)"
    r"[（(/](?:增加|减少|增长|下降|上升|降低|提高|大于|小于|持平)[、/]?\w{0,4}[）)]?"
    r"(?=[\d.]+\s*(?:%|％|个百分点|万元|元))"
)
_INSTRUCTION: Final = re.compile(
    r"[（(【\[](?:[^（()）【】\[\]]{0,30})(?:请(?:根据|按|填|各|选择|删|自行|参照)|如持平|"
    r"作持平表述|不涉及的(?:不列|删)|"
    r"可(?:根据|按)[^（()）]{0,12}(?:填写|调整|增减)|自行(?:删除|填写|补充)|说明逐项解释|逐项解释|选择本部门|选择本单位|"
    r"没有的(?:不填|删)|此处填|填写说明)[^（()）【】\[\]]{0,40}[）)】\]]"
)
_PLACEHOLDER: Final = re.compile(
    r"(?<![A-Za-zＡ-Ｚ\d])(?:[XＸ]{2,}|[×✕╳]{2,}|某某|待填|待补充|待定稿|重点工作事项标题)(?![A-Za-zＡ-Ｚ\d])"
)
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})年)(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?|(?P<slip>截[止至]年月)"
)
_DOUBLED: Final = re.compile(
    r"([\u4e00-\u9fff]{2,10}(?!支出|事务)[\u4e00-\u9fff]{2})[：:]?\1(?![\u4e00-\u9fff]{0,2}[）)])"
)
"""Names of the classification may follow each other: 类, 款 and 项 can all be 其他支出."""
_STUTTER: Final = re.compile(
    r"用于用于|主要是原因是|主要原因是主要是|(?:从?评价情况来看[，,]?){2,}|包括包括|其中其中"
)
_ENDS: Final = ("", "。", "，", "；", ",", ";", "、")
_LONGEST: Final = 31
_MONTHS: Final = 12

Finder = Callable[[Paragraph], Iterator[tuple[str, str]]]


def _over(find: Finder) -> Callable[[Case], Iterator[Check]]:
    def run(case: Case) -> Iterator[Check]:
        for paragraph in case.document.prose:
            found = list(dict.fromkeys(find(paragraph)))
            if not found:
                yield Check(Outcome.HOLDS)
            for text, expected in found:
                yield Check(Outcome.FAILS, found=_found(paragraph, text, expected))

    return run


def _found(paragraph: Paragraph, text: str, expected: str) -> Found:
    at = paragraph.text.find(text)
    around = paragraph.text[max(0, at - 40) : at + len(text) + 40]
    place = Place(page=paragraph.page, text=text, quotation=around)
    ties: frozenset[tuple[object, ...]] = frozenset({("text", paragraph.page, text)})
    return Found(here=(place,), there=(), stated=text, expected=expected, ties=ties)


def _both_ways(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for match in _BOTH_WAYS.finditer(paragraph.text):
        yield match[0], "只写一个方向"


def _instructions(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for match in _INSTRUCTION.finditer(paragraph.text):
        yield match[0], "删去填写说明"


def _placeholders(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for match in _PLACEHOLDER.finditer(paragraph.text):
        yield match[0], "填写实际内容"


def _dates(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for match in _DATE.finditer(paragraph.text):
        month, day = match["month"], match["day"]
        wrong = month is not None and not 1 <= int(month) <= _MONTHS
        wrong = wrong or (day is not None and not 1 <= int(day) <= _LONGEST)
        if match["slip"] or wrong:
            yield match[0], "存在的日期"


def _doubled(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    if paragraph.heading or "。" not in paragraph.text:
        return
    for pattern in (_DOUBLED, _STUTTER):
        for match in pattern.finditer(paragraph.text):
            yield match[0], "不重复"


def _percent_signs(case: Case) -> Iterator[Check]:
    for index, claim in enumerate(case.claims):
        if claim.role is not Role.CHANGE_PERCENT:
            continue
        if claim.unit is not None or claim.value is None:
            yield Check(Outcome.HOLDS)
            continue
        if claim.quotation[claim.span[1] : claim.span[1] + 1] not in _ENDS:
            yield Check(Outcome.UNDECIDABLE, "no-figure")
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(),
                stated=f"{claim.word}{claim.text}",
                expected=f"{claim.text}%",
                ties=frozenset({("claim", index)}),
            ),
        )


def _alternatives(case: Case) -> Iterator[Check]:
    yield from _over(_both_ways)(case)
    for index, claim in enumerate(case.claims):
        both = any(mark in claim.word for mark in "（(/") and claim.direction is None
        if both and not _BOTH_WAYS.search(claim.quotation) and claim.value is not None:
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(case.said(claim),),
                    there=(),
                    stated=f"{claim.word}{claim.text}",
                    expected="只写一个方向",
                    ties=frozenset({("claim", index)}),
                ),
            )


def _prose(text: str) -> Example:
    return Example(prose=("## 七、财政拨款“三公”经费支出决算情况说明", text))


def _rule(
    rule_id: str,
    title: str,
    title_en: str,
    formula: str,
    run: Callable[[Case], Iterator[Check]],
    fires: str,
    silent: str,
    severity: Severity = Severity.MINOR,
    says: str = "{here}有“{stated}”（应{expected}）",
    says_en: str = "{here} has “{stated}”",
) -> Rule:
    return Rule(
        id=rule_id,
        title=title,
        title_en=title_en,
        formula=formula,
        tolerance="文字",
        severity=severity,
        source="文字说明自身",
        says=says,
        says_en=says_en,
        run=run,
        fires=_prose(fires),
        silent=_prose(silent),
    )


RULES: Final = (
    _rule(
        "T01",
        "没有遗留的填写说明",
        "No instructions of the template are left",
        "文中没有模板对填写人的要求",
        _over(_instructions),
        "公务接待费支出0.39万元（如持平作持平表述）。",
        "公务接待费支出0.39万元（含外宾接待支出0.00万元）。",
    ),
    _rule(
        "T02",
        "没有未填的空位",
        "No blanks of the template are left unfilled",
        "文中没有XX、××、某某等占位",
        _over(_placeholders),
        "主要用于XX项目支出。",
        "主要用于规划项目支出。",
    ),
    _rule(
        "T03",
        "增减方向已经选定",
        "One direction was chosen",
        "“下降（增长）”之类的备选词只留一个",
        _alternatives,
        "2024年度“三公”经费支出决算数比2023年度减少0.15万元，下降（增长）27.78%。",
        "2024年度“三公”经费支出决算数比2023年度减少0.15万元，下降27.78%。",
        Severity.MATERIAL,
    ),
    _rule(
        "T04",
        "日期存在",
        "Dates exist",
        "月份在1至12之间，日在1至31之间",
        _over(_dates),
        "截至2024年13月31日，共有车辆0辆。",
        "截至2024年12月31日，共有车辆0辆。",
    ),
    _rule(
        "T05",
        "没有重复的词句",
        "No words are doubled",
        "四字以上的词句不紧接着重复",
        _over(_doubled),
        "收入包括：一般公共预算一般公共预算收入。",
        "收入包括：一般公共预算收入、其他收入。",
    ),
    _rule(
        "T06",
        "百分比带有百分号",
        "Percentages carry their sign",
        "增减幅度后有“%”",
        _percent_signs,
        "公务接待费支出比2023年度减少0.15万元，下降27.78。",
        "公务接待费支出比2023年度减少0.15万元，下降27.78%。",
        says="文字“{name}”写“{stated}”，缺少百分号",
        says_en="the text says “{stated}” of “{name}”: the percent sign is missing",
    ),
)
