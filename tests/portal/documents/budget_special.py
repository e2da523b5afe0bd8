"""The Wuhan budget layout: 三公, empty tables, projects, the performance form (表7 to 11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tests.portal.documents.budget_parts import caption, printer, who
from tests.portal.documents.figures import ZERO, Budget
from tests.portal.documents.sheets import Form, Printer, Row, Sheet

_FUNDS: Final = ("一般公共预算", "政府性基金预算", "国有资本经营预算")


def sangong(budget: Budget) -> Sheet:
    # Explicit zeros: an empty cell would leave open whether there is anything to say.
    show, said = Printer(blank_zeros=False, commas=False), budget.sangong
    figures = {
        "“三公”经费合计": said.total,
        "因公出国（境）费": said.abroad,
        "公务用车购置及运行费-小计": said.cars,
        "公务用车购置费": said.purchase,
        "公务用车运行费": said.running,
        "公务接待费": said.reception,
    }
    return Sheet(
        form="budget.sangong",
        title="一般公共预算“三公”经费支出表",
        number="表7",
        caption=caption(budget),
        header=(
            ("“三公”经费合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"),
            ("", "", "小计", "公务用车购置费", "公务用车运行费", ""),
        ),
        spans=((0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 4, 0), (5, 0, 5, 1)),
        body=(tuple(show(amount) for amount in figures.values()),),
        widths=(1,) * 6,
        align="RRRRRR",
        rows=tuple(
            Row(name=name, values={"预算数": show(amount)}) for name, amount in figures.items()
        ),
        row_height=24,
    )


def empty(budget: Budget, form: str, number: str, title: str, what: str) -> Sheet:
    return Sheet(
        form=form,
        title=title,
        number=number,
        caption=caption(budget),
        header=(
            ("科目编码", "科目名称", f"本年{title[:-3]}支出", "", ""),
            ("", "", "合计", "基本支出", "项目支出"),
        ),
        spans=((0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 4, 0)),
        body=(("",) * 5,),
        widths=(1.3, 3.6, 1.5, 1.5, 1.5),
        align="LLRRR",
        rows=(),
        notes=(f"备注：{budget.year}年本部门没有使用{what}安排的支出，本表为空表。",),
        row_height=20,
    )


def projects(budget: Budget) -> Sheet:
    show = printer(budget)
    names = (
        "合计",
        *(f"本年拨款-{name}" for name in _FUNDS),
        *(f"财政拨款结转结余-{name}" for name in _FUNDS),
        "财政专户管理资金",
        "单位资金",
    )

    def cells(amount: Decimal) -> list[str]:
        return [show(amount), show(amount), *[show(ZERO)] * 7]

    total = budget.total().project
    lines = [("", name, cells(total)) for _, name in who(budget)]
    lines += [
        (project.category, project.name, cells(project.amount)) for project in budget.projects
    ]
    return Sheet(
        form="budget.project",
        title="项目支出表",
        number="表10",
        caption=caption(budget),
        header=(
            (
                "项目分类",
                "项目名称",
                "合计",
                "本年拨款",
                "",
                "",
                "财政拨款结转结余",
                "",
                "",
                "财政专户管理资金",
                "单位资金",
            ),
            ("", "", "", *_FUNDS, *_FUNDS, "", ""),
        ),
        spans=(
            *((column, 0, column, 1) for column in (0, 1, 2, 9, 10)),
            (3, 0, 5, 0),
            (6, 0, 8, 0),
        ),
        body=tuple((category, name, *figures) for category, name, figures in lines),
        widths=(1.4, 2.6, *[1.1] * 9),
        align="LL" + "R" * 9,
        rows=tuple(
            Row(
                name=name,
                values=dict(zip(names, figures, strict=True)),
                attributes={"category": category} if category else {},
            )
            for category, name, figures in lines
        ),
        row_height=24,
        font_size=7,
    )


def performance(budget: Budget) -> Form:
    agency, total = budget.agency, budget.total()
    duties = "".join(f"{n}.{duty}" for n, duty in enumerate(agency.duties, start=1))
    return Form(
        title="部门整体支出绩效目标申报表",
        number="表11",
        caption=(f"填报日期：{budget.year}年1月10日", "单位：万元"),
        body=(
            ("部门（单位）名称", agency.name, "", ""),
            ("填报人", agency.clerk, "联系电话", agency.phone),
            ("人员类项目支出", f"{total.personnel}", "运转类项目支出", f"{total.public}"),
            ("特定目标类项目支出", f"{total.project}", "合计", f"{total.total}"),
            ("部门职能概述", duties, "", ""),
            ("年度工作任务", f"完成{budget.year}年度各项工作，按时兑现各项补助。", "", ""),
        ),
        spans=((1, 0, 3, 0), (1, 4, 3, 4), (1, 5, 3, 5)),
        widths=(1.6, 3, 1.6, 2),
        notes=(f"填报人：{agency.clerk}　　联系电话：{agency.phone}",),
    )
