"""What the rules find in real publications: all of it looked at on its page, nothing else.

docs/findings-review.md says of each finding what the page prints.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive.model import Document
from diffing.checks import Outcome, Report, Severity, check
from tests import corpus
from tests.reading import read_once

pytestmark = pytest.mark.corpus

# (rule, page, what is printed, how many places share the cause)
REVIEWED: dict[str, tuple[tuple[str, int, str, int], ...]] = {
    "czj_2024_final": (
        ("N01", 21, "0.3万元", 1),
        ("N02", 21, "71.73%", 1),
        ("N11", 23, "个人农业生产补贴", 1),
    ),
    "ghzyj_2024_final": (
        ("N15", 22, "机关事业单位退休人员活动费支出（项）", 1),
        ("N01", 24, "5377.64万元", 2),
        ("T03", 25, "下降（增长）", 1),
        ("T07", 5, "集体士地", 1),
        ("S09", 7, "上海市规划和自然资源局", 1),
        ("T07", 20, "上一度", 3),
        ("T06", 21, "增长13.95", 1),
        ("N15", 24, "其他国土资源事务支出（项）", 1),
        ("N15", 24, "住房保障支出（款）", 2),
        ("N11", 24, "奖金、奖励金、其他对个人和家庭的补助支出", 1),
        ("N11", 24, "税金及附加费用", 1),
        ("S10", 26, "上海市普陀区规划与自然资源局", 3),
    ),
    "czj_dept_2025_budget": (
        ("N01", 7, "887.36万元", 1),
        ("S04", 18, "政府性基金预算", 1),
    ),
    "sfj_dept_2026_budget": (
        ("N09", 8, "比2026年预算", 5),
        ("N01", 9, "201.50万元", 1),
        ("N13", 9, "增加17.62%", 1),
        ("N13", 9, "增加17.66%", 1),
        ("T10", 9, "医疗卫生与计划生育支出", 1),
    ),
    "shflfly_unit_2024_budget": (
        ("N01", 6, "738.66万元", 2),
        ("T10", 7, "医疗卫生与计划生育支出", 3),
        ("S05", 9, "71102 事业单位医疗", 2),
        ("S05", 14, "30202 咨询费", 12),
    ),
    "wanli_jdbsc_2023_budget": (
        ("N19", 6, "增加1421.25万元", 1),
        ("N13", 6, "增加314.82%", 1),
        ("N01", 7, "441.25万元", 2),
        ("I17", 35, "10903043.00元", 1),
    ),
    "wanli_jdbsc_2024_budget": (
        ("N01", 9, "352.67万元", 1),
        ("S03", 31, "无“三公”经费", 1),
    ),
    "zfbgs_dept_2025_budget": (),
    "dongxihu-2025-budget": (
        ("I01", 5, "221.85万元", 3),
        ("I08", 6, "1159.18万元", 2),
        ("I01", 7, "833.18万元", 4),
        ("N04", 36, "减少22.64万元", 1),
        ("T05", 35, "收入包括：收入包括", 1),
        ("N17", 37, "企业人才活动经费项目", 1),
        ("T05", 37, "用于用于", 2),
    ),
    "jiangan-2024-budget": (
        ("I17", 40, "0.15万元", 1),
        ("I19", 40, "60%", 1),
    ),
    "qingshan-2023-final": (
        ("N09", 15, "相比2020年度决算数", 1),
        ("T05", 20, "评价情况来看，从评价情况来看，", 1),
        ("T02", 23, "重点工作事项标题", 2),
        ("T08", 25, "指市级财政", 4),
        ("T01", 25, "（参考《2021年政府收支分类科目》说明逐项解释。）", 1),
    ),
    "wuchang-2024-final": (
        ("N06", 21, "118.8%", 1),
        ("N14", 26, "13,704.8元", 2),
        ("T05", 18, "主要是原因是", 2),
        ("N16", 31, "房租补贴", 1),
        ("T08", 31, "纳入市级财政", 1),
        ("T01", 34, "(请按部门一级项目个数公开)", 1),
    ),
    "wuchang-2025-budget": (
        ("T05", 1, "科技创新科技创新", 3),
        ("T01", 20, "(选择本部门使用的收入项目)", 1),
    ),
}

# findings.json id → where the rules say it: (rule, page, words of the sentence or of a place)
KNOWN = {
    "czj-1": ("N01", 21, "0.3万元"),
    "czj-2": ("N02", 21, "71.73%"),
    "czj-3": ("N11", 23, "个人农业生产补贴"),
    "gh-1": ("N01", 24, "5377.64万元"),
    "gh-2": ("T03", 25, "下降（增长）"),
    "gh-3": ("T06", 21, "增长13.95"),
    "gh-4": ("S09", 7, "上海市规划和自然资源局"),
    "gh-5": ("S10", 26, "规划与自然资源局"),
    "gh-6": ("N11", 24, "奖金、奖励金"),
    "gh-7": ("N15", 22, "机关事业单位退休人员活动费支出"),
    "gh-8": ("N15", 24, "其他国土资源事务支出"),
    "gh-9": ("N15", 24, "住房保障支出（款）"),
}


@cache
def document(path: Path) -> Document:
    return read_once(path.read_bytes())


@cache
def report(path: Path) -> Report:
    return check(document(path))


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_every_finding_is_one_that_was_looked_at(path: Path) -> None:
    found = [
        (g.first.rule, g.first.here[0].page, g.first.stated, len(g.findings))
        for g in report(path).groups
    ]
    assert found == list(REVIEWED[path.stem])
    assert report(path).errors == ()


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_far_more_holds_than_fails(path: Path) -> None:
    made = report(path)
    assert made.count(Outcome.HOLDS) > 20 * made.count(Outcome.FAILS)


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_what_is_said_to_be_wrong_stands_in_the_quotation_and_the_quotation_in_the_document(
    path: Path,
) -> None:
    prose = document(path).prose
    for finding in (f for g in report(path).groups for f in g.findings if f.rule[0] == "N"):
        for place in (*finding.here, *finding.there):
            if place.statement:
                continue
            assert place.name in place.quotation or place.name == "名词解释"
            assert all(words in place.quotation for words in place.text.split("、"))
            texts = [paragraph.text for paragraph in prose if paragraph.page == place.page]
            parts = place.quotation.split("……")
            assert any(all(part in text for part in parts) for text in texts)
        if finding.rule == "N15":
            assert finding.stated in finding.here[0].quotation


# The paragraph states the right figure too, and its finding says so.
RIGHT = {
    ("sfj_dept_2026_budget", "201.50万元"): "208.8万元",
    ("wanli_jdbsc_2024_budget", "352.67万元"): "350.35万元",
    ("wanli_jdbsc_2023_budget", "441.25万元"): "220.63万元",
}


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_a_wrong_amount_is_told_with_the_right_one_of_its_paragraph(path: Path) -> None:
    for finding in (f for g in report(path).groups for f in g.findings if f.rule == "N01"):
        right = RIGHT.get((path.stem, finding.stated))
        told = f"；同段另写{right}，与表一致"
        assert finding.sentence.endswith(told) if right else "同段" not in finding.sentence
        assert (right or finding.stated) in finding.here[0].quotation


def known() -> list[Any]:
    file = corpus.FOLDER / "findings.json"
    if not file.exists():
        return [corpus.absent()]
    return [pytest.param(one, id=one["id"]) for one in json.loads(file.read_text())["findings"]]


@pytest.mark.parametrize("one", known())
def test_errors_read_by_hand_are_found_and_rounding_is_not(one: dict[str, Any]) -> None:
    made = report(corpus.FOLDER / one["file"])
    if one["severity"] == "rounding":
        assert one["id"] not in KNOWN
        return
    rule, page, words = KNOWN[one["id"]]
    (group,) = [
        g
        for g in made.groups
        if g.first.rule == rule and g.first.here[0].page == page and words in g.first.sentence
    ]
    if one["severity"] == "material":
        assert group.first.severity is Severity.MATERIAL


def test_last_years_budget_confirms_what_this_years_says_of_it() -> None:
    paths = [corpus.FOLDER / f"wanli_jdbsc_{year}_budget.pdf" for year in (2024, 2023)]
    if not all(path.exists() for path in paths):
        pytest.skip("the corpus is not here: ../shared/corpus")
    made = check(document(paths[0]), [document(paths[1])])
    assert made.counts["D01"][Outcome.HOLDS] >= 4
    assert Outcome.FAILS not in made.counts["D01"]


SEEDS = corpus.FOLDER.parent / "seeds"
# (rule, severity, what is printed, how many places share the cause)
TEXTS: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "dongxihu-2025-budget": (
        ("N04", "material", "减少22.64万元", 1),
        ("I01", "material", "221.85万元", 3),
        ("I08", "material", "1159.18万元", 2),
        ("I01", "material", "833.18万元", 4),
        ("N17", "minor", "企业人才活动经费项目", 1),
        ("T05", "minor", "收入包括：收入包括", 1),
        ("T05", "minor", "用于用于", 2),
    ),
    "jiangan-2024-budget": (("I19", "minor", "60%", 1),),
    "qingshan-2023-final": (
        ("N09", "material", "相比2020年度决算数", 1),
        ("T08", "minor", "指市级财政", 4),
        ("T01", "minor", "（参考《2021年政府收支分类科目》说明逐项解释。）", 1),
        ("T02", "minor", "重点工作事项标题", 2),
        ("T05", "minor", "评价情况来看，从评价情况来看，", 1),
    ),
    # read from paper and damaged before it was kept as text: nothing in it is sure
    "wuchang-2024-final": (
        ("N14", "minor", "11,704.8元", 2),
        ("N06", "minor", "118.8%", 1),
        ("N16", "minor", "房租补贴", 1),
        ("T08", "minor", "纳入市级财政", 1),
        ("T01", "minor", "(请按部门一级项目个数公开)", 1),
        ("T05", "minor", "主要是原因是", 2),
    ),
    "wuchang-2025-budget": (
        ("T01", "minor", "(选择本部门使用的收入项目)", 1),
        ("T05", "minor", "科技创新科技创新", 3),
    ),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the texts are not here: ../shared/seeds")
@pytest.mark.parametrize("name", TEXTS)
def test_the_texts_of_five_publications_say_the_same_and_damage_accuses_nobody(name: str) -> None:
    made = report(SEEDS / f"{name}.txt")
    found = [
        (g.first.rule, str(g.first.severity), g.first.stated, len(g.findings)) for g in made.groups
    ]
    assert found == list(TEXTS[name])
    assert (made.errors, made.notes) == ((), ())
