"""Are the bytes what they claim to be? Then they go to the archive; otherwise that is recorded."""

from __future__ import annotations

import posixpath
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from scrapy.crawler import Crawler

from archive.originals import media_type
from crawler import articles
from crawler.decoding import decode
from crawler.manners import spider_of
from crawler.publications import Fetched, Page
from crawler.report import TroubleKind

__all__ = ["ArchivePipeline", "Refused", "check", "outcome_without_bytes"]

_SHORTEST: Final = 16
"""Bytes. Some portals answer for lost files with two."""
_SHAPELESS: Final = frozenset({"application/octet-stream", "text/plain"})
_OPAQUE: Final = frozenset({"csv", "rtf", "ceb", "tar", "et", "wps", "txt"})
"""Endings of files whose content cannot be told apart from noise by its first bytes."""
_TAIL: Final = 2048
_MISSING: Final = (404, 410)


class Refused(Exception):  # noqa: N818 - says what is the case
    """The bytes are not the document they claim to be; the message is the reason, in kebab-case.

    Raised by `check`.
    """


class ArchivePipeline:
    """Item pipeline: Fetched in, one observation out."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Fetched) -> Fetched:
        """Record what became of one file. Called by Scrapy."""
        spider = spider_of(self.crawler)
        outcome = "" if item.part else outcome_without_bytes(item)
        if item.part:
            outcome = spider.observer.offer_page(spider.portal, item)
        elif outcome == "":
            outcome = spider.observer.offer(spider.portal, item)
        elif outcome == "not-modified":
            spider.observer.not_modified(spider.portal, item)
        else:
            spider.observer.without_bytes(spider.portal, item, outcome)
        spider.report.count_file(outcome)
        title = item.publication.title
        if outcome == "gone":
            message = f"{item.publication.page_url} links to it, but it is not there"
            spider.report.trouble(TroubleKind.GONE, item.attachment.url, message, title)
        elif outcome.startswith("refused:"):
            message = f"not stored ({outcome.removeprefix('refused:')})"
            spider.report.trouble(TroubleKind.REFUSED, item.attachment.url, message, title)
        return item


def outcome_without_bytes(item: Fetched) -> str:
    """The outcome of an answer without a document; "" for one that brings a document.

    "not-modified", "gone" or "refused:<why>".
    """
    if item.status == 304:
        return "not-modified" if item.confirmed else "refused:unconfirmed-304"
    if item.status in _MISSING or _leads_nowhere(item):
        return "gone"
    if item.status != 200:
        return f"refused:http-{item.status}"
    try:
        check(item)
    except Refused as why:
        return f"refused:{why}"
    return ""


def check(item: Fetched) -> None:
    """Raise Refused unless the bytes may be what their address and header claim."""
    if not item.body:
        raise Refused("empty")
    if len(item.body) < _SHORTEST:
        raise Refused("too-short")
    found = media_type(item.body)
    ending = _ending(item)
    if found in ("text/html", "application/xml"):
        raise Refused("html")
    if found in _SHAPELESS and (_claims_pdf(item) or ending not in _OPAQUE):
        raise Refused("not-a-pdf" if _claims_pdf(item) else "unrecognised")
    if found == "application/pdf" and item.unterminated and b"%%EOF" not in item.body[-_TAIL:]:
        raise Refused("incomplete")


def _claims_pdf(item: Fetched) -> bool:
    return _ending(item) == "pdf" or "application/pdf" in item.headers.get("content-type", "")


def _ending(item: Fetched) -> str:
    path = unquote(urlsplit(item.attachment.url).path)
    return posixpath.splitext(path)[1].lstrip(".").lower()


def _leads_nowhere(item: Fetched) -> bool:
    """True for a 200 that is the home page, or a page saying there is nothing here."""
    if item.status != 200 or media_type(item.body) != "text/html":
        return False
    if item.final_url != item.attachment.url and urlsplit(item.final_url).path in ("", "/"):
        return True
    text = decode(item.body, item.headers.get("content-type", ""))
    return articles.is_missing(Page(url=item.final_url, text=text, entry=item.publication.entry))
