"""A digest as JSON for machines: every change with exact figures as strings, and its places."""

from __future__ import annotations

from typing import Any

import msgspec

from diffing.changes import Cell, Change
from diffing.compare import Comparison
from diffing.digest import Digest
from diffing.versions import Version

__all__ = ["comparison_data", "comparison_json", "render"]

_SCHEMA = "mingzhang-digest/1"


def render(digest: Digest, lang: str = "zh") -> str:
    """The digest as JSON. Amounts are strings, exact, in 万元 beside what is printed; `lang` is
    noted only, as names of lines stay as printed."""
    data = {
        "schema": _SCHEMA,
        "lang": lang,
        "scope": digest.scope,
        "name": digest.name,
        "run": digest.run,
        "created": digest.created,
        "comparisons": [comparison_data(comparison) for comparison in digest.comparisons],
        "collected": [_version(collected.version) for collected in digest.collected],
        "happenings": digest.happenings,
        "outcomes": digest.outcomes,
        "thresholds": digest.thresholds,
    }
    return _encoded(data)


def comparison_json(comparison: Comparison) -> str:
    """One comparison as JSON, in the same shape as within a digest."""
    return _encoded({"schema": _SCHEMA, **comparison_data(comparison)})


def _encoded(data: dict[str, Any]) -> str:
    encoded = msgspec.json.encode(data, enc_hook=str)
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """One comparison as plain values."""
    return {
        "mode": comparison.mode,
        "old": _version(comparison.old),
        "new": _version(comparison.new),
        "changes": [_change(change) for change in comparison.changes],
        "accounting": comparison.accounting,
        "conservation": [
            {**msgspec.structs.asdict(c), "remainder": c.remainder} for c in comparison.conservation
        ],
        "notes": comparison.notes,
    }


def _version(version: Version) -> dict[str, Any]:
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
        "line": msgspec.structs.asdict(change.line),
        "before": msgspec.structs.asdict(change.before) if change.before else None,
        "rows": change.rows,
        "unread": change.unread,
        "by_order": change.by_order,
        "cells": [_cell(cell) for cell in change.cells],
        "lead": change.lead if change.cells else None,
        "passages": [msgspec.structs.asdict(passage) for passage in change.passages],
        "old_at": _where(change.old_at),
        "new_at": _where(change.new_at),
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


def _amount(amount: Any, unit: Any) -> dict[str, Any] | None:
    if amount is None:
        return None
    return {"text": amount.text, "mark": amount.mark, "unit": unit}


def _where(where: Any) -> dict[str, Any] | None:
    return msgspec.structs.asdict(where) if where is not None else None
