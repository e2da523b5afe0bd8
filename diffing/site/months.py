"""The digests of a district's months: the same as `mingzhang digest --division … --period …`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.clock import end_of
from archive.events import is_version
from archive.model import ChangeKind
from archive.repository import RepositoryError, UnknownDocument
from diffing.digest import Scope, of_span, parse_span
from diffing.digest.absent import Absence
from diffing.digest.gathering import OURS
from diffing.digest.model import Digest
from diffing.render.absent import absent_nodes
from diffing.render.gathered import event_nodes
from diffing.render.html import body
from diffing.render.page import Heading, Node, Page
from diffing.render.problems import correction_nodes
from diffing.site import addresses
from diffing.site.catalogue import Holding, again, hashed, month_of
from diffing.site.composed import decoded, encoded, later
from diffing.site.digests import Sources, first_points, leading_to, run_name, targets
from diffing.site.leading import Leading, composed
from diffing.site.many import FEW, Many, Telling, page_of
from diffing.site.state import Kept

if TYPE_CHECKING:
    from markupsafe import Markup

    from archive.events import Entry
    from diffing.site.work import Work
    from diffing.words import Wording

__all__ = ["Month", "happened", "put"]

_POINTS: Final = 3

Happened = Mapping[tuple[str, str], Mapping[str, Sequence["Entry"]]]
"""(division, month) → document id → its events of the month; months newest first."""


class Month(msgspec.Struct, frozen=True):
    """What lists say of a district's month."""

    division: str
    month: str
    title: str
    points: tuple[str, ...]
    """Its first headlines."""
    documents: tuple[str, ...]
    """Ids of the documents of which anything was seen."""
    revisions: int
    sources: Sources
    pictures: tuple[str, ...]
    """Paths of the pictures of rows it shows."""
    keys: tuple[str, ...]
    """Keys of the findings it tells."""

    @property
    def name(self) -> str:
        """What it is kept under."""
        return f"{self.division}/{self.month}"


def happened(holdings: Iterable[Holding]) -> Happened:
    """The months in which anything happened, by our own clock; a reading anew is no event."""
    found: dict[tuple[str, str], dict[str, list[Entry]]] = defaultdict(dict)
    for holding in holdings:
        for entry in holding.entries:
            if entry.observed is not None and entry.kind not in OURS:
                own = found[holding.identity.division, month_of(entry.observed)]
                own.setdefault(holding.id, []).append(entry)
    return {
        key: found[key] for key in sorted(found, key=lambda key: (key[0], key[1]), reverse=True)
    }


def put(
    work: Work, found: Happened, show: Callable[[int], None]
) -> dict[str, list[tuple[Month, str]]]:
    """Bring the pages of these months up to date.

    Returns by district what lists say of each, newest first, and what it was made from. A month
    that cannot be told is noted.
    """
    kept = work.state.digests()
    made: dict[str, list[tuple[Month, str]]] = defaultdict(list)
    for done, ((division, month), events) in enumerate(found.items(), 1):
        one = _Making(work, division, month, events)
        try:
            made[division].append(one.put(kept.get(f"{division}/{month}")))
        except (RepositoryError, UnknownDocument) as error:
            work.built.failed.append(f"month {month} of {division}: {error}")
        show(done)
    work.state.settle()
    return made


