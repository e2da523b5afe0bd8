"""The page of rules, and what leads to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from diffing.checks.limits import LEFT, TOLERANCES
from diffing.checks.rules import RULES, rule
from diffing.render.html import body
from diffing.render.page import Labels, Page, Paragraph
from diffing.render.ruled import Ruled
from tests.diffing.archived import identity
from tests.diffing.test_check_command import budget as contradicting

from .built import Site, document_path, text_of

COMMAND = "mingzhang check --explain"


def filled(root: Path, lang: str = "zh") -> Site:
    """A site whose budget of 2024 does not agree with that of 2023: D01."""
    site = Site(root, lang=lang)
    site.filing.commit(contradicting(2023, "90.00", "1.00"), identity(2023))
    site.filing.commit(contradicting(2024, "100.00", "20.00"), identity(2024))
    assert site.build().failed == []
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return filled(tmp_path_factory.mktemp("site"))


def said_of(page: html.HtmlElement, rule_id: str) -> list[tuple[str, str]]:
    """What stands at a rule: term and text."""
    (section,) = page.xpath(f"//section[@id='{rule_id}']")
    terms, texts = section.xpath("dl/dt"), section.xpath("dl/dd")
    return [(text_of(dt), text_of(dd)) for dt, dd in zip(terms, texts, strict=True)]


def test_every_rule_stands_at_its_own_address_with_all_that_is_known_of_it(site: Site) -> None:
    page = site.page("rules.html")
    assert f"以下 {len(RULES)} 条规则" in text_of(page)
    for one in RULES:
        (heading,) = page.xpath(f"//section[@id='{one.id}']/h3")
        assert text_of(heading) == f"{one.id} {one.title}"
        said = dict(said_of(page, one.id))
        assert said["核对"] == one.formula
        assert said["容差"] == one.tolerance
        assert said["依据"] == one.source
    assert page.xpath("//section[h3]/@id") == sorted(
        (one.id for one in RULES), key=lambda id_: ("IXNSTD".index(id_[0]), id_)
    )


def test_a_rule_says_how_much_it_matters_to_whom_it_applies_and_what_it_leaves_alone(
    site: Site,
) -> None:
    page = site.page("rules.html")
    assert said_of(page, "D03") == [
        ("核对", "本年决算数∓增减额＝上年决算所列数"),
        ("程度", "重大"),
        ("适用", "决算"),
        ("容差", "求和尾差"),
        ("依据", "上一年度部门决算"),
        ("另有不核对的", "“三公”经费的全年预算数与年初预算数一致"),
    ]
    words = dict(said_of(page, "T06"))
    assert words["列出，例如"] == "公务接待费支出比2023年度减少0.15万元，下降27.78。"
    assert words["不列出，例如"] == "公务接待费支出比2023年度减少0.15万元，下降27.78%。"
    assert dict(said_of(page, "S01"))["程度"] == "提示，不列为核对发现"
    (href,) = page.xpath("//section[@id='D03']//ul/li/a/@href")
    there = text_of(page.get_element_by_id(href.removeprefix("#")))
    assert there.startswith("“三公”经费的全年预算数与年初预算数一致：全年预算数经过调整")


def test_what_is_tolerated_and_what_is_not_checked_is_listed(site: Site) -> None:
    page = site.page("rules.html")
    allowed = [text_of(dd) for dd in page.xpath("//section[@id='allowed']//dd")]
    assert allowed == [one.allowed for one in TOLERANCES.values()]
    left = page.xpath("//section[@id='left']//li")
    assert text_of(left[0]) == f"{LEFT[0].what}：{LEFT[0].why}"
    assert len(left) == len(LEFT)
    assert "`" not in text_of(page)


def test_the_english_page_names_rules_in_english_and_marks_what_is_chinese(tmp_path: Path) -> None:
    site = filled(tmp_path, lang="en")
    page = site.page("rules.html")
    found = rule("N15")
    assert found is not None
    (section,) = page.xpath("//section[@id='N15']")
    assert text_of(section.xpath("h3")[0]) == "N15 A line is named in the text as in the table"
    assert dict(said_of(page, "N15"))["Severity"] == "material"
    assert dict(said_of(page, "N15"))["Applies to"] == "budget, final account"
    chinese = [text_of(dd) for dd in section.xpath(".//dd[@lang='zh-CN']")]
    assert chinese == [found.formula, found.source]
    left = page.xpath("//section[@id='left']//li")
    assert text_of(left[17]) == (
        "The day by which to publish (D10): mingzhang coverage shows it by each district's calendar"
    )
    (link,) = site.page(document_path(identity(2024))).xpath("//a[.='rule D01']/@href")
    assert link == "../../../rules.html#D01"


def test_a_finding_leads_to_its_rule_wherever_the_site_tells_it(site: Site) -> None:
    what = identity(2024)
    told = f"{document_path(what).removesuffix('index.html')}digest.html"
    runs = [path for path in site.pages() if path.startswith("digests/run-")]
    telling = [path for path in runs if "规则 D01" in text_of(site.page(path))]
    assert telling
    for path in (
        document_path(what),
        f"310107/{what.agency}/2024/index.html",
        told,
        *telling,
    ):
        links = site.page(path).xpath("//a[.='规则 D01']/@href")
        up = "../" * path.count("/")
        assert links, path
        assert set(links) == {f"{up}rules.html#D01"}, path
    assert site.page("about.html").xpath("//a[.='全部核对规则']/@href") == ["rules.html"]


def test_no_page_of_the_site_sends_a_reader_to_a_command(site: Site) -> None:
    sent = [path for path, page in site.pages().items() if COMMAND in text_of(page)]
    assert sent == []
    what = document_path(identity(2024)).removesuffix("index.html")
    page = site.page(f"{what}digest.html")
    assert "规则见核对规则页。" in text_of(page)
    assert page.xpath("//a[.='核对规则页']/@href") == ["../../../rules.html"]


def page_of(text: str) -> Page:
    return Page("zh-CN", "甲", (), (Paragraph(text),), (), "", Labels("", "", "", "", "", ""))


def test_a_digest_that_stands_alone_names_the_command_and_links_no_rule() -> None:
    text = f"（规则 D01）规则见 {COMMAND}。"
    (paragraph,) = html.fromstring(f"<div>{body(page_of(text))}</div>").xpath("//p[not(@class)]")
    assert text_of(paragraph) == text
    assert paragraph.xpath("a") == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("甲（规则 N15，读自文字层）；乙（规则 D01）", ["规则 N15", "规则 D01"]),
        ("said (rule N15, read directly). Rule D01.", ["rule N15", "Rule D01"]),
        ("规则 Z99，规则 N150", []),
        ("<b onclick=alert(1)>规则 N15</b>", ["规则 N15"]),
    ],
)
def test_a_rule_is_a_link_where_it_is_one_of_ours_and_all_else_stays_text(
    text: str, links: list[str]
) -> None:
    made = body(page_of(text), Ruled("rules.html", "核对规则页"))
    (paragraph,) = html.fromstring(f"<div>{made}</div>").xpath("//p[not(@class)]")
    assert text_of(paragraph) == text
    assert [text_of(a) for a in paragraph.xpath("a")] == links
    assert paragraph.xpath("*[not(self::a)]") == []
