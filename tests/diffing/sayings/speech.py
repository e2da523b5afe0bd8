"""How one document writes: its figures, rounding and words. Every figure that can be recomputed is
marked, so that it can be falsified."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from random import Random
from typing import Final

import msgspec

__all__ = ["MARK", "Slot", "Speech", "plain", "slots"]

MARK: Final = re.compile("\u27e6([a-z-]+)\\|([^\u27e7]*)\u27e7")
"""⟦kind|text⟧: a figure or word that a reader can recompute from what stands beside it."""
_CENT: Final = Decimal("0.01")
_WAN: Final = Decimal(10_000)


class Slot(msgspec.Struct, frozen=True):
    """One marked figure: of which paragraph, which kind, and what is printed."""

    paragraph: int
    start: int
    end: int
    kind: str
    text: str


def plain(text: str) -> str:
    """The text as printed."""
    return MARK.sub(lambda match: match[2], text)


def slots(paragraphs: list[str]) -> list[Slot]:
    """Every marked figure."""
    return [
        Slot(n, match.start(), match.end(), match[1], match[2])
        for n, text in enumerate(paragraphs)
        for match in MARK.finditer(text)
    ]


class Speech:
    """The habits of one writer, from a seed."""

    def __init__(self, rng: Random, year: int, before: str) -> None:
        self.rng, self.year = rng, year
        self.before = before
        """What it is compared with: 预算, 决算 or nothing."""
        self.comma = rng.random() < 0.4
        self.trim = rng.random() < 0.4
        """60 for 60.00."""
        self.space = rng.random() < 0.2
        self.places = rng.choice((1, 2, 2, 2))
        self.cut = rng.random() < 0.2
        """Percentages are cut off behind the last place."""
        self.printed = rng.random() < 0.5
        """Percentages are of the printed figures, not of the exact ones."""
        self.rounded = rng.random() < 0.5
        """Changes are the difference of the printed figures, not of the exact ones."""
        self.percent_trim = rng.random() < 0.4
        self.width = rng.choice(("（", "("))

    def pick(self, *ways: str) -> str:
        """One way of saying it."""
        return self.rng.choice(ways)

    # --- figures ---

    def wan(self, yuan: Decimal) -> Decimal:
        """The amount in 万元 as this writer prints it."""
        return (yuan / _WAN).quantize(_CENT, ROUND_HALF_UP)

    def bare(self, yuan: Decimal) -> str:
        """The digits of an amount in 万元."""
        value = self.wan(yuan)
        if self.trim:
            value = value.normalize() if value != value.to_integral() else value.quantize(1)
        return f"{value:,f}" if self.comma else f"{value:f}"

    def amount(self, yuan: Decimal, kind: str = "") -> str:
        """An amount with its unit, marked as one of a kind."""
        digits = self.bare(yuan)
        if not yuan and self.rng.random() < 0.3:
            return "0元" if self.rng.random() < 0.2 else "0万元"
        gap = " " if self.space else ""
        return f"{gap}{_marked(kind, digits)}{gap}万元"

    def rate(self, part: Decimal, whole: Decimal, kind: str = "") -> str:
        """part ÷ whole as a percentage."""
        if self.printed and self.wan(whole):
            part, whole = self.wan(part), self.wan(whole)
        value = (100 * part / whole).quantize(
            Decimal(1).scaleb(-self.places), ROUND_DOWN if self.cut else ROUND_HALF_UP
        )
        if self.percent_trim:
            value = value.normalize() if value != value.to_integral() else value.quantize(1)
        return f"{_marked(kind, f'{value:f}')}%"

    def share(self, part: Decimal, whole: Decimal, of: str = "") -> str:
        """占…%; nothing where there is no whole."""
        if not self.wan(whole):
            return self.pick("", "，占0%") if not part else ""
        rate = self.rate(part, whole, "share")
        return self.pick(f"，占{of}{rate}", f"，占{of}的{rate}" if of else f"，占比{rate}")

    # --- changes ---

    def year_before(self) -> str:
        """Against what."""
        y, basis = self.year - 1, self.before
        named = (f"比{y}年{basis}", f"较{y}年{basis}", f"与{y}年度相比，", f"比{y}年度{basis}数")
        return self.pick(
            *named, "比上年", "较上年", f"比上年{basis}", "较上年度", f"较上年{basis}数"
        )

    def change(self, now: Decimal, before: Decimal, subject: str = "") -> str:
        """How it moved, in one of many ways; all of them true."""
        lead = self.year_before() + subject
        more = self.wan(now) - self.wan(before)
        if not more:
            return self._same(lead)
        up = more > 0
        size = abs(more) * _WAN if self.rounded else abs(now - before)
        if not self.wan(size):
            return self._same(lead)
        words = ("增加", "增长") if up else ("减少", "下降")
        amount = self.amount(size, "change")
        if not before:
            return self.pick(
                f"{lead}{words[0]}{self.amount(size)}，上年为0",
                f"{lead}{words[0]}{self.amount(size)}",
            )
        rate = self.rate(size if self.printed else abs(now - before), before, "change-rate")
        first, second = _marked("direction", words[0]), _marked("direction", words[1])
        return self.pick(
            f"{lead}{first}{amount}，{second}{rate}",
            f"{lead}{first}{amount}，{second}{rate}",
            f"{lead}{first}{amount}、{second}{rate}",
            f"{lead}{first}{amount}（{second}{rate}）",
            f"{lead}{first}{amount}，{'增幅' if up else '降幅'}{rate}",
            f"{lead}{'上升' if up else '降低'}{amount}，{second}{rate}",
            f"{lead}{first}了{amount}，{second}率为{rate}",
            f"{lead}{first}{amount}，同比{second}{rate}",
            f"{lead}{'净增' if up else '净减'}{amount}，{'上升' if up else '下降'}{rate}",
            self._signed(lead, first, amount, now, before, size),
            self._from(first, second, amount, rate, before),
            f"{lead}{words[0]}{self.amount(size)}",
        )

    def _signed(
        self, lead: str, first: str, amount: str, now: Decimal, before: Decimal, size: Decimal
    ) -> str:
        """ "减少9万元，增幅-9%"."""
        rate = self.rate(size if self.printed else abs(now - before), before)
        return f"{lead}{first}{amount}，增幅{'' if now > before else '-'}{rate}"

    def _from(self, first: str, second: str, amount: str, rate: str, before: Decimal) -> str:
        """With the earlier figure beside it."""
        y, basis, was = self.year - 1, self.before, self.amount(before)
        return self.pick(
            f"比{y}年度{basis}数{was}{first}{amount}，{second}{rate}",
            f"较上年{was}{first}{amount}，{second}{rate}",
            f"上年为{was}，{first}{amount}，{second}{rate}",
        )

    def _same(self, lead: str) -> str:
        y, basis = self.year - 1, self.before
        return self.pick(
            f"与{y}年{basis}持平",
            "与上年持平",
            "与上年相比无变化",
            "较上年无变化",
            f"与{y}年度{basis}数相同",
            "与上年基本持平",
            "同比持平",
            f"{lead}增加0万元",
            f"{lead}增加0万元，增长0%",
            f"{lead}持平",
        )

    def reason(self, *ways: str) -> str:
        """Why; nothing of it is a claim."""
        said = self.pick("", *ways)
        lead = self.pick("，主要原因是", "，主要是", "，主要原因：", "。主要原因：", "，原因是")
        return f"{lead}{said}" if said else ""

    def reasons(self, up: bool) -> str:
        """A reason for a rise or a fall."""
        if up:
            return self.reason("人员增加", "工作任务增加5项", "追加项目资金10万元", "工资标准调整")
        return self.reason(
            "厉行节约", "压减支出5%", "项目完成", "退休2人", "部分项目延后到下年实施"
        )


def _marked(kind: str, text: str) -> str:
    return f"\u27e6{kind}|{text}\u27e7" if kind else text
