"""What a budget says of its figures, in the order of Wuhan's districts or of Shanghai's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.diffing.sayings.accounts import ECONOMIC, NAMES, Accounts, Item
from tests.diffing.sayings.parts import nothing, performance, procurement, property_
from tests.diffing.sayings.speech import Speech

__all__ = ["prose"]

_ZERO = Decimal(0)


def prose(a: Accounts, s: Speech) -> Iterator[str]:
    """The paragraphs, headings marked with #; recomputable figures marked for falsifying."""
    order = _guide if s.rng.random() < 0.5 else _sections
    yield from order(a, s)
    yield from nothing(a.year, s, final=False)
    yield from _sangong(a, s)
    yield from _projects(a, s)
    yield from _operating(a, s)
    yield from procurement(a, s)
    yield from property_(a.year, s)
    yield from performance(a, s)


def _guide(a: Accounts, s: Speech) -> Iterator[str]:
    """Shanghai: one 编制说明."""
    y, t = a.year, a.total
    now, before = t.total + a.other, t.before + a.other
    yield "## 部门预算编制说明"
    yield (
        f"{y}年，收入预算{s.amount(now, 'total')}，其中：财政拨款收入"
        f"{s.amount(t.total, 'income-part')}，{s.change(t.total, t.before)}；事业收入0万元；"
        f"事业单位经营收入0万元；其他收入{s.amount(a.other, 'income-part')}。"
    )
    compared = s.pick("", f"，{s.change(now, before)}")
    yield (
        f"支出预算{s.amount(now + a.carried, 'total')}{compared}，其中：财政拨款支出预算"
        f"{s.amount(t.total + a.carried, 'income-part')}。财政拨款支出预算中，"
        f"一般公共预算拨款支出预算{s.amount(t.total, 'income-part')}，"
        f"{s.change(t.total, t.before)}；政府性基金拨款支出预算0万元，与{y - 1}年预算持平；"
        f"国有资本经营预算拨款支出预算0万元，与{y - 1}年预算持平。"
    )
    yield "财政拨款支出主要内容如下："
    form = s.rng.choice(("{0}（类）{1}（款）{2}（项）", "{0}-{1}-{2}", "paths"))
    for n, item in enumerate(a.items, 1):
        yield f"{n}.{_guided(s, item, form)}"


def _guided(s: Speech, item: Item, form: str) -> str:
    c, y = item.code, s.year
    names = (NAMES[c[:3]], NAMES[c[:5]], NAMES[c])
    amount = s.amount(item.total, "item")
    purpose = s.pick("主要用于人员经费", "主要用于办公设备2台", "主要用于保障机构运转")
    if form != "paths":
        said = form.format(*names)
        close = "”科目" if "-" in said else "”"
        return f"“{said}{close}{amount}，{purpose}。"
    path = f"{names[0]}（{c[:3]}类）{names[1]}（{c[3:5]}款）{names[2]}（{c[5:]}项）"
    if not s.wan(item.before):
        return f"{path}{amount}。{purpose}。"
    more = s.wan(item.total) - s.wan(item.before)
    if not more:
        moved = s.pick(f"比{y - 1}年预算执行数增加0%", f"与{y - 1}年预算执行数持平")
    else:
        gap = abs(more) * 10_000 if s.printed else abs(item.total - item.before)
        rate = s.rate(gap, item.before, "two-years-rate")
        moved = f"比{y - 1}年预算执行数{'增加' if more > 0 else '减少'}{rate}"
    return (
        f"{path}{amount}。{purpose}。{y - 1}年当年预算执行数为{s.amount(item.before, 'previous')}，"
        f"{y}年预算安排{s.amount(item.total, 'item')}，{moved}。主要原因是：工作需要。"
    )


def _sections(a: Accounts, s: Speech) -> Iterator[str]:
    """Wuhan: one section for each table."""
    y, t = a.year, a.total
    now, before = t.total + a.other, t.before + a.other
    whole, earlier = now + a.carried, before + a.carried
    yield "## 一、部门收支总体情况"
    yield (
        f"按照综合预算的原则，所有收入和支出均纳入部门预算管理。{y}年部门收支总预算"
        f"{s.amount(whole, 'total')}，{s.change(whole, earlier)}{s.reasons(whole > earlier)}。"
    )
    yield "## 二、部门收入总体情况"
    share = s.share(t.total, whole)
    parts = f"一般公共预算财政拨款收入{s.amount(t.total, 'income-part')}{share}"
    yield (
        f"{y}年部门收入预算{s.amount(now)}。其中：{parts}。"
        if not a.carried
        else f"其中：{parts}。"
    )
    yield "## 三、部门支出总体情况"
    basic = f"基本支出{s.amount(t.basic, 'part')}{s.share(t.basic, now)}"
    project = t.project + a.other
    projects = f"项目支出{s.amount(project, 'part')}{s.share(project, now)}"
    yield f"{y}年部门支出预算{s.amount(now, 'expenditure')}。其中：{basic}；{projects}。"
    yield "## 四、财政拨款收支预算总体情况"
    total = t.total + a.carried
    listed = s.pick("；", "、").join(
        f"{NAMES[code]}{s.amount(item.total, 'class')}"
        for code, item in a.sums().items()
        if len(code) == 3
    )
    yield f"{y}年财政拨款收支总预算{s.amount(total, 'total')}。支出包括：{listed}。"
    yield "## 五、一般公共预算支出情况"
    yield "### （一）一般公共预算财政拨款规模变化情况"
    yield (
        f"{y}年一般公共预算拨款支出预算{s.amount(t.total, 'income-part')}，"
        f"{s.change(t.total, t.before)}{s.reasons(t.total > t.before)}。"
    )
    yield "### （二）一般公共预算财政拨款结构情况"
    staff = f"人员经费{s.amount(t.staff, 'part')}、公用经费{s.amount(t.running, 'part')}"
    yield (
        f"基本支出{s.amount(t.basic, 'part')}{s.share(t.basic, t.total)}，其中：{staff}；"
        f"项目支出{s.amount(t.project, 'part')}{s.share(t.project, t.total)}。"
    )
    yield "### （三）一般公共预算财政拨款具体使用情况"
    for n, item in enumerate(a.items, 1):
        c = item.code
        path = f"{NAMES[c[:3]]}（类）{NAMES[c[:5]]}（款）{NAMES[c]}（项）"
        more = item.total > item.before
        yield (
            f"{n}.{path}{y}年预算数{s.amount(item.total, 'item')}，"
            f"{s.change(item.total, item.before)}{s.reasons(more)}。"
        )
    yield from _basic(a, s)


