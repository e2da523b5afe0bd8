"""One document under check: its figures at hand, with their places and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

from msgspec import structs

from archive.forms import forms
from archive.forms.equations import Cell, Instance, Sheet, Tolerance
from archive.forms.equations import Outcome as Equation
from archive.forms.evaluation import evaluate
from archive.model import (
    Binding,
    Certainty,
    Claim,
    Classification,
    Document,
    Kind,
    Role,
    Statement,
    Unit,
)
from archive.money import EXACT
from archive.register.classification import Verdict, classification_register
from diffing.checks.model import Place
from diffing.checks.quoting import Standing, quotation, standings
from diffing.gaps import recognised_pages

__all__ = ["Case", "Figure", "Said", "figure_of", "money"]

_READ: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_CENT: Final = Decimal("0.01")
_SCALE: Final = {"元": -4, "万元": 0, "亿元": 4}


class Figure:
    """A printed amount in 万元 and one unit of its last place.

    `apart`: it is the difference of two figures, and may have been taken of the rounded ones.
    """

    def __init__(self, value: Decimal, step: Decimal, *, apart: bool = False) -> None:
        self.value, self.step, self.apart = value, step, apart

    @property
    def low(self) -> Decimal:
        """The least the figure behind it can be: rounded half up, or each of two so."""
        return self.value - (self.step if self.apart else self.step / 2)

    @property
    def high(self) -> Decimal:
        """The most it can be: some publishers cut off instead of rounding."""
        return self.value + self.step


def money(claim: Claim) -> Figure | None:
    """The claim's amount in 万元; None where it is no amount of money."""
    scale = _SCALE.get(claim.unit or "")
    if scale is None or claim.value is None:
        return None
    step = Decimal(1).scaleb(int(claim.value.as_tuple().exponent))
    if not claim.value:
        step = min(step, _CENT)  # "0万元" is nothing, not a little that was rounded
    return Figure(claim.value.scaleb(scale, EXACT), step.scaleb(scale))


def figure_of(cell: Cell) -> Figure | None:
    """The cell's amount in 万元; None where nothing is printed or the unit is unknown."""
    if cell.amount.value is None or cell.unit is None:
        return None
    scale = -4 if cell.unit is Unit.YUAN else 0
    return Figure(cell.amount.value.scaleb(scale, EXACT), cell.step.scaleb(scale))


def _same(one: Document, other: Document) -> bool:
    """Are these versions of one document of an agency?"""
    a, b = one.facts, other.facts
    return (a.kind, a.year, a.level) == (b.kind, b.year, b.level)


Said = tuple[int, Claim, Figure]
"""An amount of the prose: the claim's index, the claim, its figure."""


