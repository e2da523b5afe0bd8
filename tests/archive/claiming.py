"""Small documents written by hand: prose as the text stage gives it, statements beside it."""

from __future__ import annotations

from decimal import Decimal

from archive.model import (
    Amount,
    Claim,
    Document,
    Facts,
    Kind,
    Level,
    LineItem,
    Mark,
    Paragraph,
    Statement,
    Unit,
)
from archive.text.claims import claims

AGENCY = "江城市云水区财政局"


def document(
    *prose: str,
    kind: Kind | None = Kind.FINAL,
    year: int | None = 2024,
    statements: tuple[Statement, ...] = (),
) -> Document:
    """A document of these paragraphs; "## 二、…" is a heading of the second level."""
    paragraphs = []
    for text in prose:
        bare = text.lstrip("#")
        paragraphs.append(Paragraph(5, bare.strip(), heading=len(text) - len(bare)))
    return Document(
        original="0" * 64,
        media_type="application/pdf",
        extractor="test",
        pages=9,
        facts=Facts(agency=AGENCY, level=Level.DEPARTMENT, year=year, kind=kind),
        statements=statements,
        prose=tuple(paragraphs),
    )


def claims_in(*prose: str, **known: object) -> tuple[Claim, ...]:
    """The claims of these paragraphs."""
    return claims(document(*prose, **known))  # type: ignore[arg-type]


def budget(*prose: str, **known: object) -> tuple[Claim, ...]:
    """The claims of these paragraphs in a budget of 2025."""
    return claims_in(*prose, kind=Kind.BUDGET, year=2025, **known)


def statement(
    form: str, *items: LineItem, unit: Unit = Unit.WAN, notes: tuple[str, ...] = ()
) -> Statement:
    """A statement of these line items."""
    return Statement(form, form, unit, (3,), (), items, notes)


def item(name: str, code: str = "", side: str | None = None, **amounts: str) -> LineItem:
    """A line item; amounts by measure, "" for a blank cell."""
    printed = {
        measure: Amount(text, Decimal(text.replace(",", "")))
        if text
        else Amount("", mark=Mark.BLANK)
        for measure, text in amounts.items()
    }
    total = name in ("合计", "总计", "收入总计", "支出总计", "本年收入合计", "本年支出合计")
    level = {3: 1, 5: 2, 7: 3}.get(len(code), 0)
    return LineItem(name, code, side, level, total=total, amounts=printed)