def _basic(a: Accounts, s: Speech) -> Iterator[str]:
    y, t, sums = a.year, a.total, a.economic_sums()
    names = {c: ECONOMIC[c] for c in a.economic}
    yield "## 六、一般公共预算基本支出情况"
    yield f"{y}年一般公共预算基本支出{s.amount(t.basic, 'total')}，其中："
    yield f"（一）人员经费{s.amount(t.staff, 'part')}，包括："
    for n, code in enumerate(("301", "303"), 1):
        if code in sums:
            used = "、".join(name for c, name in names.items() if c.startswith(code))
            yield (
                f"{n}.{ECONOMIC[code]}{s.amount(sums[code], 'class')}，"
                f"{s.pick('主要用于：', '主要用于')}{used}。"
            )
    used = "、".join(name for c, name in names.items() if c[:3] not in ("301", "303"))
    yield f"（二）公用经费{s.amount(t.running, 'part')}" + (
        f"，主要用于：{used}。" if used else "。"
    )


def _sangong(a: Accounts, s: Speech) -> Iterator[str]:
    y, now, before = a.year, a.sangong, a.sangong_before
    total, earlier = (sum(part.values(), _ZERO) for part in (now, before))
    yield "## 七、一般公共预算“三公”经费支出情况"
    name = s.pick("“三公”经费预算数为", "一般公共预算“三公”经费支出", "“三公”经费预算")
    lead = f"{y}年{name}{s.amount(total, 'sangong')}，{s.change(total, earlier)}"
    parts = [
        f"因公出国（境）费{s.amount(now['出国'], 'sangong')}，"
        f"{s.change(now['出国'], before['出国'])}",
        _cars(a, s),
        f"公务接待费{s.amount(now['接待'], 'sangong')}，{s.change(now['接待'], before['接待'])}",
    ]
    if s.rng.random() < 0.5:
        yield f"{lead}。其中："
        marks = s.rng.choice((("1.", "2.", "3."), ("（一）", "（二）", "（三）")))
        yield from (f"{mark}{part}。" for mark, part in zip(marks, parts, strict=True))
    else:
        yield f"{lead}，其中：{'；'.join(parts)}。"


def _cars(a: Accounts, s: Speech) -> str:
    now, before = a.sangong, a.sangong_before
    cars, earlier = now["购置"] + now["运行"], before["购置"] + before["运行"]
    bought = s.amount(now["购置"], "sangong")
    running = s.amount(now["运行"], "sangong")
    moved = s.change(cars, earlier)
    return s.pick(
        f"公务用车购置及运行费{s.amount(cars, 'sangong')}，{moved}",
        f"公务用车购置及运行费{s.amount(cars, 'sangong')}"
        f"（其中：公务用车购置费{bought}，公务用车运行费{running}），{moved}",
        f"公务用车购置及运行费{s.amount(cars, 'sangong')}，{moved}。"
        f"其中：公务用车购置费{bought}，公务用车运行费{running}",
    )


def _projects(a: Accounts, s: Speech) -> Iterator[str]:
    y, whole = a.year, a.total.project
    before = _ZERO if not whole else (whole * s.rng.choice((80, 100, 130)) / 100)
    before = before.quantize(Decimal("0.01"))
    named = [
        f"{name}项目{s.amount(amount, 'project')}"
        for name, amount in a.projects.items()
        if s.wan(amount)
    ]
    yield "## 八、项目支出安排情况"
    yield f"{y}年项目支出{s.amount(whole, 'part')}，{s.change(whole, before)}。"
    if s.rng.random() < 0.5:
        yield from (
            f"（{'一二三四五'[n]}）{text}。主要用于工作经费。" for n, text in enumerate(named)
        )


def _operating(a: Accounts, s: Speech) -> Iterator[str]:
    y, (now, before) = a.year, a.operating
    yield "## 九、机关运行经费安排情况"
    yield s.pick(
        f"{y}年机关运行经费预算{s.amount(now)}，{s.change(now, before)}{s.reasons(now > before)}。",
        f"{y}年机关运行经费{s.amount(now)}。",
        "本部门无机关运行经费。",
    )
