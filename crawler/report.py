"""What one crawl of one portal found, and what stood in its way."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

__all__ = ["FAILURES", "HIDING", "OF_DOCUMENTS", "Look", "PortalReport", "Trouble", "TroubleKind"]


class TroubleKind(StrEnum):
    """What can stand in the way."""

    BLOCKED = "blocked"
    """A firewall turned us away; the host was left alone from then on."""
    POSTPONED = "postponed"
    """robots.txt could not be had: nothing was asked of the host."""
    FORBIDDEN = "forbidden"
    """robots.txt does not allow it."""
    OFFSITE = "offsite"
    """A link to a host that the portal file does not allow."""
    PRIVATE = "private"
    """A host that is no public address."""
    FAILED = "failed"
    """No answer, an error, or an answer cut off."""
    REFUSED = "refused"
    """Bytes that are not the document they claim to be."""
    GONE = "gone"
    """Listed or linked, and not there."""
    NO_FILE = "no-file"
    """An article without a file: its text is the document, or there is none."""
    SHORTFALL = "shortfall"
    """A list says it has more items or pages than it showed."""
    TOO_FEW = "too-few"
    """Fewer publications than the portal's minimum, or none at all."""
    OVERDUE = "overdue"
    """No harvest succeeded for longer than the portal's cadence allows."""
    FEWER = "fewer"
    """Fewer publications than a crawl before, and no withdrawals that account for it."""
    MISSING = "missing"
    """An article the archive has a document of is not there any more: perhaps withdrawn."""
    MASS_ABSENCE = "mass-absence"
    """So many articles are gone at once that the portal is at fault, not its publishers."""
    UNFINISHED = "unfinished"
    """The crawl ended before it was done."""
    UNREADABLE = "unreadable"
    """A stored document that the text stage cannot read."""
    UNFILED = "unfiled"
    """A stored document whose identity cannot be told."""
    UNVERIFIED = "unverified"
    """Nobody has looked at a live crawl of this portal yet."""


FAILURES: Final = frozenset(
    {
        TroubleKind.BLOCKED,
        TroubleKind.POSTPONED,
        TroubleKind.PRIVATE,
        TroubleKind.FAILED,
        TroubleKind.REFUSED,
        TroubleKind.TOO_FEW,
        TroubleKind.FEWER,
        TroubleKind.OVERDUE,
        TroubleKind.MASS_ABSENCE,
        TroubleKind.UNFINISHED,
        TroubleKind.UNREADABLE,
        TroubleKind.UNFILED,
    }
)
"""Troubles that mean something may be missing from the archive, and so fail a harvest."""


OF_DOCUMENTS: Final = frozenset({TroubleKind.UNREADABLE, TroubleKind.UNFILED})
"""Troubles with a document that is stored: crawling again does not mend them."""


HIDING: Final = frozenset(TroubleKind) - OF_DOCUMENTS - {TroubleKind.MISSING, TroubleKind.OVERDUE}
"""Troubles of a crawl after which a document may be published that it did not show. A missing
article is known; stored documents that cannot be filed are in the ledger."""


class Trouble(msgspec.Struct, frozen=True):
    """One thing that stood in the way, named so that it is known again in the next run."""

    kind: TroubleKind
    subject: str
    """The address, host or sha256 concerned; "" for the portal as a whole."""
    message: str

    @property
    def sentence(self) -> str:
        """The trouble in words, with its subject unless the message names it."""
        if not self.subject or self.subject in self.message or self.kind in OF_DOCUMENTS:
            return self.message
        return f"{self.subject}: {self.message}"

    @property
    def key(self) -> str:
        """What makes two troubles of one portal the same trouble."""
        return f"{self.kind}|{self.subject}"


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look at an article the archive knows: the status, and why it counts as absent."""

    status: int
    evidence: str = ""
    """"" for an article that is there."""


class PortalReport(msgspec.Struct):
    """Counts and troubles of one crawl of one portal."""

    portal: str
    division: str
    list_pages: int = 0
    listed: int = 0
    """Items on list pages, each address once."""
    irrelevant: int = 0
    """Items whose title and column are not about budgets or final accounts: not followed."""
    lists_missed: int = 0
    """List pages that could not be had or read: what they list is not known."""
    articles: int = 0
    publications: int = 0
    """Items with at least one file."""
    files: dict[str, int] = {}
    """How often each outcome of looking at a file: stored, same, not-modified, gone …"""
    looks: dict[str, Look] = {}
    """Looks at articles under which documents are archived, by address; not known: not here."""
    known_articles: int = 0
    """How many such articles there are."""
    lost: list[str] = []
    """Articles of a mass absence: gone, and not taken for withdrawn unless a person says so."""
    troubles: list[Trouble] = []
    unseen: dict[str, list[str]] = {}
    """Of troubles (by key) that cost single publications their documents: the titles of these."""
    ended: str = ""
    """Why the crawl ended, in Scrapy's word or ours: "finished" when it was done; "" before."""

    def trouble(
        self, kind: TroubleKind, subject: str, message: str, title: str | None = None
    ) -> None:
        """Note a trouble, once; with the title of the publication it cost a document."""
        found = Trouble(kind=kind, subject=subject, message=message)
        if title is not None:
            self.lacks(found, title)
        if all(found.key != known.key for known in self.troubles):
            self.troubles.append(found)

    def lacks(self, trouble: Trouble, title: str) -> None:
        """Note that a trouble cost the publication of this title a document."""
        titles = self.unseen.setdefault(trouble.key, [])
        if title not in titles:
            titles.append(title)

    def count_file(self, outcome: str) -> None:
        """Count one look at one file; what follows a colon is detail."""
        name = outcome.partition(":")[0]
        self.files[name] = self.files.get(name, 0) + 1

    @property
    def progress(self) -> str:
        """How far the crawl is, for a person watching."""
        files = sum(self.files.values())
        return f"{self.list_pages} list pages, {self.articles} articles, {files} files"

    @property
    def complete(self) -> bool:
        """True if it went through and every list was read: only then is absence a finding."""
        return self.went_through and not self.lists_missed

    @property
    def went_through(self) -> bool:
        """True if the crawl came to its end and no host was closed to it.

        Single pages may have failed: they are troubles of their own.
        """
        hindered = {TroubleKind.BLOCKED, TroubleKind.POSTPONED, TroubleKind.UNFINISHED}
        return self.ended == "finished" and not any(
            trouble.kind in hindered for trouble in self.troubles
        )
