"""The pages of an agency's years: every figure held against the document it leads to."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from archive.model import Certainty, ChangeKind, Document, Kind, Mark, Unit
from archive.money import convert
from diffing.checks.judgements import Judgement, Verdict
from diffing.checks.model import Severity
from diffing.figures import exact, signed
from tests.diffing.archived import identity
from tests.diffing.build import budget, document, item, statement
from tests.diffing.test_check_command import budget as contradicting

from .built import OFFICE, Site, document_path, placed, text_of
from .test_corrected import Press
from .test_months import filled

if TYPE_CHECKING:
    from lxml import html

AGENCY = identity(2024, name=OFFICE).agency
YEAR = f"310107/{AGENCY}/2024/index.html"


def outcome() -> Document:
    """A final account in 元 whose general table has the budget's codes."""
    number = ("决算数",)
    return document(
        statement(
            item("收入总计", "1900000.00", measures=number, side="收入", total=True),
            item("支出总计", "1900000.00", measures=number, side="支出", total=True),
            form="final.total",
            title="收入支出决算总表",
            unit=Unit.YUAN,
        ),
        statement(
            item("科学技术支出", "1800000.00", code="206", level=1),
            item("合计", "1900000.00"),
            form="final.expenditure",
            title="支出决算表",
            unit=Unit.YUAN,
        ),
        statement(
            item("合计", "3.10", measures=("决算数",), total=True),
            item("公务接待费", "0.40", measures=("决算数",)),
            item("因公出国（境）费", "", measures=("决算数",)),
            form="final.sangong",
            title="“三公”经费支出决算表",
        ),
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    found = Site(tmp_path_factory.mktemp("years"))
    found.filing.commit(placed(budget("60.00")), identity(2023, name=OFFICE))
    found.filing.commit(placed(budget("80.00", "5.00")), identity(2024, name=OFFICE))
    found.filing.commit(
        placed(budget("90.00", "5.00")), identity(2024, name=OFFICE), ChangeKind.REVISION
    )
    found.filing.commit(placed(outcome()), identity(2024, Kind.FINAL, name=OFFICE))
    found.filing.commit(placed(budget("95.00")), identity(2026, name=OFFICE))
    assert found.build().failed == []
    return found


def figures(page: html.HtmlElement, section: str) -> list[tuple[str, str, str]]:
    """Of each figure that leads somewhere: its row, its text, its address."""
    cells = page.xpath(f"//section[@id='{section}']//td[a]")
    return [
        (text_of(td.getparent().xpath("th")[0]), text_of(td.xpath("a")[0]), td.xpath("a/@href")[0])
        for td in cells
    ]


def stored(site: Site, href: str) -> Decimal | None:
    """The amount in 万元 at the place an address leads to, from the archive itself; None for a
    blank."""
    target, _, fragment = href.partition("#")
    for what in site.filing.archive.repository("310107").documents():
        if document_path(what).endswith(target.removeprefix("../")):
            for sheet in site.filing.archive.repository("310107").read(what).statements:
                for line in sheet.items:
                    for amount in line.amounts.values():
                        at = amount.at
                        if at and f"p{at.page}r{at.row}c{at.column}" == fragment:
                            if amount.mark is Mark.BLANK:
                                return None
                            assert amount.value is not None
                            assert sheet.unit is not None
                            return convert(amount.value, sheet.unit, Unit.WAN)
    raise AssertionError(href)


@pytest.mark.parametrize("section", ["figures", "execution"])
def test_every_figure_of_a_year_leads_to_the_cell_that_prints_it(site: Site, section: str) -> None:
    page = site.page(YEAR)
    found = figures(page, section)
    assert found
    for _, text, href in found:
        amount = stored(site, href)
        assert text == ("空" if amount is None else exact(amount))
        target, _, fragment = href.partition("#")
        place = f"310107/{AGENCY}/{target.removeprefix('../')}"
        assert site.page(place).xpath(f"//*[@id='{fragment}']")


def test_budget_and_final_account_stand_side_by_side(site: Site) -> None:
    page = site.page(YEAR)
    (table,) = page.xpath("//section[@id='figures']//table")
    assert [text_of(th) for th in table.xpath(".//thead//th")] == ["项目", "预算", "决算"]
    rows = {text_of(tr.xpath("th")[0]): texts(tr) for tr in table.xpath(".//tbody/tr")}
    assert rows["支出总计支出总计"] == ["135.00", "190.00"]
    assert rows["收入总计收入总计"] == ["135.00", "190.00"]
    assert [row for name, row in rows.items() if name.startswith("公务接待费")] == [["—", "0.40"]]
    # printed and left blank is neither nothing nor a zero
    assert [row[1] for name, row in rows.items() if name.startswith("因公出国")] == ["空"]
    trends = site.page(f"310107/{AGENCY}/index.html").xpath("//section[@id='trends']//td/a")
    assert all(text_of(a) for a in trends)


def texts(tr: Any) -> list[str]:
    return [text_of(td) for td in tr.xpath("td")]


def test_differences_and_rates_are_those_of_the_figures_beside_them(site: Site) -> None:
    page = site.page(YEAR)
    rows = page.xpath("//section[@id='execution']//tbody/tr")
    seen = 0
    for tr in rows:
        original, _, came, difference, rate = texts(tr)
        if "—" in (original, came):
            continue
        planned, spent = Decimal(original), Decimal(came)
        assert difference == signed(spent - planned)
        percent = spent * 100 / planned
        assert rate == f"{percent.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
        seen += 1
    assert seen
    assert "据公开数据计算" in text_of(page.xpath("//section[@id='execution']")[0])


def test_a_year_lists_its_documents_events_and_digests(site: Site) -> None:
    page = site.page(YEAR)
    papers = page.xpath("//section[@id='papers']//tbody/tr")
    named = {text_of(tr.xpath("th")[0]): texts(tr) for tr in papers}
    assert set(named) == {"部门预算 · 摘要", "部门决算 · 摘要"}
    assert named["部门预算 · 摘要"][0].startswith("有修订")
    assert named["部门预算 · 摘要"][3] == "2"
    events = page.xpath("//section[@id='events']//tbody/tr")
    assert [text_of(tr.xpath("th")[0]) for tr in events] == ["收录", "修订", "收录"]
    links = page.xpath("//section[@id='mentions']//a/@href")
    assert "../../2026-03.html" in links
    assert "../../../digests/run-run-1.html" not in links  # of last year's budget
    assert "../../../digests/run-run-2.html" in links


def test_years_lead_to_each_other_and_documents_back_to_their_year(site: Site) -> None:
    page = site.page(YEAR)
    away = page.xpath("//nav[@class='jump']//a[@class='away']")
    assert [(text_of(a), a.get("href")) for a in away] == [
        ("2023", "../2023/index.html"),
        ("2026", "../2026/index.html"),
    ]
    agency = site.page(f"310107/{AGENCY}/index.html")
    assert agency.xpath("//table[@class='years']//th/a/@href") == [
        "2026/index.html",
        "2024/index.html",
        "2023/index.html",
    ]
    crumbs = site.page(document_path(identity(2024, name=OFFICE))).xpath(
        "//nav[@class='crumbs']//a"
    )
    assert [text_of(a) for a in crumbs] == ["首页", "上海市普陀区", OFFICE, "2024"]
    assert crumbs[-1].get("href") == "../2024/index.html"


def test_what_was_recognised_says_so_on_the_page_of_its_year(tmp_path: Path) -> None:
    site = filled(tmp_path)
    site.build()
    page = site.page(YEAR)
    marks = page.xpath("//section[@id='figures']//td/abbr/@title")
    assert marks
    assert all("识别" in mark for mark in marks)
    assert str(Certainty.RECOGNISED) == "recognised"


def test_a_page_of_a_year_opens_no_document_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object) -> object:
        raise AssertionError("a document was opened")

    (site.folder / YEAR).unlink()
    monkeypatch.setattr("diffing.site.shelf.Shelf.version", opened)
    assert site.build().read == 0
    assert "135.00" in (site.folder / YEAR).read_text("utf-8")


