from __future__ import annotations

import csv
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.identity import Hints, Reading, identify
from archive.model import Facts, Identity, Kind, Level
from archive.register import load
from archive.titles import read_title
from tests import corpus
from tests.reading import read_once

REGISTER = load()
SILENT = Facts()
PUTUO = Hints(division="310107")
FINANCE = "310107.006"
NAMES_2026 = (
    Path(__file__).resolve().parents[3] / "shared" / "domain" / "putuo_2026_budget_filenames.tsv"
)


def reading(
    title: str = "", filename: str = "", facts: Facts = SILENT, hints: Hints = PUTUO
) -> Reading:
    return identify(REGISTER, title=title, filename=filename, facts=facts, hints=hints)


def finance(
    year: int, kind: Kind = Kind.FINAL, agency: str = FINANCE, level: Level = Level.DEPARTMENT
) -> Identity:
    return Identity("310107", agency, level, year, kind)


FACTS = Facts(agency="上海市普陀区财政局", level=Level.DEPARTMENT, year=2024, kind=Kind.FINAL)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("上海市普陀区财政局2024年度部门决算", finance(2024)),
        ("2024 年度普陀区财政局 部门决算公开", finance(2024)),
        ("普陀区财政局关于公开2024年部门决算的公告", finance(2024)),
        ("关于上海市普陀区财政局2024年部门决算的公开", finance(2024)),
        ("2024年度部门决算公开-上海市普陀区财政局", finance(2024)),
        ("二〇二四年度普陀区财政局部门决算", finance(2024)),
        ("上海市普陀区财政局2024年度部门决算公开 2025年11月21日", finance(2024)),
        ("上海市普陀区财政局2025年区级部门预算", finance(2025, Kind.BUDGET)),
        ("财政局2025部门预算", finance(2025, Kind.BUDGET)),
        (
            "上海市普陀区财政局2025年区级单位预算",
            finance(2025, Kind.BUDGET, f"{FINANCE}.001", Level.UNIT),
        ),
        (
            "上海市普陀区财政局（本级）2025年度单位预算",
            finance(2025, Kind.BUDGET, f"{FINANCE}.001", Level.UNIT),
        ),
        (
            "上海市普陀区社会福利院2024年单位预算",
            finance(2024, Kind.BUDGET, "310107.001.003", Level.UNIT),
        ),
        (
            "上海市普陀区地方志办公室2026年预算公开",
            finance(2026, Kind.BUDGET, "310107.034.002", Level.UNIT),
        ),
        (
            "2026年上海市普陀区人民政府甘泉路街道办事处（部门）预算公开",
            finance(2026, Kind.BUDGET, "310107.010"),
        ),
        (
            "上海市普陀区童的梦艺术幼儿园2025年单位预算",
            finance(2025, Kind.BUDGET, "310107.020.101", Level.UNIT),
        ),
    ],
)
def test_a_title_of_the_usual_grammar_is_read(title: str, expected: Identity) -> None:
    assert reading(title) == Reading(identity=expected)


def test_the_document_alone_is_enough() -> None:
    assert reading(filename="czj_2024_final.pdf", facts=FACTS, hints=Hints()) == Reading(
        identity=finance(2024)
    )


def test_a_cover_may_leave_the_agency_to_the_line_below_it() -> None:
    cover = Facts(
        agency="上海市普陀区财政局",
        level=Level.DEPARTMENT,
        year=2025,
        kind=Kind.BUDGET,
        title="上海市普陀区2025年区级部门预算",
    )
    assert reading(facts=cover, hints=Hints()).identity == finance(2025, Kind.BUDGET)


def test_the_title_of_the_document_fills_what_the_other_facts_leave_open() -> None:
    facts = Facts(title="上海市普陀区财政局2024年度部门决算（更正）")
    assert reading(facts=facts, hints=Hints()) == Reading(identity=finance(2024), correction=True)


@pytest.mark.parametrize("title", ["czj_2024_final.pdf", "P020250214393221078327.pdf", "1.pdf", ""])
def test_names_without_words_say_nothing(title: str) -> None:
    got = reading(filename=title)
    assert got.identity is None
    assert got.reasons == (
        "no source names an agency",
        "no fiscal year is stated",
        "neither budget (预算) nor final account (决算) is stated",
    )


