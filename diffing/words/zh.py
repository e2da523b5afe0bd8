"""Chinese: the wording conventions of budget reporting in the Mainland."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final

from archive.model import Mark
from diffing.changes import Cell, CellKind, is_nothing
from diffing.figures import exact, in_yi, is_large
from diffing.words import attributes, citations, comparisons, digests, news, readings, tables
from diffing.words.wording import Wording

_TEXTS: Final[dict[str, str]] = {
    **digests.ZH,
    **tables.ZH,
    **readings.ZH,
    **comparisons.ZH,
    **citations.ZH,
    **news.ZH,
    **attributes.ZH,
}


class Chinese(Wording):
    """Simplified Chinese."""

    code = "zh"
    html = "zh-CN"
    texts: ClassVar = _TEXTS

    def amount(self, value: Decimal, decimals: int = 2) -> str:
        """15,621.1123 万元, from 1 亿元 on as 1.56 亿元（15,621.1123 万元）."""
        plain = f"{exact(value, decimals)} 万元"
        return f"{in_yi(value)} 亿元（{plain}）" if is_large(value) else plain

    def comparison(self, cell: Cell, old: str, new: str) -> str:
        """增加/减少 with the amount, 增长/下降 with the rate; 持平, 由无到有, 未列示."""
        if cell.kind not in (CellKind.NUMBER, CellKind.MARK):
            before = _with("为", self.old_printed(cell))
            after = _with("为", self.new_printed(cell))
            return f"{old}{before}，{new}{after}，未作计算"
        zero, decimals = Decimal(0), self.decimals(cell)
        was, now = cell.old_wan or zero, cell.new_wan or zero
        difference = cell.difference or zero
        if cell.new is None:
            return f"{new}不再列示（{old}为 {self.amount(was, decimals)}）"
        if cell.old is None:
            return f"{new}新列示，{self.amount(now, decimals)}（{old}未列示）"
        if is_nothing(cell.new) and not is_nothing(cell.old):
            stated = f"{new}{self._nothing(cell, new=True)}"
        else:
            stated = f"{new} {self.amount(now, decimals)}"
        if difference == 0:
            return f"{stated}，{_with('与', old)}持平"
        if is_nothing(cell.old):
            return f"由无到有，{stated}（{old}{self._nothing(cell)}，无法计算增幅）"
        way = "增加" if difference > 0 else "减少"
        change = f"{_with('比', old)}{way} {self.amount(abs(difference), decimals)}"
        return f"{stated}，{change}，{self._rate(cell)}"

    def replacement(self, cell: Cell) -> str:
        """增加/减少 with the amount and the rate, nothing where no amount was replaced."""
        if cell.difference is None or cell.difference == 0:
            return ""
        way = "增加" if cell.difference > 0 else "减少"
        rate = f"，{self._rate(cell)}" if cell.percent is not None else ""
        return f"{way} {self.amount(abs(cell.difference), self.decimals(cell))}{rate}"

    def spaced(self, name: str) -> str:
        """A space between Chinese and what begins with a letter or digit."""
        return _with("", name)

    def share(
        self,
        name: str,
        old: Decimal,
        new: Decimal,
        sides: tuple[str, str],
        moved: Decimal | None = None,
    ) -> str:
        """占支出总额的比例，上升/下降 … 个百分点."""
        moved = new - old if moved is None else moved
        if moved == 0:
            change = f"{_with('与', sides[0])}持平"
        else:
            way = "上升" if moved > 0 else "下降"
            change = f"{_with('比', sides[0])}{way} {exact(abs(moved))} 个百分点"
        return f"{name}占支出总额的 {self.percent(new)}，{change}"

    def _rate(self, cell: Cell) -> str:
        up = (cell.difference or Decimal(0)) > 0
        if cell.percent is None:
            why = "基数为负" if (cell.old_wan or 0) < 0 else "金额为负"
            return f"{'增' if up else '降'}幅不计算（{why}）"
        if cell.percent == 0:
            return f"{'增' if up else '降'}幅不足 0.01%"
        return f"{'增长' if up else '下降'} {self.percent(cell.percent)}"

    def _nothing(self, cell: Cell, *, new: bool = False) -> str:
        amount = cell.new if new else cell.old
        if amount is None:
            return "未列示"
        if amount.mark is Mark.BLANK:
            return "为空白"
        return "为“—”" if amount.mark is Mark.DASH else "为 0"


def _with(word: str, name: str) -> str:
    """A space between Chinese and what begins with a letter or digit."""
    return f"{word} {name}" if name[:1].isascii() else f"{word}{name}"
