"""How a year's budget was carried out, as pages of years show it: kept with the final account."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from archive.model import Certainty
from diffing.render.outcome import executed_name, told_lines

if TYPE_CHECKING:
    from diffing.execution import Execution
    from diffing.printed import Figure
    from diffing.site.anchors import Anchors
    from diffing.words import Wording

__all__ = ["Carried", "Spent", "carried"]

_SHOWN: Final = 40


class Spent(msgspec.Struct, frozen=True, array_like=True):
    """One printed figure, in 万元, and its id on the page of its document."""

    wan: Decimal
    anchor: str


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """One line of a year: what was planned and what came of it."""

    name: str
    code: str
    statement: str
    original: Spent | None
    """年初预算, printed in the budget."""
    full_year: Spent | None
    """全年预算, printed in the final account."""
    outcome: Spent | None
    """决算."""
    difference: Decimal | None
    """Outcome minus original budget."""
    rate: Decimal | None
    """Outcome in percent of the original budget."""
    certainty: Certainty


def carried(
    execution: Execution, budget: Anchors, final: Anchors, words: Wording
) -> Iterator[Carried]:
    """The lines that a digest tells of an execution, as far as both sides are figures."""
    for line in told_lines(execution)[:_SHOWN]:
        yield Carried(
            name=executed_name(line, words),
            code=line.line.code,
            statement=line.line.statement,
            original=_spent(line.original, budget),
            full_year=_spent(line.full_year, final),
            outcome=_spent(line.outcome, final),
            difference=line.difference,
            rate=line.rate,
            certainty=line.certainty,
        )


def _spent(figure: Figure | None, anchors: Anchors) -> Spent | None:
    if figure is None or figure.wan is None:
        return None
    at = figure.at
    return Spent(figure.wan, anchors.at(at.page, at.row, at.column, at.box))
