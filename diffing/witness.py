"""What this year's document says of last year, beside what last year's document said.

A second witness: where the two agree, a figure stands twice; where they do not, the reader sees
both. Neither is put in the place of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from archive.model import Binding, LineItem
from diffing.align import StatementPair
from diffing.changes import Line
from diffing.printed import Figure, figure_of
from diffing.quoted import Quoted, agrees, previous
from diffing.roles import Table, table_of
from diffing.versions import Version

__all__ = ["Witness", "witnesses"]

_OF_THE_YEAR = "当年金额"
"""The column of a performance form that the next year's form repeats under the year's number."""


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the earlier year as the later document gives it."""

    line: Line
    """The line of the later document that it speaks of."""
    measure: str
    printed: Figure | None
    """The figure in the earlier document; None where it has no such line or column."""
    quoted: Quoted | None = None
    """As the prose of the later document states it."""
    column: Figure | None = None
    """Or as a column of the later document prints it, which does not say whether it is a budget or
    an outcome: it can confirm a figure, and contradicts none."""
    agrees: bool | None = None
    """Whether both say the same, but for rounding; None where one of them is missing."""


def witnesses(old: Version, new: Version, pairs: Iterable[StatementPair]) -> Iterator[Witness]:
    """Every figure of the old side's year that the new side repeats, once a line and measure.

    Only for two years of one kind. Performance forms are asked where both sides have the row.
    """
    if old.year is None or new.year is None or new.kind is None:
        return
    both = [p for p in pairs if p.old is not None and p.new is not None]
    said = dict.fromkeys(previous(new.document, old.year, new.kind))
    rows = {
        _address(pair, row.new): (pair, row)
        for pair in (both if said else ())
        for row in pair.rows
        if row.new
    }
    for quoted in said:
        binding = quoted.binding
        if binding is None or (found := rows.get(_bound(binding))) is None:
            continue
        pair, row = found
        printed = figure_of(old, pair.old, row.old, binding.measure)
        yield Witness(
            line=Line.of(pair.either, row.new),
            measure=binding.measure,
            printed=printed,
            quoted=quoted,
            agrees=agrees(quoted, printed.amount, printed.unit) if printed else None,
        )
    for pair in both:
        if table_of(pair.either.form) is Table.PERFORMANCE:
            yield from _columns(old, new, pair)


def _columns(old: Version, new: Version, pair: StatementPair) -> Iterator[Witness]:
    measure = f"{old.year}年"
    for row in pair.rows:
        column = figure_of(new, pair.new, row.new, measure)
        printed = figure_of(old, pair.old, row.old, _OF_THE_YEAR)
        if column is None or printed is None or None in (column.wan, printed.wan):
            continue
        yield Witness(
            line=Line.of(pair.either, row.new),
            measure=_OF_THE_YEAR,
            printed=printed,
            column=column,
            agrees=True if column.wan == printed.wan else None,
        )


_Address = tuple[str, str, str, str, int, str]


def _address(pair: StatementPair, item: LineItem) -> _Address:
    return (
        pair.either.form,
        item.code,
        item.name,
        item.side or "",
        item.occurrence,
        item.attributes.get("block", ""),
    )


def _bound(binding: Binding) -> _Address:
    return (
        binding.form,
        binding.code,
        binding.name,
        binding.side or "",
        binding.occurrence,
        binding.block,
    )
