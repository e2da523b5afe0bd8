"""Codes and names of the classification: what is known, since when, and what is said of a row."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from archive.model import Classification, LineItem, Statement, Unit
from archive.register.classification import (
    ClassificationRegister,
    Kind,
    Standing,
    Verdict,
    classification_register,
)
from archive.register.codes import ancestors, children, fits, gaps, level, parent
from archive.register.files import RegisterError
from archive.register.wording import alike, within, wording
from archive.text.classified import classified
from tests import corpus
from tests.reading import read_once

FUNCTIONAL = Classification.FUNCTIONAL
ECONOMIC = Classification.ECONOMIC
HEAD = "code,name,since,until,standing,publishers,documents,sources\n"
CHANGES = "scheme,from,to,year,kind,from_name,to_name,verified,source\n"


@pytest.fixture(scope="module")
def packaged() -> ClassificationRegister:
    return classification_register()


def register(
    folder: Path, *, functional: str = "", economic: str = "", changes: str = ""
) -> ClassificationRegister:
    (folder / "functional.csv").write_text(HEAD + functional, encoding="utf-8")
    (folder / "economic.csv").write_text(HEAD + economic, encoding="utf-8")
    (folder / "changes.csv").write_text(CHANGES + changes, encoding="utf-8")
    return ClassificationRegister(folder)


def statement(
    rows: Iterable[tuple[str, str]],
    form: str = "budget.basic_economic",
    scheme: Classification = ECONOMIC,
) -> Statement:
    items = tuple(LineItem(name=name, code=code, classification=scheme) for code, name in rows)
    return Statement(form=form, title="", unit=Unit.YUAN, pages=(1,), columns=(), items=items)


def said(result: Statement) -> dict[str, str]:
    return {item.code: item.remarks[0] for item in result.items if item.remarks}


# ── codes ───────────────────────────────────────────────────────────────────────────────────────


def test_a_code_says_its_level_and_its_parents() -> None:
    assert [level(code) for code in ("208", "20805", "2080505", "016001", "20x", "２０８")] == [
        1,
        2,
        3,
        0,
        0,
        0,
    ]
    assert (parent("2080505"), parent("20805"), parent("208"), parent("016001")) == (
        "20805",
        "208",
        None,
        None,
    )
    assert ancestors("2080505") == ("208", "20805")
    assert ancestors("301") == ancestors("016001") == ()


def test_a_scheme_knows_its_codes_by_shape() -> None:
    assert fits("2080505", FUNCTIONAL)
    assert fits("30201", ECONOMIC)
    assert fits("50201", ECONOMIC)
    assert not fits("71102", FUNCTIONAL)
    assert not fits("3020101", ECONOMIC)
    assert not fits("208", Classification.UNIT)


def test_a_row_whose_parents_are_not_printed_leaves_a_gap() -> None:
    rows = [("208", "a"), ("20805", "b"), ("2080505", "c"), ("2101102", "d"), ("71102", "e")]
    found = gaps(statement(rows, "final.expenditure", FUNCTIONAL))
    assert {gap.item.code: gap.missing for gap in found} == {
        "2101102": ("210", "21011"),
        "71102": ("711",),
    }


def test_levels_that_a_table_does_not_print_are_not_missed() -> None:
    assert gaps(statement([("2080505", "a"), ("2101102", "b")], scheme=FUNCTIONAL)) == ()
    only_ends = statement([("208", "a"), ("2080505", "b")], scheme=FUNCTIONAL)
    assert gaps(only_ends) == ()


def test_every_coded_row_hangs_once_on_its_nearest_printed_parent() -> None:
    rows = [("", "合计"), ("208", "a"), ("20805", "b"), ("2080505", "c"), ("2089999", "d")]
    found = children(statement(rows, scheme=FUNCTIONAL))
    assert {key: [item.code for item in items] for key, items in found.items()} == {
        (None, ""): ["208"],
        (None, "208"): ["20805", "2089999"],
        (None, "20805"): ["2080505"],
    }


# ── wording ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("维修（护）费", "维修(护) 费"),
        ("对个人和家庭的补助", "对个人和家庭补助支出"),
        ("机关事业单位基本养老保险缴费", "机关事业单位基本养老保险费"),
        ("公务用⻋运行维护费", "公务用车运行维护费"),
        ("行政运行（项）", "行政运行"),
    ],
)
def test_writings_of_one_name_meet(one: str, other: str) -> None:
    assert wording(one) == wording(other)


def test_a_name_that_is_nothing_but_a_variation_keeps_its_wording() -> None:
    assert wording("支出") == "支出"


def test_shortened_and_misread_names_are_alike_and_others_are_not() -> None:
    assert within(wording("医疗费"), wording("医疗费补助"))
    assert alike(wording("机关事业单位职业年金缴责支出"), "机关事业单位职业年金缴费支出")
    assert not alike(wording("事业单位离退休人员福利费"), "差旅费")
    assert alike("长" * 5000, "差旅费"), "a text this long is compared with nothing"


# ── the packaged data ───────────────────────────────────────────────────────────────────────────


def test_names_come_with_years_and_standing(packaged: ClassificationRegister) -> None:
    (name,) = packaged.names("22911", FUNCTIONAL, 2025)
    assert name.text == "中央金融机构注资特别国债财务基金支出"
    assert (name.standing, name.source) == (Standing.OFFICIAL, "caiyu-2025-41")
    standings = [name.standing for name in packaged.names("30226", ECONOMIC, 2024)]
    assert standings == [Standing.FORM, Standing.OBSERVED]
    assert packaged.names("30226", ECONOMIC, 1999) == ()
    assert packaged.names("2010101", FUNCTIONAL, 2024) == (), "listed about 2010, not seen since"
    assert packaged.names("no code", FUNCTIONAL) == ()


def test_the_government_side_of_the_economic_classification_is_known(
    packaged: ClassificationRegister,
) -> None:
    assert {name.text for name in packaged.names("50101", ECONOMIC)} == {"工资奖金津补贴"}


def test_nothing_is_official_but_what_the_ministry_printed(
    packaged: ClassificationRegister,
) -> None:
    expected = {
        Standing.OFFICIAL: {"official"},
        Standing.FORM: {"form"},
        Standing.REPRODUCED: {"reproduction"},
        Standing.OBSERVED: {"publications"},
        Standing.LISTED: {"list", "notes"},
    }
    seen = set()
    for scheme in (FUNCTIONAL, ECONOMIC):
        for code, names in packaged._shelf(scheme).by_code.items():
            assert fits(code, scheme), code
            for name in names:
                kinds = {packaged.sources[source].text for source in name.source.split()}
                assert kinds <= expected[name.standing], (code, name)
                assert kinds
                assert name.since <= name.until
                assert (name.documents > 0) is (name.standing is Standing.OBSERVED)
                seen.add(name.standing)
    assert seen == set(Standing)


def test_changes_tell_renames_merges_and_additions(packaged: ClassificationRegister) -> None:
    (merge,) = packaged.changes("20117", 2019)
    assert (merge.kind, merge.before, merge.after) == (
        Kind.MERGE,
        ("20115", "20117", "21010"),
        ("20138",),
    )
    assert packaged.changes("20138", 2019) == (merge,)
    assert not merge.verified
    (new,) = packaged.changes("23107", 2025)
    assert (new.kind, new.verified, new.source) == (Kind.NEW, True, "caiyu-2025-41")
    assert packaged.changes("20138", 2020) == ()
    years = [change.year for change in packaged.changes("21305")]
    assert years == [2021, None], "a rename whose year nobody knows has none"


def test_the_old_list_does_not_speak_for_later_years(packaged: ClassificationRegister) -> None:
    assert packaged.agrees("20805", "行政事业单位离退休", FUNCTIONAL, 2010).verdict is (
        Verdict.AGREES
    )
    later = packaged.agrees("20805", "行政事业单位离退休", FUNCTIONAL, 2024)
    assert (later.verdict, later.certain) == (Verdict.OTHER_NAME, True)
    assert later.known[0].text == "行政事业单位养老支出"


# ── agreement ───────────────────────────────────────────────────────────────────────────────────


def test_a_variation_of_the_name_agrees(packaged: ClassificationRegister) -> None:
    for name in ("维修(护)费", "维修（护）费用"):
        assert packaged.agrees("30213", name, ECONOMIC, 2025).verdict is Verdict.AGREES


def test_a_name_of_another_code_is_told_with_that_code(packaged: ClassificationRegister) -> None:
    agreement = packaged.agrees("30202", "咨询费", ECONOMIC, 2024)
    assert (agreement.verdict, agreement.codes) == (Verdict.OTHER_CODE, ("30203",))
    assert agreement.ground is not None
    assert agreement.ground.text == "印刷费"


def test_an_unknown_code_is_never_a_disagreement(packaged: ClassificationRegister) -> None:
    agreement = packaged.agrees("71102", "事业单位医疗", FUNCTIONAL, 2024)
    assert (agreement.verdict, agreement.certain) == (Verdict.CODE_UNKNOWN, False)
    assert agreement.codes == ("2101102",)


def test_a_name_seen_with_one_publisher_is_held_against_nobody(tmp_path: Path) -> None:
    one = register(tmp_path, functional="2013802,甲乙丙丁,2023,2025,observed,1,3,x\n")
    agreement = one.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2024)
    assert (agreement.verdict, agreement.certain) == (Verdict.NAME_UNKNOWN, False)


def test_a_name_seen_with_two_publishers_is(tmp_path: Path) -> None:
    two = register(tmp_path, functional="2013802,甲乙丙丁,2023,2025,observed,2,3,x\n")
    assert two.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2024).certain
    assert not two.agrees("2013802", "甲乙丙", FUNCTIONAL, 2024).certain, "shortened"
    assert not two.agrees("2013802", "甲乙丙戊", FUNCTIONAL, 2024).certain, "misread"


def test_a_list_counts_as_one_publisher_but_never_alone(tmp_path: Path) -> None:
    listed = "2013802,甲乙丙丁,2010,2010,listed,1,0,y\n"
    alone = register(tmp_path, functional=listed)
    assert not alone.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2010).certain
    both = register(tmp_path, functional=listed + "2013802,甲乙丙丁,2024,2024,observed,1,1,x\n")
    assert both.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2024).certain
    assert not both.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2010).certain


def test_an_unknown_name_in_a_year_without_evidence_may_be_a_revision(tmp_path: Path) -> None:
    known = register(tmp_path, functional="2013802,甲乙丙丁,2023,2025,form,0,0,x\n")
    assert known.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2025).certain
    assert not known.agrees("2013802", "戊己庚辛", FUNCTIONAL, 2026).certain


SWAPPED = "30202,印刷费,2024,2024,form,0,0,x\n30203,咨询费,2024,2024,form,0,0,x\n"


@pytest.mark.parametrize(("year", "certain"), [(2021, False), (2022, True), (2026, True)])
def test_the_name_of_another_code_counts_for_two_years_around(
    tmp_path: Path, year: int, certain: bool
) -> None:
    known = register(tmp_path, economic=SWAPPED)
    assert known.agrees("30202", "咨询费", ECONOMIC, year).certain is certain


def test_not_across_a_revision_of_the_code(tmp_path: Path) -> None:
    moved = register(
        tmp_path, economic=SWAPPED, changes="economic,30202,30202,2025,rename,,,no,x\n"
    )
    assert not moved.agrees("30202", "咨询费", ECONOMIC, 2025).certain
    assert moved.agrees("30202", "咨询费", ECONOMIC, 2024).certain


def test_a_name_of_other_years_agrees_where_no_other_is_attested(tmp_path: Path) -> None:
    known = register(
        tmp_path,
        functional="20805,养老支出,2023,2026,observed,5,9,x\n",
        changes="functional,20805,20805,2020,rename,行政事业单位离退休,养老支出,no,x\n",
    )
    assert known.agrees("20805", "行政事业单位离退休", FUNCTIONAL, 2018).verdict is Verdict.AGREES
    assert known.agrees("20805", "养老支出", FUNCTIONAL, 2021).verdict is Verdict.AGREES
    stale = known.agrees("20805", "行政事业单位离退休", FUNCTIONAL, 2024)
    assert (stale.verdict, stale.certain) == (Verdict.OTHER_NAME, True)


def test_a_name_for_years_without_a_number_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    broken = register(tmp_path, functional="208,社会保障,2023,soon,observed,1,1,x\n")
    with pytest.raises(RegisterError, match=r"functional\.csv:2: .*soon"):
        broken.names("208", FUNCTIONAL)


def test_only_two_schemes_have_a_register(packaged: ClassificationRegister) -> None:
    with pytest.raises(ValueError, match="scheme project"):
        packaged.names("208", Classification.PROJECT)


# ── what is said on line items ──────────────────────────────────────────────────────────────────

SOUND = [("301", "工资福利支出"), ("30101", "基本工资"), ("302", "商品和服务支出")]


def test_a_certain_disagreement_is_remarked_and_nothing_is_corrected() -> None:
    before = statement([*SOUND, ("30202", "咨询费"), ("303", "离退休人员经费")])
    after = classified(before, 2024)
    assert said(after) == {
        "30202": "code-name: 30202 is known as 印刷费; the name printed is that of 30203",
        "303": "code-name: 303 is known as 对个人和家庭的补助",
    }
    assert [(i.code, i.name) for i in after.items] == [(i.code, i.name) for i in before.items]
    assert classified(after, 2024) == after, "said once"


def test_the_sibling_is_named_where_many_codes_bear_a_name() -> None:
    rows = [("208", "社会保障和就业支出"), ("210", "卫生健康支出"), ("221", "住房保障支出")]
    rows += [("2130550", "行政运行")]
    found = said(classified(statement(rows, "final.expenditure", FUNCTIONAL), 2024))
    assert found == {
        "2130550": "code-name: 2130550 is known as 事业运行; the name printed is that of 2130501"
    }


def test_without_a_year_nothing_is_judged() -> None:
    before = statement([*SOUND, ("30202", "咨询费")])
    assert classified(before, None) is before


def test_unknown_codes_masked_names_and_totals_are_passed_over() -> None:
    rows = [*SOUND, ("39988", "某项支出"), ("30202", "〔姓名已隐去〕"), ("30203", "")]
    before = statement(rows)
    assert classified(before, 2024) is before


def test_columns_that_are_not_what_they_seem_are_not_judged() -> None:
    units = statement([("301", "区教育局"), ("302", "区民政局"), ("303", "区司法局")])
    assert said(classified(units, 2024)) == {}
    mostly = statement([*SOUND, *((f"3020{n}", "区文化馆") for n in range(1, 8))])
    assert said(classified(mostly, 2024)) == {}


def test_in_project_tables_the_subject_is_judged_and_not_the_project() -> None:
    names = [("2080502", "事业单位离退休"), ("2101103", "公务员医疗补助"), ("2210201", "提租补贴")]
    names += [("2080505", "机关事业单位基本养老保险缴费支出")]
    items = tuple(
        LineItem(
            name=f"老干经费{code}",
            code=code,
            classification=FUNCTIONAL,
            attributes={"function": name},
        )
        for code, name in names
    )
    plain = LineItem(name="党建经费", code="2210203", classification=FUNCTIONAL)
    table = Statement("budget.project", "", Unit.WAN, (1,), (), (*items, plain))
    assert said(classified(table, 2024)) == {
        "2210201": "code-name: 2210201 is known as 住房公积金; the name printed is that of 2210202"
    }


# ── real publications ───────────────────────────────────────────────────────────────────────────

OWN_NUMBERS = "shflfly_unit_2024_budget.pdf"
"""A unit that numbered the 款 of its economic table from 01 upwards, as printed on its page 14."""


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_no_publication_is_said_to_err_that_does_not(path: Path) -> None:
    document = read_once(path.read_bytes())
    found: dict[str, str] = {}
    adrift: dict[str, tuple[str, ...]] = {}
    for table in document.statements:
        result = classified(table, table.year or document.facts.year)
        found |= {
            f"{item.code} {item.name}": remark
            for item in result.items
            for remark in item.remarks
            if remark.startswith("code-name: ")
        }
        adrift |= {gap.item.code: gap.missing for gap in gaps(table)}
    if path.name != OWN_NUMBERS:
        assert (found, adrift) == ({}, {})
        return
    assert adrift == {"71102": ("711",)}
    assert sorted(found) == [
        "30202 咨询费",
        "30203 水费",
        "30204 电费",
        "30205 邮电费",
        "30206 办公设备购置费",
        "30207 工会经费",
        "30208 福利费",
        "30211 事业单位离退休人员福利费",
        "30212 机关事业单位退休人员活动费",
        "30213 其他商品和服务支出",
        "303 离退休人员经费",
        "30301 退休费",
    ]