class _Making:
    """One month of one district."""

    def __init__(
        self,
        work: Work,
        division: str,
        month: str,
        events: Mapping[str, Sequence[Entry]],
    ) -> None:
        self.work = work
        self.division, self.month, self.events = division, month, events
        self.span = parse_span(month)
        self.over = end_of(self.span.until)
        self.path = addresses.month(division, month)
        self.runs = {run_name(run) for run in work.catalogue.runs_by_month.get(month, ())}
        gone = {
            id_
            for id_, entries in events.items()
            if any(entry.kind is ChangeKind.WITHDRAWAL for entry in entries)
        }
        self.absence = work.expected(division).absence(self.span, gone)

    def put(self, kept: Kept | None) -> tuple[Month, str]:
        """The page, made anew where an input of it is another; who did not publish may be judged
        anew without anything being opened."""
        work = self.work
        known = msgspec.msgpack.decode(kept.summary, type=Month) if kept else None
        key = self._key(known)
        if kept is None or known is None or kept.key != key or not work.output.has(known.pictures):
            known, page = self._made()
            # what people said of its findings is known only now
            key = self._key(known)
            if work.pictures.hurried():
                key = again(key)
            work.state.keep_digest(known.name, Kept(key, msgspec.msgpack.encode(known)), page)
        work.output.lent(known.pictures)
        key = hashed(key, msgspec.json.encode(self.absence).decode())
        place = work.catalogue.place(self.division)
        work.output.digest(
            self.path,
            (key, *targets(known.sources, work.catalogue)),
            known.name,
            known.title,
            self._body,
            ((place, addresses.district(self.division)),),
            short=self.month,
            feed=addresses.feed(self.division),
        )
        return known, key

    def _made(self) -> tuple[Month, bytes]:
        """What lists say of it, and the digest in words."""
        if self.many:
            return self._of_many()
        work = self.work
        digest = of_span(
            work.archive,
            work.register,
            self.division,
            self.span,
            work.inputs.digest,
            review=work.review,
            expected=work.expected(self.division),
            runs=self.runs,
            read=work.shelf.document,
        )
        links = Leading(self.path, digest.versions, later, work.pictures, work.shelf.anchors)
        page = composed(digest, work.frame.words.digest, links, work.pictures)
        month = Month(
            division=self.division,
            month=self.month,
            title=page.title,
            points=tuple(first_points(page.nodes))[:_POINTS],
            documents=tuple(sorted(self.events)),
            revisions=len(digest.revisions),
            sources=tuple((v.name, v.document.original) for v in digest.versions),
            pictures=tuple(sorted(links.used)),
            keys=tuple(g.key for p in digest.problems for g in p.groups),
        )
        return month, encoded(page)

    @property
    def many(self) -> bool:
        """Whether more documents were seen than one page can tell whole."""
        return len(self.events) > FEW

    def _of_many(self) -> tuple[Month, bytes]:
        """The same of many documents: from what is kept of them."""
        work, words = self.work, self.work.frame.words.digest
        told = Telling.of(work, self.events)
        digest = Digest(
            scope=Scope.PERIOD, name="", happenings=told.happenings, absence=self.absence
        )
        taken_back = work.review.corrections_in(
            self.division, self.span, self.events.keys(), self.runs
        )
        since, until = self.span.since.isoformat(), self.span.until.isoformat()
        place = work.register.division(self.division).name
        page = page_of(
            words,
            words("title-district", place=place, since=since, until=until),
            (),
            (
                *Many(work, self.path, told.new).nodes(told.revised),
                *absent_nodes(digest, words),
                *correction_nodes(taken_back, words),
                *event_nodes(digest, words),
            ),
        )
        month = Month(
            division=self.division,
            month=self.month,
            title=page.title,
            points=tuple(first_points(page.nodes))[:_POINTS],
            documents=tuple(sorted(self.events)),
            revisions=len(told.revised),
            sources=(),
            pictures=(),
            keys=(),
        )
        return month, encoded(page)

    def _body(self, kept: bytes) -> Markup:
        work = self.work
        page = decoded(kept, leading_to(work.catalogue, self.path))
        shown = judged_anew(page, self.absence, work.frame.words.digest)
        return body(shown, work.frame.ruled(self.path))

    def _key(self, known: Month | None) -> str:
        """What its digest is made from: its events and how they are read now, the documents they
        are held against, what people made of its findings and what was taken back."""
        work = self.work
        parts: list[object] = [work.base, self.division, self.month]
        for id_, entries in self.events.items():
            holding = work.catalogue.holdings[id_]
            parts += (entry.commit for entry in entries)
            for one in (holding, *work.catalogue.against(holding)):
                parts += self._stood(one)
            if self.many:
                parts.append(work.keys.get(id_, ""))
        for key in known.keys if known else ():
            if key in work.judged:
                made = work.judged[key]
                parts.append(f"{key} {made.verdict} {made.day} {made.reason}")
        taken_back = work.review.corrections_in(
            self.division, self.span, self.events.keys(), self.runs
        )
        parts += (f"{t.key} {t.withdrawal} {t.reason} {t.corrected}" for t in taken_back)
        return hashed(*parts)

    def _stood(self, holding: Holding) -> Iterator[str]:
        """What was there at the end of the month, and how it was read until now."""
        then = (e for e in holding.entries if e.observed and e.observed < self.over)
        yield next((entry.commit for entry in then if is_version(entry)), "")
        yield from (entry.commit for entry in holding.entries if entry.kind in OURS)


def judged_anew(page: Page, absence: Absence, words: Wording) -> Page:
    """The page with what is said now of who did not publish in the place of what it says."""
    fresh = tuple(absent_nodes(Digest(scope=Scope.PERIOD, name="", absence=absence), words))
    first = next(n for n, node in enumerate(page.nodes) if node == fresh[0])
    rest = (n for n in range(first + 1, len(page.nodes)) if _opens(page.nodes[n]))
    last = next(rest, len(page.nodes))
    return structs.replace(page, nodes=(*page.nodes[:first], *fresh, *page.nodes[last:]))


def _opens(node: Node) -> bool:
    """Whether another part of the digest begins."""
    return isinstance(node, Heading) and node.level <= 2
