"""One agency's two years: totals, "三公", classes, projects and other lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from archive.model import Certainty
from diffing import figures
from diffing.changes import Cell as Figure
from diffing.changes import Change
from diffing.compare import Comparison
from diffing.render.method import points, remainders
from diffing.render.page import Cell, Column, Heading, Node, Paragraph, Points, Table
from diffing.render.sources import Sources
from diffing.roles import Table as Kind
from diffing.select import Block, Row
from diffing.words import Wording

__all__ = ["block_nodes", "dotted", "line_name", "unsure"]


_STATEMENTS: Final = 12


def block_nodes(block: Block, words: Wording, sources: Sources) -> Iterator[Node]:
    """The parts of a block in reading order."""
    writer = _Writer(block.comparison, words, sources)
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
    if rest := remainders(block.comparison, words):
        yield points(rest, small=False)
    if block.statements:
        yield Heading(3, words("statements"))
        shown = [writer.statement(change) for change in block.statements[:_STATEMENTS]]
        if left := len(block.statements) - len(shown):
            shown.append(Paragraph(words("more", count=left)))
        yield Points(tuple(shown))


def line_name(row: Row, words: Wording) -> str:
    """The line with the line above it, without which many names say nothing."""
    name = words.line(dotted(row.name) if row.table is Kind.SANGONG else row.name)
    return f"{row.under} › {name}" if row.under else name


def unsure(text: str, cell: Figure, words: Wording) -> str:
    """The text with a warning where the figure was not simply read."""
    if cell.certainty is Certainty.TEXT:
        return text
    return words("said-with", said=text, note=words(f"certainty-{cell.certainty}"))


def dotted(name: str) -> str:
    """The header path of a "三公" line: 公务用车购置及运行费-购置费 → … · 购置费."""
    return " · ".join(part for part in name.split("-") if part)


class _Writer:
    def __init__(self, comparison: Comparison, words: Wording, sources: Sources) -> None:
        self.words, self.sources = words, sources
        self.old, self.new = words.side(comparison.old), words.side(comparison.new)
        self.columns = words.column(comparison.old), words.column(comparison.new)

    def statement(self, change: Change) -> Paragraph:
        """A statement that only one of the two documents has."""
        text = self.words(
            str(change.kind),
            title=change.line.statement,
            old=self.old,
            new=self.new,
            count=change.rows,
        )
        return Paragraph(text, self.sources.of_change(change))

    def shares(self, totals: Sequence[Row]) -> Iterator[Node]:
        """基本支出 and 项目支出 as shares of all expenditure; a change of a share is in points."""
        whole = next((r for r in totals if r.table is Kind.EXPENDITURE and r.whole), None)
        whole = whole or next(
            (r for r in reversed(totals) if r.table is Kind.TOTAL and r.whole), None
        )
        said = []
        for row in totals:
            if whole is None or row.table is not Kind.EXPENDITURE or row.whole:
                continue
            parts = (row.cell.old_wan, row.cell.new_wan, whole.cell.old_wan, whole.cell.new_wan)
            if None in parts:
                continue
            a, b, of_a, of_b = (part or Decimal(0) for part in parts)
            old, new = figures.share(a, of_a), figures.share(b, of_b)
            if old is not None and new is not None:
                sides = (self.old, self.new)
                said.append(Paragraph(self.words.share(row.name, old, new, sides)))
        if said:
            yield Points(tuple(said))

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
        )

    def cells(self, row: Row, decimals: int) -> tuple[Cell, ...]:
        """One row of a table."""
        words, cell = self.words, row.cell
        notes = [row.code] if row.code else []
        if row.old_name:
            notes.append(words("renamed-from", name=row.old_name))
        if cell.certainty is not Certainty.TEXT:
            notes.append(words(f"certainty-{cell.certainty}"))
        return (
            Cell(line_name(row, words), " · ".join(notes)),
            Cell(words.figure(cell.old, cell.old_unit, decimals)),
            Cell(words.figure(cell.new, cell.new_unit, decimals)),
            Cell(words.difference(cell, decimals)),
            Cell(words.rate(cell)),
            Cell("", cites=self.sources.of_cell(cell)),
        )
