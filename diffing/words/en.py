"""English: the same digest for readers without Chinese; names of lines stay as printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Final

from archive.model import Mark, Unit
from archive.money import EXACT, convert
from diffing.changes import Cell, CellKind, half_up, is_nothing
from diffing.figures import exact, is_large
from diffing.names import bare
from diffing.words import attributes, citations, comparisons, digests, news, readings, tables
from diffing.words.wording import Wording

_TEXTS: Final[dict[str, str]] = {
    **digests.EN,
    **tables.EN,
    **readings.EN,
    **comparisons.EN,
    **citations.EN,
    **news.EN,
    **attributes.EN,
}
_MEANINGS: Final = {
    "合计": "total",
    "总计": "total",
    "小计": "subtotal",
    "收入总计": "total income",
    "支出总计": "total expenditure",
    "本年收入合计": "income of the year",
    "本年支出合计": "expenditure of the year",
    "基本支出": "basic expenditure",
    "项目支出": "projects",
    "人员经费": "staff",
    "人员经费合计": "staff",
    "公用经费": "running costs",
    "公用经费合计": "running costs",
    "因公出国(境)费": "travel abroad",
    "公务接待费": "receptions",
    "公务用车购置及运行费": "vehicles",
    "公务用车购置及运行维护费": "vehicles",
    "公务用车购置费": "buying vehicles",
    "公务用车运行费": "running vehicles",
    "公务用车运行维护费": "running vehicles",
    "购置费": "buying",
    "运行费": "running",
    "机关运行经费": "operating costs of offices",
}
"""What the lines of every document mean; functional and economic classes stay as printed."""

_MILLION: Final = Decimal(100)
"""One million yuan is a hundred 万元."""


_PLURALS: Final = {
    "agencies": "agency",
    "changes": "change",
    "departments": "department",
    "districts": "district",
    "documents": "document",
    "equations": "equation",
    "figures": "figure",
    "findings": "finding",
    "items": "item",
    "places": "place",
    "rows": "row",
    "tables": "table",
    "times": "time",
    "units": "unit",
}
_COUNTED: Final = re.compile(rf"\{{(\w+)\}} ({'|'.join(_PLURALS)})\b")


def singular(text: str, fields: Mapping[str, object]) -> str:
    """A text whose `{}` fields are not filled in yet, with what there is one of in the singular:
    names that are filled in stay as they are printed.

    >>> singular("{a} agencies, {b} rows, {name}", {"a": 1, "b": "1,001", "name": "1 rows"})
    '{a} agency, {b} rows, {name}'
    """

    def one(match: re.Match[str]) -> str:
        alone = str(fields.get(match[1])) == "1"
        return f"{{{match[1]}}} {_PLURALS[match[2]]}" if alone else match[0]

    return _COUNTED.sub(one, text)


class English(Wording):
    """British spelling; 万元 stays, with yuan beside it."""

    code = "en"
    html = "en"
    texts: ClassVar = _TEXTS

    def __call__(self, key: str, **fields: object) -> str:
        """The text of a key with its fields filled in, one of a thing in the singular."""
        return self.filled(singular(self.texts[key], fields), fields)

    def line(self, name: str) -> str:
        """The printed name with its meaning where it is one of the lines every document has."""
        parts = [_MEANINGS.get(bare(part)) for part in name.split(" · ")]
        return f"{name} ({', '.join(p for p in parts if p)})" if all(parts) else name

    def amount(self, value: Decimal, decimals: int = 2) -> str:
        """15,621.1123 万元 (156.21 million yuan); below 1 亿元 the exact yuan."""
        if is_large(value):
            millions = half_up(Fraction(value) / Fraction(_MILLION), 2)
            return f"{exact(value, decimals)} 万元 ({exact(millions)} million yuan)"
        yuan = convert(value, Unit.WAN, Unit.YUAN).normalize(EXACT)
        return f"{exact(value, decimals)} 万元 ({yuan:,f} yuan)"

    def comparison(self, cell: Cell, old: str, new: str) -> str:
        """More or less with the amount and the rate; unchanged; from nothing; not listed."""
        if cell.kind not in (CellKind.NUMBER, CellKind.MARK):
            was, now = self.old_printed(cell), self.new_printed(cell)
            return f"{was} in {old}, {now} in {new}; not computed"
        zero, decimals = Decimal(0), self.decimals(cell)
        before, after = cell.old_wan or zero, cell.new_wan or zero
        difference = cell.difference or zero
        if cell.new is None:
            return f"not listed any more in {new} ({self.amount(before, decimals)} in {old})"
        if cell.old is None:
            return f"newly listed in {new}, {self.amount(after, decimals)} (not listed in {old})"
        if is_nothing(cell.new) and not is_nothing(cell.old):
            stated = f"{self._nothing(cell, new=True)} in {new}"
        else:
            stated = f"{self.amount(after, decimals)} in {new}"
        if difference == 0:
            return f"{stated}, unchanged from {old}"
        if is_nothing(cell.old):
            return f"from nothing to {stated} ({self._nothing(cell)} in {old}, so there is no rate)"
        way = "more" if difference > 0 else "less"
        size = self.amount(abs(difference), decimals)
        return f"{stated}, {size} {way} than {old}, {self._rate(cell)}"

    def replacement(self, cell: Cell) -> str:
        """By how much, with the rate; nothing where no amount was replaced."""
        if cell.difference is None or cell.difference == 0:
            return ""
        way = "more" if cell.difference > 0 else "less"
        rate = f", {self._rate(cell)}" if cell.percent is not None else ""
        return f"{self.amount(abs(cell.difference), self.decimals(cell))} {way}{rate}"

    def share(
        self,
        name: str,
        old: Decimal,
        new: Decimal,
        sides: tuple[str, str],
        moved: Decimal | None = None,
    ) -> str:
        """A share of all expenditure and its change in percentage points."""
        moved = new - old if moved is None else moved
        if moved == 0:
            change = f"unchanged from {sides[0]}"
        else:
            way = "up" if moved > 0 else "down"
            change = f"{way} {exact(abs(moved))} percentage points from {sides[0]}"
        return f"{name} is {self.percent(new)} of all expenditure, {change}"

    def _rate(self, cell: Cell) -> str:
        up = (cell.difference or Decimal(0)) > 0
        if cell.percent is None:
            return f"no rate on a negative {'base' if (cell.old_wan or 0) < 0 else 'amount'}"
        if cell.percent == 0:
            return f"{'up' if up else 'down'} less than 0.01%"
        return f"{'up' if up else 'down'} {self.percent(cell.percent)}"

    def _nothing(self, cell: Cell, *, new: bool = False) -> str:
        amount = cell.new if new else cell.old
        if amount is None:
            return "not listed"
        if amount.mark is Mark.BLANK:
            return "blank"
        return "“—”" if amount.mark is Mark.DASH else "0"
