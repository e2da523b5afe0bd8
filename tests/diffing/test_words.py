from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec import structs

from archive.model import Unit
from diffing.align import How, RowPair, StatementPair
from diffing.cells import cell_of
from diffing.changes import Cell
from diffing.words import LANGUAGES, wording
from diffing.words.en import English, singular
from diffing.words.zh import Chinese

from .build import budget, document, item, statement, version

ZH, EN = Chinese(), English()


def cell(old: str | None, new: str | None, unit: Unit = Unit.WAN) -> Cell:
    rows = [None if text is None else item("甲", text) for text in (old, new)]
    sides = [statement(*([row] if row else []), unit=unit) for row in rows]
    pair = StatementPair(sides[0], sides[1])
    row = RowPair("k", How.EXACT, rows[0], rows[1])
    versions = [version(document(side)) for side in sides]
    return cell_of(versions[0], versions[1], pair, row, "合计")


def said(old: str | None, new: str | None, unit: Unit = Unit.WAN) -> str:
    return ZH.comparison(cell(old, new, unit), "2023 年预算", "2024 年预算")


def test_amounts_go_with_more_or_less_and_rates_with_growth_or_fall() -> None:
    assert said("471.19", "825.04") == (
        "2024 年预算 825.04 万元，比 2023 年预算增加 353.85 万元，增长 75.10%"
    )
    assert said("825.04", "471.19") == (
        "2024 年预算 471.19 万元，比 2023 年预算减少 353.85 万元，下降 42.89%"
    )


def test_what_comes_from_yuan_is_shown_exactly() -> None:
    assert said("164,978,640", "156,211,123", Unit.YUAN) == (
        "2024 年预算 1.56 亿元（15,621.1123 万元），比 2023 年预算减少 876.7517 万元，下降 5.31%"
    )
    assert ZH.amount(Decimal("16010.35")) == "1.60 亿元（16,010.35 万元）"
    assert ZH.amount(Decimal("9999.99")) == "9,999.99 万元"
    assert ZH.amount(Decimal("0.001")) == "0.001 万元"


def test_equal_amounts_are_level() -> None:
    assert said("1.35", "1.350") == "2024 年预算 1.35 万元，与 2023 年预算持平"


@pytest.mark.parametrize(("old", "why"), [("0.00", "为 0"), ("", "为空白"), ("—", "为“—”")])
def test_from_nothing_no_rate_is_computed(old: str, why: str) -> None:
    assert said(old, "25") == (
        f"由无到有，2024 年预算 25.00 万元（2023 年预算{why}，无法计算增幅）"
    )


def test_a_line_that_is_not_listed_is_called_that_and_nothing_more() -> None:
    assert said(None, "25.00") == "2024 年预算新列示，25.00 万元（2023 年预算未列示）"
    assert said("25.00", None) == "2024 年预算不再列示（2023 年预算为 25.00 万元）"


def test_what_became_nothing_fell_by_all_of_it() -> None:
    assert said("25.00", "0") == "2024 年预算为 0，比 2023 年预算减少 25.00 万元，下降 100.00%"
    assert said("25.00", "") == "2024 年预算为空白，比 2023 年预算减少 25.00 万元，下降 100.00%"


def test_a_rate_too_small_to_print_is_not_printed_as_none() -> None:
    assert said("1,000,000.00", "1,000,000.01").endswith("增加 0.01 万元，增幅不足 0.01%")


def test_a_negative_base_has_no_rate() -> None:
    assert said("-5.00", "5.00").endswith("增加 10.00 万元，增幅不计算（基数为负）")


def test_what_is_not_an_amount_is_quoted() -> None:
    assert said("12 34", "5.00") == (
        "2023 年预算为“12 34”（不是金额），2024 年预算为 5.00 万元，未作计算"
    )


def test_rates_are_rounded_half_up() -> None:
    # 1/800 = 0.125 %, 3/800 = 0.375 %
    assert said("800.00", "801.00").endswith("增长 0.13%")
    assert said("800.00", "803.00").endswith("增长 0.38%")
    assert said("800.00", "799.00").endswith("下降 0.13%")


def test_shares_change_in_points() -> None:
    sides = ("2023 年预算", "2024 年预算")
    assert ZH.share("项目支出", Decimal("39.75"), Decimal("36.17"), sides) == (
        "项目支出占支出总额的 36.17%，比 2023 年预算下降 3.58 个百分点"
    )
    assert ZH.share("项目支出", Decimal("5.00"), Decimal("5.00"), sides).endswith(
        "与 2023 年预算持平"
    )


def test_a_revision_is_told_by_how_much() -> None:
    assert ZH.replacement(cell("3.00", "5.00")) == "增加 2.00 万元，增长 66.67%"
    assert ZH.replacement(cell("", "0.00")) == ""


