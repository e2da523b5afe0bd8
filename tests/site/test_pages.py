"""What stands on the pages, held against what the archive has."""

from __future__ import annotations

import posixpath
from collections import Counter
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from archive import register
from archive.model import Identity, Kind, Level, Mark
from diffing.site.matrix import Cell, _apart, _reasons
from diffing.site.peers import kind_name
from diffing.site.rendering import shown
from diffing.site.words import words
from tests.diffing.archived import identity

from .built import OFFICE, OTHER, Site, budget, document_path, placed, text_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    found = Site(tmp_path_factory.mktemp("site")).fill()
    assert found.build().failed == []
    return found


def this_year(cell: html.HtmlElement) -> html.HtmlElement:
    """A cell without last year's figure beside its own."""
    found = deepcopy(cell)
    for beside in found.xpath("small"):
        found.remove(beside)
    return found


def test_every_figure_on_a_document_page_is_the_stored_one_at_its_own_address(site: Site) -> None:
    seen = 0
    repository = site.filing.archive.repository("310107")
    for what in repository.documents():
        page = site.page(document_path(what))
        for statement in repository.read(what).statements:
            for item in statement.items:
                for amount in item.amounts.values():
                    assert amount.at is not None
                    at = amount.at
                    (cell,) = page.xpath(f"//td[@id='p{at.page}r{at.row}c{at.column}']")
                    printed = text_of(this_year(cell))
                    for mark in cell.xpath(".//abbr"):
                        printed = printed.removesuffix(text_of(mark)).strip()
                    blank = amount.mark is Mark.BLANK
                    assert printed == ("空" if blank else shown(amount.text))
                    seen += 1
    assert seen == 70


def test_a_blank_a_dash_and_a_zero_are_shown_as_three_things(site: Site) -> None:
    page = site.page(document_path(identity(2024, Kind.FINAL, name=OFFICE)))
    row = page.xpath("//tr[th[starts-with(., '科学技术支出')]]")[0]
    assert [text_of(cell) for cell in row.xpath("td[@id]")] == ["95.00识", "空识", "-识"]


def test_what_was_recognised_from_an_image_says_so_beside_every_figure(site: Site) -> None:
    page = site.page(document_path(identity(2024, Kind.FINAL, name=OFFICE)))
    assert "请核对原件" in text_of(page.xpath("//p[@class='note']")[0])
    cells = page.xpath("//table[@class='figures']//td[@id]")
    assert cells
    assert all(cell.xpath(".//abbr[@class='sure']") for cell in cells)
    plain = site.page(document_path(identity(2024, name=OFFICE)))
    assert plain.xpath("//abbr[@class='sure']") == []


def test_every_link_leads_to_a_page_and_a_place_that_is_there(site: Site) -> None:
    pages = site.pages()
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    dead = []
    for path, page in pages.items():
        for href in page.xpath("//a/@href | //link/@href | //script/@src"):
            if urlsplit(href).scheme:
                continue
            target, _, fragment = href.partition("#")
            where = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
            where = where if target else path
            if not (site.folder / where).is_file() or (fragment and fragment not in ids[where]):
                dead.append((path, href))
    assert dead == []


def test_no_two_places_of_a_page_share_an_id(site: Site) -> None:
    for path, page in site.pages().items():
        twice = [id_ for id_, count in Counter(page.xpath("//@id")).items() if count > 1]
        assert twice == [], path


def test_a_page_asks_nobody_for_anything_and_holds_no_script_of_its_own(site: Site) -> None:
    for path, page in site.pages().items():
        assert page.xpath("//@style | //style | //*[starts-with(name(@*), 'on')]") == [], path
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "default-src 'none'" in policy
        assert ("script-src 'none'" in policy) is (path != "search.html")
        for src in page.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src"):
            assert not urlsplit(src).netloc


def test_an_agency_shows_its_years_with_printed_totals_and_links_to_their_places(
    site: Site,
) -> None:
    what = identity(2024, name=OFFICE)
    page = site.page(f"310107/{what.agency}/index.html")
    table = page.xpath("//figure[.//strong='支出总计']//table")[0]
    rows = [[text_of(cell) for cell in row.xpath("th|td")] for row in table.xpath(".//tr")]
    assert rows == [
        ["年度", "预算 支出总计", "决算 支出总计", "预算 收入总计", "决算 收入总计"],
        ["2024", "135.00", "95.00识", "135.00", "95.00识"],
        ["2023", "100.00", "—", "100.00", "—"],
    ]
    (href,) = table.xpath(".//a[.='135.00']/@href")[:1]
    assert href == "2024-budget-department/index.html#p3r5c2"


