"""What an article page says, and where it hides its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler import articles, attachments
from crawler.portals import Entry
from crawler.publications import Page

PAGES = Path(__file__).parent / "pages"
URL = "http://www.example.gov.cn/zwgk_9/czxx/js/202509/t20250905_412.shtml"
FOLDER = "http://www.example.gov.cn/zwgk_9/czxx/js/202509/"
SITE = "http://www.example.gov.cn"


def page(text: str) -> Page:
    return Page(url=URL, text=text, entry=Entry(url=URL))


@pytest.fixture
def article() -> Page:
    return page((PAGES / "trs_article.shtml").read_text(encoding="utf-8"))


def test_title_date_and_department_come_from_the_head_of_the_page(article: Page) -> None:
    read = articles.read(article)
    assert read.title == "明湖区档案馆（明湖区地方志编纂中心）2024年度部门决算"
    assert read.published == date(2025, 9, 5)
    assert read.department == "明湖区档案馆"


def test_without_a_head_the_labels_on_the_page_are_read_and_other_dates_passed_over() -> None:
    read = articles.read(
        page(
            "<body><h1>明湖区审计局2025年部门预算</h1><p>成文日期：2025-01-30"
            " 发布日期：2025年2月14日 来源：明湖区审计局　浏览量：12</p></body>"
        )
    )
    assert (read.title, read.published, read.department) == (
        "明湖区审计局2025年部门预算",
        date(2025, 2, 14),
        "明湖区审计局",
    )


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<a href="/down?id=7">明湖区审计局2025年部门预算.pdf</a>', "/down?id=7"),
        ('<a href="/down?id=7" title="部门预算.xlsx（附表）">附表</a>', "/down?id=7"),
        ('<a href="/module/download/7">附件下载</a>', "/module/download/7"),
        (
            "<p>下载地址：http://www.example.gov.cn/x/部门预算.pdf。</p>",
            "/x/%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf",
        ),
        ('<iframe src="/v/show.html?pdf=%2Fattach%2F9.pdf"></iframe>', "/attach/9.pdf"),
    ],
)
def test_a_file_is_known_by_what_its_link_says_too(html: str, address: str) -> None:
    assert [found.url for found in attachments.find(page(html))] == [SITE + address]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/news/">附件</a>',
        '<a href="/guide.html">如何阅读预算</a>',
        '<a href="javascript:void(0)">部门预算.pdf</a>',
    ],
)
def test_other_links_are_no_files(html: str) -> None:
    assert attachments.find(page(html)) == ()


def test_files_are_found_wherever_they_hide(article: Page) -> None:
    assert [found.url for found in attachments.find(article)] == [
        FOLDER + "W020250905512345678901.pdf",
        SITE + "/attach/9.doc",
        SITE + "/module/download/downfile.jsp?classid=0&filename=9f.xls",
        SITE + "/attach/%E5%BA%8F%E8%A8%80.pdf",
        SITE + "/zwgk_9/czxx/js/files/t%201.ofd",
        FOLDER + "P020250905777.xlsx",
        FOLDER + "P020250905888.docx",
        SITE + "/download.jsp?id=7&name=a.zip",
    ]


def test_the_name_on_the_authors_own_machine_is_not_an_address(article: Page) -> None:
    assert not any("000000000001" in found.url for found in attachments.find(article))


def test_a_files_label_is_the_longest_text_that_links_to_it(article: Page) -> None:
    assert attachments.find(article)[0].label == "明湖区档案馆2024年度部门决算.pdf"


def test_files_in_navigation_and_footer_do_not_belong_to_the_article(article: Page) -> None:
    found = {found.url for found in attachments.find(article)}
    assert SITE + "/guide.pdf" not in found
    assert SITE + "/manual.pdf" not in found


def test_chinese_names_are_percent_encoded_once() -> None:
    found = attachments.find(
        page('<a href="files/部门预算.pdf">a</a><a href="files/%E9%83%A8.pdf">b</a>')
    )
    assert [one.url for one in found] == [
        FOLDER + "files/%E9%83%A8%E9%97%A8%E9%A2%84%E7%AE%97.pdf",
        FOLDER + "files/%E9%83%A8.pdf",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<html><body><p>对不起，您访问的页面不存在或已被删除。</p></body></html>",
        '<meta http-equiv="refresh" content="0;URL=../">',
        '<script>window.location.href="/zwgk/";</script>',
        "<html><title>404 Not Found</title><body>404</body></html>",
    ],
)
def test_a_page_that_says_it_is_not_there_is_missing_although_it_answers_200(text: str) -> None:
    assert articles.is_missing(page(text))


@pytest.mark.parametrize(
    "text",
    [
        '<h1>明湖区审计局2025年部门预算</h1><a href="P0.pdf">附件</a>',
        "<p>" + "本年收入404万元。" * 60 + "</p>",
        "<p>对不起，找不到。</p>" + "<p>正文</p>" * 900,
    ],
)
def test_an_article_is_not_missing_for_what_it_tells(text: str) -> None:
    assert not articles.is_missing(page(text))
