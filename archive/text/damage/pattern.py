"""In what way a document is damaged: which digit stands where another should, and how often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from archive.model import Amount, Document, Mark, Repair, Role
from archive.text.claims import cell

__all__ = ["Pattern", "number_in", "pattern_of", "variants"]

_FEWEST: Final = 3
"""So many damaged codes and figures of one kind are a pattern; fewer may be a publisher's slips."""
_NUMBER: Final = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_SEPARATOR: Final = ",， "


class Pattern(msgspec.Struct, frozen=True):
    """One kind of damage: at `place` the digit `digit` stands instead of others."""

    digit: str
    place: str
    """"before-separator" or "first"."""
    count: int

    @property
    def said(self) -> str:
        """In words."""
        where = {
            "before-separator": "before a thousands separator",
            "first": "at the beginning of a number",
        }[self.place]
        return f"{self.digit} stands {where} where another digit should ({self.count} times)"


def number_in(text: str) -> str:
    """The number in a figure as printed, its separators kept: "11,010.35万元" → "11,010.35"."""
    match = _NUMBER.search(text)
    return match[0] if match else ""


def pattern_of(document: Document, codes: Sequence[Repair]) -> Pattern | None:
    """The kind of damage that this document shows most often, or None for none.

    It is learnt from the codes that were restored, and from figures of the prose that differ from
    the cell they speak of in exactly one digit.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for repair in codes:
        seen.update(_of_code(repair.printed, repair.read))
    for claim in document.claims:
        if claim.role is not Role.VALUE or claim.value is None or not claim.bound:
            continue
        printed = number_in(claim.text)
        amounts = {_amount(cell(document, bound)) for bound in claim.bound} - {""}
        for amount in amounts:
            seen.update(_swapped(printed, amount))
    if not seen:
        return None
    (digit, place), count = seen.most_common(1)[0]
    return Pattern(digit, place, count) if count >= _FEWEST else None


def _amount(amount: Amount | None) -> str:
    if amount is None or amount.mark is not Mark.PRINTED or amount.value is None:
        return ""
    return f"{amount.value:,f}"


def _of_code(printed: str, code: str) -> Iterator[tuple[str, str]]:
    if printed[0] != code[0]:
        separated = len(printed) > 1 and printed[1] in _SEPARATOR
        yield printed[0], "before-separator" if separated else "first"


def _swapped(printed: str, amount: str) -> Iterator[tuple[str, str]]:
    """The one digit in which a figure differs from the amount it should be."""
    whole, other = (
        text.rstrip("0").rstrip(".") if "." in text else text for text in (printed, amount)
    )
    if len(whole) != len(other):
        return
    places = [i for i, (a, b) in enumerate(zip(whole, other, strict=True)) if a != b]
    if len(places) == 1 and whole[places[0]].isdigit() and other[places[0]].isdigit():
        place = _place(whole, places[0])
        if place:
            yield whole[places[0]], place


def _place(number: str, index: int) -> str:
    if number[index + 1 : index + 2] in (",", "，"):
        return "before-separator"
    return "first" if index == 0 else ""


def variants(number: str, pattern: Pattern) -> list[str]:
    """What a printed number may have been before it was damaged in this way; [] if it cannot be.

    >>> variants("11,010.35", Pattern("1", "before-separator", 3))[:2]
    ['10,010.35', '12,010.35']
    """
    for index, character in enumerate(number):
        if character == pattern.digit and _place(number, index) == pattern.place:
            rest = number[index + 1 :]
            digits = [d for d in "0123456789" if d != character and (d != "0" or index)]
            return [f"{number[:index]}{digit}{rest}" for digit in digits]
    return []
