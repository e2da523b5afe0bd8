"""What the samples say in words around their tables; every figure comes from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from tests.portal.documents import figures
from tests.portal.documents.figures import ZERO, Agency, Budget, Function
from tests.portal.documents.render import Text
from tests.portal.documents.sheets import Form, Sheet
from tests.portal.documents.subjects import FUNCTIONAL, ordinal


def change(now: Decimal, before: Decimal) -> str:
    """比上年…: amount and percentage, in the words the rules ask for."""
    if now == before:
        return "与上年持平"
    more = now > before
    words = f"比上年预算{'增加' if more else '减少'}{abs(now - before)}万元"
    if not before:
        return words
    share = (abs(now - before) / before * 100).quantize(ZERO, ROUND_HALF_UP)
    return f"{words}，{'增长' if more else '下降'}{share}%"


def share(part: Decimal, whole: Decimal) -> str:
    """占…%."""
    return f"{(part / whole * 100).quantize(ZERO, ROUND_HALF_UP)}%"


def budget_parts(budget: Budget, tables: list[Sheet | Form]) -> Iterator[Text | Sheet | Form]:
    """The whole document in reading order."""
    agency, year = budget.agency, budget.year
    yield Text(f"{agency.name}<br/>{year}年部门预算", -1)
    yield from _contents(
        ("部门概况", f"{year}年部门预算表", f"{year}年部门预算情况说明", "名词解释"), tables
    )
    yield from _about(agency)
    yield Text(f"第二部分　{agency.name}{year}年部门预算表", 1, page_before=True)
    yield from tables
    yield Text(f"第三部分　{year}年部门预算情况说明", 1, page_before=True)
    yield from _explained(budget)
    yield from _glossary()


def _contents(parts: tuple[str, ...], tables: list[Sheet | Form]) -> Iterator[Text]:
    yield Text("目　录", 1, page_before=True)
    for n, part in enumerate(parts, start=1):
        yield Text(f"第{ordinal(n)}部分　{part}")
        if n == 2:
            yield from (Text(f"　　{table.number}　{table.title}") for table in tables)


def _about(agency: Agency) -> Iterator[Text]:
    yield Text("第一部分　部门概况", 1, page_before=True)
    yield Text("一、主要职责", 2)
    for n, duty in enumerate(agency.duties, start=1):
        yield Text(f"（{ordinal(n)}）{duty}")
    yield Text("二、机构设置", 2)
    yield Text(
        f"{agency.name}（以下简称{agency.short}）的部门预算只包括本级，没有下属独立核算单位。"
    )
    yield Text(f"公开内容如有疑问，请拨打咨询电话：{agency.hotline}。")


def _explained(budget: Budget) -> Iterator[Text]:
    agency, year, total = budget.agency, budget.year, budget.total()
    before = budget.before
    compared = f"，{change(total.total, before.total().total)}" if before else ""
    yield Text("一、收支预算总体情况", 2)
    yield Text(
        f"按照综合预算的要求，{agency.short}所有收入和支出都编入预算。"
        f"{year}年收支总预算{total.total}万元{compared}。"
    )
    yield Text("二、收入预算情况", 2)
    yield Text(f"本年收入合计{total.total}万元，其中一般公共预算收入{total.total}万元，占100%。")
    yield Text("三、支出预算情况", 2)
    yield Text(
        f"本年支出合计{total.total}万元，其中基本支出{total.basic}万元，"
        f"占{share(total.basic, total.total)}；"
        f"项目支出{total.project}万元，占{share(total.project, total.total)}。"
    )
    yield Text("四、一般公共预算支出情况", 2)
    earlier = before.rolled() if before else {}
    for n, (code, item) in enumerate(_items(budget.rolled()), start=1):
        names = f"{FUNCTIONAL[code[:3]]}（类）{FUNCTIONAL[code[:5]]}（款）{FUNCTIONAL[code]}（项）"
        then = earlier.get(code)
        said = f"，{change(item.total, then.total)}" if then else "，上年没有安排" if before else ""
        yield Text(f"{n}.{names}{year}年预算数{item.total}万元{said}。")
    yield Text("五、一般公共预算基本支出情况", 2)
    yield Text(
        f"基本支出{total.basic}万元，其中人员经费{total.personnel}万元，公用经费{total.public}万元。"
    )
    yield from _sangong(budget)
    yield Text("七、政府性基金预算和国有资本经营预算支出情况", 2)
    yield Text(f"{year}年{agency.short}没有使用这两类预算安排的支出。")
    yield Text("八、项目支出情况", 2)
    listed = "、".join(f"{p.name}{p.amount}万元" for p in budget.projects)
    yield Text(f"项目支出共{total.project}万元，包括：{listed}。")


def _items(rolled: dict[str, Function]) -> list[tuple[str, Function]]:
    return [(code, item) for code, item in rolled.items() if len(code) == 7]


def _sangong(budget: Budget) -> Iterator[Text]:
    said, before = budget.sangong, budget.before
    compared = f"，{change(said.total, before.sangong.total)}" if before else ""
    yield Text("六、一般公共预算“三公”经费支出情况", 2)
    yield Text(
        f"{budget.year}年“三公”经费预算{said.total}万元{compared}。其中：因公出国（境）费{said.abroad}万元；"
        f"公务用车购置及运行费{said.cars}万元（购置费{said.purchase}万元，运行费{said.running}万元）；"
        f"公务接待费{said.reception}万元。"
    )


def yuan_parts(budget: Budget, tables: list[Sheet | Form]) -> Iterator[Text | Sheet | Form]:
    """A document in the Shanghai order: prose first, in 万元, then the tables, in 元."""
    agency, total = budget.agency, budget.total()
    yield Text(f"{agency.district}{budget.year}年区级部门预算<br/>预算主管部门：{agency.name}", -1)
    yield from _contents(("部门概况", f"{budget.year}年部门预算表", "其他说明", "名词解释"), tables)
    yield from _about(agency)
    yield Text(f"{budget.year}年部门预算编制说明", 1, page_before=True)
    wan = [f"{amount.scaleb(-4):.2f}万元" for amount in (total.total, total.basic, total.project)]
    yield Text(
        f"{budget.year}年，{agency.short}预算支出总额为{wan[0]}，其中基本支出{wan[1]}，项目支出{wan[2]}。"
    )
    yield Text(f"编制人：{agency.clerk}　联系电话：{agency.phone}")
    yield from tables
    yield from _glossary()


def _glossary() -> Iterator[Text]:
    yield Text("第四部分　名词解释", 1, page_before=True)
    yield Text("（一）基本支出：为保障机构正常运转、完成日常工作而发生的人员经费和公用经费。")
    yield Text("（二）项目支出：在基本支出之外，为完成特定任务而发生的支出。")
    yield Text("（三）“三公”经费：因公出国（境）费、公务用车购置及运行费和公务接待费。")


def final_parts(final: figures.FinalAccount, tables: list[Sheet]) -> Iterator[Text | Sheet | Form]:
    """The whole document in reading order."""
    agency, year = final.agency, final.year
    yield Text(f"{agency.name}<br/>{year}年度部门决算", -1)
    yield from _contents(
        ("部门概况", f"{year}年度部门决算表", f"{year}年度部门决算情况说明", "名词解释"), [*tables]
    )
    yield from _about(agency)
    yield Text(f"第二部分　{agency.name}{year}年度部门决算表", 1, page_before=True)
    yield from tables
    yield Text(f"第三部分　{year}年度部门决算情况说明", 1, page_before=True)
    yield Text("一、收入支出决算总体情况", 2)
    compared = ""
    if final.before is not None:
        more = final.grand > final.before
        compared = f"，比上年{'增加' if more else '减少'}{abs(final.grand - final.before)}万元"
    yield Text(f"{year}年度收入总计和支出总计都是{final.grand:,}万元{compared}。")
    if final.budgeted is not None:
        yield Text("二、财政拨款支出决算情况", 2)
        yield Text(
            f"年初预算为{final.budgeted}万元，支出决算为{final.grand:,}万元，"
            f"完成年初预算的{share(final.grand, final.budgeted)}。"
        )
    yield Text("三、财政拨款“三公”经费支出决算情况", 2)
    yield Text(
        f"全年预算为{final.plan.total}万元，支出决算为{final.sangong.total}万元，"
        f"其中公务接待费支出{final.sangong.reception}万元。"
    )
    yield Text(f"填报人：{agency.clerk}　联系电话：{agency.phone}")
    yield from _glossary()
