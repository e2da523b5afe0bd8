"""Comparisons as rows of the table of changes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from archive.export.rows import exact
from archive.model import Amount, Unit
from archive.money import convert
from diffing.changes import Cell, Change, Passage
from diffing.compare import Comparison
from diffing.versions import Where

__all__ = ["change_rows"]


def change_rows(
    comparison: Comparison, agency_name: str, revision: str = ""
) -> Iterator[dict[str, Any]]:
    """One row a figure or passage that differs (diffing/export/tables.py), in order of print.

    `revision` is the commit that brought the later of two versions in. One file may come back again
    and again, read anew meanwhile: it alone tells such revisions apart.
    """
    common = _sides(comparison) | {"agency_name": agency_name}
    common["revision"] = revision or comparison.new.commit
    for number, change in enumerate(comparison.changes, 1):
        about = common | _about(change) | {"change": number}
        parts = [_cell(cell) for cell in change.cells]
        parts += [_passage(passage, change) for passage in change.passages]
        for place, part in enumerate(parts or [_places(change)], 1 if parts else 0):
            yield about | part | {"part": place}


def _sides(comparison: Comparison) -> dict[str, Any]:
    old, new = comparison.old, comparison.new
    identity = new.identity
    assert identity is not None  # noqa: S101 - both sides come from the archive
    return {
        "document": new.name,
        "division": identity.division,
        "agency": identity.agency,
        "level": str(identity.level),
        "year": identity.year,
        "kind": str(identity.kind),
        "comparison": str(comparison.mode),
        "version": new.commit,
        "original": new.document.original,
        "extractor": new.document.extractor,
        "old_document": old.name,
        "old_version": old.commit,
        "old_original": old.document.original,
        "old_extractor": old.document.extractor,
    }


def _about(change: Change) -> dict[str, Any]:
    line = change.line
    return {
        "what": " ".join(change.kinds),
        "significance": str(change.significance),
        "certainty": str(change.certainty),
        "form": line.form,
        "title": line.statement,
        "side": line.side or "",
        "code": line.code,
        "name": line.name,
        "depth": line.level,
        "total": line.total,
        "unread_pages": ", ".join(map(str, change.unread)),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    difference = cell.difference
    return {
        "measure": cell.measure,
        "cell": str(cell.kind),
        "significance": str(cell.significance),
        "certainty": str(cell.certainty),
        **_amount("old", cell.old, cell.old_unit, cell.old_at),
        **_amount("new", cell.new, cell.new_unit, cell.new_at),
        "difference": None if difference is None else exact(_yuan(difference, Unit.WAN)),
        "percent": None if cell.percent is None else exact(cell.percent),
    }


def _amount(
    side: str, amount: Amount | None, unit: Unit | None, where: Where | None
) -> dict[str, Any]:
    at = amount.at if amount else None
    value = amount.value if amount else None
    return {
        f"{side}_text": amount.text if amount else "",
        f"{side}_mark": str(amount.mark) if amount else "",
        f"{side}_unit": str(unit or ""),
        f"{side}_value": exact(value),
        f"{side}_yuan": exact(_yuan(value, unit)),
        f"{side}_certainty": str(amount.certainty) if amount else "",
        f"{side}_page": at.page if at else where.page if where else None,
        f"{side}_row": at.row if at else where.row if where else None,
        f"{side}_column": at.column if at else None,
    }


def _yuan(value: Decimal | None, unit: Unit | None) -> Decimal | None:
    return None if value is None or unit is None else convert(value, unit, Unit.YUAN)


def _passage(passage: Passage, change: Change) -> dict[str, Any]:
    return {
        "field": passage.field,
        "old_passage": passage.old,
        "new_passage": passage.new,
        **_places(change),
    }


def _places(change: Change) -> dict[str, Any]:
    old, new = change.old_at, change.new_at
    return {
        "old_page": old.page if old else None,
        "old_row": old.row if old else None,
        "new_page": new.page if new else None,
        "new_row": new.row if new else None,
    }
