"""Links as portals write them."""

from __future__ import annotations

import pytest

from crawler import markup
from crawler.portals import Entry
from crawler.publications import Page

URL = "https://www.example.gov.cn/zwgk/js/index.html"


def page(text: str = "") -> Page:
    return Page(url=URL, text=text, entry=Entry(url=URL))


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("./202502/t1.html", "https://www.example.gov.cn/zwgk/js/202502/t1.html"),
        (" ..\\ys\\a.pdf\n", "https://www.example.gov.cn/zwgk/ys/a.pdf"),
        ("/a b.pdf#page=2", "https://www.example.gov.cn/a%20b.pdf"),
        ("//other.example.gov.cn/a.pdf", "https://other.example.gov.cn/a.pdf"),
        ("HTTP://WWW.EXAMPLE.GOV.CN/预.pdf", "http://www.example.gov.cn/%E9%A2%84.pdf"),
        ("javascript:void(0)", ""),
        ("mailto:a@example.gov.cn", ""),
        ("file:///etc/passwd", ""),
        ("http://[bad/", ""),
        ("http://www.example.gov.cn:port/", ""),
        ("", ""),
    ],
)
def test_links_become_full_addresses_or_nothing(href: str, expected: str) -> None:
    assert markup.absolute(page(), href) == expected


def test_a_base_in_the_head_counts() -> None:
    assert markup.absolute(page('<base href="/other/">'), "a.pdf") == (
        "https://www.example.gov.cn/other/a.pdf"
    )


@pytest.mark.parametrize(
    ("url", "document"),
    [
        ("https://www.example.gov.cn/a.PDF", True),
        ("https://www.example.gov.cn/down.jsp?filename=9f.pdf", True),
        ("https://www.example.gov.cn/%E9%A2%84.ofd", True),
        ("https://www.example.gov.cn/a.html", False),
        ("https://www.example.gov.cn/pdf", False),
        ("https://www.example.gov.cn/icon.png", False),
    ],
)
def test_files_are_known_by_path_or_query(url: str, document: bool) -> None:
    assert markup.is_document(url) is document


@pytest.mark.parametrize("text", ["2025年部门预算", "三公经费", "部门决算公开", "预决算"])
def test_titles_about_budgets_and_accounts_are_relevant(text: str) -> None:
    assert markup.relevant("关于", text)


def test_other_titles_are_not() -> None:
    assert not markup.relevant("关于举办运动会的通知", "通知公告")


def test_addresses_of_one_page_are_known_as_one() -> None:
    one = {
        markup.same_page(url)
        for url in (
            "http://www.example.gov.cn/js/",
            "https://www.example.gov.cn:443/js/index.shtml",
            "https://WWW.example.gov.cn/js/",
        )
    }
    assert one == {"www.example.gov.cn/js/"}
    assert markup.same_page("http://x/list.do?id=1") != markup.same_page("http://x/list.do?id=2")


def test_a_call_without_end_is_no_pager() -> None:
    assert markup.pager('createPageHTML(9, 0, "index", "html")') == ["9", "0", "index", "html"]
    assert markup.pager(f"createPageHTML({'9, ' * 400})") == []
