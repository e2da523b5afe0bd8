"""Recognised figures that arithmetic bears out, and what it says where it contradicts one.

**What counts as evidence.** A recogniser errs alike where print is alike: it may read the 6 of
16,010.35 as a 1 in the line, in its total and in the next table. So a second place that prints the
same figure proves nothing, nor does a sum with one addend. A sum that holds proves a digit only if
no other recognised cell, whose error would make up for it, shows the same digit in the same place.
One equation may prove some digits and another the rest. Cells read from the text layer, and cells
already confirmed, cannot err along: a figure equal to one of these is confirmed, and so is one
that the prose states, where the prose is text.

**What a sum cannot see.** Sums hold for figures that all lost their decimal point: an equation
counts only where a figure in it shows its scale, by a decimal point or by groups of three. A lost
or doubled digit is looked for in the width of the ink (`figures.misfits`). Where a sum differs by
rounding, digits smaller than twice its tolerance are not proved.

**Proposals.** Where equations do not hold, or have a gap, and only one cell can be why, the value
that would fit is noted beside its reading with the equations as witnesses: where all other cells of
one equation are sure, or where several equations ask for the same value and have but this cell in
common. Nothing is written over a reading; equations that ask for different values propose nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from archive.forms.equations import Cell, Instance, Outcome, Reason
from archive.forms.evaluation import evaluate
from archive.model import Amount, Certainty, Document, Mark, Role, Statement, Unit
from archive.money import convert, grouped
from archive.text.claims import cell as claimed_cell

__all__ = ["with_confirmations"]

Key = tuple[int, int, str]

_AGREES: Final = frozenset({Outcome.HOLDS, Outcome.ROUNDING})
_UNSURE: Final = frozenset({Certainty.RECOGNISED, Certainty.UNREADABLE})
_SEEN: Final = frozenset({"page-recognised", "text-layered"})
"""Codes of remarks on pages whose prose was recognised, here or before it was published."""
_TWICE: Final = 2
_OFTEN: Final = 0.1
"""Share of inexact equations from which on one that holds to the last place may by chance."""
_NEAR: Final = 2
"""Characters in which a proposal may differ from the reading: one misread, one lost or doubled.
A greater difference is the publisher's arithmetic rather than a misreading."""


def with_confirmations(document: Document) -> Document:
    """The document with `confirmed` figures marked, and proposals beside figures that do not fit.

    Figures that were read from the text layer are left as they are.
    """
    instances = evaluate(document)
    known = _Known(document)
    known.confirm(instances)
    if not known.recognised:
        return document
    return _marked(document, known.confirmed, _proposals(instances, known))


class _Known:
    """Which cells are beyond doubt, growing until nothing more follows."""

    def __init__(self, document: Document) -> None:
        self.recognised: set[Key] = set()
        self.confirmed: set[Key] = set()
        stated = _stated(document)
        for key, amount in _cells(document):
            if amount.certainty in _UNSURE and amount.mark in (Mark.PRINTED, Mark.UNREADABLE):
                self.recognised.add(key)
            if amount.certainty is Certainty.RECOGNISED and id(amount) in stated:
                self.confirmed.add(key)

    def sure(self, cell: Cell) -> bool:
        """Whether a cell's figure cannot be a misreading."""
        return cell.key not in self.recognised or cell.key in self.confirmed

    def confirm(self, instances: Sequence[Instance]) -> None:
        """Confirm what equations that hold prove, and what follows from that."""
        usable = [i for i in instances if i.outcome in _AGREES and _show_scale(i.cells, self)]
        against = Counter(
            key
            for instance in instances
            if instance.outcome is Outcome.FAILS
            for key in {cell.key for cell in instance.cells}
        )
        inexact = {
            cell.key
            for instance in instances
            if instance.outcome in (Outcome.FAILS, Outcome.ROUNDING)
            for cell in instance.cells
        }
        poor = _often_inexact(instances)
        evidence: dict[Key, _Evidence] = {}
        grown = True
        while grown:
            grown = False
            for number, instance in enumerate(usable):
                for cell, proved in self._by(instance):
                    own = evidence.setdefault(
                        cell.key, _Evidence(cell, poor or cell.key in inexact)
                    )
                    own.add(number, instance, proved)
                    if own.suffices(against[cell.key]):
                        self.confirmed.add(cell.key)
                        grown = True

    def _by(self, instance: Instance) -> list[tuple[Cell, set[int]]]:
        """The cells not yet sure, and the places of the digits that this equation speaks for."""
        signed = [(cell, sign) for cell, sign in _signed(instance) if cell.amount.value is not None]
        times: Counter[Key] = Counter()
        for cell, _ in signed:
            times[cell.key] += 1
        done = []
        for cell, sign in signed:
            if self.sure(cell) or times[cell.key] > 1:
                continue
            digits = _digits(cell, instance.unit)
            rivals = [
                _digits(other, instance.unit)
                for other, side in signed
                if side == -sign and not self.sure(other)
            ]
            proved = {
                place
                for place, digit in digits.items()
                if all(rival.get(place) != digit for rival in rivals)
            }
            done.append((cell, proved))
        return done


