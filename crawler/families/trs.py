"""拓尔思 TRS WCM: static lists and articles, the most common software of district portals.

Lists are `index.html` of a column's folder; further pages are `index_1.html` … as the page's call
`createPageHTML(pages, current, "index", "html")` says, both numbers counting so that the first
page is 0. Articles are `202501/t20250124_123.html`, files `P0…` and `W0…` beside them.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler import markup
from crawler.families import Family
from crawler.publications import Ask, Listing, Page

__all__ = ["family"]

_ARTICLE: Final = re.compile(r"/t\d{8}_\d+\.s?html?$")
_INDEXES: Final = frozenset({"index.html", "index.shtml", "index.htm"})
_COUNT: Final = re.compile(r"\bvar\s+countPage\s*=\s*(\d+)")
_CURRENT: Final = re.compile(r"\bvar\s+currentPage\s*=\s*(\d+)")


class Trs(Family):
    """TRS WCM."""

    signs: tuple[str, ...] = (
        r"createPageHTML\s*\(\s*\d+\s*,",
        r"/t\d{8}_\d+\.s?html?",
        r"\b[PW]0\d{20}\.",
    )

    def read(self, page: Page) -> Listing:
        """Read a static list; other links count as items only where a date stands beside them."""
        return Listing(
            items=markup.items(page, lambda url: bool(_ARTICLE.search(urlsplit(url).path))),
            following=_following(page),
            columns=markup.columns(page, _INDEXES) if page.entry.columns else (),
            name=markup.column_name(page),
        )


def _following(page: Page) -> tuple[Ask, ...]:
    """The next page of this column, if its pager announces one."""
    arguments = markup.pager(page.text)
    if len(arguments) >= 4 and arguments[0].isdigit() and arguments[1].isdigit():
        pages, current = int(arguments[0]), int(arguments[1])
        name, ending = arguments[2], arguments[3]
    elif (count := _COUNT.search(page.text)) and (at := _CURRENT.search(page.text)):
        # Older templates carry the same pager as two variables instead of a call.
        pages, current = int(count[1]), int(at[1])
        name, ending = "index", posixpath.splitext(urlsplit(page.url).path)[1].lstrip(".") or "html"
    else:
        return ()
    if current + 1 >= pages or not re.fullmatch(r"\w+", name) or not ending.isalnum():
        return ()
    return (
        Ask(url=urljoin(page.url, f"{name}_{current + 1}.{ending}"), position=page.position + 1),
    )


family = Trs()
