"""The site as a browser shows it, from files and from `mingzhang serve`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from archive.model import Kind
from diffing.site.serving import server
from tests.chromium import PHONE, needs_chromium
from tests.diffing.archived import identity

from . import axe
from .built import OFFICE, Site, document_path
from .test_hostile import HOSTILE, hostile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 900}

pytestmark = needs_chromium("site-chromium")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    found = Site(tmp_path_factory.mktemp("site")).fill()
    found.settings = structs.replace(found.settings, contact="errors@example.org")
    found.build()
    return found


@pytest.fixture(scope="module")
def served(site: Site) -> Iterator[str]:
    with server(site.folder, 0) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{found.server_address[1]}/"
        found.shutdown()
        thread.join()


@pytest.fixture(params=["file", "serve"])
def root(request: pytest.FixtureRequest, site: Site) -> str:
    """Where the site begins, either way it can be read."""
    if request.param == "file":
        return f"{site.folder.as_uri()}/"
    return str(request.getfixturevalue("served"))


class Visit:
    """A page that is open, and everything it complained of or asked anybody else for."""

    def __init__(self, browser: Browser, root: str, size: dict[str, int], scheme: str) -> None:
        self.root = root
        self.noise: list[str] = []
        self.page: Page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        self.page.on("console", lambda message: self.noise.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.noise.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def _failed(self, url: str, why: str | None) -> None:
        # what a browser gives up because it has been sent to the next page is not missing
        if why != "net::ERR_ABORTED":
            self.noise.append(f"failed: {url} {why}")

    def _asked(self, url: str) -> None:
        if not url.startswith(self.root):
            self.noise.append(url)

    def open(self, path: str) -> Page:
        self.page.goto(self.root + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Visit]:
    found = Visit(browser, root, DESKTOP, "light")
    yield found
    found.page.close()


def test_a_reader_walks_from_the_front_page_to_a_figure_and_back(visit: Visit) -> None:
    page = visit.open("index.html")
    page.get_by_role("link", name="上海市普陀区").first.click()
    page.get_by_role("link", name=OFFICE).first.click()
    assert page.locator("h1").inner_text() == OFFICE
    assert page.locator("figure.chart svg").count() == 3
    page.locator("summary", has_text="数字表").first.click()
    page.locator("figure.chart a.figure", has_text="135.00").first.click()
    assert page.url.endswith("#p3r5c2")
    assert page.locator("td:target").inner_text().split() == ["135.00", "2023:", "100.00"]
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name=OFFICE).click()
    assert page.locator("h1").inner_text() == OFFICE
    assert visit.noise == []


def test_the_search_finds_a_line_item_and_leads_to_its_place(visit: Visit) -> None:
    page = visit.open("search.html")
    page.fill("#q", "万里街道 人才工作")
    result = page.locator("#results li", has_text="2024 预算")
    result.wait_for()
    assert "90.00 万元" in result.inner_text()
    assert "项目支出表" in result.inner_text()
    result.get_by_role("link").click()
    page.wait_for_url("**/index.html#p5r2c2")
    assert page.locator("td:target").inner_text().split() == ["90.00", "2023:", "60.00"]
    assert visit.noise == []


def test_a_search_is_an_address_and_narrows_by_kind_and_code(visit: Visit) -> None:
    page = visit.open("search.html#q=206&kind=final")
    page.locator("#results li").first.wait_for()
    texts = page.locator("#results li").all_inner_texts()
    assert len(texts) == 1
    assert "科学技术支出" in texts[0]
    assert "2024 决算" in texts[0]
    page.fill("#q", "没有这样的项目")
    page.locator("#status", has_text="没有找到").wait_for()
    assert page.locator("#results li").count() == 0
    assert visit.noise == []


def every_kind_of_page(site: Site) -> list[str]:
    what = identity(2024, name=OFFICE)
    folder = document_path(what).removesuffix("index.html")
    final = document_path(identity(2024, Kind.FINAL, name=OFFICE))
    changes = next(p.name for p in (site.folder / folder).glob("changes-*.html"))
    return [
        "index.html",
        "about.html",
        "rules.html",
        "search.html",
        "digests/index.html",
        "digests/run-run-3.html",
        "310107/index.html",
        "310107/coverage.html",
        "310107/2026-03.html",
        f"310107/{what.agency}/index.html",
        f"310107/{what.agency}/2024/index.html",
        document_path(what),
        final,
        f"{folder}digest.html",
        f"{folder}{changes}",
        "peers/street-office.html",
    ]


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("light", PHONE, id="light-phone"),
        pytest.param("dark", DESKTOP, id="dark-desktop"),
        pytest.param("dark", PHONE, id="dark-phone", marks=pytest.mark.full),
        pytest.param("light", DESKTOP, id="light-desktop", marks=pytest.mark.full),
    ],
)
def test_no_page_is_wider_than_the_screen_or_says_anything_to_the_console(
    browser: Browser, site: Site, size: dict[str, int], scheme: str
) -> None:
    visit = Visit(browser, f"{site.folder.as_uri()}/", size, scheme)
    for path in every_kind_of_page(site):
        page = visit.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        paper, ink = (
            page.evaluate(f"getComputedStyle(document.body).{name}")
            for name in ("backgroundColor", "color")
        )
        assert (brightness(paper) > brightness(ink)) is (scheme == "light"), path
    assert visit.noise == []
    visit.page.close()


def brightness(color: str) -> int:
    return sum(int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(","))


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = axe.fetched(tmp_path_factory.mktemp("axe"))
    if found is None:
        pytest.skip("axe-core is not to be had: npm or its registry cannot be reached")
    return found


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def serious(visit: Visit, checker: str, path: str, rules: list[str]) -> list[tuple[Any, ...]]:
    """What axe finds on a page, of those it calls serious or critical."""
    page = visit.open(path)
    if path == "search.html":
        page.fill("#q", "人才工作")
        page.locator("#results li").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.evaluate(checker)
    report = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", rules)
    assert report["passes"], path
    return [
        (path, violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", RULES), ("dark", ["color-contrast"])], ids=["light", "dark"]
)
def test_axe_finds_nothing_serious_on_the_pages_read_most(
    browser: Browser, site: Site, checker: str, scheme: str, rules: list[str]
) -> None:
    visit = Visit(browser, f"{site.folder.as_uri()}/", PHONE, scheme)
    folder = document_path(identity(2024, name=OFFICE)).removesuffix("index.html")
    final = document_path(identity(2024, Kind.FINAL, name=OFFICE))
    for path in ("search.html", final, f"{folder}digest.html"):
        assert serious(visit, checker, path, rules) == []
    visit.page.close()


@pytest.mark.full
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_kind_of_page(
    browser: Browser, site: Site, checker: str, scheme: str, size: dict[str, int]
) -> None:
    visit = Visit(browser, f"{site.folder.as_uri()}/", size, scheme)
    found = [one for p in every_kind_of_page(site) for one in serious(visit, checker, p, RULES)]
    assert found == []
    visit.page.close()


@pytest.mark.parametrize("name", HOSTILE[:1])
def test_hostile_names_do_nothing_in_a_browser(browser: Browser, tmp_path: Path, name: str) -> None:
    site = Site(tmp_path)
    path = hostile(site, name)
    visit = Visit(browser, f"{site.folder.as_uri()}/", DESKTOP, "light")
    page = visit.open(path)
    assert name in page.locator("table.figures tbody th").first.inner_text()
    page = visit.open("search.html")
    page.fill("#q", "alert")
    result = page.locator("#results li").first
    result.wait_for()
    assert "<script>alert(1)</script>" in result.inner_text()
    assert page.locator("#results img, #results script").count() == 0
    assert visit.noise == []
    visit.page.close()
