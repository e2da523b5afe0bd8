"""The rows of a small table: names and the figures that follow them.

A row is told where its name is one the form knows or ends with a figure for every column, and where
its figures have one place each. One row that is not told leaves the whole table untold: a sum over
the others would be a false one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from archive.forms import Block, plain
from archive.text import headings
from archive.text.grid import Cell
from archive.text.lined.heads import Column, Head
from archive.text.lined.pieces import cell_of, span, spelled
from archive.text.lined.source import Token

__all__ = ["Named", "figure_rows", "goal_rows"]

_PERCENT: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?[%％]")
_YEAR: Final = re.compile(r"20\d\d年?度?")
_NUMBERED: Final = re.compile(r"^(?:\d+[.、．]|其中[:：])+")
_LONGEST: Final = 8
"""Pieces of a name that is not known."""


class Named(NamedTuple):
    """One row: what it belongs to, its name, and the pieces in each column."""

    group: Cell | None
    name: Sequence[Token]
    values: Sequence[Sequence[Token]]


def figure_rows(pieces: Sequence[Token], head: Head) -> list[Named] | None:
    """The rows of a table in which figures follow a name; None where one of them is not told."""
    columns = head.values
    if not all(column.number for column in columns):
        return None
    found: list[Named] = []
    group: Cell | None = None
    at = 0
    while at < len(pieces):
        if count := _group(pieces, at, head.block):
            group = cell_of(pieces[at : at + count])
            at += count
            continue
        count = _known(pieces, at, head) or _until_figures(pieces, at, head)
        end = at + count
        while end < len(pieces) and _is_figure(pieces[end]) and not _known(pieces, end, head):
            end += 1
        values = _placed(pieces[at + count : end], columns)
        known = bool(_known(pieces, at, head))
        if not count or values is None or not (known or all(values)):
            return None
        found.append(Named(group, pieces[at : at + count], values))
        at = end
    return found


def goal_rows(pieces: Sequence[Token]) -> list[Named] | None:
    """The rows of a table of goals and what they say; None where it begins with none."""
    found: list[Named] = []
    at = 0
    while at < len(pieces):
        count = span(pieces, at, headings.is_goal) if pieces[at].place == 1 else 0
        if count:
            found.append(Named(None, pieces[at : at + count], [[]]))
        elif not found:
            return None
        else:
            group, name, (text,) = found[-1]
            found[-1] = Named(group, name, [[*text, pieces[at]]])
        at += max(count, 1)
    return found


def _group(pieces: Sequence[Token], at: int, block: Block) -> int:
    return span(pieces, at, lambda text: plain(text) in block.sides)


def _known(pieces: Sequence[Token], at: int, head: Head) -> int:
    """How many pieces spell a name the form knows, or a year in a column of years."""
    names = {plain(name) for name in head.block.rows}
    if head.leaves[0].key == "name" and plain(spelled(head.leaves[0].head)) == "年度":
        return span(pieces[: at + 2], at, lambda text: bool(_YEAR.fullmatch(plain(text))))
    if _is_figure(pieces[at]):
        return 0
    return span(pieces, at, lambda text: _NUMBERED.sub("", plain(text)) in names)


def _until_figures(pieces: Sequence[Token], at: int, head: Head) -> int:
    """How many pieces stand before the next figure; 0 where a name that is known comes first."""
    for count in range(1, _LONGEST + 1):
        if at + count >= len(pieces):
            return 0
        if _is_figure(pieces[at + count]):
            return count
        if _known(pieces, at + count, head) or _group(pieces, at + count, head.block):
            return 0
    return 0


def _is_figure(piece: Token) -> bool:
    return piece.is_figure or piece.text == "/" or bool(_PERCENT.fullmatch(piece.text))


def _placed(figures: Sequence[Token], columns: Sequence[Column]) -> list[Sequence[Token]] | None:
    """The figures by column, where they fit the columns in one way only."""
    if len(figures) > len(columns):
        return None
    ways = [
        places
        for places in combinations(range(len(columns)), len(figures))
        if all(_fits(f, columns[place]) for f, place in zip(figures, places, strict=True))
    ]
    if len(ways) != 1:
        return None
    found: list[Sequence[Token]] = [()] * len(columns)
    for figure, place in zip(figures, ways[0], strict=True):
        found[place] = (figure,)
    return found


def _fits(figure: Token, column: Column) -> bool:
    """A percentage stands in a column of percentages only; a bare number may stand in any."""
    return column.percent or not _PERCENT.fullmatch(figure.text)
