"""Reading links out of the HTML portals write."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from parsel import Selector
from w3lib.url import safe_url_string

from crawler import dates
from crawler.portals import authority
from crawler.publications import Ask, Item, Page

__all__ = [
    "absolute",
    "column_name",
    "columns",
    "is_document",
    "items",
    "links",
    "pager",
    "relevant",
    "same_page",
    "untagged",
    "words",
]

_TEXTS: Final = ("pdf", "doc", "docx", "wps", "rtf", "ofd", "ceb", "ppt", "pptx")
_SHEETS: Final = ("xls", "xlsx", "et", "csv")
_BUNDLES: Final = ("zip", "rar", "7z", "tar", "gz")
DOCUMENT_TYPES: Final = frozenset((*_TEXTS, *_SHEETS, *_BUNDLES))
"""Endings of files portals attach. Pictures are not among them: pages are full of icons."""

_RELEVANT: Final = re.compile("预算|决算|预决算|三公|3公")
_NAMES: Final = "concat(' ', normalize-space(@class), ' ', normalize-space(@id), ' ')"
_FURNITURE: Final = "".join(
    f" or contains({_NAMES}, ' {name} ')"
    for name in ("footer", "foot", "header", "nav", "navbar", "sidebar", "breadcrumb")
)
_LINKS: Final = (
    f"//a[@href][not(ancestor::*[self::header or self::footer or self::nav{_FURNITURE}])]"
)
_TAG: Final = re.compile(r"<[^>]*>")
_OTHER_SCHEMES: Final = re.compile(r"^\s*(javascript|mailto|tel|data|about|file|ftp):", re.I)
_PAGER: Final = re.compile(r"(?<!function )(?<!function  )\bcreatePageHTML\s*\(([^)]{0,500})\)")


def relevant(*texts: str) -> bool:
    """True if a title or a column's name is about budgets or final accounts."""
    return any(_RELEVANT.search(text) for text in texts)


def words(text: str) -> str:
    """The text with runs of white space (also 　 and &nbsp;) made one space."""
    return " ".join(text.split())


def untagged(text: str) -> str:
    """The words of a text in which a search marked what it found with tags."""
    return words(_TAG.sub("", text))


def links(selector: Selector) -> Iterator[Selector]:
    """Every `<a href>` outside a page's header, footer and navigation."""
    yield from selector.xpath(_LINKS)


def absolute(page: Page, href: str) -> str:
    """The full address of a link: `\\` means `/`, Chinese is percent-encoded, fragments dropped.

    Returns "" for what is no web address.
    """
    if not href.strip() or _OTHER_SCHEMES.match(href):
        return ""
    try:
        url = urldefrag(urljoin(page.base, href.strip().replace("\\", "/"))).url
        url = safe_url_string(url)
        return url if urlsplit(url).scheme in ("http", "https") and authority(url) else ""
    except ValueError:  # such as a port that is no number
        return ""


def is_document(url: str) -> bool:
    """True if an address names a file: by its path, or by a value in its query."""
    parts = urlsplit(url)
    names = [parts.path, *(value for _, value in parse_qsl(parts.query))]
    return any(_ending(name) in DOCUMENT_TYPES for name in names)


def _ending(name: str) -> str:
    return posixpath.splitext(unquote(name))[1].lstrip(".").lower()


def items(page: Page, is_article: Callable[[str], bool]) -> tuple[Item, ...]:
    """The items of a list page, in its order, each address once.

    An item is a link the family recognises as an article, a link straight to a file, or any other
    link with a date beside it (departments are listed with links to their own sites).
    """
    anchors = [(a, absolute(page, a.attrib["href"])) for a in links(page.selector)]
    known = {url for _, url in anchors if url and (is_article(url) or is_document(url))}
    found: dict[str, Item] = {}
    for anchor, url in anchors:
        if not url or url == page.url:
            continue
        published = _date_beside(anchor, page, known | {url})
        if url not in known and published is None:
            continue
        title = _title(anchor)
        before = found.get(url)
        if before is None or len(title) > len(before.title):
            published = published or (before.published if before else None)
            found[url] = Item(url=url, title=title, published=published)
    return tuple(found.values())


def _title(anchor: Selector) -> str:
    """The title of a link: lists cut the visible text short and keep the whole in `title`."""
    text = words(anchor.xpath("string(.)").get(""))
    whole = words(anchor.attrib.get("title", "").split("\n")[0]).removeprefix("标题：")
    return whole if len(whole) >= len(text.rstrip("….")) else text


def _date_beside(anchor: Selector, page: Page, rivals: set[str]) -> date | None:
    """The date in the smallest element around a link that holds no other item."""
    for element in reversed(anchor.xpath("ancestor::*[not(self::body or self::html)]")):
        inside = {absolute(page, href) for href in element.xpath(".//a/@href").getall()}
        if len(inside & rivals) > 1:
            return None
        beside = " ".join(element.xpath(".//text()[not(ancestor::a)]").getall())
        if published := dates.parse(beside):
            return published
    return None


def columns(page: Page, index_names: frozenset[str]) -> tuple[Ask, ...]:
    """The columns below a list page: links to a deeper folder's index, each folder once."""
    here = _folder(page.url, index_names)
    if here is None:
        return ()
    found: dict[str, Ask] = {}
    for anchor in links(page.selector):
        url = absolute(page, anchor.attrib["href"])
        folder = _folder(url, index_names) if url else None
        if folder and folder != here and folder.startswith(here):
            found.setdefault(folder, Ask(url=url))
    return tuple(found.values())


def _folder(url: str, index_names: frozenset[str]) -> str | None:
    """Authority and path of the folder an index page stands for; None for any other page."""
    parts = urlsplit(url)
    folder, name = posixpath.split(parts.path)
    if parts.query or (name and name not in index_names):
        return None
    return f"{authority(url)}{folder.rstrip('/')}/"


def same_page(url: str) -> str:
    """What two addresses of one page have in common: no scheme, and `index.html` is its folder.

    >>> same_page("https://www.example.gov.cn/js/index.shtml")
    'www.example.gov.cn/js/'
    """
    parts = urlsplit(url)
    path = re.sub(r"/index\.s?html?$", "/", parts.path)
    # Where a portal file writes a fragment, a script reads it: it names another list.
    mark = f"#{parts.fragment}" if parts.fragment else ""
    return f"{authority(url)}{path}?{parts.query}".rstrip("?") + mark


def column_name(page: Page) -> str:
    """What a list page calls its column."""
    stated = page.selector.xpath("string(//meta[@name='ColumnName']/@content)").get("")
    return words(stated or page.selector.xpath("string(//title)").get("") or "")


def pager(text: str) -> list[str]:
    """The arguments of the page's call of `createPageHTML`, unquoted; none without a call.

    Two families have a function of that name, with other arguments and another base.
    """
    for call in _PAGER.finditer(text):
        arguments = [part.strip().strip("'\"") for part in call[1].split(",")]
        if any(part.isdigit() for part in arguments):
            return arguments
    return []
