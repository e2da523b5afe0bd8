"""One year of an agency: its budget and final account side by side, and what happened to them.

All of it comes from what is kept of its documents and from the coverage matrix; none is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.matrix import Matrix, Standing
from archive.model import Kind, Level
from archive.paths import identity_of
from diffing.figures import exact, signed
from diffing.roles import Burden
from diffing.site import addresses
from diffing.site.agency import events_of
from diffing.site.matrix import cell_of
from diffing.site.mentions import mentioned
from diffing.site.summary import EXPENDITURE, INCOME, Line, Summary
from diffing.site.trends import in_wan, line_of

if TYPE_CHECKING:
    from archive.matrix import Cell as Known
    from diffing.site.catalogue import Holding
    from diffing.site.matrix import Cell as Shown
    from diffing.site.mentions import Mention, Mentions
    from diffing.site.outturn import Carried, Spent
    from diffing.site.work import Work

__all__ = ["put"]

_TOLD: Final = frozenset({Standing.MISSING, Standing.WITHDRAWN, Standing.LATE})
_ROLES: Final = (
    INCOME,
    EXPENDITURE,
    *(str(b) for b in Burden if b not in (Burden.OTHER, Burden.OPERATING)),
)
_Key = tuple[str, str]
_Summaries = Mapping[str, Summary]


class Figure(msgspec.Struct, frozen=True):
    """One figure in 万元 that leads to its place, or why there is none."""

    text: str
    href: str = ""
    title: str = ""
    certainty: str = ""


class Row(msgspec.Struct, frozen=True):
    """One line of a table."""

    name: str
    cells: tuple[Figure | None, ...]
    code: str = ""
    note: str = ""


class Table(msgspec.Struct, frozen=True):
    """Figures of one level, department or unit."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Paper(msgspec.Struct, frozen=True):
    """One document of the year, there or not."""

    name: str
    cell: Shown | None
    """How it stands; None where the matrix does not say."""
    due: str
    seen: str
    path: str
    digest: str
    findings: int
    versions: int


def put(work: Work, spoken: Mentions) -> dict[_Key, list[int]]:
    """Bring the pages of every agency's years up to date; returns the years there are, newest
    first."""
    found: dict[_Key, list[int]] = {}
    for key, holdings in work.catalogue.by_agency.items():
        standing = _standing(work, key)
        years = {h.identity.year for h in holdings}
        years |= {cell.year for _, cell in standing if cell.standing in _TOLD}
        found[key] = sorted(years, reverse=True)
        for year in found[key]:
            _Year(work, key, year, found[key], standing, spoken).put()
    return found


def _standing(work: Work, key: _Key) -> list[tuple[Level, Known]]:
    """How an agency stands, in every year and kind that anything is known of."""
    division, agency = key
    return [
        (matrix.level, cell)
        for matrix in work.standing(division)
        for cell in _cells(matrix, agency)
    ]


def _cells(matrix: Matrix, agency: str) -> tuple[Known, ...]:
    return next((line.cells for line in matrix.lines if line.agency == agency), ())


