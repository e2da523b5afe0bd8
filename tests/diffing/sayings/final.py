"""What a final account says of its figures, section by section, in the words of many publishers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.diffing.sayings.accounts import NAMES, Accounts, Item
from tests.diffing.sayings.parts import nothing, performance, procurement, property_
from tests.diffing.sayings.speech import Speech

__all__ = ["prose"]

_ZERO = Decimal(0)


def prose(a: Accounts, s: Speech) -> Iterator[str]:
    """The paragraphs, headings marked with #; recomputable figures marked for falsifying."""
    y = a.year
    yield f"# 第三部分 {y}年度部门决算情况说明"
    yield from _total(a, s)
    yield from _income(a, s)
    yield from _expenditure(a, s)
    yield from _fiscal(a, s)
    yield from _general(a, s)
    yield from _basic(a, s)
    yield from nothing(y, s, final=True)
    yield from _sangong(a, s)
    yield from _operating(a, s)
    yield from procurement(a, s)
    yield from property_(y, s)
    yield from performance(a, s)


def _before(a: Accounts) -> Decimal:
    return a.total.before + a.other


def _total(a: Accounts, s: Speech) -> Iterator[str]:
    y, now = a.year, a.total.total + a.other + a.carried
    amount = s.amount(now, "total")
    yield "## 一、收入支出决算总体情况说明"
    before = _before(a) + a.carried
    same = s.pick("收入支出总计", "收、支总计")
    yield s.pick(
        f"{y}年度{same}{amount}。{s.change(now, before, same)}{s.reasons(now > before)}。",
        f"本部门{y}年度{same}均为{amount}，{s.change(now, before)}{s.reasons(now > before)}。",
        f"{y}年度收、支总计{amount}。{s.change(now, before, '收、支总计各')}。",
    )


def _income(a: Accounts, s: Speech) -> Iterator[str]:
    y, now = a.year, a.total.total + a.other
    granted = s.amount(a.total.total, "income-part")
    yield "## 二、收入决算情况说明"
    lead = s.pick(f"{y}年度收入合计", "本年收入合计", f"{y}年度本年收入合计")
    share = s.share(a.total.total, now, s.pick("", "本年收入"))
    others = s.pick("", f"；其他收入{s.amount(a.other, 'income-part')}{s.share(a.other, now)}")
    compared = s.pick("", f"，{s.change(now, _before(a), '收入合计')}")
    yield f"{lead}{s.amount(now, 'total')}{compared}。其中：财政拨款收入{granted}{share}{others}。"


def _expenditure(a: Accounts, s: Speech) -> Iterator[str]:
    y, t = a.year, a.total
    now = t.total + a.other
    yield "## 三、支出决算情况说明"
    lead = s.pick(f"{y}年度支出合计", "本年支出合计", f"{y}年度本年支出合计")
    of = s.pick("", "", "本年支出")
    basic = f"基本支出{s.amount(t.basic, 'part')}{s.share(t.basic, now, of)}"
    project = t.project + a.other
    if s.rng.random() < 0.15 and s.wan(now):
        rates = f"{s.rate(t.basic, now)}、{s.rate(project, now)}"
        both = f"基本支出{s.amount(t.basic, 'part')}、项目支出{s.amount(project, 'part')}"
        yield f"{lead}{s.amount(now, 'total')}。其中：{both}，分别占{rates}。"
        return
    projects = f"项目支出{s.amount(project, 'part')}{s.share(project, now, of)}"
    rest = s.pick("", "；经营支出0万元，占0%", "；上缴上级支出0万元；对附属单位补助支出0万元")
    yield f"{lead}{s.amount(now, 'total')}，其中：{basic}；{projects}{rest}。"


