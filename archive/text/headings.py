"""The heads of a form's blocks: which block a row opens, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from archive.forms import Block, Form, Shape, forms, plain
from archive.text.grid import Cell
from archive.text.lines import joined

_ASIDE: Final = re.compile(r"\([^()]*\)$")
_YEAR: Final = re.compile(r"(20\d\d)年?")
_GOAL: Final = re.compile(r"(?:长期|中长期|年度|总体)(?:绩效)?目标\d*")
PAIRED: Final = "金额"
"""The measure of figures that stand beside their labels in a block of pairs."""
_LONGEST_HEAD: Final = 40
_DEEPEST: Final = 4
"""Rows a head has at most."""


@dataclass(frozen=True)
class Leaf:
    """One column of a block: grid columns `first` to `last`."""

    first: int
    last: int
    header: str
    """As printed, levels joined with "-"."""
    key: str
    """Attribute or measure; "name" for the column that names the line item."""
    money: bool
    known: bool
    """Does the form name this column?"""


@dataclass(frozen=True)
class Opening:
    """An opened block: what it is, where its data begin and what its columns hold."""

    block: Block
    leaves: tuple[Leaf, ...]
    label: Cell | None
    """The cell beside the head that names the block."""
    rows: int
    """How many rows its head takes."""
    page: int
    head: frozenset[int]
    """The cells of its head, by identity: none of them is ever data."""


def text_of(cell: Cell) -> str:
    """The text of a cell, its wrapped lines put together."""
    return joined(line.text for line in cell.lines)


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A label as compared: normalised, without a colon and without what is in brackets behind it.

    >>> bare("预算执行情况（万元） （25分）"), bare("年度目标1：")
    ('预算执行情况', '年度目标1')
    """
    flat = plain(text).rstrip(":")
    while (cut := _ASIDE.sub("", flat)) != flat and cut:
        flat = cut.rstrip(":")
    return flat


def is_goal(text: str) -> bool:
    """Whether a label numbers a performance goal: 年度绩效目标2（25分）."""
    return bool(_GOAL.fullmatch(bare(text)))


def distinct(row: Iterable[Cell]) -> list[Cell]:
    """The cells of a row from left to right, each once."""
    return list({id(cell): cell for cell in row}.values())


@cache
def _headers(form_id: str) -> dict[str, str]:
    form = forms()[form_id]
    return {plain(header): key for key, headers in form.columns.items() for header in headers}


@cache
def _labels(form_id: str) -> frozenset[str]:
    """All labels of a form that have a value to their right."""
    form = forms()[form_id]
    return frozenset(map(plain, (*form.fields, *form.subject)))


@cache
def _block_labels(form_id: str) -> dict[str, tuple[Block, ...]]:
    found: dict[str, tuple[Block, ...]] = {}
    for block in forms()[form_id].blocks:
        for label in block.labels:
            found[plain(label)] = (*found.get(plain(label), ()), block)
    return found


def labelled(form: Form, text: str) -> tuple[Block, ...]:
    """The blocks that carry this label."""
    known = _block_labels(form.id)
    return known.get(bare(text)) or known.get(plain(text), ())


def is_label(form: Form, text: str) -> bool:
    """Whether a cell is the label of a field: a known one, or of money the form measures."""
    if len(text) > _LONGEST_HEAD:
        return False
    known = _labels(form.id)
    return bare(text) in known or plain(text) in known or measure(form, text) is not None


def measure(form: Form, text: str) -> str | None:
    """The measure a label or head names, with or without what is in brackets behind it."""
    return form.measure(bare(text)) or form.measure(text)


