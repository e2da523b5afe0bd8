"""What the text stage saw in one document, as plain data: the shape `mingzhang read --json` prints.

Amounts are the printed strings (a blank is null, a printed zero is "0.00"); place and certainty
stand beside them under the same keys.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import msgspec

from archive.forms import plain, title_of
from archive.model import Amount, Document, Kind, Level, LineItem, Locator, Mark, Statement

_LEVELS: Final = {Level.DEPARTMENT: "部门", Level.UNIT: "单位"}
_KINDS: Final = {Kind.BUDGET: "预算", Kind.FINAL: "决算"}


def kind_name(level: Level | None, kind: Kind | None) -> str | None:
    """The field's word for a document: 部门预算, 单位决算 …; None where kind is unknown.

    >>> kind_name(Level.DEPARTMENT, Kind.FINAL)
    '部门决算'
    """
    return None if kind is None else f"{_LEVELS[level] if level else ''}{_KINDS[kind]}"


def report(document: Document, file: str) -> dict[str, Any]:
    """Everything read in a document, JSON-ready; `file` is the name to show."""
    facts = document.facts
    units = {s.unit for s in document.statements if s.columns}
    return {
        "file": file,
        "sha256": document.original,
        "extractor": document.extractor,
        "pages": document.pages,
        "agency": facts.agency,
        "year": facts.year,
        "kind": kind_name(facts.level, facts.kind),
        "codes": list(facts.codes),
        "unit": str(next(iter(units))) if len(units) == 1 and None not in units else None,
        "tables": [_table(s) for s in document.statements],
        "unmatched": [
            {
                "title": table.title,
                "pages": list(table.pages),
                "reason": table.reason,
                "rows": [list(row) for row in table.rows],
            }
            for table in document.tables
        ],
        "prose": [{"page": p.page, "heading": p.heading, "text": p.text} for p in document.prose],
        "claims": msgspec.to_builtins(document.claims),
        "repairs": msgspec.to_builtins(document.repairs),
        "remarks": [
            {"code": r.code, "message": r.message, "page": r.page} for r in document.remarks
        ],
    }


def short_title(statement: Statement) -> str:
    """The printed title without the year and agency before it: 部门收支总表（表一）."""
    core = title_of(statement.title).core
    start = plain(statement.title).find(core)
    # `plain` keeps length on a title without white space: one character for one.
    return statement.title[start:] if start > 0 else statement.title


def _table(statement: Statement) -> dict[str, Any]:
    headers = _headers(statement)
    return {
        "title": short_title(statement),
        "printed_title": statement.title,
        "form": statement.form,
        **({"subject": statement.subject} if statement.subject else {}),
        "unit": statement.unit,
        "page": statement.pages[0],
        "pages": list(statement.pages),
        "columns": [
            {"side": c.side, "measure": c.measure, "header": headers[c.side, c.measure]}
            for c in statement.columns
        ],
        "rows": [_row(item, headers) for item in statement.items],
        "notes": list(statement.notes),
    }


def _headers(statement: Statement) -> dict[tuple[str | None, str], str]:
    """What each column is called; one whose head stands twice by its measure, which does not."""
    count = Counter((column.side, column.header) for column in statement.columns)
    return {
        (c.side, c.measure): c.header if count[c.side, c.header] == 1 else c.measure
        for c in statement.columns
    }


def _row(item: LineItem, headers: dict[tuple[str | None, str], str]) -> dict[str, Any]:
    def header(measure: str) -> str:
        return headers.get((item.side, measure), measure)

    row: dict[str, Any] = {"side": item.side} if item.side else {}
    row |= {"code": item.code, "name": item.name}
    row["values"] = {header(m): _value(a) for m, a in item.amounts.items()}
    places = {header(m): a.at for m, a in item.amounts.items() if a.at}
    row["locators"] = {key: _place(at) for key, at in (places | item.places).items()}
    row["certainty"] = {header(m): str(a.certainty) for m, a in item.amounts.items()}
    asked = {header(m): a for m, a in item.amounts.items() if a.proposed is not None}
    if asked:
        row["proposed"] = {
            name: {"value": str(a.proposed), "witnesses": list(a.witnesses)}
            for name, a in asked.items()
        }
    row |= item.attributes
    if item.occurrence > 1:
        row["occurrence"] = item.occurrence
    if item.remarks:
        row["remarks"] = list(item.remarks)
    return row


def _place(at: Locator) -> dict[str, Any]:
    box = [at.box.x0, at.box.y0, at.box.x1, at.box.y1] if at.box else None
    return {"page": at.page, "row": at.row, "column": at.column, "box": box}


def _value(amount: Amount) -> str | None:
    return None if amount.mark is Mark.BLANK else amount.text
