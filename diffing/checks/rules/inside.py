"""Figures inside one table: its rows, columns, sides and lists."""

from __future__ import annotations

from typing import Final

import msgspec

from archive.model import Column, Kind
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Rule
from diffing.checks.rules.equations import equation_rule, of

__all__ = ["RULES"]


def _tree(total: str, kuan: str) -> Example:
    return of(
        sheet(
            "final.expenditure",
            line("合计", 合计=total),
            line("教育支出", "205", 合计=total),
            line("普通教育", "20502", 合计=kuan),
        )
    )


def _spent(total: str, basic: str, project: str) -> Example:
    return of(
        sheet("final.expenditure", line("合计", 合计=total, 基本支出=basic, 项目支出=project))
    )


def _running(basic: str, staff: str, running: str) -> Example:
    return of(
        sheet(
            "budget.general_function",
            line("合计", 基本支出=basic, 人员经费=staff, 公用经费=running),
        )
    )


def _income(total: str, fiscal: str, other: str) -> Example:
    return of(sheet("final.income", line("合计", 合计=total, 财政拨款收入=fiscal, 其他收入=other)))


def _sides(income: str, spent: str, carried: str) -> Example:
    return of(
        sheet(
            "final.total",
            line("本年收入合计", side="收入", 决算数=income),
            line("总计", side="收入", 决算数=income),
            line("本年支出合计", side="支出", 决算数=spent),
            line("年末结转和结余", side="支出", 决算数=carried),
            line("总计", side="支出", 决算数=income),
        )
    )


def _economic(total: str, staff: str) -> Example:
    return of(
        sheet(
            "final.basic_economic",
            line("工资福利支出", "301", 决算数=staff),
            line("基本工资", "30101", 决算数=staff),
            line("对个人和家庭的补助", "303", 决算数="1.00"),
            line("人员经费合计", 决算数=total),
        )
    )


def _sangong(total: str, reception: str) -> Example:
    return of(
        sheet(
            "budget.sangong",
            line("合计", 预算数=total),
            line("因公出国（境）费", 预算数="0.00"),
            line("公务用车购置及运行费-小计", 预算数="2.00"),
            line("公务接待费", 预算数=reception),
        )
    )


def _fund(end: str) -> Example:
    return of(
        sheet(
            "final.fund",
            line(
                "合计", 年初结转和结余="1.00", 本年收入="9.00", 本年支出="7.00", 年末结转和结余=end
            ),
        )
    )


def _project(second: str) -> Example:
    return of(
        sheet(
            "budget.project",
            line("合计", 合计="5.00"),
            line("甲", 合计="3.00"),
            line("乙", 合计=second),
        )
    )


def _funds(total: str) -> Example:
    return of(
        sheet(
            "budget.fiscal",
            line("支出总计", side="支出", 合计=total, 一般公共预算="8.00", 政府性基金预算="1.00"),
        )
    )


def _printed(end: str) -> Example:
    made = sheet(
        "final.fund",
        line("合计", 年初结转和结余="1.00", 本年收入="9.00", 本年支出="7.00", 年末结转和结余=end),
        notes=("4栏各行＝（1＋2－3）栏各行",),
    )
    columns = tuple(Column(measure, measure) for measure in made.items[0].amounts)
    return of(msgspec.structs.replace(made, columns=columns))


