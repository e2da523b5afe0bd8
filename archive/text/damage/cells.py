"""Amounts of performance forms that a pattern of damage may have changed.

Such a form repeats what the statements say, in a part of the document that is as damaged as its
prose. The print stays; what the statements say instead stands beside it as proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from msgspec.structs import replace

from archive.forms import Layout, forms
from archive.model import Amount, Certainty, Document, LineItem, Mark, Repair, Statement
from archive.text.damage.pattern import Pattern, number_in, variants

__all__ = ["Doubted", "doubted", "in_blocks"]

_FEWEST: Final = 2
"""So many witnesses must say what a damaged amount is, a cell of a statement among them."""


@dataclass
class Doubted:
    """The statements with doubtful amounts marked, what was told of these, and what was not."""

    statements: list[Statement] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


class _Known(NamedTuple):
    """What may speak for an amount."""

    printed: Mapping[Decimal, list[str]]
    """What the statements print -> in which of their lines."""
    told: Set[tuple[str, str]]
    """Damaged figures of the prose, and what their witnesses say."""

    def stating(
        self, own: str, options: Sequence[str]
    ) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
        """The numbers a figure may have been that something speaks for, and what."""
        for option in options:
            value = Decimal(option.replace(",", "").replace("，", ""))
            cells = self.printed.get(value, [])
            again = (own, option) in self.told
            if len(cells) + again >= _FEWEST and cells:
                said = [f"{len(cells)} cells of the statements print it, {cells[0]} among them"]
                said += ["the same figure in the prose, told by its witnesses"] * again
                yield value, tuple(said)


def in_blocks(statement: Statement) -> bool:
    """Whether a statement is a performance form, printed in blocks."""
    form = forms().get(statement.form)
    return form is not None and form.layout is Layout.BLOCKS


def doubted(document: Document, pattern: Pattern, prose: Sequence[Repair]) -> Doubted:
    """Judge every amount of a performance form that the pattern may have changed.

    It is sound where a statement prints it too. Else it counts as recognised by a machine, and
    where exactly one of the numbers it may have been is printed in two cells of statements, or in
    one and told of the same figure in the prose (its `prose` repairs), that one is proposed.
    """
    printed = _printed(document)
    told = {(number_in(r.printed), number_in(r.read)) for r in prose}
    found = Doubted()
    for statement in document.statements:
        if not in_blocks(statement):
            found.statements.append(statement)
            continue
        items = tuple(
            _item(item, statement, pattern, _Known(printed, told), found)
            for item in statement.items
        )
        found.statements.append(replace(statement, items=items))
    return found


def _printed(document: Document) -> dict[Decimal, list[str]]:
    """What the statements print -> in which of their lines."""
    found: defaultdict[Decimal, list[str]] = defaultdict(list)
    for statement in document.statements:
        if in_blocks(statement):
            continue
        for item in statement.items:
            for amount in item.amounts.values():
                if amount.value:
                    found[amount.value].append(f"{statement.title} {item.name}: {amount.text}")
    return dict(found)


def _item(
    item: LineItem,
    statement: Statement,
    pattern: Pattern,
    known: _Known,
    found: Doubted,
) -> LineItem:
    amounts = dict(item.amounts)
    for measure, amount in item.amounts.items():
        if amount.mark is not Mark.PRINTED or amount.value is None or amount.value in known.printed:
            continue
        options = variants(number_in(amount.text), pattern)
        if not options:
            continue
        amounts[measure] = _told(amount, dict(known.stating(number_in(amount.text), options)))
        witnesses = amounts[measure].witnesses
        if witnesses:
            read = f"{amounts[measure].proposed:,f}"
            found.repairs.append(
                Repair(amount.text, read, witnesses, item.page, amount.at, statement.form)
            )
        else:
            found.undecided.append(amount.text)
    return replace(item, amounts=amounts) if amounts != item.amounts else item


def _told(amount: Amount, stated: Mapping[Decimal, tuple[str, ...]]) -> Amount:
    if len(stated) != 1:
        return replace(amount, certainty=Certainty.RECOGNISED)
    value, said = next(iter(stated.items()))
    return replace(amount, certainty=Certainty.RECOGNISED, proposed=value, witnesses=said)