@pytest.mark.parametrize(
    "title",
    [
        "20250214部门预算",
        "2025-02-14部门预算公开",
        "2025.02.14 预算公开",
        "2025年2月14日部门预算公开",
        "2025年2月公开部门预算",
        "20 25年部门预算",
        "2025 02 14 部门预算",
        "P0202502142024部门预算",
        "沪财预〔2024〕12号部门预算",
        "部门预算公开",
        "t20250214_1234部门预算.pdf",
    ],
)
def test_dates_and_running_numbers_are_no_fiscal_years(title: str) -> None:
    assert read_title(title).years == frozenset()


def test_the_date_of_publication_is_not_the_fiscal_year() -> None:
    title = "2024年度普陀区财政局部门决算（2025年11月21日）.pdf"
    assert read_title(title).year == 2024
    assert read_title("2025-11-21 普陀区财政局2024年度部门决算").year == 2024


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2023年决算和2025年预算公开", {2023, 2025}),
        ("普陀区财政局2023-2025年部门预算", {2023, 2025}),
        ("普陀区财政局2023、2024年度部门决算", {2023, 2024}),
    ],
)
def test_two_years_in_a_title_decide_nothing(title: str, years: set[int]) -> None:
    got = reading(title)
    assert read_title(title).years == years
    assert got.identity is None
    assert any("states several years" in reason for reason in got.reasons)


def test_a_document_may_decide_between_the_years_of_its_title_but_not_against_them() -> None:
    both = "普陀区财政局2023年、2024年部门决算"
    assert reading(both, facts=FACTS).identity == finance(2024)
    elsewhere = reading("普陀区财政局2021年、2022年部门决算", facts=FACTS)
    assert elsewhere.identity is None
    assert "the listed title names other years than 2024" in elsewhere.reasons


def test_budget_and_final_account_in_one_title_decide_nothing() -> None:
    got = reading("普陀区财政局2024年部门预决算公开")
    assert got.identity is None
    assert "the listed title speaks of a budget and of a final account" in got.reasons


@pytest.mark.parametrize(
    "title",
    [
        "普陀区财政局2025年“三公”经费预算公开",
        "普陀区财政局2025年部门预算项目支出绩效目标",
        "普陀区财政局2025年部门预算调整方案",
        "关于普陀区2025年预算执行情况和2026年预算草案的报告",
    ],
)
def test_a_part_of_an_account_is_not_the_account(title: str) -> None:
    got = reading(title)
    assert got.identity is None
    assert any("of a part or of another paper" in reason for reason in got.reasons)


@pytest.mark.parametrize(
    "title",
    [
        "普陀区财政局2025年部门预算及“三公”经费预算公开",
        "普陀区财政局2025年部门预算公开（含项目绩效目标）",
    ],
)
def test_a_part_named_beside_the_whole_does_no_harm(title: str) -> None:
    assert reading(title).identity == finance(2025, Kind.BUDGET)


@pytest.mark.parametrize(
    "title",
    [
        "普陀区财政局2024年部门决算的公开(更正)",
        "普陀区财政局2024年部门决算（更正后）",
        "【修订】普陀区财政局2024年部门决算",
        "普陀区财政局2024年部门决算更新版",
        "普陀区财政局2024年部门决算公开（补充）",
        "关于更正普陀区财政局2024年部门决算的公告",
    ],
)
def test_a_corrected_publication_is_recognised(title: str) -> None:
    assert reading(title) == Reading(identity=finance(2024), correction=True)


@pytest.mark.parametrize(
    "title",
    [
        "上海市普陀区城市更新和住宅配套事务中心2026年单位预算",
        "2026年单位预算公开-上海市普陀区城市更新和住宅配套事务中心",
    ],
)
def test_an_agency_for_renewal_is_not_a_renewed_publication(title: str) -> None:
    got = reading(title)
    assert got.identity is not None
    assert not got.correction


