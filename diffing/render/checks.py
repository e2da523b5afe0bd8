"""What checking came to: for a terminal, and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from archive.model import Certainty
from archive.wording import shown
from diffing.checks.catalogue import REASONS
from diffing.checks.engine import Report
from diffing.checks.judgements import Judgement, Verdict
from diffing.checks.model import Finding, Group, Outcome, Place, Severity, Sureness
from diffing.checks.quoting import shortened

__all__ = ["as_data", "group_data", "lines", "standing"]

_WORDS: Final = {
    "zh": {
        Outcome.HOLDS: "成立",
        Outcome.FAILS: "不符",
        Outcome.ROUNDING: "尾差",
        Outcome.NOT_APPLICABLE: "不适用",
        Outcome.UNDECIDABLE: "无法判断",
        Outcome.ERROR: "规则出错",
        Severity.MATERIAL: "重大",
        Severity.MINOR: "一般",
        Severity.INFO: "提示",
        Verdict.CONFIRMED: "经核实",
        Verdict.EXPLAINED: "已有解释",
        Verdict.WRONG: "已撤回",
    },
    "en": {
        Outcome.HOLDS: "hold",
        Outcome.FAILS: "fail",
        Outcome.ROUNDING: "rounding",
        Outcome.NOT_APPLICABLE: "not applicable",
        Outcome.UNDECIDABLE: "undecided",
        Outcome.ERROR: "rule errors",
        Severity.MATERIAL: "material",
        Severity.MINOR: "minor",
        Severity.INFO: "note",
        Verdict.CONFIRMED: "confirmed",
        Verdict.EXPLAINED: "explained",
        Verdict.WRONG: "withdrawn",
    },
}
_PLACES: Final = 6


def standing(report: Report, judged: Mapping[str, Judgement]) -> list[Group]:
    """The findings that count: those nobody called wrong."""
    return [g for g in report.groups if not _wrong(judged.get(g.key))]


def _wrong(judgement: Judgement | None) -> bool:
    return judgement is not None and judgement.verdict is Verdict.WRONG


def lines(
    name: str, report: Report, judged: Mapping[str, Judgement], lang: str = "zh"
) -> Iterator[str]:
    """The report of one document, line by line, safe for a terminal."""
    words = _WORDS[lang]
    counts = "，".join(f"{words[o]} {report.count(o)}" for o in Outcome)
    zh = lang == "zh"
    yield f"{shown(name)}"
    total = sum(report.count(outcome) for outcome in Outcome)
    yield f"  核对 {total} 项：{counts}" if zh else f"  {total} checks: {counts}"
    found = standing(report, judged)
    material = sum(1 for group in found if group.first.severity is Severity.MATERIAL)
    if zh:
        yield f"  发现 {len(found)} 处，其中重大 {material} 处" if found else "  未发现不符"
    else:
        yield f"  {len(found)} findings, {material} of them material" if found else "  no findings"
    if report.notes:
        yield f"  提示 {len(report.notes)} 处" if zh else f"  {len(report.notes)} notes"
    for error in report.errors:
        yield f"  ! {shown(error)}"
    for group in (*report.groups, *report.notes):
        yield from _group(group, judged.get(group.key), lang)


def _group(group: Group, judgement: Judgement | None, lang: str) -> Iterator[str]:
    words, zh, first = _WORDS[lang], lang == "zh", group.first
    yield ""
    sentence = first.sentence if zh else first.sentence_en
    unsure = _unsure(first, lang)
    yield f"  [{words[first.severity]}] {first.rule} {shown(sentence)}{unsure}"
    places = dict.fromkeys(_place(place, lang) for place in (*first.here, *first.there))
    for place in list(places)[:_PLACES]:
        yield f"      {shown(place)}"
    for other in group.findings[1:]:
        same = other.sentence if zh else other.sentence_en
        yield f"    + {other.rule} {shown(same)}"
    if group.suspect is not None:
        where = shown(_place(group.suspect, lang))
        value = f"{group.implied:f}" if group.implied is not None else ""
        yield (
            f"      最可能有误的是：{where}；{group.witnesses} 个等式要求它为 {value}"
            if zh
            else f"      most probably wrong: {where}; {group.witnesses} equations demand {value}"
        )
    elif group.witnesses:
        yield (
            f"      表中该数另有 {group.witnesses} 个等式成立"
            if zh
            else f"      {group.witnesses} equations hold over the figure in the table"
        )
    if judgement is not None:
        yield f"      {words[judgement.verdict]} {judgement.day}：{shown(judgement.reason)}"
    yield f"      {'编号' if zh else 'key'} {group.key}"


def _unsure(finding: Finding, lang: str) -> str:
    """Why a finding is not sure, beside its sentence."""
    zh = lang == "zh"
    if finding.sureness is Sureness.SURE:
        return ""
    places = (*finding.here, *finding.there)
    if any(p.certainty in (Certainty.RECOGNISED, Certainty.CONFIRMED) for p in places):
        return "（由图像识别读出，请核对原件）" if zh else " (read from an image; see the page)"
    return "（数字非直接取自文字层，请核对原件）" if zh else " (not read directly; see the page)"


def _place(place: Place, lang: str) -> str:
    zh = lang == "zh"
    parts = [place.document] if place.document else []
    if place.page:
        parts.append(f"第{place.page}页" if zh else f"page {place.page}")
    if place.statement:
        parts.append(f"《{place.statement}》")
    if place.row:
        column = ""
        if place.column:
            column = f"第{place.column}列" if zh else f" column {place.column}"
        parts.append((f"第{place.row}行" if zh else f"row {place.row}") + column)
    label = "·".join(part for part in (place.name, place.measure) if part)
    said = shortened(place)
    ends = f"：“{said}”" if said else f" {label}：{place.text or ('空' if zh else 'blank')}"
    return " ".join(parts) + ends


def as_data(name: str, report: Report, judged: Mapping[str, Judgement]) -> dict[str, Any]:
    """The report of one document as plain data: amounts as strings, exact."""
    return {
        "document": name,
        "original": report.document.original,
        "agency": report.document.facts.agency,
        "year": report.document.facts.year,
        "kind": report.document.facts.kind,
        "counts": {outcome: report.count(outcome) for outcome in Outcome},
        "rules": {
            rule: {
                **{str(o): n for o, n in counts.items()},
                "reasons": {
                    code: {"count": n, "meaning": REASONS.get(code, code)}
                    for code, n in report.reasons.get(rule, {}).items()
                },
            }
            for rule, counts in report.counts.items()
        },
        "errors": list(report.errors),
        "findings": [group_data(group, judged.get(group.key)) for group in report.groups],
        "notes": [group_data(group, judged.get(group.key)) for group in report.notes],
    }


def group_data(group: Group, judgement: Judgement | None = None) -> dict[str, Any]:
    """One root cause as plain data."""
    return {
        "key": group.key,
        **_finding(group.first),
        "same_cause": [_finding(finding) for finding in group.findings[1:]],
        "suspect": _where(group.suspect) if group.suspect else None,
        "implied": _exact(group.implied),
        "witnesses": group.witnesses,
        "judgement": {
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "day": judgement.day.isoformat(),
        }
        if judgement
        else None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "sureness": finding.sureness,
        "sentence": finding.sentence,
        "sentence_en": finding.sentence_en,
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": _exact(finding.difference),
        "tolerance": _exact(finding.tolerance),
        "unit": finding.unit,
        "here": [_where(place) for place in finding.here],
        "there": [_where(place) for place in finding.there],
    }


def _where(place: Place) -> dict[str, Any]:
    return {
        "document": place.document or None,
        "page": place.page,
        "row": place.row,
        "column": place.column,
        "statement": place.statement or None,
        "name": place.name,
        "measure": place.measure or None,
        "text": place.text,
        "quotation": place.quotation or None,
        "certainty": place.certainty,
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
