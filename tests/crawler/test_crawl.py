"""A crawl as the server sees it, and what is written down of it."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from archive.locks import LockTaken
from archive.masking import NAME
from archive.model import Kind
from archive.originals import Originals
from crawler.crawl import Job, groups
from crawler.portals import Entry, Portal
from crawler.process import locked
from crawler.report import TroubleKind
from tests.crawler.conftest import ARTICLE, FILE, PDF, Answer, Crawl, Crawled, Site, one_article
from tests.portal import faults

SHA256 = hashlib.sha256(PDF).hexdigest()
BROKEN = {"Content-Length": "9999", "Connection": "close"}

# --- one crawl of many sites, each with something of its own ------------------------------------

Scene = Callable[[Site], None]
SCENES: dict[str, Scene] = {}


def scene(prepare: Scene) -> Scene:
    SCENES[prepare.__name__] = prepare
    return prepare


@scene
def nothing_special(site: Site) -> None:
    """The site as it is."""


@scene
def lost_file(site: Site) -> None:
    site.pages[FILE] = Answer(status=404)


@scene
def html_file(site: Site) -> None:
    site.pages[FILE] = Answer(faults.ERROR_PAGE)


@scene
def empty_file(site: Site) -> None:
    site.pages[FILE] = Answer(b"")


@scene
def forbidden_file(site: Site) -> None:
    site.pages[FILE] = Answer(b"x", status=403)


@scene
def short_file(site: Site) -> None:
    site.pages[FILE] = Answer(PDF, headers=BROKEN)


@scene
def large_file(site: Site) -> None:
    site.pages[FILE] = Answer(PDF + b"0" * 2**20)


@scene
def patience(site: Site) -> None:
    busy = iter([Answer(status=503, headers={"Retry-After": "0"})])
    site.pages[FILE] = lambda: next(busy, Answer(PDF))


@scene
def too_many_requests(site: Site) -> None:
    busy = iter([Answer(status=429, headers={"Retry-After": "0"})])
    site.pages[FILE] = lambda: next(busy, Answer(PDF))


@scene
def much_patience(site: Site) -> None:
    site.pages[FILE] = Answer(status=503, headers={"Retry-After": "3600"})


def turn_away(path: str) -> Scene:
    def prepare(site: Site) -> None:
        links = ""
        for n in range(1, 9):
            links += f'<a href="202509/t20250905_{n}.html">预算{n}</a>'
            site.pages[f"/js/202509/t20250905_{n}.html"] = site.pages[ARTICLE]
        site.pages["/js/"] = Answer(links.encode())
        site.pages[path] = Answer(faults.ruishu_page(1), 412)

    return prepare


TURNED_AWAY = ["/js/", ARTICLE, FILE, "/robots.txt"]
SCENES |= {path: turn_away(path) for path in TURNED_AWAY}


@scene
def robots_503(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(status=503)


@scene
def robots_429(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(status=429)


@scene
def robots_breaks_off(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\n", headers=BROKEN)


@scene
def robots_is_html(site: Site) -> None:
    site.pages["/robots.txt"] = Answer("<html>首页 Disallow: /</html>".encode())


@scene
def robots_forbids(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: mingzhang\nDisallow: /js/202509/P0\n")


@scene
def article_leads_home(site: Site) -> None:
    site.pages[ARTICLE] = Answer(status=302, headers={"Location": "/"})
    site.pages["/"] = Answer("<h1>明湖区人民政府</h1><a href='/guide.pdf'>指南</a>".encode())


@scene
def other_matters(site: Site) -> None:
    site.pages["/js/"] = Answer(
        '<a href="t20250905_2.html">关于举办运动会的通知</a>'
        '<a href="202509/t20250905_1.html">明湖区档案馆2024年度部门决算</a>'.encode()
    )


@scene
def slow_robots(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 86400\n")


@scene
def person(site: Site) -> None:
    site.pages["/js/"] = Answer(
        '<a href="202509/t20250905_1.html">档案馆2024年度部门决算（联系人：张小帆）</a>'
        '<a href="202509/t20250905_2.html">2024年决算 13800138000</a>'.encode()
    )
    site.pages["/js/202509/t20250905_2.html"] = Answer(b"<h1>x</h1>" * 99)
    site.pages[ARTICLE] = Answer(
        '<a href="./P020250905000000000001.pdf">联系人：张小帆.pdf</a>'.encode()
    )


@scene
def list_breaks_off(site: Site) -> None:
    pager = b'<script>createPageHTML(3, 0, "index", "html")</script>'
    listed = site.pages["/js/"]
    assert isinstance(listed, Answer)
    site.pages["/js/"] = Answer(listed.body + pager)


@scene
def list_in_circles(site: Site) -> None:
    def page(number: int) -> Answer:
        pager = f'<script>createPageHTML(9, {number}, "index", "html")</script>'
        return Answer(f'<a href="/js/202509/t20250905_1.html">决算</a>{pager}'.encode())

    site.pages["/js/"] = page(0)
    site.pages |= {f"/js/index_{number}.html": page(number) for number in range(1, 9)}


@scene
def no_file(site: Site) -> None:
    site.pages[ARTICLE] = Answer(b"<h1>x</h1><table><tr><td>404.00</td></tr></table>" * 40)


@scene
def no_list(site: Site) -> None:
    site.pages["/js/"] = Answer(status=404)


@scene
def empty_list(site: Site) -> None:
    site.pages["/js/"] = Answer("<h1>部门决算</h1><p>暂无数据</p>".encode())


@scene
def lost_list(site: Site) -> None:
    site.pages["/js/"] = Answer(faults.NOT_FOUND)


@scene
def empty_column(site: Site) -> None:
    site.pages["/js/"] = Answer(
        '<a href="202509/t20250905_1.html">决算</a><a href="2026/">2026</a>'.encode()
    )
    site.pages["/js/2026/"] = Answer("<h1>部门决算</h1>".encode())


Scenes = dict[str, tuple[Site, Crawled]]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Every scene, crawled side by side in one process."""
    sites = [one_article() for _ in SCENES]
    for site, prepare in zip(sites, SCENES.values(), strict=True):
        prepare(site)
    crawled = Crawl(tmp_path_factory.mktemp("scenes")).all(sites, size_limit_mb=1)
    yield dict(zip(SCENES, zip(sites, crawled, strict=True), strict=True))
    for site in sites:
        site.close()