class _Year:
    def __init__(
        self,
        work: Work,
        key: _Key,
        year: int,
        years: Sequence[int],
        standing: Sequence[tuple[Level, Known]],
        spoken: Mentions,
    ) -> None:
        self.work, self.words, self.year, self.years = work, work.frame.words, year, years
        self.division, self.agency = key
        self.page = addresses.year(*key, year)
        self.holdings = [h for h in work.catalogue.by_agency[key] if h.identity.year == year]
        # the register may know an agency as a unit whose documents are all of its department
        levels = {h.identity.level for h in self.holdings}
        self.standing = [
            (level, cell)
            for level, cell in standing
            if cell.year == year and (cell.document_id or cell.standing in _TOLD or level in levels)
        ]
        self.mentions: list[Mention] = mentioned(spoken, self.holdings)

    def put(self) -> None:
        """The page, made anew where an input of it is another."""
        work = self.work
        place, name = work.catalogue.place(self.division), work.catalogue.name(self.agency)
        title = self.words("year-heading", agency=name, year=self.year)
        work.output.page(
            self.page,
            (
                *(work.keys[h.id] for h in self.holdings),
                msgspec.json.encode(self.standing).decode(),
                *(mention.said for mention in self.mentions),
                *self.years,
            ),
            "year.html.j2",
            title,
            lambda: self.values(title),
            (
                (place, addresses.district(self.division)),
                (name, addresses.agency(self.division, self.agency)),
            ),
            short=str(self.year),
            feed=addresses.feed(self.division, self.agency),
        )

    def values(self, title: str) -> dict[str, Any]:
        """What the template needs."""
        own = [self.work.summaries[h.id] for h in self.holdings]
        return {
            "heading": title,
            "away": [
                {"text": str(year), "path": addresses.year(self.division, self.agency, year)}
                for year in (self._next(-1), self._next(1))
                if year is not None
            ],
            "papers": list(self._papers()),
            "tables": list(self._tables(own)),
            "execution": list(self._execution(own)),
            "findings": list(self._findings(own)),
            "events": events_of(self.holdings, self.words),
            "mentions": self.mentions,
        }

    def _next(self, step: int) -> int | None:
        """The nearest year before (-1) or after (1) that has a page."""
        there = [year for year in self.years if (year - self.year) * step > 0]
        return min(there, key=lambda year: abs(year - self.year), default=None)

    def _papers(self) -> Iterator[Paper]:
        """Every budget and final account of the year: how it stands, and where it is shown."""
        by_id = {h.id: h for h in self.holdings}
        for level, cell in self.standing:
            holding = by_id.pop(cell.document_id, None)
            yield self._paper(level, cell.kind, holding, cell)
        for holding in by_id.values():
            yield self._paper(holding.identity.level, holding.identity.kind, holding, None)

    def _paper(
        self, level: Level, kind: Kind, holding: Holding | None, cell: Known | None
    ) -> Paper:
        words, due = self.words, cell.due.day if cell else None
        summary = self.work.summaries[holding.id] if holding else None
        return Paper(
            name=f"{words(f'level-{level}')}{words.gap}{words(f'kind-{kind}')}",
            cell=cell_of(cell, self.work.catalogue, words),
            due=due.isoformat() if due else "",
            seen=summary.seen.isoformat() if summary and summary.seen else "",
            path=addresses.document(holding.identity) if holding else "",
            digest=addresses.told(holding.identity) if holding and self._told(holding) else "",
            findings=summary.findings if summary else 0,
            versions=cell.versions if cell else 0,
        )

    def _told(self, holding: Holding) -> bool:
        path = addresses.told(holding.identity)
        return path in self.work.output.wanted

    def _tables(self, summaries: Sequence[Summary]) -> Iterator[Table]:
        """Totals and "三公", the budget's beside the final account's."""
        words = self.words
        for level in Level:
            by_kind = {
                identity_of(s.id).kind: s for s in summaries if identity_of(s.id).level is level
            }
            kinds = [kind for kind in Kind if kind in by_kind]
            rows = [row for role in _ROLES if (row := self._row(role, by_kind, kinds))]
            if rows:
                columns = tuple(words(f"kind-{kind}") for kind in kinds)
                yield Table(words(f"level-{level}"), columns, tuple(rows))

    def _row(self, role: str, by_kind: Mapping[Kind, Summary], kinds: Sequence[Kind]) -> Row | None:
        """A line of both documents, with the names they print for it."""
        names = [line.name for kind in kinds if (line := line_of(by_kind[kind], role))]
        if not names:
            return None
        cells = tuple(self._figure(by_kind[kind], role) for kind in kinds)
        return Row(self.words(f"role-{role}"), cells, note=" / ".join(dict.fromkeys(names)))

    def _figure(self, summary: Summary, role: str) -> Figure | None:
        line: Line | None = line_of(summary, role)
        if line is None:
            return None
        at = self.words("figure-at", statement=line.statement, page=line.page)
        href = addresses.link(self.page, addresses.document(summary.id), line.anchor)
        return Figure(in_wan(line, self.words), href, at, str(line.certainty))

    def _execution(self, summaries: Sequence[Summary]) -> Iterator[Row]:
        """How the budget was carried out, as the digest of the final account tells it."""
        for summary in summaries:
            for line in summary.carried:
                yield self._carried(summary, line)

    def _carried(self, summary: Summary, line: Carried) -> Row:
        identity = identity_of(summary.id)
        final = addresses.document(identity)
        budget = addresses.document(msgspec.structs.replace(identity, kind=Kind.BUDGET))
        sure = str(line.certainty)
        derived = (
            None if line.difference is None else Figure(signed(line.difference), certainty=sure),
            Figure(line.rate, certainty=sure) if line.rate else None,
        )
        absent = Figure(self.words("not-listed"))
        printed = (
            self._spent(line.original, budget, sure) or absent,
            self._spent(line.full_year, final, sure),
            self._spent(line.outcome, final, sure) or absent,
        )
        return Row(line.name, (*printed, *derived), line.code, line.statement)

    def _spent(self, spent: Spent | None, path: str, certainty: str) -> Figure | None:
        if spent is None:
            return None
        href = addresses.link(self.page, path, spent.anchor)
        text = spent.text or self.words("blank") if spent.wan is None else exact(spent.wan)
        return Figure(text, href, certainty=certainty)

    def _findings(self, summaries: Sequence[Summary]) -> Iterator[dict[str, Any]]:
        for summary in summaries:
            if summary.faults:
                identity = identity_of(summary.id)
                yield {
                    "document": self.words.document(identity),
                    "path": addresses.document(identity),
                    "faults": summary.faults,
                }