def _often_inexact(instances: Iterable[Instance]) -> bool:
    """Whether so many equations do not hold to the last place that some may do so by chance."""
    outcomes = Counter(instance.outcome for instance in instances)
    inexact = outcomes[Outcome.FAILS] + outcomes[Outcome.ROUNDING]
    return inexact > _OFTEN * (inexact + outcomes[Outcome.HOLDS])


class _Evidence:
    """What equations say for one cell."""

    def __init__(self, cell: Cell, inexact: bool) -> None:
        self.cell = cell
        self._needed = _TWICE if inexact else 1
        self._large: dict[int, set[int]] = defaultdict(set)
        self._small: dict[int, set[int]] = defaultdict(set)

    def add(self, number: int, instance: Instance, places: Iterable[int]) -> None:
        """Equation `number` speaks for the digits in these places, of its own unit."""
        for place in places:
            own = place + _shift(self.cell, instance.unit)
            if Decimal(1).scaleb(place) > 2 * instance.tolerance:
                self._large[own].add(number)
            elif instance.outcome is Outcome.HOLDS:
                self._small[own].add(number)

    def suffices(self, against: int) -> bool:
        """Whether every digit is proved, and by more equations than contradict the figure.

        A digit so small that its error could pass for rounding is proved by equations that hold
        to the last place: by one if all of the figure's equations do, else by two.
        """
        places = _digits(self.cell, self.cell.unit)
        if any(not self._large[p] and len(self._small[p]) < self._needed for p in places):
            return False
        speaking = {n for p in places for n in self._large[p] | self._small[p]}
        return len(speaking) > against


def _signed(instance: Instance) -> Iterable[tuple[Cell, int]]:
    for side, terms in ((1, instance.left), (-1, instance.right)):
        for term in terms:
            yield term.cell, side * term.sign


def _shift(cell: Cell, unit: Unit | None) -> int:
    """Places by which a cell's figure stands higher in its own unit than in the equation's."""
    if cell.unit is None or unit is None or cell.unit is unit:
        return 0
    return 4 if unit is Unit.WAN else -4


def _digits(cell: Cell, unit: Unit | None) -> dict[int, str]:
    """The digits of a figure by their place: 0 for ones, -1 for tenths; in the equation's unit."""
    value = abs(cell.amount.value or Decimal(0))
    _, digits, exponent = value.as_tuple()
    lowest = int(exponent) - _shift(cell, unit)
    return {lowest + n: str(digit) for n, digit in enumerate(reversed(digits))}


def _show_scale(cells: Iterable[Cell], known: _Known) -> bool:
    """Whether a figure other than nothing shows where its decimals begin."""
    return any(
        cell.amount.value
        and (known.sure(cell) or "." in cell.amount.text or "," in cell.amount.text)
        for cell in cells
    )


def _stated(document: Document) -> set[int]:
    """The amounts that prose from the text layer states exactly (their ids)."""
    scanned = {r.page for r in document.remarks if r.code in _SEEN}
    units = {s.form: s.unit for s in document.statements}
    found: set[int] = set()
    for claim in document.claims:
        if claim.role is not Role.VALUE or claim.value is None or claim.page in scanned:
            continue
        if claim.unit not in (Unit.YUAN, Unit.WAN):
            continue
        for binding in claim.bound:
            amount, unit = claimed_cell(document, binding), units.get(binding.form)
            if amount is None or amount.value is None or unit is None:
                continue
            if convert(claim.value, Unit(claim.unit), unit) == amount.value:
                found.add(id(amount))
    return found


