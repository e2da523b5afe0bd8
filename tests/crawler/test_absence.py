"""When an article counts as gone, and what a crawl reports of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.ledger import Article, Done, Ledger, Observation
from archive.model import Source
from crawler import absence
from crawler.portals import Entry
from crawler.publications import Page
from crawler.report import Look, PortalReport, TroubleKind

HOST = "http://www.example.gov.cn"
ASKED = f"{HOST}/js/t1.html"
DAY = datetime(2025, 4, 10, tzinfo=UTC)


def why(status: int = 200, text: str = "<h1>公开</h1>", url: str = ASKED) -> str:
    page = Page(url, text, Entry(HOST))
    return absence.why_absent(status, ASKED, page, {"www.example.gov.cn/js/"})


def test_404_and_410_mean_gone_and_other_errors_mean_not_known() -> None:
    assert [why(404), why(410), why(500), why(403)] == ["http-404", "http-410", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "<title>提示</title><p>对不起，您访问的页面不存在或已被删除！</p>",
        "<title>404</title>" + "<p>导航</p>" * 900,
        '<meta http-equiv="refresh" content="0;URL=../">',
    ],
)
def test_a_page_that_says_so_with_200_is_gone(text: str) -> None:
    assert why(text=text) == "soft-404"


@pytest.mark.parametrize(
    "text",
    [
        "<title>公开</title><p>浏览次数：404</p>",
        "<title>公开</title><p>您是第480404位访问者</p>",
        '<title>404号文件</title><a href="/a.pdf">无法找到附件请致电</a>',
    ],
)
def test_a_number_of_visitors_or_a_file_keeps_an_article_where_it_is(text: str) -> None:
    assert why(text=text) == ""


def test_leading_home_or_to_the_column_is_gone_and_leading_elsewhere_is_not() -> None:
    assert why(url=f"{HOST}/") == "home-page"
    assert why(url=f"{HOST}/index.html") == "home-page"
    assert why(url=f"{HOST}/js/") == "column"
    assert why(url=f"{HOST}/zwgk_99/js/t1.html") == ""


class Archived:
    """A ledger with articles of one portal, each with a document."""

    def __init__(self, folder: Path, count: int) -> None:
        self.ledger = Ledger(folder)
        self.urls = [f"{HOST}/js/t{n}.html" for n in range(count)]
        for n, url in enumerate(self.urls):
            row = self.ledger.append(self.seen(n, url, "run-0"))
            self.ledger.append(Done(row, DAY, "committed", f"{n}" * 64, f"990201/d{n}"))

    @staticmethod
    def seen(number: int, page: str, run: str) -> Observation:
        source = Source(url=f"{page}.pdf", page_url=page, portal="minghu")
        return Observation(source=source, sha256=f"{number}" * 64, run=run)

    def report(
        self,
        gone: Sequence[str],
        hours: float = 0,
        ended: str = "finished",
        run: str = "run-1",
        withdrawn: Sequence[str] = (),
    ) -> list[TroubleKind]:
        looks = {url: Look(404, "http-404") if url in gone else Look(200) for url in self.urls}
        crawled = PortalReport("minghu", "990201", looks=looks, ended=ended)
        crawled.known_articles = len(self.urls)
        moment = DAY + timedelta(hours=hours)
        found = absence.report_absences(self.ledger, run, lambda: moment, crawled, withdrawn)
        self.lost = crawled.lost
        return [trouble.kind for trouble in found]

    @property
    def rows(self) -> list[tuple[str, bool]]:
        return [(r.url, r.present) for r in self.ledger.rows() if isinstance(r, Article)]


@pytest.fixture
def archived(tmp_path: Path) -> Archived:
    return Archived(tmp_path / "ledger", 6)


def test_one_article_gone_is_suspected_and_confirmed_a_day_later(archived: Archived) -> None:
    (gone, *_) = archived.urls
    assert archived.report([gone]) == [TroubleKind.MISSING]
    assert not archived.ledger.missing()[gone].confirmed
    archived.report([gone], hours=23)
    assert not archived.ledger.missing()[gone].confirmed
    archived.report([gone], hours=24)
    assert archived.ledger.missing()[gone].confirmed


def test_one_seen_in_between_begins_anew(archived: Archived) -> None:
    (gone, *_) = archived.urls
    archived.report([gone])
    archived.report([], hours=12)
    archived.report([gone], hours=25)
    assert not archived.ledger.missing()[gone].confirmed


def test_a_third_of_all_gone_at_once_is_a_fault_of_the_portal(archived: Archived) -> None:
    assert archived.report(archived.urls[:3]) == [TroubleKind.MASS_ABSENCE]
    assert archived.rows == []
    assert archived.lost == archived.urls[:3]


def test_what_a_person_says_was_withdrawn_is_recorded_a_day_later(archived: Archived) -> None:
    gone = archived.urls[:3]
    assert archived.report(gone, withdrawn=gone) == [TroubleKind.MISSING] * 3
    assert archived.lost == []
    archived.report(gone, hours=24, withdrawn=gone)
    assert all(archived.ledger.missing()[url].confirmed for url in gone)


def test_a_person_speaks_of_the_articles_he_saw_and_of_no_others(archived: Archived) -> None:
    gone = archived.urls[:4]
    assert archived.report(archived.urls[:6], withdrawn=gone[:3]) == [TroubleKind.MASS_ABSENCE]
    assert archived.lost == archived.urls[3:]
    assert archived.rows == []


def test_a_move_is_no_mass_absence(archived: Archived) -> None:
    for number, url in enumerate(archived.urls):
        moved = url.replace("/js/", "/zwgk_99/js/")
        archived.ledger.append(archived.seen(number, moved, "run-1"))
    assert archived.report(archived.urls) == [TroubleKind.MISSING] * 6
    assert [present for _, present in archived.rows] == [False] * 6


@pytest.mark.parametrize("ended", ["shutdown", ""])
def test_a_crawl_that_was_cut_off_says_nothing(archived: Archived, ended: str) -> None:
    assert archived.report(archived.urls[:1], ended=ended) == []
    assert archived.rows == []


def test_a_crawl_without_all_its_lists_says_nothing(archived: Archived) -> None:
    looks = {archived.urls[0]: Look(404, "http-404")}
    crawled = PortalReport("minghu", "990201", looks=looks, ended="finished", lists_missed=1)
    assert absence.report_absences(archived.ledger, "run-1", lambda: DAY, crawled) == []


def test_an_address_that_leads_to_another_article_says_nothing_by_itself(
    archived: Archived,
) -> None:
    looks = {archived.urls[0]: Look(200, absence.MOVED)}
    crawled = PortalReport("minghu", "990201", looks=looks, ended="finished")
    assert absence.report_absences(archived.ledger, "run-1", lambda: DAY, crawled) == []
    assert archived.rows == []
