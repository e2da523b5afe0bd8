"""What is quoted with a finding: the words that are wrong, and what names them, as printed."""

from __future__ import annotations

import msgspec

from archive.model import Remark, Repair
from diffing.checks import Finding, check
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Place
from diffing.checks.quoting import shortened
from diffing.concern import concerns

FUND = "住房保障支出（类）住房改革支出（款）住房公积金（项）"
HEADING = "## 五、一般公共预算财政拨款支出决算情况说明"


def housing(*prose: str) -> Example:
    rows = (
        line("合计", 合计="208.80"),
        line("住房保障支出", "221", 合计="208.80"),
        line("住房改革支出", "22102", 合计="208.80"),
        line("住房公积金", "2210201", 合计="208.80"),
    )
    return Example(prose=(HEADING, *prose), statements=(sheet("final.general_function", *rows),))


def only(example: Example) -> Finding:
    (group,) = check(example.document()).groups
    (finding,) = group.findings
    return finding


# ── the right figure in the same paragraph ──────────────────────────────────────────────────


def test_a_wrong_amount_beside_the_right_one_is_not_told_without_it() -> None:
    said = f"12、{FUND}208.8万元。主要用于：缴纳住房公积金。2024年支出决算201.50万元。"
    finding = only(housing(said))
    assert (finding.rule, finding.stated) == ("N01", "201.50万元")
    assert finding.sentence.endswith("相差7.3万元；同段另写208.8万元，与表一致")
    assert finding.sentence_en.endswith(
        ": a difference of 7.3万元; the same paragraph also states 208.8万元, "
        "which agrees with the table"
    )
    assert finding.here[0].quotation == said


def test_a_right_figure_in_yuan_has_its_wan_beside_it() -> None:
    finding = only(housing(f"12、{FUND}2087960元。2024年支出决算201.50万元。"))
    assert finding.sentence.endswith("；同段另写2087960元（208.796万元），与表一致")


def test_a_right_figure_behind_the_wrong_one_is_told_as_well() -> None:
    finding = only(housing(f"12、{FUND}201.50万元。2024年支出决算208.80万元。"))
    assert finding.stated == "201.50万元"
    assert finding.sentence.endswith("；同段另写208.80万元，与表一致")


def test_only_the_same_paragraph_and_the_same_line_can_put_it_right() -> None:
    wrong = f"12、{FUND}201.50万元。"
    for other in (f"其中{FUND}208.8万元。", "住房保障支出（类）208.80万元。"):
        finding = only(housing(wrong, other))
        assert finding.sentence.endswith("相差7.3万元")
    finding = only(housing(f"住房保障支出（类）208.80万元。{wrong}"))
    assert finding.sentence.endswith("相差7.3万元")


def test_a_figure_that_was_damaged_puts_nothing_right() -> None:
    example = housing(f"12、{FUND}203.8万元。2024年支出决算201.50万元。")
    document = msgspec.structs.replace(
        example.document(),
        repairs=(Repair("203.8万元", "208.8万元", ("a sum",), 2, claim=0),),
        remarks=(Remark("text-damaged", ""),),
    )
    (group,) = check(document).groups
    assert [finding.stated for finding in group.findings] == ["201.50万元"]
    assert group.first.sentence.endswith("相差7.3万元")


# ── where the quotation begins ──────────────────────────────────────────────────────────────


def test_a_name_found_fault_with_stands_in_the_quotation() -> None:
    said = (
        "5、住房保障支出（类）住房改革支出（款）住房公积金补贴（项）。主要用于：住房。"
        "支出决算为208.80万元。"
    )
    finding = only(housing(f"{said}决算数同预算数持平。"))
    assert (finding.rule, finding.stated) == ("N15", "住房公积金补贴（项）")
    assert finding.here[0].quotation == said


