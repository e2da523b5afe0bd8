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


def prose_of(*sheets: Sheet) -> list[tuple[str, int]]:
    """Text and heading level of every paragraph."""
    return [(p.text, p.heading) for p in see([sheet.page for sheet in sheets]).prose]


def test_an_indent_typed_as_spaces_begins_a_paragraph() -> None:
    sheet = Sheet().text(FULL).text(FULL[:-1] + "。")
    sheet.text("其中：人员经费增加。", 80)
    for x in (60, 70):
        sheet.page.chars.append((x, sheet.top, x + 10, sheet.top + 10, " "))
    sheet.text(FULL).text("完。")
    assert [text for text, _ in prose_of(sheet)][1] == "其中：人员经费增加。"


def test_a_wider_gap_than_between_its_own_lines_ends_a_paragraph() -> None:
    sheet = Sheet()
    for y in (700, 688, 664, 652):
        sheet.text(FULL[:-1] + "。" if y == 688 else FULL, y=y)
    assert prose_of(sheet) == [(FULL + FULL[:-1] + "。", 0), (FULL + FULL, 0)]


def test_a_sentence_broken_off_by_hand_is_whole_in_spite_of_an_indent() -> None:
    first, rest = "购置费0万元，" + FULL[:-9], "无公务用车；运行费0万元。"
    sheet = Sheet().text(FULL).text(FULL).text("完。").text(first, 80).text(rest, 85)
    assert prose_of(sheet)[-1] == (first + rest, 0)


def test_a_heading_is_not_carried_on_by_the_heading_below_it() -> None:
    part = "第三部分 江城区科学技术局2024年度部门决算情况说明报告汇总"
    sheet = Sheet().text(part, 60 + 10 * (len(FULL) - len(part) + 3)).text(FULL)
    sheet.text("一、收入支出决算总体情况说明")
    assert ("一、收入支出决算总体情况说明", 2) in prose_of(sheet)


def test_entries_of_a_table_of_contents_head_nothing() -> None:
    entries = Sheet(1).centred("目 录").text("第一部分 江城区科技局概况").text("一、主要职能", 80)
    entries.text("二、单位构成", 80).text("第二部分 江城区科技局决算表")
    body = (
        Sheet(2).text("第一部分 江城区科技局基本概况").text("一、主要职能").text("负责科技。", 80)
    )
    assert [level for _, level in prose_of(entries, body)] == [0, 0, 0, 0, 0, 1, 2, 0]


def large(sheet: Sheet, text: str, size: float) -> Sheet:
    """A centred line in larger type."""
    x, y = (sheet.page.width - size * len(text)) / 2, sheet.top - 40
    for char in text:
        sheet.page.chars.append((x, y, x + size, y + size, char))
        x += size
    sheet.top = y - 20
    return sheet


def test_a_title_in_larger_type_heads_its_page_but_the_cover_does_not() -> None:
    cover = large(Sheet(1), "江城区二〇二四年部门预算", 22)
    body = large(Sheet(2), "名词解释", 14).text(FULL).text("完。")
    assert prose_of(cover, body) == [
        ("江城区二〇二四年部门预算", 0),
        ("名词解释", 1),
        (FULL + "完。", 0),
    ]


def test_a_title_over_several_lines_of_the_cover_is_one() -> None:
    cover = Sheet()
    for line in ("江城区规划和自然", "资源局", "2024年度部门决算"):
        large(cover, line, 24)
        cover.top += 25
    assert prose_of(cover) == [("江城区规划和自然资源局2024年度部门决算", 0)]


def test_numbered_items_of_a_list_are_no_headings() -> None:
    sheet = Sheet().text("一、机构设置").text("具体包括：", 80).text("1.江城区科技局本部", 80)
    sheet.text("2.江城区科技馆", 80).text("二、其他")
    assert [level for _, level in prose_of(sheet)] == [2, 0, 0, 0, 2]


def test_a_lead_in_with_figures_is_no_heading() -> None:
    sheet = Sheet().text("（一）人员经费836.28万元，包括：").text("工资福利支出。", 80)
    assert prose_of(sheet)[0][1] == 0


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


def test_a_unit_printed_beside_the_agency_is_no_part_of_its_name() -> None:
    sheet = Sheet().text("江城区科技局2024年度部门决算", 200)
    sheet.text("编制单位：江城区科技局（单位：万元）").text("单位：万元 科目编码 金额")
    seen = see([sheet.page])
    assert (seen.facts.agency, seen.remarks) == ("江城区科技局", [])
