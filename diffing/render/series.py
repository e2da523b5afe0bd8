"""A line over years or peers, for the terminal and for machines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from diffing.figures import exact, places, signed
from diffing.render.data import encoded, figure_data
from diffing.render.sheet import Column, Sheet
from diffing.series import Point, Series
from diffing.words import Wording

__all__ = ["series_json", "series_sheet"]

_SCHEMA: Final = "mingzhang-series/1"
_FIELDS: Final = (
    "division",
    "agency",
    "agency_name",
    "level",
    "year",
    "kind",
    "statement",
    "side",
    "code",
    "name",
    "measure",
    "amount_wan",
    "printed",
    "unit",
    "difference_wan",
    "percent",
    "execution_percent",
    "certainty",
    "page",
    "row",
    "document",
    "commit",
)


def series_sheet(series: Series, words: Wording) -> Sheet:
    """One row a document, or more where several of its rows bear the name."""
    decimals = places(p.figure.wan for p in series.points)
    many = len({p.identity.agency for p in series.points}) > 1 or bool(series.kind)
    executed = any(p.executed is not None for p in series.points)
    columns = [
        *([Column(words("column-division")), Column(words("column-agency"))] if many else []),
        Column(words("column-year")),
        Column(words("column-kind")),
        Column(words("column-table")),
        Column(words("column-line")),
        Column(words("column-measure")),
        Column(words("column-amount"), figures=True),
        Column(words("column-from-last"), figures=True),
        Column(words("column-rate"), figures=True),
        *([Column(words("column-execution"), figures=True)] if executed else []),
        Column(words("column-source"), figures=True),
    ]
    rows = []
    for point in series.points:
        i, wan = point.identity, point.figure.wan
        rows.append(
            (
                *((i.division, point.version.agency) if many else ()),
                str(i.year),
                f"{words.level(i.level)}{words.kind(i.kind)}",
                point.statement,
                " ".join(part for part in (point.side, point.code, point.name) if part),
                point.measure,
                point.figure.amount.text if wan is None else exact(wan, decimals),
                "" if point.difference is None else signed(point.difference, decimals),
                "" if point.percent is None else f"{signed(point.percent)}%",
                *([_percent(point.executed)] if executed else []),
                f"{point.figure.at.page}:{point.figure.at.row}",
            )
        )
    agencies = words("page-joint").join(series.agencies)
    whose = words("series-title", agency=agencies, line=series.line)
    return Sheet(
        title=series.line if series.kind else whose,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(_notes(series, words)),
        records=tuple(_record(point) for point in series.points),
        fields=_FIELDS,
    )


def series_json(series: Series) -> str:
    """Everything, with exact figures as strings and their places."""
    return encoded(
        {
            "schema": _SCHEMA,
            "line": series.line,
            "table": series.table,
            "agencies": series.agencies,
            "kind_of_agency": series.kind or None,
            "ambiguous": series.ambiguous > 1,
            "without": [version.name for version in series.without],
            "points": [
                _record(point) | {"figure": figure_data(point.figure)} for point in series.points
            ],
        }
    )


def _notes(series: Series, words: Wording) -> list[str]:
    if not series.points:
        return [words("series-none", line=series.line)]
    notes = []
    if series.without:
        documents = words("page-joint").join(words.document(v) for v in series.without)
        notes.append(words("series-without", documents=documents))
    if series.ambiguous > 1:
        notes.append(words("series-several", count=series.ambiguous))
    if series.kind:
        notes.append(words("peers-note", kind=series.kind))
    return [*notes, words("series-note")]


def _record(point: Point) -> dict[str, Any]:
    i, figure = point.identity, point.figure
    return {
        "division": i.division,
        "agency": i.agency,
        "agency_name": point.version.agency,
        "level": i.level,
        "year": i.year,
        "kind": i.kind,
        "statement": point.statement,
        "side": point.side,
        "code": point.code,
        "name": point.name,
        "measure": point.measure,
        "amount_wan": None if figure.wan is None else f"{figure.wan:f}",
        "printed": figure.amount.text,
        "unit": figure.unit,
        "difference_wan": None if point.difference is None else f"{point.difference:f}",
        "percent": None if point.percent is None else f"{point.percent:f}",
        "execution_percent": None if point.executed is None else f"{point.executed:f}",
        "certainty": figure.amount.certainty,
        "page": figure.at.page,
        "row": figure.at.row,
        "document": i.document_id,
        "commit": point.version.commit,
    }


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{exact(rate)}%"
