"""How a year's budget was carried out, as pages of years show it: kept with the final account."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from archive.model import Certainty
from diffing.digest.ranking import farthest
from diffing.render.outcome import executed_name, far_off, rate_said, told_lines

if TYPE_CHECKING:
    from diffing.execution import Execution
    from diffing.printed import Figure
    from diffing.site.anchors import Anchors
    from diffing.words import Wording

__all__ = ["Carried", "Missed", "Spent", "carried", "missed"]


class Spent(msgspec.Struct, frozen=True, array_like=True):
    """One cell, in 万元, and its id on the page of its document."""

    wan: Decimal | None
    """None where no amount is printed."""
    anchor: str
    text: str
    """What is printed in place of an amount; "" for a blank."""


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """One line of a year: what was planned and what came of it."""

    name: str
    code: str
    statement: str
    original: Spent | None
    """年初预算, printed in the budget; None where it does not list the line."""
    full_year: Spent | None
    """全年预算, printed in the final account."""
    outcome: Spent | None
    """决算."""
    difference: Decimal | None
    """Outcome minus original budget."""
    rate: str
    """Outcome in percent of the original budget, or that there was none."""
    certainty: Certainty


class Missed(msgspec.Struct, frozen=True, array_like=True):
    """The line of a final account that is farthest off its budget, as a headline says it."""

    sentence: str
    original: str
    """Its id on the page of the budget; "" where that does not list it."""
    outcome: str
    """Its id on the page of the final account; "" where that does not list it."""


def carried(
    execution: Execution, budget: Anchors, final: Anchors, words: Wording
) -> Iterator[Carried]:
    """The lines that a digest tells of an execution."""
    for line in told_lines(execution):
        yield Carried(
            name=executed_name(line, words),
            code=line.line.code,
            statement=line.line.statement,
            original=_spent(line.original, budget),
            full_year=_spent(line.full_year, final),
            outcome=_spent(line.outcome, final),
            difference=line.difference,
            rate=rate_said(line, words),
            certainty=line.certainty,
        )


def _spent(figure: Figure | None, anchors: Anchors) -> Spent | None:
    if figure is None:
        return None
    return Spent(figure.wan, _anchor(figure, anchors), figure.amount.text)


def _anchor(figure: Figure | None, anchors: Anchors) -> str:
    if figure is None:
        return ""
    at = figure.at
    return anchors.at(at.page, at.row, at.column, at.box)


def missed(execution: Execution, budget: Anchors, final: Anchors, words: Wording) -> Missed | None:
    """What a digest says of it first; None where every line came out near its budget."""
    line = farthest(execution)
    if line is None:
        return None
    places = _anchor(line.original, budget), _anchor(line.outcome, final)
    return Missed(far_off(line, execution, words), *places)