def test_only_the_words_decide_between_a_department_and_its_own_unit() -> None:
    got = reading("普陀区财政局2024年决算公开")
    assert got.identity is None
    assert got.reasons == (
        "上海市普陀区财政局 reports as a department and as a unit; no source says 部门 or 单位",
    )


@pytest.mark.parametrize(
    "title", ["普陀区财政局2024年部门（单位）决算", "普陀区财政局（本级）2024年部门决算"]
)
def test_both_words_at_once_decide_nothing(title: str) -> None:
    got = reading(title)
    assert got.identity is None
    assert "the listed title says both department (部门) and unit (单位, 本级)" in got.reasons


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (
            "普陀区财政局2023年度部门决算",
            "the document itself says year 2024, the listed title says 2023",
        ),
        (
            "普陀区财政局2024年度部门预算",
            "the document itself says kind final, the listed title says budget",
        ),
        (
            "普陀区财政局2024年度单位决算",
            "the document itself says level department, the listed title says unit",
        ),
        (
            "普陀区司法局2024年度部门决算",
            "the document itself names '上海市普陀区财政局', the listed title names '普陀区司法局'",
        ),
        (
            "普陀区某某局2024年度部门决算",
            "the document itself names '上海市普陀区财政局', the listed title names '普陀区某某局'",
        ),
    ],
)
def test_a_document_that_contradicts_its_title_has_no_identity(title: str, reason: str) -> None:
    got = reading(title, facts=FACTS)
    assert got.identity is None
    assert reason in got.reasons


def test_a_file_name_alone_against_document_and_title_is_only_a_warning() -> None:
    got = reading("普陀区财政局2024年度部门决算", "普陀区财政局2023年度部门决算.pdf", FACTS)
    assert got.identity == finance(2024)
    assert got.reasons == ("the document itself says year 2024, the file name says 2023",)


def test_a_file_name_against_the_document_alone_leaves_it_open() -> None:
    got = reading("", "普陀区财政局2023年度部门决算.pdf", FACTS)
    assert got.identity is None


def test_stated_facts_win_and_the_disagreement_is_told() -> None:
    stated = Hints(agency=FINANCE, year=2023, kind=Kind.FINAL)
    got = reading("普陀区财政局2023年度部门决算", facts=FACTS, hints=stated)
    assert got.identity == finance(2023)
    assert got.reasons == ("the document itself says year 2024, stated is 2023",)


def test_a_stated_agency_may_be_a_name_or_an_id() -> None:
    by_name = Hints(division="310107", agency="财政局", level=Level.UNIT)
    assert reading("2024年决算", hints=by_name).identity == finance(
        2024, agency=f"{FINANCE}.001", level=Level.UNIT
    )
    by_id = Hints(agency=f"{FINANCE}.001")
    assert reading("2024年决算", hints=by_id).identity == finance(
        2024, agency=f"{FINANCE}.001", level=Level.UNIT
    )


@pytest.mark.parametrize(
    ("hints", "reason"),
    [
        (Hints(division="110101"), "division '110101' is not in the register"),
        (Hints(agency="310107.999"), "agency '310107.999' is not in the register"),
        (
            Hints(division="310107", agency="某某局"),
            "the stated agency '某某局' is not in the register",
        ),
        (Hints(agency=FINANCE, level=Level.UNIT), "is not registered as a unit"),
        (Hints(division="420106", agency=FINANCE), "the stated agency 310107.006 is not of 420106"),
    ],
)
def test_a_statement_the_register_does_not_bear_out_is_refused(hints: Hints, reason: str) -> None:
    got = reading("普陀区财政局2024年部门决算", hints=hints)
    assert got.identity is None
    assert any(reason in told for told in got.reasons)


def test_a_text_beyond_all_measure_is_no_title() -> None:
    assert read_title("普陀区财政局2024年部门决算" + "、" * 400).year == 2024
    assert read_title("普陀区财政局2024年部门决算" + "、" * 40_000) == read_title("")


COLUMN = Hints(division="310107", agency=FINANCE, level=Level.DEPARTMENT, kind=Kind.FINAL)
"""What a portal file may state of a department's own column of final accounts."""


