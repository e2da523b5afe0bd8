"""A digest as JSON for machines: every change with exact figures as strings, and its places."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import structs

from archive.model import Amount, Unit
from diffing.basis import Basis
from diffing.changes import Cell, Change, Significance
from diffing.compare import Comparison
from diffing.digest import Digest
from diffing.execution import Execution
from diffing.printed import Figure
from diffing.quoted import Quoted
from diffing.render.escaping import escaped_json
from diffing.review import Problems
from diffing.versions import Mode, Version
from diffing.witness import Witness

__all__ = [
    "basis_data",
    "comparison_data",
    "comparison_json",
    "encoded",
    "figure_data",
    "quoted_data",
    "render",
    "version_data",
]

_SCHEMA: Final = "mingzhang-digest/1"
_WHOLE: Final = 30
"""So many comparisons are listed with everything that differs; of more, what is told and counts of
the rest: a quarter of a megabyte each would be of no use to anybody."""


def render(digest: Digest, lang: str = "zh") -> str:
    """The digest as JSON. Amounts are strings, exact, in 万元 beside what is printed; `lang` is
    noted only, as names of lines stay as printed.

    Of more than thirty comparisons it lists what reaches the thresholds; `unlisted` counts the
    rest.
    """
    whole = len(digest.comparisons) + len(digest.executions) <= _WHOLE
    data: dict[str, Any] = {
        "schema": _SCHEMA,
        "lang": lang,
        "scope": digest.scope,
        "name": digest.name,
        "run": digest.run,
        "created": digest.created,
        "comparisons": [_raw(comparison_data(c, whole=whole)) for c in digest.comparisons],
        "collected": [version_data(collected.version) for collected in digest.collected],
        "happenings": digest.happenings,
        "outcomes": digest.outcomes,
        "thresholds": digest.thresholds,
    }
    if digest.executions:
        data["executions"] = [_raw(execution_data(e, whole=whole)) for e in digest.executions]
    if digest.history:
        data["versions"] = [version_data(version) for version in digest.history]
    if digest.span is not None:
        data["span"] = digest.span
    if digest.absence is not None:
        data["absence"] = digest.absence
    if digest.problems:
        data["problems"] = [problems_data(problems) for problems in digest.problems]
    if digest.corrections:
        data["corrections"] = digest.corrections
    return encoded(data)


def problems_data(problems: Problems) -> dict[str, Any]:
    """What does not add up in a document, as plain values."""
    from diffing.render.checks import group_data

    return {
        "of": version_data(problems.version),
        "findings": [
            group_data(group, problems.confirmed.get(group.key)) for group in problems.groups
        ],
    }


def execution_data(execution: Execution, *, whole: bool = True) -> dict[str, Any]:
    """A year's plan and outcome as plain values; else only the lines that reach the thresholds."""
    from diffing.render.execution import execution_values

    if whole:
        return execution_values(execution)
    told = tuple(line for line in execution.lines if line.significance is not Significance.LIST)
    values = execution_values(structs.replace(execution, lines=told))
    return {**values, "unlisted": len(execution.lines) - len(told)}


def _raw(values: dict[str, Any]) -> msgspec.Raw:
    """Plain values, encoded at once, so that those of a whole run are never held as objects."""
    return msgspec.Raw(msgspec.json.encode(values, enc_hook=str))


def comparison_json(comparison: Comparison) -> str:
    """One comparison as JSON, in the same shape as within a digest."""
    return encoded({"schema": _SCHEMA, **comparison_data(comparison)})


def encoded(data: dict[str, Any]) -> str:
    """Plain values as JSON; a Decimal becomes a string, exact, never a float."""
    encoded = msgspec.json.encode(data, enc_hook=str)
    return escaped_json(msgspec.json.format(encoded, indent=1).decode()) + "\n"


