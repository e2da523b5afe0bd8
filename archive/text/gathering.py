"""The line items of a form printed in blocks, gathered into its statement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from archive import money
from archive.forms import Form, plain, title_of
from archive.model import (
    Amount,
    Certainty,
    Classification,
    Column,
    LineItem,
    Locator,
    Mark,
    Remark,
    Statement,
    Unit,
)
from archive.text import headings
from archive.text.columns import TOTAL
from archive.text.figures import figure_text, refused, unsure
from archive.text.grid import Cell
from archive.text.headings import bare, distinct, text_of
from archive.text.placing import locator
from archive.text.tables import Table

_UNIT_ASIDE: Final = re.compile(r"\((万元|元)\)")
_UNITS: Final = {"万元": Unit.WAN, "元": Unit.YUAN}
_WITH_UNIT: Final = re.compile(r"(.*\d)(万元|万|元)")
_SUFFIXES: Final = {"万元": Unit.WAN, "万": Unit.WAN, "元": Unit.YUAN}
_KEY: Final = ("block", "goal", "group", "level1", "level2")
_LONGEST_LABEL: Final = 40


def names_unit(text: str) -> bool:
    """Whether a label or head names the unit of its money: 项目资金（元）."""
    return bool(_UNIT_ASIDE.search(plain(text)))


@dataclass
class Draft:
    """A line item before its repetitions are counted."""

    item: LineItem
    united: bool
    """Is the unit printed with its figures?"""

    def carry_on(self, text: str) -> None:
        """Append the rest of a text that a page break cut."""
        texts = self.item.attributes
        whole = {**texts, "content": texts.get("content", "") + text}
        self.item = replace(self.item, attributes=whole)


class Gathering:
    """What is read of one form, row by row, until it is a statement."""

    def __init__(self, table: Table, form: Form) -> None:
        self.table = table
        self.form = form
        self.drafts: list[Draft] = []
        self.notes: list[str] = []
        self.remarks: list[Remark] = []
        self.year: int | None = None
        self._columns: dict[tuple[str | None, str], Column] = {}
        self._aligned = table.aligned
        self._units = self._printed_units()
        only = next(iter(self._units), None) if len(self._units) == 1 else None
        self._unit = only if isinstance(only, Unit) else None

    def say(self, code: str, message: str, page: int) -> None:
        """Remark on the reading."""
        self.remarks.append(Remark(code, f"{self.form.title}: {message}", page))

    def column(self, name: str, header: str, side: str | None = None) -> None:
        """Note a money column."""
        self._columns.setdefault((side, name), Column(name, header, side))

    def amount(self, cell: Cell) -> Amount:
        """The money in a cell; "15万" in a form in 万元 is 15."""
        text, said = figure_text(cell)
        mark, value = money.parse(text)
        worded = _WITH_UNIT.fullmatch(plain(text)) if mark is Mark.UNREADABLE else None
        if worded and _SUFFIXES[worded[2]] is self._unit:
            mark, value = money.parse(worded[1])
        certainty = cell.certainty(aligned=cell.page in self._aligned)
        if value is not None and unsure(cell, certainty):
            mark, value = Mark.UNREADABLE, None
        if mark is Mark.UNREADABLE:
            certainty = Certainty.UNREADABLE
        return Amount(text if said else text_of(cell), value, mark, certainty, locator(cell))

    def add(
        self,
        name: str,
        first: Cell,
        attributes: Mapping[str, str],
        amounts: Mapping[str, Amount],
        *,
        places: Mapping[str, Locator] | None = None,
        side: str | None = None,
        united: bool = False,
        classification: Classification | None = None,
    ) -> Draft:
        """Take in a line item that begins at the cell `first`."""
        for amount in amounts.values():
            if amount.mark is Mark.UNREADABLE:
                said = refused(amount.text)
                self.say("cell-unreadable", f"“{amount.text}”: {said}", first.page)
        item = LineItem(
            name=name,
            side=side,
            classification=classification or self.form.classification,
            total=bool(TOTAL.search(plain(name))) and bool(amounts),
            attributes={key: value for key, value in attributes.items() if value},
            amounts=dict(amounts),
            page=first.page,
            row=first.row,
            places=dict(places or {}),
        )
        draft = Draft(item, united)
        self.drafts.append(draft)
        return draft

    def statement(self) -> Statement:
        """The statement of all that was taken in."""
        items = tuple(self._numbered(self._with_unit()))
        return Statement(
            form=self.form.id,
            title=self.table.title,
            unit=self._unit,
            pages=self.table.pages,
            columns=tuple(self._columns.values()),
            items=items,
            notes=(*self.table.notes, *self.notes),
            year=title_of(self.table.title).year or self.year,
            subject=self._subject(items),
        )

    def _printed_units(self) -> set[Unit | str]:
        """The units printed above the table, or with a label or a head of the form."""
        units: set[Unit | str] = set() if self.table.unit is None else {self.table.unit}
        for row in self.table.rows:
            for cell in distinct(row):
                flat = plain(cell.text) if 3 < len(cell.text) < _LONGEST_LABEL else ""
                found = _UNIT_ASIDE.search(flat) if "(" in flat else None
                if found and (
                    headings.measure(self.form, flat) or headings.labelled(self.form, flat)
                ):
                    units.add(_UNITS[found[1]])
        return units

    def _with_unit(self) -> Iterable[LineItem]:
        """The items, each with a remark where its unit is printed elsewhere in the form only."""
        figures = any(a.value is not None for d in self.drafts for a in d.item.amounts.values())
        if figures and self._unit is None:
            units = ", ".join(sorted(map(str, self._units)))
            said = f"units printed: {units}" if units else "no unit is printed"
            self.say("unit-missing", f"{said}; its amounts are not converted", self.table.pages[0])
        elsewhere = self._unit is not None and self.table.unit is None
        for draft in self.drafts:
            item = draft.item
            if elsewhere and not draft.united and any(a.text for a in item.amounts.values()):
                said = f"the unit ({self._unit}) is printed with other figures of the form only"
                item = replace(item, remarks=(*item.remarks, said))
            yield item

    def _numbered(self, items: Iterable[LineItem]) -> Iterable[LineItem]:
        seen: Counter[tuple[str | None, ...]] = Counter()
        for item in items:
            key = (item.side, plain(item.name), *(item.attributes.get(k) for k in _KEY))
            seen[key] += 1
            if seen[key] == 1:
                yield item
                continue
            label = item.name or "a row without a name"
            self.say("row-repeated", f"“{label}” stands again", item.page)
            yield replace(item, occurrence=seen[key])

    def _subject(self, items: Sequence[LineItem]) -> str:
        """What the form is about: a project's or a unit's name."""
        wanted = [plain(label) for label in self.form.subject]
        named = (i for i in items if bare(i.name) in wanted and "block" not in i.attributes)
        return next((text for item in named if (text := item.attributes.get("content", ""))), "")
