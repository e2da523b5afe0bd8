"""Every rule finds fault with its own example and none with the other; reports hold together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import msgspec
import pytest

from archive.forms import forms
from archive.model import Amount, Certainty, Column, Document, Kind, Paragraph, Remark, Repair
from diffing.checks import Outcome, Severity, check
from diffing.checks.case import Case
from diffing.checks.engine import Report, run
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Rule, Sureness
from diffing.checks.rules import RULES, equations, rule
from diffing.render.checks import lines


def reported(example: Example, one: Rule) -> Report:
    return run(Case(example.document(), [o.document() for o in example.others]), [one])


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_rule_fires_on_its_example(one: Rule) -> None:
    report = reported(one.fires, one)
    assert report.errors == ()
    assert report.count(Outcome.FAILS) >= 1
    finding = (*report.groups, *report.notes)[0].first
    assert finding.rule == one.id
    assert finding.severity in (one.severity, Severity.MINOR)
    assert finding.here[0].page is not None
    for sentence in (finding.sentence, finding.sentence_en):
        assert "{" not in sentence
        assert finding.stated in sentence


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_rule_is_silent_on_its_other_example(one: Rule) -> None:
    report = reported(one.silent, one)
    assert report.errors == ()
    assert (report.groups, report.notes) == ((), ())
    assert report.count(Outcome.HOLDS) + report.count(Outcome.ROUNDING) >= 1


def test_rules_have_one_id_each_and_say_where_they_come_from() -> None:
    assert len({one.id for one in RULES}) == len(RULES)
    assert all(one.title and one.title_en and one.formula and one.source for one in RULES)
    assert rule("n01") is RULES[[one.id for one in RULES].index("N01")]
    assert rule("Z99") is None


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_no_rule_fires_on_the_silent_example_of_another(one: Rule) -> None:
    report = check(one.silent.document(), [o.document() for o in one.silent.others])
    assert report.errors == ()
    assert [group.first.sentence for group in report.groups] == []


# ── what holds for every rule ───────────────────────────────────────────────────────────────


def prose(*text: str) -> Example:
    return Example(prose=("## 六、一般公共预算财政拨款基本支出决算情况说明", *text))


BASIC = sheet(
    "final.general_function",
    line("合计", 合计="9,746.50", 基本支出="5,364.75", 项目支出="4,381.75"),
)
ECONOMIC = sheet(
    "final.basic_economic",
    line("人员经费合计", 决算数="4,884.09"),
    line("公用经费合计", 决算数="480.66"),
)


def test_what_is_off_by_the_same_amount_is_one_finding() -> None:
    said = (
        "一般公共预算财政拨款基本支出5377.64万元。其中：人员经费4896.98万元；公用经费480.66万元。"
    )
    example = msgspec.structs.replace(prose(said), statements=(BASIC, ECONOMIC))
    report = check(example.document())
    (group,) = report.groups
    assert [finding.difference for finding in group.findings] == [Decimal("12.89")] * 2
    assert [finding.stated for finding in group.findings] == ["5377.64万元", "4896.98万元"]
    assert group.witnesses >= 2


def test_the_cell_that_several_equations_outvote_is_named() -> None:
    total = line("合计", 合计="859.30", 基本支出="637.45", 项目支出="221.85")
    rows = (
        line("一般公共服务支出", "201", 合计="859.30", 基本支出="637.45", 项目支出="221.85"),
        line("政府办公厅事务", "20103", 合计="859.30", 基本支出="637.45", 项目支出="221.85"),
        line("事业运行", "2010350", 合计="697.45", 基本支出="637.45", 项目支出="0.00"),
        line("其他事务支出", "2010399", 合计="161.85", 基本支出="0.00", 项目支出="161.85"),
    )
    example = Example(statements=(sheet("final.expenditure", total, *rows),))
    (group,) = check(example.document()).groups
    assert group.suspect is not None
    assert (group.suspect.name, group.suspect.measure) == ("2010350 事业运行", "项目支出")
    assert (group.implied, group.witnesses) == (Decimal("60.00"), 2)
    assert (group.suspect.page, group.suspect.row) == (3, 5)


def certain(certainty: Certainty) -> Example:
    row = line("合计", 合计="10.00", 基本支出="4.00", 项目支出="5.00")
    amounts = {
        measure: Amount(a.text, a.value, a.mark, certainty) for measure, a in row.amounts.items()
    }
    row = msgspec.structs.replace(row, amounts=amounts)
    return Example(statements=(sheet("final.expenditure", row),))


def test_figures_recognised_and_confirmed_lower_a_finding_one_step() -> None:
    (group,) = check(certain(Certainty.CONFIRMED).document()).groups
    assert (group.first.severity, group.first.sureness) == (Severity.MINOR, Sureness.LIKELY)


def test_figures_recognised_and_unconfirmed_accuse_nobody() -> None:
    report = check(certain(Certainty.RECOGNISED).document())
    assert report.groups == ()
    assert report.reasons["I03"] == {"recognised": 1}


def test_a_broken_rule_is_counted_and_silences_no_other() -> None:
    def broken(case: Case) -> Iterator[Check]:
        raise ValueError("by mistake")

    bad = msgspec.structs.replace(RULES[0], id="X99", run=broken)
    good = rule("I03")
    assert good is not None
    report = run(Case(good.fires.document()), [bad, good])
    assert report.errors == ("X99: ValueError: by mistake",)
    assert report.counts["X99"] == {Outcome.ERROR: 1}
    assert [group.first.rule for group in report.groups] == ["I03"]


def test_a_rule_that_breaks_on_what_was_replaced_still_tells_what_it_found() -> None:
    good = rule("D01")
    assert good is not None
    others = [one.document() for one in good.fires.others]

    def broken(case: Case) -> Iterator[Check]:
        if case is not whole:
            raise ValueError("by mistake")
        return good.run(case)

    whole = Case(good.fires.document(), others, replaced=lambda: others)
    bad = msgspec.structs.replace(good, run=broken)
    report = run(whole, [bad])
    assert [group.first.rule for group in report.groups] == ["D01"]
    assert report.errors == ("D01: ValueError: by mistake",)


def test_a_key_is_the_same_as_long_as_the_document_says_the_same() -> None:
    said = prose("公务接待费支出比2023年度减少0.15万元，下降27.78。")
    again, other = (
        check(said.document()),
        prose("公务接待费支出比2023年度减少0.15万元，下降27.79。"),
    )
    assert again.groups[0].key == check(said.document()).groups[0].key
    assert again.groups[0].key != check(other.document()).groups[0].key


def test_percentages_may_be_cut_off_instead_of_rounded() -> None:
    text = "本年支出合计9759.38万元，其中：基本支出9746.50万元，占{}%。"
    outcomes = {
        share: check(Example(prose=("## 三、支出决算情况说明", text.format(share))).document())
        for share in ("99.87", "99.86", "99.85")
    }
    assert [outcomes[s].counts["N02"] for s in outcomes] == [
        {Outcome.HOLDS: 1},
        {Outcome.ROUNDING: 1},
        {Outcome.FAILS: 1},
    ]


def test_documents_of_other_agencies_are_not_held_against_one() -> None:
    d02 = rule("D02")
    assert d02 is not None
    stranger = msgspec.structs.replace(d02.fires.others[0], agency="江城市云水区教育局")
    report = reported(msgspec.structs.replace(d02.fires, others=(stranger,)), d02)
    assert report.groups == ()
    assert report.reasons["D02"] == {"no-document": 1}


def test_a_kind_a_rule_is_not_for_is_not_asked() -> None:
    n06 = rule("N06")
    assert n06 is not None
    report = reported(msgspec.structs.replace(n06.fires, kind=Kind.BUDGET), n06)
    assert report.counts["N06"] == {Outcome.NOT_APPLICABLE: 1}


def test_the_registered_name_stands_in_where_a_document_does_not_say_its_own() -> None:
    said = prose("江城市云水区规划与自然资源局2024年度无政府性基金预算财政拨款支出。").document()
    unsaid = msgspec.structs.replace(said, facts=msgspec.structs.replace(said.facts, agency=None))
    assert check(unsaid).groups == ()
    (group,) = check(unsaid, agency="江城市云水区规划和自然资源局").groups
    assert group.first.rule == "S10"


def test_a_formula_about_one_side_is_asked_of_that_side_only() -> None:
    columns = (
        Column("决算数", "金额", "收入", "1"),
        Column("合计", "合计", "支出", "2=3+4"),
        Column("一般公共预算", "一般公共预算财政拨款", "支出", "3"),
        Column("政府性基金预算", "政府性基金预算财政拨款", "支出", "4"),
    )
    rows = (
        line("一、一般公共预算财政拨款", side="收入", 决算数="9.00"),
        line("教育支出", side="支出", 合计="9.00", 一般公共预算="7.00", 政府性基金预算="1.00"),
        line("住房保障支出", side="支出", 合计="2.00", 一般公共预算="2.00", 政府性基金预算=""),
    )
    made = msgspec.structs.replace(sheet("final.fiscal", *rows), columns=columns)
    report = check(Example(statements=(made,)).document())
    assert report.counts["I15"] == {Outcome.FAILS: 1, Outcome.HOLDS: 1}

    one, *others = columns
    crossed = (one, msgspec.structs.replace(others[0], number="2=1+3"), *others[1:])
    made = msgspec.structs.replace(made, columns=crossed)
    assert check(Example(statements=(made,)).document()).counts["I15"] == {
        Outcome.NOT_APPLICABLE: 1
    }


def test_a_note_is_no_part_of_what_was_found() -> None:
    s01 = rule("S01")
    assert s01 is not None
    report = reported(s01.fires, s01)
    assert report.groups == ()
    said = list(lines("a.pdf", report, {}))
    assert "  未发现不符" in said
    assert "  提示 1 处" in said
    assert any(text.startswith("  [提示] S01") for text in said)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"remarks": (Remark("page-image", "", 3),)}, "page-unread"),
        ({"prose": (Paragraph(1, "表七 政府性基金预算财政拨款收入支出决算表"),)}, "row-unknown"),
        ({"statements": ()}, "tables-elsewhere"),
    ],
)
def test_a_table_that_may_be_there_is_not_missed(spoilt: dict[str, Any], reason: str) -> None:
    s01 = rule("S01")
    assert s01 is not None
    document = msgspec.structs.replace(s01.fires.document(), **spoilt)
    report = run(Case(document), [s01])
    assert report.notes == ()
    assert set(report.reasons["S01"]) == {reason}


# ── what must never be called wrong ─────────────────────────────────────────────────────────

HARMLESS = (
    "截至年末，共有车辆0辆。",
    "二〇〇八年设立，二○○九年更名。",
    "为实现项目目的的需要，安排经费。",
    "其他支出（类）其他支出其他支出（款）安排10.00万元。",
    "博士人士地位进一步提高，护士地区待遇提高。",
    "获得市级财政补助资金100.00万元。",
    "2024年度“三公”经费支出决算数比2023年度增长1.5倍。",
    "项目支出包括：项目支出10.00万元、其他科学技术支出5.00万元。",
)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_sentences_are_no_findings(text: str) -> None:
    report = check(Example(prose=("## 七、说明", text), agency="江城市云水区财政局").document())
    assert [group.first.sentence for group in report.groups] == []


def test_an_alias_in_a_heading_is_not_another_agency() -> None:
    example = Example(
        prose=("# 第二部分江城市云水区万里街道办事处2024年度部门决算表",),
        agency="江城市云水区人民政府万里街道办事处",
    )
    report = check(example.document())
    assert report.groups == ()
    assert report.reasons["S09"] == {"name-unknown": 1}


def test_a_document_whose_year_may_be_misread_is_not_held_against_its_tables() -> None:
    titles = [
        sheet("final.expenditure", line("合计", 合计="1.00"), title="支出决算表", year=2023),
        sheet("final.income", line("合计", 合计="1.00"), title="收入决算表", year=2023),
    ]
    report = check(Example(statements=tuple(titles)).document())
    assert report.groups == ()
    assert report.reasons["S08"] == {"year-unusual": 1}


def test_a_printed_zero_needs_no_sentence() -> None:
    zero = sheet("final.fund", line("合计", 本年支出="0.00"))
    assert check(Example(statements=(zero,)).document()).groups == ()


def test_money_carried_over_does_not_contradict_that_nothing_is_spent() -> None:
    fund = sheet(
        "final.fund", line("合计", 本年支出=""), notes=("注：本年度无政府性基金预算支出。",)
    )
    fiscal = sheet(
        "final.fiscal", line("年初结转和结余", side="支出", 合计="9.00", 政府性基金预算="9.00")
    )
    assert check(Example(statements=(fund, fiscal)).document()).groups == ()


# ── a document that was read from paper before it was published ─────────────────────────────


def worn(example: Example, *repairs: Repair) -> Document:
    return msgspec.structs.replace(
        example.document(), repairs=repairs, remarks=(Remark("text-damaged", ""),)
    )


SHARE = Example(
    prose=(
        "## 三、支出决算情况说明",
        "本年支出合计1,000.00万元，其中：基本支出100.00万元，占60.00%。",
    )
)


def test_a_damaged_figure_accuses_nobody() -> None:
    read_as = Repair("100.00万元", "700.00万元", ("a sum",), 2, claim=1)
    report = check(worn(SHARE, read_as))
    assert report.groups == ()
    assert report.reasons["N02"] == {"damaged": 1}


def test_what_its_witnesses_read_bears_out_the_rest() -> None:
    read_as = Repair("100.00万元", "600.00万元", ("its share of 60%",), 2, claim=1)
    assert check(worn(SHARE, read_as)).counts["N02"] == {Outcome.HOLDS: 1}


def test_what_is_not_known_to_be_damaged_is_at_most_likely() -> None:
    (group,) = check(worn(SHARE)).groups
    assert (group.first.rule, group.first.severity) == ("N02", Severity.MINOR)
    assert group.first.sureness is Sureness.LIKELY
    assert check(SHARE.document()).groups[0].first.severity is Severity.MATERIAL


def test_a_name_of_the_classification_is_not_held_against_a_damaged_one() -> None:
    def said(name: str) -> Example:
        rows = (
            line("合计", 合计="21.79"),
            line("卫生健康支出", "210", 合计="21.79"),
            line("行政事业单位医疗", "21011", 合计="21.79"),
            line("公备局医疗补助", "2101103", 合计="21.79"),
        )
        path = f"卫生健康支出（类）行政事业单位医疗（款）{name}（项）。"
        return Example(
            prose=(
                "## 五、一般公共预算财政拨款支出决算情况说明",
                f"1、{path}年初预算为21.79万元，支出决算为21.79万元。",
            ),
            statements=(sheet("final.general_function", *rows),),
        )

    assert check(said("公务员医疗补助").document()).groups == ()
    assert check(said("公务员生育补助").document()).groups[0].first.rule == "N15"


def test_a_rule_names_equations_as_fnmatch_would() -> None:
    names = {
        f"{form.id}/{part}"
        for form in forms().values()
        for part in ("total", "tree", "year", "funds", "other-economic", "total-economic", "")
    } | {f"{form.id}/{equation.id}" for form in forms().values() for equation in form.equations}
    patterns = ("*.fund/total", "*/tree", "budget.total/total*", "final.fund/total",
                "*.general_function/*-economic", "*a*", "b?dget.total/*", "*")  # fmt: skip
    for pattern in patterns:
        assert {n for n in names if equations._alike(n, pattern)} == {
            n for n in names if fnmatchcase(n, pattern)
        }