def test_robots_list_article_and_file_are_asked_for_once_each_in_this_order(
    scenes: Scenes,
) -> None:
    site, crawled = scenes["nothing_special"]
    assert site.paths == ["/robots.txt", "/js/", ARTICLE, FILE]
    assert {asked.headers["user-agent"] for asked in site.log} == {
        "Mingzhang/0 (+keeper@example.org)"
    }
    assert site.log[-1].headers["accept-encoding"] == "identity"
    assert crawled.report.ended == "finished"
    assert crawled.report.publications == 1
    assert crawled.troubles == []


def test_no_host_ever_has_two_requests_under_way(scenes: Scenes) -> None:
    assert {asked.in_flight for site, _ in scenes.values() for asked in site.log} == {1}


def test_a_file_is_recorded_with_all_that_is_known_of_it(scenes: Scenes) -> None:
    site, crawled = scenes["nothing_special"]
    (seen,) = crawled.observations
    assert (seen.outcome, seen.sha256) == ("stored", SHA256)
    assert (seen.etag, seen.media_type, seen.run) == ('"1"', "application/pdf", "run")
    assert seen.source.url == site.url(FILE)
    assert seen.source.page_url == site.url(ARTICLE)
    assert seen.source.title == "明湖区档案馆2024年度部门决算"
    assert seen.source.published == date(2025, 9, 5)
    assert seen.source.filename == "P020250905000000000001.pdf"


@pytest.mark.parametrize(
    ("name", "outcome", "kind"),
    [
        ("lost_file", "gone", TroubleKind.GONE),
        ("html_file", "refused:html", TroubleKind.REFUSED),
        ("empty_file", "refused:empty", TroubleKind.REFUSED),
        ("forbidden_file", "refused:http-403", TroubleKind.REFUSED),
        ("short_file", "refused:incomplete", TroubleKind.FAILED),
        ("large_file", "refused:too-large", TroubleKind.FAILED),
        ("much_patience", "refused:http-503", TroubleKind.REFUSED),
    ],
)
def test_an_answer_without_a_document_is_an_observation_without_bytes(
    scenes: Scenes, name: str, outcome: str, kind: TroubleKind
) -> None:
    site, crawled = scenes[name]
    assert crawled.outcomes == [outcome]
    assert crawled.observations[0].sha256 is None
    assert [(one.kind, one.subject) for one in crawled.report.troubles] == [(kind, site.url(FILE))]