RULES: Final[tuple[Rule, ...]] = (
    equation_rule(
        "I01",
        "各级科目之和等于上一级",
        "Each level of the classification adds up to the one above",
        "合计＝Σ类；类＝Σ款；款＝Σ项；单位之和＝合计",
        ("*/tree",),
        _tree("9.00", "8.00"),
        _tree("9.00", "9.01"),
    ),
    equation_rule(
        "I03",
        "每行合计等于各项支出之和",
        "A row's total is the sum of its kinds of expenditure",
        "合计＝基本支出＋项目支出＋上缴上级支出＋经营支出＋对附属单位补助支出",
        (
            "*.expenditure/total",
            "*.general_function/total",
            "*.general_unit/total",
            "*.fund/total",
            "*.soe/total",
            "*.fund/year",
            "*.soe/year",
            "budget.total/total*",
        ),
        _spent("10.00", "4.00", "5.00"),
        _spent("10.00", "4.00", "6.01"),
    ),
    equation_rule(
        "I04",
        "基本支出等于人员经费加公用经费",
        "Basic expenditure is staff costs plus running costs",
        "基本支出＝人员经费＋公用经费",
        ("*/basic", "budget.basic_economic/total"),
        _running("27.56", "27.56", "0.05"),
        _running("27.56", "27.50", "0.05"),
    ),
    equation_rule(
        "I05",
        "每行收入合计等于各项收入之和",
        "A row's income is the sum of its sources",
        "合计＝各项收入之和（＋上年结转）",
        (
            "*.income/total",
            "*.income/year",
            "*.income/carried",
            "*.income/sources",
            "*.income/appropriated",
            "*.income/funds",
        ),
        _income("10.00", "9.00", "0.50"),
        _income("10.00", "9.00", "1.01"),
    ),
    equation_rule(
        "I07",
        "收入总计等于支出总计",
        "Total income is total expenditure",
        "收入总计＝支出总计",
        ("*/balance",),
        of(
            sheet(
                "budget.total",
                line("收入总计", side="收入", 预算数="9.00"),
                line("支出总计", side="支出", 预算数="8.00"),
            )
        ),
        _sides("9.00", "7.00", "2.00"),
        twice=True,
    ),
    equation_rule(
        "I08",
        "收支总表各行之和等于合计与总计",
        "The lines of a side add up to its totals",
        "本年合计＝Σ各行；总计＝本年合计＋结转结余；分项之和＝其上一行",
        ("*/outline", "*/outline-parts"),
        _sides("9.00", "7.00", "1.00"),
        _sides("9.00", "7.00", "2.00"),
    ),
    equation_rule(
        "I09",
        "财政拨款等于三本预算之和",
        "Appropriations are the sum of the three budgets",
        "合计＝一般公共预算＋政府性基金预算＋国有资本经营预算",
        ("*.fiscal/funds",),
        _funds("10.00"),
        _funds("9.01"),
    ),
    equation_rule(
        "I10",
        "人员经费与公用经费等于所含经济科目之和",
        "Staff and running costs are the sum of their economic classes",
        "人员经费合计＝301＋303；公用经费合计＝302＋307＋309＋310＋311＋312＋313＋399",
        (
            "final.basic_economic/staff",
            "final.basic_economic/running",
            "final.basic_economic/total",
        ),
        _economic("9.00", "7.00"),
        _economic("8.00", "7.00"),
        kinds=(Kind.FINAL,),
    ),
    equation_rule(
        "I11",
        "“三公”经费合计等于三项之和",
        "The three public expenses add up",
        "合计＝因公出国（境）费＋公务用车购置及运行费＋公务接待费；用车＝购置＋运行",
        ("*.sangong/total", "*.sangong/vehicles"),
        _sangong("3.00", "0.50"),
        _sangong("2.50", "0.50"),
    ),
    equation_rule(
        "I12",
        "年末结转等于年初结转加收入减支出",
        "Carry-over at the end is what was there plus income less expenditure",
        "年末结转和结余＝年初结转和结余＋本年收入－本年支出",
        ("final.fund/carried", "final.soe/carried"),
        _fund("4.00"),
        _fund("3.00"),
        kinds=(Kind.FINAL,),
    ),
    equation_rule(
        "I13",
        "项目、采购与购买服务明细之和等于合计",
        "Projects, purchases and services add up to their total",
        "合计＝Σ各行；每行合计＝各项资金来源之和",
        tuple(
            f"budget.{form}/{equation}"
            for form in ("project", "procurement", "services")
            for equation in ("list", "sources", "sources-detailed")
        ),
        _project("1.00"),
        _project("2.00"),
        kinds=(Kind.BUDGET,),
    ),
    equation_rule(
        "I15",
        "表中印出的栏次公式成立",
        "The formulas a table prints about its columns hold",
        "如“1栏＝（2＋3＋6）栏”，按印出的公式逐行计算",
        ("*/printed",),
        _printed("4.00"),
        _printed("3.00"),
    ),
)
