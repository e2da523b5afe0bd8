"""The Wuhan layout of a final account: all tables in order, and those not by function."""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest
from typing import Final

from tests.portal.documents import figures, final_functions
from tests.portal.documents.figures import ZERO, Sangong
from tests.portal.documents.final_functions import INCOME, SHOW, caption
from tests.portal.documents.sheets import Printer, Row, Sheet, Span
from tests.portal.documents.subjects import (
    ECONOMIC_CAPITAL,
    ECONOMIC_GOODS,
    ECONOMIC_STAFF,
    FINAL_LINES,
    ordinal,
)

_FUNDS: Final = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")


def sheets(final: figures.FinalAccount) -> list[Sheet]:
    """All nine tables in the order they are printed."""
    final.check()
    return [
        _total(final),
        final_functions.income(final),
        final_functions.expenditure(final),
        _fiscal(final),
        final_functions.by_function(final),
        _basic(final),
        final_functions.fund(final),
        final_functions.soe(final),
        _sangong(final),
    ]


def _total(final: figures.FinalAccount) -> Sheet:
    total = SHOW(final.grand)
    left = [(f"{ordinal(n)}、{name}", total if n == 1 else "") for n, name in enumerate(INCOME, 1)]
    right = [
        (f"{ordinal(n)}、{name}", SHOW(_line(final, code)))
        for n, (code, name) in enumerate(FINAL_LINES, 1)
    ]
    left += [("", "")] * (len(right) - len(left))
    left += [("本年收入合计", total), ("使用非财政拨款结余（含专用结余）", "")]
    left += [("年初结转和结余", ""), ("总计", total)]
    right += [("本年支出合计", total), ("结余分配", ""), ("年末结转和结余", ""), ("总计", total)]
    numbers = range(1, len(left) + 1)
    body = [("栏次", "", "1", "栏次", "", "2")]
    body += [
        (*_numbered(one, n), *_numbered(other, n + len(left)))
        for n, one, other in zip(numbers, left, right, strict=True)
    ]
    return Sheet(
        form="final.total",
        title=f"{final.year}年度收入支出决算总表",
        number="公开01表",
        caption=caption(final),
        header=(("收入", "", "", "支出", "", ""), ("项目", "行次", "金额") * 2, body[0]),
        spans=((0, 0, 2, 0), (3, 0, 5, 0)),
        body=tuple(body[1:]),
        widths=(3.2, 0.6, 1.4, 3.2, 0.6, 1.4),
        align="LCRLCR",
        rows=tuple(
            Row(name=name, side=side, values={"金额": figure})
            for side, lines in (("收入", left), ("支出", right))
            for name, figure in lines
            if name
        ),
        notes=("注：本表反映部门本年度的总收支和年末结转结余情况。",),
        row_height=24,
    )


def _numbered(line: tuple[str, str], number: int) -> tuple[str, str, str]:
    return line[0], str(number), line[1]


def _line(final: figures.FinalAccount, code: str) -> Decimal:
    """A functional line of 01 and 04, where some are rounded otherwise than in 02 to 05."""
    rolled = final.rolled()
    return final.printed.get(code, rolled[code].total if code in rolled else ZERO)


def _fiscal(final: figures.FinalAccount) -> Sheet:
    total = SHOW(final.grand)
    left = [(f"{ordinal(n)}、{name}", total if n == 1 else "") for n, name in enumerate(_FUNDS, 1)]
    right = [
        (f"{ordinal(n)}、{name}", SHOW(_line(final, code)))
        for n, (code, name) in enumerate(FINAL_LINES, 1)
    ]
    left += [("", "")] * (len(right) - len(left))
    left += [("本年收入合计", total), ("年初财政拨款结转和结余", "")]
    left += [(name, "") for name in _FUNDS]
    left.append(("总计", total))
    right += [("本年支出合计", total), ("年末财政拨款结转和结余", ""), ("", ""), ("", ""), ("", "")]
    right.append(("总计", total))
    names = ("小计", *_FUNDS)
    body = [
        (*_numbered(one, n), *_numbered(other, n + len(left))[:2], other[1], other[1], "", "")
        for n, one, other in zip(range(1, len(left) + 1), left, right, strict=True)
    ]
    return Sheet(
        form="final.fiscal",
        title=f"{final.year}年度财政拨款收入支出决算总表",
        number="公开04表",
        caption=caption(final),
        header=(
            ("收入", "", "", "支出", *[""] * 5),
            ("项目", "行次", "决算数", "项目", "行次", "决算数", "", "", ""),
            ("", "", "", "", "", *names),
            ("栏次", "", "1", "栏次", "", "2", "3", "4", "5"),
        ),
        spans=(
            (0, 0, 2, 0),
            (3, 0, 8, 0),
            *((column, 1, column, 2) for column in range(5)),
            (5, 1, 8, 1),
        ),
        body=tuple(body),
        widths=(2.6, 0.55, 1.3, 2.6, 0.55, 1.3, 1.3, 1.1, 1.1),
        align="LCRLCRRRR",
        rows=(
            *(Row(name=n, side="收入", values={"决算数": v}) for n, v in left if n),
            *(
                Row(name=n, side="支出", values=dict(zip(names, (v, v, "", ""), strict=True)))
                for n, v in right
                if n
            ),
        ),
        notes=("注：本表反映部门本年度财政拨款的总收支和年末结转结余情况。",),
        row_height=18,
        font_size=7.5,
    )


