"""What several tables of the Wuhan budget layout share."""

from __future__ import annotations

from decimal import Decimal

from tests.portal.documents.figures import ZERO, Budget, Function
from tests.portal.documents.sheets import Printer, Row


def printer(budget: Budget) -> Printer:
    return Printer(blank_zeros=budget.agency.blank_zeros, commas=False)


def caption(budget: Budget) -> tuple[str, str]:
    agency = budget.agency
    return (
        f"部门/单位：[{agency.division}000]{agency.district}，[{agency.code}]{agency.name}",
        "单位：万元",
    )


def who(budget: Budget) -> list[tuple[str, str]]:
    """The unit rows: total, department, its own office."""
    agency = budget.agency
    return [("", "合计"), (agency.code, agency.name), (f"{agency.code}001", f"{agency.name}本级")]


def sided(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple(
        Row(name=name, side=side, values={"预算数": figure})
        for side, lines in (("收入", left), ("支出", right))
        for name, figure in lines
        if name
    )


def of(spent: dict[str, Function], code: str) -> Decimal:
    return spent[code].total if code in spent else ZERO


def indent(code: str, name: str, top: int = 3) -> str:
    return "　" * ((len(code) - top) // 2) + name if code else name
