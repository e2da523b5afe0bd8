"""The sentence of a finding, in either language, from the words of its rule and what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from archive.model import Kind
from archive.money import grouped
from diffing.checks.model import Found, Place
from diffing.names import INNER

__all__ = ["called", "named", "said"]

_YUAN: Final = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*元")
_WAN: Final = "万元"
_KINDS: Final = {"预算": "budget", "决算": "final account"}
_CALLED: Final = re.compile(rf"(\d{{4}})年({'|'.join(_KINDS)})")
_REPLACED: Final = {
    "zh": "；{document}被替换前的版本与此处所述一致",
    "en": "; the version of the {document} that was replaced agrees with what is said here",
}
_RIGHT: Final = {
    "zh": "；同段另写{right}，与表一致",
    "en": "; the same paragraph also states {right}, which agrees with the table",
}


def named(kind: Kind | None, year: int | None) -> str:
    """What a place calls the other document it is in: "2024年预算"."""
    return f"{year}年{'预算' if kind is Kind.BUDGET else '决算'}"


def called(name: str, lang: str) -> str:
    """The name of another document in a language: "budget of 2024"."""
    match = _CALLED.fullmatch(name) if lang == "en" else None
    return f"{_KINDS[match[2]]} of {match[1]}" if match else name


def said(template: str, found: Found, lang: str, replaced: str = "") -> str:
    """What does not agree: the rule's words with the figures and places filled in.

    A figure printed in 元 has its 万元 beside it where the difference is in 万元. Where the same
    paragraph has the right figure too, that is said at once. `replaced` names the other document
    that agreed until its publisher replaced it; "" for none.
    """
    difference = "" if found.difference is None else _plain(abs(found.difference))
    fields = {
        "stated": _beside(found.stated, found.unit, lang),
        "expected": _beside(found.expected, found.unit, lang),
        "name": found.here[0].name if found.here else "",
    }
    quoted = {key: _quoted(template, key, text) for key, text in fields.items()}
    text = template.format(
        difference=f"{difference}{found.unit}",
        here=_where(found.here, lang),
        there=_where(found.there, lang),
        **quoted,
    )
    if found.right:
        text += _RIGHT[lang].format(right=_beside(found.right, found.unit, lang))
    return text + (_REPLACED[lang].format(document=called(replaced, lang)) if replaced else "")


def _plain(value: Decimal) -> str:
    """With thousands commas and no noughts at the end."""
    return grouped(Decimal(f"{value.normalize():f}"))


def _beside(text: str, unit: str, lang: str) -> str:
    match = _YUAN.fullmatch(text) if unit == _WAN else None
    if match is None:
        return text
    wan = f"{_plain(Decimal(match[1].replace(',', '')).scaleb(-4))}{_WAN}"
    return f"{text}（{wan}）" if lang == "zh" else f"{text} ({wan})"


def _quoted(template: str, key: str, text: str) -> str:
    return text.translate(INNER) if f"“{{{key}}}”" in template else text


def _where(places: Sequence[Place], lang: str) -> str:
    if not places:
        return ""
    place = places[0]
    page = (f"第{place.page}页" if lang == "zh" else f"page {place.page} ") if place.page else ""
    what = f"《{place.statement}》" if place.statement else ("文字说明" if lang == "zh" else "text")
    label = "·".join(part for part in (place.name, place.measure) if part and place.statement)
    document = f"{called(place.document, lang)} " if place.document else ""
    return f"{document}{page}{what}{label}"
