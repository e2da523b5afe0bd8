"""What a document's page says of last year: every change, at its row, as printed then."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from archive.model import Unit
from diffing.changes import Change
from diffing.compare import Comparison, compare
from diffing.finding import newest
from tests.diffing.archived import identity
from tests.diffing.build import budget

from .built import OFFICE, Site, document_path, placed, text_of

THIS, LAST = identity(2024, name=OFFICE), identity(2023, name=OFFICE)
BESIDE = "//table[@class='figures']//td/small"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Two years of one office: a project more, a project less, and all but one sum moved."""
    site = Site(tmp_path)
    site.filing.commit(placed(budget("60.00", "7.00", vehicles="1.00")), LAST)
    site.filing.commit(placed(budget("80.00", None, vehicles="2.00")), THIS)
    site.build()
    return site


def compared(site: Site) -> Comparison:
    """The two years as the digest compares them."""
    archive = site.filing.archive
    return compare(newest(archive, site.register, LAST), newest(archive, site.register, THIS))


def differing(site: Site) -> Iterator[tuple[Change, str, str]]:
    """(change, measure, last year's figure as printed) of every figure that differs."""
    for change in compared(site).changes:
        for cell in change.cells:
            if cell.old is not None:
                yield change, cell.measure, cell.old.text


def led_to(site: Site, href: str) -> html.HtmlElement:
    """What a link on this year's page leads to."""
    path, _, place = href.partition("#")
    folder = posixpath.dirname(document_path(THIS))
    return site.page(posixpath.normpath(posixpath.join(folder, path))).get_element_by_id(place)


def test_every_change_of_two_years_stands_at_its_row_as_it_was_printed(site: Site) -> None:
    page = site.page(document_path(THIS))
    seen = 0
    for change, _, printed in differing(site):
        if change.new_at is None:
            continue
        (row,) = page.xpath(f"//tr[@id='p{change.new_at.page}r{change.new_at.row}']")
        assert f"2023: {printed}" in [text_of(one) for one in row.xpath("td/small")]
        seen += 1
    assert seen == len(page.xpath(BESIDE))
    assert seen > 10


def test_a_row_leads_to_its_row_of_last_year_which_prints_the_figure(site: Site) -> None:
    page = site.page(document_path(THIS))
    for change, _, printed in differing(site):
        if change.new_at is None:
            continue
        (row,) = page.xpath(f"//tr[@id='p{change.new_at.page}r{change.new_at.row}']")
        (href,) = row.xpath("th/small/a/@href")
        there = led_to(site, href)
        assert printed in [text_of(cell).split(" 2022:")[0] for cell in there.xpath("td")]


def test_a_row_that_is_no_more_is_told_under_its_table_with_its_figure_and_place(
    site: Site,
) -> None:
    (gone,) = site.page(document_path(THIS)).xpath("//details[@class='gone']//li")
    assert text_of(gone).startswith("党建 合计 7.00")
    assert text_of(led_to(site, gone.xpath("a/@href")[0]).xpath("th")[0]) == "党建"


def test_a_figure_that_is_the_same_has_none_beside_it(site: Site) -> None:
    page = site.page(document_path(THIS))
    rows = page.xpath("//tr[td[starts-with(text(), '40.00')]]/td[starts-with(text(), '40.00')]")
    assert rows
    assert all(cell.xpath("small") == [] for cell in rows)


def test_last_years_figures_keep_their_unit_where_this_year_has_another(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.filing.commit(placed(budget("600000.00", basic="400000.00", unit=Unit.YUAN)), LAST)
    site.filing.commit(placed(budget("80.00")), THIS)
    site.build()
    beside = [text_of(one) for one in site.page(document_path(THIS)).xpath(BESIDE)]
    assert "2023: 600000.00 元" in beside
    assert all(one.endswith("元") for one in beside)


def test_without_last_years_document_nothing_stands_beside(site: Site) -> None:
    page = site.page(document_path(LAST))
    assert page.xpath(BESIDE) == page.xpath("//details[@class='gone']") == []


def test_the_digest_counts_what_it_does_not_list_and_leads_to_where_it_stands(site: Site) -> None:
    path = document_path(THIS).replace("index", "digest")
    page = site.page(path)
    (counted,) = page.xpath("//h2[.='全部变动']/following-sibling::ul[1]/li")
    assert f"共 {len(compared(site).changes)} 处" in text_of(counted)
    assert counted.xpath(".//a/@href") == ["index.html"]
    assert page.xpath("//details[starts-with(summary, '部门收支总表')]") == []


def test_rows_of_a_digest_share_the_citation_of_their_document(site: Site) -> None:
    page = site.page(document_path(THIS).replace("index", "digest"))
    assert page.xpath("//table//code[@class='citation']") == []
    for source in page.xpath("//ol[@class='sources']/li"):
        assert "sha256:" in text_of(source.xpath(".//code[@class='citation']")[0])
    for point in page.xpath("//ol[@class='leading']/li"):
        assert "第 " in text_of(point.xpath(".//code[@class='citation']")[0])
