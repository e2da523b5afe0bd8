"""All pages of one document: as it stands, its earlier versions, what they changed, last year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.clock import day_of
from archive.events import Entry, is_version
from archive.model import Certainty, ChangeKind, Kind
from diffing.asof import as_of
from diffing.checks.judgements import Verdict
from diffing.checks.model import Group
from diffing.checks.saying import named
from diffing.checks.siblings import alongside
from diffing.citing import citation
from diffing.digest import Digest, Scope, of_document, of_versions
from diffing.finding import as_read_now
from diffing.render.html import body
from diffing.site import addresses
from diffing.site.anchors import Anchors
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.digests import first_points, leading_to
from diffing.site.document import pages, revisions, sheets
from diffing.site.former import Yearly, yearly
from diffing.site.leading import Leading, Pictures, composed
from diffing.site.movement import moved
from diffing.site.outturn import Carried, Missed, carried, missed
from diffing.site.problems import Problem, Shown, contradicted, faults, problems, proofs
from diffing.site.search import Lines, lines_of
from diffing.site.summary import Summary, moves, summarise
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.repository import Archive
    from diffing.checks.judgements import Judgement
    from diffing.compare import Comparison
    from diffing.render.page import Page
    from diffing.site.digests import SiteReview
    from diffing.site.frame import Frame
    from diffing.site.shelf import Shelf
    from diffing.thresholds import DigestSettings

__all__ = ["Dossier", "Paper", "paths", "revised"]

_REVISIONS: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_MOVES: Final = 14

Paper = tuple[str, Callable[[], bytes]]
"""(path, what makes the page): from what is in memory, whenever, in this process or a copy."""


def paths(holding: Holding, catalogue: Catalogue) -> list[str]:
    """Where the pages of a document lie, without opening it."""
    identity = holding.identity
    found = [addresses.document(identity)]
    found += [addresses.version(identity, original) for original in holding.originals()]
    found += [addresses.changes(identity, entry.commit) for entry, _ in revised(holding)]
    if _told(holding, catalogue):
        found.append(addresses.told(identity))
    return found


def _told(holding: Holding, catalogue: Catalogue) -> bool:
    """Whether there is anything a document can be held against."""
    beside = catalogue.beside(holding.identity)
    return "before" in beside or "other" in beside or any(revised(holding))


def revised(holding: Holding) -> Iterator[tuple[Entry, Entry]]:
    """Each revision with the event that put the version there which it replaced."""
    for place, entry in enumerate(holding.entries):
        if entry.kind not in _REVISIONS:
            continue
        before = next((e for e in holding.entries[place + 1 :] if is_version(e)), None)
        if before is not None:
            yield entry, before


class Dossier:
    """Reads one document and everything it is held against, and makes its pages."""

    def __init__(
        self,
        archive: Archive,
        catalogue: Catalogue,
        shelf: Shelf,
        frame: Frame,
        settings: DigestSettings,
        review: SiteReview,
        judged: Mapping[str, Judgement],
        pictures: Pictures,
    ) -> None:
        self.pictures = pictures
        self.present = as_of(archive, dict.fromkeys(catalogue.divisions), shelf.document)
        """The archive as it is, with what was just read at hand."""
        self.used: set[str] = set()
        """Paths of the pictures that the pages made last lead to."""
        self.catalogue, self.shelf, self.frame = catalogue, shelf, frame
        self.settings, self.review, self.judged = settings, review, judged

    def make(self, holding: Holding) -> tuple[Summary, Lines, list[Paper]]:
        """The summary, the search lines, and every page of a document.

        Raises UnknownDocument or RepositoryError where a version cannot be read.
        """
        identity = holding.identity
        version = self.shelf.version(identity.division, holding.entry)
        anchors = self.shelf.anchors(version)
        groups = self._groups(holding, version)
        standing = [group for group in groups if not self._wrong(group)]
        digest, moved_by, before = None, None, None
        if _told(holding, self.catalogue):
            with self.review.of(self.present):
                digest = of_document(
                    self.present,
                    self.catalogue.register,
                    identity,
                    self.settings,
                    review=self.review,
                )
            for block in digest.blocks:
                ids = self.shelf.anchors(block.comparison.old)
                moved_by = moves(block, ids, anchors)
                before = self._before(holding, block.comparison, ids)
        keys = [group.key for group in groups]
        summary = summarise(version, anchors, standing, moved_by, keys)
        self.used = set()
        path = addresses.document(identity)
        shown = self._problems(groups, version, path)
        made = [self._current(holding, version, anchors, shown, summary, before)]
        made += self._earlier(holding)
        if digest is not None:
            there = addresses.told(identity)
            made.append(self._paged(holding, there, digest, self._composed(there, digest)))
        changed = []
        for entry, replaced in revised(holding):
            found = of_versions(
                self._as_read_now(identity.division, replaced),
                self._as_read_now(identity.division, entry),
                self.settings,
            )
            there = addresses.changes(identity, entry.commit)
            page = self._composed(there, found)
            changed += [(entry.commit, point) for point in first_points(page.nodes)[:1]]
            made.append(self._paged(holding, there, found, page))
        lines, far_off = self._executed(holding, digest)
        headline, places = contradicted(groups, self.judged, version, anchors, self.frame.words)
        summary = msgspec.structs.replace(
            summary,
            pictures=tuple(sorted(self.used)),
            faults=tuple(faults(shown)),
            carried=lines,
            missed=far_off,
            revisions=tuple(changed),
            contradiction=headline,
            contradicted=places,
        )
        return summary, lines_of(version.document, anchors), made

    def _before(self, holding: Holding, comparison: Comparison, ids: Anchors) -> Yearly:
        """What differs from last year's document, led to as the document's page writes it."""
        path, former = addresses.document(holding.identity), comparison.old
        assert former.identity is not None  # noqa: S101 - it comes from the archive
        there = addresses.document(former.identity)
        return yearly(
            comparison, ids, lambda id_: addresses.link(path, there, id_), self.frame.words
        )

    def _executed(
        self, holding: Holding, digest: Digest | None
    ) -> tuple[tuple[Carried, ...], Missed | None]:
        """How the year of a final account was carried out, and what of it a headline says."""
        final = holding.identity.kind is Kind.FINAL
        for execution in digest.executions if digest and final else ():
            ids = self.shelf.anchors(execution.budget), self.shelf.anchors(execution.final)
            words = self.frame.words.digest
            return tuple(carried(execution, *ids, words)), missed(execution, *ids, words)
        return (), None

    def _as_read_now(self, division: str, entry: Entry) -> Version:
        """A version by the newest reading of the very file."""
        repository = self.present.repository(division)
        return as_read_now(repository, self.catalogue.register, entry)

    def _version(self, document_id: str) -> Version:
        """The current version of another document."""
        holding = self.catalogue.holdings[document_id]
        return self.shelf.version(holding.identity.division, holding.entry)

    def _groups(self, holding: Holding, version: Version) -> tuple[Group, ...]:
        return self.review.groups(
            version,
            lambda: [
                self._version(one.document_id).document
                for one in alongside(holding.identity)
                if one.document_id in self.catalogue.holdings
            ],
        )

    def _wrong(self, group: Group) -> bool:
        judgement = self.judged.get(group.key)
        return judgement is not None and judgement.verdict is not Verdict.CONFIRMED

    def _current(
        self,
        holding: Holding,
        version: Version,
        anchors: Anchors,
        found: list[Problem],
        summary: Summary,
        before: Yearly | None,
    ) -> Paper:
        path, words = addresses.document(holding.identity), self.frame.words
        values = self._values(holding, version, anchors, holding.entry, path, before)
        shown, left = moved(summary, path, words, _MOVES)
        values |= {
            "problems": found,
            "moves": shown,
            "moves_left": left,
            "standing": summary.findings,
            "told": _told(holding, self.catalogue),
            "superseded": False,
            "beside": self._beside(holding),
        }
        return path, partial(self._page, path, "document.html.j2", holding, **values)

    def _problems(self, groups: tuple[Group, ...], version: Version, path: str) -> list[Problem]:
        """The findings, with pictures of the rows they speak of and how to cite them."""
        found = proofs(groups, version, self.frame.words)
        if self.pictures.any([version]):
            self.pictures.make(found.places())
        links = Leading(path, [version], self._lead(path), self.pictures, self.shelf.anchors)
        where = self._shown(groups, version, path)
        told = problems(groups, self.judged, where, self.frame.words, found.of(links))
        self.used |= links.used
        return told

    def _shown(self, groups: Iterable[Group], version: Version, path: str) -> dict[str, Shown]:
        """Where the documents are shown that findings speak of."""
        found = {"": Shown("", self.shelf.anchors(version))}
        wanted = {p.document for g in groups for p in (*g.first.here, *g.first.there)}
        for one in alongside(version.identity) if version.identity else ():
            name = named(one.kind, one.year)
            if name in wanted and one.document_id in self.catalogue.holdings:
                page = addresses.link(path, addresses.document(one))
                found[name] = Shown(page, self.shelf.anchors(self._version(one.document_id)))
        return found

    def _lead(self, path: str) -> Callable[[str, str, str], str]:
        return leading_to(self.catalogue, path)

    def _earlier(self, holding: Holding) -> Iterator[Paper]:
        for original, entry in holding.originals().items():
            version = self.shelf.version(holding.identity.division, entry)
            path = addresses.version(holding.identity, original)
            anchors = self.shelf.anchors(version)
            values = self._values(holding, version, anchors, entry, path)
            values |= {
                "problems": None,
                "standing": 0,
                "moves": [],
                "moves_left": 0,
                "told": False,
                "superseded": True,
                "beside": [],
            }
            yield path, partial(self._page, path, "document.html.j2", holding, **values)

    def _composed(self, path: str, digest: Digest) -> Page:
        """A digest in words, for the page at `path`."""
        links = Leading(path, digest.versions, self._lead(path), self.pictures, self.shelf.anchors)
        page = composed(digest, self.frame.words.digest, links, self.pictures)
        self.used |= links.used
        return page

    def _paged(self, holding: Holding, path: str, digest: Digest, page: Page) -> Paper:
        frame, words = self.frame, self.frame.words
        short = words("show-changes" if digest.scope is Scope.BETWEEN else "document-digest")
        trail = [*self._trail(holding), (words.document(holding.identity),
                 addresses.document(holding.identity))]  # fmt: skip

        def make() -> bytes:
            shown = body(page, frame.ruled(path))
            return frame.page(path, "digest.html.j2", page.title, trail, short=short, body=shown)

        return path, make

    def _page(self, path: str, template: str, holding: Holding, **values: Any) -> bytes:
        label = self.frame.words.document(holding.identity)
        title = f"{self.catalogue.name(holding.identity.agency)} {label}"
        trail = self._trail(holding)
        return self.frame.page(path, template, title, trail, short=label, heading=title, **values)

    def _trail(self, holding: Holding) -> list[tuple[str, str]]:
        identity = holding.identity
        division, agency, year = identity.division, identity.agency, identity.year
        return [
            (self.catalogue.place(division), addresses.district(division)),
            (self.catalogue.name(agency), addresses.agency(division, agency)),
            (str(year), addresses.year(division, agency, year)),
        ]

    def _beside(self, holding: Holding) -> list[dict[str, str]]:
        words = self.frame.words
        return [
            {
                "text": words("away-before", year=one.year, kind=words(f"kind-{one.kind}")),
                "path": addresses.document(one),
            }
            for one in self.catalogue.beside(holding.identity).values()
        ]

    def _values(
        self,
        holding: Holding,
        version: Version,
        anchors: Anchors,
        entry: Entry,
        path: str,
        before: Yearly | None = None,
    ) -> dict[str, Any]:
        """What a document's page needs, whichever version it shows; with what differs from last
        year's document where that is held against it."""
        document, words = version.document, self.frame.words
        shown = sheets(document, anchors, words, before)
        certainties = {
            amount.certainty
            for statement in document.statements
            for item in statement.items
            for amount in item.amounts.values()
        }
        imaged = {Certainty.RECOGNISED, Certainty.CONFIRMED} & certainties
        here = addresses.document(holding.identity)
        known = dict.fromkeys(holding.entry.originals, here)
        known |= {o: addresses.version(holding.identity, o) for o in holding.originals()}
        changed = {
            one.commit: addresses.changes(holding.identity, one.commit)
            for one, _ in revised(holding)
        }
        return {
            "id": holding.id,
            "document": document,
            "before": before,
            "sheets": shown,
            "contents": pages(document, shown),
            "legend": [c for c in Certainty if c in certainties and c is not Certainty.TEXT],
            "imaged": bool(imaged) or any(r.code == "page-image" for r in document.remarks),
            "withdrawn": holding.withdrawn,
            "published": entry.published.isoformat() if entry.published else "",
            "observed": day_of(entry.observed).isoformat() if entry.observed else "",
            "commit": entry.commit,
            "url": entry.source_url,
            "current_url": holding.entry.source_url,
            "page_url": entry.source_page,
            "citation": citation(version, None, words.digest),
            "revisions": [
                msgspec.structs.replace(one, shown="" if one.shown == path else one.shown)
                for one in revisions(holding.entries, holding.entry, known, changed, words)
            ],
        }
