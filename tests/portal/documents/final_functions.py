"""The Wuhan layout of a final account: its tables by function (公开02, 03, 05, 07 and 08表)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tests.portal.documents import figures
from tests.portal.documents.figures import ZERO, Function
from tests.portal.documents.sheets import Printer, Row, Sheet, Span
from tests.portal.documents.subjects import FUNCTIONAL

SHOW: Final = Printer(blank_zeros=True, commas=True)
INCOME: Final = (
    "一般公共预算财政拨款收入",
    "政府性基金预算财政拨款收入",
    "国有资本经营预算财政拨款收入",
    "上级补助收入",
    "事业收入",
    "经营收入",
    "附属单位上缴收入",
    "其他收入",
)


def caption(final: figures.FinalAccount) -> tuple[str, str]:
    return f"部门：{final.agency.name}(汇总)", "单位：万元"


def income(final: figures.FinalAccount) -> Sheet:
    names = ("本年收入合计", "财政拨款收入", *INCOME[3:])

    def cells(item: Function) -> list[Decimal]:
        return [item.total, item.total, *[ZERO] * 5]

    whole = final.grand
    return _classified(
        final,
        form="final.income",
        number="公开02表",
        title="收入决算表",
        names=names,
        over=tuple((name, 1) for name in names),
        lines=_functional(final, cells, [whole, whole, *[ZERO] * 5]),
        notes=("注：本表反映部门本年度取得的各项收入情况。",),
    )


def expenditure(final: figures.FinalAccount) -> Sheet:
    names = (
        "本年支出合计",
        "基本支出",
        "项目支出",
        "上缴上级支出",
        "经营支出",
        "对附属单位补助支出",
    )

    def cells(item: Function) -> list[Decimal]:
        return [item.total, item.basic, item.project, *[ZERO] * 3]

    return _classified(
        final,
        form="final.expenditure",
        number="公开03表",
        title="支出决算表",
        names=names,
        over=tuple((name, 1) for name in names),
        lines=_functional(final, cells, [*_totals(final), *[ZERO] * 3]),
        notes=("注：本表反映部门本年度各项支出情况。",),
        repeat=False,
    )


def by_function(final: figures.FinalAccount) -> Sheet:
    names = ("本年支出-小计", "本年支出-基本支出", "本年支出-项目支出")

    def cells(item: Function) -> list[Decimal]:
        return [item.total, item.basic, item.project]

    return _classified(
        final,
        form="final.general_function",
        number="公开05表",
        title="一般公共预算财政拨款支出决算表",
        names=names,
        over=(("本年支出", 3),),
        lines=_functional(final, cells, [*_totals(final)]),
        notes=("注：本表反映部门本年度一般公共预算财政拨款支出情况。",),
    )


def fund(final: figures.FinalAccount) -> Sheet:
    spent = ("本年支出-小计", "本年支出-基本支出", "本年支出-项目支出")
    names = ("年初结转和结余", "本年收入", *spent, "年末结转和结余")
    return _classified(
        final,
        form="final.fund",
        number="公开07表",
        title="政府性基金预算财政拨款收入支出决算表",
        names=names,
        over=(("年初结转和结余", 1), ("本年收入", 1), ("本年支出", 3), ("年末结转和结余", 1)),
        lines=[("", "合计", [""] * 6), ("", "", [""] * 6)],
        notes=(
            "注：本表反映部门本年度政府性基金预算财政拨款收入、支出及结转和结余情况。",
            f"本部门{final.year}年度没有政府性基金预算财政拨款收入，也没有相应支出，本表为空表。",
        ),
    )


def soe(final: figures.FinalAccount) -> Sheet:
    names = ("本年支出-合计", "本年支出-基本支出", "本年支出-项目支出")
    return _classified(
        final,
        form="final.soe",
        number="公开08表",
        title="国有资本经营预算财政拨款支出决算表",
        names=names,
        over=(("本年支出", 3),),
        lines=[("", "合计", [""] * 3), ("", "", [""] * 3)],
        notes=(
            "注：本表反映部门本年度国有资本经营预算财政拨款支出情况。",
            f"本部门{final.year}年度没有国有资本经营预算财政拨款支出，本表为空表。",
        ),
    )


def _classified(
    final: figures.FinalAccount,
    *,
    form: str,
    number: str,
    title: str,
    names: tuple[str, ...],
    over: tuple[tuple[str, int], ...],
    lines: list[tuple[str, str, list[str]]],
    notes: tuple[str, ...],
    repeat: bool = True,
) -> Sheet:
    """A table by function: 类|款|项 over one code column, a row of column numbers, then the rows.

    `over` groups the money columns under upper headers: (text, how many columns); a group of one
    stands alone over both header rows.
    """
    top: list[str] = ["项目", "", "", ""]
    spans: list[Span] = [(0, 0, 3, 0), (0, 1, 2, 1), (3, 1, 3, 1)]
    at = 4
    for text, columns in over:
        top += [text, *[""] * (columns - 1)]
        spans.append((at, 0, at, 1) if columns == 1 else (at, 0, at + columns - 1, 0))
        at += columns
    lower = [name.rpartition("-")[2] if "-" in name else "" for name in names]
    header = (
        tuple(top),
        ("功能分类科目编码", "", "", "科目名称", *lower),
        ("类", "款", "项", "栏次", *(str(n + 1) for n in range(len(names)))),
    )
    body, depth = [], len(header)
    for row, (code, name, cells) in enumerate(lines, depth):
        if code or not name:
            body.append((code, "", "", name, *cells))
            spans.append((0, row, 2, row))
        else:
            body.append((name, "", "", "", *cells))
            spans.append((0, row, 3, row))
    return Sheet(
        form=form,
        title=f"{final.year}年度{title}",
        number=number,
        caption=caption(final),
        header=header,
        spans=tuple(spans),
        body=tuple(body),
        widths=(0.5, 0.5, 0.5, 3.2, *[1.35] * len(names)),
        align="LLLL" + "R" * len(names),
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, cells, strict=True)))
            for code, name, cells in lines
            if name
        ),
        notes=notes,
        repeat_header=repeat,
        row_height=19,
    )


def _functional(
    final: figures.FinalAccount, cells: Callable[[Function], list[Decimal]], total: list[Decimal]
) -> list[tuple[str, str, list[str]]]:
    lines = [("", "合计", [SHOW(amount) for amount in total])]
    lines += [
        (code, FUNCTIONAL[code], [SHOW(amount) for amount in cells(item)])
        for code, item in final.rolled().items()
    ]
    return lines


def _totals(final: figures.FinalAccount) -> tuple[Decimal, Decimal, Decimal]:
    total = final.total()
    return final.grand, total.basic, final.printed.get("项目支出", total.project)
