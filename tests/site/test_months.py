"""A district's digests month by month, on the site."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.model import ChangeKind, Identity, Kind
from diffing.checks.judgements import Judgement, Verdict
from diffing.digest import Span, of_span, parse_span
from diffing.digest.absent import Absence, Expected
from diffing.render import in_format
from diffing.site import months
from tests.diffing.archived import identity
from tests.diffing.build import budget

from .built import OFFICE, OTHER, Site, final, placed, text_of

MARCH, APRIL, MAY = "310107/2026-03.html", "310107/2026-04.html", "310107/2026-05.html"


def filled(root: Path) -> Site:
    """Two budgets in March, a revision in April, a final account in May, read anew in June."""
    site = Site(root)
    commit(site, budget("60.00"), identity(2023, name=OFFICE), 3)
    commit(site, budget("80.00", "5.00"), identity(2024, name=OFFICE), 3)
    commit(site, budget("90.00", "5.00"), identity(2024, name=OFFICE), 4, ChangeKind.REVISION)
    commit(site, final(), identity(2024, Kind.FINAL, name=OFFICE), 5)
    return site


def commit(
    site: Site, document: object, what: Identity, month: int, kind: ChangeKind = ChangeKind.FIRST
) -> None:
    observed = datetime(2026, month, 10, 8, site.filing.count, tzinfo=UTC)
    site.filing.commit(placed(document), what, kind, observed=observed)  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    found = filled(tmp_path)
    assert found.build().failed == []
    return found


def test_every_month_in_which_anything_happened_has_a_page_and_no_other(site: Site) -> None:
    pages = sorted(path.name for path in (site.folder / "310107").glob("2026-*.html"))
    assert pages == ["2026-03.html", "2026-04.html", "2026-05.html"]
    links = site.page("310107/index.html").xpath("//section[@id='months']/ul/li/a")
    assert [(text_of(a), a.get("href")) for a in links] == [
        ("2026-05", "2026-05.html"),
        ("2026-04", "2026-04.html"),
        ("2026-03", "2026-03.html"),
    ]
    assert "文件 1 份，修订 1 次" in text_of(links[1].getparent())
    assert "科技人才" in text_of(links[1].getparent())


def test_a_month_begins_at_midnight_in_china(tmp_path: Path) -> None:
    site = Site(tmp_path)
    seen = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)
    site.filing.commit(placed(budget("60.00")), identity(2024, name=OFFICE), observed=seen)
    site.build()
    pages = [path.name for path in (site.folder / "310107").glob("2026-*.html")]
    assert pages == ["2026-04.html"]
    assert "最近一次收录 2026-04-01" in text_of(site.page("index.html"))


def test_a_month_says_what_the_command_says(site: Site) -> None:
    for path in (MARCH, APRIL, MAY):
        span = parse_span(path[7:14])
        digest = of_span(site.filing.archive, site.register, "310107", span)
        page = site.page(path)
        told = said(text_of(page.xpath("//*[@id='content']")[0]))
        for line in in_format(digest, "zh", "md").splitlines():
            if line.startswith(("# ", "## ", "### ")):
                assert said(line.lstrip("# ")) in told, (path, line)
        figures = re.findall(r"[\d,]+\.\d\d(?= ?万元)", in_format(digest, "zh", "html"))
        assert figures == re.findall(r"[\d,]+\.\d\d(?= ?万元)", (site.folder / path).read_text())
        assert figures


def said(text: str) -> str:
    return "".join(text.split())


def test_figures_of_a_month_lead_to_their_cells_on_the_site(site: Site) -> None:
    page = site.page(APRIL)
    (row,) = [tr for tr in page.xpath("//tr") if "支出总计" in text_of(tr)][:1]
    places = [a.get("href") for a in page.xpath("//a[contains(@href, '#p')]")]
    assert places
    for href in places:
        target, _, fragment = href.partition("#")
        where = "310107/" + target
        assert site.page(where).xpath(f"//*[@id='{fragment}']"), href
    assert "135.00 万元" in text_of(row)


def test_only_the_months_touched_are_made_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    true = months._Making._made

    def counted(self: months._Making) -> object:
        made.append(self.month)
        return true(self)

    monkeypatch.setattr(months._Making, "_made", counted)
    assert (site.build().written, made) == (0, [])
    # another agency's document, in May: nothing that is told of March or April
    commit(site, budget("70.00"), identity(2024, name=OTHER), 5)
    site.build()
    assert made == ["2026-05"]
    made.clear()
    # last year's budget is replaced in June: what March said of it stands
    commit(site, budget("61.00"), identity(2023, name=OFFICE), 6, ChangeKind.REVISION)
    site.build()
    assert made == ["2026-06"]
    again = Site(site.root / "again")
    again.filing, again.folder = site.filing, site.root / "anew"
    again.build()
    assert again.contents() == site.contents()


def test_a_reading_anew_makes_no_month_and_corrects_its_own(site: Site) -> None:
    site.filing.count -= 2  # of the bytes that were seen in April
    commit(site, budget("95.00", "5.00"), identity(2024, name=OFFICE), 6, ChangeKind.RE_EXTRACTION)
    site.build()
    assert not (site.folder / "310107/2026-06.html").exists()
    april = text_of(site.page(APRIL).xpath("//main")[0])
    (path,) = (site.folder / "310107").rglob("changes-*.html")
    changes = text_of(site.page(path.relative_to(site.folder).as_posix()).xpath("//main")[0])
    for page in (april, changes):
        assert "140.00" in page
        assert "135.00" not in page


def test_who_did_not_publish_is_judged_anew_without_opening_anything(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl changes what can be said of who is late, and nothing else of a month."""
    before = site.page(MARCH)
    assert "份：不知道截止日" in text_of(before)

    def opened(*_: object) -> object:
        raise AssertionError("a document was opened")

    monkeypatch.setattr(months._Making, "_made", opened)
    fresh = Expected.absence

    def another(self: Expected, span: Span, gone: Collection[str]) -> Absence:
        found = fresh(self, span, gone)
        return Absence(found.found, (), found.looked_at)

    monkeypatch.setattr(Expected, "absence", another)
    site.build()
    after = site.page(MARCH)
    assert "份：不知道截止日" not in text_of(after)
    heads = [[text_of(h) for h in page.xpath("//h2")] for page in (before, after)]
    assert heads[0] == heads[1]
    assert "未见公开、逾期与撤回" in heads[1]


