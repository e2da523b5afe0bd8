"""Small documents, written down beside each rule: one it must find fault with, one it must not."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from archive.model import (
    Amount,
    Classification,
    Document,
    Facts,
    Kind,
    Level,
    LineItem,
    Locator,
    Mark,
    Paragraph,
    Statement,
    Unit,
)
from archive.register import codes

__all__ = ["AGENCY", "Example", "line", "sheet"]

AGENCY = "江城市云水区财政局"
_TOTALS = (
    "合计",
    "总计",
    "收入总计",
    "支出总计",
    "本年收入合计",
    "本年支出合计",
    "人员经费合计",
    "公用经费合计",
)


class Example(msgspec.Struct, frozen=True):
    """A document by its paragraphs ("## 二、…" is a heading) and statements."""

    prose: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    kind: Kind = Kind.FINAL
    year: int = 2024
    agency: str = AGENCY
    level: Level = Level.DEPARTMENT
    others: tuple[Example, ...] = ()
    """Documents checked together with it."""

    def document(self) -> Document:
        """The document as the text stage would give it, claims included."""
        from archive.text.claims import with_claims

        paragraphs = []
        for text in self.prose:
            bare = text.lstrip("#")
            paragraphs.append(Paragraph(2, bare.strip(), heading=len(text) - len(bare)))
        facts = Facts(agency=self.agency, level=self.level, year=self.year, kind=self.kind)
        return with_claims(
            Document(
                original=f"{self.year}{self.kind}".ljust(64, "0"),
                media_type="application/pdf",
                extractor="example",
                pages=9,
                facts=facts,
                statements=self.statements,
                prose=tuple(paragraphs),
            )
        )


def sheet(
    form: str,
    *items: LineItem,
    unit: Unit = Unit.WAN,
    notes: tuple[str, ...] = (),
    title: str = "",
    year: int | None = None,
) -> Statement:
    """A statement of these line items, each in a row of page 3."""
    placed = tuple(
        msgspec.structs.replace(
            item,
            amounts={
                measure: msgspec.structs.replace(amount, at=Locator(3, row, column))
                for column, (measure, amount) in enumerate(item.amounts.items(), 3)
            },
            page=3,
            row=row,
        )
        for row, item in enumerate(items, 2)
    )
    return Statement(form, title or form, unit, (3,), (), placed, notes, year)


def line(name: str, code: str = "", side: str | None = None, **amounts: str) -> LineItem:
    """A line item; amounts by measure, "" for a blank cell."""
    printed = {
        measure: Amount(text, Decimal(text.replace(",", "")))
        if text
        else Amount("", mark=Mark.BLANK)
        for measure, text in amounts.items()
    }
    kind = Classification.CATEGORY
    if code:
        kind = Classification.FUNCTIONAL if code.startswith("2") else Classification.ECONOMIC
    return LineItem(
        name, code, side, codes.level(code), kind, total=name in _TOTALS, amounts=printed
    )
