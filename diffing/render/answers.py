"""Answers of the corpus, for the terminal and for machines: a query's rows, a district's moves."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from diffing.figures import exact, places, signed
from diffing.overview import Move, Overview
from diffing.query import Answer
from diffing.render.block import unsure
from diffing.render.data import encoded
from diffing.render.sheet import Column, Sheet, harmless
from diffing.words import Wording

__all__ = ["answer_csv", "answer_json", "answer_sheet", "overview_json", "overview_sheet"]

_SCHEMA: Final = "mingzhang-overview/1"
_FIELDS: Final = tuple(Move.__struct_fields__)


def answer_sheet(answer: Answer) -> Sheet:
    """The rows of a query as they came; a decimal keeps every digit, NULL is empty."""
    numbers = [
        any(isinstance(row[n], int | Decimal | float) for row in answer.rows)
        for n in range(len(answer.columns))
    ]
    return Sheet(
        title="",
        columns=tuple(
            Column(name, figures) for name, figures in zip(answer.columns, numbers, strict=True)
        ),
        rows=tuple(tuple(map(_text, row)) for row in answer.rows),
        notes=("…",) if answer.more else (),
    )


def answer_csv(answer: Answer) -> str:
    """The rows as CSV; text that a spreadsheet would run as a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (answer.columns, *answer.rows):
        writer.writerow([harmless(_text(value)) for value in row])
    return out.getvalue()


def answer_json(answer: Answer) -> str:
    """A list of objects, column → value; decimals as strings, exact."""
    rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    return _listed(rows)


def overview_sheet(found: Overview, words: Wording) -> Sheet:
    """One row a move."""
    decimals = places(v for move in found.moves for v in (move.old, move.new, move.difference))
    years = found.year is None
    rows = [
        (
            *([str(move.year)] if years else []),
            move.agency_name,
            move.form,
            unsure(
                " ".join(part for part in (move.side, move.code, move.name) if part),
                move.certainty,
                words,
            ),
            move.measure,
            exact(move.old, decimals),
            exact(move.new, decimals),
            signed(move.difference, decimals),
            "" if move.percent is None else f"{signed(move.percent)}%",
            f"{move.old_page}:{move.old_row} → {move.new_page}:{move.new_row}",
        )
        for move in found.moves
    ]
    kind = words.kind(found.kind)
    names = {"division": found.division, "year": found.year, "kind": kind}
    sides = [words("column-before"), words("column-after")]
    if found.year is not None:
        sides = [words("column-side", year=y, kind=kind) for y in (found.year - 1, found.year)]
    return Sheet(
        title=words("overview-title-years" if years else "overview-title", **names),
        columns=(
            *([Column(words("column-year"))] if years else []),
            Column(words("column-agency")),
            Column(words("column-table")),
            Column(words("column-line")),
            Column(words("column-measure")),
            *(Column(side, figures=True) for side in sides),
            Column(f"{words('column-difference')} (万元)", figures=True),
            Column(words("column-rate"), figures=True),
            Column(words("column-source"), figures=True),
        ),
        rows=tuple(rows),
        notes=(words("overview-note" if rows else "overview-none"),),
        records=tuple(_record(move) for move in found.moves),
        fields=_FIELDS,
    )


def overview_json(found: Overview) -> str:
    """Everything, with exact figures as strings and their places."""
    return encoded(
        {
            "schema": _SCHEMA,
            "division": found.division,
            "year": found.year,
            "kind": found.kind,
            "moves": [_record(move) for move in found.moves],
        }
    )


def _listed(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON, one a line."""
    lines = (msgspec.json.encode(row, enc_hook=str).decode() for row in rows)
    return "[" + ",\n ".join(lines) + "]\n"


def _record(move: Move) -> dict[str, Any]:
    return {name: _plain(value) for name, value in msgspec.structs.asdict(move).items()}


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
