"""Prose comes out in reading order, paragraphs whole, headings known."""

from __future__ import annotations

from archive.model import Kind, Level
from archive.text.reader import see
from tests.archive.drawing import Sheet

FULL = "本部门贯彻执行国家有关财政工作的方针政策并结合本区实际参与制定产业发展科技教育社会保障"
"""A line that fills the body from the left edge to the right."""


def test_soft_line_breaks_are_healed_and_short_lines_end_a_paragraph() -> None:
    sheet = (
        Sheet().text("一、主要职能").text(FULL, 80).text("政策措施。").text(FULL, 80).text("完。")
    )
    prose = see([sheet.page]).prose
    assert [(p.text, p.heading) for p in prose] == [
        ("一、主要职能", 2),
        (FULL + "政策措施。", 0),
        (FULL + "完。", 0),
    ]


def test_a_sentence_goes_on_over_the_page_and_keeps_its_first_page() -> None:
    first = Sheet(1).text("二、收入", 80).text(FULL).text(FULL)
    second = Sheet(2).text("增加6.20万元。").text("23", 300)
    prose = see([first.page, second.page]).prose
    assert [(p.page, p.text) for p in prose] == [
        (1, "二、收入"),
        (1, FULL + FULL + "增加6.20万元。"),
    ]


def test_a_part_heading_centred_over_two_lines_is_one() -> None:
    sheet = (
        Sheet().centred("第二部分 江城区科技局2024年度部门").centred("决算表").text("一、总表", 80)
    )
    prose = see([sheet.page]).prose
    assert (prose[0].text, prose[0].heading) == ("第二部分江城区科技局2024年度部门决算表", 1)


def test_the_cover_says_whose_account_of_which_year_it_is() -> None:
    sheet = Sheet().centred("江城区科学技术局").centred("2024年度部门决算")
    part = Sheet(2).centred("第一部分 江城区科学技术局概况")
    facts = see([sheet.page, part.page]).facts
    assert (facts.agency, facts.year, facts.kind, facts.level) == (
        "江城区科学技术局",
        2024,
        Kind.FINAL,
        Level.DEPARTMENT,
    )


def test_two_years_in_a_document_are_said_and_none_is_chosen() -> None:
    pages = [
        Sheet(1).centred("江城区科学技术局2024年度部门决算").page,
        Sheet(2).centred("第二部分 江城区科学技术局2023年度部门决算表").page,
        Sheet(3).centred("第三部分 江城区科学技术局2023年度部门决算情况说明").page,
    ]
    seen = see(pages)
    assert seen.facts.year is None
    assert [r.code for r in seen.remarks] == ["year-disagrees"]


def test_printed_unit_codes_are_kept() -> None:
    sheet = Sheet().centred("收支总表").text("部门：[990101000]江城区 , [016]江城区科技局")
    sheet.table([["收入", None], ["项目", "预算数"], ["一、收入", "1.00"]], [150, 80])
    facts = see([sheet.page]).facts
    assert facts.codes == ("[990101000]江城区", "[016]江城区科技局")
    assert facts.agency == "江城区科技局"


def test_a_page_that_is_an_image_is_said() -> None:
    sheet = Sheet()
    sheet.page.images.append((50, 50, 550, 700))
    assert [(r.code, r.page) for r in see([sheet.page]).remarks] == [("page-image", 1)]


def test_characters_without_meaning_are_said() -> None:
    sheet = Sheet().text("收入")
    sheet.page.undefined = 2
    assert [r.code for r in see([sheet.page]).remarks] == ["characters-undefined"]
