"""Whether a document that the archive lacks would have been seen: without that, nobody is accused.

"Missing", "late" and "withdrawn" may be said only where every portal that would show a document was
crawled whole, with nothing in the way, after the day it was due; docs/decisions/0024 says why each
of these is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from archive.ledger import Crawl, Ledger, Observation, Unseen
from archive.model import Kind
from archive.register import Register
from archive.register.agencies import Agency
from archive.titles import Title, read_title

__all__ = ["HINDRANCES", "Doubt", "Reason", "Watch", "said"]

_SOON: Final = timedelta(days=365)
"""So long after the due day a publication is at least still looked for in its place."""


class Reason(StrEnum):
    """Why something is not said."""

    NOT_CRAWLED = "not-crawled"
    """No crawl of a portal that would show it is recorded."""
    CRAWL_HINDERED = "crawl-hindered"
    """The newest crawl of such a portal was blocked, cut off, or could not see everything."""
    CRAWL_BEFORE_DUE = "crawl-before-due"
    """No crawl since the due day."""
    WATCHED_TOO_LATE = "watched-too-late"
    """The first clear crawl came more than a year after the due day."""
    UNSEEN = "unseen"
    """Publications are listed whose documents could not be had: it may be one of them."""
    UNFILED = "unfiled"
    """Documents are stored that cannot be read or filed: it may be among them."""
    NO_DUE_DAY = "no-due-day"
    """Nothing tells when it was due."""
    DUE_ESTIMATED = "due-estimated"
    """The due day is only estimated from what others did."""
    NO_DATE = "no-date"
    """The publisher claims no date."""
    AGENCY_UNKNOWN = "agency-unknown"
    """The register does not know the agency."""
    AGENCY_UNPROVEN = "agency-unproven"
    """Nothing shows that the agency existed then."""


class Doubt(msgspec.Struct, frozen=True):
    """A reason, and what it is about: a portal, a day, a number."""

    reason: Reason
    portal: str = ""
    day: date | None = None
    count: int = 0
    hindrances: tuple[str, ...] = ()
    """What stood in the way of a crawl; "incomplete" for one that was cut off or blocked."""


_SAID: Final = {
    Reason.NOT_CRAWLED: (
        "没有采集过会列出该文件的平台",
        "no crawl of a portal that would show it is recorded",
    ),
    Reason.CRAWL_HINDERED: (
        "最近一次采集（{portal}，{day}）受阻或不完整：{hindrances}",
        "the newest crawl ({portal}, {day}) could not see everything: {hindrances}",
    ),
    Reason.CRAWL_BEFORE_DUE: (
        "截止日之后还没有采集过（{portal}，最近 {day}）",
        "no crawl since the due day ({portal}, last {day})",
    ),
    Reason.WATCHED_TOO_LATE: (
        "截止日一年之后才首次完整采集（{portal}，{day}）",
        "the first clear crawl came more than a year after the due day ({portal}, {day})",
    ),
    Reason.UNSEEN: (
        "平台上另有 {count} 条公告没有取得文件（{portal}，{day}），可能就在其中",
        "{count} publications are listed whose documents could not be had ({portal}, {day}):"
        " it may be one of them",
    ),
    Reason.UNFILED: (
        "另有 {count} 份文件未能读取或归档，可能就在其中",
        "{count} stored documents are not read or filed: it may be among them",
    ),
    Reason.NO_DUE_DAY: ("不知道截止日", "it is not known when it was due"),
    Reason.DUE_ESTIMATED: (
        "截止日（{day}）只是按本区公开日估计",
        "the due day ({day}) is only estimated from what others did",
    ),
    Reason.NO_DATE: ("发布机关没有标注日期", "the publisher claims no date"),
    Reason.AGENCY_UNKNOWN: ("名录中没有该部门", "the register does not know the agency"),
    Reason.AGENCY_UNPROVEN: (
        "没有资料表明该部门当时已经设立（名录未载起始日期，也没有更早的文件）",
        "nothing shows that the agency existed then: its names bear no dates in the register, and"
        " no earlier document is archived",
    ),
}
HINDRANCES: Final = {
    "incomplete": "未完整采集",
    "blocked": "被拦截",
    "postponed": "暂缓访问",
    "forbidden": "robots.txt 不允许",
    "offsite": "链接到其他网站",
    "private": "不是公网地址",
    "failed": "请求失败",
    "refused": "文件内容不符",
    "gone": "链接失效",
    "no-file": "公告没有附件",
    "shortfall": "列表不全",
    "too-few": "公告过少",
    "fewer": "公告比以前少",
    "mass-absence": "大批公告同时不见",
    "unfinished": "采集中断",
    "unverified": "平台文件未经核实",
}
"""What can stand in the way of a crawl, in Chinese."""


def said(doubt: Doubt, lang: str = "zh") -> str:
    """A doubt in words.

    >>> said(Doubt(Reason.UNFILED, count=2), "en")
    '2 stored documents are not read or filed: it may be among them'
    """
    zh = lang == "zh"
    ways = [HINDRANCES.get(way, way) if zh else way for way in doubt.hindrances]
    return _SAID[doubt.reason][0 if zh else 1].format(
        portal=doubt.portal,
        day=doubt.day.isoformat() if doubt.day else "—",
        count=doubt.count,
        hindrances=("、" if zh else ", ").join(ways),
    )


class Watch:
    """What the crawls of one division's portals could see."""

    def __init__(self, ledger: Ledger, register: Register, division: str) -> None:
        self._register, self._division = register, division
        self._crawls = ledger.crawls()
        self._clear = {portal: ledger.clear_days(portal) for portal in self._crawls}
        self._unseen = {
            portal: [read_title(u.title) for u in crawl.unseen if not _is_notice(u)]
            for portal, crawl in self._crawls.items()
        }
        self._unsettled = [
            read_title(look.source.title or look.source.filename)
            for look in ledger.unsettled()
            if self._own(look)
        ]

    def doubt(self, agency: Agency, year: int, kind: Kind, due: date) -> Doubt | None:
        """Why it cannot be said that a document is not there; None where it can."""
        names = {agency.id, *(name.text for name in agency.names), *agency.aliases}
        crawls = [
            crawl
            for crawl in self._crawls.values()
            if any(
                scope.may_show(self._division, kind, agency.level, year, names)
                for scope in crawl.scopes
            )
        ]
        if not crawls:
            return Doubt(Reason.NOT_CRAWLED)

        def possible(titles: Iterable[Title]) -> int:
            return sum(self._may_be(title, agency, year, kind) for title in titles)

        for crawl in sorted(crawls, key=lambda one: one.portal):
            if (found := self._doubtful(crawl, due)) is not None:
                return found
            if count := possible(self._unseen[crawl.portal]):
                return Doubt(Reason.UNSEEN, crawl.portal, crawl.day, count)
        count = possible(self._unsettled)
        return Doubt(Reason.UNFILED, count=count) if count else None

    def _doubtful(self, crawl: Crawl, due: date) -> Doubt | None:
        if not crawl.clear:
            ways = tuple(sorted(crawl.hindrances))
            hindrances = ways if crawl.complete else ("incomplete", *ways)
            return Doubt(Reason.CRAWL_HINDERED, crawl.portal, crawl.day, hindrances=hindrances)
        if crawl.day <= due:
            return Doubt(Reason.CRAWL_BEFORE_DUE, crawl.portal, crawl.day)
        first = min(day for day in self._clear[crawl.portal] if day > due)
        if first - due > _SOON:
            return Doubt(Reason.WATCHED_TOO_LATE, crawl.portal, first)
        return None

    def _may_be(self, title: Title, agency: Agency, year: int, kind: Kind) -> bool:
        """Whether a title does not say that it is another's, of another year or kind."""
        if title.kinds and kind not in title.kinds:
            return False
        if title.years and year not in title.years:
            return False
        named = self._register.find(self._division, title.agency) if title.agency else []
        return not named or any(one.id == agency.id for one in named)

    def _own(self, look: Observation) -> bool:
        """Whether it may be a document of the division: a file nobody crawled may be any."""
        crawl = self._crawls.get(look.source.portal)
        return crawl is None or any(s.division == self._division for s in crawl.scopes)


def _is_notice(unseen: Unseen) -> bool:
    """Whether an article without a file is none that should have had one.

    A publication names 预算 or 决算, and whose or of which year; lists hold news beside it.
    """
    title = read_title(unseen.title)
    stated = title.kinds and (title.years or title.agency or title.others)
    return unseen.why == "no-file" and not stated