def listed(title: str, facts: Facts = SILENT, hints: Hints = COLUMN) -> Reading:
    return identify(REGISTER, title=title, filename="", facts=facts, hints=hints, overrule=False)


def test_a_portal_file_fills_in_what_the_documents_of_a_column_leave_unsaid() -> None:
    assert listed("2024年度公开") == Reading(identity=finance(2024))
    assert listed("财政局2024年部门决算", FACTS).identity == finance(2024)


@pytest.mark.parametrize(
    ("title", "facts", "reason"),
    [
        (
            "上海市普陀区财政局2024年部门预算",
            SILENT,
            "the portal file says kind final, the listed title says budget",
        ),
        (
            "2024年公开",
            Facts(agency="上海市普陀区财政局", level=Level.UNIT, year=2024),
            "the portal file says level department, the document itself says unit",
        ),
        (
            "上海市普陀区民政局2024年部门决算",
            SILENT,
            "the portal file names '310107.006', the listed title names '上海市普陀区民政局'",
        ),
        (
            "上海市普陀区月球事务局2024年部门决算",
            SILENT,
            "the portal file names '310107.006', the listed title names '上海市普陀区月球事务局'",
        ),
        (
            "财政局2024年“三公”经费决算",
            SILENT,
            "the listed title speaks of a part or of another paper (三公经费)",
        ),
        (
            "2024年部门决算",
            Facts(agency="财政局", codes=("[420112000]东西湖区",)),
            "the portal file says division 310107, the document itself says 420112",
        ),
    ],
)
def test_what_contradicts_the_portal_file_is_not_filed_by_it(
    title: str, facts: Facts, reason: str
) -> None:
    got = listed(title, facts)
    assert got.identity is None
    assert reason in got.reasons
    stated = identify(
        REGISTER,
        title=title,
        filename="",
        facts=facts,
        hints=msgspec.structs.replace(COLUMN, year=2024),
    )
    assert stated.identity == finance(2024)  # an operator may state it all the same
    assert stated.reasons  # and is told what he overruled


def test_an_agency_the_register_does_not_know_is_proposed() -> None:
    got = reading("上海市普陀区某某事务中心2024年单位决算")
    assert got.identity is None
    assert got.proposal == "上海市普陀区某某事务中心"
    assert got.reasons == (
        "the listed title names '上海市普陀区某某事务中心', which the register does not know",
    )


def test_a_proposal_is_never_more_than_a_name() -> None:
    got = reading(facts=Facts(agency="../../etc\x1b[31m局", level=Level.UNIT, year=2024))
    assert got.proposal is None


@pytest.mark.parametrize(
    ("agency", "codes", "expected"),
    [
        ("武汉市东西湖区科技创新和人才服务中心", (), "420112.001"),
        ("区科技创新和人才服务中心", ("[420112000]东西湖区", "[016]某中心"), "420112.001"),
        ("武昌区科技创新和人才服务中心（汇总）", (), "420106.001"),
        ("江岸区科经局", (), "420102.001"),
    ],
)
def test_the_district_is_read_from_the_name_or_from_the_printed_code(
    agency: str, codes: tuple[str, ...], expected: str
) -> None:
    facts = Facts(agency=agency, level=Level.DEPARTMENT, year=2025, kind=Kind.BUDGET, codes=codes)
    got = reading(facts=facts, hints=Hints())
    assert got.identity == Identity(expected[:6], expected, Level.DEPARTMENT, 2025, Kind.BUDGET)


def test_a_district_name_that_other_places_bear_needs_its_city() -> None:
    got = reading("普陀区财政局2024年部门决算", hints=Hints())
    assert got.identity is None
    assert "no source names a division of the register" in got.reasons
    assert reading("上海市普陀区财政局2024年部门决算", hints=Hints()).identity == finance(2024)


def test_a_document_of_another_district_is_not_filed_under_the_portals() -> None:
    facts = Facts(
        agency="武汉市青山区人才服务中心", level=Level.DEPARTMENT, year=2023, kind=Kind.FINAL
    )
    assert reading(facts=facts).identity is None
    assert reading(facts=facts, hints=Hints()).identity is not None