def _cells(document: Document) -> Iterable[tuple[Key, Amount]]:
    for number, statement in enumerate(document.statements):
        for index, item in enumerate(statement.items):
            for measure, amount in item.amounts.items():
                yield (number, index, measure), amount


def _proposals(instances: Iterable[Instance], known: _Known) -> dict[Key, Amount]:
    """What equations say of cells that do not fit into them: value and witnesses by cell."""
    said: dict[Key, dict[Decimal, list[Instance]]] = defaultdict(lambda: defaultdict(list))
    cells: dict[Key, Cell] = {}
    for instance in instances:
        if instance.outcome is not Outcome.FAILS and instance.reason is not Reason.UNREADABLE:
            continue
        for cell in _suspects(instance, known):
            value = instance.implied(cell.key)
            others = [other for other in instance.cells if other.key != cell.key]
            if value is not None and value != cell.amount.value and _show_scale(others, known):
                cells[cell.key] = cell
                said[cell.key][value].append(instance)
    out = {}
    for key, values in said.items():
        proved = [value for value, asking in values.items() if _leaves_no_other(key, asking, known)]
        text = cells[key].amount.text
        if len(proved) != 1 or _edits(_bare(text), _bare(grouped(proved[0]))) > _NEAR:
            continue
        witnesses = (_witness(instance, key, proved[0]) for instance in values[proved[0]])
        out[key] = msgspec.structs.replace(
            cells[key].amount, proposed=proved[0], witnesses=tuple(dict.fromkeys(witnesses))
        )
    return out


def _suspects(instance: Instance, known: _Known) -> list[Cell]:
    """The cells that may be why an equation does not hold; of one with gaps, its only gap."""
    gaps = [cell for cell in instance.cells if cell.amount.mark is Mark.UNREADABLE]
    if gaps:
        return gaps if len(gaps) == 1 and not known.sure(gaps[0]) else []
    return [cell for cell in instance.cells if not known.sure(cell)]


def _leaves_no_other(key: Key, asking: Sequence[Instance], known: _Known) -> bool:
    """Whether no other cell can be what is wrong with these equations.

    Either all others of one of them are sure, or several ask for the same value, have nothing but
    this cell in common, and one at least is a sum: copies of a figure are misread alike.
    """
    others = [{cell.key for cell in i.cells if not known.sure(cell)} - {key} for i in asking]
    if not all(others):
        return True
    summed = any(sum(bool(cell.amount.value) for cell in i.cells) > _TWICE for i in asking)
    return summed and not set.intersection(*others)


def _witness(instance: Instance, key: Key, value: Decimal) -> str:
    """The equation with its figures, the proposed one in brackets, and how far rounding may go."""

    def side(terms: Iterable[tuple[Cell, int]]) -> str:
        parts = [
            ("-" if sign < 0 else "+", f"[{grouped(value)}]" if cell.key == key else figure)
            for cell, sign in terms
            if (figure := cell.amount.text) or cell.key == key
        ]
        return " ".join(f"{sign} {figure}" for sign, figure in parts).removeprefix("+ ")

    left = side((term.cell, term.sign) for term in instance.left)
    right = side((term.cell, term.sign) for term in instance.right)
    return f"{instance.equation}: {left} = {right} (±{instance.tolerance.normalize():f})"


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isdigit() or char in "-.")


def _edits(one: str, other: str) -> int:
    """Characters to change, add or leave out to make one text of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _marked(document: Document, confirmed: set[Key], proposals: Mapping[Key, Amount]) -> Document:
    def marked(key: Key, amount: Amount) -> Amount:
        if key in confirmed:
            return msgspec.structs.replace(amount, certainty=Certainty.CONFIRMED)
        return proposals.get(key, amount)

    statements: list[Statement] = []
    for number, statement in enumerate(document.statements):
        items = tuple(
            msgspec.structs.replace(
                item,
                amounts={m: marked((number, i, m), a) for m, a in item.amounts.items()},
            )
            for i, item in enumerate(statement.items)
        )
        statements.append(msgspec.structs.replace(statement, items=items))
    return msgspec.structs.replace(document, statements=tuple(statements))
