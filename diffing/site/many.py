"""The digest of many documents: what moved most, and one line for each, from what is kept of them.

In the month in which a district publishes it has hundreds of documents. Each of them has a digest
of its own; all of those on one page would be megabytes, and one late document would have all of
them compared again. Nothing is opened for this page, and every line leads to a document's digest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from archive.events import State
from archive.model import Amount, ChangeKind, Kind, Unit
from archive.paths import identity_of
from diffing.changes import Cell as Figures
from diffing.changes import CellKind
from diffing.digest.gathering import CONTENT, OURS
from diffing.digest.model import Happening
from diffing.figures import exact, places, signed
from diffing.names import bare, bare_title
from diffing.render.block import dotted, unsure
from diffing.render.overview import overview_columns
from diffing.render.page import Cell, Cite, Heading, Labels, Node, Page, Paragraph, Points
from diffing.render.page import Table as Rows
from diffing.roles import Table
from diffing.site import addresses
from diffing.site.composed import later
from diffing.site.dossier import revised
from diffing.site.summary import EXPENDITURE, INCOME

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.model import Identity
    from diffing.site.outturn import Missed
    from diffing.site.summary import Move, Summary
    from diffing.site.work import Work
    from diffing.words import Wording

__all__ = ["FEW", "Many", "Telling", "page_of"]

FEW: Final = 6
"""So many documents of a month or a run are told whole on one page; all of those are held in memory
at once."""
_HEADLINES: Final = 10
_WHOLES: Final = frozenset({"合计", "总计", "小计"})
"""Names of totals that do not say of what."""
_PLACE: Final = re.compile(r"p(\d+)(?:r(\d+))?")
"""The id of a place on a document's page."""
_FIRST: Final = frozenset({ChangeKind.FIRST, ChangeKind.BACKFILL})


class Telling(NamedTuple):
    """What some events come to."""

    new: tuple[str, ...]
    """Documents seen for the first time."""
    revised: tuple[tuple[str, str], ...]
    """(document id, commit) of each revision that has a page of its own, oldest first."""
    happenings: tuple[Happening, ...]
    """Events that changed nothing a reader could read, oldest first."""

    @classmethod
    def of(cls, work: Work, events: Mapping[str, Sequence[Entry]]) -> Telling:
        """Of these events, by document."""
        new, paged, happened = [], [], []
        for id_, entries in events.items():
            holding = work.catalogue.holdings.get(id_)
            pages = {entry.commit for entry, _ in revised(holding)} if holding else set()
            for entry in entries:
                if entry.kind in OURS:
                    continue
                if entry.kind in _FIRST and entry.state is not State.EARLIER:
                    new.append(id_)
                elif entry.commit in pages:
                    paged.append(entry)
                elif entry.kind not in CONTENT:
                    happened.append(entry)
        return cls(
            tuple(dict.fromkeys(new)),
            tuple((entry.document_id, entry.commit) for entry in sorted(paged, key=_when)),
            tuple(
                Happening(entry.kind, entry.subject, entry.document_id, entry.commit)
                for entry in sorted(happened, key=_when)
            ),
        )


def _when(entry: Entry) -> tuple[str, str]:
    return (entry.observed.isoformat() if entry.observed else "", entry.document_id)