def _fiscal(a: Accounts, s: Speech) -> Iterator[str]:
    y, now = a.year, a.total.total + a.carried
    before = a.total.before + a.carried
    name = s.pick("财政拨款收入支出总计", "财政拨款收、支总计")
    yield "## 四、财政拨款收入支出决算总体情况说明"
    yield (
        f"{y}年度{name}{s.pick('', '均为')}{s.amount(now, 'total')}。"
        f"{s.change(now, before, s.pick('', name))}{s.reasons(now > before)}。"
    )
    if s.rng.random() < 0.5:
        income = s.amount(a.total.total, "income-part")
        fund = s.pick("政府性基金预算财政拨款收入0万元", "政府性基金预算财政拨款收入0.00万元")
        changed = s.change(a.total.total, a.total.before)
        yield (
            f"{y}年度财政拨款收入中，一般公共预算财政拨款收入{income}，{changed}。"
            f"{fund}，与上年持平。国有资本经营预算财政拨款收入0万元，与上年持平。"
        )


def _general(a: Accounts, s: Speech) -> Iterator[str]:
    y, t = a.year, a.total
    whole = t.total + a.other
    yield "## 五、一般公共预算财政拨款支出决算情况说明"
    yield "### （一）一般公共预算财政拨款支出决算总体情况"
    name = "一般公共预算财政拨款支出"
    of = s.pick("本年支出合计", "本年支出")
    yield (
        f"{y}年度{name}{s.amount(t.total, 'total')}{s.share(t.total, whole, of)}。"
        f"{s.change(t.total, t.before, s.pick('', name))}{s.reasons(t.total > t.before)}。"
    )
    yield "### （二）一般公共预算财政拨款支出决算结构情况"
    sums = {code: item for code, item in a.sums().items() if len(code) == 3}
    lead = f"{y}年度{name}{s.amount(t.total, 'total')}，主要用于以下方面："
    said = [
        f"{NAMES[code]}（类）{s.amount(item.total, 'class')}{s.share(item.total, t.total)}"
        for code, item in sums.items()
    ]
    if s.rng.random() < 0.5:
        yield lead + "；".join(said) + "。"
    else:
        yield lead
        yield from (f"{n}.{text}。主要是用于人员经费和工作经费。" for n, text in enumerate(said, 1))
    yield "### （三）一般公共预算财政拨款支出决算具体情况"
    parts = f"基本支出{s.amount(t.basic, 'part')}，项目支出{s.amount(t.project, 'part')}"
    wholes = _executed(s, t, f"{y}年度{name}年初预算")
    listed = s.rng.random() < 0.7
    yield f"{wholes}。其中：" if listed else f"{wholes}。其中：{parts}。"
    if listed:
        for n, item in enumerate(a.items, 1):
            yield f"{n}、{_item(s, item)}"


def _executed(s: Speech, item: Item, lead: str) -> str:
    done = ""
    if s.wan(item.plan):
        rate = s.rate(item.total, item.plan, "execution")
        done = f"，{s.pick('完成年初预算的', '完成预算的', '完成年初预算')}{rate}"
    return f"{lead}为{s.amount(item.plan, 'plan')}，支出决算为{s.amount(item.total, 'item')}{done}"


def _item(s: Speech, item: Item) -> str:
    code = item.code
    path = f"{NAMES[code[:3]]}（类）{NAMES[code[:5]]}（款）{NAMES[code]}（项）"
    purpose = s.pick("", "", "主要用于：人员支出。", "主要用于保障机构运转。")
    stop = s.pick("。", "。", "：")
    more = s.wan(item.total) - s.wan(item.plan)
    if not more:
        tail = s.pick("。决算数同预算数持平", "。决算数与预算数持平", "，决算数等于年初预算数", "")
    else:
        word = "大于" if more > 0 else "小于"
        gap = s.amount(abs(item.total - item.plan))
        less = "增加" if more > 0 else "减少"
        cause = s.pick("厉行节约", "人员变动", "年中调整1项工作")
        tail = s.pick(
            f"。决算数{word}预算数的主要原因：{cause}",
            f"，支出决算数{word}年初预算数的主要原因是{cause}",
            f"，决算数{word}预算数，主要原因是{cause}",
            f"，比年初预算{less}{gap}，主要原因是{cause}",
            f"，较年初预算数{less}{gap}。主要原因：{cause}",
        )
    return f"{path}{stop}{purpose}{_executed(s, item, '年初预算')}{tail}。"


