"""Articles and their files: what one spider does once a list has shown it where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.masking import mask
from crawler import absence, blocks, bodies, families, markup, way
from crawler.decoding import decode
from crawler.manners import TurnedAway
from crawler.observing import Facts, Observer
from crawler.portals import Entry, Portal, authority
from crawler.publications import Article, Ask, Attachment, Fetched, Item, Page, Publication
from crawler.report import Look, PortalReport, Trouble, TroubleKind

__all__ = ["Found", "Visitor", "masked_title"]

_LONGEST_TITLE: Final = 300
_NOT_MODIFIED: Final = 304
_VALIDATORS: Final = ("If-None-Match", "If-Modified-Since")
_OF_ONE: Final = frozenset({TroubleKind.OFFSITE, TroubleKind.PRIVATE, TroubleKind.FORBIDDEN})
"""Refusals that cost the publication that was asked for, and nothing else."""
# Each article with its files, so that a crawl that is cut off has whole publications.
_FILE_NEXT: Final = 2
_ARTICLE: Final = 1

Found = Iterator[Request | Fetched]


class Visitor(Spider):
    """Visits articles and files of one portal, and notes what stood in the way."""

    def __init__(
        self,
        portal: Portal,
        report: PortalReport,
        observer: Observer,
        on_progress: Callable[[PortalReport], None] = lambda _: None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.portal = portal
        self.report = report
        self.observer = observer
        self.closed_hosts: dict[str, str] = {}
        """Hosts not to be asked again in this run, and why."""
        self.shortest_delays: dict[str, float] = {}
        self._family = families.load(portal.family)
        self._on_progress = on_progress
        self._lists: set[str] = set()
        self._items: set[str] = set()
        self._files: set[str] = set()
        self._known: frozenset[str] = frozenset()

    # --- articles -----------------------------------------------------------------------------

    def _article_request(self, item: Item, entry: Entry) -> Request:
        return Request(
            item.url,
            callback=self.article,
            errback=self.article_failed,
            cb_kwargs={"item": item, "entry": entry},
            dont_filter=True,
            priority=_ARTICLE,
        )

    def _revisit(self, url: str) -> Request:
        return Request(
            url,
            callback=self.look,
            errback=self.article_failed,
            cb_kwargs={"url": url},
            dont_filter=True,
            priority=_ARTICLE,
        )

    def article(self, response: Response, item: Item, entry: Entry) -> Found:
        """Read an article and ask for its files."""
        self.report.articles += 1
        page = self._page(response, entry)
        if self._absent(response, page, item.url):
            message = f"listed as {item.title!r}, but the article is not there"
            self.report.trouble(TroubleKind.GONE, item.url, message, item.title)
            return
        if response.status >= 400:
            message = f"the article answered {response.status}"
            self.report.trouble(TroubleKind.FAILED, item.url, message, item.title)
            return
        found = self._family.article(page)
        files = tuple(replace(file, label=masked_title(file.label)) for file in found.attachments)
        found = replace(found, title=masked_title(found.title), attachments=files)
        in_page = not found.attachments and _is_account(item, found, page)
        if not found.attachments and not in_page:
            message = f"{item.title!r} has no file, and no tables in the page itself"
            self.report.trouble(TroubleKind.NO_FILE, item.url, message, item.title)
            return
        whole = item.title.rstrip("….") == item.title and item.title
        title = item.title if whole else found.title or item.title
        published = Publication(
            title=title,
            article=found.title if found.title != title else "",
            page_url=item.url,
            entry=entry,
            published=item.published or found.published,
            department=item.department or found.department,
            attachments=found.attachments,
        )
        if in_page:
            yield self._page_itself(published, response, page)
        yield from self._publication(published)

    def _page_itself(self, publication: Publication, response: Response, page: Page) -> Fetched:
        """The page as a document of its own."""
        return Fetched(
            publication=publication,
            attachment=Attachment(url=publication.page_url, label=publication.title),
            final_url=response.url,
            status=response.status,
            headers=_headers(response),
            body=response.body,
            redirects=way.redirects(response),
            tls_name=way.tls_name(response),
            part=bodies.fingerprint(page),
        )

    def _absent(self, response: Response, page: Page, asked: str) -> bool:
        """Whether an article is not there; notes the look at one the archive knows."""
        evidence = absence.why_absent(response.status, asked, page, self._lists)
        led = markup.same_page(response.url)
        if not evidence and led != markup.same_page(asked) and led in self._items:
            evidence = absence.MOVED
        if asked in self._known and (evidence or response.status < 400):
            self.report.looks[asked] = Look(response.status, evidence)
        return bool(evidence) and evidence != absence.MOVED

    def look(self, response: Response, url: str) -> None:
        """See whether an article that no list showed is there all the same."""
        self.report.articles += 1
        self._absent(response, self._page(response, self.portal.entries[0]), url)

    def article_failed(self, failure: Failure) -> None:
        """An article that could not be had. Called by Scrapy."""
        self._note_failure(failure)

    # --- files --------------------------------------------------------------------------------

    def _publication(self, publication: Publication) -> Iterator[Request]:
        self.report.publications += 1
        for attachment in publication.attachments:
            if attachment.url in self._files:
                continue
            self._files.add(attachment.url)
            validators = self.observer.validators(attachment.url)
            yield self._file_request(publication, attachment, validators)

    def _file_request(
        self, publication: Publication, attachment: Attachment, validators: dict[str, str]
    ) -> Request:
        return Request(
            attachment.url,
            # As it lies on the server: what is packed for the way can break off unnoticed.
            headers={"Accept-Encoding": "identity", **validators},
            callback=self.file,
            errback=self.file_failed,
            cb_kwargs={"publication": publication, "attachment": attachment},
            dont_filter=True,
            priority=_FILE_NEXT,
        )

    def file(self, response: Response, publication: Publication, attachment: Attachment) -> Found:
        """Hand a file on to the pipeline; a 304 about other bytes than ours is asked again."""
        self._on_progress(self.report)
        confirmed = False
        if response.status == _NOT_MODIFIED and _is_conditional(response.request):
            answer = Facts(response.url, response.status, _headers(response))
            confirmed = self.observer.confirms(attachment.url, answer)
            if not confirmed:
                yield self._file_request(publication, attachment, {})
                return
        yield Fetched(
            publication=publication,
            attachment=attachment,
            final_url=response.url,
            status=response.status,
            headers=_headers(response),
            body=response.body,
            redirects=way.redirects(response),
            tls_name=way.tls_name(response),
            unterminated="partial" in response.flags,
            confirmed=confirmed,
        )

    def file_failed(self, failure: Failure) -> None:
        """A file that could not be had. Called by Scrapy; the failure is an observation too."""
        error = failure.value
        if isinstance(error, TurnedAway):
            self._note_failure(failure)
            return  # never asked, or recorded when the block page came
        if isinstance(error, DownloadCancelledError):
            why = "too-large"
        elif isinstance(error, ResponseDataLossError):
            why = "incomplete"
        else:
            why = "no-answer"
        self._note_failure(failure)
        asked = failure.request.cb_kwargs  # type: ignore[attr-defined]  # set by Scrapy
        self.observer.failed(self.portal, asked["attachment"].url, asked["publication"], why)
        self.report.count_file("refused")

    # --- what all of them share ---------------------------------------------------------------

    def turned_away(self, request: Request, response: Response, reason: str) -> None:
        """A block page came: record it with its evidence and leave the host alone."""
        host = authority(response.url)
        self.closed_hosts[host] = reason
        proof = blocks.evidence(response.body)
        message = f"{host} turns us away: {reason}; it answered {response.status} {proof!r}"
        self.report.trouble(TroubleKind.BLOCKED, host, message)
        publication = request.cb_kwargs.get("publication")
        url = request.cb_kwargs["attachment"].url if publication else request.url
        if publication:
            self.report.count_file("blocked")
        facts = Facts(response.url, response.status, _headers(response), len(response.body))
        self.observer.blocked(self.portal, url, facts, proof, publication)

    def _note_failure(self, failure: Failure) -> None:
        """Note what the network did; middlewares have noted what they turned away."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        asked = request.cb_kwargs.get("item") or request.cb_kwargs.get("publication")
        if isinstance(error, TurnedAway):
            if asked is not None and error.kind in _OF_ONE:
                of_page = error.kind is TroubleKind.FORBIDDEN
                subject = request.url if of_page else authority(request.url)
                self.report.lacks(Trouble(error.kind, subject, ""), asked.title)
            return
        message = f"could not be fetched: {_first_line(failure)}"
        title = asked.title if asked is not None else None
        self.report.trouble(TroubleKind.FAILED, request.url, message, title)

    def page_failed(self, failure: Failure, response: Response) -> None:
        """Note a page that our own code stumbled over. Called by Scrapy, which logs where."""
        self.report.lists_missed += 1  # it may have been one
        message = f"could not be read: {_first_line(failure)}"
        self.report.trouble(TroubleKind.FAILED, response.url, message)

    def record_failed(self, item: Fetched, failure: Failure) -> None:
        """Note a file that could not be stored or recorded. Called by Scrapy."""
        message = f"could not be recorded: {_first_line(failure)}"
        self.report.trouble(
            TroubleKind.FAILED, item.attachment.url, message, item.publication.title
        )

    def _page(self, response: Response, entry: Entry, ask: Ask | None = None) -> Page:
        stated = (response.headers.get("Content-Type") or b"").decode("latin-1")
        text = decode(response.body, stated, self.portal.encoding)
        position, sent = (ask.position, ask.body) if ask else (1, b"")
        return Page(url=response.url, text=text, entry=entry, position=position, sent=sent)


def _first_line(failure: Failure) -> str:
    """What went wrong, in a line: the kind of error and the beginning of its text."""
    text = str(failure.value).strip().partition("\n")[0]
    return f"{type(failure.value).__name__}: {text}".rstrip(": ")


def masked_title(text: str) -> str:
    """A title without private persons: it is shown, and kept beside every observation."""
    return mask(text[:_LONGEST_TITLE])


def _is_account(item: Item, found: Article, page: Page) -> bool:
    """Whether a page without files is a budget or a final account itself."""
    return markup.relevant(item.title, found.title) and bodies.holds_document(page)


def _is_conditional(request: Request | None) -> bool:
    return request is not None and any(name in request.headers for name in _VALIDATORS)


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
