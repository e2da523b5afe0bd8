"""Puts a digest into words: which headings, which tables, which sentence for which figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from archive.model import Certainty, Kind
from diffing.changes import Change, Significance, What
from diffing.compare import Comparison
from diffing.digest import Collected, Digest, Headline, Scope
from diffing.names import bare_title
from diffing.render.block import block_nodes, dotted, line_name, unsure
from diffing.render.full import WHOLE, full_list, revision
from diffing.render.links import Links
from diffing.render.method import found_once, method
from diffing.render.page import Cell, Column, Heading, Labels, Node, Page, Paragraph, Points, Table
from diffing.render.problems import (
    correction_nodes,
    problem_headline,
    problem_nodes,
    problems_left,
    same,
)
from diffing.render.sources import Sources
from diffing.roles import Table as Role
from diffing.rows import Row
from diffing.versions import lowest
from diffing.words import Wording

__all__ = ["compose"]

_ALL: Final = 2_000
"""So many changes are listed in the page itself; more would make it useless on a phone."""


def compose(digest: Digest, words: Wording, links: Links | None = None) -> Page:
    """The digest as a page in one language; its citations lead where `links` says, to what the
    publisher shows unless told."""
    sources = Sources(digest, words, links)
    composer = _Composer(digest, words, sources)
    return Page(
        lang=words.html,
        title=composer.title(),
        standing=tuple(composer.standing()),
        nodes=tuple(composer.nodes()),
        sources=sources.listed(),
        sources_title=words("sources"),
        labels=Labels(
            show=words("proof-show"),
            picture=words("crop-large"),
            alt=words("crop-of", place="{place}"),
            cite=words("citation"),
            document=words("source-document"),
        ),
    )


def _open(change: Change) -> bool:
    """Whether it cannot be told what became of a row or statement."""
    return bool(change.unread) or change.kind is What.UNMATCHED


class _Composer:
    def __init__(self, digest: Digest, words: Wording, sources: Sources) -> None:
        self.digest, self.words, self.sources = digest, words, sources
        # a run's headlines always say whose they are, even where only one agency has any
        self.many = digest.scope is Scope.RUN

    def title(self) -> str:
        """Whose documents are compared, or which day's harvest this is."""
        digest, words = self.digest, self.words
        if digest.scope is Scope.BETWEEN:
            comparison = digest.comparisons[0]
            if digest.revisions:
                return words("revision-title", document=words.document(comparison.new))
            return self.compared(comparison)
        date = f"{digest.created:%Y-%m-%d}" if digest.created else digest.run
        return words("title-run", date=date)

    def compared(self, comparison: Comparison) -> str:
        """Whose two years these are."""
        old, new = comparison.old, comparison.new
        return self.words(
            "title-between",
            agency=new.agency,
            new=new.year,
            old=old.year,
            level=self.words.level(new.level),
            kind=self.words.kind(new.kind),
        )

    def standing(self) -> Iterator[str]:
        """What a reader must know before the first figure."""
        yield self.words("label")
        if self.digest.run:
            yield self.words("run", run=self.digest.run)
        if self.digest.created:
            yield self.words("made", when=f"{self.digest.created:%Y-%m-%d %H:%M %Z}".strip())

    def nodes(self) -> Iterator[Node]:
        """All parts in reading order."""
        digest, words = self.digest, self.words
        if digest.comparisons or digest.headlines:
            yield from self.headlines()
        for block in digest.blocks:
            if digest.scope is Scope.RUN:
                yield Heading(2, self.compared(block.comparison))
            yield from block_nodes(block, words, self.sources)
            yield from self.problems(block.comparison)
        if digest.revisions:
            if digest.scope is Scope.RUN:
                yield Heading(2, words("revisions"))
            for comparison in digest.revisions:
                heading = digest.scope is Scope.RUN
                yield from revision(comparison, words, self.sources, heading=heading)
                yield from self.problems(comparison)
        yield from self.collected()
        yield from problems_left(digest, words, self.sources)
        yield from correction_nodes(digest.corrections, words)
        yield from self.events()
        yield from self.unread()
        yield from self.everything()
        yield Heading(2, words("method"))
        yield from method(digest, words)

    def problems(self, comparison: Comparison) -> Iterator[Node]:
        """What does not add up in the later document of a comparison."""
        for problems in self.digest.problems:
            if same(problems.version, comparison.new):
                yield Heading(3, self.words("problems"))
                yield from problem_nodes(problems, self.words, self.sources)

    def headlines(self) -> Iterator[Node]:
        """At most ten points, each with its places."""
        words, digest = self.words, self.digest
        if not (digest.headlines or digest.blocks or any(c.changes for c in digest.revisions)):
            return
        yield Heading(2, words("headlines"))
        if not digest.headlines:
            yield Paragraph(words(self.without()), small=True)
            return
        yield Points(tuple(self.headline(h) for h in self.digest.headlines), leading=True)
        if self.digest.headlines_left:
            yield Paragraph(words("headlines-more", count=self.digest.headlines_left), small=True)

    def without(self) -> str:
        """Why there are no headlines: the key of what is said."""
        if not any(comparison.compared for comparison in self.digest.comparisons):
            return "headlines-nothing"
        if not self.digest.blocks:
            return "headlines-none-revised"
        whole = all(
            block.totals and block.sangong and not any(_open(c) for c in block.comparison.changes)
            for block in self.digest.blocks
        )
        return "headlines-none" if whole else "headlines-partly"

    def headline(self, headline: Headline) -> Paragraph:
        """One point: a line of two years, or a published document that was replaced."""
        words, comparison = self.words, headline.comparison
        if headline.change is not None:
            return self.revised(headline)
        if headline.problem is not None:
            return problem_headline(headline, words, self.sources)
        row = headline.row
        assert row is not None  # noqa: S101 - a headline is a row, a change or a finding
        assert comparison is not None  # noqa: S101 - a row stands in one
        said = words.comparison(row.cell, words.side(comparison.old), words.side(comparison.new))
        fields = {"subject": self.subject(row, comparison.new.kind), "said": said}
        text = (
            words("point-of", agency=comparison.new.agency, **fields)
            if self.many
            else words("point", **fields)
        )
        return Paragraph(unsure(text, row.cell.certainty, words), self.sources.of_cell(row.cell))

    def revised(self, headline: Headline) -> Paragraph:
        """A published document that was replaced: how many rows, and the largest of them."""
        words, comparison, change = self.words, headline.comparison, headline.change
        assert change is not None  # noqa: S101 - the caller asked
        assert comparison is not None  # noqa: S101 - a change stands in one
        fields = {
            "document": words.document(comparison.new),
            "counts": self.counts(comparison),
            "statement": change.line.statement,
            "line": change.line.name or change.line.statement,
        }
        cites = self.sources.of_change(change)
        if change.kind in WHOLE:
            names = words("column-before"), words("column-after")
            fields["statement"] = found_once(change, words, names)
            return Paragraph(words("headline-revision-statement", **fields), cites)
        cell = change.cell
        if cell is None or cell.old is None or cell.new is None:
            what = words(f"what-{change.kind}")
            return Paragraph(words("headline-revision-listed", what=what, **fields), cites)
        known = cell.difference is not None
        text = words(
            "headline-revision" if known else "headline-revision-unit",
            measure=cell.measure,
            old=words.old_printed(cell),
            new=words.new_printed(cell),
            change=words.replacement(cell),
            **fields,
        )
        text = unsure(text, cell.certainty, words)
        others = (c for c in self.loud(comparison) if c is not change)
        if any(c.certainty is Certainty.RECOGNISED for c in others):
            text = words("said-with", said=text, note=words("some-recognised"))
        return Paragraph(text, self.sources.of_cell(cell))

    @staticmethod
    def loud(comparison: Comparison) -> list[Change]:
        """The changes that a replaced document is counted by."""
        return [c for c in comparison.changes if c.significance is Significance.HEADLINE]

    def counts(self, comparison: Comparison) -> str:
        """How many rows and statements of a replaced document are not what they were."""
        own = (What.NEW, What.DROPPED, What.STATEMENT_ADDED, What.STATEMENT_REMOVED)
        loud = self.loud(comparison)
        counts = Counter(c.kind if c.kind in own else What.CHANGED for c in loud)
        return self.words("count-joint").join(
            self.words(f"count-{kind}", count=counts[kind])
            for kind in (What.CHANGED, *own)
            if counts[kind]
        )

    def subject(self, row: Row, kind: Kind | None) -> str:
        """The name of a line where no table stands around it."""
        words = self.words
        if row.table is Role.TOTAL and row.whole and self.balanced(row):
            return words("total-both", kind=words.kind(kind))
        if row.table is Role.SANGONG and row.total and "三公" not in row.name:
            return words("sangong-line", name=words.line(dotted(row.name)))
        if row.whole and row.table not in (Role.TOTAL, Role.SANGONG):
            return f"{bare_title(row.statement)} {line_name(row, words)}"
        return line_name(row, words)

    def balanced(self, row: Row) -> bool:
        """True where both sides print one and the same grand total."""
        return "本年" not in row.name and any(
            {row.side, other.side} == {"收入", "支出"}
            and other.whole
            and "本年" not in other.name
            and other.figures == row.figures
            for block in self.digest.blocks
            if row in block.totals
            for other in block.totals
        )

    def collected(self) -> Iterator[Node]:
        """Every document archived for the first time, and the totals of those without a past."""
        words, found = self.words, self.digest.collected
        if not found:
            return
        yield Heading(2, words("collected"))
        yield Table(
            columns=(
                Column(words("column-document")),
                Column(words("column-statements")),
                Column(words("column-published")),
                Column(words("column-source")),
            ),
            rows=tuple(self.collected_row(c) for c in found),
        )
        alone = [c for c in found if c.totals]
        if alone:
            yield Paragraph(words("collected-totals"))
            yield Points(tuple(self.totals(c) for c in alone))

    def collected_row(self, collected: Collected) -> tuple[Cell, ...]:
        """Document, size, date, source."""
        version, words = collected.version, self.words
        statements = version.document.statements
        size = words(
            "tables", statements=len(statements), rows=sum(len(s.items) for s in statements)
        )
        published = version.published.isoformat() if version.published else "—"
        return (
            Cell(words.document(version)),
            Cell(size),
            Cell(published),
            Cell("", cites=self.sources.of_version(version)),
        )

    def totals(self, collected: Collected) -> Paragraph:
        """The printed totals of a document in one sentence, each with its place."""
        words = self.words
        said = [
            words("total-of", name=words.line(row.name), amount=words.amount(row.cell.new_wan))
            for row in collected.totals
            if row.cell.new_wan is not None
        ]
        text = words(
            "totals-of",
            document=words.document(collected.version),
            figures=words("joint").join(said),
        )
        sure = lowest(*(row.cell.certainty for row in collected.totals))
        text = unsure(text, sure, words)
        places = (row.cell.new_at for row in collected.totals if row.cell.new_wan is not None)
        return Paragraph(text, self.sources.of_places(places))

    def events(self) -> Iterator[Node]:
        """What happened without changing anything a reader could read."""
        words, found = self.words, self.digest.happenings
        if found:
            yield Heading(2, words("events"))
            said = (
                words("point", subject=h.name, said=words(f"event-{h.kind}")) + f" ({h.commit[:7]})"
                for h in found
            )
            yield Points(tuple(Paragraph(text) for text in said))

    def unread(self) -> Iterator[Node]:
        """Files that could not be read or filed, and why."""
        words, found = self.words, self.digest.outcomes
        if not found:
            return
        yield Heading(2, words("unread"))
        yield Table(
            columns=(
                Column(words("column-document")),
                Column(words("column-status")),
                Column(words("column-reason")),
            ),
            rows=tuple(
                (
                    Cell(o.source.title or o.source.filename or o.source.url, o.sha256[:12]),
                    Cell(words(f"unread-{o.status}")),
                    Cell(o.message),
                )
                for o in found
            ),
        )

    def everything(self) -> Iterator[Node]:
        """Every change of every comparison of two years, folded."""
        words = self.words
        comparisons = [block.comparison for block in self.digest.blocks]
        count = sum(len(c.changes) for c in comparisons)
        if not count:
            return
        yield Heading(2, words("all"))
        if count > _ALL:
            yield Paragraph(words("all-elsewhere", count=count), small=True)
            return
        for comparison in comparisons:
            if self.many:
                yield Heading(3, words.document(comparison.new))
            yield from full_list(comparison, words, self.sources)
