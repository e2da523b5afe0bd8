"""What budgets and final accounts say alike: empty tables, procurement, property, performance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from archive.model import Kind
from tests.diffing.sayings.accounts import Accounts
from tests.diffing.sayings.speech import Speech

__all__ = ["nothing", "performance", "procurement", "property_"]

_ZERO = Decimal(0)


def nothing(year: int, s: Speech, *, final: bool) -> Iterator[str]:
    """There is no money of two budgets."""
    word = "决算" if final else "预算"
    for name in ("政府性基金预算", "国有资本经营预算"):
        yield f"## {name}财政拨款收入支出{word}情况说明"
        yield s.pick(
            f"本单位当年无{name}财政拨款收入支出。",
            f"本部门{year}年度无{name}财政拨款收入支出。",
            f"{year}年没有使用{name}财政拨款安排的支出。",
            f"{year}年{name}支出0万元，与{year - 1}年持平。",
            f"{year}年没有{name}财政拨款安排的支出，与上年相比无变化。",
        )


def procurement(a: Accounts, s: Speech) -> Iterator[str]:
    """What was or will be bought, of which kinds and from whom."""
    y, (goods, works, services) = a.year, a.procurement
    final = a.kind is Kind.FINAL
    total = goods + works + services
    yield "## 政府采购支出说明" if final else "## 政府采购预算情况"
    kinds = ((goods, "货物"), (works, "工程"), (services, "服务"))
    if final:
        contracts = s.rng.random() < 0.6
        name = s.pick("政府采购金额", "政府采购金额（以合同签订为准）为")
        name = "政府采购支出总额" if contracts else name
        form = s.pick("政府采购{}支出", "{}采购金额")
    else:
        name = s.pick("政府采购预算", "政府采购预算支出合计")
        form = s.pick("政府采购{}预算", "{}类", "{}")
    joint = s.pick("、", "，")
    parts = joint.join(f"{form.format(kind)}{s.amount(value, 'bought')}" for value, kind in kinds)
    yield f"{y}年{s.pick('度', '')}{name}{s.amount(total, 'bought')}，其中：{parts}。"
    small, micro = a.small
    if not final:
        yield (
            f"{y}年本部门面向中小企业预留政府采购项目预算金额{s.amount(small)}，"
            f"其中，预留给小型和微型企业的政府采购项目预算为{s.amount(micro)}。"
        )
    elif total and contracts:
        share = f"，占政府采购支出总额的{s.rate(small, total, 'contract-share')}"
        lesser = ""
        if small:
            lesser = f"，其中：授予小微企业合同金额{s.amount(micro)}，" + s.pick(
                f"占授予中小企业合同金额的{s.rate(micro, small, 'contract-share')}",
                f"占政府采购支出总额的{s.rate(micro, total, 'contract-share')}",
            )
        yield f"授予中小企业合同金额{s.amount(small)}{share}{lesser}。"


def property_(year: int, s: Speech) -> Iterator[str]:
    """Vehicles and equipment."""
    cars = s.rng.randint(0, 9)
    yield "## 国有资产占用情况说明"
    yield s.pick(
        f"截至{year}年12月31日，共有车辆{cars}辆，其中：主要领导干部用车0辆、机要通信用车0辆、"
        f"执法执勤用车{cars}辆、其他用车0辆；单价100万元（含）以上设备（不含车辆）0台（套）。",
        f"截止{year - 1}年8月31日，本部门共有车辆{cars}辆。",
        f"{year}年部门预算安排购置车辆0辆；安排购置单价100万元（含）以上设备0台（套）。",
        f"截至{year}年底，固定资产原值{s.rng.randint(1, 999)}.5万元，新增1万元，"
        "主要为购置办公桌椅。",
    )


def performance(a: Accounts, s: Speech) -> Iterator[str]:
    """Targets and evaluations: counts, money covered, execution of projects."""
    y, count, money = a.year, len(a.projects), a.total.project
    yield "## 预算绩效情况说明"
    if a.kind is Kind.BUDGET:
        yield s.pick(
            f"{y}年度，编报绩效目标的项目{count}个，涉及项目预算资金{s.amount(money)}。",
            f"{y}年，预算支出全面实施预算绩效目标管理，设置项目支出绩效目标{count}个。",
            f"按照要求，本部门{count}个项目编报绩效目标，涉及资金{s.amount(money)}。",
        )
        return
    covered = f"，占一般公共预算项目支出总额的{s.pick('100%', '100.0%', '100.00%')}"
    yield (
        f"根据预算绩效管理要求，组织对{y}年度项目支出全面开展绩效自评，"
        f"共涉及项目{count}个，资金{s.amount(money)}{covered}。从评价情况来看，完成较好。"
    )
    for n, (name, amount) in enumerate(a.projects.items(), 1):
        if not s.wan(amount):
            continue
        spent = (amount * s.rng.choice((100, 100, 97, 84)) / 100).quantize(Decimal("0.01"))
        yield (
            f"{n}.{name}项目绩效自评综述：项目全年预算数为{s.amount(amount, 'project-plan')}，"
            f"执行数为{s.amount(spent, 'project-spent')}，"
            f"完成预算的{s.rate(spent, amount, 'execution')}。"
            f"主要产出和效益是：一是开展活动{s.rng.randint(1, 90)}场；二是服务企业500余家。"
        )
