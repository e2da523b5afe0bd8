"""The Shanghai layout of a department budget: 元 in whole numbers, 类, 款 and 项 in three columns.

Only its last table is in 万元.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tests.portal.documents.figures import Budget, Function, Sangong
from tests.portal.documents.sheets import Row, Sheet, Span
from tests.portal.documents.subjects import ECONOMIC, FUNCTIONAL, ordinal

_NONE: Final = Decimal(0)
_TEN_THOUSAND: Final = 4


def sheets(budget: Budget) -> list[Sheet]:
    """All nine tables in the order they are printed. The budget's amounts are whole 元."""
    budget.check()
    return [
        _total(budget),
        _income(budget),
        _expenditure(budget),
        _fiscal(budget),
        _by_function(budget),
        _empty(budget, "budget.fund", "政府性基金"),
        _empty(budget, "budget.soe", "国有资本经营"),
        _basic(budget),
        _sangong(budget),
    ]


def _show(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def _caption(budget: Budget, unit: str = "元") -> tuple[str, str]:
    return f"编制部门：{budget.agency.name}", f"单位：{unit}"


def _lines(budget: Budget) -> list[tuple[str, str]]:
    """The functional lines: only those in use, numbered as they come."""
    used = [(code, item) for code, item in budget.rolled().items() if len(code) == len("201")]
    return [
        (f"{ordinal(n)}、{FUNCTIONAL[code]}", _show(item.total))
        for n, (code, item) in enumerate(used, start=1)
    ]


def _total(budget: Budget) -> Sheet:
    total = _show(budget.total().total)
    left = [("一、财政拨款收入", total), ("1. 一般公共预算资金", total)]
    left += [("2. 政府性基金", ""), ("3. 国有资本经营预算", ""), ("二、事业收入", "")]
    left += [("三、事业单位经营收入", ""), ("四、其他收入", "")]
    right = _lines(budget)
    right += [("", "")] * (len(left) - len(right))
    left.append(("收入总计", total))
    right.append(("支出总计", total))
    return Sheet(
        form="budget.total",
        title=f"{budget.year}年部门财务收支预算总表",
        number="部门预算01表",
        caption=_caption(budget),
        header=(("本年收入", "", "本年支出", ""), ("项目", "预算数", "项目", "预算数")),
        spans=((0, 0, 1, 0), (2, 0, 3, 0)),
        body=tuple((*one, *other) for one, other in zip(left, right, strict=True)),
        widths=(3, 1.4, 3, 1.4),
        align="LRLR",
        rows=tuple(
            Row(name=name, side=side, values={"预算数": figure})
            for side, lines in (("收入", left), ("支出", right))
            for name, figure in lines
            if name
        ),
        unit="元",
        landscape=True,
        row_height=24,
    )


def _classified(
    budget: Budget,
    number: str,
    form: str,
    title: str,
    over: str,
    names: tuple[str, ...],
    cells: Callable[[Function], list[str]],
) -> Sheet:
    header = (
        ("项目", "", "", "", over, *[""] * (len(names) - 1)),
        ("功能分类科目编码", "", "", "功能分类科目名称", *names),
        ("类", "款", "项", "", *[""] * len(names)),
    )
    spans: list[Span] = [(0, 0, 3, 0), (4, 0, 3 + len(names), 0), (0, 1, 2, 1)]
    spans += [(column, 1, column, 2) for column in range(3, 4 + len(names))]
    lines = [(code, FUNCTIONAL[code], cells(item)) for code, item in budget.rolled().items()]
    total = cells(budget.total())
    body = [(*_split(code), name, *figures) for code, name, figures in lines]
    body.append(("合计", "", "", "", *total))
    spans.append((0, len(header) + len(lines), 3, len(header) + len(lines)))
    return Sheet(
        form=form,
        title=f"{budget.year}年部门{title}",
        number=number,
        caption=_caption(budget),
        header=header,
        spans=tuple(spans),
        body=tuple(body),
        widths=(0.6, 0.5, 0.5, 3, *[1.5] * len(names)),
        align="CCCL" + "R" * len(names),
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, figures, strict=True)))
            for code, name, figures in [*lines, ("", "合计", total)]
        ),
        unit="元",
        landscape=True,
        repeat_header=form == "budget.general_function",
        row_height=22,
    )


def _split(code: str) -> tuple[str, str, str]:
    """2012601 → 201, 26, 01."""
    return code[:3], code[3:5], code[5:]


def _income(budget: Budget) -> Sheet:
    names = ("合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入")

    def cells(item: Function) -> list[str]:
        return [_show(item.total), _show(item.total), *[_show(_NONE)] * 3]

    return _classified(
        budget, "部门预算02表", "budget.income", "收入预算总表", "收入预算", names, cells
    )


def _parts(item: Function) -> list[str]:
    return [_show(item.total), _show(item.basic), _show(item.project)]


def _expenditure(budget: Budget) -> Sheet:
    names = ("合计", "基本支出", "项目支出")
    return _classified(
        budget, "部门预算03表", "budget.expenditure", "支出预算总表", "支出预算", names, _parts
    )


def _by_function(budget: Budget) -> Sheet:
    return _classified(
        budget,
        "部门预算05表",
        "budget.general_function",
        "一般公共预算支出功能分类预算表",
        "一般公共预算支出",
        ("合计", "基本支出", "项目支出"),
        _parts,
    )


