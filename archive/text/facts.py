"""What a document says about itself: agency, level, fiscal year, kind.

Several places say it: the cover, the headings of its parts, the titles and heads of its tables.
A fact is taken only where they do not contradict one another; disagreement is remarked on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from archive.forms import plain, title_of
from archive.model import Facts, Kind, Level, Paragraph, Remark
from archive.text.prose import numbered
from archive.text.tables import Table

_COVER_PAGES: Final = 2
_ENTITY: Final = re.compile(
    r"^(?:公开部门|公开单位|填报部门|填报单位|预算主管部门|预算部门|预算单位|主管部门|编制部门|编制单位|部门名称|单位名称|部门(?:[/／]单位)?|单位)[:：](.+)$"
)
_ASIDE: Final = re.compile(r"[（(]?((金额|计量|货币|数额)?单\s*位|(填报|申报|编制)日期)[:：].*$")
"""What else a line prints behind the name of who reports."""
_MONEY: Final = re.compile(r"^(人民币)?(万|百万|千|亿)?元")
_CODED: Final = re.compile(r"\[(\d{3,12})\]\s*([^,，\[\]]+)")
_TITLE: Final = re.compile(
    r"(?P<agency>[\u4e00-\u9fff（）()]{4,40}?)(?P<year>20\d\d)年?度?(?P<words>[\u4e00-\u9fff]{0,6}?)"
    r"(?P<level>部门|单位)(?P<kind>预算|决算)"
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>20\d\d)年?度?(?P<agency>[\u4e00-\u9fff（）()]{4,40}?)(?P<level>部门|单位)(?P<kind>预算|决算)"
)
_LEVEL_KIND: Final = re.compile(r"(部门|单位)(?:收支|财务)?(预算|决算)")
_PART: Final = re.compile(r"^第[一二三四五六七八九十]+部分[:：]?(.*)$")
_PART_AGENCY: Final = re.compile(r"^([\u4e00-\u9fff（）()]{4,40}?)(?:概况|20\d\d|主要职能)")
_ADJECTIVE: Final = re.compile(r"(区级|市级|县级|本级)$")
_LEVELS: Final = {"部门": Level.DEPARTMENT, "单位": Level.UNIT}
_KINDS: Final = {"预算": Kind.BUDGET, "决算": Kind.FINAL}

T = TypeVar("T")


class _Said:
    def __init__(self) -> None:
        self.agency: Counter[str] = Counter()
        self.level: Counter[Level] = Counter()
        self.year: Counter[int] = Counter()
        self.kind: Counter[Kind] = Counter()
        self.codes: list[str] = []

    def agency_named(self, name: str, weight: int = 1) -> None:
        name = re.sub(r"\s+|[（(](部门|汇总|单位)[)）]$", "", name).strip(":：,，、")
        if 4 <= len(name) <= 40:
            self.agency[name] += weight


def facts(
    prose: Sequence[Paragraph], tables: Iterable[Table], *, front: int | None = None
) -> tuple[Facts, list[Remark]]:
    """Gather what is said and settle it; returns the facts and remarks on disagreements.

    `front` is how many paragraphs stand for the cover where a document has no pages.
    """
    said = _Said()
    title = None
    for index, paragraph in enumerate(prose):
        text = plain(paragraph.text)
        cover = paragraph.page <= _COVER_PAGES if front is None else _fronts(index, text, front)
        if cover and "…" not in text and not numbered(paragraph.text):
            title = _cover(text, said, title)
        part = _PART.match(text)
        if part and "…" not in text:
            _part(part[1], said)
    for table in tables:
        _table(table, said)
    remarks: list[Remark] = []
    return (
        Facts(
            agency=_settle("agency", said.agency, remarks),
            level=_settle("level", said.level, remarks),
            year=_settle("year", said.year, remarks),
            kind=_settle("kind", said.kind, remarks),
            codes=tuple(dict.fromkeys(said.codes)),
            title=title,
        ),
        remarks,
    )


def _fronts(index: int, text: str, front: int) -> bool:
    """Whether a paragraph may stand on the cover of a document without pages: no sentence does."""
    return index < front and not text.endswith(("。", ":", ";", ",", "，", "；"))


def _cover(text: str, said: _Said, title: str | None) -> str | None:
    entity = _entity(text)
    if entity is not None:
        said.agency_named(entity, 5)
        return title
    for pattern in (_TITLE, _YEAR_FIRST):
        match = pattern.search(text)
        if match and len(text) <= 60 and not text.endswith("表"):
            _count(match, said, weight=5)
            return title or text
    if len(text) <= 30:
        years = re.findall(r"20\d\d(?=年)", text)
        pair = _LEVEL_KIND.search(text)
        if pair and len(set(years)) == 1:
            said.year[int(years[0])] += 5
            said.level[_LEVELS[pair[1]]] += 5
            said.kind[_KINDS[pair[2]]] += 5
            return title or text
    return title


def _entity(text: str) -> str | None:
    """Who reports, where a line says so: 编制单位：某局, not 单位：万元."""
    match = _ENTITY.match(text)
    return None if match is None or _MONEY.match(match[1]) else _ASIDE.sub("", match[1])


def _count(match: re.Match[str], said: _Said, weight: int) -> None:
    said.year[int(match["year"])] += weight
    said.level[_LEVELS[match["level"]]] += weight
    said.kind[_KINDS[match["kind"]]] += weight
    agency = _ADJECTIVE.sub("", match["agency"])
    if len(agency) > 6 or not agency.endswith(("区", "县", "市")):
        said.agency_named(agency, weight)


def _part(text: str, said: _Said) -> None:
    match = _TITLE.search(text)
    if match:
        _count(match, said, weight=2)
        return
    agency = _PART_AGENCY.match(text)
    if agency:
        said.agency_named(agency[1], 2)


def _table(table: Table, said: _Said) -> None:
    if not table.title:
        return
    title = title_of(table.title)
    if title.year:
        said.year[title.year] += 1
    # A final account's titles name budgets too (一般公共预算…决算表), never the other way round.
    if "决算" in title.core:
        said.kind[Kind.FINAL] += 1
    elif "预算" in title.core:
        said.kind[Kind.BUDGET] += 1
    if title.owner in ("预算单位", "单位"):
        said.level[Level.UNIT] += 1
    elif title.owner == "部门" or title.core.startswith("部门"):
        said.level[Level.DEPARTMENT] += 1
    elif len(title.owner) >= 4:
        said.agency_named(title.owner)
    for line in table.above:
        rest = _entity(plain(line))
        if rest is None:
            continue
        coded = _CODED.findall(rest)
        if coded:
            said.codes += [f"[{code}]{name.strip()}" for code, name in coded]
            said.agency_named(coded[-1][1])
        else:
            said.agency_named(rest)


def _settle(what: str, counts: Counter[T], remarks: list[Remark]) -> T | None:
    """The value nearly all places agree on, or None with a remark."""
    if not counts:
        return None
    ranked = counts.most_common()
    value, votes = ranked[0]
    total = sum(counts.values())
    if len(ranked) > 1:
        others = ", ".join(str(other) for other, _ in ranked[1:4])
        remarks.append(
            Remark(f"{what}-disagrees", f"the document names {value}, elsewhere {others}")
        )
        if votes * 3 < total * 2:
            return None
    return value
