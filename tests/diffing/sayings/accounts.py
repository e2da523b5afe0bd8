"""Accounts of an agency that does not exist: exact in 元, so that what is printed is rounded.

Everything follows from a seed. All amounts are `Decimal` in 元.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from archive.model import Kind

__all__ = ["ECONOMIC", "NAMES", "Accounts", "Item", "accounts"]

NAMES: Final = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "2010350": "事业运行",
    "2010399": "其他政府办公厅（室）及相关机构事务支出",
    "206": "科学技术支出",
    "20601": "科学技术管理事务",
    "2060199": "其他科学技术管理事务支出",
    "20699": "其他科学技术支出",
    "2069999": "其他科学技术支出",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080501": "行政单位离退休",
    "2080502": "事业单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "20899": "其他社会保障和就业支出",
    "2089999": "其他社会保障和就业支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "2101102": "事业单位医疗",
    "212": "城乡社区支出",
    "21201": "城乡社区管理事务",
    "2120199": "其他城乡社区管理事务支出",
    "21202": "城乡社区规划与管理",
    "2120201": "城乡社区规划与管理",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "2210202": "提租补贴",
    "2210203": "购房补贴",
}
"""The functional classification, 类, 款 and 项, that the accounts draw from."""
ECONOMIC: Final = {
    "301": "工资福利支出",
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30103": "奖金",
    "30107": "绩效工资",
    "30108": "机关事业单位基本养老保险缴费",
    "30113": "住房公积金",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "30399": "其他对个人和家庭的补助",
    "302": "商品和服务支出",
    "30201": "办公费",
    "30205": "水费",
    "30207": "邮电费",
    "30217": "公务接待费",
    "30228": "工会经费",
    "30229": "福利费",
    "30299": "其他商品和服务支出",
    "310": "资本性支出",
    "31002": "办公设备购置",
}
_MAIN: Final = ("2010301", "2010302", "2010350", "2010399", "2060199", "2069999", "2120199")
_LATER: Final = ("2120201", "2089999")
_SOCIAL: Final = (
    "2080501",
    "2080502",
    "2080505",
    "2080506",
    "2101101",
    "2101102",
    "2210201",
    "2210202",
    "2210203",
)
_PROJECTS: Final = ("创新服务专项", "综合业务保障", "信息系统维护", "档案整理", "社区宣传活动")
_ZERO: Final = Decimal(0)


class Item(msgspec.Struct, frozen=True):
    """One 项: what is spent, what was planned, what was spent or planned the year before."""

    code: str
    staff: Decimal
    running: Decimal
    project: Decimal
    plan: Decimal
    before: Decimal

    @property
    def basic(self) -> Decimal:
        """基本支出."""
        return self.staff + self.running

    @property
    def total(self) -> Decimal:
        """合计."""
        return self.basic + self.project


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """One year of an agency."""

    kind: Kind
    year: int
    items: tuple[Item, ...]
    economic: dict[str, Decimal]
    """款 of basic expenditure."""
    other: Decimal
    """Income that is no appropriation, spent on the first item's project."""
    carried: Decimal
    """年初 and 年末结转: appropriations left from the year before, left again."""
    sangong: dict[str, Decimal]
    """出国, 购置, 运行, 接待."""
    sangong_plan: dict[str, Decimal]
    sangong_before: dict[str, Decimal]
    procurement: tuple[Decimal, Decimal, Decimal]
    """货物, 工程, 服务."""
    small: tuple[Decimal, Decimal]
    """授予中小企业, 其中小微企业."""
    projects: dict[str, Decimal]
    """A name for a part of the project expenditure each."""
    operating: tuple[Decimal, Decimal]
    """机关运行经费 of this year and the one before."""

    def sums(self) -> dict[str, Item]:
        """Every 类, 款 and 项 in order of code, "" for all of them."""
        found: dict[str, Item] = {}
        for item in self.items:
            for code in ("", item.code[:3], item.code[:5], item.code):
                one = found.get(code, Item(code, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO))
                parts = (
                    getattr(one, name) + getattr(item, name)
                    for name in ("staff", "running", "project", "plan", "before")
                )
                found[code] = Item(code, *parts)
        return dict(sorted(found.items()))

    def economic_sums(self) -> dict[str, Decimal]:
        """Every 类 and 款 of basic expenditure."""
        found: dict[str, Decimal] = {}
        for code, amount in self.economic.items():
            found[code[:3]] = found.get(code[:3], _ZERO) + amount
            found[code] = amount
        return dict(sorted(found.items()))

    @property
    def total(self) -> Item:
        """Everything."""
        return self.sums()[""]