def test_charts_are_drawings_that_can_be_read_without_a_script(site: Site) -> None:
    what = identity(2024, name=OFFICE)
    page = site.page(f"310107/{what.agency}/index.html")
    (figure,) = page.xpath("//figure[.//strong='支出总计']")
    (drawing,) = figure.xpath(".//svg")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "支出总计"
    texts = [text_of(text) for text in drawing.xpath(".//text")]
    assert {"2023", "2024", "100.00", "135.00", "95.00"} <= set(texts)
    assert drawing.xpath(".//style | .//script | .//comment()") == []
    assert figure.xpath(".//table")


def test_a_revision_is_shown_with_both_versions_and_what_it_changed(site: Site) -> None:
    what = identity(2024, name=OFFICE)
    page = site.page(document_path(what))
    hrefs = page.xpath("//section[@id='versions']//a/@href")
    assert len(hrefs) == 2
    changes, earlier = sorted(hrefs)
    folder = posixpath.dirname(document_path(what))
    told = text_of(site.page(f"{folder}/{changes}").xpath("//main")[0])
    assert "125.00" in told
    assert "135.00" in told
    old = site.page(f"{folder}/{earlier}")
    assert "已被取代" in text_of(old.xpath("//p[@class='note']")[0])
    assert [text_of(c) for c in old.xpath("//td[@id='p3r5c2']")] == ["125.00"]


def test_last_year_is_compared_with_and_every_difference_is_called_derived(site: Site) -> None:
    what = identity(2024, name=OFFICE)
    page = site.page(document_path(what))
    section = page.xpath("//section[@id='yearly']")[0]
    assert "据公开数据计算" in text_of(section)
    row = section.xpath(".//tr[td[starts-with(., '支出总计')]]")[0]
    assert [text_of(cell) for cell in row.xpath("td")][1:] == [
        "100.00",
        "135.00",
        "+35.00",
        "+35.00%",
    ]


def test_an_item_one_year_does_not_list_has_no_rate(site: Site) -> None:
    page = site.page(document_path(identity(2024, name=OFFICE)))
    row = page.xpath("//section[@id='yearly']//tr[td[starts-with(., '党建')]]")[0]
    assert [text_of(cell) for cell in row.xpath("td")][1:] == ["未列", "5.00", "+5.00", "—"]


def test_peers_stand_side_by_side_by_their_own_figures(site: Site) -> None:
    page = site.page("peers/street-office.html")
    rows = page.xpath("//section[h2='部门预算：支出总计']//tbody/tr")
    assert [[text_of(cell) for cell in row.xpath("th|td")] for row in rows] == [
        ["上海市普陀区人民政府万里街道办事处", "135.00", "100.00"],
        [OTHER, "110.00", "—"],
    ]
    assert "不构成排名" in text_of(page.xpath("//main")[0])


