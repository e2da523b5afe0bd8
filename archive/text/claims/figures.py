"""The figures of a paragraph and the few words that give them their roles, in order of print."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

from archive import money
from archive.text.claims.sentences import brackets, outermost, within

__all__ = ["Figure", "Mark", "is_amount", "is_percent", "scan", "worth_reading"]


class Figure(NamedTuple):
    """A number with its unit, or a number that is no claim and why."""

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str | None
    excluded: str = ""


class Mark(NamedTuple):
    """A word or sign that steers reading: "stop", "break", "colon", "open", "close", "part" …"""

    start: int
    end: int
    kind: str
    text: str


_DIGITS: Final = r"[\d０-９](?:[\d０-９,.．]*[\d０-９])?"
_UNIT: Final = (
    r"亿元|万元|元|[亿万](?=[，,。；;、（()）]|$)|[%％]|个?百分点|台(?:[（(]套[）)]|[/／]套)|台|套|辆|人次"
    r"|人(?!民币|均)|名|批次|批|个(?!月|工作日|人|百分)|家"
    r"|件|项(?![）)目])"
)
_SAME: Final = r"(?:基本)?持平|无变化|没有变化|未发生变化|无变动|无增减(?:变化)?|一致|相同"
_TOKEN: Final = re.compile(
    rf"(?P<n>{_DIGITS})\s*(?P<u>{_UNIT})?"
    r"|(?P<part>其中[:：,，]?)"
    rf"|(?P<same>{_SAME})"
    r"|(?P<versus>大于|小于|等于|高于|低于|多于|少于)(?=年初预算|全年预算|调整预算|预算)"
    r"|(?P<cause>(?:增加|增长|上升|提高|减少|下降|降低|压减)的?(?:主要)?原因)"
    r"|(?P<reason>(?:主要)?原因|主要(?:是|系|成效|产出)|用于(?![:：]|以下))"
    r"|(?P<opener>(?:包括|用于|如下|方面|安排|情况)[:：])"
    r"|(?P<stop>。)|(?P<semi>[；;])|(?P<colon>[：:])|(?P<break>[，,])"
    r"|(?P<open>[（(])|(?P<close>[）)])"
)
_THRESHOLD: Final = re.compile(r"\s*(?:[（(]?含[）)]?)?(?:及|（含）|\(含\))?以[上下内]")
_RATE: Final = re.compile(r"\s*(?:[/／]|每)\s*(?:人|户|年|月|日|天|次|平方米|亩|㎡|台|辆)")
_LIMIT: Final = re.compile(
    r"(?:不超过|不高于|不低于|不少于|至少|至多|最多|最少|限额为?|标准为?|[≥≤><])$"
)
_RANGE: Final = re.compile(r"\s*[-－—–~～至]\s*[\d０-９]")
_RANGE_BEFORE: Final = re.compile(r"[\d０-９%％元]\s*[-－—–~～至]\s*$")
_MINUS: Final = re.compile(r"(?<![\d０-９%％.A-Za-z])[-－−]\s*$")
_LIST_NUMBER: Final = re.compile(r"\d{1,2}[.．]\d")
_LOOSE_BEFORE: Final = re.compile(r"[\d０-９]\s*[,，.．、]?\s*$")
_CHANGE_BEFORE: Final = re.compile(r"(?:增长|下降|上升|降低)(?:了|率?为)?$")
_WORTH: Final = re.compile(rf"[\d０-９]\s*(?:{_UNIT})|{_SAME}|[大小低高多少等]于|原因")
_AMOUNTS: Final = frozenset({"元", "万元", "亿元"})
_SPELT: Final = {"万": "万元", "亿": "亿元", "％": "%", "百分点": "个百分点"}


def is_amount(figure: Figure) -> bool:
    """Whether it is money."""
    return figure.unit in _AMOUNTS


def is_percent(figure: Figure) -> bool:
    """Whether it is a percentage or percentage points."""
    return figure.unit in ("%", "个百分点")


def worth_reading(text: str) -> bool:
    """Whether a paragraph states any figure or comparison at all."""
    return _WORTH.search(text) is not None


def scan(text: str) -> list[Figure | Mark]:
    """Figures and marks from left to right; numbers without a unit (years) are left out."""
    out: list[Figure | Mark] = []
    titles: list[tuple[int, int]] | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind not in ("n", "u"):
            out.append(Mark(match.start(), match.end(), kind, match[0]))
            continue
        if match["u"] is None and not _percent_sign_lost(text, match):
            continue
        if titles is None:
            titles = outermost([pair for pair in brackets(text) if text[pair[0]] == "《"])
        out.append(_figure(text, match, titles))
    return out


def _percent_sign_lost(text: str, match: re.Match[str]) -> bool:
    """ "增长13.95。" states a change whose unit is missing; it is not left out."""
    after = text[match.end() : match.end() + 1]
    return (not after or after in "，,。；;") and (
        _CHANGE_BEFORE.search(text, max(match.start() - 4, 0), match.start()) is not None
    )


def _figure(text: str, match: re.Match[str], titles: list[tuple[int, int]]) -> Figure:
    start, end = match.span()
    before = text[max(start - 8, 0) : start]
    minus = _MINUS.search(before)
    if minus:
        start -= len(before) - minus.start()
    unit = match["u"]
    if unit is not None:
        unit = _SPELT.get(unit, unit)
        if unit.startswith("台") and "套" in unit:
            unit = "台(套)"
    value = _value(text, match, minus is not None)
    return Figure(start, end, text[start:end], value, unit, _excluded(text, match, titles))


def _value(text: str, match: re.Match[str], negative: bool) -> Decimal | None:
    """The number, or None when digits beside it leave open where it begins."""
    at = match.start()
    if not negative and _LOOSE_BEFORE.search(text, max(at - 4, 0), at):
        return None
    if at == 0 and _LIST_NUMBER.match(match["n"]):
        return None
    value = money.parse(unicodedata.normalize("NFKC", match["n"]))[1]
    return -value if negative and value is not None else value


def _excluded(text: str, match: re.Match[str], titles: list[tuple[int, int]]) -> str:
    """Why a figure is no claim: a threshold, a rate, a range, part of a title; "" for a claim."""
    start, end = match.span()
    if within(titles, start):
        return "title"
    before = text[max(start - 5, 0) : start]
    if _THRESHOLD.match(text, end) or _LIMIT.search(before):
        return "threshold"
    if _RATE.match(text, end):
        return "rate"
    if _RANGE_BEFORE.search(before) or _RANGE.match(text, end):
        return "range"
    return ""