class Case:
    """A document, what it is called, and the other documents it may be held against; `replaced`
    gives the versions that those took the place of."""

    def __init__(
        self,
        document: Document,
        others: Sequence[Document] = (),
        agency: str | None = None,
        replaced: Callable[[], Sequence[Document]] = tuple,
    ) -> None:
        self.document = document
        self.others = others
        self._replaced = replaced
        self.agency = document.facts.agency or agency
        self.year = document.facts.year
        self.kind = document.facts.kind

    @cached_property
    def before(self) -> tuple[Case, ...]:
        """The case as it stood before one of the other documents was replaced, once for each
        version that was."""
        return tuple(
            Case(self.document, [old if _same(old, o) else o for o in self.others], self.agency)
            for old in self._replaced()
        )

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every statement, as equations see it."""
        return tuple(Sheet(s, n) for n, s in enumerate(self.document.statements))

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """Every equation of the document with its outcome."""
        return evaluate(self.document, self.sheets)

    @cached_property
    def closing(self) -> dict[tuple[int, int, str], list[Instance]]:
        """A blank cell → the sums that close without it."""
        found: dict[tuple[int, int, str], list[Instance]] = {}
        for made in self.instances:
            if made.kind is Tolerance.SUM and made.outcome in (Equation.HOLDS, Equation.ROUNDING):
                for cell in made.blanks:
                    found.setdefault(cell.key, []).append(made)
        return found

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the prose says of the figures; a damaged one as its witnesses read it.

        A figure so read may bear out another. It is never a reason to find fault: `damaged`.
        """
        claims = list(self.document.claims)
        for repair in self.document.repairs:
            match = _READ.match(repair.read)
            if repair.claim is not None and match is not None:
                value = Decimal(match[0].replace(",", ""))
                claims[repair.claim] = structs.replace(claims[repair.claim], value=value)
        return tuple(claims)

    @cached_property
    def damaged(self) -> frozenset[tuple[str, str]]:
        """Sentence and figure of every claim that was damaged before the file was published."""
        found = (self.claims[r.claim] for r in self.document.repairs if r.claim is not None)
        return frozenset((claim.quotation, claim.text) for claim in found)

    @cached_property
    def worn(self) -> bool:
        """Was the document itself read from paper by a machine, and damaged by it?"""
        return any(remark.code == "text-damaged" for remark in self.document.remarks)

    @cached_property
    def values(self) -> tuple[Said, ...]:
        """The amounts the prose states, with their index."""
        return tuple(
            (n, claim, figure)
            for n, claim in enumerate(self.claims)
            if claim.role is Role.VALUE and (figure := money(claim)) is not None
        )

    @cached_property
    def value_at(self) -> dict[int, Said]:
        """The stated amounts by index."""
        return {said[0]: said for said in self.values}

    @cached_property
    def values_of(self) -> dict[str, list[Said]]:
        """The stated amounts by the subject they speak of."""
        found: dict[str, list[Said]] = {}
        for said in self.values:
            found.setdefault(said[1].subject, []).append(said)
        return found

    def statements(self, form: str) -> list[Statement]:
        """The statements of a form ("final.total") or of either kind ("total")."""
        return [s for s in self.document.statements if form in (s.form, s.form.partition(".")[2])]

    def sheet(self, form: str) -> Sheet | None:
        """The one statement of a form, of either kind; None where there is none or several."""
        found = [s for s in self.sheets if s.statement.form.partition(".")[2] == form]
        return found[0] if len(found) == 1 else None

    def cell(self, binding: Binding) -> Cell | None:
        """The cell a claim is bound to."""
        name = (binding.name, binding.code, binding.side, binding.occurrence, binding.block)
        found = self._lines.get((binding.form, *name))
        return found[0].cell(found[1], binding.measure) if found is not None else None

    @cached_property
    def _lines(self) -> dict[tuple[object, ...], tuple[Sheet, int]]:
        """What a binding names → the statement and the line item, the first where several do."""
        found: dict[tuple[object, ...], tuple[Sheet, int]] = {}
        for sheet in self.sheets:
            for n, item in enumerate(sheet.items):
                block = item.attributes.get("block", "")
                name = (item.name, item.code, item.side, item.occurrence, block)
                found.setdefault((sheet.statement.form, *name), (sheet, n))
        return found

    def cells(self, claim: Claim) -> list[Cell]:
        """The cells a claim is bound to."""
        return [cell for binding in claim.bound if (cell := self.cell(binding)) is not None]

    def own_basis(self, claim: Claim) -> bool:
        """Does the claim speak of the document's own year and kind?"""
        if claim.year not in (None, self.year):
            return False
        final = claim.basis is None or claim.basis == "final"
        return final if self.kind is Kind.FINAL else claim.basis in (None, "budget")

    def place(self, cell: Cell) -> Place:
        """Where a cell is printed."""
        statement = self.document.statements[cell.statement]
        item = statement.items[cell.item]
        at = cell.at
        return Place(
            page=at.page if at else item.page or None,
            row=at.row if at else item.row or None,
            column=at.column if at else None,
            statement=statement.title,
            name=f"{cell.code} {cell.name}".strip(),
            measure=cell.measure,
            text=cell.amount.text,
            certainty=cell.amount.certainty,
        )

    def said(self, claim: Claim) -> Place:
        """Where a claim is made, quoted from where its subject is named."""
        at = self._standing.get(claim)
        prose = self.document.prose
        quoted = quotation(claim, prose[at.paragraph].text, at.start) if at else claim.quotation
        return self.weighed(
            Place(page=claim.page, name=claim.subject, text=claim.text, quotation=quoted)
        )

    def beside(self, claim: Claim) -> list[Said]:
        """The amounts that the same paragraph states; none where the paragraph is not found."""
        at = self._standing.get(claim)
        return self._stated.get(at.paragraph, []) if at else []

    @cached_property
    def _stated(self) -> dict[int, list[Said]]:
        """A paragraph that states amounts → those amounts."""
        found: dict[int, list[Said]] = {}
        for said in self.values:
            at = self._standing.get(said[1])
            if at:
                found.setdefault(at.paragraph, []).append(said)
        return found

    @cached_property
    def _standing(self) -> dict[Claim, Standing]:
        return standings(self.claims, self.document.prose)

    @cached_property
    def _recognised(self) -> frozenset[int]:
        return frozenset(recognised_pages(self.document))

    def weighed(self, place: Place) -> Place:
        """The place with its certainty, if it is no cell: words of a page that was recognised.

        What stands on no page, such as a table that is missing, is as sure as the whole document.
        """
        if place.row is not None or place.document or place.certainty is not Certainty.TEXT:
            return place
        seen = place.page in self._recognised if place.page else bool(self._recognised)
        return structs.replace(place, certainty=Certainty.RECOGNISED) if seen else place

    def imaged(self, statement: Statement) -> bool:
        """Was any of the statement's pages recognised? Then a blank cell may be one overlooked."""
        return not self._recognised.isdisjoint(statement.pages)

    def unsure(self, cells: Sequence[Cell]) -> bool:
        """Is any of the figures recognised from an image and not confirmed?"""
        return any(cell.amount.certainty is Certainty.RECOGNISED for cell in cells)

    def own_name(self, code: str, name: str) -> bool:
        """Does the classification itself call the code so? Then it is the table that is off (S05).

        A name may be cut off or damaged in a table.
        """
        if self.year is None:
            return False
        found = classification_register().agrees(code, name, Classification.FUNCTIONAL, self.year)
        return found.verdict is Verdict.AGREES

    def title(self, statement: Statement) -> str:
        """The form's canonical title, for prose that speaks of the table."""
        form = forms().get(statement.form)
        return form.title if form else statement.title