def _fiscal(budget: Budget) -> Sheet:
    total = _show(budget.total().total)
    left = [("一、一般公共预算资金", total), ("二、政府性基金", ""), ("三、国有资本经营预算", "")]
    right = _lines(budget)
    left += [("", "")] * (len(right) - len(left))
    left.append(("收入总计", total))
    right.append(("支出总计", total))
    names = ("合计", "一般公共预算", "政府性基金预算", "国有资本经营预算")
    return Sheet(
        form="budget.fiscal",
        title=f"{budget.year}年部门财政拨款收支预算总表",
        number="部门预算04表",
        caption=_caption(budget),
        header=(
            ("财政拨款收入", "", "财政拨款支出", "", "", "", ""),
            ("项目", "预算数", "项目", *names),
        ),
        spans=((0, 0, 1, 0), (2, 0, 6, 0)),
        body=tuple(
            (*one, *other, other[1], "", "") for one, other in zip(left, right, strict=True)
        ),
        widths=(2.4, 1.4, 2.6, 1.4, 1.4, 1.4, 1.6),
        align="LRLRRRR",
        rows=(
            *(Row(name=n, side="收入", values={"预算数": v}) for n, v in left if n),
            *(
                Row(name=n, side="支出", values=dict(zip(names, (v, v, "", ""), strict=True)))
                for n, v in right
            ),
        ),
        unit="元",
        landscape=True,
        row_height=24,
    )


def _empty(budget: Budget, form: str, fund: str) -> Sheet:
    header = (
        ("项目", "", "", "", f"{fund}预算支出", "", ""),
        ("功能分类科目编码", "", "", "功能分类科目名称", "合计", "基本支出", "项目支出"),
        ("类", "款", "项", "", "", "", ""),
    )
    return Sheet(
        form=form,
        title=f"{budget.year}年部门{fund}预算支出功能分类预算表",
        number="部门预算06表" if form == "budget.fund" else "部门预算07表",
        caption=_caption(budget),
        header=header,
        spans=(
            (0, 0, 3, 0),
            (4, 0, 6, 0),
            (0, 1, 2, 1),
            *((column, 1, column, 2) for column in range(3, 7)),
            (0, 5, 3, 5),
        ),
        body=(("",) * 7, ("",) * 7, ("合计", *[""] * 6)),
        widths=(0.6, 0.5, 0.5, 3, 1.5, 1.5, 1.5),
        align="CCCLRRR",
        rows=(Row(name="合计", values={"合计": "", "基本支出": "", "项目支出": ""}),),
        notes=(f"注：本部门{budget.year}年没有{fund}预算安排的支出，故本表无数据。",),
        unit="元",
        landscape=True,
        row_height=22,
    )


def _basic(budget: Budget) -> Sheet:
    names, total = ("合计", "人员经费", "公用经费"), budget.total()
    lines = []
    for code, amount in budget.economic_sums().items():
        staff = code[:3] in ("301", "303")
        parts = (amount, amount if staff else _NONE, _NONE if staff else amount)
        lines.append((code, ECONOMIC[code], [_show(part) for part in parts]))
    sums = [_show(total.basic), _show(total.personnel), _show(total.public)]
    header = (
        ("项目", "", "", "一般公共预算基本支出", "", ""),
        ("部门预算经济分类科目编码", "", "经济分类科目名称", *names),
        ("类", "款", "", "", "", ""),
    )
    last = len(header) + len(lines)
    return Sheet(
        form="budget.basic_economic",
        title=f"{budget.year}年部门一般公共预算基本支出部门预算经济分类预算表",
        number="部门预算08表",
        caption=_caption(budget),
        header=header,
        spans=(
            (0, 0, 2, 0),
            (3, 0, 5, 0),
            (0, 1, 1, 1),
            *((column, 1, column, 2) for column in range(2, 6)),
            (0, last, 2, last),
        ),
        body=(
            *((code[:3], code[3:], name, *figures) for code, name, figures in lines),
            ("合计", "", "", *sums),
        ),
        widths=(0.8, 0.8, 3, 1.6, 1.6, 1.6),
        align="CCLRRR",
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, figures, strict=True)))
            for code, name, figures in [*lines, ("", "合计", sums)]
        ),
        unit="元",
        landscape=True,
        repeat_header=False,
        row_height=22,
    )


def _sangong(budget: Budget) -> Sheet:
    said: Sangong = budget.sangong
    figures = {
        "合计": said.total,
        "因公出国(境)费": said.abroad,
        "公务接待费": said.reception,
        "公务用车购置及运行费-小计": said.cars,
        "公务用车购置及运行费-购置费": said.purchase,
        "公务用车购置及运行费-运行费": said.running,
        "机关运行经费": budget.total().public,
    }
    printed = {name: f"{amount.scaleb(-_TEN_THOUSAND):.2f}" for name, amount in figures.items()}
    return Sheet(
        form="budget.sangong",
        title="部门“三公”经费和机关运行经费预算表",
        number="部门预算09表",
        caption=_caption(budget, "万元"),
        header=(
            (f"{budget.year}年“三公”经费预算数", *[""] * 5, f"{budget.year}年机关运行经费预算数"),
            ("合计", "因公出国(境)费", "公务接待费", "公务用车购置及运行费", "", "", ""),
            ("", "", "", "小计", "购置费", "运行费", ""),
        ),
        spans=(
            (0, 0, 5, 0),
            (6, 0, 6, 2),
            *((column, 1, column, 2) for column in range(3)),
            (3, 1, 5, 1),
        ),
        body=(tuple(printed.values()),),
        widths=(1,) * 7,
        align="R" * 7,
        rows=tuple(Row(name=name, values={"预算数": text}) for name, text in printed.items()),
        unit="万元",
        landscape=True,
        row_height=30,
    )
