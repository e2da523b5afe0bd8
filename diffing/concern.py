"""Which line items a finding is about, and how large the figures are that it names."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from archive.model import Claim, Document, LineItem, Statement
from diffing.changes import wan

if TYPE_CHECKING:
    from diffing.checks.model import Finding, Place

__all__ = ["Concern", "concerns"]

_SCALE: Final = {"元": -4, "万元": 0, "亿元": 4}


class Concern(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line item at one of a finding's places, or a figure the prose states of one."""

    name: str
    code: str = ""
    """As printed; "" where none is."""
    amount: Decimal | None = None
    """In 万元, never negative; None where no amount of money stands there, or more than one."""


def concerns(finding: Finding, document: Document) -> tuple[Concern, ...]:
    """The lines at a finding's places in its own document, each once, in their order.

    A sentence counts with the figure quoted from it, and with the line it is read as speaking of.
    Places in other documents are left out: what is printed there is another document's.
    """
    own = [place for place in (*finding.here, *finding.there) if not place.document]
    found = (one for place in own for one in _of_place(place, document))
    return tuple(dict.fromkeys(found))


def _of_place(place: Place, document: Document) -> Iterator[Concern]:
    if place.statement:
        for statement, item in _lines(place, document):
            printed = [a for a in item.amounts.values() if a.at and a.at.column == place.column]
            amount = wan(printed[0], statement.unit) if len(printed) == 1 else None
            yield Concern(item.name, item.code, None if amount is None else abs(amount))
        return
    for claim in document.claims:
        same = (claim.page, claim.text) == (place.page, place.text)
        if same and place.quotation.endswith(claim.quotation):
            amount = _money(claim)
            yield from (Concern(bound.name, bound.code, amount) for bound in claim.bound)
            if not claim.bound:
                yield Concern(claim.subject, "", amount)


def _lines(place: Place, document: Document) -> Iterator[tuple[Statement, LineItem]]:
    """The line items printed at a place of a statement."""
    for statement in document.statements:
        if statement.title == place.statement:
            for item in statement.items:
                rows = {(a.at.page, a.at.row) for a in item.amounts.values() if a.at}
                if (place.page, place.row) in (rows or {(item.page, item.row)}):
                    yield statement, item


def _money(claim: Claim) -> Decimal | None:
    """The figure of a claim in 万元; None for counts, shares and words."""
    if claim.value is None or claim.unit not in _SCALE:
        return None
    return abs(claim.value.scaleb(_SCALE[claim.unit]))
