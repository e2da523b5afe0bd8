"""A digest as a browser shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from archive.model import Remark
from diffing.digest import between, of_versions
from diffing.render import write
from tests.chromium import PHONE, needs_chromium

from .archived import Filing, identity, known
from .build import budget, item, statement, version
from .papers import paper
from .test_crops import SIGNED
from .test_render import hostile_versions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium("digest-chromium")


def long_and_wide() -> tuple:
    """Two years with everything a page may have to show, in names without a place to break."""
    long = "W" * 120
    old = budget("600.00")
    new = budget("12345678.90", "15.00", "25.00")
    extra = statement(item(long, "1.00", code="2069999"), form="budget.fund", title=long)
    new = structs.replace(
        new,
        statements=(*new.statements, extra),
        remarks=(Remark("page-image", "", 7), Remark("column-unknown", long, 8)),
    )
    return version(old, year=2023), version(new)


def shown(browser: Browser, path: Path, scheme: str) -> tuple[Page, list[str]]:
    """The page on a phone, and everything it complained of or asked for."""
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("dialog", lambda dialog: noise.append(f"dialog: {dialog.message}"))
    page.on(
        "request",
        lambda request: None if request.url == path.as_uri() else noise.append(request.url),
    )
    page.goto(path.as_uri())
    return page, noise


@pytest.mark.parametrize(
    ("lang", "scheme"),
    [
        ("zh", "light"),
        ("en", "dark"),
        pytest.param("zh", "dark", marks=pytest.mark.full),
        pytest.param("en", "light", marks=pytest.mark.full),
    ],
)
def test_a_digest_opens_on_a_phone_without_asking_anybody_for_anything(
    browser: Browser, tmp_path: Path, lang: str, scheme: str
) -> None:
    (path,) = write(of_versions(*long_and_wide()), tmp_path, lang, ["html"])

    page, noise = shown(browser, path, scheme)

    assert noise == []
    headings = page.locator("h1, h2, h3").all_inner_texts()
    first, last = {"zh": ("要点", "出处"), "en": ("In short", "Sources")}[lang]
    assert headings[1] == first
    assert headings[-1] == last
    for fold in page.locator("details").all():
        fold.evaluate("fold => fold.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    paper, ink = (
        page.evaluate(f"getComputedStyle(document.body).{name}")
        for name in ("backgroundColor", "color")
    )
    assert (sum(rgb(paper)) > sum(rgb(ink))) is (scheme == "light")
    cite = page.locator("ol.leading .cites a").first
    assert page.locator(cite.get_attribute("href") or "").count() == 1
    page.close()


def rgb(color: str) -> list[int]:
    return [int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(",")]


def test_hostile_names_do_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    name = '<img src=x onerror=alert(1)><script>alert(1)</script>"onmouseover="alert(1)'
    (path,) = write(of_versions(*hostile_versions(name, year=2023)), tmp_path, "zh", ["html"])

    page, noise = shown(browser, path, "light")
    page.locator("h1").hover()

    assert noise == []
    assert name in page.locator("h1").inner_text()
    assert page.locator("img, script").count() == 0
    page.close()


def test_a_quoted_row_is_shown_from_the_original_and_its_citation_is_at_hand(
    browser: Browser, tmp_path: Path
) -> None:
    filing = Filing(tmp_path / "archive")
    for year, talent in ((2023, "833.39"), (2024, "1,933.39")):
        rows = (
            ("合计", "", talent, talent, "0.00"),
            ("206", "科学技术支出", talent, talent, "0.00"),
        )
        filing.publish(paper(SIGNED, rows=rows), identity(year))
    digest = between(filing.archive, known(), identity(2024), 2023)
    (path,) = write(digest, tmp_path / "digests", "zh", ["html"], filing.archive)

    page = browser.new_page(viewport=PHONE)
    asked: list[str] = []
    noise: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: noise.append(message.text))
    page.goto(path.as_uri())
    for proof in page.locator("details.proof").all():
        proof.evaluate("proof => proof.open = true")
    pictures = page.locator(".crop img")
    assert pictures.count() > 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("image => image.decode()")
        assert picture.evaluate("image => image.naturalWidth") > 500
        assert "原件截图" in (picture.get_attribute("alt") or "")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    folder = path.parent.as_uri()
    assert all(url.startswith(folder) for url in asked)
    assert noise == []
    cited = page.locator("ol.leading code.citation").first.inner_text()
    assert "[EB/OL]" in cited
    assert "http://czj.example.gov.cn/ys.pdf" in cited
    place = page.locator("ol.leading .cites a").first.get_attribute("href")
    assert place == "http://czj.example.gov.cn/ys.pdf#page=1"
    page.close()
