"""A year's plan and outcome, for the terminal and for machines."""

from __future__ import annotations

from typing import Any, Final

from diffing.changes import Significance, is_nothing
from diffing.execution import Executed, Execution
from diffing.figures import exact, places, signed
from diffing.printed import Figure
from diffing.render.data import encoded, figure_data, quoted_data, version_data
from diffing.render.sheet import Column, Sheet
from diffing.words import Wording

__all__ = ["execution_json", "execution_sheet", "execution_values"]

_SCHEMA: Final = "mingzhang-execution/1"
_STYLES: Final = {Significance.HEADLINE: "bold", Significance.REPORT: "", Significance.LIST: "dim"}
_FIELDS: Final = (
    "significance",
    "statement",
    "form",
    "side",
    "code",
    "name",
    "measure",
    "original_wan",
    "full_year_wan",
    "outcome_wan",
    "difference_wan",
    "rate_percent",
    "full_year_rate_percent",
    "carried_percent",
    "quoted_original_wan",
    "quoted_agrees",
    "certainty",
    "budget_page",
    "budget_row",
    "final_page",
    "final_row",
)


def execution_sheet(found: Execution, words: Wording) -> Sheet:
    """One row a line and measure; where only one document could be read, no rate is made."""
    decimals = places(
        f.wan for line in found.lines for f in (line.original, line.full_year, line.outcome) if f
    )
    full = any(line.full_year for line in found.lines)
    columns = [
        Column(words("column-table")),
        Column(words("column-line")),
        Column(words("column-measure")),
        Column(words("column-original"), figures=True),
        *([Column(words("column-full-year"), figures=True)] if full else []),
        Column(words("column-outcome"), figures=True),
        Column(words("column-difference"), figures=True),
        Column(words("column-execution"), figures=True),
        *([Column(words("column-execution-full"), figures=True)] if full else []),
        Column(words("column-source"), figures=True),
    ]
    rows = []
    for line in found.lines:
        adjusted = [_shown(line.full_year, words, decimals)] if full else []
        adjusted_rate = [_percent(line.full_year_rate)] if full else []
        rows.append(
            (
                line.line.statement,
                " ".join(part for part in (line.line.code, line.line.name) if part),
                line.measure,
                _shown(line.original, words, decimals, unsure=line.unsure),
                *adjusted,
                _shown(line.outcome, words, decimals, unsure=line.unsure),
                "" if line.difference is None else signed(line.difference, decimals),
                _rate(line, words),
                *adjusted_rate,
                f"{_place(line.original)} → {_place(line.outcome or line.full_year)}",
            )
        )
    return Sheet(
        title=words("execution-title", agency=found.final.agency, year=found.final.year),
        columns=tuple(columns),
        rows=tuple(rows),
        styles=tuple(_STYLES[line.significance] for line in found.lines),
        notes=tuple(_notes(found, words)),
        records=tuple(_record(line) for line in found.lines),
        fields=_FIELDS,
    )


def execution_json(found: Execution) -> str:
    """Everything, with exact figures as strings and their places."""
    return encoded({"schema": _SCHEMA, **execution_values(found)})


def execution_values(found: Execution) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "budget": version_data(found.budget),
        "final": version_data(found.final),
        "lines": [
            _record(line)
            | {
                "original": figure_data(line.original),
                "full_year": figure_data(line.full_year),
                "outcome": figure_data(line.outcome),
                "quoted": quoted_data(line.quoted),
                "unsure": line.unsure,
            }
            for line in found.lines
        ],
        "only_in_one": found.only,
    }


def _notes(found: Execution, words: Wording) -> list[str]:
    notes = [] if found.lines else [words("execution-none")]
    for line in found.lines:
        if line.carried is not None and line.significance is not Significance.LIST:
            notes.append(
                words(
                    "execution-carried",
                    line=line.line.name,
                    amount=_shown(line.outcome, words, 2),
                    share=exact(line.carried),
                )
            )
        original = line.original.wan if line.original else None
        if line.quoted_agrees is False and line.quoted and original is not None:
            notes.append(
                words(
                    "execution-quoted",
                    line=line.line.name,
                    printed=exact(original),
                    quoted=exact(line.quoted.value),
                    page=line.quoted.page,
                )
            )
    if found.only:
        titles = words("page-joint").join(dict.fromkeys(found.only))
        notes.append(words("execution-only", titles=titles))
    return [*notes, words("execution-note")] if found.lines else notes


def _record(line: Executed) -> dict[str, Any]:
    return {
        "significance": line.significance,
        "statement": line.line.statement,
        "form": line.line.form,
        "side": line.line.side,
        "code": line.line.code,
        "name": line.line.name,
        "measure": line.measure,
        "original_wan": _text(line.original),
        "full_year_wan": _text(line.full_year),
        "outcome_wan": _text(line.outcome),
        "difference_wan": None if line.difference is None else f"{line.difference:f}",
        "rate_percent": None if line.rate is None else f"{line.rate:f}",
        "full_year_rate_percent": (
            None if line.full_year_rate is None else f"{line.full_year_rate:f}"
        ),
        "carried_percent": None if line.carried is None else f"{line.carried:f}",
        "quoted_original_wan": f"{line.quoted.value:f}" if line.quoted else None,
        "quoted_agrees": line.quoted_agrees,
        "certainty": line.certainty,
        "budget_page": line.original.at.page if line.original else None,
        "budget_row": line.original.at.row if line.original else None,
        "final_page": line.outcome.at.page if line.outcome else None,
        "final_row": line.outcome.at.row if line.outcome else None,
    }


def _text(figure: Figure | None) -> str | None:
    value = figure.wan if figure else None
    return None if value is None else f"{value:f}"


def _shown(figure: Figure | None, words: Wording, decimals: int, *, unsure: bool = False) -> str:
    if figure is None:
        return words("cell-unread") if unsure else words("cell-absent")
    if figure.wan is not None:
        return exact(figure.wan, decimals)
    return figure.amount.text or words("cell-blank")


def _rate(line: Executed, words: Wording) -> str:
    if line.rate is not None:
        return _percent(line.rate)
    nothing = line.original is None or is_nothing(line.original.amount)
    came = line.outcome is not None and not is_nothing(line.outcome.amount)
    return words("execution-unbudgeted") if nothing and came and not line.unsure else ""


def _percent(rate: Any) -> str:
    return "" if rate is None else f"{exact(rate)}%"


def _place(figure: Figure | None) -> str:
    if figure is None:
        return "—"
    return f"{figure.at.page}:{figure.at.row}" if figure.at.row else str(figure.at.page)