def test_a_body_shorter_than_promised_is_tried_three_times(scenes: Scenes) -> None:
    assert scenes["short_file"][0].paths.count(FILE) == 3


def test_a_file_over_the_limit_is_not_asked_for_again(scenes: Scenes) -> None:
    assert scenes["large_file"][0].paths.count(FILE) == 1


@pytest.mark.parametrize("name", ["patience", "too_many_requests"])
def test_a_server_that_asks_for_patience_is_asked_again(scenes: Scenes, name: str) -> None:
    site, crawled = scenes[name]
    assert crawled.outcomes == ["stored"]
    assert site.paths.count(FILE) == 2


def test_a_server_that_wants_more_patience_than_a_run_has_is_left_for_the_next(
    scenes: Scenes,
) -> None:
    assert scenes["much_patience"][0].paths.count(FILE) == 1


@pytest.mark.parametrize("path", TURNED_AWAY)
def test_a_host_that_turns_us_away_is_left_alone_at_once(scenes: Scenes, path: str) -> None:
    site, crawled = scenes[path]
    assert site.paths[-1] == path
    assert len(site.paths) < 6
    assert crawled.troubles == [TroubleKind.BLOCKED]
    assert crawled.outcomes == ["blocked"]
    seen = crawled.observations[0]
    assert (seen.source.url, seen.source.status) == (site.url(path), 412)
    assert seen.sha256 is None
    assert seen.headers["evidence"]
    assert not crawled.report.went_through


@pytest.mark.parametrize("name", ["robots_503", "robots_429", "robots_breaks_off", "slow_robots"])
def test_without_robots_txt_nothing_is_asked(scenes: Scenes, name: str) -> None:
    site, crawled = scenes[name]
    assert set(site.paths) == {"/robots.txt"}
    assert crawled.troubles == [TroubleKind.POSTPONED]
    assert not crawled.report.went_through


def test_a_page_in_place_of_robots_txt_has_no_rules(scenes: Scenes) -> None:
    assert scenes["robots_is_html"][1].outcomes == ["stored"]


def test_what_robots_txt_forbids_is_not_asked_for(scenes: Scenes) -> None:
    site, crawled = scenes["robots_forbids"]
    assert site.paths == ["/robots.txt", "/js/", ARTICLE]
    assert [(one.kind, one.subject) for one in crawled.report.troubles] == [
        (TroubleKind.FORBIDDEN, site.url(FILE))
    ]
    assert crawled.observations == []


def test_an_article_that_leads_home_is_gone(scenes: Scenes) -> None:
    site, crawled = scenes["article_leads_home"]
    assert crawled.troubles == [TroubleKind.GONE]
    assert "/guide.pdf" not in site.paths


def test_items_on_other_matters_are_counted_and_not_followed(scenes: Scenes) -> None:
    site, crawled = scenes["other_matters"]
    assert "/js/t20250905_2.html" not in site.paths
    assert (crawled.report.listed, crawled.report.irrelevant) == (2, 1)


def test_a_person_named_in_a_title_or_a_link_is_not_written_down(scenes: Scenes) -> None:
    _, crawled = scenes["person"]
    (seen,) = crawled.observations
    assert seen.source.title == f"档案馆2024年度部门决算（联系人：{NAME}）"
    assert seen.source.filename == f"联系人：{NAME}.pdf"
    assert "13800138000" not in repr(crawled)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("list_breaks_off", "the list leads on to this page, which answered 404"),
        (
            "list_in_circles",
            "pages of the list showed nothing new; those after them were not read",
        ),
    ],
)
def test_a_list_that_was_not_read_to_its_end_is_told(
    scenes: Scenes, name: str, message: str
) -> None:
    _, crawled = scenes[name]
    assert [(one.kind, one.message) for one in crawled.report.troubles] == [
        (TroubleKind.SHORTFALL, message)
    ]
    assert crawled.outcomes == ["stored"]