def test_a_sentence_that_names_its_subject_is_quoted_alone() -> None:
    finding = only(housing(f"住房改革。主要用于：住房。{FUND}201.50万元。又及。"))
    assert finding.here[0].quotation == f"{FUND}201.50万元。"


def test_a_long_way_from_the_name_to_the_figure_is_left_out_and_marked() -> None:
    uses = "主要用于：" + "、".join(["行政事业单位为职工缴纳的住房公积金"] * 12) + "。"
    finding = only(housing(f"12、{FUND}208.8万元。{uses}支出决算为201.50万元。"))
    assert finding.here[0].quotation == f"12、{FUND}208.8万元。……支出决算为201.50万元。"


def test_a_sentence_printed_twice_is_quoted_with_its_own_heading() -> None:
    pay = "12、住房保障支出（类）住房改革支出（款）购房补贴（项）。支出决算为201.50万元。"
    own = f"13、{FUND}。支出决算为201.50万元。"
    example = housing(pay, own)
    table = sheet(
        "final.general_function",
        line("合计", 合计="410.30"),
        line("住房保障支出", "221", 合计="410.30"),
        line("住房改革支出", "22102", 合计="410.30"),
        line("住房公积金", "2210201", 合计="208.80"),
        line("购房补贴", "2210203", 合计="201.50"),
    )
    finding = only(msgspec.structs.replace(example, statements=(table,)))
    assert finding.here[0].quotation == own


def test_what_is_quoted_from_its_heading_is_still_known_as_a_claim() -> None:
    example = housing(f"12、{FUND}。主要用于：住房。支出决算为201.50万元。")
    finding = only(example)
    said, *_ = concerns(finding, example.document())
    assert (said.code, f"{said.amount:f}") == ("2210201", "201.50")


def test_a_damaged_figure_accuses_nobody_wherever_its_quotation_begins() -> None:
    example = housing(f"12、{FUND}。主要用于：住房。支出决算为201.50万元。")
    repair = Repair("201.50万元", "207.50万元", ("a sum",), 2, claim=0)
    document = msgspec.structs.replace(
        example.document(), repairs=(repair,), remarks=(Remark("text-damaged", ""),)
    )
    report = check(document)
    assert report.groups == ()
    assert report.reasons["N01"] == {"damaged": 1}


# ── how much of it is shown ─────────────────────────────────────────────────────────────────


def test_a_quotation_is_shown_whole_up_to_180_characters() -> None:
    text = "支" * 175 + "5万元。"
    assert shortened(Place(text="5万元", quotation=text)) == text


def test_a_longer_one_is_cut_at_a_mark_and_never_within_a_number() -> None:
    text = "支出5万元，" + "用" * 165 + "，共计12345.67万元。" + "又" * 20
    assert shortened(Place(text="5万元", quotation=text)).startswith("支出5万元，用")
    beginning = "支出12.5亿元，" + "用" * 165 + "，"
    shown = shortened(Place(text="12.5亿元", quotation=f"{beginning}共计12345.67万元。"))
    assert shown == f"{beginning}……"


def test_a_figure_far_behind_its_heading_is_shown_with_it() -> None:
    heading = "12、住房公积金（项）。"
    text = heading + "主要用于：" + "为职工缴纳，" * 40 + "支出决算为201.50万元。其他不变。"
    shown = shortened(Place(text="201.50万元", quotation=text))
    assert shown.startswith(heading)
    assert shown.endswith("，支出决算为201.50万元……")
    assert all(part in text for part in shown.split("……"))
    assert len(shown) <= 180 + 2 * len("……")


def test_the_only_mark_at_the_very_beginning_cuts_nothing_off() -> None:
    shown = shortened(Place(text="其一", quotation="其一，" + "用" * 300))
    assert shown == "其一，" + "用" * 177 + "……"


def test_words_longer_than_the_rest_are_shown_whole() -> None:
    words = "甲、" * 100
    shown = shortened(Place(text=words, quotation=f"公用经费{words}乙。"))
    assert words in shown
