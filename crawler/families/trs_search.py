"""TRS WCM with a search behind the list: the static page shows the newest, a script posts for more.

The entry's `search` is the address the script posts to, with what it always sends in its query:
`/fjdzapp/search?channelid=200210&sortfield=-pubdate&prepage=500`. `page=1` and on are added. The
answer is JSON, `pageCount` and `data[]` with `docpuburl` or `chnldocurl`, `doctitle`, `docreltime`
(the date lists show) and `pubdate`. It may cover more than the column: what does not lie below the
entry's address is another column's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import msgspec

from crawler import dates, markup
from crawler.families.trs import Trs
from crawler.markup import words
from crawler.portals import authority
from crawler.publications import Ask, Item, Listing, Page

__all__ = ["family"]

_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)


class TrsSearch(Trs):
    """A static TRS list and the search that carries it on."""

    signs = (*Trs.signs, r"\$showStatic|fjdzapp/search", r"ms-controller")

    def read(self, page: Page) -> Listing:
        """Read the static page, which is followed by the search, or an answer of the search."""
        if page.sent:
            return _answer(page)
        listing = super().read(page)
        # Columns below have no search of their own in the portal file.
        own = markup.same_page(page.url) == markup.same_page(page.entry.url)
        if listing.following or not own or not page.entry.search:
            return listing
        return replace(
            listing, following=(_ask(page.entry.search, page.url, 1, page.position + 1),)
        )


def _ask(search: str, base: str, number: int, position: int) -> Ask:
    address, _, query = urljoin(base, search).partition("?")
    form = {**dict(parse_qsl(query, keep_blank_values=True)), "page": str(number)}
    return Ask(
        url=address, position=position, method="POST", body=urlencode(form).encode(), headers=_FORM
    )


def _answer(page: Page) -> Listing:
    """The column's items in one answer; the next page while the count says there is one."""
    try:
        data = msgspec.json.decode(page.text)
        found = [_item(page, row) for row in data["data"] or []]
        pages = int(data["pageCount"])
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        return Listing(problem=f"the search did not answer with the expected JSON ({error})")
    form = dict(parse_qsl(page.sent.decode("ascii", "replace"), keep_blank_values=True))
    number = int(form["page"])
    done = not found or number >= pages
    following = _ask(page.entry.search, page.entry.url, number + 1, page.position + 1)
    return Listing(
        items=tuple(item for item in found if item is not None),
        following=() if done else (following,),
    )


def _item(page: Page, row: dict[str, Any]) -> Item | None:
    """One row; None for one without an address or of another column."""
    url = markup.absolute(page, str(row.get("docpuburl") or row.get("chnldocurl") or ""))
    if not url or not _place(url).startswith(_place(urljoin(page.entry.url, "."))):
        return None
    when = row.get("docreltime") or row.get("pubdate") or ""
    return Item(
        url=url,
        title=markup.untagged(str(row.get("doctitle") or "")),
        published=dates.parse(str(when)),
        department=words(str(row.get("puborg") or row.get("docsourcename") or "")),
    )


def _place(url: str) -> str:
    """Host and path: the search writes http where the portal says https."""
    return authority(url) + urlsplit(url).path


family = TrsSearch()
