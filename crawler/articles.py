"""What an article page says of itself, in the ways the common CMSs write it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from crawler import attachments, dates
from crawler.markup import words
from crawler.publications import Article, Page

__all__ = ["is_missing", "read"]

_PUBLISHED: Final = re.compile(
    r"(?:发布日期|发布时间|公开日期|时间|日期)\s*[:：\]】]?\s*(?=(.{0,20}))"
)
_NOT_PUBLISHED: Final = re.compile(r"(?:成文|发文|生成|废止|失效|实施|截止|截至)\s*$")
_DEPARTMENT: Final = re.compile(
    r"(?:来源|发布机构|发布单位|信息来源|公开主体|文章来源)\s*[:：\]】]\s*(\S{2,40})"
)
_TITLES: Final = (
    "//meta[@name='ArticleTitle']/@content",
    "//*[contains(concat(' ', @class, ' '), ' article_title ')]",
    "//h1",
    "//*[contains(concat(' ', @class, ' '), ' title ')]",
    "//title",
)
_MISSING: Final = re.compile(
    r"找不到|页面不存在|不存在或已|已被删除|无法找到|访问的页面|not found|404\s*(?:错误|页面|error)"
    r"|(?:错误|error|http)\s*[:：]?\s*404(?!\d)",
    re.IGNORECASE,
)
_MISSING_TITLE: Final = re.compile(rf"{_MISSING.pattern}|(?<!\d)404(?!\d)", re.IGNORECASE)
_SHORT: Final = 2048
"""Characters of a page beyond which only its title can say that there is nothing."""
_LEADS_AWAY: Final = re.compile(
    r"""http-equiv=["']?refresh|^\s*<script[^>]*>\s*(?:window\.)?location""", re.I
)


def read(page: Page) -> Article:
    """Title, publication date, department and files of an article.

    The date is `PubDate` or what stands after 发布日期 and its like; 成文日期 and 发文日期 are
    other dates and are not taken for it.
    """
    text = words(" ".join(page.selector.xpath("//body//text()[not(parent::script)]").getall()))
    department = _meta(page, "ContentSource")
    if not department and (found := _DEPARTMENT.search(text)):
        department = found[1]
    return Article(
        title=_title(page),
        published=dates.parse(_meta(page, "PubDate")) or _labelled_date(text),
        department=department,
        attachments=attachments.find(page),
    )


def is_missing(page: Page) -> bool:
    """True for a page that says "no such page" although its status is 200.

    Such pages are short: an error text, or a stub that leads to the parent column. A page of any
    length is one if its very title says so. A bare 404 counts in a title only: elsewhere it may be
    a figure, or the number of visitors. A page that leads to a file is there.
    """
    title = words(page.selector.xpath("string(//title)").get(""))
    short = len(page.text) <= _SHORT
    if not short and not _MISSING_TITLE.search(title):
        return False
    if attachments.find(page):
        return False
    if _LEADS_AWAY.search(page.text) and len(page.text) < 1024:
        return True
    if _MISSING_TITLE.search(title):
        return True
    text = " ".join(page.selector.xpath("//text()[not(parent::script)]").getall())
    return bool(_MISSING.search(text)) and len(words(text)) < 300


def _meta(page: Page, name: str) -> str:
    return words(page.selector.xpath(f"string(//meta[@name='{name}']/@content)").get(""))


def _title(page: Page) -> str:
    for path in _TITLES:
        if title := words(page.selector.xpath(f"string({path})").get("")):
            return title
    return ""


def _labelled_date(text: str) -> date | None:
    for label in _PUBLISHED.finditer(text):
        if _NOT_PUBLISHED.search(text[max(0, label.start() - 4) : label.start()]):
            continue
        if published := dates.parse(label[1]):
            return published
    return None
