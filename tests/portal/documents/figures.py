"""The facts of a sample: exact figures, rolled up by code. What does not add up is an error here.

All amounts are `Decimal` in 万元 unless a sample says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

ZERO: Final = Decimal("0.00")
_HALF_A_CENT: Final = Decimal("0.005")
"""What one printed line may be off by."""


def wan(text: str) -> Decimal:
    """A figure as written, with two decimals."""
    return Decimal(text.replace(",", "")).quantize(ZERO)


class Function(msgspec.Struct, frozen=True):
    """One 项 of the functional classification and what is spent under it."""

    code: str
    personnel: Decimal = ZERO
    public: Decimal = ZERO
    project: Decimal = ZERO

    @property
    def basic(self) -> Decimal:
        """基本支出."""
        return self.personnel + self.public

    @property
    def total(self) -> Decimal:
        """合计."""
        return self.basic + self.project


class Project(msgspec.Struct, frozen=True):
    """One line of the project table."""

    name: str
    amount: Decimal
    category: str = "本级支出项目"


class Sangong(msgspec.Struct, frozen=True):
    """The "three public expenses"."""

    abroad: Decimal = ZERO
    purchase: Decimal = ZERO
    running: Decimal = ZERO
    reception: Decimal = ZERO

    @property
    def cars(self) -> Decimal:
        """公务用车小计."""
        return self.purchase + self.running

    @property
    def total(self) -> Decimal:
        """合计."""
        return self.abroad + self.cars + self.reception


class Agency(msgspec.Struct, frozen=True):
    """Who publishes. `clerk` and `phone` are private, `hotline` is public."""

    name: str
    short: str
    division: str
    district: str
    code: str
    hotline: str
    clerk: str
    phone: str
    duties: tuple[str, ...]
    blank_zeros: bool
    """A zero is printed as an empty cell."""


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """What budgets and final accounts have in common."""

    agency: Agency
    year: int
    functions: tuple[Function, ...]
    economics: tuple[tuple[str, Decimal], ...]
    sangong: Sangong = Sangong()

    def rolled(self) -> dict[str, Function]:
        """Every 类, 款 and 项 in code order, each with its sums."""
        sums: dict[str, Function] = {}
        for item in sorted(self.functions, key=lambda f: f.code):
            for code in (item.code[:3], item.code[:5], item.code):
                sums[code] = plus(sums.get(code, Function(code)), item)
        return sums

    def total(self) -> Function:
        """合计 over all functions."""
        total = Function("")
        for item in self.functions:
            total = plus(total, item)
        return total

    def economic_sums(self) -> dict[str, Decimal]:
        """Every 类 and 款 in code order."""
        sums: dict[str, Decimal] = {}
        for code, amount in sorted(self.economics):
            sums[code[:3]] = sums.get(code[:3], ZERO) + amount
            sums[code] = sums.get(code, ZERO) + amount
        return sums

    def check_economics(self) -> None:
        """Both classifications spend the same. Raises ValueError."""
        total = self.total()
        staff = added(amount for code, amount in self.economics if code[:3] in ("301", "303"))
        goods = added(amount for code, amount in self.economics if code[:3] not in ("301", "303"))
        agree(f"{self.agency.name} {self.year} 人员经费", staff, total.personnel)
        agree(f"{self.agency.name} {self.year} 公用经费", goods, total.public)


class Budget(Accounts, frozen=True, kw_only=True):
    """A department budget."""

    projects: tuple[Project, ...]
    before: Budget | None = None
    """Last year's, for the prose."""

    def check(self) -> None:
        """Everything closes. Raises ValueError naming what does not."""
        self.check_economics()
        projects = added(project.amount for project in self.projects)
        agree(f"{self.agency.name} {self.year} 项目", projects, self.total().project)


class FinalAccount(Accounts, frozen=True, kw_only=True):
    """A department's final account. `printed` overrides sums with the figure as printed: real
    accounts are rounded line by line and end 0.01 apart (never more than 0.005 a line)."""

    plan: Sangong = Sangong()
    printed: dict[str, Decimal] = {}
    no_sangong: bool = False
    before: Decimal | None = None
    """Last year's total, for the prose."""
    budgeted: Decimal | None = None
    """年初预算, for the prose."""

    @property
    def grand(self) -> Decimal:
        """The total of everything, as printed."""
        return self.printed.get("合计", self.total().total)

    def check(self) -> None:
        """Closes within rounding. Raises ValueError naming what does not."""
        if not self.printed:
            self.check_economics()
        sums = {code: item.total for code, item in self.rolled().items()} | self.economic_sums()
        sums |= {"合计": self.total().total, "项目支出": self.total().project}
        lines = len(self.functions) + 1
        for code, figure in self.printed.items():
            if abs(figure - sums[code]) > lines * _HALF_A_CENT:
                raise ValueError(f"{self.agency.name} {self.year}: {code} is not {sums[code]}")

    def economic_printed(self) -> dict[str, Decimal]:
        """Every 类 and 款 as printed."""
        return {**self.economic_sums(), **{c: v for c, v in self.printed.items() if c[0] == "3"}}


def plus(one: Function, other: Function) -> Function:
    """Sums under the first one's code."""
    return Function(
        one.code,
        one.personnel + other.personnel,
        one.public + other.public,
        one.project + other.project,
    )


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return sum(amounts, ZERO)


def agree(what: str, one: Decimal, other: Decimal) -> None:
    """Raise ValueError unless both are the same."""
    if one != other:
        raise ValueError(f"{what}: {one} is not {other} ({one - other:+})")
