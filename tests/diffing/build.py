"""Small documents written the way a table is read: one row a line."""

from __future__ import annotations

from archive.model import (
    Amount,
    Classification,
    Column,
    Document,
    Facts,
    Identity,
    Kind,
    Level,
    LineItem,
    Locator,
    Paragraph,
    RawTable,
    Statement,
    Unit,
)
from archive.money import parse
from diffing.versions import Version


def amount(text: str, row: int = 1, column: int = 1, page: int = 5) -> Amount:
    mark, value = parse(text)
    return Amount(text, value, mark, at=Locator(page, row, column))


def item(
    name: str,
    *cells: str,
    code: str = "",
    measures: tuple[str, ...] = ("合计", "基本支出", "项目支出"),
    row: int = 1,
    page: int = 5,
    **rest: object,
) -> LineItem:
    kind = Classification.FUNCTIONAL if code else Classification.CATEGORY
    fields: dict[str, object] = {"classification": kind, "total": name in ("合计", "总计")} | rest
    return LineItem(
        name=name,
        code=code,
        amounts={
            m: amount(text, row, n + 1, page)
            for n, (m, text) in enumerate(zip(measures, cells, strict=False))
        },
        page=page,
        row=row,
        **fields,  # type: ignore[arg-type]
    )


def statement(
    *items: LineItem,
    form: str = "budget.expenditure",
    title: str = "部门支出总表",
    unit: Unit | None = Unit.WAN,
    notes: tuple[str, ...] = (),
) -> Statement:
    measures = dict.fromkeys(m for i in items for m in i.amounts)
    return Statement(
        form=form,
        title=title,
        unit=unit,
        pages=(5,),
        columns=tuple(Column(m, m) for m in measures),
        items=items,
        notes=notes,
    )


def document(
    *statements: Statement,
    prose: tuple[str, ...] = (),
    tables: tuple[RawTable, ...] = (),
    facts: Facts | None = None,
    original: str = "a",
) -> Document:
    return Document(
        original=original * 64,
        media_type="application/pdf",
        extractor="pdf/1",
        pages=9,
        facts=facts or Facts(),
        statements=statements,
        tables=tables,
        prose=tuple(Paragraph(2, text) for text in prose),
    )


def version(
    found: Document,
    year: int = 2024,
    kind: Kind = Kind.BUDGET,
    level: Level = Level.DEPARTMENT,
    agency: str = "310107.012",
) -> Version:
    return Version(Identity("310107", agency, level, year, kind), found, agency_name="某街道办事处")
