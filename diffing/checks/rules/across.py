"""Figures that several tables of one document print."""

from __future__ import annotations

from typing import Final

from archive.model import Kind
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Rule
from diffing.checks.rules.equations import equation_rule, of

__all__ = ["RULES"]


def _twice(there: str) -> Example:
    return of(
        sheet("final.total", line("本年支出合计", side="支出", 决算数="9.00")),
        sheet("final.expenditure", line("合计", 合计=there)),
    )


def _classes(there: str) -> Example:
    return of(
        sheet(
            "final.total",
            line("一、教育支出", side="支出", 决算数="9.00"),
            line("本年支出合计", side="支出", 决算数="9.00"),
        ),
        sheet("final.expenditure", line("合计", 合计="9.00"), line("教育支出", "205", 合计=there)),
    )


def _basic(there: str) -> Example:
    return of(
        sheet("final.general_function", line("合计", 基本支出="9.00")),
        sheet(
            "final.basic_economic",
            line("人员经费合计", 决算数="7.00"),
            line("公用经费合计", 决算数=there),
        ),
    )


def _codes(there: str) -> Example:
    total = line("合计", 合计="9.00")
    return of(
        sheet(
            "final.expenditure", total, line("行政运行", "2010601", 合计="9.00", 项目支出="4.00")
        ),
        sheet(
            "final.general_function",
            total,
            line("行政运行", "2010601", 合计="9.00", 项目支出=there),
        ),
    )


def _spending(there: str) -> Example:
    return of(
        sheet("budget.project", line("合计", 合计="9.00"), line("甲", 合计="9.00")),
        sheet("budget.expenditure", line("合计", 合计="20.00", 项目支出=there)),
    )


def _fiscal(there: str) -> Example:
    return of(
        sheet("final.fiscal", line("本年支出合计", side="支出", 合计="9.00", 一般公共预算="9.00")),
        sheet("final.general_function", line("合计", 合计=there)),
    )


RULES: Final[tuple[Rule, ...]] = (
    equation_rule(
        "X01",
        "收支总表与收入表、支出表一致",
        "The summary agrees with the income and expenditure tables",
        "收入总计＝收入表合计；支出总计＝支出表合计",
        ("*.total/income", "*.total/expenditure", "*.fiscal/income"),
        _twice("8.00"),
        _twice("9.01"),
        twice=True,
    ),
    equation_rule(
        "X02",
        "各支出类在各表中一致",
        "A class of expenditure is the same in every table",
        "收支总表、财政拨款收支总表各类＝支出表、一般公共预算支出表同名类（两表合计一致时）",
        ("*/classes",),
        _classes("8.00"),
        _classes("9.01"),
        twice=True,
    ),
    equation_rule(
        "X03",
        "财政拨款总表与一般公共预算、基金、国资各表一致",
        "The appropriations summary agrees with the table of each budget",
        "一般公共预算＝一般公共预算支出表合计；政府性基金预算＝基金表合计；国有资本经营预算＝国资表合计",
        ("*.fiscal/general", "*.fiscal/fund", "*.fiscal/soe"),
        _fiscal("8.00"),
        _fiscal("9.00"),
        twice=True,
    ),
    equation_rule(
        "X04",
        "支出表与一般公共预算支出表逐项一致",
        "Expenditure and general public budget agree line by line",
        "两表合计一致时，同一科目、同一栏金额相同；分单位与分科目合计相同",
        ("*.expenditure/general", "budget.general_unit/function"),
        _codes("5.00"),
        _codes("4.00"),
        twice=True,
    ),
    equation_rule(
        "X05",
        "基本支出在功能分类与经济分类表中一致",
        "Basic expenditure is the same by function and by economic class",
        "一般公共预算支出表基本支出＝基本支出表合计（人员经费＋公用经费）",
        ("*.general_function/*-economic",),
        _basic("1.00"),
        _basic("2.00"),
        twice=True,
    ),
    equation_rule(
        "X07",
        "项目支出表合计等于支出总表项目支出",
        "The project table's total is the project expenditure",
        "项目支出表合计＝支出总表项目支出",
        ("budget.project/expenditure",),
        _spending("8.00"),
        _spending("9.00"),
        twice=True,
        kinds=(Kind.BUDGET,),
    ),
)
