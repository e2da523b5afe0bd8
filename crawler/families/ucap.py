"""开普云 UCAP: static lists whose second page is `list_2.shtml`, and a JSON search.

The static pager is `createPageHTML('page_div', pages, current, 'list', 'shtml', records)` and
counts from 1. The search, `/common/search/{channel}?_isJson=true&…&page=1`, has the same items.
Articles are `{site}/{column}/202501/{32 hex digits}.shtml`; a replaced file may keep its address.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import msgspec

from crawler import dates, markup
from crawler.families import Family
from crawler.markup import words
from crawler.portals import Entry
from crawler.publications import Ask, Item, Listing, Page

__all__ = ["family"]

_ARTICLE: Final = re.compile(r"/(?:19|20)\d{4}/(?:[0-9a-f]{32}|c\d+_\w+|\w{16,})\.s?html?$")
_INDEXES: Final = frozenset({"list.shtml", "list.html", "index.shtml", "index.html"})
_SEARCH: Final = re.compile(r"/common/search/[0-9a-fA-F]{32}")
_PAGE_SIZE: Final = 15


class Ucap(Family):
    """UCAP and what looks like it."""

    signs = (
        r"createPageHTML\s*\(\s*['\"]",
        r"/common/search/[0-9a-fA-F]{32}",
        r"/\d{6}/[0-9a-f]{32}\.s?html?",
        r"UCAP-CONTENT",
    )

    def first(self, entry: Entry) -> tuple[Ask, ...]:
        """The entry's page; where the entry is the search itself, its first page in JSON."""
        if _SEARCH.search(urlsplit(entry.url).path):
            return (_search(entry.url, 1, 1),)
        return (Ask(url=entry.url),)

    def read(self, page: Page) -> Listing:
        """Read a static list or an answer of the search, by the page's address."""
        if _SEARCH.search(urlsplit(page.url).path):
            return _search_answer(page)
        found = markup.items(page, lambda url: bool(_ARTICLE.search(urlsplit(url).path)))
        following, announced = _static_pager(page)
        search = _SEARCH.search(page.text)
        if not found and not following and search:
            # The list is filled by a script from the search: ask the search itself.
            following = (_search(urljoin(page.url, search[0]), 1, page.position + 1),)
        return Listing(
            items=found,
            following=following,
            columns=markup.columns(page, _INDEXES) if page.entry.columns else (),
            name=markup.column_name(page),
            announced=announced,
        )


def _static_pager(page: Page) -> tuple[tuple[Ask, ...], int | None]:
    """The next static page, and how many records the pager announces."""
    arguments = markup.pager(page.text)
    if len(arguments) < 5 or not (arguments[1].isdigit() and arguments[2].isdigit()):
        return (), None
    pages, current, name, ending = int(arguments[1]), int(arguments[2]), arguments[3], arguments[4]
    announced = int(arguments[5]) if len(arguments) > 5 and arguments[5].isdigit() else None
    if current >= pages or not re.fullmatch(r"\w+", name) or not ending.isalnum():
        return (), announced
    address = urljoin(page.url, f"{name}_{current + 1}.{ending}")
    return (Ask(url=address, position=page.position + 1),), announced


def _search(address: str, number: int, position: int) -> Ask:
    """One page of the JSON search, newest first as it comes."""
    parts = urlsplit(address)
    query = {
        "_isAgg": "false",
        "_isJson": "true",
        "_pageSize": str(_PAGE_SIZE),
        "_template": "index",
        "_rangeTimeGte": "",
        "_channelName": "",
    }
    query |= {key: values[0] for key, values in parse_qs(parts.query, True).items()}
    query["page"] = str(number)
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
    return Ask(url=url, position=position)


def _search_answer(page: Page) -> Listing:
    """The items of one answer of the search; the next page unless this one was the last."""
    try:
        data = msgspec.json.decode(page.text)["data"]
        # Without any result some answer null; an answer without the key is no list at all.
        items = [_found(page, result) for result in data["results"] or []]
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        return Listing(problem=f"the search did not answer with the expected JSON ({error})")
    number = int(parse_qs(urlsplit(page.url).query).get("page", ["1"])[0])
    size = int(parse_qs(urlsplit(page.url).query).get("_pageSize", [str(_PAGE_SIZE)])[0])
    announced = data.get("total") if isinstance(data.get("total"), int) else None
    done = not items or (announced is not None and number * size >= announced)
    return Listing(
        items=tuple(item for item in items if item is not None),
        following=() if done else (_search(page.url, number + 1, page.position + 1),),
        name=str(data.get("channelName") or ""),
        announced=announced,
    )


def _found(page: Page, result: dict[str, Any]) -> Item | None:
    """One result; None for one without an address."""
    url = markup.absolute(page, str(result.get("url") or ""))
    if not url:
        return None
    title = markup.untagged(str(result.get("title") or ""))
    when = result.get("publishedTimeStr") or result.get("publishedTime") or ""
    return Item(
        url=url,
        title=title,
        published=dates.parse(str(when)),
        department=words(str(result.get("source") or "")),
    )


family = Ucap()
