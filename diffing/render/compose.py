"""Puts a digest into words: which headings, which tables, which sentence for which figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.clock import CHINA
from diffing.compare import Comparison
from diffing.digest import Digest, Scope
from diffing.execution import Execution
from diffing.render.absent import absent_nodes
from diffing.render.block import block_nodes
from diffing.render.full import full_list, revision
from diffing.render.gathered import collected_nodes, event_nodes, history_nodes, unread_nodes
from diffing.render.headlines import headline_nodes
from diffing.render.links import Links
from diffing.render.method import method
from diffing.render.outcome import execution_nodes
from diffing.render.overview import overview_nodes
from diffing.render.page import Heading, Labels, Node, Page, Paragraph, Points
from diffing.render.problems import correction_nodes, problem_nodes, problems_left, same
from diffing.render.sources import Sources
from diffing.words import Wording

__all__ = ["compose"]

_ALL: Final = 2_000
"""So many changes are listed in the page itself; more would make it useless on a phone."""


def compose(
    digest: Digest, words: Wording, links: Links | None = None, *, whole: bool = True
) -> Page:
    """The digest as a page in one language; its citations lead where `links` says, to what the
    publisher shows unless told.

    A `whole` one lists every change of two years at its end. Otherwise they are counted there, for
    pages beside which the documents stand with last year's figures in them.
    """
    sources = Sources(digest, words, links, alone=whole)
    composer = _Composer(digest, words, sources, whole=whole)
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
            figures=words("crop-figures"),
            cite=words("citation"),
            document=words("source-document"),
        ),
    )


class _Composer:
    def __init__(self, digest: Digest, words: Wording, sources: Sources, *, whole: bool) -> None:
        self.digest, self.words, self.sources = digest, words, sources
        self.whole = whole
        self.many = digest.scope in (Scope.RUN, Scope.PERIOD)

    def title(self) -> str:
        """Whose documents are compared, or which day's harvest this is."""
        digest, words = self.digest, self.words
        if digest.scope is Scope.BETWEEN:
            comparison = digest.comparisons[0]
            if digest.revisions:
                return words("revision-title", document=words.document(comparison.new))
            return self.compared(comparison)
        if digest.scope is Scope.DOCUMENT:
            return words("title-document", document=words.document(digest.history[0]))
        if digest.span is not None:
            since, until = digest.span.since.isoformat(), digest.span.until.isoformat()
            return words("title-district", place=digest.place, since=since, until=until)
        date = f"{digest.created.astimezone(CHINA):%Y-%m-%d}" if digest.created else digest.run
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
            when = self.digest.created.astimezone(CHINA)
            yield self.words("made", when=f"{when:%Y-%m-%d %H:%M}")

    def nodes(self) -> Iterator[Node]:
        """All parts in reading order."""
        digest, words, sources = self.digest, self.words, self.sources
        if digest.comparisons or digest.headlines:
            yield from headline_nodes(digest, words, sources)
        if self.many:
            yield from overview_nodes(digest, words, sources)
        yield from self.agencies()
        if digest.revisions:
            heading = digest.scope is not Scope.BETWEEN
            if heading:
                yield Heading(2, words("revisions"))
            for comparison in digest.revisions:
                yield from revision(comparison, words, sources, heading=heading)
                yield from self.problems(comparison)
        yield from absent_nodes(digest, words)
        yield from history_nodes(digest, words, sources)
        yield from collected_nodes(digest, words, sources)
        yield from problems_left(digest, words, sources)
        yield from correction_nodes(digest.corrections, words)
        yield from event_nodes(digest, words)
        yield from unread_nodes(digest, words)
        yield from self.everything()
        yield Heading(2, words("method"))
        yield from method(digest, words)

    def agencies(self) -> Iterator[Node]:
        """Each comparison of two years with what does not add up in it, and how its year's budget
        was carried out; then the final accounts that nothing else is told of."""
        digest, words, sources = self.digest, self.words, self.sources
        left = {execution.final.name: execution for execution in digest.executions}
        for block in digest.blocks:
            new = block.comparison.new
            if digest.scope is not Scope.BETWEEN:
                yield Heading(2, self.compared(block.comparison))
            yield from block_nodes(block, words, sources)
            if execution := left.pop(new.name, None):
                yield Heading(3, self.carried_out(execution))
                yield from execution_nodes(execution, words, sources)
            yield from self.problems(block.comparison)
        for execution in left.values():
            yield Heading(2, self.carried_out(execution))
            yield from execution_nodes(execution, words, sources)

    def carried_out(self, execution: Execution) -> str:
        """Whose year is held against its budget."""
        final = execution.final
        return self.words(
            "execution-heading",
            agency=final.agency,
            year=final.year,
            level=self.words.level(final.level),
        )

    def problems(self, comparison: Comparison) -> Iterator[Node]:
        """What does not add up in the later document of a comparison."""
        for problems in self.digest.problems:
            if same(problems.version, comparison.new):
                yield Heading(3, self.words("problems"))
                yield from problem_nodes(problems, self.words, self.sources)

    def everything(self) -> Iterator[Node]:
        """Every change of every comparison of two years, folded; or how many there are, and where
        they stand."""
        words = self.words
        comparisons = [block.comparison for block in self.digest.blocks]
        count = sum(len(c.changes) for c in comparisons)
        if not count:
            return
        yield Heading(2, words("all"))
        if not self.whole:
            yield Points(tuple(self.counted(comparison) for comparison in comparisons))
            return
        if count > _ALL:
            yield Paragraph(words("all-elsewhere", count=count), small=True)
            return
        for comparison in comparisons:
            if self.many:
                yield Heading(3, words.document(comparison.new))
            yield from full_list(comparison, words, self.sources)

    def counted(self, comparison: Comparison) -> Paragraph:
        """How many changes there are in all, and the document in which each of them stands."""
        count = len(comparison.changes)
        said = self.words("all-counted", document=self.words.document(comparison.new), count=count)
        return Paragraph(said, self.sources.of_page(comparison.new), small=True)