def test_no_sentence_falls_by_a_negative_number() -> None:
    for old in ("-3.00", "0", "", "2.50", "100"):
        for new in ("-7.00", "0", "", "1.25", "99"):
            for words in (ZH, EN):
                sentence = words.comparison(cell(old, new), "旧", "新")
                for word in ("减少 −", "下降 −", "增加 −", "增长 −", "less −", "down −"):
                    assert word not in sentence


def test_english_says_the_same() -> None:
    assert EN.comparison(cell("471.19", "825.04"), "the 2024 budget", "the 2025 budget") == (
        "825.04 万元 (8,250,400 yuan) in the 2025 budget, 353.85 万元 (3,538,500 yuan) more than "
        "the 2024 budget, up 75.10%"
    )
    assert EN.amount(Decimal("16010.35")) == "16,010.35 万元 (160.10 million yuan)"


def test_every_language_has_the_same_texts_with_the_same_fields() -> None:
    import string

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    texts = [wording(lang).texts for lang in LANGUAGES]
    assert {key: fields(text) for key, text in texts[0].items()} == {
        key: fields(text) for key, text in texts[1].items()
    }


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh, en"):
        wording("fr")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_says_what_anyone_meant_by_it(lang: str) -> None:
    texts = wording(lang).texts.values()

    judging = ("造假", "违法", "违规", "虚报", "瞒报", "作假", "fraud", "illegal", "fake")
    assert [text for text in texts if any(word in text for word in judging)] == []
    # 同比 is only for one and the same basis; a digest always names both sides
    assert [text for text in texts if "同比" in text and "同口径" not in text] == []


def test_a_citation_names_agency_title_days_address_place_and_version() -> None:
    from archive.events import Entry
    from archive.model import ChangeKind, Facts
    from diffing.citing import citation

    found = budget("60.00")
    entry = Entry(
        commit="abcdef1" + "0" * 33,
        kind=ChangeKind.FIRST,
        document_id="310107/310107.012/department/2024/budget",
        originals=(found.original,),
        source_url="http://czj.example.gov.cn/ys.pdf",
        published=date(2024, 2, 1),
        observed=datetime(2024, 3, 5, tzinfo=UTC),
        extractor="pdf/1",
        run="r",
        subject="收录",
    )
    titled = structs.replace(found, facts=Facts(title="2024年部门预算公开"))
    cited = structs.replace(version(titled), entry=entry)
    at = cited.at(found.statements[1].items[0].amounts["合计"].at)

    assert citation(cited, at, wording("zh")) == (
        "某街道办事处. 2024年部门预算公开[EB/OL]. (2024-02-01)[2024-03-05]. "
        "http://czj.example.gov.cn/ys.pdf. 第 5 页第 3 行. 明账存档版本 abcdef1. "
        f"原件 sha256:{'a' * 64}."
    )
    assert citation(cited, None, wording("en")) == (
        "某街道办事处. 2024年部门预算公开 [in Chinese]. Published 2024-02-01, "
        "collected 2024-03-05. "
        "http://czj.example.gov.cn/ys.pdf. Mingzhang archive, version abcdef1. "
        f"original sha256:{'a' * 64}."
    )


def test_every_printed_cell_of_a_form_has_a_name_in_both_languages() -> None:
    paths = Path(str(files("archive.forms"))).glob("*.toml")
    forms = [tomllib.loads(path.read_text("utf-8")) for path in paths]
    parts = [part for form in forms for part in (form, *form.get("blocks", ()))]
    columns = {key for part in parts for key in part.get("columns", {})}
    wanted = columns - {"name", "code", "measures"} | {"block", "group", "label", "content"}
    assert {"level1", "year_before_last", "actual"} <= wanted
    for lang in LANGUAGES:
        missing = {key for key in wanted if f"attribute-{key}" not in wording(lang).texts}
        assert missing == set()
    assert wording("zh").attribute("level1") == "一级指标"
    assert wording("zh").attribute("2023年") == "2023年"


def test_one_of_a_thing_is_singular_in_english() -> None:
    assert EN("all-elsewhere", count=1).startswith("All 1 change")
    text = "{a} agencies, {b} documents, {c} rows, {d} units"
    counts = {"a": 1, "b": "21", "c": "1,001", "d": "1"}
    assert singular(text, counts) == "{a} agency, {b} documents, {c} rows, {d} unit"


def test_a_printed_name_stays_as_it_is_printed_in_english() -> None:
    text = "{count} documents of {name}"
    found = singular(text, {"count": 1, "name": "Budget of 1 districts"})
    assert (
        found.format(count=1, name="Budget of 1 districts") == "1 document of Budget of 1 districts"
    )
