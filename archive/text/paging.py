"""A reading moved to later pages: the second file of an archive begins where the first ends."""

from __future__ import annotations

from msgspec.structs import replace

from archive.model import Amount, LineItem, Locator, RawTable, Remark, Statement
from archive.text.reader import Seen

__all__ = ["moved"]


def moved(seen: Seen, by: int) -> Seen:
    """The same, `by` pages later."""
    if not by:
        return seen
    return Seen(
        pages=seen.pages,
        facts=seen.facts,
        statements=[_statement(statement, by) for statement in seen.statements],
        tables=[_raw(table, by) for table in seen.tables],
        prose=tuple(replace(p, page=p.page + by) for p in seen.prose),
        remarks=[_remark(remark, by) for remark in seen.remarks],
        readers=seen.readers,
    )


def _statement(statement: Statement, by: int) -> Statement:
    pages = tuple(page + by for page in statement.pages)
    return replace(statement, pages=pages, items=tuple(_item(i, by) for i in statement.items))


def _item(item: LineItem, by: int) -> LineItem:
    amounts = {measure: _amount(amount, by) for measure, amount in item.amounts.items()}
    places = {name: _place(at, by) for name, at in item.places.items()}
    return replace(item, page=item.page + by, amounts=amounts, places=places)


def _amount(amount: Amount, by: int) -> Amount:
    return amount if amount.at is None else replace(amount, at=_place(amount.at, by))


def _place(at: Locator, by: int) -> Locator:
    return replace(at, page=at.page + by)


def _raw(table: RawTable, by: int) -> RawTable:
    return replace(table, pages=tuple(page + by for page in table.pages))


def _remark(remark: Remark, by: int) -> Remark:
    return remark if remark.page is None else replace(remark, page=remark.page + by)