def test_peers_of_several_districts_stand_with_their_districts(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for division in ("420106", "420107"):
        what = Identity(division, f"{division}.001", Level.DEPARTMENT, 2024, Kind.BUDGET)
        site.filing.commit(placed(budget()), what)
    site.build()
    heads = site.page("peers/science-and-talent.html").xpath("//tbody/tr/th")
    assert [text_of(head) for head in heads[:2]] == [
        "武昌区科技创新和人才服务中心武汉市武昌区",
        "武汉市青山区人才服务中心武汉市青山区",
    ]


def test_what_is_not_archived_is_not_known_and_never_called_unpublished(site: Site) -> None:
    page = site.page("310107/coverage.html")
    cells = page.xpath("//table[@class='matrix']//td")
    said = Counter(next(cell.itertext(), "") for cell in cells)
    assert set(said) == {"已公开", "有修订", "不详"}
    assert said["有修订"] == 1
    assert "未公开" not in "".join(page.xpath("//table//text()"))


def test_the_front_page_tells_the_newest_run_first(site: Site) -> None:
    page = site.page("index.html")
    titles = [text_of(title) for title in page.xpath("//article/h3")]
    assert len(titles) == 5
    days = [text_of(p)[:10] for p in page.xpath("//article/p[@class='standing']")]
    assert days == sorted(days, reverse=True)
    revised = page.xpath("//article[.//li]")
    assert any("135.00" in text_of(one) for one in revised)


def test_a_digest_tells_what_was_so_when_its_run_ended(site: Site) -> None:
    """The first version of 2024 was compared with 2023 before it was revised."""
    page = site.page("digests/run-run-2.html")
    told = text_of(page.xpath("//main")[0])
    assert "125.00" in told
    assert "135.00" not in told


def test_the_english_site_says_its_own_words_in_english(tmp_path: Path) -> None:
    site = Site(tmp_path, lang="en").fill()
    site.build()
    page = site.page(document_path(identity(2024, name=OFFICE)))
    assert page.get("lang") == "en"
    assert text_of(page.xpath("//h2[1]")[0]) == "Against the year before"
    assert OFFICE in text_of(page.xpath("//h1")[0])


def test_every_kind_of_agency_in_the_register_has_a_name_for_readers() -> None:
    known = register.load()
    kinds = {a.kind for d in known.divisions() for a in known.agencies(d.code) if a.kind}
    assert "science-and-talent" in kinds
    for lang in ("zh", "en"):
        assert [kind for kind in sorted(kinds) if kind_name(kind, words(lang)) == kind] == []


def test_the_reason_most_cells_share_is_said_once_above_the_table(site: Site) -> None:
    page = site.page("310107/coverage.html")
    (section,) = page.xpath("//section[h2='部门预算']")
    (said,) = section.xpath("p[@class='small reason']")
    assert text_of(said) == "“不详”和“已公开”未另注原因的：不知道截止日。"
    assert section.xpath(".//td[.='不详']")
    (own,) = section.xpath(".//td[contains(., '不知道截止日')]")
    assert text_of(own).startswith("有修订")


def test_a_headline_on_the_front_page_leads_to_its_point_with_its_sources(site: Site) -> None:
    page = site.page("index.html")
    (first, *_) = page.xpath("//article[.//li]")
    href = first.xpath(".//li[1]/a[@class='source']/@href")[0]
    target, _, point = href.partition("#")
    there = site.page(target).get_element_by_id(point)
    assert text_of(there).startswith(text_of(first.xpath(".//li[1]")[0]).removesuffix(" 出处"))
    assert there.xpath(".//span[@class='cites']/a")
    quiet = page.xpath("//article[not(.//li)]")
    assert quiet
    assert all("没有达到要点标准的变动" in text_of(one) for one in quiet)


def _cell(state: str, reason: str) -> Cell:
    return Cell(state, state, "", "", reason)


def test_the_reason_most_cells_of_a_year_give_is_said_once() -> None:
    cells: list[Cell | None] = [
        _cell("not-known", "甲"),
        _cell("published", "甲"),
        _cell("published", "乙"),
        _cell("late", "甲"),
        None,
    ]
    common, told = _apart(cells)
    assert common == "甲"
    assert [one and one.reason for one in told] == ["", "", "乙", "甲", None]


def test_no_reason_is_said_for_all_where_a_cell_has_none() -> None:
    cells: list[Cell | None] = [_cell("not-known", "甲"), _cell("published", ""), None]
    assert _apart(cells) == ("", cells)


def test_a_year_in_which_all_were_on_time_needs_no_reason() -> None:
    cells: list[Cell | None] = [_cell("on-time", ""), None]
    assert _apart(cells) == (None, cells)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([(2024, "甲"), (2023, None), (2022, "甲")], ["“不详”和“已公开”未另注原因的：甲。"]),
        (
            [(2024, "甲"), (2023, "乙"), (2022, ""), (2021, None)],
            [
                "2024 年“不详”和“已公开”未另注原因的：甲。",
                "2023 年“不详”和“已公开”未另注原因的：乙。",
            ],
        ),
        ([(2024, "甲"), (2023, "")], ["2024 年“不详”和“已公开”未另注原因的：甲。"]),
        ([(2024, ""), (2023, None)], []),
    ],
)
def test_a_reason_is_said_for_the_years_it_holds_for(
    found: list[tuple[int, str | None]], said: list[str]
) -> None:
    assert list(_reasons(found, words("zh"))) == said