def test_an_article_without_a_file_is_reported(scenes: Scenes) -> None:
    _, crawled = scenes["no_file"]
    assert crawled.troubles == [TroubleKind.NO_FILE]
    assert crawled.report.publications == 0


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("no_list", ["the list page answered 404"]),
        ("empty_list", ["nothing is listed on the page"]),
        ("lost_list", ["the list page says that it is not there"]),
        ("empty_column", []),
    ],
)
def test_a_list_without_anything_is_a_failure_but_a_column_below_may_be_empty(
    scenes: Scenes, name: str, messages: list[str]
) -> None:
    site, crawled = scenes[name]
    assert [one.message for one in crawled.report.troubles] == messages
    assert crawled.troubles == [TroubleKind.FAILED] * len(messages)
    assert ("/js/2026/" in site.paths) == (name == "empty_column")


# --- crawls of one site ---------------------------------------------------------------------------


def test_the_second_crawl_asks_conditionally_and_decides_by_the_bytes(
    site: Site, crawl_site: Crawl
) -> None:
    entry = Entry(url=site.url("/js/"), kind=Kind.FINAL, year=2024)
    (seen,) = crawl_site(site, entries=(entry,)).observations
    assert seen.stated == {"division": "990101", "kind": "final", "year": 2024}
    originals = Originals(crawl_site.archive / "originals")
    assert originals.get(SHA256) == PDF

    site.pages[FILE] = Answer(PDF, headers={"ETag": '"2"'})  # touched, not changed
    assert crawl_site(site).outcomes == ["stored", "same"]
    assert site.log[-1].headers["if-none-match"] == '"1"'

    site.pages[FILE] = Answer(status=304)
    crawled = crawl_site(site)
    assert site.log[-1].headers["if-none-match"] == '"2"'
    assert crawled.outcomes[-1] == "not-modified"
    assert crawled.observations[-1].sha256 == SHA256

    originals.path(SHA256).unlink()  # what we no longer hold has to come again
    site.pages[FILE] = Answer(PDF + b"%%EOF\n")
    assert crawl_site(site).outcomes[-1] == "stored"
    assert "if-none-match" not in site.log[-1].headers


def unless_conditional(
    site: Site, body: bytes, validators: dict[str, str] | None = None
) -> Callable[[], Answer]:
    """A server that takes any validator for its own."""

    def answer() -> Answer:
        asked = site.log[-1].headers
        if "if-none-match" in asked or "if-modified-since" in asked:
            return Answer(status=304, headers=validators or {})
        return Answer(body)

    return answer


def test_a_304_about_other_bytes_than_ours_is_asked_again_and_one_unasked_for_refused(
    crawl_site: Crawl,
) -> None:
    sites = [one_article() for _ in range(4)]
    moved, other, dated, unasked = sites
    lost = PDF + b"lost"
    try:
        moved.pages |= {
            FILE: Answer(status=302, headers={"Location": "/1.pdf"}),
            "/1.pdf": Answer(PDF, headers={"ETag": '"1"'}),
        }
        dated.pages[FILE] = Answer(PDF, headers={"Last-Modified": "Mon, 01 Sep 2025 00:00:00 GMT"})
        unasked.pages[FILE] = Answer(lost, headers={"ETag": '"1"'})
        crawl_site.all(sites)
        new = PDF + b"%%EOF\n"
        moved.pages |= {
            FILE: Answer(status=302, headers={"Location": "/2.pdf"}),
            "/2.pdf": unless_conditional(moved, new),
        }
        other.pages[FILE] = unless_conditional(other, new, {"ETag": '"2"'})
        older = {"Last-Modified": "Fri, 01 Aug 2025 00:00:00 GMT"}
        dated.pages[FILE] = unless_conditional(dated, new, older)
        Originals(crawl_site.archive / "originals").path(hashlib.sha256(lost).hexdigest()).unlink()
        unasked.pages[FILE] = Answer(status=304)
        crawled = crawl_site.all(sites)
    finally:
        for site in sites:
            site.close()
    assert [one.outcomes for one in crawled[:3]] == [["stored", "stored"]] * 3
    assert moved.paths[-4:] == [FILE, "/2.pdf", FILE, "/2.pdf"]
    assert crawled[3].outcomes == ["stored", "refused:unconfirmed-304"]
    assert crawled[3].troubles == [TroubleKind.REFUSED]


