"""A department beside its units, for the terminal and for machines."""

from __future__ import annotations

from typing import Any, Final

from diffing.consolidation import Consolidated, Consolidation, Sum
from diffing.figures import exact, places, signed
from diffing.render.data import encoded, figure_data, version_data
from diffing.render.sheet import Column, Sheet
from diffing.words import Wording

__all__ = ["consolidation_json", "consolidation_sheet"]

_SCHEMA: Final = "mingzhang-units/1"
_STYLES: Final = {Sum.REMAINDER: "bold", Sum.PARTLY: "", Sum.HOLDS: "dim"}
_FIELDS: Final = (
    "outcome",
    "statement",
    "form",
    "side",
    "code",
    "name",
    "measure",
    "department_wan",
    "units_wan",
    "remainder_wan",
    "allowed_wan",
    "units",
)


def consolidation_sheet(found: Consolidation, words: Wording) -> Sheet:
    """One row a line and measure; a difference is only shown as one where every unit is here."""
    decimals = places(v for line in found.lines for v in (line.total, line.remainder))
    rows = []
    for line in found.lines:
        whole = line.whole.wan if line.whole else None
        rows.append(
            (
                line.line.statement,
                " ".join(part for part in (line.line.code, line.line.name) if part),
                line.measure,
                words("cell-absent") if whole is None else exact(whole, decimals),
                "" if line.total is None else exact(line.total, decimals),
                "" if line.remainder is None else signed(line.remainder, decimals),
                str(sum(part.figure is not None for part in line.parts)),
            )
        )
    return Sheet(
        title=words(
            "units-title",
            agency=found.department.agency,
            year=found.department.year,
            kind=words.kind(found.department.kind),
        ),
        columns=(
            Column(words("column-table")),
            Column(words("column-line")),
            Column(words("column-measure")),
            Column(words("column-department"), figures=True),
            Column(words("column-units"), figures=True),
            Column(words("column-remainder"), figures=True),
            Column(words("column-unit-count"), figures=True),
        ),
        rows=tuple(rows),
        styles=tuple(_STYLES[line.outcome] for line in found.lines),
        notes=tuple(_notes(found, words)),
        records=tuple(_record(line) for line in found.lines),
        fields=_FIELDS,
    )


def consolidation_json(found: Consolidation) -> str:
    """Everything, with exact figures as strings and their places, unit by unit."""
    return encoded(
        {
            "schema": _SCHEMA,
            "department": version_data(found.department),
            "units": [version_data(unit) for unit in found.units],
            "missing": found.missing,
            "complete": found.complete,
            "lines": [
                _record(line)
                | {
                    "department": figure_data(line.whole),
                    "parts": [
                        {"unit": part.unit.name, "figure": figure_data(part.figure)}
                        for part in line.parts
                    ],
                }
                for line in found.lines
            ],
        }
    )


def _notes(found: Consolidation, words: Wording) -> list[str]:
    outcomes = [line.outcome for line in found.lines]
    notes = [
        words(
            "units-holds",
            holds=outcomes.count(Sum.HOLDS),
            partly=outcomes.count(Sum.PARTLY),
            remainder=outcomes.count(Sum.REMAINDER),
        )
    ]
    if found.missing:
        names = words("page-joint").join(found.missing)
        notes.append(words("units-missing", count=len(found.missing), names=names))
    elif not found.complete:
        notes.append(words("units-unknown"))
    return notes


def _record(line: Consolidated) -> dict[str, Any]:
    whole = line.whole.wan if line.whole else None
    return {
        "outcome": line.outcome,
        "statement": line.line.statement,
        "form": line.line.form,
        "side": line.line.side,
        "code": line.line.code,
        "name": line.line.name,
        "measure": line.measure,
        "department_wan": None if whole is None else f"{whole:f}",
        "units_wan": None if line.total is None else f"{line.total:f}",
        "remainder_wan": None if line.remainder is None else f"{line.remainder:f}",
        "allowed_wan": f"{line.allowed:f}",
        "units": sum(part.figure is not None for part in line.parts),
    }
