"""万里街道 2023 → 2024: figures and places read by hand from the rendered pages."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from diffing.changes import Change, What
from diffing.compare import Comparison, compare
from diffing.conservation import Outcome
from diffing.digest import of_versions
from diffing.render import markdown
from diffing.versions import IncomparableError, Mode, Version
from tests.corpus import FOLDER
from tests.reading import read_once

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpus is not here: ../shared/corpus"),
]


@cache
def read(name: str) -> Version:

    return Version(None, read_once((FOLDER / name).read_bytes()), label=name)


@cache
def wanli() -> Comparison:
    return compare(read("wanli_jdbsc_2023_budget.pdf"), read("wanli_jdbsc_2024_budget.pdf"))


def line(form: str, code: str, name: str, side: str | None = None) -> Change | None:
    found = [
        c
        for c in wanli().changes
        if (c.line.form, c.line.code, c.line.name, c.line.side) == (form, code, name, side)
    ]
    assert len(found) <= 1
    return found[0] if found else None


# form, code, name, measure, then text, page and row as counted on the page in 2023 and in 2024
PRINTED = [
    ("budget.expenditure", "204", "公共安全支出", "合计", "1,252,300", 16, 1, "1,633,000", 17, 2),
    ("budget.expenditure", "2040607", "公共法律服务", "合计", "150,000", 16, 3, "300,000", 17, 4),
    ("budget.expenditure", "2049999", "其他公共安全支出", "项目支出",
     "1,102,300", 16, 5, "1,333,000", 17, 6),
    ("budget.expenditure", "208", "社会保障和就业支出", "合计",
     "27,073,236", 16, 12, "19,604,064", 17, 16),
    ("budget.expenditure", "208", "社会保障和就业支出", "基本支出",
     "18,285,736", 16, 12, "13,368,164", 17, 16),
    ("budget.expenditure", "208", "社会保障和就业支出", "项目支出",
     "8,787,500", 16, 12, "6,235,900", 17, 16),
    ("budget.expenditure", "20805", "行政事业单位养老支出", "合计",
     "6,851,259", 16, 15, "7,234,970", 17, 17),
    ("budget.expenditure", "2080501", "行政单位离退休", "基本支出",
     "177,240", 16, 16, "243,120", 17, 18),
    ("budget.basic_economic", "30206", "电费", "合计", "710,000", 27, 1, "280,000", 30, 2),
    ("budget.basic_economic", "30209", "物业管理费", "公用经费",
     "3,013,200", 27, 3, "1,090,020", 30, 4),
    ("budget.basic_economic", "30214", "租赁费", "合计", "1,990,014", 27, 5, "581,200", 30, 7),
    ("budget.basic_economic", "30227", "委托业务费", "合计", "150,000", 27, 9, "226,500", 30, 11),
    ("budget.basic_economic", "30228", "工会经费", "合计", "580,885", 27, 10, "607,849", 30, 12),
    ("budget.basic_economic", "30239", "其他交通费用", "合计",
     "698,880", 27, 13, "691,680", 30, 15),
    ("budget.basic_economic", "30299", "其他商品和服务支出", "公用经费",
     "746,580", 27, 14, "690,682", 30, 16),
    ("budget.basic_economic", "30302", "退休费", "人员经费", "177,480", 27, 16, "254,940", 30, 18),
    ("budget.basic_economic", "", "合计", "合计", "99,406,297", 27, 17, "99,706,020", 30, 19),
    ("budget.basic_economic", "", "合计", "人员经费", "84,024,865", 27, 17, "88,537,451", 30, 19),
    ("budget.basic_economic", "", "合计", "公用经费", "15,381,432", 27, 17, "11,168,569", 30, 19),
    ("budget.sangong", "", "合计", "预算数", "22.91", 28, 4, "47.91", 31, 4),
    ("budget.sangong", "", "公务用车购置及运行费-小计", "预算数", "21.56", 28, 4, "46.56", 31, 4),
    ("budget.sangong", "", "公务用车购置及运行费-购置费", "预算数", "0", 28, 4, "25", 31, 4),
    ("budget.sangong", "", "机关运行经费", "预算数", "786.09", 28, 4, "443.18", 31, 4),
]  # fmt: skip

UNCHANGED = [
    ("budget.expenditure", "206", "科学技术支出"),
    ("budget.expenditure", "2060702", "科普活动"),
    ("budget.expenditure", "207", "文化旅游体育与传媒支出"),
    ("budget.expenditure", "2070308", "群众体育"),
    ("budget.basic_economic", "30207", "邮电费"),
    ("budget.basic_economic", "30211", "差旅费"),
    ("budget.basic_economic", "30215", "会议费"),
    ("budget.basic_economic", "30216", "培训费"),
    ("budget.basic_economic", "30217", "公务接待费"),
    ("budget.basic_economic", "30229", "福利费"),
    ("budget.basic_economic", "30231", "公务用车运行维护费"),
    ("budget.sangong", "", "因公出国(境)费"),
    ("budget.sangong", "", "公务接待费"),
    ("budget.sangong", "", "公务用车购置及运行费-运行费"),
]


@pytest.mark.parametrize("printed", PRINTED, ids=lambda p: f"{p[1]}{p[2]}-{p[3]}")
def test_changes_are_those_printed_on_the_pages(printed: tuple) -> None:
    form, code, name, measure, old, old_page, old_row, new, new_page, new_row = printed
    change = line(form, code, name)
    assert change is not None
    (cell,) = (c for c in change.cells if c.measure == measure)
    assert cell.old is not None
    assert cell.new is not None
    assert cell.old_at is not None
    assert cell.new_at is not None
    assert (cell.old.text, cell.old_at.page, cell.old_at.row) == (old, old_page, old_row)
    assert (cell.new.text, cell.new_at.page, cell.new_at.row) == (new, new_page, new_row)
    yuan = 1 if form == "budget.sangong" else 10_000
    expected = (Decimal(new.replace(",", "")) - Decimal(old.replace(",", ""))) / yuan
    assert cell.difference == expected


@pytest.mark.parametrize(("form", "code", "name"), UNCHANGED)
def test_what_is_printed_alike_is_no_change(form: str, code: str, name: str) -> None:
    assert line(form, code, name) is None


def test_lines_only_one_year_has() -> None:
    functional = ("budget.income", "budget.expenditure", "budget.general_function")
    new = {(c.line.form, c.line.code) for c in wanli().changes if c.kind is What.NEW}
    dropped = {(c.line.form, c.line.code) for c in wanli().changes if c.kind is What.DROPPED}

    assert new == {(f, code) for f in functional for code in ("205", "20599", "2059999")} | {
        ("budget.basic_economic", "30213"),
        ("budget.total", ""),
        ("budget.fiscal", ""),
    }
    assert dropped == {(f, code) for f in functional for code in ("2010506", "20802", "2080206")}


def test_every_row_of_the_nine_standard_tables_is_accounted_for() -> None:
    account = wanli().accounting

    assert (account.paired, account.changed) == (262, 202)
    assert (account.new_rows, account.dropped, account.in_added) == (12, 9, 0)
    assert account.old == account.paired + account.dropped + account.in_removed
    assert account.new == account.paired + account.new_rows
    assert {c.outcome for c in wanli().conservation} == {Outcome.HOLDS}


GOLDEN = Path(__file__).parent.parent / "corpus" / "golden" / "two_years_wanli.csv"
"""Every figure of every statement on both sides. 收支预算总表, 基本支出 (经济分类) and “三公” were
read by hand, line by line, from the rendered pages 10, 26 to 28 (2023) and 10, 29 to 31 (2024)."""


def accounted() -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("form", "side", "code", "name", "old_name", "measure", "old", "new", "old_at", "new_at")
    )
    for pair in wanli().alignment.statements:
        for row in pair.rows:
            item = row.new or row.old
            assert item is not None
            sides = (row.old, row.new)
            renamed = row.old is not None and row.old.name != item.name
            for measure in item.amounts:
                old, new = (i.amounts[measure].text.strip() if i else "" for i in sides)
                if old or new:
                    places = (f"{i.page}:{i.row}" if i else "" for i in sides)
                    old_name = row.old.name if row.old and renamed else ""
                    names = (pair.either.form, item.side or "", item.code, item.name, old_name)
                    writer.writerow((*names, measure, old, new, *places))
    return out.getvalue()


def test_every_figure_of_every_statement_is_accounted_for() -> None:
    assert accounted() == GOLDEN.read_text("utf-8")


def test_last_years_figures_stand_twice() -> None:
    assert [w.agrees for w in wanli().witnesses] == [True] * 11


def test_the_digest_says_what_a_reader_needs() -> None:
    old, new = read("wanli_jdbsc_2023_budget.pdf"), read("wanli_jdbsc_2024_budget.pdf")

    text = markdown.render(of_versions(old, new))

    for sentence in (
        "1. 收支总预算：2024 年预算 1.56 亿元（15,621.1123 万元），"
        "比 2023 年预算减少 876.7517 万元，下降 5.31% "
        "*\\[1\\] 第 10 页第 16 行; \\[2\\] 第 10 页第 16 行*",
        "“三公”经费合计：2024 年预算 47.91 万元，比 2023 年预算增加 25.00 万元，增长 109.12%",
        "公务用车购置及运行费 · 购置费：由无到有，2024 年预算 25.00 万元"
        "（2023 年预算为 0，无法计算增幅）",
        "社会保障和就业支出：2024 年预算 1,960.4064 万元，"
        "比 2023 年预算减少 746.9172 万元，下降 27.59%",
    ):
        assert sentence in text


def test_a_final_account_is_not_compared_with_next_years_budget() -> None:
    with pytest.raises(IncomparableError, match="kind is final on one side and budget"):
        compare(read("czj_2024_final.pdf"), read("czj_dept_2025_budget.pdf"))


@pytest.mark.parametrize("name", ["czj_2024_final.pdf", "sfj_dept_2026_budget.pdf"])
def test_a_real_document_against_itself_gives_nothing(name: str) -> None:
    assert compare(read(name), read(name), Mode.REVISION).changes == ()
