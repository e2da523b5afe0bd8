"""One figure or word of a true publication made false, and whether a report names the place."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from archive.model import Amount, Document, Statement
from diffing.checks import Report
from diffing.checks.model import Place
from tests.diffing.sayings import Publication
from tests.diffing.sayings.speech import Slot, plain, slots

__all__ = ["False_", "falsified"]

_OPPOSITE: Final = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}
_LEAST: Final = Decimal(2)
"""By how many percentage points or 万元 at least: an amount may be printed without decimals."""


class False_(msgspec.Struct, frozen=True):  # noqa: N801 - "False" is taken
    """A document with one thing wrong in it."""

    document: Document
    kind: str
    """What is wrong: a kind of figure in the prose, or the form of the statement."""
    true: str
    false: str
    sentence: str = ""
    """The paragraph it stands in."""
    cell: tuple[str, str, str] = ("", "", "")
    """Statement, line item and measure."""

    def named(self, report: Report) -> bool:
        """Does a finding name the place?"""
        return any(self._here(place) for place in _places(report))

    def _here(self, place: Place) -> bool:
        if self.sentence:
            return bool(place.quotation) and place.quotation in self.sentence
        statement, name, measure = self.cell
        return (place.statement, place.measure) == (statement, measure) and place.name.endswith(
            name
        )


def _places(report: Report) -> Iterator[Place]:
    for group in report.groups:
        for finding in group.findings:
            yield from (*finding.here, *finding.there)
        if group.suspect is not None:
            yield group.suspect


def falsified(made: Publication, rng: Random) -> Iterator[False_]:
    """One of every kind the publication has, each alone."""
    found: dict[str, list[Slot]] = {}
    for slot in slots(list(made.prose)):
        found.setdefault(slot.kind, []).append(slot)
    for kind, ones in found.items():
        slot = rng.choice(ones)
        wrong = _OPPOSITE.get(slot.text) or _other(slot.text, rng)
        prose = list(made.prose)
        text = prose[slot.paragraph]
        prose[slot.paragraph] = text[: slot.start] + wrong + text[slot.end :]
        said = plain(prose[slot.paragraph]).lstrip("# ")
        document = made.document(prose=tuple(prose))
        yield False_(document, kind, slot.text, wrong, sentence=said)
    for n, statement in enumerate(made.statements):
        if (one := _cell(made, n, statement, rng)) is not None:
            yield one


def _cell(made: Publication, n: int, statement: Statement, rng: Random) -> False_ | None:
    cells = [
        (row, measure, amount)
        for row, item in enumerate(statement.items)
        for measure, amount in item.amounts.items()
        if amount.value
    ]
    if not cells:
        return None
    row, measure, amount = rng.choice(cells)
    wrong = _other(amount.text, rng)
    item = statement.items[row]
    changed = msgspec.structs.replace(amount, text=wrong, value=Decimal(wrong.replace(",", "")))
    amounts: dict[str, Amount] = {**item.amounts, measure: changed}
    items = list(statement.items)
    items[row] = msgspec.structs.replace(item, amounts=amounts)
    statements = list(made.statements)
    statements[n] = msgspec.structs.replace(statement, items=tuple(items))
    return False_(
        made.document(statements=tuple(statements)),
        statement.form,
        amount.text,
        wrong,
        cell=(statement.title, item.name, measure),
    )


def _other(text: str, rng: Random) -> str:
    """The number with one digit wrong; another digit until it is off by enough."""
    true = Decimal(text.replace(",", ""))
    digits = [n for n, char in enumerate(text) if char.isdecimal()]
    for _ in range(50):
        at = rng.choice(digits[:3])
        wrong = text[:at] + rng.choice("123456789") + text[at + 1 :]
        off = abs(Decimal(wrong.replace(",", "")) - true)
        if off >= _LEAST and off * 3 >= true:
            return wrong
    return f"{true + 10:f}"
