"""One document as rows of the table of line items."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from archive.events import Entry
from archive.export.columns import DIGITS, SCALE
from archive.model import (
    Amount,
    Classification,
    Document,
    Identity,
    Kind,
    LineItem,
    Statement,
    Unit,
)
from archive.money import EXACT, convert
from archive.register.names import fold

__all__ = ["exact", "fits", "phase_of", "rows"]


def rows(
    identity: Identity, entry: Entry, document: Document, name: str, kind: str | None
) -> Iterator[dict[str, Any]]:
    """Column → value, one row a figure, in the order of the document.

    `name` and `kind` are the agency's in the register. A figure that no column of the table can
    hold exactly leaves `value` and `yuan` empty; its text is there.
    """
    common: dict[str, Any] = {
        "year": identity.year,
        "division": identity.division,
        "document": identity.document_id,
        "agency": identity.agency,
        "agency_name": name,
        "agency_kind": kind or "",
        "level": str(identity.level),
        "kind": str(identity.kind),
        "version": entry.commit,
        "original": document.original,
        "extractor": document.extractor,
        "published": entry.published,
        "source": entry.source_url,
    }
    for number, statement in enumerate(document.statements, 1):
        for place, item in enumerate(statement.items, 1):
            line = common | _line(statement, number, item, place)
            for measure, amount in item.amounts.items():
                phase = phase_of(identity.kind, statement.form, measure)
                yield line | _figure(measure, amount, item, statement.unit) | {"phase": phase}


def fits(value: Decimal) -> bool:
    """Whether a decimal column holds the value exactly.

    >>> fits(Decimal("0.12345678")), fits(Decimal("0.123456789"))
    (True, False)
    """
    plain = value.normalize(EXACT)
    exponent = int(plain.as_tuple().exponent)
    return exponent >= -SCALE and plain.adjusted() < DIGITS - SCALE


_PHASES: Final = {"年初预算数": "approved", "全年预算数": "adjusted", "执行数": "executed"}
"""What the columns of a self-evaluation are."""


def phase_of(kind: Kind, form: str, measure: str) -> str:
    """The phase of the budget a money column speaks of, in the words of the Fiscal Data Package.

    In a final account's “三公” table 预算数 is the 全年预算. Columns of performance forms whose
    name does not say it have none.

    >>> phase_of(Kind.FINAL, "final.sangong", "决算数")
    'executed'
    """
    if "performance" in form:
        return _PHASES.get(measure, "") if kind is Kind.FINAL else ""
    if kind is Kind.BUDGET:
        return "approved"
    if measure == "预算数":
        return "adjusted" if form == "final.sangong" else ""
    return "executed"


def _line(statement: Statement, number: int, item: LineItem, place: int) -> dict[str, Any]:
    return {
        "statement": number,
        "form": statement.form,
        "title": statement.title,
        "subject": statement.subject,
        "item": place,
        "side": item.side or "",
        "code": item.code,
        "name": item.name,
        "name_plain": fold(item.name),
        "depth": item.level,
        "classification": str(item.classification),
        "functional_code": item.code if item.classification is Classification.FUNCTIONAL else "",
        "economic_code": item.code if item.classification is Classification.ECONOMIC else "",
        "total": item.total,
        "occurrence": item.occurrence,
        "attributes": msgspec.json.encode(item.attributes).decode() if item.attributes else "",
    }


def _figure(measure: str, amount: Amount, item: LineItem, unit: Unit | None) -> dict[str, Any]:
    value = amount.value
    yuan = convert(value, unit, Unit.YUAN) if value is not None and unit is not None else None
    return {
        "measure": measure,
        "text": amount.text,
        "mark": str(amount.mark),
        "certainty": str(amount.certainty),
        "unit": str(unit or ""),
        "value": exact(value),
        "yuan": exact(yuan),
        "page": amount.at.page if amount.at else item.page,
        "row": amount.at.row if amount.at else item.row,
        "column": amount.at.column if amount.at else 0,
    }


def exact(value: Decimal | None) -> Decimal | None:
    """The value where a decimal column holds it exactly, else None.

    Of one that fits but for zeros at its end, which no column would take, those go.
    """
    if value is None or not fits(value):
        return None
    return value if len(value.as_tuple().digits) <= DIGITS else value.normalize(EXACT)