def _basic(a: Accounts, s: Speech) -> Iterator[str]:
    y, t, named = a.year, a.total, a.economic
    names = {c: n for c, n in _economic().items() if c in named}
    staff = "、".join(n for c, n in names.items() if c[:3] in ("301", "303"))
    goods = "、".join(n for c, n in names.items() if c[:3] not in ("301", "303"))
    yield "## 六、一般公共预算财政拨款基本支出决算情况说明"
    lead = f"{y}年度一般公共预算财政拨款基本支出{s.amount(t.basic, 'total')}"
    people = f"人员经费{s.amount(t.staff, 'part')}，{s.pick('主要包括：', '主要包括')}{staff}"
    offices = f"公用经费{s.amount(t.running, 'part')}"
    if goods:
        offices += f"，{s.pick('主要包括：', '主要包括')}{goods}"
    if s.rng.random() < 0.5:
        yield f"{lead}，其中：{people}；{offices}。"
    else:
        yield f"{lead}，其中："
        yield f"{people}。"
        yield f"{offices}。"


def _economic() -> dict[str, str]:
    from tests.diffing.sayings.accounts import ECONOMIC

    return {code: name for code, name in ECONOMIC.items() if len(code) == 5}


def _sangong(a: Accounts, s: Speech) -> Iterator[str]:
    y, now, plan, before = a.year, a.sangong, a.sangong_plan, a.sangong_before
    total, planned, earlier = (sum(part.values(), _ZERO) for part in (now, plan, before))
    yield "## 七、财政拨款“三公”经费支出决算情况说明"
    yield "### （一）“三公”经费财政拨款支出决算总体情况说明"
    done = f"，完成预算的{s.rate(total, planned, 'execution')}" if s.wan(planned) else ""
    yield (
        f"{y}年度“三公”经费财政拨款支出{s.pick('全年', '')}预算为{s.amount(planned)}，"
        f"支出决算为{s.amount(total, 'sangong')}{done}，{s.change(total, earlier)}"
        f"{s.reasons(total > earlier)}。"
    )
    yield "### （二）“三公”经费财政拨款支出决算具体情况说明"
    for n, (name, keys) in enumerate(_GROUPS, 1):
        spent, planned, earlier = (
            sum((part[key] for key in keys), _ZERO) for part in (now, plan, before)
        )
        done = f"，完成预算的{s.rate(spent, planned, 'execution')}" if s.wan(planned) else ""
        detail = ""
        if len(keys) > 1:
            detail = (
                f"其中：公务用车购置费支出{s.amount(now['购置'], 'sangong')}，"
                f"公务用车运行费支出{s.amount(now['运行'], 'sangong')}。"
                f"截至{y}年12月31日，开支财政拨款的公务用车保有量{s.rng.randint(0, 9)}辆。"
            )
        elif name == "公务接待费":
            detail = f"国内公务接待{s.rng.randint(0, 60)}批次、{s.rng.randint(0, 600)}人次。"
        else:
            detail = "全年安排因公出国（境）团组0个、累计0人次。"
        yield (
            f"{n}.{name}{s.pick('', '支出')}预算为{s.amount(planned)}，"
            f"支出决算为{s.amount(spent, 'sangong')}{done}，{s.change(spent, earlier)}。{detail}"
        )
    if total and s.rng.random() < 0.5:
        yield (
            "“三公”经费财政拨款支出决算中，"
            + "；".join(
                f"{name}支出决算{s.amount(part, 'sangong')}{s.share(part, total)}"
                for name, part in (
                    (name, sum((now[key] for key in keys), _ZERO)) for name, keys in _GROUPS
                )
            )
            + "。"
        )


_GROUPS = (
    ("因公出国（境）费", ("出国",)),
    ("公务用车购置及运行费", ("购置", "运行")),
    ("公务接待费", ("接待",)),
)


def _operating(a: Accounts, s: Speech) -> Iterator[str]:
    y, (now, before) = a.year, a.operating
    moved = s.change(now, before)
    yield "## 八、机关运行经费支出说明"
    yield s.pick(
        f"{y}年度机关运行经费支出{s.amount(now)}，{moved}{s.reasons(now > before)}。",
        f"机关运行经费支出{s.amount(now)}，{s.change(now, before)}。",
        "本单位为事业单位，不存在机关运行经费支出。",
    )