# Digits, separators and the words that stand in names, in any order; the oracle below is written
# apart from the reader.
PIECES = st.lists(
    st.one_of(
        st.from_regex(r"[0-9]{1,12}", fullmatch=True),
        st.sampled_from(["2024", "2025", "20", "24", "0214"]),
        st.sampled_from(
            ["年", "年度", "月", "日", "预算", "决算", "部门", "单位", "公开", "财政局"]
        ),
        st.sampled_from(
            ["-", "_", ".", "/", " ", "(", ")", "（", "）", "〔", "〕", "P0", "t", "号"]
        ),
    ),
    max_size=10,
)
BESIDE = (
    r"(?:区级|县级|市级|年初|本级|部门|单位|收支|财政|及|和|、|/"
    r"|[（(](?:部门|单位|本级|本部|汇总)[）)])*"
)


@given(PIECES.map("".join))
@example("2025预算.pdf")
@example("20240214预算")
@example("2024-2025年预算")
def test_digits_are_a_year_only_before_the_word_or_alone_beside_the_account(name: str) -> None:
    tight = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", name.removesuffix(".pdf"))
    for year in read_title(name).years:
        before_the_word = rf"(?<!\d){year}\s*年"
        in_a_range = rf"(?<!\d){year}(?:年度?)?[-/、及和]20\d\d年"
        beside = rf"(?<![0-9A-Za-z]){year}{BESIDE}(?:预算|决算)|(?:预算|决算){year}(?![0-9A-Za-z])"
        assert re.search(rf"{before_the_word}|{in_a_range}|{beside}", tight), name


@given(st.text(max_size=40))
def test_any_title_is_read_without_failing(title: str) -> None:
    reading(title, title)


@pytest.mark.corpus
@pytest.mark.skipif(not NAMES_2026.is_file(), reason="no list of file names in ../shared/domain")
def test_all_file_names_of_one_district_and_year_resolve_but_the_towns_whole_budgets() -> None:
    with NAMES_2026.open(encoding="utf-8", newline="") as lines:
        names = [row["filename"] for row in csv.DictReader(lines, delimiter="\t")]
    readings = {name: reading(filename=name) for name in names}
    open_ones = [name for name, got in readings.items() if got.identity is None]
    assert len(names) == 118
    assert all("预算执行" in name for name in open_ones)
    assert len(open_ones) == 3
    for name, got in readings.items():
        if got.identity is not None:
            assert got.identity.year == 2026
            assert got.identity.kind is Kind.BUDGET
            assert ("部门" in name) is (got.identity.level is Level.DEPARTMENT)


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_every_real_pdf_tells_its_identity_by_itself(path: Path) -> None:
    facts = read_once(path.read_bytes()).facts
    got = reading(filename=path.name, facts=facts, hints=Hints())
    assert got.identity is not None, got.reasons
    [year] = re.findall(r"20\d\d", path.stem)
    assert (got.identity.year, got.reasons) == (int(year), ())
    assert got.identity.kind is (Kind.FINAL if "final" in path.stem else Kind.BUDGET)
    assert got.identity.level is (Level.UNIT if "unit" in path.stem else Level.DEPARTMENT)


def test_what_the_articles_title_says_otherwise_is_told_and_decides_nothing() -> None:
    reading = identify(
        REGISTER,
        title="上海市普陀区财政局2024年度部门决算",
        article="上海市普陀区审计局2023年度部门决算-普陀区人民政府",
        filename="a.pdf",
        facts=Facts(),
    )
    assert reading.identity is not None
    assert reading.identity.year == 2024
    assert "the article's title says year 2023, settled is 2024" in reading.reasons
    assert any("the article's title names 上海市普陀区审计局" in one for one in reading.reasons)


def test_an_article_that_says_the_same_in_other_words_is_no_news() -> None:
    reading = identify(
        REGISTER,
        title="上海市普陀区财政局2024年度部门决算",
        article="普陀区财政局2024年部门决算公开",
        filename="a.pdf",
        facts=Facts(),
    )
    assert reading.reasons == ()
