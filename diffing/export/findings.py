"""Findings as rows: those that stand, each with the places it is about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from archive.export.rows import exact
from diffing.checks.engine import Report
from diffing.checks.judgements import Judgement
from diffing.checks.model import Finding, Place
from diffing.render.checks import standing
from diffing.versions import Version, lowest

__all__ = ["finding_rows"]


def finding_rows(
    version: Version, report: Report, judged: Mapping[str, Judgement]
) -> Iterator[dict[str, Any]]:
    """One row a finding (diffing/export/tables.py), material ones first."""
    identity = version.identity
    assert identity is not None  # noqa: S101 - it comes from the archive
    common: dict[str, Any] = {
        "document": identity.document_id,
        "division": identity.division,
        "agency": identity.agency,
        "agency_name": version.agency,
        "level": str(identity.level),
        "year": identity.year,
        "kind": str(identity.kind),
        "version": version.commit,
        "original": version.document.original,
        "extractor": version.document.extractor,
    }
    number = 0
    for cause, group in enumerate(standing(report, judged), 1):
        verdict = _verdict(judged.get(group.key))
        for finding in group.findings:
            number += 1
            yield common | {"number": number, "cause": cause} | _finding(finding) | verdict


def _finding(finding: Finding) -> dict[str, Any]:
    places = (*finding.here, *finding.there)
    first = finding.here[0] if finding.here else Place()
    return {
        "key": finding.key,
        "rule": finding.rule,
        "severity": str(finding.severity),
        "sureness": str(finding.sureness),
        "sentence": finding.sentence,
        "sentence_en": finding.sentence_en,
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": _fitting(finding.difference),
        "tolerance": _fitting(finding.tolerance),
        "unit": finding.unit,
        "title": first.statement,
        "name": first.name,
        "measure": first.measure,
        "text": first.text,
        "quotation": first.quotation,
        "page": first.page,
        "row": first.row,
        "column": first.column,
        "certainty": str(lowest(*(place.certainty for place in places))),
        "places": json.dumps([msgspec.to_builtins(place) for place in places], ensure_ascii=False),
    }


def _fitting(value: Decimal | None) -> Decimal | None:
    return None if value is None else exact(value)


def _verdict(judgement: Judgement | None) -> dict[str, Any]:
    if judgement is None:
        return {"verdict": "", "verdict_reason": "", "verdict_day": None}
    return {
        "verdict": str(judgement.verdict),
        "verdict_reason": judgement.reason,
        "verdict_day": judgement.day,
    }
