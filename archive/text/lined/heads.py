"""The head of a small table in lines of text → its columns, from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from archive.forms import Block, Form, Shape, forms
from archive.text import headings
from archive.text.grid import Cell
from archive.text.lined.pieces import blank, cell_of, span, spelled
from archive.text.lined.source import Token

__all__ = ["Column", "Head", "head_at"]

_YEAR: Final = re.compile(r"20\d\d年")
_UNDER_TARGET: Final = ("year_before_last", "last_year", "this_year")
"""Columns that stand under one head: 指标值 over 前年, 上年, 预计当年实现."""
_PERCENT: Final = ("rate", "share")
_NUMBER: Final = ("quantity", "score", "weight")


@dataclass(frozen=True)
class Column:
    """One column: its key in the form, and the cells of the head over it."""

    key: str
    money: bool
    head: Sequence[Token]
    over: Sequence[Token] = ()

    @property
    def percent(self) -> bool:
        """Whether it holds percentages."""
        return self.key in _PERCENT

    @property
    def number(self) -> bool:
        """Whether it holds numbers of any kind."""
        return self.money or self.percent or self.key in _NUMBER


@dataclass(frozen=True)
class Head:
    """A head of a block: the label beside it, and its columns."""

    block: Block
    label: Sequence[Token]
    leaves: tuple[Column, ...]
    """Without the column of names where that has no head."""
    pieces: int
    """How many pieces it takes, the label's among them."""

    @property
    def texts_only(self) -> bool:
        """Whether it has one column beside the names, and that holds text."""
        rows = self.block.shape is Shape.ROWS
        return rows and len(self.leaves) == 2 and not any(leaf.number for leaf in self.leaves)

    @property
    def values(self) -> tuple[Column, ...]:
        """The columns right of the names."""
        return self.leaves[1:] if self._named else self.leaves

    @property
    def _named(self) -> bool:
        return self.leaves[0].key == "name"

    def rows(self) -> list[list[Cell]]:
        """Its rows as rulings would show them: label, group and names, then a cell a column."""
        cells = {id(leaf): cell_of(leaf.head) for leaf in self.leaves}
        over = {id(leaf.over): cell_of(leaf.over) for leaf in self.leaves if leaf.over}
        first = next(iter(cells.values()))
        label = cell_of(self.label) if self.label else blank(first)
        name = cells[id(self.leaves[0])] if self._named else blank(first)
        lower = [label, name, name, *(cells[id(leaf)] for leaf in self.values)]
        if not over:
            return [lower]
        upper = [over.get(id(leaf.over), cells[id(leaf)]) for leaf in self.values]
        return [[label, name, name, *upper], lower]

    def indicator(self, values: Sequence[Sequence[Token]]) -> list[Cell]:
        """A row of indicators: a cell a column, names among them."""
        first = cell_of(next(value for value in values if value))
        cells = [cell_of(value) if value else blank(first) for value in values]
        return [blank(first), blank(first), blank(first), *cells]

    def row(
        self, group: Cell | None, name: Sequence[Token], values: Sequence[Sequence[Token]]
    ) -> list[Cell]:
        """A row of data below it."""
        named = cell_of(name)
        cells = [cell_of(value) if value else blank(named) for value in values]
        return [blank(named), group or named, named, *cells]


def head_at(pieces: Sequence[Token], at: int, form: Form) -> Head | None:
    """The head that begins here, perhaps after the label of its block."""
    count = span(pieces, at, lambda text: _labels(form, text))
    for label in dict.fromkeys((count, 0)):
        leaves = _leaves(pieces, at + label, form)
        block = _block(form, leaves, spelled(pieces[at : at + label]))
        if block is not None:
            size = label + sum(len(leaf.head) for leaf in leaves)
            size += sum(len(over) for over in {id(x.over): x.over for x in leaves}.values())
            return Head(block, pieces[at : at + label], tuple(leaves), size)
    return None


def _labels(form: Form, text: str) -> bool:
    return bool(headings.labelled(form, text)) or headings.is_goal(text)


def _block(form: Form, leaves: Sequence[Column], label: str) -> Block | None:
    heads = {headings.bare(spelled(leaf.over or leaf.head)) for leaf in leaves}
    heads |= {headings.bare(spelled(leaf.head)) for leaf in leaves}
    heads |= {name for head in heads if (name := form.measure(head))}
    found = [b for b in form.blocks if b.head and heads.issuperset(map(headings.bare, b.head))]
    named = [b for b in found if any(headings.bare(label) == headings.bare(x) for x in b.labels)]
    return next(iter(named or found), None)


def _leaves(pieces: Sequence[Token], at: int, form: Form) -> list[Column]:
    found: list[Column] = []
    for head in _words(pieces, at, form):
        text = spelled(head)
        column = headings.column_of(form, (text,))
        under = _under(found, form, text)
        if under is not None:
            _put_under(found, under, head, form)
        else:
            found.append(Column(*(column or (text, False)), head))
    return found


def _words(pieces: Sequence[Token], at: int, form: Form) -> Iterator[Sequence[Token]]:
    """The head cells one after the other, until a piece is none."""
    while count := span(pieces, at, lambda text: _is_head(form, text)):
        yield pieces[at : at + count]
        at += count


def _is_head(form: Form, text: str) -> bool:
    flat = headings.bare(text)
    if "20" in flat:
        return bool(_YEAR.fullmatch(flat))
    return headings.column_of(form, (text,)) is not None or flat in _below(form.id)


@cache
def _below(form_id: str) -> frozenset[str]:
    """Heads over texts: they are labels, and no columns of the form."""
    blocks = (block for block in forms()[form_id].blocks if block.shape is Shape.BELOW)
    return frozenset(headings.bare(head) for block in blocks for head in block.head)


def _under(found: Sequence[Column], form: Form, text: str) -> int | None:
    """The column whose head stands over this one."""
    column = headings.column_of(form, (text,))
    for index in range(len(found) - 1, -1, -1):
        upper = spelled(found[index].over or found[index].head)
        if column is None and headings.column_of(form, (upper, text)) is not None:
            return index
        if column is not None and column[0] in _UNDER_TARGET:
            own = headings.column_of(form, (upper,))
            if own is not None and own[0] == "target":
                return index
    return None


def _put_under(found: list[Column], index: int, head: Sequence[Token], form: Form) -> None:
    """Part the column at `index`, or the last of those it was parted into, once more."""
    upper = found[index]
    over = upper.over or upper.head
    column = headings.column_of(form, (spelled(over), spelled(head)))
    if column is None:
        return
    lower = Column(*column, head, over)
    if upper.over:
        found.insert(index + 1, lower)
    else:
        found[index] = lower
