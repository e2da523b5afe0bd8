"""The rows of the ledger: what was seen, what was meant to be done, and what was done."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from typing import Literal

import msgspec

from archive.clock import day_of
from archive.model import ChangeKind, Kind, Level, Source

__all__ = [
    "Article",
    "Crawl",
    "Done",
    "Http",
    "Intent",
    "Made",
    "Observation",
    "Row",
    "Scope",
    "Status",
    "Torn",
    "Unseen",
    "Withheld",
]


Status = Literal["committed", "unchanged", "unfiled", "unreadable"]


class Http(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the server said beside the bytes."""

    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: dict[str, str] = {}
    redirects: tuple[str, ...] = ()
    """The addresses that led to the final one, in order, each with the status that sent on."""
    tls_name: str = ""
    """The name on the certificate of the server that answered; "" without TLS."""


class Observation(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="observation"
):
    """One look at one URL.

    `outcome` is "stored" (bytes not seen at this URL just before), "same", "not-modified", "gone",
    "blocked" or "refused:<why>"; only "stored" and what an operator insists on is read.
    """

    source: Source
    sha256: str | None = None
    media_type: str = ""
    size: int = 0
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: dict[str, str] = {}
    redirects: tuple[str, ...] = ()
    tls_name: str = ""
    run: str = ""
    outcome: str = "stored"
    stated: dict[str, str | int] = {}
    """The hints given with the bytes (fields of archive.identity.Hints), kept for a later retry."""
    insisted: bool = False
    """Read it although these bytes were seen at this URL before: an operator asked."""
    backfill: bool = False
    """An operator entered it later, as of the date it claims."""


class Intent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="intent"):
    """Written before a commit: what is about to be committed, and on top of which commit."""

    observation: str
    """Hash of the observation's row; "" for a commit no single observation leads to."""
    document_id: str
    sha256: str
    kind: ChangeKind
    parent: str
    """Commit the district's branch stood at; empty for a new repository."""


class Done(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="done"):
    """What became of one observation."""

    observation: str
    at: datetime
    status: Status
    sha256: str
    document_id: str = ""
    commit: str = ""
    kind: ChangeKind | None = None
    extractor: str = ""
    register: str = ""
    """Version of the register it was identified by."""
    message: str = ""
    beside: tuple[str, ...] = ()
    """Addresses of other files that its page carried too: what kept it from being filed."""


class Torn(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="torn"):
    """A crash left an unfinished line; its bytes lie in `aside`, below the ledger's folder."""

    at: datetime
    file: str
    offset: int
    size: int
    aside: str


class Article(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="article"):
    """One look at an article itself, asked for by its address in a complete, unblocked crawl.

    Written when it is not there, and when one that was missed is there again.
    """

    url: str
    portal: str
    at: datetime
    present: bool
    run: str = ""
    status: int = 0
    """HTTP status; 200 too for a page that only says that there is nothing."""
    evidence: str = ""
    """In a few words, why it counts as absent: "http-404", "soft-404", "home-page" …"""


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a list shows: None where it may show any kind, level or year."""

    division: str
    kind: Kind | None = None
    level: Level | None = None
    year: int | None = None
    agency: str = ""
    """Id or name, for a department's own page."""

    def may_show(
        self, division: str, kind: Kind, level: Level, year: int, names: Container[str]
    ) -> bool:
        """Whether a document like this would be listed there; `names` are the agency's, its id
        among them."""
        return (
            self.division == division
            and (not self.agency or self.agency in names)
            and self.kind in (None, kind)
            and self.level in (None, level)
            and self.year in (None, year)
        )


class Unseen(msgspec.Struct, frozen=True, array_like=True):
    """A publication that was listed and whose document could not be had."""

    why: str
    """"no-file", "gone", "failed", "refused"."""
    title: str


class Crawl(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="crawl"):
    """How far one crawl of one portal could see; without it nothing is said to be missing."""

    portal: str
    at: datetime
    complete: bool
    """It came to its end, no host was closed to it, and every list was read."""
    scopes: tuple[Scope, ...]
    hindrances: dict[str, int] = {}
    """What may have hidden any document from it all the same, and how often: "shortfall" …"""
    unseen: tuple[Unseen, ...] = ()
    """Publications it lacks the documents of; which these may be, their titles tell."""
    run: str = ""

    @property
    def clear(self) -> bool:
        """Whether what it did not find was not there."""
        return self.complete and not self.hindrances

    @property
    def day(self) -> date:
        """The day it was in China."""
        return day_of(self.at)


class Made(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="made"):
    """A commit that no single observation led to: a withdrawal, a re-extraction …

    Without a commit it closes an intent that a crash kept from being carried out.
    """

    at: datetime
    division: str
    commit: str
    parent: str
    kind: ChangeKind
    document_id: str
    page: str = ""
    """The article it is about, for a withdrawal, a return or a migration."""
    run: str = ""


class Withheld(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="withheld"):
    """An original was sealed after a takedown."""

    at: datetime
    sha256: str
    reason: str


Row = Observation | Intent | Done | Torn | Article | Crawl | Made | Withheld
