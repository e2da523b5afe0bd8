"""The points at the top of a digest, each one sentence with its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archive.model import Certainty, Kind
from diffing.changes import Change, Significance, What
from diffing.compare import Comparison
from diffing.digest import Digest, Headline, Scope
from diffing.names import bare_title
from diffing.reasons import Reasons
from diffing.render.block import dotted, line_name, reasons_of, unsure
from diffing.render.full import WHOLE
from diffing.render.method import found_once
from diffing.render.outcome import far_off
from diffing.render.page import Heading, Node, Paragraph, Points
from diffing.render.problems import problem_headline
from diffing.render.reasons import said
from diffing.render.sources import Sources
from diffing.roles import Table as Role
from diffing.rows import Row
from diffing.words import Wording

__all__ = ["headline_nodes"]


def headline_nodes(digest: Digest, words: Wording, sources: Sources) -> Iterator[Node]:
    """The headline list with its heading; nothing where nothing was compared or checked."""
    yield from _Headlines(digest, words, sources).headlines()


def _open(change: Change) -> bool:
    """Whether it cannot be told what became of a row or statement."""
    return bool(change.unread) or change.kind is What.UNMATCHED


class _Headlines:
    def __init__(self, digest: Digest, words: Wording, sources: Sources) -> None:
        self.digest, self.words, self.sources = digest, words, sources
        # headlines of several agencies always say whose they are, even where one has them all
        self.many = digest.scope in (Scope.RUN, Scope.PERIOD)

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
        if headline.executed is not None:
            return self.executed(headline)
        row = headline.row
        assert row is not None  # noqa: S101 - a headline is a row, a change or a finding
        assert comparison is not None  # noqa: S101 - a row stands in one
        sides = words.side(comparison.old), words.side(comparison.new)
        told = words.comparison(row.cell, *sides)
        fields = {"subject": self.subject(row, comparison.new.kind), "said": told}
        text = (
            words("point-of", agency=comparison.new.agency, **fields)
            if self.many
            else words("point", **fields)
        )
        why = reasons_of(row, comparison, Reasons(comparison.new.document))
        return Paragraph(
            unsure(text, row.cell.certainty, words),
            self.sources.of_cell(row.cell),
            below=said(why, comparison.new, words, self.sources),
        )

    def executed(self, headline: Headline) -> Paragraph:
        """A final account far off its budget."""
        words, line, execution = self.words, headline.executed, headline.execution
        assert line is not None  # noqa: S101 - the caller asked
        assert execution is not None  # noqa: S101 - a line stands in one
        text = far_off(line, execution, words)
        places = [figure.at for figure in (line.original, line.outcome) if figure]
        reasons = Reasons(execution.final.document).of_execution(line)
        below = said(reasons, execution.final, words, self.sources)
        return Paragraph(text, self.sources.of_places(places), below=below)

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