def opened_by(
    form: Form, rows: Sequence[Sequence[Cell]], index: int, context: Sequence[str]
) -> Opening | None:
    """The block whose head begins in this row; None where the row is no head.

    `context` are the labels printed last above it, the nearest first; the label beside the head
    counts before them.
    """
    row = rows[index]
    texts = {cell.text for cell in row if 0 < len(cell.text) < _LONGEST_HEAD}
    if len(texts) < 2:
        return None
    heads = set(map(bare, texts))
    heads |= {name for head in heads if (name := form.measure(head))}
    matching = [b for b in form.blocks if b.head and heads.issuperset(map(bare, b.head))]
    if not matching:
        return None
    start = _first_head(form, row, {plain(head) for block in matching for head in block.head})
    beside = [cell for cell in distinct(row[:start]) if cell.text]
    if len(beside) > 1:
        return None
    block = _by_label(matching, (*map(text_of, beside), *context))
    depth = 1 if block.shape is Shape.BELOW else _depth(form, rows, index, start)
    head = [r[start:] for r in rows[index : index + depth]]
    leaves = _leaves(form, head, start)
    if block.shape is Shape.BELOW:
        heads = {plain(head) for head in block.head} | {""}
        leaves = tuple(replace(leaf, known=bare(leaf.header) in heads) for leaf in leaves)
    elif all(leaf.key != "name" for leaf in leaves):
        leaves = _names_without_head(row, start) + leaves
    label = beside[0] if beside else None
    cells = frozenset(id(cell) for r in head for cell in r if cell.text)
    return Opening(block, leaves, label, depth, row[0].page, cells)


def _names_without_head(row: Sequence[Cell], start: int) -> tuple[Leaf, ...]:
    """The column of names, where its head is left blank: the blank columns left of the heads."""
    first = start
    while first > 0 and not row[first - 1].text:
        first -= 1
    return (Leaf(first, start - 1, "", "name", False, True),) if first < start else ()


def _by_label(matching: list[Block], context: Sequence[str]) -> Block:
    most = max(len(block.head) for block in matching)
    matching = [block for block in matching if len(block.head) == most]
    for text in context:
        near = bare(text)
        for block in matching:
            if any(near.startswith(bare(label)) for label in block.labels):
                return block
    return matching[-1]


def _first_head(form: Form, row: Sequence[Cell], heads: Set[str]) -> int:
    """The first grid column of a head; to its left stands the block's label."""
    for column, cell in enumerate(row):
        if cell.text and (bare(cell.text) in heads or column_of(form, (text_of(cell),))):
            return column
    return 0


def _depth(form: Form, rows: Sequence[Sequence[Cell]], index: int, start: int) -> int:
    """How many rows the head takes: as long as a head cell reaches down, or only heads follow."""
    head = {id(cell) for cell in rows[index][start:]}
    beside = {id(cell) for cell in rows[index][:start]}
    depth = 1
    for row in rows[index + 1 : index + _DEEPEST]:
        if any(cell.text and id(cell) not in beside for cell in row[:start]):
            break
        cells = distinct(row[start:])
        filled = [cell for cell in cells if cell.text]
        reaches = any(id(cell) in head for cell in cells)
        heads = bool(filled) and all(column_of(form, (text_of(cell),)) for cell in filled)
        if not (reaches or heads):
            break
        depth += 1
    return depth


def _leaves(form: Form, rows: Sequence[Sequence[Cell]], start: int) -> tuple[Leaf, ...]:
    leaves: list[Leaf] = []
    above: list[Cell] = []
    for column in range(len(rows[0])):
        cells = distinct(row[column] for row in rows)
        if leaves and [id(c) for c in cells] == [id(c) for c in above]:
            leaves[-1] = _leaf(form, leaves[-1].first, start + column, cells)
        else:
            leaves.append(_leaf(form, start + column, start + column, cells))
        above = cells
    return tuple(leaves)


def _leaf(form: Form, first: int, last: int, cells: Sequence[Cell]) -> Leaf:
    path = tuple(text for cell in cells if (text := text_of(cell)))
    header = "-".join(path)
    found = column_of(form, path)
    key, money = found or (header, False)
    return Leaf(first, last, header, key, money, bool(found) or not header)


def column_of(form: Form, path: Sequence[str]) -> tuple[str, bool] | None:
    """What the form calls a column under this path of heads, and whether it is money."""
    if not path:
        return None
    attributes = _headers(form.id)
    whole, last = "-".join(map(bare, path)), bare(path[-1])
    for header in (whole, last, plain(path[-1])):
        if header in attributes:
            return attributes[header], False
        name = form.measure(header)
        if name is not None:
            return name, True
    year = _YEAR.fullmatch(last)
    if year and len(path) > 1 and form.measure(bare(path[-2])):
        return f"{year[1]}年", True
    return None


def opens_pairs(form: Form, row: Sequence[Cell]) -> Block | None:
    """The block of label and figure in turn that this row's first cell labels."""
    first = next((cell for cell in distinct(row) if cell.text), None)
    if first is None:
        return None
    found = (block for block in labelled(form, text_of(first)) if block.shape is Shape.PAIRS)
    return next(found, None)
