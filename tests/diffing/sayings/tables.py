"""The statements of generated accounts, every figure rounded by itself as publishers do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final

import msgspec

from archive.model import Kind, LineItem, Statement, Unit
from diffing.checks.examples import line, sheet
from tests.diffing.sayings.accounts import ECONOMIC, NAMES, Accounts, Item

__all__ = ["Tables"]

_CENT: Final = Decimal("0.01")
_ORDINALS: Final = "一二三四五六七八九"
_STAFF: Final = ("301", "303")


class Tables:
    """Prints accounts: in 万元 or 元, a zero as blank or as 0.00."""

    def __init__(self, accounts: Accounts, rng: Random) -> None:
        self.accounts = accounts
        yuan = accounts.kind is Kind.BUDGET and rng.random() < 0.5
        self.unit = Unit.YUAN if yuan else Unit.WAN
        self.blank = rng.random() < 0.5
        self.comma = rng.random() < 0.5
        self.last = rng.random() < 0.4
        """The total stands below its rows."""
        self.rng = rng

    def all(self) -> tuple[Statement, ...]:
        """Every statement of the kind."""
        made = self._final() if self.accounts.kind is Kind.FINAL else self._budget()
        return tuple(made)

    def show(self, yuan: Decimal, unit: Unit | None = None) -> str:
        """The figure as printed."""
        if not yuan:
            return "" if self.blank else "0.00"
        scale = Decimal(10_000) if (unit or self.unit) is Unit.WAN else Decimal(1)
        value = (yuan / scale).quantize(_CENT, ROUND_HALF_UP)
        return f"{value:,f}" if self.comma else f"{value:f}"

    # --- final accounts ---

    def _final(self) -> Iterator[Statement]:
        a, total, show = self.accounts, self.accounts.total, self.show
        spent = total.total + a.other
        carried = show(a.carried)
        yield self._sheet(
            "final.total",
            *self._income("决算数", a),
            line("本年收入合计", side="收入", 决算数=show(spent)),
            line("使用非财政拨款结余", side="收入", 决算数=show(Decimal(0))),
            line("年初结转和结余", side="收入", 决算数=carried),
            line("总计", side="收入", 决算数=show(spent + a.carried)),
            *self._classes(lambda item, extra: {"决算数": show(item.total + extra)}),
            line("本年支出合计", side="支出", 决算数=show(spent)),
            line("年末结转和结余", side="支出", 决算数=carried),
            line("总计", side="支出", 决算数=show(spent + a.carried)),
        )
        yield self._rows("final.income", self._income_cells)
        yield self._rows("final.expenditure", self._expenditure)
        yield self._fiscal("final.fiscal")
        yield self._rows("final.general_function", self._general)
        yield self._final_economic()
        for form, name in (("final.fund", "政府性基金"), ("final.soe", "国有资本经营")):
            yield self._empty(form, name, "本年支出")
        yield self._final_sangong()

    def _income(self, measure: str, a: Accounts) -> Iterator[LineItem]:
        rows = {"一般公共预算财政拨款收入": a.total.total, "其他收入": a.other}
        for n, (name, amount) in enumerate(rows.items()):
            text = f"{_ORDINALS[n]}、{name}"
            yield _level(line(text, side="收入", **{measure: self.show(amount)}), 1)

    def _classes(self, cells: object, lead: str = "{}、") -> Iterator[LineItem]:
        """The 类 of a two-sided statement."""
        sums = self.accounts.sums()
        first = self.accounts.items[0].code[:3]
        for n, code in enumerate(code for code in sums if len(code) == 3):
            extra = self.accounts.other if code == first else Decimal(0)
            made = cells(sums[code], extra)  # type: ignore[operator]
            yield _level(line(lead.format(_ORDINALS[n]) + NAMES[code], side="支出", **made), 1)

    def _fiscal(self, form: str) -> Statement:
        a, show = self.accounts, self.show
        total, carried = a.total.total, show(a.carried)
        final = form.startswith("final")
        measure = "决算数" if final else "预算数"
        ends = ("总计", "总计") if final else ("收入总计", "支出总计")
        left = "财政拨款结转和结余" if final else "结转"

        def cells(item: Item, _: Decimal) -> dict[str, str]:
            return {
                "合计": show(item.total),
                "一般公共预算": show(item.total),
                "政府性基金预算": "",
            }

        def both(amount: Decimal) -> dict[str, str]:
            return {"合计": show(amount), "一般公共预算": show(amount), "政府性基金预算": ""}

        income = "一、一般公共预算财政拨款" if final else "一、一般公共预算拨款"
        return self._sheet(
            form,
            _level(line(income, side="收入", **{measure: show(total)}), 1),
            _level(line("二、政府性基金预算财政拨款", side="收入", **{measure: ""}), 1),
            line("本年收入合计", side="收入", **{measure: show(total)}),
            line(f"年初{left}" if final else "上年结转", side="收入", **{measure: carried}),
            line(ends[0], side="收入", **{measure: show(total + a.carried)}),
            *self._classes(cells),
            line("本年支出合计", side="支出", **both(total)),
            line(f"年末{left}" if final else "年终结转", side="支出", **both(a.carried)),
            line(ends[1], side="支出", **both(total + a.carried)),
        )

    def _final_economic(self) -> Statement:
        sums = self.accounts.economic_sums()
        total = self.accounts.total
        rows = [
            line(name, code, 决算数=self.show(sums.get(code, Decimal(0))))
            for code, name in ECONOMIC.items()
        ]
        return self._sheet(
            "final.basic_economic",
            *rows,
            line("人员经费合计", 决算数=self.show(total.staff)),
            line("公用经费合计", 决算数=self.show(total.running)),
        )

    def _final_sangong(self) -> Statement:
        a = self.accounts
        rows = {
            "合计": sum(a.sangong.values(), Decimal(0)),
            "因公出国（境）费": a.sangong["出国"],
            "公务用车购置及运行费-小计": a.sangong["购置"] + a.sangong["运行"],
            "公务用车购置费": a.sangong["购置"],
            "公务用车运行费": a.sangong["运行"],
            "公务接待费": a.sangong["接待"],
        }
        p = a.sangong_plan
        plans = (
            sum(p.values(), Decimal(0)),
            p["出国"],
            p["购置"] + p["运行"],
            p["购置"],
            p["运行"],
            p["接待"],
        )
        show = self.show
        return self._sheet(
            "final.sangong",
            *(
                line(name, 预算数=show(plan, Unit.WAN), 决算数=show(amount, Unit.WAN))
                for (name, amount), plan in zip(rows.items(), plans, strict=True)
            ),
        )

    # --- budgets ---

    def _budget(self) -> Iterator[Statement]:
        a, total, show = self.accounts, self.accounts.total, self.show
        spent = total.total + a.other
        yield self._sheet(
            "budget.total",
            *self._income("预算数", a),
            line("本年收入合计", side="收入", 预算数=show(spent)),
            line("上年结转结余", side="收入", 预算数=show(a.carried)),
            line("收入总计", side="收入", 预算数=show(spent + a.carried)),
            *self._classes(lambda item, extra: {"预算数": show(item.total + extra)}),
            line("本年支出合计", side="支出", 预算数=show(spent)),
            line("年终结转结余", side="支出", 预算数=show(a.carried)),
            line("支出总计", side="支出", 预算数=show(spent + a.carried)),
        )
        yield self._rows("budget.income", self._income_cells)
        yield self._rows("budget.expenditure", self._expenditure)
        yield self._fiscal("budget.fiscal")
        yield self._rows("budget.general_function", self._budget_general)
        yield self._budget_economic()
        for form, name in (("budget.fund", "政府性基金"), ("budget.soe", "国有资本经营")):
            yield self._empty(form, name, "合计")
        yield self._budget_sangong()
        yield self._project()

    def _project(self) -> Statement:
        a = self.accounts
        named = (line(name, 合计=self.show(amount)) for name, amount in a.projects.items())
        total = line("合计", 合计=self.show(sum(a.projects.values(), Decimal(0))))
        return self._sheet("budget.project", total, *named)

    def _budget_economic(self) -> Statement:
        total, show = self.accounts.total, self.show

        def row(name: str, code: str, amount: Decimal) -> LineItem:
            staff = amount if code[:3] in _STAFF else Decimal(0)
            cells = (amount, staff, amount - staff)
            measures = zip(("合计", "人员经费", "公用经费"), map(show, cells), strict=True)
            return line(name, code, **dict(measures))

        sums = self.accounts.economic_sums()
        rows = [row(ECONOMIC[code], code, amount) for code, amount in sums.items()]
        cells = {
            "合计": show(total.basic),
            "人员经费": show(total.staff),
            "公用经费": show(total.running),
        }
        return self._sheet("budget.basic_economic", *rows, line("合计", **cells))

    def _budget_sangong(self) -> Statement:
        said, show = self.accounts.sangong, self.show
        rows = {
            "合计": sum(said.values(), Decimal(0)),
            "因公出国（境）费": said["出国"],
            "公务接待费": said["接待"],
            "公务用车购置及运行费-小计": said["购置"] + said["运行"],
            "公务用车购置及运行费-购置费": said["购置"],
            "公务用车购置及运行费-运行费": said["运行"],
        }
        made = sheet(
            "budget.sangong", *(line(n, 预算数=show(v, Unit.WAN)) for n, v in rows.items())
        )
        return msgspec.structs.replace(made, unit=Unit.WAN)

    # --- rows by code ---

    def _rows(self, form: str, cells: object) -> Statement:
        sums = self.accounts.sums()
        first = self.accounts.items[0].code
        rows = []
        for code, item in sums.items():
            extra = self.accounts.other if first.startswith(code) else Decimal(0)
            made = cells(item, extra)  # type: ignore[operator]
            rows.append(line(NAMES.get(code, "合计"), code, **made))
        if self.last:
            rows = [*rows[1:], rows[0]]
        return self._sheet(form, *rows)

    def _income_cells(self, item: Item, extra: Decimal) -> dict[str, str]:
        show = self.show
        cells = {"合计": item.total + extra, "财政拨款收入": item.total, "其他收入": extra}
        return {measure: show(amount) for measure, amount in cells.items()}

    def _expenditure(self, item: Item, extra: Decimal) -> dict[str, str]:
        cells = {
            "合计": item.total + extra,
            "基本支出": item.basic,
            "项目支出": item.project + extra,
        }
        return {measure: self.show(amount) for measure, amount in cells.items()}

    def _general(self, item: Item, _: Decimal) -> dict[str, str]:
        return self._expenditure(item, Decimal(0))

    def _budget_general(self, item: Item, _: Decimal) -> dict[str, str]:
        staff = {"人员经费": self.show(item.staff), "公用经费": self.show(item.running)}
        return self._expenditure(item, Decimal(0)) | staff

    # --- all ---

    def _sheet(self, form: str, *items: LineItem) -> Statement:
        return sheet(form, *items, unit=self.unit)

    def _empty(self, form: str, name: str, measure: str) -> Statement:
        year = self.accounts.year
        note = self.rng.choice(
            (
                f"注：本部门{year}年无{name}预算财政拨款安排的预算，故本表为空表。",
                f"备注：{year}年本部门没有{name}预算财政拨款预算安排的支出。",
                f"本年度本单位无{name}预算财政拨款收入支出。",
                f"说明：我单位本年度没有{name}预算财政拨款收入和支出，故本表无数据。",
            )
        )
        return sheet(form, line("合计", **{measure: ""}), unit=self.unit, notes=(note,))


def _level(item: LineItem, level: int) -> LineItem:
    return msgspec.structs.replace(item, level=level)
