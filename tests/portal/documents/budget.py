"""The Wuhan layout of a department budget: all tables in order, and those of totals (表1, 2, 4)."""

from __future__ import annotations

from typing import Final

from tests.portal.documents import budget_special, budget_spending
from tests.portal.documents.budget_parts import caption, of, printer, sided, who
from tests.portal.documents.figures import ZERO, Budget
from tests.portal.documents.sheets import Form, Printer, Row, Sheet
from tests.portal.documents.subjects import BUDGET_LINES, ordinal

_INCOME: Final = (
    "一般公共预算拨款收入",
    "政府性基金预算拨款收入",
    "国有资本经营预算拨款收入",
    "财政专户管理资金收入",
    "事业收入",
    "事业单位经营收入",
    "上级补助收入",
    "附属单位上缴收入",
    "其他收入",
)
_THIS_YEAR: Final = (
    "小计",
    "一般公共预算",
    "政府性基金预算",
    "国有资本经营预算",
    "财政专户管理资金",
    "事业收入",
    "事业单位经营收入",
    "上级补助收入",
    "附属单位上缴收入",
    "其他收入",
)
_CARRIED: Final = (
    "小计",
    "一般公共预算",
    "政府性基金预算",
    "国有资本经营预算",
    "财政专户管理资金",
    "单位资金",
)
_FUNDS: Final = ("一般公共预算", "政府性基金预算", "国有资本经营预算")


def sheets(budget: Budget) -> list[Sheet | Form]:
    """All tables and forms in the order they are printed."""
    budget.check()
    return [
        _total(budget),
        _income(budget),
        budget_spending.expenditure(budget),
        _fiscal(budget),
        budget_spending.by_function(budget),
        budget_spending.by_unit(budget),
        budget_spending.basic(budget),
        budget_special.sangong(budget),
        budget_special.empty(
            budget, "budget.fund", "表8", "政府性基金预算支出表", "政府性基金预算财政拨款"
        ),
        budget_special.empty(
            budget, "budget.soe", "表9", "国有资本经营预算支出表", "国有资本经营预算财政拨款"
        ),
        budget_special.projects(budget),
        budget_special.performance(budget),
    ]


def _total(budget: Budget) -> Sheet:
    show, spent = printer(budget), budget.rolled()
    total = budget.total().total
    left = [
        (f"{ordinal(n)}、{name}", show(total if n == 1 else ZERO))
        for n, name in enumerate(_INCOME, start=1)
    ]
    right = [
        (f"{ordinal(n, short=True)}、{name}", show(of(spent, code)))
        for n, (code, name) in enumerate(BUDGET_LINES, start=1)
    ]
    left += [("", "")] * (len(right) - len(left))
    left += [("本年收入合计", show(total)), ("上年结转结余", show(ZERO)), ("收入总计", show(total))]
    right += [
        ("本年支出合计", show(total)),
        ("年终结转结余", show(ZERO)),
        ("支出总计", show(total)),
    ]
    return Sheet(
        form="budget.total",
        title="收支总表",
        number="表1",
        caption=caption(budget),
        header=(("收入", "", "支出", ""), ("项目", "预算数", "项目", "预算数")),
        spans=((0, 0, 1, 0), (2, 0, 3, 0)),
        body=tuple((*one, *other) for one, other in zip(left, right, strict=True)),
        widths=(3, 1.4, 3, 1.4),
        align="LRLR",
        rows=sided(left, right),
        notes=("备注：表中功能分类科目按当年政府收支分类科目列示。",),
    )


def _income(budget: Budget) -> Sheet:
    show, total = printer(budget), budget.total().total
    names = [
        "合计",
        *(f"本年收入-{n}" for n in _THIS_YEAR),
        *(f"上年结转结余-{n}" for n in _CARRIED),
    ]
    figures = [total if n in names[:3] else ZERO for n in names]
    cells = tuple(show(figure) for figure in figures)
    units = who(budget)
    return Sheet(
        form="budget.income",
        title="收入总表",
        number="表2",
        caption=caption(budget),
        header=(
            (
                "部门（单位）代码",
                "部门（单位）名称",
                "合计",
                "本年收入",
                *[""] * 9,
                "上年结转结余",
                *[""] * 5,
            ),
            ("", "", "", *_THIS_YEAR, *_CARRIED),
        ),
        spans=((0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 2, 1), (3, 0, 12, 0), (13, 0, 18, 0)),
        body=tuple((code, name, *cells) for code, name in units),
        widths=(1.2, 2.8, *[1.25] * 17),
        align="LL" + "R" * 17,
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, cells, strict=True)))
            for code, name in units
        ),
        landscape=True,
        row_height=30,
        font_size=6.5,
    )


def _fiscal(budget: Budget) -> Sheet:
    # Zeros stay empty here with every publisher: the platform fills only what is there.
    show, spent = Printer(blank_zeros=True, commas=False), budget.rolled()
    total = show(budget.total().total)
    left = [("一、本年收入", total), ("（一）一般公共预算拨款", total)]
    left += [
        ("（二）政府性基金预算拨款", ""),
        ("（三）国有资本经营预算拨款", ""),
        ("二、上年结转", ""),
    ]
    left += [(f"（{ordinal(n)}）{name}拨款", "") for n, name in enumerate(_FUNDS, start=1)]
    right = [("一、本年支出", total)]
    right += [
        (f"（{ordinal(n, short=True)}）{name}", show(of(spent, code)))
        for n, (code, name) in enumerate(BUDGET_LINES, start=1)
    ]
    right += [("二、年终结转结余", "")]
    left += [("", "")] * (len(right) - len(left))
    left.append(("收入总计", total))
    right.append(("支出总计", total))
    return Sheet(
        form="budget.fiscal",
        title="财政拨款收支总表",
        number="表4",
        caption=caption(budget),
        header=(("收入", "", "支出", ""), ("项目", "预算数", "项目", "预算数")),
        spans=((0, 0, 1, 0), (2, 0, 3, 0)),
        body=tuple((*one, *other) for one, other in zip(left, right, strict=True)),
        widths=(3, 1.4, 3, 1.4),
        align="LRLR",
        rows=sided(left, right),
    )
