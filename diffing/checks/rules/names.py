"""The agency's own name: the same on the cover, in headings and in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.forms import plain
from diffing.checks.case import Case
from diffing.checks.examples import Example
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_SELF: Final = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分)?(?P<name>[\u4e00-\u9fff()]{4,30}?)20\d\d年度?(?:部门|单位)(?:决算|预算)"
)
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_JOINTS: Final = "和与及、"
_PLACES: Final = re.compile(r"(?<=[省市区])[\u4e00-\u9fff]{1,4}?[区县旗]")


def _headings(case: Case) -> Iterator[Check]:
    agency = plain(case.agency or "")
    if not agency:
        yield Check(Outcome.UNDECIDABLE, "agency-unknown")
        return
    texts = [(p.page, p.text) for p in case.document.prose if "。" not in p.text]
    texts += [(s.pages[0], s.title) for s in case.document.statements]
    units = _units(case)
    for page, text in texts:
        match = _SELF.match(plain(text))
        if match is None:
            continue
        name = _BRACKETS.sub("", match["name"])
        if (
            agency.startswith(name)
            or agency.endswith(name)
            or name in units
            or name.endswith(agency)
        ):
            yield Check(Outcome.HOLDS)
        elif not _without_place(name, agency):
            yield Check(Outcome.UNDECIDABLE, "name-unknown")
        else:
            place = Place(page=page, text=name, quotation=text)
            yield Check(Outcome.FAILS, found=_found(place, name, case.agency or ""))


def _without_place(name: str, agency: str) -> bool:
    """Is it the agency's name without its district, which is the name of another agency?

    Other differences may be an alias or a unit: 万里街道办事处 is 人民政府万里街道办事处.
    """
    for place in _PLACES.finditer(agency):
        if place.start() and agency[: place.start()] + agency[place.end() :] == name:
            return True
    return False


def _units(case: Case) -> set[str]:
    return {
        _BRACKETS.sub("", plain(item.name))
        for statement in case.document.statements
        if statement.form == "final.units"
        for item in statement.items
    }


def _writings(case: Case) -> Iterator[Check]:
    agency = plain(case.agency or "")
    others = set(_variants(agency)) - _units(case)
    if not others:
        yield Check(Outcome.NOT_APPLICABLE, "absent")
        return
    for paragraph in case.document.prose:
        text = plain(paragraph.text)
        found = [other for other in sorted(others) if other in text]
        if agency in text and not found:
            yield Check(Outcome.HOLDS)
        for other in found:
            at = text.find(other)
            place = Place(
                page=paragraph.page,
                text=other,
                quotation=text[max(0, at - 20) : at + len(other) + 20],
            )
            yield Check(Outcome.FAILS, found=_found(place, other, case.agency or ""))


def _variants(agency: str) -> Iterator[str]:
    """The name with another word between its parts: 规划与自然资源局 for 规划和自然资源局."""
    for at, character in enumerate(agency):
        if character in _JOINTS:
            for other in _JOINTS:
                if other != character:
                    yield agency[:at] + other + agency[at + 1 :]


def _found(place: Place, name: str, agency: str) -> Found:
    ties: frozenset[tuple[object, ...]] = frozenset({("agency", name)})
    return Found(here=(place,), there=(), stated=name, expected=agency, ties=ties)


def _example(*prose: str) -> Example:
    return Example(prose=prose, agency="江城市云水区规划和自然资源局")


RULES: Final = (
    Rule(
        id="S09",
        title="标题所写单位名称为本单位",
        title_en="Headings bear the agency's own name",
        formula="“某单位××××年度部门决算（预算）”中的名称＝本单位名称",
        tolerance="文字",
        severity=Severity.MINOR,
        source="财预〔2016〕143号",
        says="{here}标题写“{stated}”，本单位为“{expected}”",
        says_en="a heading names “{stated}”, the agency is “{expected}”",
        run=_headings,
        fires=_example("# 第二部分江城市规划和自然资源局2024年度部门决算表"),
        silent=_example("# 第二部分江城市云水区规划和自然资源局2024年度部门决算表"),
    ),
    Rule(
        id="S10",
        title="文字所写单位名称前后一致",
        title_en="The agency's name is written in one way",
        formula="“和”“与”“及”等连接字与本单位名称一致",
        tolerance="文字",
        severity=Severity.MINOR,
        source="文字说明自身",
        says="{here}写“{stated}”，本单位名称为“{expected}”",
        says_en="the text writes “{stated}”, the agency is “{expected}”",
        run=_writings,
        fires=_example("江城市云水区规划与自然资源局2024年度无政府性基金预算财政拨款支出。"),
        silent=_example("江城市云水区规划和自然资源局2024年度无政府性基金预算财政拨款支出。"),
    ),
)
