"""The Wuhan budget layout: spending by function, by unit and by economic subject (表3, 5, 6)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from tests.portal.documents.budget_parts import caption, indent, printer, who
from tests.portal.documents.figures import ZERO, Budget, Function
from tests.portal.documents.sheets import Row, Sheet
from tests.portal.documents.subjects import ECONOMIC, FUNCTIONAL


def expenditure(budget: Budget) -> Sheet:
    show = printer(budget)
    names = (
        "合计",
        "基本支出",
        "项目支出",
        "事业单位经营支出",
        "上缴上级支出",
        "对附属单位补助支出",
    )

    def cells(item: Function) -> list[str]:
        # Nobody fills the last three columns, not even publishers who print every zero.
        return [show(item.total), show(item.basic), show(item.project), "", "", ""]

    return _functional(budget, "budget.expenditure", "表3", "支出总表", names, cells)


def by_function(budget: Budget) -> Sheet:
    show = printer(budget)
    names = ("合计", "基本支出-小计", "基本支出-人员经费", "基本支出-公用经费", "项目支出")

    def cells(item: Function) -> list[str]:
        parts = (item.total, item.basic, item.personnel, item.public, item.project)
        return [show(part) for part in parts]

    sheet = _functional(
        budget, "budget.general_function", "表5-1", "一般公共预算支出表(分功能科目)", names, cells
    )
    # The last rows stand on a second page under no header: not every publisher repeats it.
    return _under_basic(sheet, ("科目编码", "科目名称"), repeat=False, row_height=26)


def _functional(
    budget: Budget,
    form: str,
    number: str,
    title: str,
    names: tuple[str, ...],
    cells: Callable[[Function], list[str]],
) -> Sheet:
    lines = [("", "合计", cells(budget.total()))]
    lines += [(code, FUNCTIONAL[code], cells(item)) for code, item in budget.rolled().items()]
    return Sheet(
        form=form,
        title=title,
        number=number,
        caption=caption(budget),
        header=(("科目编码", "科目名称", *names),),
        body=tuple((code, indent(code, name), *figures) for code, name, figures in lines),
        widths=(1.3, 3.4, *[1.25] * len(names)),
        align="LL" + "R" * len(names),
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, figures, strict=True)))
            for code, name, figures in lines
        ),
        row_height=20,
    )


def _under_basic(sheet: Sheet, first: tuple[str, str], *, repeat: bool, row_height: float) -> Sheet:
    """The two-level header 基本支出{小计, 人员经费, 公用经费} over a flat one."""
    return replace(
        sheet,
        header=(
            (*first, "合计", "基本支出", "", "", "项目支出"),
            ("", "", "", "小计", "人员经费", "公用经费", ""),
        ),
        spans=((0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 2, 1), (3, 0, 5, 0), (6, 0, 6, 1)),
        repeat_header=repeat,
        row_height=row_height,
    )


def by_unit(budget: Budget) -> Sheet:
    show, total = printer(budget), budget.total()
    names = ("合计", "基本支出-小计", "基本支出-人员经费", "基本支出-公用经费", "项目支出")
    parts = (total.total, total.basic, total.personnel, total.public, total.project)
    cells = tuple(show(part) for part in parts)
    flat = Sheet(
        form="budget.general_unit",
        title="一般公共预算支出表(分单位)",
        number="表5-2",
        caption=caption(budget),
        header=(),
        body=tuple((code, name, *cells) for code, name in who(budget)),
        widths=(1.3, 3.4, *[1.25] * 5),
        align="LL" + "R" * 5,
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, cells, strict=True)))
            for code, name in who(budget)
        ),
    )
    return _under_basic(flat, ("部门（单位）代码", "部门（单位）名称"), repeat=True, row_height=24)


def basic(budget: Budget) -> Sheet:
    show, total = printer(budget), budget.total()
    names = ("合计", "人员经费", "公用经费")
    lines = [("", "合计", [show(total.basic), show(total.personnel), show(total.public)])]
    for code, amount in budget.economic_sums().items():
        staff = code[:3] in ("301", "303")
        parts = (amount, amount if staff else ZERO, ZERO if staff else amount)
        lines.append((code, ECONOMIC[code], [show(part) for part in parts]))
    return Sheet(
        form="budget.basic_economic",
        title="一般公共预算基本支出表",
        number="表6",
        caption=caption(budget),
        header=(
            ("部门预算支出经济分类科目", "", "本年一般公共预算基本支出", "", ""),
            ("科目编码", "科目名称", *names),
        ),
        spans=((0, 0, 1, 0), (2, 0, 4, 0)),
        body=tuple((code, indent(code, name, 3), *figures) for code, name, figures in lines),
        widths=(1.3, 3.6, 1.5, 1.5, 1.5),
        align="LLRRR",
        rows=tuple(
            Row(name=name, code=code, values=dict(zip(names, figures, strict=True)))
            for code, name, figures in lines
        ),
        row_height=27,  # high rows: the table reaches a second page, where the header is repeated
    )
