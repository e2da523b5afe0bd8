"""A month and a run of many documents: one line each, and what moved most, without opening any."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.model import ChangeKind, Kind
from diffing.checks.judgements import Judgement, Verdict
from diffing.site import months, runs
from tests.diffing.archived import identity
from tests.diffing.build import budget
from tests.diffing.test_check_command import budget as contradicting
from tests.diffing.test_execution import account, plan

from .built import OFFICE, OTHER, Site, document_path, placed, text_of

MONTH = "310107/2026-04.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(months, "FEW", 1)
        patch.setattr(runs, "FEW", 1)
        yield filled(tmp_path_factory.mktemp("many"))


def filled(root: Path) -> Site:
    """Two offices over two years, the second year's in one run of April; one revised in it."""
    site = Site(root)
    for name, before, now in ((OFFICE, "60.00", "480.00"), (OTHER, "70.00", "710.00")):
        for year, talent, month in ((2023, before, 3), (2024, now, 4)):
            seen = datetime(2026, month, 10, 8, site.filing.count, tzinfo=UTC)
            what = identity(year, name=name)
            site.filing.commit(placed(budget(talent)), what, run=f"day-{month}", observed=seen)
    site.filing.commit(
        placed(budget("481.00")),
        identity(2024, name=OFFICE),
        ChangeKind.REVISION,
        run="day-4",
        observed=datetime(2026, 4, 11, tzinfo=UTC),
    )
    assert site.build().failed == []
    return site


@pytest.mark.parametrize("path", [MONTH, "digests/run-day-4.html"])
def test_each_document_has_a_line_with_its_total_and_leads_to_its_digest(
    site: Site, path: str
) -> None:
    page = site.page(path)
    (table,) = page.xpath("//h2[.='逐份文件']/following::table[1]")
    rows = {text_of(row.xpath("th")[0]): row for row in table.xpath("tbody/tr")}
    assert len(rows) == 2
    row = next(row for name, row in rows.items() if OFFICE in name)
    assert [text_of(cell) for cell in row.xpath("td")][:3] == ["521.00", "+421.00", "+421.00%"]
    leads = [posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
             for href in row.xpath(".//a/@href")]  # fmt: skip
    where = document_path(identity(2024, name=OFFICE))
    assert leads == [where, where.replace("index", "digest")]


@pytest.mark.parametrize("path", [MONTH, "digests/run-day-4.html"])
def test_what_moved_most_comes_first_and_every_figure_leads_to_its_cell(
    site: Site, path: str
) -> None:
    page = site.page(path)
    replaced, *points = page.xpath("//ol[@class='leading']/li")
    assert text_of(replaced).startswith(f"{OFFICE} 2024 年部门预算公布后有变更，")
    assert text_of(points[0]).startswith(f"{OTHER}｜支出总计：2024 年预算 750.00 万元，比 2023 年")
    assert text_of(points[1]).startswith(f"{OFFICE}｜支出总计：2024 年预算 521.00 万元")
    links = points[0].xpath(".//span[@class='cites']/a/@href")
    printed = []
    for href in links:
        target, _, place = href.partition("#")
        there = site.page(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        printed.append(there.get_element_by_id(place).text.strip())
    assert printed == ["110.00", "750.00"]


@pytest.mark.parametrize("path", [MONTH, "digests/run-day-4.html"])
def test_a_revision_in_it_leads_to_its_before_and_after(site: Site, path: str) -> None:
    page = site.page(path)
    (revised,) = page.xpath("//h2[.='已公布文件的修订']/following-sibling::ul[1]/li")
    (href,) = revised.xpath(".//a/@href")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
    assert "前一版本与现版本比较" in text_of(site.page(there))


@pytest.fixture
def in_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site of which months and runs are told in lines from two documents on."""
    monkeypatch.setattr(months, "FEW", 1)
    monkeypatch.setattr(runs, "FEW", 1)
    return filled(tmp_path)


@pytest.mark.parametrize("path", [MONTH, "digests/run-day-4.html"])
def test_what_was_replaced_and_what_contradicts_itself_has_a_point_until_it_is_explained(
    in_lines: Site, path: str
) -> None:
    site = in_lines
    seen = datetime(2026, 4, 12, tzinfo=UTC)
    told = f"{OTHER} 2023 年部门预算有 1 处重大的数字或表述不一致："
    for year, total, change in ((2022, "90.00", "1.00"), (2023, "100.00", "20.00")):
        site.filing.commit(
            contradicting(year, total, change),
            identity(year, name=OTHER),
            ChangeKind.REVISION if year == 2023 else ChangeKind.FIRST,
            run="day-4",
            observed=seen,
        )
    site.build()

    def points() -> list[str]:
        return [text_of(one) for one in site.page(path).xpath("//ol[@class='leading']/li")]

    before = points()
    (place,) = (n for n, point in enumerate(before) if point.startswith(told))
    moved = [n for n, point in enumerate(before) if "｜" in point]
    assert min(moved) < place
    assert "公布后有变更" in before[0]
    page = site.page(document_path(identity(2023, name=OTHER)))
    (finding,) = page.xpath("//section[@id='findings']//li[@class='material']/@id")
    key = finding.removeprefix("finding-")
    day = date(2026, 4, 13)
    site.judged = {key: Judgement(key, Verdict.EXPLAINED, "口径不同", day)}
    site.build()
    assert [point for point in points() if point.startswith(told)] == []


def test_it_says_that_it_is_made_of_what_is_archived_now(site: Site) -> None:
    assert "按现存版本汇总" in text_of(site.page(MONTH).xpath("//p[@class='standing']")[0])


def test_no_document_is_opened_when_one_of_them_changes_but_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "FEW", 1)
    monkeypatch.setattr(runs, "FEW", 1)
    site = filled(tmp_path)
    before = site.contents()
    site.filing.commit(
        placed(budget("999.00")), identity(2024, name=OTHER), ChangeKind.REVISION, run="later"
    )
    assert site.build().read == 1
    after = site.contents()
    assert "1,039.00" in after[MONTH].decode()
    assert before[MONTH] != after[MONTH]
    site.folder = site.root / "again"
    site.build()
    assert site.contents() == after


@pytest.mark.parametrize("path", [MONTH, "digests/run-day-4.html"])
def test_a_final_account_far_off_its_budget_has_a_point_with_page_and_row_of_both(
    in_lines: Site, path: str
) -> None:
    site = in_lines
    seen = datetime(2026, 4, 12, tzinfo=UTC)
    for kind, made in ((Kind.BUDGET, plan()), (Kind.FINAL, account())):
        what = identity(2022, kind, name=OTHER)
        site.filing.commit(placed(made), what, run="day-4", observed=seen)
    site.build()
    page = site.page(path)
    said = f"{OTHER} 2022 年部门决算｜"
    (point,) = (
        li for li in page.xpath("//ol[@class='leading']/li") if text_of(li).startswith(said)
    )
    assert "年初预算 471.19 万元，完成年初预算的 3,397.85%" in text_of(point)
    cites = point.xpath(".//span[@class='cites']/a")
    assert [text_of(a) for a in cites] == ["2022 年预算第 3 页第 4 行", "2022 年决算第 3 页第 4 行"]
    printed = []
    for a in cites:
        target, _, place = a.get("href").partition("#")
        there = site.page(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        printed.append(there.get_element_by_id(place).text.strip())
    assert printed == ["471.19", "16,010.35"]
    (row,) = page.xpath(f"//tbody/tr[th='{OTHER} 2022 年部门决算']")
    assert [text_of(a) for a in row.xpath(".//a")] == ["文件", "摘要"]
