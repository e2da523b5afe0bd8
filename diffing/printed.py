"""One printed figure, with its unit and the place it is printed at."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from archive.model import Amount, LineItem, Statement, Unit
from diffing.changes import is_nothing, wan
from diffing.versions import Version, Where

__all__ = ["Figure", "figure_of", "value_of"]


class Figure(msgspec.Struct, frozen=True):
    """One printed figure with its unit and its place."""

    amount: Amount
    unit: Unit | None
    at: Where

    @property
    def wan(self) -> Decimal | None:
        """In 万元, exactly; None where it is no number or its unit is not known."""
        return wan(self.amount, self.unit)


def figure_of(
    version: Version, statement: Statement | None, item: LineItem | None, measure: str | None
) -> Figure | None:
    """The cell of a row with its unit and place; None where there is no such row or column."""
    amount = item.amounts.get(measure) if item and measure else None
    if statement is None or item is None or amount is None:
        return None
    at = amount.at
    place = version.at(at) if at else version.where(item.page, item.row)
    return Figure(amount, statement.unit, place)


def value_of(figure: Figure | None) -> Decimal | None:
    """In 万元 for arithmetic: a blank or a dash is nothing, what is unreadable is unknown."""
    if figure is None or is_nothing(figure.amount):
        return Decimal(0)
    return figure.wan