def test_findings_that_stand_are_listed_and_those_judged_wrong_are_not(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.filing.commit(contradicting(2024, "100.00", "20.00"), identity(2024))
    site = Site(tmp_path)
    site.filing = press.filing
    site.build()
    path = f"310107/{identity(2024).agency}/2024/index.html"

    page = site.page(path)
    (one,) = page.xpath("//section[@id='findings']//li")
    assert "80万元" in text_of(one)
    assert text_of(one).startswith("重大 ")
    assert "规则 D01" in text_of(one)
    href, rule = one.xpath(".//a/@href")
    assert rule == "../../../rules.html#D01"
    key = href.partition("#finding-")[2]
    document = site.page(document_path(identity(2024)))
    assert document.xpath(f"//li[@id='finding-{key}' and @class='{Severity.MATERIAL}']")
    (row,) = document.xpath("//section[@id='yearly']//tbody/tr[td[.='收入总计2024年收支总表']]")
    (note,) = row.xpath("td[@data-label='上年']/small")
    assert text_of(note) == "据本年文件所称增减推算，上年为 80.00"

    import datetime

    told = "已有解释：口径不同"
    site.judged = {key: Judgement(key, Verdict.EXPLAINED, "口径不同", datetime.date(2026, 4, 1))}
    site.build()
    (one,) = site.page(path).xpath("//section[@id='findings']//li")
    assert told in text_of(one)

    wrong = Judgement(key, Verdict.WRONG, "口径不同", datetime.date(2026, 4, 1))
    site.judged = {key: wrong}
    site.build()
    assert site.page(path).xpath("//section[@id='findings']//li") == []
    assert "各项核对未发现不一致。不能核对的不计在内。" in text_of(
        site.page(path).xpath("//section[@id='findings']")[0]
    )


def test_the_english_page_of_a_year_is_in_english(tmp_path: Path) -> None:
    site = filled(tmp_path)
    site.settings = structs.replace(site.settings, lang="en")
    site.build()
    heads = [text_of(h) for h in site.page(YEAR).xpath("//h2")]
    assert heads[:2] == ["Due and published", "Budget and final account"]


def test_a_line_without_a_budget_says_whether_it_was_blank_or_not_listed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.filing.commit(placed(unplanned(planned=True)), identity(2024, name=OFFICE))
    site.filing.commit(placed(unplanned()), identity(2024, Kind.FINAL, name=OFFICE))
    site.build()
    rows = site.page(YEAR).xpath("//section[@id='execution']//tbody/tr")
    told = {text_of(tr.xpath("th")[0]): texts(tr) for tr in rows}
    assert told["206 科学技术支出支出决算表"] == ["空", "—", "50.00", "+50.00", "不计算"]
    assert told["208 社会保障和就业支出支出决算表"] == [
        "未列",
        "—",
        "30.00",
        "+30.00",
        "不计算",
    ]


def unplanned(*, planned: bool = False) -> Document:
    """A budget, or the final account of the same year with two lines that had no money in it."""
    lines = [item("教育支出", "10.00", code="205", level=1)]
    lines.append(item("科学技术支出", "" if planned else "50.00", code="206", level=1))
    if not planned:
        lines.append(item("社会保障和就业支出", "30.00", code="208", level=1))
    total = "10.00" if planned else "90.00"
    kind, title = ("budget", "支出总表") if planned else ("final", "支出决算表")
    sheet = statement(
        *lines, item("合计", total, total=True), form=f"{kind}.expenditure", title=title
    )
    return document(sheet)