def accounts(seed: int) -> Accounts:
    """The accounts of a seed: budgets and final accounts, in all sizes."""
    rng = Random(seed)
    kind = rng.choice((Kind.BUDGET, Kind.FINAL))
    size = rng.choice((100_000, 1_000_000, 20_000_000))
    codes = sorted(
        {*rng.sample(_MAIN, rng.randint(1, 4)), *rng.sample(_SOCIAL, rng.randint(3, 8))}
        | set(rng.sample(_LATER, rng.randint(0, 1)))
    )
    items = tuple(_item(rng, code, size) for code in codes)
    total = sum((item.project for item in items), _ZERO)
    plan, before, now = (_sangong(rng) for _ in range(3))
    if kind is Kind.FINAL:
        now = {name: _part(rng, amount) for name, amount in plan.items()}
    if rng.random() < 0.3:
        before = dict(now)
    bought = _bought(rng, size)
    small = _part(rng, sum(bought, _ZERO))
    reception = now["接待"]
    return Accounts(
        kind=kind,
        year=rng.randint(2020, 2026),
        items=items,
        economic=_economic(rng, items, reception),
        other=_amount(rng, size // 20) if rng.random() < 0.3 else _ZERO,
        carried=_amount(rng, size // 50) if kind is Kind.FINAL and rng.random() < 0.3 else _ZERO,
        sangong=now,
        sangong_plan=plan,
        sangong_before=before,
        procurement=bought,
        small=(small, _part(rng, small)),
        projects=_named(rng, total),
        operating=(_amount(rng, size // 10), _amount(rng, size // 10)),
    )


def _amount(rng: Random, most: int) -> Decimal:
    """Some amount: often round, else to the cent."""
    if rng.random() < 0.25:
        return Decimal(rng.randint(1, max(most // 10_000, 2))) * 10_000
    return Decimal(rng.randint(100_000, max(most, 2_000) * 100)) / 100


def _part(rng: Random, whole: Decimal) -> Decimal:
    """A part of it, often all, sometimes nothing."""
    chance = rng.random()
    if chance < 0.35:
        return whole
    if chance < 0.45:
        return _ZERO
    return (whole * Decimal(rng.randint(5, 99)) / 100).quantize(Decimal("0.01"))


def _item(rng: Random, code: str, size: int) -> Item:
    social = code in _SOCIAL
    running = _ZERO if social or rng.random() < 0.2 else _amount(rng, size // 10)
    staff = _amount(rng, size // (20 if social else 2))
    project = _ZERO if social or rng.random() < 0.2 else _amount(rng, size)
    total = staff + running + project
    return Item(code, staff, running, project, _near(rng, total), _near(rng, total))


def _near(rng: Random, amount: Decimal) -> Decimal:
    """Another year's amount: the same, nothing, near or far."""
    chance = rng.random()
    if chance < 0.2:
        return amount
    if chance < 0.3:
        return _ZERO
    share = rng.randint(60, 140) if chance < 0.85 else rng.randint(5, 600)
    return (amount * share / 100).quantize(Decimal("0.01"))


def _sangong(rng: Random) -> dict[str, Decimal]:
    names = ("出国", "购置", "运行", "接待")
    return {name: _amount(rng, 90_000) if rng.random() < 0.5 else _ZERO for name in names}


def _bought(rng: Random, size: int) -> tuple[Decimal, Decimal, Decimal]:
    goods, works, services = (
        _amount(rng, size // 4) if rng.random() < chance else _ZERO for chance in (0.8, 0.4, 0.8)
    )
    return goods, works, services


def _economic(rng: Random, items: tuple[Item, ...], reception: Decimal) -> dict[str, Decimal]:
    """Spread over 款; 公务接待费 is no more than all that is spent on it."""
    staff = sum((item.staff for item in items), _ZERO)
    running = sum((item.running for item in items), _ZERO)
    codes = [code for code in ECONOMIC if len(code) == 5 and code != "30217"]
    found = _spread(rng, staff, [c for c in codes if c[:3] in ("301", "303")])
    guests = min(_part(rng, reception), running / 4).quantize(Decimal("0.01"))
    found |= _spread(rng, running - guests, [c for c in codes if c[:3] in ("302", "310")])
    return {code: amount for code, amount in (found | {"30217": guests}).items() if amount}


def _spread(rng: Random, whole: Decimal, codes: list[str]) -> dict[str, Decimal]:
    chosen = sorted(rng.sample(codes, rng.randint(1, len(codes))))
    left, found = whole, {}
    for code in chosen[:-1]:
        part = (left * rng.randint(5, 60) / 100).quantize(Decimal("0.01"))
        found[code], left = part, left - part
    return found | {chosen[-1]: left}


def _named(rng: Random, whole: Decimal) -> dict[str, Decimal]:
    names = rng.sample(_PROJECTS, rng.randint(1, len(_PROJECTS)))
    found, left = {}, whole
    for name in names[:-1]:
        part = (left * rng.randint(10, 60) / 100).quantize(Decimal("0.01"))
        found[name], left = part, left - part
    return found | {names[-1]: left}
