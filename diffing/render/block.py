"""One agency's two years: totals, "三公", classes, projects and other lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.model import Amount, Certainty
from archive.money import grouped
from diffing import figures
from diffing.changes import Change, Significance, What
from diffing.compare import Comparison
from diffing.reasons import Reason, Reasons
from diffing.render.asides import of_bases, of_suggestion, of_witnesses
from diffing.render.method import found_once, gaps, points, remainders
from diffing.render.page import Cell, Column, Heading, Node, Paragraph, Points, Table
from diffing.render.reasons import said
from diffing.render.sources import Sources
from diffing.roles import Table as Kind
from diffing.roles import table_of
from diffing.rows import Row
from diffing.select import Block
from diffing.versions import lowest
from diffing.words import Wording

__all__ = ["block_nodes", "dotted", "line_name", "proposed", "reasons_of", "unsure"]


_STATEMENTS: Final = 12


def block_nodes(block: Block, words: Wording, sources: Sources) -> Iterator[Node]:
    """The parts of a block in reading order."""
    writer = _Writer(block.comparison, words, sources)
    if missing := gaps(block.comparison, words):
        yield points(missing, small=False)
    if block.totals:
        yield Heading(3, words("totals"))
        yield writer.table(block.totals)
        yield from writer.shares(block.totals)
    yield Heading(3, words("sangong"))
    if block.sangong:
        yield writer.table(block.sangong)
    else:
        yield Paragraph(words("sangong-absent"), small=True)
    if block.classes:
        yield Heading(3, words("classes"))
        yield writer.table(block.classes)
    yield Heading(3, words("projects"))
    yield from writer.projects(block)
    if block.lines:
        yield Heading(3, words("lines"))
        for title in dict.fromkeys(row.statement for row in block.lines):
            yield writer.table([row for row in block.lines if row.statement == title], title)
    beside = (remainders, of_bases, of_witnesses)
    if rest := [said for tell in beside for said in tell(block.comparison, words)]:
        yield points(rest, small=False)
    if block.statements:
        yield Heading(3, words("statements"))
        yield Points(tuple(writer.statements(block.statements)))


def line_name(row: Row, words: Wording) -> str:
    """The line with the line above it, without which many names say nothing."""
    name = words.line(dotted(row.name) if row.table is Kind.SANGONG else row.name)
    return f"{row.under} › {name}" if row.under else name


def unsure(text: str, certainty: Certainty, words: Wording) -> str:
    """The text with a warning where the figure was not simply read."""
    if certainty is Certainty.TEXT:
        return text
    return words("said-with", said=text, note=words(f"certainty-{certainty}"))


def proposed(amounts: Iterable[Amount | None], words: Wording) -> Iterator[str]:
    """That a figure is quoted as it was recognised, where sums ask for another one."""
    for amount in amounts:
        if amount is not None and amount.proposed is not None:
            yield words("quoted-reading", value=grouped(amount.proposed))


def dotted(name: str) -> str:
    """The header path of a "三公" line: 公务用车购置及运行费-购置费 → … · 购置费."""
    return " · ".join(part for part in name.split("-") if part)


def reasons_of(row: Row, comparison: Comparison, reasons: Reasons) -> tuple[Reason, ...]:
    """The reasons the later document gives for a row of two years."""
    return reasons.of_row(row, comparison.old.year, comparison.new.kind)


class _Writer:
    def __init__(self, comparison: Comparison, words: Wording, sources: Sources) -> None:
        self.words, self.sources = words, sources
        self.comparison, self.reasons = comparison, Reasons(comparison.new.document)
        self.old, self.new = words.side(comparison.old), words.side(comparison.new)
        self.columns = words.column(comparison.old), words.column(comparison.new)

    def statements(self, changes: Sequence[Change]) -> Iterator[Paragraph]:
        """Statements found in one document only; performance forms, one a project, as a count."""
        plain = [c for c in changes if table_of(c.line.form) is not Kind.PERFORMANCE]
        for change in plain[:_STATEMENTS]:
            said = found_once(change, self.words, (self.old, self.new))
            yield Paragraph(said, self.sources.of_change(change))
        if len(plain) > _STATEMENTS:
            yield Paragraph(self.words("more", count=len(plain) - _STATEMENTS))
        kinds = Counter(c.kind for c in changes if table_of(c.line.form) is Kind.PERFORMANCE)
        for kind, count in kinds.items():
            side = self.new if kind is What.STATEMENT_ADDED else self.old
            yield Paragraph(
                self.words("statements-performance", count=count, side=self.words.spaced(side))
            )

    def shares(self, totals: Sequence[Row]) -> Iterator[Node]:
        """基本支出 and 项目支出 as shares of all expenditure; a change of a share is in points."""
        whole = next((r for r in totals if r.table is Kind.EXPENDITURE and r.whole), None)
        whole = whole or next(
            (r for r in reversed(totals) if r.table is Kind.TOTAL and r.whole), None
        )
        moved = []
        for row in totals:
            if whole is None or row.table is not Kind.EXPENDITURE or row.whole:
                continue
            shares = figures.shares(row.figures, whole.figures)
            if shares is not None:
                text = self.words.share(row.name, *shares[:2], (self.old, self.new), shares[2])
                cells = (row.cell, whole.cell)
                sure = lowest(*(cell.certainty for cell in cells))
                places = [at for cell in cells for at in (cell.old_at, cell.new_at)]
                cites = self.sources.of_places(places, pictured=False)
                moved.append(Paragraph(unsure(text, sure, self.words), cites))
        if moved:
            yield Points(tuple(moved))

    def projects(self, block: Block) -> Iterator[Node]:
        """Projects new, gone and changed; or that there is no table to tell them from."""
        words, projects = self.words, block.projects
        if not projects.listed:
            yield Paragraph(words("projects-unlisted"), small=True)
            return
        for key, rows in (
            ("projects-new", projects.new),
            ("projects-gone", projects.gone),
            ("projects-changed", projects.changed),
        ):
            if rows:
                yield self.table(rows, words(key))
        if projects.new and projects.gone:
            yield Paragraph(words("projects-by-name"), small=True)
        if projects.unsure:
            yield self.table(projects.unsure, words("projects-unsure"))
            yield Paragraph(words("projects-unsure-why"), small=True)
        if projects.quiet:
            yield Paragraph(words("projects-quiet", count=projects.quiet), small=True)

    def table(self, rows: Sequence[Row], caption: str = "") -> Table:
        """Old, new, difference, rate and places of each row."""
        words = self.words
        amounts = [
            value
            for row in rows
            for value in (row.cell.old_wan, row.cell.new_wan, row.cell.difference)
        ]
        decimals = figures.places(amounts)
        unit = words("unit")
        return Table(
            columns=(
                Column(words("column-line")),
                Column(self.columns[0], figures=True),
                Column(self.columns[1], figures=True),
                Column(words("column-difference"), figures=True),
                Column(words("column-rate"), figures=True),
                Column(words("column-source")),
            ),
            rows=tuple(self.cells(row, decimals) for row in rows),
            caption=f"{caption} · {unit}" if caption else unit,
            below=tuple(map(self.why, rows)),
        )

    def why(self, row: Row) -> tuple[Paragraph, ...]:
        """What the later document gives as the reason."""
        return said(
            reasons_of(row, self.comparison, self.reasons),
            self.comparison.new,
            self.words,
            self.sources,
        )

    def cells(self, row: Row, decimals: int) -> tuple[Cell, ...]:
        """One row of a table."""
        words, cell = self.words, row.cell
        told = row.whole or cell.significance is not Significance.LIST
        notes = [row.code] if row.code else []
        if row.old_name:
            notes.append(words("renamed-from", name=row.old_name))
            if row.recognised and cell.certainty is not Certainty.RECOGNISED:
                notes.append(words("certainty-recognised"))
        if row.perhaps:
            notes.append(of_suggestion(row.perhaps, words, gone=row.gone))
        if row.by_order:
            notes.append(words("by-order"))
        if cell.certainty is not Certainty.TEXT:
            notes.append(words(f"certainty-{cell.certainty}"))
        notes.extend(proposed((cell.old, cell.new), words))
        return (
            Cell(line_name(row, words), " · ".join(notes)),
            Cell(words.old_figure(cell, decimals)),
            Cell(words.new_figure(cell, decimals)),
            Cell(words.difference(cell, decimals)),
            Cell(words.rate(cell)),
            Cell("", cites=self.sources.of_row(cell.old_at, cell.new_at, pictured=told)),
        )