class Many:
    """Puts the documents with these ids into words, for the page at `path`."""

    def __init__(self, work: Work, path: str, ids: Iterable[str]) -> None:
        self.words: Wording = work.frame.words.digest
        self.path, self.work = path, work
        known = (work.summaries[id_] for id_ in sorted(ids) if id_ in work.summaries)
        self.summaries: list[Summary] = list(known)

    def nodes(self, changed: Sequence[tuple[str, str]]) -> Iterator[Node]:
        """The largest moves, what was revised, and a line a document; `changed` is (document id,
        commit) of each revision."""
        words = self.words
        points = list(self._points(changed))
        if points:
            yield Heading(2, words("headlines"))
            yield Points(tuple(say() for say in points[:_HEADLINES]), leading=True)
            if len(points) > _HEADLINES:
                left = words("many-more", count=len(points) - _HEADLINES)
                yield Paragraph(left, small=True)
        if changed:
            yield Heading(2, words("revisions"))
            yield Points(tuple(self._revised(id_, commit) for id_, commit in changed))
        if self.summaries:
            yield Heading(2, words("many-documents"))
            yield self._lines()

    def _points(self, changed: Sequence[tuple[str, str]]) -> Iterator[Callable[[], Paragraph]]:
        """What was replaced; every document's first headline, the largest before; those that
        contradict themselves or came out far off their budget; then every document's second
        headline. Most are only counted."""
        for id_, commit in changed:
            known = self.work.summaries.get(id_)
            if known and (sentence := dict(known.revisions).get(commit)):
                yield partial(Paragraph, sentence, (self._before_and_after(id_, commit),))
        queues = [[(one, move) for move in _loud(one)] for one in self.summaries]
        rounds = list(zip_longest(*queues))
        yield from self._round(rounds[:1])
        ids = dict.fromkeys([*(one.id for one in self.summaries), *(id_ for id_, _ in changed)])
        yield from self._documents(ids)
        yield from self._round(rounds[1:])

    def _round(
        self, rounds: Iterable[Sequence[tuple[Summary, Move] | None]]
    ) -> Iterator[Callable[[], Paragraph]]:
        for pairs in rounds:
            found = [pair for pair in pairs if pair is not None]
            for summary, move in sorted(found, key=lambda pair: -abs(pair[1].difference)):
                yield partial(self._point, summary, move)

    def _documents(self, ids: Iterable[str]) -> Iterator[Callable[[], Paragraph]]:
        """The documents that contradict themselves or are far off their budget, a point each."""
        known = self.work.summaries
        for one in (known[id_] for id_ in ids if id_ in known):
            what = identity_of(one.id)
            if one.contradiction:
                yield partial(self._contradicted, one, what)
            if one.missed:
                yield partial(self._missed, one.missed, what)

    def _contradicted(self, summary: Summary, what: Identity) -> Paragraph:
        ids = summary.contradicted or ("findings",)
        cites = (self._place("many-place", what, id_) for id_ in ids)
        return Paragraph(summary.contradiction, tuple(dict.fromkeys(cites)))

    def _missed(self, missed: Missed, what: Identity) -> Paragraph:
        budget = structs.replace(what, kind=Kind.BUDGET)
        sides = ((budget, missed.original), (what, missed.outcome))
        cites = (self._place("many-of", side, id_) for side, id_ in sides if id_)
        return Paragraph(missed.sentence, tuple(cites))

    def _point(self, summary: Summary, move: Move) -> Paragraph:
        words, what = self.words, identity_of(summary.id)
        kind = words.kind(what.kind)
        sides = [words("side", year=year, kind=kind) for year in (what.year - 1, what.year)]
        text = words(
            "point-of",
            agency=self.work.catalogue.name(what.agency),
            subject=_subject(move, words),
            said=words.comparison(_figures(move), *sides),
        )
        before = addresses.before(what)
        cites = [
            self._place("many-of", one, anchor)
            for one, anchor in ((before, move.old_anchor), (what, move.new_anchor))
            if anchor
        ]
        return Paragraph(unsure(text, move.certainty, words), tuple(cites))

    def _place(self, key: str, what: Identity, id_: str) -> Cite:
        """Leads to a place of a document, which it names as far as its id says."""
        words, at = self.words, _PLACE.match(id_)
        page, row = at.groups() if at else (None, None)
        known = "page" if page and not row else "row" if row else "document"
        text = words(
            f"{key}-{known}", year=what.year, kind=words.kind(what.kind), page=page, row=row
        )
        return self._cite(text, what, id_)

    def _cite(self, text: str, what: Identity, fragment: str) -> Cite:
        known = self.work.summaries.get(what.document_id)
        original = known.original if known else ""
        return Cite(text, 0, later(what.document_id, original, fragment))

    def _revised(self, id_: str, commit: str) -> Paragraph:
        return Paragraph(self._name(id_), (self._before_and_after(id_, commit),))

    def _before_and_after(self, id_: str, commit: str) -> Cite:
        href = addresses.link(self.path, addresses.changes(id_, commit))
        return Cite(self.words("many-revision"), 0, href)

    def _lines(self) -> Rows:
        words = self.words
        totals = [_total(one) for one in self.summaries]
        decimals = places(
            value for move in totals if move for value in (move.old, move.new, move.difference)
        )
        return Rows(
            columns=overview_columns(words),
            rows=tuple(
                self._line(one, move, decimals)
                for one, move in zip(self.summaries, totals, strict=True)
            ),
            caption=words("overview-caption"),
        )

    def _line(self, summary: Summary, move: Move | None, decimals: int) -> tuple[Cell, ...]:
        words, cell = self.words, _figures(move) if move else None
        cites = [self._cite(words("many-document"), identity_of(summary.id), "")]
        told = addresses.told(summary.id)
        if told in self.work.output.wanted:
            href = addresses.link(self.path, told)
            cites.append(Cite(words("many-digest"), 0, href))
        total = words.new_figure(cell, decimals) if cell else _printed(summary)
        return (
            Cell(self._name(summary.id)),
            Cell(total),
            Cell(signed(move.difference, decimals) if move else ""),
            Cell(words.rate(cell) if cell else ""),
            Cell(str(len(list(_loud(summary)))) if summary.compared else "—"),
            Cell(str(summary.findings)),
            Cell("", cites=tuple(cites)),
        )

    def _name(self, id_: str) -> str:
        what = identity_of(id_)
        return self.words(
            "document",
            agency=self.work.catalogue.name(what.agency),
            year=what.year,
            level=self.words.level(what.level),
            kind=self.words.kind(what.kind),
        )


