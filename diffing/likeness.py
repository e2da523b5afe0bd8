"""Rows without a counterpart that may be one line under another name: a suggestion, never a pair.

Only within one statement, side and parent, only one to one, and always with its score. The rows
stay new and gone; a person who finds that they are one enters it in the register's aliases.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from rapidfuzz import fuzz

from archive.model import LineItem, Statement
from diffing.align import StatementPair, parents
from diffing.changes import lead_measure, wan
from diffing.keys import PROJECT_TABLES
from diffing.names import bare, core
from diffing.paired import RowPair
from diffing.roles import table_of

__all__ = ["Suggestion", "by_key", "suggested"]

_ALIKE: Final = 85
"""Names as alike as this are suggested whatever their amounts (domain: ≥ 0.85)."""
_WITH_AMOUNT: Final = 40
"""With one and the same amount names may be less alike, and those of projects not at all."""
_TELLING: Final = 4
"""A shorter part of a name stands in many names."""
_WITHIN: Final = 90
"""The score of a name that wholly stands in the other."""
_MOST: Final = 300
"""So many rows of one parent are compared with each other at most: the cost is their product."""


class Suggestion(msgspec.Struct, frozen=True):
    """Two unmatched rows that may be one line; the reader is to look."""

    place: int
    """Index of the pair of statements in the alignment."""
    old_key: str
    new_key: str
    old_name: str
    new_name: str
    score: int
    """Likeness of the two names, 0 to 100, without the words that come and go with the years."""
    same_amount: bool
    """Whether both print one and the same amount, and it is not nothing."""


class _Alone(msgspec.Struct, frozen=True):
    row: RowPair
    name: str
    amount: Decimal | None
    project: bool


def by_key(suggestions: Iterable[Suggestion]) -> dict[tuple[int, str], Suggestion]:
    """(place, key) of either row → the suggestion."""
    return {(one.place, key): one for one in suggestions for key in (one.old_key, one.new_key)}


def suggested(pairs: Sequence[StatementPair]) -> tuple[tuple[Suggestion, ...], int]:
    """Suggestions for the unmatched rows of all statements, and how many rows were not asked.

    A row that has two equally good counterparts gets none. Statements with hundreds of unmatched
    rows of one parent are left out: there the paper changed, not the names.
    """
    found: list[Suggestion] = []
    left = 0
    for place, pair in enumerate(pairs):
        if pair.old is None or pair.new is None:
            continue
        families: dict[Hashable, tuple[list[_Alone], list[_Alone]]] = {}
        alone = [row for row in pair.rows if row.old is None or row.new is None]
        if not (any(row.old for row in alone) and any(row.new for row in alone)):
            continue
        known = _above(pair)
        for row in alone:
            side = 0 if row.new is None else 1
            statement = (pair.old, pair.new)[side]
            item = row.old if side == 0 else row.new
            if item is None or item.total:
                continue
            up = known[side][(row.old_index, row.new_index)[side]]
            family = (item.side or "", str(item.classification), up)
            families.setdefault(family, ([], []))[side].append(_alone(row, item, statement))
        for olds, news in families.values():
            if max(len(olds), len(news)) > _MOST:
                left += len(olds) + len(news)
            elif olds and news:
                found += _matched(place, olds, news)
    return tuple(found), left


def _alone(row: RowPair, item: LineItem, statement: Statement) -> _Alone:
    measure = lead_measure(item)
    amount = wan(item.amounts[measure], statement.unit) if measure else None
    # a name of nothing but 专项经费 has no core: then the whole name is what there is
    project = table_of(statement.form) in PROJECT_TABLES
    return _Alone(row, core(item.name) or bare(item.name), amount or None, project)


def _above(pair: StatementPair) -> tuple[list[Hashable], list[Hashable]]:
    """For each row of either side what it shares with its counterpart: the parent, as paired."""
    assert pair.old is not None  # noqa: S101 - the caller asked
    assert pair.new is not None  # noqa: S101
    to_new = {row.old_index: row.new_index for row in pair.rows if row.old and row.new}
    flat = table_of(pair.either.form) in PROJECT_TABLES
    sides: list[list[Hashable]] = []
    for statement in (pair.old, pair.new):
        found: list[Hashable] = []
        for up, item in zip(parents(statement.items), statement.items, strict=True):
            if up is None or flat:
                found.append(("code", item.code[:-2]) if item.code and not flat else None)
            elif statement is pair.old:
                found.append(to_new.get(up, ("gone", up)))
            else:
                found.append(up)
        sides.append(found)
    return sides[0], sides[1]


def _matched(place: int, olds: Sequence[_Alone], news: Sequence[_Alone]) -> list[Suggestion]:
    """Pairs in which each is the other's one best counterpart."""
    good: dict[tuple[int, int], tuple[bool, int]] = {}
    for n, old in enumerate(olds):
        for m, new in enumerate(news):
            same = old.amount is not None and old.amount == new.amount
            least = _ALIKE if not same else 0 if old.project else _WITH_AMOUNT
            if (score := _score(old.name, new.name, least)) >= least:
                good[n, m] = (same, score)
    found = []
    for (n, m), rank in good.items():
        rivals = [r for (a, b), r in good.items() if (a == n) is not (b == m)]
        if all(rank > rival for rival in rivals):
            old, new = olds[n], news[m]
            assert old.row.old is not None  # noqa: S101 - it stands on the old side
            assert new.row.new is not None  # noqa: S101
            names = old.row.old.name, new.row.new.name
            found.append(Suggestion(place, old.row.key, new.row.key, *names, rank[1], rank[0]))
    return found


def _score(old: str, new: str, least: int) -> int:
    short, long = sorted((old, new), key=len)
    if len(short) >= _TELLING and short in long:
        return max(_WITHIN, round(fuzz.ratio(old, new)))
    return round(fuzz.ratio(old, new, score_cutoff=least))