def test_an_agency_lists_the_digests_that_speak_of_it(site: Site) -> None:
    agency = identity(2024, name=OFFICE).agency
    links = site.page(f"310107/{agency}/index.html").xpath("//section[@id='mentions']//a")
    found = [a.get("href") for a in links]
    assert found[:3] == ["../2026-05.html", "../2026-04.html", "../2026-03.html"]
    assert found[3:] == [f"../../digests/run-run-{n}.html" for n in (4, 3, 2, 1)]


def test_a_finding_judged_wrong_is_shown_as_corrected_in_its_month(tmp_path: Path) -> None:
    from .test_corrected import Press

    press = Press(tmp_path)
    from tests.diffing.test_check_command import budget as contradicting
    from tests.diffing.test_corrections import WRONG

    press.run("r1", contradicting(2024, *WRONG))
    before = press.page(MARCH)
    press.judge(press.key(), Verdict.WRONG, "口径不同。")
    after = press.page(MARCH)
    assert "更正" not in before
    assert "80万元" in before
    assert "现撤回，原因：经核对，该指出有误：口径不同" in after
    assert "规则 D01，所据内容直接取自文字层" not in after


def test_an_english_month_is_in_english(tmp_path: Path) -> None:
    site = filled(tmp_path)
    site.settings = type(site.settings)(lang="en")
    site.judged = {"none": Judgement("none", Verdict.WRONG, "", date(2026, 1, 1))}
    site.build()
    assert "what was collected from 2026-04-01 to 2026-04-30" in text_of(site.page(APRIL))
    links = site.page("310107/index.html").xpath("//section[@id='months']//h2")
    assert [text_of(one) for one in links] == ["Month by month"]