def page_of(words: Wording, title: str, standing: Sequence[str], nodes: Iterable[Node]) -> Page:
    """The page; its standing says that it is made of what the archive has now."""
    return Page(
        lang=words.html,
        title=title,
        standing=(words("label"), *standing, words("many-standing")),
        nodes=(*nodes, Heading(2, words("method")), Paragraph(words("many-method"), small=True)),
        sources=(),
        sources_title="",
        labels=Labels("", "", "", "", "", ""),
    )


def _loud(summary: Summary) -> Iterator[Move]:
    """What passed the highest thresholds, the totals of expenditure first; the same sum once."""
    seen = set()
    for move in sorted(summary.moves, key=lambda one: (not one.total, "收入" in one.name)):
        figures = move.old, move.new
        if move.loud and figures not in seen:
            seen.add(figures)
            yield move


def _subject(move: Move, words: Wording) -> str:
    """The name of a line where no table stands around it."""
    if move.table == Table.SANGONG:
        name = words.line(dotted(move.name))
        return words("sangong-line", name=name) if move.total and "三公" not in name else name
    if move.total and bare(move.name) in _WHOLES:
        return f"{bare_title(move.statement)} {words.line(move.name)}"
    return words.line(move.name)


def _total(summary: Summary) -> Move | None:
    """The grand total of expenditure against last year's, or else of income."""
    totals = [move for move in summary.moves if move.total and "总计" in move.name]
    spent = [move for move in totals if "支出" in move.name]
    return next(iter(spent or totals), None)


def _printed(summary: Summary) -> str:
    """The total where there is no last year to hold it against."""
    for role in (EXPENDITURE, INCOME):
        for line in summary.totals:
            if line.role == role and line.wan is not None:
                return exact(line.wan)
    return "—"


def _figures(move: Move) -> Figures:
    """Both sides as the words for two figures take them."""
    old, new = (
        None if value is None else Amount(exact(value), value) for value in (move.old, move.new)
    )
    return Figures(
        measure="",
        kind=CellKind.NUMBER,
        old=old,
        new=new,
        old_unit=Unit.WAN,
        new_unit=Unit.WAN,
        difference=move.difference,
        certainty=move.certainty,
    )
