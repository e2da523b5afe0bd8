"""One line an agency: its total, how far it moved, and how much is to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from diffing import figures
from diffing.changes import Significance
from diffing.digest import Digest
from diffing.render.page import Cell, Column, Heading, Node, Table
from diffing.render.problems import same
from diffing.render.sources import Sources
from diffing.rows import Row
from diffing.select import Block
from diffing.words import Wording

__all__ = ["overview_columns", "overview_nodes"]

_FROM: Final = 2
"""Of fewer agencies the parts below are overview enough."""


def overview_nodes(digest: Digest, words: Wording, sources: Sources) -> Iterator[Node]:
    """A table of every comparison of two years, in the order of the parts below."""
    if len(digest.blocks) < _FROM:
        return
    wholes = [whole_of(block) for block in digest.blocks]
    decimals = figures.places(
        value
        for row in wholes
        if row
        for value in (row.cell.old_wan, row.cell.new_wan, row.cell.difference)
    )
    yield Heading(2, words("overview-agencies"))
    yield Table(
        columns=overview_columns(words),
        rows=tuple(
            _row(block, row, digest, decimals, words, sources)
            for block, row in zip(digest.blocks, wholes, strict=True)
        ),
        caption=words("overview-caption"),
    )


def overview_columns(words: Wording) -> tuple[Column, ...]:
    """Of a table with a line a document: its total, how far that moved, points, findings."""
    return (
        Column(words("column-document")),
        Column(words("column-total"), figures=True),
        Column(words("column-difference"), figures=True),
        Column(words("column-rate"), figures=True),
        Column(words("headlines"), figures=True),
        Column(words("column-problems"), figures=True),
        Column(words("column-source")),
    )


def whole_of(block: Block) -> Row | None:
    """The grand total of a block: of expenditure, or else of income; None where none was read."""
    wholes = [row for row in block.totals if row.whole and not row.unsure]
    spent = [row for row in wholes if row.side != "收入"]
    return next(iter(spent or wholes), None)


def _row(
    block: Block, row: Row | None, digest: Digest, decimals: int, words: Wording, sources: Sources
) -> tuple[Cell, ...]:
    new = block.comparison.new
    found = next((p for p in digest.problems if same(p.version, new)), None)
    cell = row.cell if row else None
    loud = sum(r.cell.significance is Significance.HEADLINE for r in block.headlines)
    return (
        Cell(words.document(new)),
        Cell(words.new_figure(cell, decimals) if cell else "—"),
        Cell(words.difference(cell, decimals) if cell else ""),
        Cell(words.rate(cell) if cell else ""),
        Cell(str(loud)),
        Cell(str(len(found.groups) if found else 0) if digest.checked else "—"),
        Cell("", cites=sources.of_cell(cell, pictured=False) if cell else ()),
    )
