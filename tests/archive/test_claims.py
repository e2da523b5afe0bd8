"""What sentences claim: figures, roles, subjects, years and comparisons."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Basis, Direction, Role
from archive.text.claims import survey, with_claims
from archive.text.claims.sentences import sentences
from tests.archive.claiming import budget, claims_in, document

# --- sentences ---


def test_a_sentence_ends_at_a_stop_but_not_inside_a_title_or_a_bracket() -> None:
    text = "根据《办法。细则》执行；其中“甲。乙”（丙；丁）完。余下"
    assert [text[a:b] for a, b in sentences(text)] == [
        "根据《办法。细则》执行；",
        "其中“甲。乙”（丙；丁）完。",
        "余下",
    ]


def test_a_bracket_that_is_never_closed_protects_nothing() -> None:
    text = "得分99分（其中甲。乙。丙。"
    assert len(sentences(text)) == 3


def test_brackets_of_mixed_width_belong_together() -> None:
    text = "甲（乙。丙)丁。戊"
    assert [text[a:b] for a, b in sentences(text)] == ["甲（乙。丙)丁。", "戊"]


def test_the_quotation_is_the_sentence_and_the_span_its_figure() -> None:
    (claim,) = claims_in("前一句没有数字。本年收入合计2,946.25万元。")
    assert claim.quotation == "本年收入合计2,946.25万元。"
    assert claim.quotation[claim.span[0] : claim.span[1]] == claim.text == "2,946.25万元"
    assert claim.page == 5


# --- figures and units ---


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2,946.25万元", "2946.25", "万元"),
        ("6.20 万元", "6.20", "万元"),
        ("0元", "0", "元"),
        ("1.60亿元", "1.60", "亿元"),
        ("１２.５万元", "12.5", "万元"),
        ("150万", "150", "万元"),
        ("-3.5万元", "-3.5", "万元"),
    ],
)
def test_an_amount_keeps_its_printed_precision_and_its_own_unit(
    text: str, value: str, unit: str
) -> None:
    (claim,) = claims_in(f"项目支出{text}，执行良好。")
    assert (str(claim.value), claim.unit, claim.text) == (value, unit, text)


@pytest.mark.parametrize("text", ["1,23.4万元", "2023、15万元", "12，345万元", "1 159.18万元"])
def test_digits_that_may_not_be_one_number_are_a_claim_without_a_value(text: str) -> None:
    (claim,) = claims_in(f"本年收入{text}。")
    assert (claim.value, claim.unit) == (None, "万元")


def test_a_list_number_that_may_run_into_the_amount_leaves_it_without_a_value() -> None:
    (claim,) = claims_in("2.5万元用于维修。")
    assert claim.value is None


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("单价100万元（含）以上设备采购按规定执行。", "threshold"),
        ("申请400.00万元以上项目的评审。", "threshold"),
        ("投资3000.00万元及以下的项目。", "threshold"),
        ("兑现租房补贴（2000元/人）。", "rate"),
        ("根据《关于下达100万元补助的通知》执行。", "title"),
        ("每户补助3万元至5万元不等。", "range"),
        ("成本不超过10万元。", "threshold"),
        ("满意度达到95%。", "percentage of something else"),
    ],
)
def test_a_figure_that_claims_nothing_is_excluded_by_name(sentence: str, why: str) -> None:
    claims, excluded = survey(document(sentence))
    assert claims == ()
    assert {exclusion.why for exclusion in excluded} == {why}


def test_years_dates_areas_and_list_numbers_are_no_figures() -> None:
    assert survey(document("2024年12月31日，第3季度用地4000.6平方米，热线12345。")) == ((), ())


# --- subjects ---


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("江城市云水区财政局2024年度收入支出总计2995.39万元。", "收入支出总计"),
        ("2024年度收、支总计均为16,010.35万元。", "收、支总计"),
        ("云水区财政局（部门）2024年度财政拨款收入10万元。", "财政拨款收入"),
        ("本部门2024年度机关运行经费支出5万元。", "机关运行经费支出"),
        ("“三公”经费财政拨款支出决算为0.39万元。", "“三公”经费财政拨款支出"),
        ("因公出国（境）费支出决算为0.00万元。", "因公出国（境）费支出"),
        ("4.住房保障支出类支出51.27万元。", "住房保障支出类支出"),
        ("（二）公用经费20.36万元。", "公用经费"),
        ("政府采购金额（以合同签订为准）为251.25万元。", "政府采购金额"),
        ("截至2024年底，由小微企业成交的，采购金额5万元。", "由小微企业成交的，采购金额"),
        ("办公室经费3万元。", "办公室经费"),
        ("“档案数字化”项目25万元。", "“档案数字化”项目"),
    ],
)
def test_the_subject_is_named_without_agency_year_and_budget_words(
    sentence: str, subject: str
) -> None:
    (claim,) = claims_in(sentence)
    assert claim.subject == subject


def test_figures_without_a_subject_of_their_own_speak_of_the_one_named_before() -> None:
    claims = claims_in(
        "1、教育支出（类）普通教育（款）小学教育（项）。主要用于：学校的公用经费支出。"
        "年初预算为10.00万元，支出决算为9.50万元，完成年初预算的95%。"
    )
    assert {c.subject for c in claims} == {"教育支出（类）普通教育（款）小学教育（项）"}
    assert [c.basis for c in claims[:2]] == [Basis.ORIGINAL, Basis.FINAL]


def test_a_name_before_a_colon_is_the_subject_of_what_follows() -> None:
    claims = claims_in(
        "2.供应链项目绩效自评综述：项目全年预算数为150万元，执行数为120万元，完成预算的80%。"
    )
    assert [c.subject for c in claims] == ["供应链项目"] * 3
    assert [c.basis for c in claims[:2]] == [Basis.FULL_YEAR, Basis.EXECUTION]
    against = claims[2].against
    assert against is not None
    assert against.basis is Basis.FULL_YEAR


def test_an_amount_alone_under_a_heading_speaks_of_the_heading() -> None:
    (claim,) = claims_in("## 六、年度预算安排", "795万元")
    assert claim.subject == "年度预算安排"


def test_a_paragraph_cut_off_within_a_sentence_gives_its_figure_no_subject_and_no_year() -> None:
    claims = budget(
        "1.教育支出10万元，主要用于学校。2024年当",
        "年预算执行数为11.00万元，2025年预算安排10万元，比2024年预算执行数减少9.09%。",
    )
    assert [(c.subject, c.year) for c in claims[1:]] == [("", None), ("", 2025), ("", 2025)]
    assert [c.reason for c in claims[1:3]] == [
        "its sentence is broken off before it",
        "what it speaks of is not said",
    ]


# --- roles ---


def test_a_change_names_its_direction_and_what_it_compares_with() -> None:
    value, difference, percent = budget(
        "2025年收支总预算1159.18万元。比2024年预算减少279.01万元，下降19.4%，主要是人员减少。"
    )
    assert [c.role for c in (value, difference, percent)] == [
        Role.VALUE,
        Role.DIFFERENCE,
        Role.CHANGE_PERCENT,
    ]
    assert (difference.word, difference.direction) == ("减少", Direction.DOWN)
    assert (percent.word, percent.direction) == ("下降", Direction.DOWN)
    for claim in (difference, percent):
        assert claim.against is not None
        assert (claim.against.text, claim.against.year, claim.against.basis) == (
            "比2024年预算",
            2024,
            Basis.BUDGET,
        )
        assert claim.about == 0


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("增加", Direction.UP),
        ("各增加", Direction.UP),
        ("增加了", Direction.UP),
        ("增长", Direction.UP),
        ("上升", Direction.UP),
        ("增幅为", Direction.UP),
        ("下降", Direction.DOWN),
        ("降低", Direction.DOWN),
        ("压减", Direction.DOWN),
        ("调减", Direction.DOWN),
        ("减少支出", Direction.DOWN),
        ("下降（增长）", None),
        ("增加/减少", None),
    ],
)
def test_direction_words(words: str, direction: Direction | None) -> None:
    claim = claims_in(f"公务接待费3万元，比上年{words}2.5%。")[1]
    assert (claim.role, claim.direction) == (Role.CHANGE_PERCENT, direction)


def test_a_change_in_percentage_points_keeps_its_unit() -> None:
    claim = claims_in("人员经费占70%，比上年提高0.5个百分点。")[1]
    assert (claim.role, claim.unit, claim.value) == (
        Role.CHANGE_PERCENT,
        "个百分点",
        Decimal("0.5"),
    )


def test_a_percentage_that_lost_its_sign_is_a_change_without_a_unit() -> None:
    claim = claims_in("支出9746.50万元，增加1193.20万元，增长13.95。")[2]
    assert (claim.role, claim.value, claim.unit) == (Role.CHANGE_PERCENT, Decimal("13.95"), None)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("占79.49%", ""),
        ("占比52.91%", ""),
        ("占本年支出合计的100.00%", "本年支出合计"),
        ("占本年支出2.5%", "本年支出"),
        ("占授予中小企业合同金额的比重为40%", "授予中小企业合同金额"),
    ],
)
def test_a_share_says_what_it_is_a_share_of(words: str, whole: str) -> None:
    claim = claims_in(f"基本支出5万元，{words}。")[1]
    assert (claim.role, claim.whole, claim.about) == (Role.SHARE, whole, 0)


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        ("完成年初预算的128.4%", Basis.ORIGINAL),
        ("完成全年预算数的98%", Basis.FULL_YEAR),
        ("完成预算的0%", Basis.ORIGINAL),
        ("为年初预算的98%", Basis.ORIGINAL),
        ("占年初预算的98%", Basis.ORIGINAL),
    ],
)
def test_an_execution_says_of_which_budget(words: str, basis: Basis) -> None:
    claim = claims_in(f"事业运行年初预算为2万元，支出决算为3万元，{words}。")[2]
    assert claim.role is Role.EXECUTION_PERCENT
    assert claim.against is not None
    assert (claim.against.basis, claim.against.year) == (basis, 2024)
    assert claim.about == 1, "it speaks of the outcome, not of the plan"


def test_a_rate_of_execution_after_several_subjects_says_of_none() -> None:
    claim = claims_in("部门决算5万元，基本支出3万元，项目支出2万元，预算执行率95.3%。")[3]
    assert (claim.role, claim.subject, claim.about) == (Role.EXECUTION_PERCENT, "", None)


def test_a_year_behind_a_list_number_is_not_read_as_one_number() -> None:
    claims = claims_in("2.2024年就业资金项目绩效自评综述：项目全年预算数为170万元。")
    assert [(c.subject, str(c.value)) for c in claims] == [("就业资金项目", "170")]


def test_an_execution_of_a_plan_not_named_before_stays_open() -> None:
    claim = claims_in("公务接待费支出决算为0.39万元，完成预算的13.68%。")[1]
    assert claim.against is not None
    assert claim.against.basis is Basis.BUDGET


@pytest.mark.parametrize(
    ("sentence", "year", "basis"),
    [
        ("公务接待费1万元，与2023年度持平。", 2023, Basis.FINAL),
        ("公务接待费1万元，较上年无变化。", 2023, Basis.FINAL),
        ("公务接待费1万元，与上年决算数一致。", 2023, Basis.FINAL),
        ("公务接待费1万元，与2023年预算没有变化。", 2023, Basis.BUDGET),
        ("公务接待费决算为1万元，决算数与预算数基本持平。", 2024, Basis.BUDGET),
        ("公务接待费年初预算为1万元，决算为1万元。决算数同预算数持平。", 2024, Basis.ORIGINAL),
    ],
)
def test_sameness_is_a_difference_without_a_number(sentence: str, year: int, basis: Basis) -> None:
    claim = claims_in(sentence)[-1]
    assert (claim.role, claim.direction, claim.value) == (Role.DIFFERENCE, Direction.SAME, None)
    assert claim.against is not None
    assert (claim.against.year, claim.against.basis) == (year, basis)


def test_sameness_with_a_number_is_one_claim() -> None:
    value, same = budget("公务用车购置费0万元，与2024年预算一致0万元。")
    assert (same.role, same.direction, same.text) == (Role.DIFFERENCE, Direction.SAME, "0万元")
    assert same.about == 0
    assert value.role is Role.VALUE


@pytest.mark.parametrize(
    ("word", "direction"),
    [("小于", Direction.DOWN), ("大于", Direction.UP), ("等于", Direction.SAME)],
)
def test_outcome_against_budget_in_words(word: str, direction: Direction) -> None:
    claim = claims_in(
        f"行政运行年初预算为2万元，支出决算为1万元。支出决算数{word}年初预算数的主要原因：节约。"
    )[2]
    assert (claim.role, claim.text, claim.direction) == (Role.DIFFERENCE, word, direction)
    assert (claim.subject, claim.about) == ("行政运行", 1)
    assert claim.against is not None
    assert claim.against.basis is Basis.ORIGINAL


def test_a_direction_that_is_given_a_reason_is_a_claim() -> None:
    (claim,) = budget("财政拨款收入支出减少的主要原因是项目调整。")
    assert (claim.subject, claim.text, claim.direction) == (
        "财政拨款收入支出",
        "减少",
        Direction.DOWN,
    )


def test_the_value_of_an_earlier_year_is_previous() -> None:
    value, previous, again, percent = budget(
        "1.“教育支出（类）普通教育（款）小学教育（项）”25.77万元，主要用于学校。"
        "2024年当年预算执行数为60.13万元，2025年预算安排25.77万元，"
        "比2024年预算执行数减少57.14%。"
    )
    assert (previous.role, previous.year, previous.basis) == (Role.PREVIOUS, 2024, Basis.EXECUTION)
    assert previous.about == 0
    assert (value.year, again.year, again.role) == (2025, 2025, Role.VALUE)
    assert percent.about == 2
    assert percent.against is not None
    assert percent.against.basis is Basis.EXECUTION


def test_last_year_is_the_year_before_the_documents_own() -> None:
    previous, value = claims_in("会议费上年决算数为12万元，支出决算为15万元。")
    assert (previous.role, previous.year) == (Role.PREVIOUS, 2023)
    assert (value.role, value.year) == (Role.VALUE, 2024)


def test_a_year_is_taken_as_stated_even_where_it_cannot_be_meant() -> None:
    claim = budget("财政拨款收入9万元，比2025年预算增加1万元。")[1]
    assert claim.against is not None
    assert claim.against.year == 2025


def test_a_comparison_that_names_no_year_gets_none() -> None:
    (claim,) = claims_in("主要原因：项目支出增加，较上一度增加1133.95万元。")
    assert claim.against is not None
    assert (claim.against.text, claim.against.year) == ("较上一度", None)
    assert (claim.subject, claim.reason) == ("项目支出", "it stands in a reason or a purpose")


def test_a_remark_inside_the_comparison_is_read_over() -> None:
    claim = budget("财政拨款收入9万元，比2024年（上一年度，下同）预算增加1万元。")[1]
    assert claim.subject == "财政拨款收入"
    assert claim.against is not None
    assert (claim.against.year, claim.against.basis) == (2024, Basis.BUDGET)


def test_without_a_year_of_its_own_a_document_makes_no_value_previous() -> None:
    claim, other = claims_in("2023年收入5万元。本年收入6万元。", year=None)
    assert (claim.role, claim.year) == (Role.VALUE, 2023)
    assert other.year is None


# --- counts ---


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("总编制人数39人，其中：行政编制21人。", [("总编制人数", "人"), ("行政编制", "人")]),
        ("下属5家预算单位。", [("预算单位", "家")]),
        ("设置了8个一级项目支出绩效目标。", [("一级项目支出绩效目标", "个")]),
        ("编报绩效目标的2024年度项目4个。", [("编报绩效目标的项目", "个")]),
        (
            "国内公务接待2批次、26人次。",
            [("国内公务接待", "批次"), ("国内公务接待", "人次")],
        ),
        (
            "单价100万元（含）以上设备（不含车辆）2台（套）。",
            [("单价100万元（含）以上设备", "台(套)")],
        ),
        ("（其中：专用设备0台/套）。", [("专用设备", "台(套)")]),
        ("无形资产471项。", [("无形资产", "项")]),
        ("本部门共有车辆7辆。", [("车辆", "辆")]),
    ],
)
def test_counts(sentence: str, counts: list[tuple[str, str]]) -> None:
    claims = claims_in(sentence)
    assert [(c.subject, c.unit) for c in claims] == counts
    assert {c.role for c in claims} == {Role.COUNT}


def test_a_state_at_a_day_keeps_the_days_year_and_is_no_figure_of_the_past() -> None:
    money, cars = budget("截至2024年8月31日，占有国有资产46.47万元。其中：公务用车1辆。")
    assert (money.role, money.year) == (Role.VALUE, 2024)
    assert money.reason == "it is not a figure of the document's year"
    assert cars.year == 2024


# --- nesting ---


def parents(*prose: str) -> list[int | None]:
    return [c.parent for c in claims_in(*prose) if c.role in (Role.VALUE, Role.COUNT)]


def test_of_which_makes_parts_until_the_stop() -> None:
    assert parents(
        "本年支出合计9万元，其中：基本支出5万元，占55%；项目支出4万元，占45%。机关运行经费1万元。"
    ) == [None, 0, 0, None]


def test_parts_told_one_after_another_end_at_the_semicolon() -> None:
    assert parents("基本支出5万元，其中：人员经费4万元、公用经费1万元；项目支出4万元。") == [
        None,
        0,
        0,
        None,
    ]


def test_basic_and_project_expenditure_are_never_part_of_each_other() -> None:
    assert parents("基本支出5万元，其中：人员经费4万元；项目支出4万元。") == [None, 0, None]


def test_after_two_of_which_a_semicolon_leaves_the_part_open() -> None:
    assert parents("收入9万元，其中：拨款8万元，其中：一般7万元；事业收入1万元。") == [
        None,
        0,
        1,
        None,
    ]


def test_a_bracket_behind_a_figure_holds_its_parts() -> None:
    assert parents("用车费3万元（购置费0万元，运行费3万元）；接待费1万元。") == [None, 0, 0, None]


def test_of_which_at_the_end_of_a_paragraph_makes_the_list_its_parts() -> None:
    assert parents(
        "“三公”经费48万元。其中：",
        "（一）因公出国（境）费0万元。",
        "（二）用车费47万元。其中：购置费25万元；运行费22万元。",
        "（三）接待费1万元。",
        "## 二、机关运行经费",
        "机关运行经费5万元。",
    ) == [None, 0, 0, 2, 2, 0, None]


def test_a_part_belongs_to_the_figure_of_its_own_kind() -> None:
    assert parents(
        "一般公共预算支出年初预算为20万元，支出决算为18万元。其中：",
        "1、行政运行年初预算为10万元，支出决算为9万元。",
    ) == [None, None, 0, 1]


def test_a_list_after_several_figures_has_no_sure_parent() -> None:
    assert parents("出国费0万元，接待费3万元。具体情况如下：", "1、出国费0万元。") == [
        None,
        None,
        None,
    ]


def test_money_is_no_part_of_a_count() -> None:
    assert parents("项目4个，其中：甲项目5万元。") == [None, None]


def test_only_the_item_itself_is_part_of_the_list_not_what_is_said_of_it() -> None:
    assert parents(
        "基本支出9万元，其中：", "（一）人员经费8万元，包括：工资7万元，用于：基本工资。补助1万元。"
    ) == [None, 0, 1, None]


# --- reasons ---


def test_a_figure_in_a_reason_does_not_speak_of_what_is_explained() -> None:
    claims = claims_in(
        "收入合计9万元，增加2万元，主要原因是新增聘用3人，追加1.5万元；支出合计9万元。"
    )
    assert [c.subject for c in claims] == ["收入合计", "收入合计", "新增聘用", "追加", "支出合计"]
    assert [c.reason for c in claims[2:4]] == ["it stands in a reason or a purpose"] * 2


# --- hostile text ---


@pytest.mark.parametrize(
    "text",
    [
        "（" * 40_000 + "》" * 40_000 + "5万元。",
        "（1元。）" * 8_000,
        "其中：1万元；" * 8_000,
        "单价100万元以上" * 10_000,
        "（类）（款）（项）" * 6_000 + "5万元",
        "1," * 60_000 + "万元",
        "比2024年（" * 20_000 + "增加5%",
        "增加" * 30_000 + "5万元",
        "占" * 60_000 + "5%",
    ],
    ids=lambda text: text[:6],
)
def test_a_hostile_paragraph_is_read_in_one_pass(text: str) -> None:
    claims, _ = survey(document(text))
    assert all(len(c.quotation) <= 1_000 for c in claims)


PIECES = st.sampled_from(
    [
        "基本支出",
        "5.00万元",
        "3%",
        "2辆",
        "其中：",
        "，",
        "；",
        "。",
        "（",
        "）",
        "占",
        "比2023年",
        "减少",
    ]
    + [
        "主要原因是",
        "“",
        "《",
        "》",
        "持平",
        "1、",
        "完成年初预算的",
        "12，345元",
        "0.5",
        "年",
        "包括：",
    ]
    + [
        "决算数小于预算数",
        "100万元（含）以上",
        "2000元/人",
        "截至2024年8月31日",
        "支出决算为",
        "：",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=25).map("".join), max_size=4))
def test_whatever_the_prose_every_figure_is_quoted_or_named_and_points_backwards(
    prose: list[str],
) -> None:
    claims, excluded = survey(document(*prose))
    for index, claim in enumerate(claims):
        assert claim.quotation[slice(*claim.span)] == claim.text
        assert any(claim.quotation in text for text in prose)
        assert all(other is None or other < index for other in (claim.parent, claim.about))
        assert bool(claim.bound) != bool(claim.reason)
    assert all(exclusion.why for exclusion in excluded)


def test_more_claims_than_any_publication_makes_are_cut_and_said() -> None:
    read = with_claims(document(*["预算1元，2元，3元。" * 1_000] * 8))
    assert len(read.claims) == 20_000
    assert [remark.code for remark in read.remarks] == ["claims-cut"]


def test_a_document_without_prose_claims_nothing() -> None:
    assert with_claims(document()) == document()
