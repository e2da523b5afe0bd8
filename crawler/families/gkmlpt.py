"""Guangdong's 政府信息公开目录平台 gkmlpt: an index page of categories and a JSON list of each.

The entry is `/gkmlpt/index#1234`, the number being the category. The page says the site's number
(`SID:'755031'`); the list is `/gkmlpt/api/all/1234?page=1&sid=755031`, 100 items a page. Articles
are `/content/post_{id}.html`, files `/attachment/0/{n}/{m}/{post}.pdf`: several files of one
article differ in `m` only.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import msgspec

from crawler import dates, markup
from crawler.families import Family
from crawler.markup import words
from crawler.publications import Ask, Item, Listing, Page

__all__ = ["family"]

_LIST: Final = re.compile(r"/gkmlpt/api/all/(\d+)$")
_SITE: Final = re.compile(r"""\bSID["']?\s*[:=]\s*["']?(\d+)""")
_PAGE_SIZE: Final = 100


class Gkmlpt(Family):
    """The catalogue platform."""

    signs = (r"/gkmlpt/", _SITE.pattern, r"/content/m?post_\d+")

    def read(self, page: Page) -> Listing:
        """Read the index page, which leads to the entry's category, or one page of a category."""
        if _LIST.search(urlsplit(page.url).path):
            return _answer(page)
        category = urlsplit(page.entry.url).fragment
        site = _SITE.search(page.text)
        if not category.isdigit():
            return Listing(problem="the entry's address ends in no category (…/gkmlpt/index#1234)")
        if not site:
            return Listing(problem="the page does not say its site's number (SID)")
        address = urljoin(page.url, f"/gkmlpt/api/all/{category}")
        return Listing(
            following=(_ask(address, site[1], 1),),
            name=markup.column_name(page),
        )


def _ask(address: str, site: str, number: int) -> Ask:
    return Ask(url=f"{address}?{urlencode({'page': number, 'sid': site})}", position=number)


def _answer(page: Page) -> Listing:
    """The items of one page; the next page while the total says that there are more."""
    query = parse_qs(urlsplit(page.url).query)
    try:
        data = msgspec.json.decode(page.text)
        found = [_item(page, row) for row in data["articles"] or []]
        number, site = int(query["page"][0]), query["sid"][0]
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        return Listing(problem=f"the catalogue did not answer with the expected JSON ({error})")
    total = data.get("total") if isinstance(data.get("total"), int) else None
    classify = data.get("classify")
    done = not found or (total is not None and number * _PAGE_SIZE >= total)
    address = page.url.partition("?")[0]
    return Listing(
        items=tuple(item for item in found if item is not None),
        following=() if done else (_ask(address, site, number + 1),),
        name=str(classify.get("name") or "") if isinstance(classify, dict) else "",
        announced=total,
    )


def _item(page: Page, row: dict[str, Any]) -> Item | None:
    """One article; None for one without an address."""
    url = markup.absolute(page, str(row.get("url") or row.get("post_url") or ""))
    if not url:
        return None
    return Item(
        url=url,
        title=words(str(row.get("title") or "")),
        published=dates.parse(str(row.get("display_publish_time") or "")),
        department=words(str(row.get("publisher") or "")),
    )


family = Gkmlpt()