def test_redirects_are_followed_within_the_portals_hosts_only(
    site: Site, crawl_site: Crawl
) -> None:
    other = Site()
    try:
        other.pages[FILE] = Answer(PDF)
        site.pages[FILE] = Answer(status=302, headers={"Location": other.url(FILE)})
        crawled = crawl_site(site)
        assert other.log == []
        assert [(one.kind, one.subject) for one in crawled.report.troubles] == [
            (TroubleKind.OFFSITE, other.host)
        ]
        assert list(crawled.report.unseen) == [f"offsite|{other.host}"]
        crawled = crawl_site(site, allowed_hosts=(site.host, other.host))
        assert other.paths == ["/robots.txt", FILE]
        assert crawled.outcomes == ["stored"]
        assert crawled.report.unseen == {}
        assert crawled.observations[0].source.url == site.url(FILE)
        assert crawled.observations[0].final_url == other.url(FILE)
    finally:
        other.close()


def test_a_private_address_is_not_asked_unless_the_portal_says_so(
    site: Site, crawl_site: Crawl
) -> None:
    crawled = crawl_site(site, allow_private=False)
    assert site.log == []
    assert crawled.troubles == [TroubleKind.PRIVATE]


def test_a_file_that_cannot_be_recorded_is_a_failure(site: Site, crawl_site: Crawl) -> None:
    crawl_site.archive.mkdir()
    (crawl_site.archive / "ledger").write_text("in the way", encoding="utf-8")
    crawled = crawl_site(site)
    assert crawled.troubles == [TroubleKind.FAILED]
    assert "could not be recorded" in crawled.report.troubles[0].message


def test_portals_that_share_a_host_are_crawled_one_after_the_other() -> None:
    def portal(slug: str, *hosts: str) -> Portal:
        return Portal(
            slug=slug, name=slug, division="990101", family="trs", entries=(), allowed_hosts=hosts
        )

    found = groups([portal("a", "x"), portal("b", "y"), portal("c", "z"), portal("d", "x", "y")])
    assert sorted(sorted(one.slug for one in group) for group in found) == [["a", "b", "d"], ["c"]]


def test_two_harvests_never_meet_at_a_host_nor_in_a_district(tmp_path: Path) -> None:
    def portal(slug: str, division: str, host: str) -> Portal:
        return Portal(
            slug=slug,
            name=slug,
            division=division,
            family="trs",
            entries=(),
            allowed_hosts=(host,),
        )

    with locked(tmp_path, portal("a", "990101", "www.example.gov.cn")):
        with pytest.raises(LockTaken, match=r"b: host www\.example\.gov\.cn"):
            locked(tmp_path, portal("b", "990102", "www.example.gov.cn")).__enter__()
        with pytest.raises(LockTaken, match="c: district 990101"):
            locked(tmp_path, portal("c", "990101", "www.example.com")).__enter__()
        with locked(tmp_path, portal("d", "990102", "www.example.com")):
            pass


def test_a_crawl_whose_parent_is_gone_stops_in_good_order(site: Site, tmp_path: Path) -> None:
    numbers = itertools.count(2)

    def endless() -> Answer:
        os.close(writing.pop()) if writing else None  # the parent goes while the crawl is on
        body = f'<a href="t20250905_{next(numbers)}.html">预算</a>'
        pager = f'<script>createPageHTML(9999, {len(site.log)}, "index", "html")</script>'
        return Answer(f"{body}{pager}".encode())

    site.pages["/js/"] = endless
    reading, end = os.pipe()
    writing = [end]
    portal = Portal(
        slug="minghu",
        name="明湖区",
        division="990101",
        family="trs",
        entries=(Entry(url=site.url("/js/")),),
        allow_private=True,
        delay=1,
    )
    job = Job("run", str(tmp_path / "archive"), "Mingzhang/0 (+a@example.org)", (portal,))
    os.write(end, msgspec.json.encode(job) + b"\n")
    command = [sys.executable, "-P", "-m", "crawler.crawl"]
    with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        out, _ = process.communicate(timeout=60)
    assert b'"ended":"shutdown"' in out.splitlines()[-1]
    # At most the one request that was waiting its turn went out after that.
    assert site.paths[:2] == ["/robots.txt", "/js/"]
    assert len(site.paths) <= 3
