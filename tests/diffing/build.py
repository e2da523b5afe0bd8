"""Small documents written the way a table is read: one row a line."""

from __future__ import annotations

from decimal import Decimal

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


def budget(
    talent: str = "60.00",
    party: str | None = None,
    vehicles: str = "0.00",
    basic: str = "40.00",
    unit: Unit = Unit.WAN,
) -> Document:
    """A small department budget whose tables agree with each other."""
    parts = [Decimal(talent), Decimal(party or 0)]
    projects = sum(parts, Decimal(0))
    total = f"{projects + Decimal(basic)}"
    measures = ("合计", "基本支出", "项目支出")
    number = ("预算数",)
    lines = [item("人才工作经费", talent, measures=("合计",), row=3)]
    if party is not None:
        lines.append(item("党建", party, measures=("合计",), row=4))
    burdens = f"{Decimal(vehicles) + 3}"
    return document(
        statement(
            item("一、一般公共预算拨款收入", total, measures=number, side="收入", level=1, row=3),
            item("收入总计", total, measures=number, side="收入", total=True, row=4),
            item("一、科学技术支出", total, measures=number, side="支出", level=1, row=3),
            item("支出总计", total, measures=number, side="支出", total=True, row=4),
            form="budget.total",
            title="部门收支总表",
            unit=unit,
        ),
        statement(
            item("科学技术支出", total, basic, f"{projects}", code="206", level=1, row=3),
            item("科技人才", total, basic, f"{projects}", code="20699", level=2, row=4),
            item("合计", total, basic, f"{projects}", measures=measures, row=5),
            unit=unit,
        ),
        statement(
            *lines,
            item("合计", f"{projects}", measures=("合计",), row=9),
            form="budget.project",
            title="项目支出表",
            unit=unit,
        ),
        statement(
            item("合计", burdens, measures=number, row=3),
            item("因公出国（境）费", "0.00", measures=number, row=3),
            item("公务用车购置及运行费-小计", burdens, measures=number, row=3),
            item("公务用车购置及运行费-购置费", vehicles, measures=number, row=3),
            item("公务用车购置及运行费-运行费", "3.00", measures=number, row=3),
            form="budget.sangong",
            title="“三公”经费支出表",
            unit=unit,
        ),
    )
