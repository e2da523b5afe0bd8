"""Stand-alone digests held against WCAG by axe-core, in a browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archive.model import ChangeKind, Kind
from diffing.digest import Digest, Span, build, of_document, of_span, of_versions
from diffing.finding import newest, of_entry
from diffing.render import write
from diffing.review import Review
from tests.chromium import PHONE, needs_chromium
from tests.site import axe

from .archived import Filing, identity, known
from .papers import paper
from .test_check_command import budget as contradicting
from .test_crops import SIGNED
from .test_periods import outcome

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium("accessible")

DESKTOP = {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = axe.fetched(tmp_path_factory.mktemp("axe"))
    if found is None:
        pytest.skip("axe-core is not to be had: npm or its registry cannot be reached")
    return found


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory) -> Filing:
    """Two years with a picture of every row, a replaced file, a final account, a contradiction."""
    found = Filing(tmp_path_factory.mktemp("digests") / "archive")
    for year, talent, kind in (
        (2023, "833.39", ChangeKind.FIRST),
        (2024, "1,933.39", ChangeKind.FIRST),
        (2024, "1,993.39", ChangeKind.REVISION),
    ):
        rows = (
            ("合计", "", talent, talent, "0.00"),
            ("206", "科学技术支出", talent, talent, "0.00"),
        )
        found.publish(paper(SIGNED, rows=rows), identity(year), kind)
    found.commit(outcome("350.00"), identity(2024, Kind.FINAL))
    other = "上海市普陀区教育局"
    found.commit(contradicting(2023, "90.00", "1.00"), identity(2023, name=other))
    found.commit(contradicting(2024, "100.00", "20.00"), identity(2024, name=other))
    return found


def digest(filing: Filing, kind: str) -> Digest:
    archive, register = filing.archive, known()
    review = Review(archive, register, archive.root / "told", {})
    history = archive.repository("310107").history()
    if kind == "run":
        commits = [("310107", entry.commit) for entry in history]
        return build(archive, register, commits, run="r1", review=review)
    if kind == "period":
        return of_span(archive, register, "310107", SPAN, review=review)
    if kind == "document":
        return of_document(archive, register, identity(2024), review=review)
    first = [e for e in history if e.document_id == identity(2024).document_id][-1]
    old = of_entry(archive.repository("310107"), register, first)
    return of_versions(old, newest(archive, register, identity(2024)), review=review)


@pytest.fixture(scope="module")
def pages(filing: Filing, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Gives the page of a digest in a language, written once."""
    folder, made = tmp_path_factory.mktemp("pages"), dict[tuple[str, str], Path]()

    def page(kind: str, lang: str) -> Path:
        if (kind, lang) not in made:
            found = digest(filing, kind)
            (path,) = write(found, folder / kind / lang, lang, ["html"], filing.archive)
            made[kind, lang] = path
        return made[kind, lang]

    return page


def serious(
    browser: Browser, checker: str, path: Path, size: dict[str, int], scheme: str
) -> list[tuple[Any, ...]]:
    """What axe finds on a digest, everything unfolded, of what it calls serious or critical."""
    page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.evaluate(checker)
    report = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    page.close()
    assert report["passes"]
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("kind", "lang", "scheme"), [("period", "zh", "light"), ("revision", "en", "dark")]
)
def test_axe_finds_nothing_serious_on_a_digest(
    browser: Browser, checker: str, pages: Any, kind: str, lang: str, scheme: str
) -> None:
    path = pages(kind, lang)
    text = path.read_text("utf-8")
    assert "<img" in text, "it has pictures of rows"
    assert serious(browser, checker, path, PHONE, scheme) == []


@pytest.mark.full
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_serious_on_any_kind_of_digest(
    browser: Browser, checker: str, pages: Any, lang: str, scheme: str, size: dict[str, int]
) -> None:
    found = {
        kind: serious(browser, checker, pages(kind, lang), size, scheme)
        for kind in ("run", "period", "document", "revision")
    }
    assert found == {kind: [] for kind in found}
