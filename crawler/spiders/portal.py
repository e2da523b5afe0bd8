"""The one spider: asks a family for lists, walks them, and visits what matters (visitor.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import articles, markup
from crawler.portals import Entry
from crawler.publications import Ask, Attachment, Item, Listing, Page, Publication
from crawler.report import TroubleKind
from crawler.spiders.visitor import Found, Visitor, masked_title
from crawler.walk import MOST_PAGES, Walk

__all__ = ["PortalSpider"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MISSING: Final = frozenset({404, 410})
# Before any article, so that lists move as little as possible while they are read.
_LIST_FIRST: Final = 3


class PortalSpider(Visitor):
    """Crawls one portal. Built by crawler/crawl.py, which says where things are recorded."""

    name = "portal"
    # Every answer is looked at here; only redirects are followed before.
    handle_httpstatus_list = [code for code in range(200, 600) if code not in _REDIRECTS]  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked: set[tuple[str, str, bytes]] = set()
        self._revisited = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.page_failed, signals.spider_error)
        crawler.signals.connect(spider.record_failed, signals.item_error)
        crawler.signals.connect(spider.nothing_left, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The first list page of every entry. Called by Scrapy."""
        self._known = self.observer.known_articles(self.portal)
        self.report.known_articles = len(self._known)
        for entry in self.portal.entries:
            for ask in self._family.first(entry):
                for request in self._column(entry, ask, named=True):
                    yield request

    def closed(self, reason: str) -> None:
        """Note why the crawl ended. Called by Scrapy."""
        self.report.ended = reason

    def nothing_left(self) -> None:
        """Ask for the articles we know that no list showed. Called by Scrapy, when it is idle.

        Raises DontCloseSpider as long as there are any to ask.
        """
        if self._revisited or self.crawler.engine is None:
            return
        self._revisited = True
        left = sorted(self._known - self.report.looks.keys())
        for url in left:
            self.crawler.engine.crawl(self._revisit(url))
        if left:
            raise DontCloseSpider

    # --- lists --------------------------------------------------------------------------------

    def _column(self, entry: Entry, ask: Ask, *, named: bool = False) -> Iterator[Request]:
        """The request that begins a column, unless this run has begun it already."""
        key = (ask.method, markup.same_page(ask.url), ask.body)
        if key not in self._asked:
            self._asked.add(key)
            self._lists.add(key[1])
            yield self._list_request(ask, Walk(entry=entry, first=ask, named=named))

    def _list_request(self, ask: Ask, walk: Walk, *, reread: bool = False) -> Request:
        return Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            headers=dict(ask.headers),
            callback=self.list_page,
            errback=self.list_failed,
            cb_kwargs={"ask": ask, "walk": walk, "reread": reread},
            dont_filter=True,
            priority=_LIST_FIRST,
        )

    def list_page(self, response: Response, ask: Ask, walk: Walk, reread: bool) -> Found:
        """Read a list page: follow its items, the columns below it, and the next page."""
        self.report.list_pages += 1
        if response.status >= 400:  # HTTP's own class of errors
            yield from self._no_list_page(response, ask, walk)
            return
        page = self._page(response, walk.entry, ask)
        listing = self._family.read(page)
        if problem := self._problem(listing, page, walk):
            self.report.lists_missed += 1
            self.report.trouble(TroubleKind.FAILED, ask.url, problem)
        new = walk.take(listing, ask)
        for item in new:
            yield from self._item(item, walk.name, page)
        for below in listing.columns:
            yield from self._column(walk.entry, below)
        following, again = walk.next(listing, reread=reread, new=bool(new))
        if following:
            yield self._list_request(following, walk, reread=again)
        else:
            self._end_of_column(walk)
        self._on_progress(self.report)

    def _problem(self, listing: Listing, page: Page, walk: Walk) -> str:
        """Why a list page is no list; "" for one that is. A column below may well be empty."""
        if listing.problem or listing.items or listing.columns or listing.following:
            return listing.problem
        if articles.is_missing(page):
            return "the list page says that it is not there"
        return "nothing is listed on the page" if walk.named and page.position == 1 else ""

    def _no_list_page(self, response: Response, ask: Ask, walk: Walk) -> Iterator[Request]:
        """A list page that answers with an error: past the end that is an end like any other."""
        beyond = response.status in _MISSING and ask.position > 1
        if not beyond:
            self.report.lists_missed += 1
            message = f"the list page answered {response.status}"
            self.report.trouble(TroubleKind.FAILED, ask.url, message)
        else:
            message = f"the list leads on to this page, which answered {response.status}"
            self.report.trouble(TroubleKind.SHORTFALL, ask.url, message)
        following, again = walk.next(Listing(), reread=not beyond, new=False)
        if following:
            yield self._list_request(following, walk, reread=again)
        else:
            self._end_of_column(walk)

    def list_failed(self, failure: Failure) -> None:
        """A list page that could not be had. Called by Scrapy."""
        self.report.lists_missed += 1
        self._note_failure(failure)

    def _end_of_column(self, walk: Walk) -> None:
        if walk.cut:
            message = f"the list has more than {MOST_PAGES} pages; the rest was not read"
            self.report.trouble(TroubleKind.UNFINISHED, walk.first.url, message)
        elif walk.shortfall:
            message = f"the list announces {walk.announced} items and shows {len(walk.seen)}"
            self.report.trouble(TroubleKind.SHORTFALL, walk.first.url, message)
        elif walk.circling:
            message = "pages of the list showed nothing new; those after them were not read"
            self.report.trouble(TroubleKind.SHORTFALL, walk.first.url, message)

    # --- items --------------------------------------------------------------------------------

    def _item(self, item: Item, column: str, page: Page) -> Found:
        key = markup.same_page(item.url)
        if key in self._items:
            return
        self._items.add(key)
        item = replace(item, title=masked_title(item.title))
        self.report.listed += 1
        if not markup.relevant(item.title, column):
            self.report.irrelevant += 1
        elif markup.is_document(item.url):
            published = Publication(
                title=item.title,
                # The file is its own article: list pages come and go with what they list.
                page_url=item.url,
                entry=page.entry,
                published=item.published,
                department=item.department,
                attachments=(Attachment(url=item.url, label=item.title),),
            )
            yield from self._publication(published)
        else:
            yield self._article_request(item, page.entry)
