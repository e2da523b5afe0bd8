"""The equations of the forms over real publications: what they print adds up, or it is known why.

Every failure below was looked at on its page. All of them stand in one publication, and each
figure is printed as said.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from archive.forms.equations import Instance, Outcome
from archive.forms.evaluation import evaluate
from tests import corpus
from tests.reading import read_once

pytestmark = pytest.mark.corpus

FAILURES: dict[str, set[tuple[str, str, str]]] = {
    "dongxihu-2025-budget": {
        # page 5: 2010350 prints 697.45 = 637.45 + 0.00; page 7 prints 60.00 of projects for it
        ("budget.expenditure/total", "事业运行", "60.00"),
        ("budget.expenditure/tree", "政府办公厅（室）及相关机构事务", "60.00"),
        ("budget.expenditure/general", "事业运行", "-60.00"),
        # page 6: the whole appropriation once as general budget and once as funds
        ("budget.fiscal/outline-parts", "一、本年收入", "-1159.18"),
        # page 7: 0.05 of running costs on top of a total that is staff costs alone
        ("budget.general_function/basic", "社会保障和就业支出", "-0.05"),
        ("budget.general_function/basic", "行政事业单位养老支出", "-0.05"),
        ("budget.general_function/basic", "事业单位离退休", "-0.05"),
        ("budget.general_function/tree", "合计", "-0.06"),
    },
    "jiangan-2024-budget": {("budget.performance_project/details", "项目当年预算", "-0.16")},
    "wanli_jdbsc_2023_budget": {
        ("budget.performance_project/funds-year", "年度资金申请总额", "-516000.00")
    },
}
AT_LEAST = {
    "czj_2024_final": 200,
    "czj_dept_2025_budget": 230,
    "dongxihu-2025-budget": 340,
    "ghzyj_2024_final": 210,
    "jiangan-2024-budget": 350,
    "qingshan-2023-final": 8,
    "sfj_dept_2026_budget": 300,
    "shflfly_unit_2024_budget": 160,
    "wanli_jdbsc_2023_budget": 740,
    "wanli_jdbsc_2024_budget": 860,
    "wuchang-2024-final": 520,
    "wuchang-2025-budget": 0,
    "zfbgs_dept_2025_budget": 230,
}
"""Equations that hold or differ by rounding only; two documents print most tables as images."""

UNDECIDED = {
    # the form of the whole agency is printed once a unit: no one of them is the department's
    "jiangan-2024-budget": [
        ("budget.performance_whole/income", "several"),
        ("budget.performance_whole/projects", "several"),
    ],
}


@cache
def equations(path: Path) -> tuple[Instance, ...]:
    return evaluate(read_once(path.read_bytes()))


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_equations_of_real_statements(path: Path) -> None:
    made = equations(path)
    failing = {
        (one.equation, one.cells[0].name, str(one.difference))
        for one in made
        if one.outcome is Outcome.FAILS
    }
    assert failing == FAILURES.get(path.stem, set())
    counts = Counter(one.outcome for one in made)
    assert counts[Outcome.HOLDS] + counts[Outcome.ROUNDING] >= AT_LEAST[path.stem]
    open_ = [(o.equation, o.reason) for o in made if o.outcome is Outcome.UNDECIDABLE]
    assert open_ == UNDECIDED.get(path.stem, [])


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_rounding_is_never_wider_than_its_figures_allow(path: Path) -> None:
    for one in equations(path):
        if one.outcome is Outcome.ROUNDING:
            assert one.difference is not None
            assert Decimal(0) < abs(one.difference) <= one.tolerance