def _basic(final: figures.FinalAccount) -> Sheet:
    amounts = final.economic_printed()
    groups = (ECONOMIC_STAFF, ECONOMIC_GOODS, ECONOMIC_CAPITAL)
    columns = [
        [(code, _indent(code, name), SHOW(amounts.get(code))) for code, name in group.items()]
        for group in groups
    ]
    staff = sum((amounts.get(code, ZERO) for code in ("301", "303")), ZERO)
    goods = sum((amounts.get(code, ZERO) for code in ("302", "310")), ZERO)
    body = [
        (*(one or ("",) * 3), *(two or ("",) * 3), *(three or ("",) * 3))
        for one, two, three in zip_longest(*columns)
    ]
    last = len(body) + 2
    body.append(("人员经费合计", "", SHOW(staff), "公用经费合计", "", "", "", "", SHOW(goods)))
    rows = [
        Row(name=name.strip(), code=code, values={"决算数": figure})
        for column in columns
        for code, name, figure in column
    ]
    rows += [
        Row(name="人员经费合计", values={"决算数": SHOW(staff)}),
        Row(name="公用经费合计", values={"决算数": SHOW(goods)}),
    ]
    return Sheet(
        form="final.basic_economic",
        title=f"{final.year}年度一般公共预算财政拨款基本支出决算明细表",
        number="公开06表",
        caption=caption(final),
        header=(
            ("人员经费", "", "", "公用经费", *[""] * 5),
            ("经济分类科目编码", "科目名称", "决算数") * 3,
        ),
        spans=((0, 0, 2, 0), (3, 0, 8, 0), (0, last, 1, last), (3, last, 7, last)),
        body=tuple(body),
        widths=(0.9, 2.2, 1, 0.9, 2.2, 1, 0.9, 2.2, 1),
        align="LLR" * 3,
        rows=tuple(rows),
        notes=("注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。",),
        row_height=19,
        font_size=7.5,
    )


def _indent(code: str, name: str) -> str:
    return name if len(code) == 3 else f"　{name}"


def _sangong(final: figures.FinalAccount) -> Sheet:
    show = Printer(blank_zeros=False, commas=True)
    planned = ["" if final.no_sangong else show(amount) for amount in _parts(final.plan)]
    spent = ["" if final.no_sangong else show(amount) for amount in _parts(final.sangong)]
    names = (
        "合计",
        "因公出国（境）费",
        "公务用车购置及运行维护费-小计",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    )
    cars = ("小计", "公务用车购置费", "公务用车运行维护费")
    block = ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费")
    spans: list[Span] = []
    for first in (0, 6):
        spans += [(first, 0, first + 5, 0), (first + 2, 1, first + 4, 1)]
        spans += [(column, 1, column, 2) for column in (first, first + 1, first + 5)]
    notes = ["注：本表反映部门本年度财政拨款“三公”经费支出预决算情况，其中预算数为全年预算数。"]
    if final.no_sangong:
        notes.append(f"本部门{final.year}年度没有财政拨款“三公”经费支出，本表为空表。")
    return Sheet(
        form="final.sangong",
        title=f"{final.year}年度财政拨款“三公”经费支出决算表",
        number="公开09表",
        caption=caption(final),
        header=(
            ("预算数", *[""] * 5, "决算数", *[""] * 5),
            block * 2,
            ("", "", *cars, "", "", "", *cars, ""),
            tuple(str(n) for n in range(1, 13)),
        ),
        spans=tuple(spans),
        body=((*planned, *spent),),
        widths=(1,) * 12,
        align="R" * 12,
        rows=tuple(
            Row(name=name, values={"预算数": one, "决算数": other})
            for name, one, other in zip(names, planned, spent, strict=True)
        ),
        notes=tuple(notes),
        row_height=24,
        font_size=7,
    )


def _parts(said: Sangong) -> list[Decimal]:
    return [said.total, said.abroad, said.cars, said.purchase, said.running, said.reception]
