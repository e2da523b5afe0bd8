"""Writing down what was seen: every look at a file is a row of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from archive.identity import Hints
from archive.ledger import Http, Ledger, Observation
from archive.masking import mask
from archive.model import Source
from archive.originals import Originals, media_type
from crawler import filenames
from crawler.portals import Entry, Portal
from crawler.publications import Fetched, Publication

if TYPE_CHECKING:
    from archive.receiving import Receiving

__all__ = ["Facts", "Observer"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server said: final address, status, headers (names in lower case), size."""

    final_url: str
    status: int
    headers: dict[str, str]
    size: int = 0


class Observer:
    """Hands bytes and facts to the archive in the name of one run."""

    def __init__(
        self,
        receiving: Receiving,
        ledger: Ledger,
        originals: Originals,
        run: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._receiving = receiving
        self._ledger = ledger
        self._originals = originals
        self._run = run
        self._clock = clock

    def known_articles(self, portal: Portal) -> frozenset[str]:
        """The addresses of this portal's articles under which documents are archived."""
        return frozenset(self._ledger.articles(portal.slug))

    def validators(self, url: str) -> dict[str, str]:
        """The headers that let a server answer "not modified" about bytes we hold.

        None are sent when the original is not in the store, or is a PDF that could not be read
        (it may have broken off on its way here): then it has to come again.
        """
        last = self._ledger.last_seen(url)
        if last is None or last.sha256 is None or last.sha256 not in self._originals:
            return {}
        if last.media_type == "application/pdf" and self._ledger.unread(url):
            return {}
        headers = {"If-None-Match": last.etag, "If-Modified-Since": last.last_modified}
        return {name: value for name, value in headers.items() if value}

    def confirms(self, url: str, answer: Facts) -> bool:
        """Whether a 304 to our validators is about the bytes we hold.

        Validators travel along when an address leads elsewhere than it did, where an older file is
        "not modified" since a later date. A server that names other validators than ours speaks of
        other bytes.
        """
        last = self._ledger.last_seen(url)
        if last is None or answer.final_url != last.final_url:
            return False
        etag = answer.headers.get("etag", last.etag)
        modified = answer.headers.get("last-modified", last.last_modified)
        return _strong(etag) == _strong(last.etag) and modified == last.last_modified

    def offer(self, portal: Portal, fetched: Fetched) -> str:
        """Store the bytes of a file and say whether they are new at its address.

        Returns "stored" or "same".
        """
        before = self._ledger.last_seen(fetched.attachment.url)
        source = self._source(
            portal, fetched.attachment.url, fetched.publication, fetched.status, fetched
        )
        sha256 = self._receiving.offer(
            fetched.body,
            source,
            _hints(portal, fetched.publication.entry),
            http=Http(
                final_url=fetched.final_url,
                etag=fetched.headers.get("etag", ""),
                last_modified=fetched.headers.get("last-modified", ""),
                headers=_kept(fetched.headers),
                redirects=fetched.redirects,
                tls_name=fetched.tls_name,
            ),
        )
        return "same" if before is not None and before.sha256 == sha256 else "stored"

    def offer_page(self, portal: Portal, fetched: Fetched) -> str:
        """Store a page that is itself the document, if its article part is new at its address.

        Returns "stored" or "same". What changes around the article is no other version.
        """
        url = fetched.attachment.url
        last = self._ledger.last_seen(url)
        kept = {**_kept(fetched.headers), _PART: fetched.part}
        source = self._source(portal, url, fetched.publication, fetched.status, fetched)
        known = last is not None and last.sha256 is not None and last.sha256 in self._originals
        if last is not None and known and last.headers.get(_PART) == fetched.part:
            self._ledger.append(
                Observation(
                    source=source,
                    sha256=last.sha256,
                    media_type=last.media_type,
                    size=len(fetched.body),
                    final_url=fetched.final_url,
                    headers=kept,
                    redirects=fetched.redirects,
                    tls_name=fetched.tls_name,
                    run=self._run,
                    outcome="same",
                )
            )
            return "same"
        self._receiving.offer(
            fetched.body,
            source,
            _hints(portal, fetched.publication.entry),
            http=Http(
                final_url=fetched.final_url,
                headers=kept,
                redirects=fetched.redirects,
                tls_name=fetched.tls_name,
            ),
        )
        return "stored"

    def not_modified(self, portal: Portal, fetched: Fetched) -> None:
        """The server says the bytes are those we hold, and `confirms` bears it out."""
        last = self._ledger.last_seen(fetched.attachment.url)
        if last is None:
            raise ValueError(f"nothing is held of {fetched.attachment.url}")
        source = self._source(
            portal, fetched.attachment.url, fetched.publication, fetched.status, fetched
        )
        self._ledger.append(
            Observation(
                source=source,
                sha256=last.sha256,
                media_type=last.media_type,
                size=last.size,
                final_url=fetched.final_url,
                etag=last.etag,
                last_modified=last.last_modified,
                headers=_kept(fetched.headers),
                redirects=fetched.redirects,
                tls_name=fetched.tls_name,
                run=self._run,
                outcome="not-modified",
            )
        )

    def without_bytes(self, portal: Portal, fetched: Fetched, outcome: str) -> None:
        """An answer that brings no document: "gone" or "refused:<why>". Its bytes are not kept."""
        source = self._source(
            portal, fetched.attachment.url, fetched.publication, fetched.status, fetched
        )
        self._ledger.append(
            Observation(
                source=source,
                media_type=media_type(fetched.body),
                size=len(fetched.body),
                final_url=fetched.final_url,
                headers=_kept(fetched.headers),
                redirects=fetched.redirects,
                tls_name=fetched.tls_name,
                run=self._run,
                outcome=outcome,
            )
        )

    def failed(self, portal: Portal, url: str, publication: Publication, why: str) -> None:
        """No whole answer came for a file."""
        source = self._source(portal, url, publication, 0)
        self._ledger.append(Observation(source=source, run=self._run, outcome=f"refused:{why}"))

    def blocked(
        self, portal: Portal, url: str, facts: Facts, evidence: str, publication: Publication | None
    ) -> None:
        """A block page came instead of a page or a file; `evidence` is how it begins."""
        self._ledger.append(
            Observation(
                source=self._source(portal, url, publication, facts.status),
                size=facts.size,
                final_url=facts.final_url,
                headers={**_kept(facts.headers), "evidence": evidence},
                run=self._run,
                outcome="blocked",
            )
        )

    def _source(
        self,
        portal: Portal,
        url: str,
        publication: Publication | None,
        status: int,
        fetched: Fetched | None = None,
    ) -> Source:
        label, disposition = "", ""
        if fetched:
            label = fetched.attachment.label
            disposition = fetched.headers.get("content-disposition", "")
        return Source(
            url=url,
            page_url=publication.page_url if publication else "",
            title=publication.title if publication else "",
            article=publication.article if publication else "",
            published=publication.published if publication else None,
            observed=self._clock(),
            status=status,
            portal=portal.slug,
            filename=mask(filenames.label(url, label, disposition)),
        )


def _hints(portal: Portal, entry: Entry) -> Hints:
    """What the portal file states about everything listed under an entry."""
    return Hints(
        division=entry.division or portal.division,
        agency=entry.agency,
        level=entry.level,
        year=entry.year,
        kind=entry.kind,
    )


def _strong(etag: str) -> str:
    """An ETag without the mark of a weak one, which the comparison for a 304 ignores (RFC 9110)."""
    return etag.removeprefix("W/")


_PART: Final = "article-part"
"""Kept beside the headers: what the article part of a page amounted to."""

_KEPT: Final = (
    "age",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "server",
    "via",
)


def _kept(headers: dict[str, str]) -> dict[str, str]:
    """The headers worth keeping as evidence; cookies and tokens are not."""
    return {name: headers[name] for name in _KEPT if name in headers}
