"""Figures with fewer decimals than all others: their point was probably lost in the picture."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

import msgspec

from archive.model import Amount, Certainty, Document, LineItem, Mark, Remark, Statement

__all__ = ["without_lost_points"]

_NEARLY_ALL: Final = 0.9
_ENOUGH: Final = 5
"""Figures from which on a habit of the document shows."""


def without_lost_points(document: Document) -> Document:
    """The document with such figures marked unreadable: their text stays, their value goes.

    A point is one dot of ink in a small picture. Where at least nine of ten recognised amounts
    are printed to the same number of decimals and one has fewer, 620 may well be 6.20.
    """
    usual = _usual(document)
    if not usual:
        return document
    said: list[Remark] = []

    def checked(statement: Statement, item: LineItem, amount: Amount) -> Amount:
        if not _recognised(amount) or _decimals(amount.value) >= usual:
            return amount
        message = f"{statement.title}: “{amount.text}”: its decimal point may have been lost"
        said.append(Remark("cell-unreadable", message, item.page))
        return msgspec.structs.replace(
            amount, value=None, mark=Mark.UNREADABLE, certainty=Certainty.UNREADABLE
        )

    statements = []
    for statement in document.statements:
        items = [
            msgspec.structs.replace(
                item, amounts={m: checked(statement, item, a) for m, a in item.amounts.items()}
            )
            for item in statement.items
        ]
        statements.append(msgspec.structs.replace(statement, items=tuple(items)))
    return msgspec.structs.replace(
        document, statements=tuple(statements), remarks=(*document.remarks, *said)
    )


def _recognised(amount: Amount) -> bool:
    return amount.certainty is Certainty.RECOGNISED and bool(amount.value)


def _decimals(value: Decimal | None) -> int:
    return 0 if value is None else max(0, -int(value.as_tuple().exponent))


def _usual(document: Document) -> int:
    """The number of decimals nearly all recognised amounts have; 0 if they differ."""
    counts = Counter(
        _decimals(amount.value)
        for statement in document.statements
        for item in statement.items
        for amount in item.amounts.values()
        if _recognised(amount)
    )
    total = counts.total()
    if total < _ENOUGH:
        return 0
    usual, count = counts.most_common(1)[0]
    return usual if count >= _NEARLY_ALL * total else 0
