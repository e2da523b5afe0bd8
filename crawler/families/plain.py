"""Plain old sites: home-made programs and static pages, often in GBK, without any known CMS.

Lists are `class.asp?class=1150&page=2`, `list-2.html`, `news_list.aspx?lanmuid=76`; articles are
`/news/53.html`, `content_2126678.html`, `show.asp?id=53`. What follows is read from the page: a
link that says 下一页, else the smallest page number after this one's.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from crawler import markup
from crawler.families import Family
from crawler.publications import Ask, Listing, Page

__all__ = ["family"]

_PROGRAMS: Final = r"(?:asp|aspx|jsp|php|do)"
_ARTICLE: Final = re.compile(
    r"/(?:news|info|html?|htmls|article|content|show|view)/(?:[\w-]+/)*\d+\.s?html?$"
    r"|/content_\d+\.s?html?$"
    rf"|/(?:show|view|news|info|detail|content|article|read)\w*\.{_PROGRAMS}\?(?:.*&)?id=\d+",
    re.IGNORECASE,
)
_INDEXES: Final = frozenset(
    {"index.html", "index.htm", "index.shtml", "index.asp", "index.aspx", "index.jsp"}
)
_NEXT: Final = frozenset({"下一页", "下页", "后一页", "后页", "下一頁", "下頁", ">", "›", "next"})
_TOTAL: Final = re.compile(r"共\s*(?:<[^>]*>\s*)*(\d+)\s*(?:</[^>]*>\s*)*(?:条|篇|项|个)")
_NUMBER: Final = re.compile(
    r"(?P<lead>[?&](?:page|p|pageno|pn|currentpage)=|[-_])(?P<number>\d+)", re.I
)


class Plain(Family):
    """Whatever lists links with dates and leads on by links."""

    signs = (r"\w\.(?:asp|aspx|jsp|php)\?\w+=", r"charset=gb2312")

    def read(self, page: Page) -> Listing:
        """Read a list: articles by their address, other links where a date stands beside them."""
        total = _TOTAL.search(page.text)
        return Listing(
            items=markup.items(page, _is_article),
            following=_following(page),
            columns=markup.columns(page, _INDEXES) if page.entry.columns else (),
            name=markup.column_name(page),
            announced=int(total[1]) if total else None,
        )


def _is_article(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_ARTICLE.search(f"{parts.path}?{parts.query}".rstrip("?")))


def _following(page: Page) -> tuple[Ask, ...]:
    """The next page by its name, else by its number."""
    links = [
        (
            markup.words(anchor.xpath("string(.)").get("")),
            markup.absolute(page, anchor.attrib["href"]),
        )
        for anchor in page.selector.xpath("//a[@href]")
    ]
    named = next((url for text, url in links if text.lower() in _NEXT and url), "")
    url = named or _numbered(page.url, [url for _, url in links if url])
    if not url or markup.same_page(url) == markup.same_page(page.url):
        return ()
    return (Ask(url=url, position=page.position + 1),)


def _numbered(here: str, urls: list[str]) -> str:
    """Of the addresses that differ from this page's in a page number only, the next one; or ""."""
    shape, current = _shape(here)
    later = {}
    for url in urls:
        other, number = _shape(url)
        if number and other == shape and number > max(current, 1):
            later[number] = url
    return later[min(later)] if later else ""


def _shape(url: str) -> tuple[str, int]:
    """An address without its page number, and that number; 0 where it has none.

    >>> _shape("http://a.cn/class.asp?class=1150&page=2")
    ('http://a.cn/class.asp?class=1150', 2)
    """
    found = list(_NUMBER.finditer(url))
    if not found or (found[-1]["lead"] in "-_" and "?" in url):
        return url, 0
    last = found[-1]
    kept = "?" if last["lead"].startswith("?") and url[last.end() : last.end() + 1] == "&" else ""
    rest = url[last.end() :].removeprefix("&") if kept else url[last.end() :]
    return url[: last.start()] + kept + rest, int(last["number"])


family = Plain()