def comparison_data(comparison: Comparison, *, whole: bool = True) -> dict[str, Any]:
    """One comparison as plain values; else, of two years, only what reaches the thresholds."""
    told = comparison.changes
    if not whole and comparison.mode is not Mode.REVISION:
        told = tuple(change for change in told if change.significance is not Significance.LIST)
    unlisted = {} if whole else {"unlisted": len(comparison.changes) - len(told)}
    return {
        "mode": comparison.mode,
        "old": version_data(comparison.old),
        "new": version_data(comparison.new),
        "changes": [_change(change) for change in told],
        **unlisted,
        "accounting": comparison.accounting,
        "conservation": [
            {**structs.asdict(c), "remainder": c.remainder} for c in comparison.conservation
        ],
        "notes": comparison.notes,
        "suggestions": [structs.asdict(one) for one in comparison.suggestions],
        "witnesses": [_witness(one) for one in comparison.witnesses],
    }


def version_data(version: Version) -> dict[str, Any]:
    """One side of a comparison as plain values."""
    return {
        "document": version.name,
        "agency": version.agency,
        "year": version.year,
        "kind": version.kind,
        "level": version.level,
        "commit": version.commit,
        "original": version.document.original,
        "extractor": version.document.extractor,
        "published": version.published,
        "url": version.entry.source_url if version.entry else "",
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kinds": change.kinds,
        "significance": change.significance,
        "certainty": change.certainty,
        "line": structs.asdict(change.line),
        "before": structs.asdict(change.before) if change.before else None,
        "rows": change.rows,
        "unread": change.unread,
        "by_order": change.by_order,
        "cells": [_cell(cell) for cell in change.cells],
        "lead": change.lead if change.cells else None,
        "key": change.key,
        "place": change.place,
        "paired_by": change.paired_by,
        "basis": basis_data(change.basis),
        "balance": change.balance,
        "share": structs.asdict(change.share) if change.share else None,
        "passages": [structs.asdict(passage) for passage in change.passages],
        "old_at": _where(change.old_at),
        "new_at": _where(change.new_at),
    }


def basis_data(basis: Basis | None) -> dict[str, Any] | None:
    """A revision of the classification and what it means for a line, as plain values."""
    if basis is None:
        return None
    revision = structs.asdict(basis.revision)
    return {**revision, "parent": basis.parent, "comparable": basis.comparable}


def figure_data(figure: Figure | None) -> dict[str, Any] | None:
    """A printed figure as plain values: as printed, exactly in 万元, and its place."""
    if figure is None:
        return None
    amount, unit = figure.amount, figure.unit
    return {**(_amount(amount, unit) or {}), "wan": figure.wan, "at": _where(figure.at)}


def quoted_data(quoted: Quoted | None) -> dict[str, Any] | None:
    """A quoted figure as plain values; the sentence it stands in included."""
    if quoted is None:
        return None
    return {
        "wan": quoted.value,
        "page": quoted.page,
        "quotation": quoted.quotation,
        "derived": quoted.derived,
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "line": structs.asdict(witness.line),
        "measure": witness.measure,
        "printed": figure_data(witness.printed),
        "quoted": quoted_data(witness.quoted),
        "column": figure_data(witness.column),
        "agrees": witness.agrees,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "measure": cell.measure,
        "kind": cell.kind,
        "old": _amount(cell.old, cell.old_unit),
        "new": _amount(cell.new, cell.new_unit),
        "old_wan": cell.old_wan,
        "new_wan": cell.new_wan,
        "difference_wan": cell.difference,
        "percent": cell.percent,
        "certainty": cell.certainty,
        "significance": cell.significance,
        "old_at": _where(cell.old_at),
        "new_at": _where(cell.new_at),
    }


def _amount(amount: Amount | None, unit: Unit | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    plain: dict[str, Any] = {
        "text": amount.text,
        "mark": amount.mark,
        "unit": unit,
        "certainty": amount.certainty,
    }
    if amount.proposed is not None:
        plain |= {"proposed": amount.proposed, "witnesses": amount.witnesses}
    return plain


def _where(where: Any) -> dict[str, Any] | None:
    return structs.asdict(where) if where is not None else None
