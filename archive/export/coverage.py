"""The coverage matrix as rows: one an agency, year and kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from archive.export.documents import division_name
from archive.matrix import Cell, Doubt, Line, cells, matrix
from archive.model import Level
from archive.register import Register
from archive.repository import Archive

__all__ = ["coverage_rows"]


def coverage_rows(
    archive: Archive,
    register: Register,
    division: str,
    years: Collection[int] = (),
    exported: Collection[str] = (),
) -> Iterator[dict[str, Any]]:
    """How every department and unit of a division stands (archive/export/tables.py).

    `exported` are the ids a row may refer to. Raises RegisterError, RepositoryError.
    """
    for level in Level:
        found = matrix(archive, register, division, level, sorted(years) if years else None)
        common = {
            "division": division,
            "division_name": division_name(division, register),
            "level": str(level),
        }
        for line, cell in cells(found):
            yield common | _row(line, cell, exported)


def _row(line: Line, cell: Cell, exported: Collection[str]) -> dict[str, Any]:
    newest = cell.newest
    return {
        "agency": line.agency,
        "agency_name": line.name,
        "agency_kind": line.kind_of_agency or "",
        "year": cell.year,
        "kind": str(cell.kind),
        "standing": str(cell.standing),
        "on_time": cell.on_time,
        "due": cell.due.day,
        "due_basis": str(cell.due.basis),
        "published": cell.published,
        "first_seen": cell.first_seen,
        "days_late": cell.days_late,
        "versions": cell.versions,
        "exempt_source": cell.source,
        "document": cell.document_id if cell.document_id in exported else None,
        "version": newest.commit if newest else "",
        "original": newest.originals[0] if newest and newest.originals else "",
        "extractor": newest.extractor if newest else "",
        "source": newest.source_url if newest else "",
        **_reason(cell.doubt),
    }


def _reason(doubt: Doubt | None) -> dict[str, Any]:
    if doubt is None:
        return {"reason": "", "reason_portal": "", "reason_day": None, "reason_detail": ""}
    return {
        "reason": str(doubt.reason),
        "reason_portal": doubt.portal,
        "reason_day": doubt.day,
        "reason_detail": ", ".join(doubt.hindrances) or (str(doubt.count) if doubt.count else ""),
    }
