"""What the ledger's rows come to, built by reading them once, in order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from archive.model import ChangeKind
from archive.rows import Article, Crawl, Done, Intent, Made, Observation, Row, Withheld

__all__ = ["Fate", "Memory", "Missing", "Pending"]

_CONFIRMED_AFTER: Final = timedelta(hours=24)
"""A page that is gone for a night of maintenance was not withdrawn."""


class Pending(msgspec.Struct, frozen=True):
    """An observation still to be dealt with, and where it stands in the order of things."""

    hash: str
    observation: Observation
    run_order: int
    position: int


class Missing(msgspec.Struct, frozen=True):
    """An article that is not there now: since when, and when that was last looked at."""

    url: str
    portal: str
    since: datetime
    last: datetime
    evidence: str
    position: int
    """Where its first absence stands in the order of things."""
    status: int = 0

    @property
    def confirmed(self) -> bool:
        """Whether two looks at least a day apart, and none between, found it absent."""
        return self.last - self.since >= _CONFIRMED_AFTER


class Fate(msgspec.Struct, frozen=True):
    """What last became of a document's place, and the article it is about."""

    kind: ChangeKind
    page: str
    position: int


_FATES: Final = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.RETURN, ChangeKind.MIGRATION})


class Memory:
    """The state of things after the rows fed so far."""

    def __init__(self) -> None:
        self.open: dict[str, Pending] = {}
        self.failed: dict[str, tuple[Pending, Done]] = {}
        self.intents: dict[str, Intent] = {}
        self.state: dict[str, Observation] = {}
        self.places: dict[str, set[tuple[str, str]]] = {}
        self.looked: dict[str, int] = {}
        self.committed: dict[str, int] = {}
        self.runs: dict[str, int] = {}
        self.missing: dict[str, Missing] = {}
        """Articles that are not there now, by address."""
        self.documents: dict[str, set[str]] = {}
        """Which documents an article's files were filed as."""
        self.portals: dict[str, str] = {}
        """The portal an article belongs to."""
        self.seen: dict[tuple[str, str], tuple[int, Observation]] = {}
        """When bytes (sha256) were last seen under an article, and that look."""
        self.fates: dict[str, Fate] = {}
        """What last became of a document's place: withdrawn, returned, moved."""
        self.made: list[Made] = []
        self.plans: dict[str, Intent] = {}
        """Intents of commits no single observation leads to, by document."""
        self.withheld: dict[str, Withheld] = {}
        self.crawls: dict[str, Crawl] = {}
        """The newest crawl of each portal."""
        self.clear_days: dict[str, set[date]] = {}
        """The days of each portal's crawls that nothing was hidden from."""
        self._position = 0

    def feed(self, hash_: str, row: Row) -> None:
        """Take in the next row."""
        self._position += 1
        match row:
            case Observation():
                self._observe(hash_, row)
            case Intent(observation=""):
                self.plans[row.document_id] = row
            case Intent():
                if row.observation in self.failed:
                    self.open[row.observation] = self.failed.pop(row.observation)[0]
                self.intents[row.observation] = row
            case Done():
                self._finish(row)
            case Article():
                self._look(row)
            case Crawl():
                self.crawls[row.portal] = row
                if row.clear:
                    self.clear_days.setdefault(row.portal, set()).add(row.day)
            case Made():
                self.plans.pop(row.document_id, None)
                if row.commit:
                    self.made.append(row)
                    self._note_fate(row.document_id, row.kind, row.page)
            case Withheld():
                self.withheld[row.sha256] = row

    def _observe(self, hash_: str, row: Observation) -> None:
        url = row.source.url
        run = self.runs.setdefault(row.run, len(self.runs))
        if row.outcome != "gone":
            self.looked[url] = run
        if row.sha256 is None:
            return
        page = row.source.page_url
        if page:
            # Whoever shows the article's file shows the article.
            self.missing.pop(page, None)
            self.portals[page] = row.source.portal
        self.seen[row.sha256, page] = (self._position, row)
        self.state[url] = row
        self.places.setdefault(row.sha256, set()).add((url, page))
        if row.outcome == "stored" or row.insisted:
            self.open[hash_] = Pending(hash_, row, run, self._position)

    def _look(self, row: Article) -> None:
        before = self.missing.pop(row.url, None)
        if not row.present:
            self.missing[row.url] = Missing(
                url=row.url,
                portal=row.portal,
                since=before.since if before else row.at,
                last=row.at,
                evidence=row.evidence,
                position=before.position if before else self._position,
                status=row.status,
            )

    def _note_fate(self, document_id: str, kind: ChangeKind | None, page: str) -> None:
        if kind in _FATES:
            self.fates[document_id] = Fate(kind, page, self._position)

    def left_alone(self, entry: Pending, done: Done) -> bool:
        """Whether this one was looked at since the files beside it were last linked."""
        own = self.looked.get(entry.observation.source.url, -1)
        return bool(done.beside) and all(self.looked.get(url, -1) < own for url in done.beside)

    def _finish(self, row: Done) -> None:
        self.intents.pop(row.observation, None)
        entry = self.open.pop(row.observation, None)
        if entry is None and row.observation in self.failed:
            entry = self.failed.pop(row.observation)[0]
        if entry is None:
            return
        page = entry.observation.source.page_url
        if row.document_id and page:
            self.documents.setdefault(page, set()).add(row.document_id)
        if row.status == "committed":
            self.committed[row.commit] = entry.run_order
            self._note_fate(row.document_id, row.kind, page)
        if row.status in ("unfiled", "unreadable"):
            self.failed[row.observation] = (entry, row)
