"""Misreadings put into documents that were read rightly, as a recogniser makes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from msgspec.structs import replace

from archive.model import Amount, Certainty, Document, Mark
from archive.money import parse

Misread = Callable[[str], str]

ALIKE = ("17", "71", "38", "83", "56", "65", "08", "80", "69", "96", "61", "35", "53", "27")
"""Digits that are taken for one another, as printed and as read."""


def recognised(document: Document) -> Document:
    """The document as if every figure had been read from a picture."""
    return with_amounts(
        document,
        lambda amount: replace(amount, certainty=Certainty.RECOGNISED) if amount.text else amount,
    )


def with_amounts(document: Document, change: Callable[[Amount], Amount]) -> Document:
    """The document with every amount changed."""
    statements = tuple(
        replace(
            statement,
            items=tuple(
                replace(item, amounts={m: change(a) for m, a in item.amounts.items()})
                for item in statement.items
            ),
        )
        for statement in document.statements
    )
    return replace(document, statements=statements)


def amounts(document: Document) -> Iterator[Amount]:
    """Every amount in order."""
    for statement in document.statements:
        for item in statement.items:
            yield from item.amounts.values()


def misread(document: Document, chance: random.Random) -> Document:
    """One kind of misreading at work: here and there, or wherever the print is alike."""
    kind = chance.choice([_one_digit, _alike_everywhere, _alike_in_place, _lost_points])
    change, share = kind(chance)
    figures = {amount.text for amount in amounts(document) if amount.value}
    struck = {text for text in sorted(figures) if chance.random() < share}
    each = chance.random() < 0.5  # print that is alike is misread alike, or every piece by itself

    def changed(amount: Amount) -> Amount:
        hit = chance.random() < share if each else amount.text in struck
        return _reading(amount, change(amount.text)) if hit and amount.value else amount

    return with_amounts(document, changed)


def _reading(amount: Amount, text: str) -> Amount:
    try:
        mark, value = parse(text)
    except InvalidOperation:
        return amount
    if value is None or mark is not Mark.PRINTED or not isinstance(value, Decimal):
        return amount
    return replace(amount, text=text, value=value)


def _one_digit(chance: random.Random) -> tuple[Misread, float]:
    """Single digits, each misread by itself."""

    def change(text: str) -> str:
        places = [n for n, char in enumerate(text) if char.isdigit()]
        place = chance.choice(places)
        pairs = [pair for pair in ALIKE if pair[0] == text[place]]
        read = chance.choice(pairs)[1] if pairs else str(chance.randrange(10))
        return text[:place] + read + text[place + 1 :]

    return change, chance.choice([0.01, 0.05, 0.2])


def _alike_everywhere(chance: random.Random) -> tuple[Misread, float]:
    """One digit taken for another in some figures or all."""
    printed, read = chance.choice(ALIKE)
    return lambda text: text.replace(printed, read), chance.choice([0.1, 0.5, 1.0])


def _alike_in_place(chance: random.Random) -> tuple[Misread, float]:
    """One digit taken for another in one place, as where a stroke of the scanner runs."""
    printed, read = chance.choice(ALIKE)
    place = chance.choice([-1, -2, -4, -5, -6, -7])

    def change(text: str) -> str:
        if len(text) < -place or text[place] != printed:
            return text
        return text[:place] + read + text[len(text) + place + 1 :]

    return change, chance.choice([0.5, 1.0])


def _lost_points(chance: random.Random) -> tuple[Misread, float]:
    """Decimal points lost in some figures or all."""
    return lambda text: text.replace(".", "").replace(",", ""), chance.choice([0.1, 0.5, 1.0])
