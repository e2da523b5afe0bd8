"""Figures of the prose that a pattern of damage may have changed, and who speaks for what."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from archive.model import Claim, Document, Repair, Role
from archive.text.damage.pattern import Pattern, number_in, variants
from archive.text.damage.witnesses import Witnesses

__all__ = ["Restored", "restored"]

_ROUNDS: Final = 4
_YEAR: Final = re.compile(r"(?<![\d,.])(\d,\d{3})年")


@dataclass
class Restored:
    """The figures that are damaged, and those of the same shape that nothing speaks for."""

    repairs: list[Repair] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


def restored(document: Document, pattern: Pattern) -> Restored:
    """Judge every figure of the prose that the pattern may have changed.

    A figure is sound where any witness states it as printed. It is damaged where none does, and
    exactly one of the numbers it may have been is stated by a witness. What one figure turns out to
    be is a witness for the next, so this goes on while anything new is told.
    """
    suspects = {
        index: options
        for index, claim in enumerate(document.claims)
        if (options := variants(number_in(claim.text), pattern))
    }
    accepted = {
        index: claim.value
        for index, claim in enumerate(document.claims)
        if claim.value is not None and index not in suspects
    }
    told: dict[int, tuple[str, tuple[str, ...]]] = {}
    for _ in range(_ROUNDS):
        before = len(accepted)
        witnesses = Witnesses(document, accepted, {i: read for i, (read, _) in told.items()})
        for index, options in suspects.items():
            if index not in accepted:
                _judge(document.claims[index], index, options, witnesses, accepted, told)
        if len(accepted) == before:
            break
    result = Restored()
    for index in sorted(told):
        result.repairs.append(_repair(document.claims[index], index, *told[index]))
    result.repairs += _years(document, pattern)
    left = [document.claims[index].text for index in suspects if index not in accepted]
    result.undecided = list(Counter(left))
    return result


def _judge(
    claim: Claim,
    index: int,
    options: list[str],
    witnesses: Witnesses,
    accepted: dict[int, Decimal],
    told: dict[int, tuple[str, tuple[str, ...]]],
) -> None:
    own = number_in(claim.text)
    if witnesses.of(index, _value(own)):
        accepted[index] = _value(own)
        return
    spoken = {option: said for option in options if (said := witnesses.of(index, _value(option)))}
    if len(spoken) != 1:
        return
    read, said = next(iter(spoken.items()))
    accepted[index] = _value(read)
    told[index] = read, said


def _years(document: Document, pattern: Pattern) -> list[Repair]:
    """截至1,024年: a year has no separator, and is the document's or the one before."""
    year = document.facts.year
    known = {str(y) for y in (year, year - 1)} if year else set()
    found = []
    for paragraph in document.prose:
        for match in _YEAR.finditer(paragraph.text):
            options = [v.replace(",", "") for v in variants(match[1], pattern)]
            told = [option for option in options if option in known]
            if len(told) == 1:
                witness = f"the year of the document, {year}"
                found.append(Repair(match[0], f"{told[0]}年", (witness,), paragraph.page))
    return found


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", "").replace("，", ""))


def _repair(claim: Claim, index: int, read: str, witnesses: tuple[str, ...]) -> Repair:
    printed = number_in(claim.text)
    whole = claim.text.replace(printed, read, 1)
    kind = "" if claim.role is Role.VALUE else f" ({claim.role})"
    return Repair(claim.text + kind, whole + kind, witnesses, claim.page, claim=index)
