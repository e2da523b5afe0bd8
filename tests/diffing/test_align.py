from __future__ import annotations

from msgspec import structs

from archive.model import Classification, Statement
from diffing.align import How, RowPair, align
from diffing.names import bare, normalise

from .build import document, item, statement


def pairs(old: list, new: list) -> tuple[RowPair, ...]:
    return align(document(statement(*old)), document(statement(*new))).statements[0].rows


def said(rows: tuple[RowPair, ...]) -> list[tuple[str, str, str]]:
    return [
        (row.old.name if row.old else "", row.new.name if row.new else "", row.how) for row in rows
    ]


def test_a_list_that_renumbers_itself_keeps_its_lines() -> None:
    old = [item("一、公共安全支出", "1"), item("二、科学技术支出", "2")]
    new = [
        item("一、公共安全支出", "1"),
        item("二、教育支出", "3"),
        item("三、科学技术支出", "2"),
    ]

    assert said(pairs(old, new)) == [
        ("一、公共安全支出", "一、公共安全支出", How.EXACT),
        ("", "二、教育支出", How.ONLY_NEW),
        ("二、科学技术支出", "三、科学技术支出", How.NAME),
    ]


def test_an_enumeration_that_tells_two_rows_apart_is_not_ignored() -> None:
    old = [item("一、其他支出", "1"), item("二、其他支出", "2")]
    new = [item("一、其他支出", "1"), item("三、其他支出", "2")]

    assert [how for *_, how in said(pairs(old, new))] == [How.EXACT, How.ONLY_OLD, How.ONLY_NEW]


def test_the_same_name_under_many_codes_is_never_confused() -> None:
    old = [
        item("一般行政管理事务", "5", code="2010302"),
        item("一般行政管理事务", "7", code="2060102"),
    ]
    new = list(reversed(old))

    assert [(r.old.code, r.new.code) for r in pairs(old, new)] == [
        ("2060102", "2060102"),
        ("2010302", "2010302"),
    ]


def test_the_same_code_under_another_name_is_renamed() -> None:
    old = [item("巩固脱贫衔接乡村振兴", "5", code="21305")]
    new = [item("巩固脱贫攻坚成果衔接乡村振兴", "5", code="21305")]

    assert [how for *_, how in said(pairs(old, new))] == [How.RENAMED]


def test_projects_booked_under_one_code_are_not_each_others_rename() -> None:
    project = {"code": "2060102", "classification": Classification.PROJECT}
    old = [item("网谷驿站", "5", **project)]
    new = [item("党建", "5", **project)]

    assert [how for *_, how in said(pairs(old, new))] == [How.ONLY_OLD, How.ONLY_NEW]


def test_a_project_booked_under_another_code_is_recoded() -> None:
    old = [item("党建", "5", code="2060102", classification=Classification.PROJECT)]
    new = [item("党建", "5", code="2013699", classification=Classification.PROJECT)]

    assert [how for *_, how in said(pairs(old, new))] == [How.RECODED]


def test_a_line_under_another_code_of_the_same_parent_is_recoded() -> None:
    old = [item("工资福利支出", "9", code="301"), item("津贴补贴", "9", code="30102")]
    new = [item("工资福利支出", "9", code="301"), item("津贴补贴", "9", code="3012")]

    assert [(row.how, row.new.code) for row in pairs(old, new)] == [
        (How.EXACT, "301"),
        (How.RECODED, "3012"),
    ]


def test_the_same_name_under_another_parent_is_another_line() -> None:
    old = [item("科学技术", "9", code="206"), item("行政运行", "9", code="2060101")]
    new = [item("商业服务", "9", code="216"), item("行政运行", "9", code="2160201")]

    assert {how for *_, how in said(pairs(old, new))} == {How.ONLY_OLD, How.ONLY_NEW}


def test_a_recoded_parent_takes_its_children_with_it() -> None:
    old = [item("信访事务", "9", code="20145"), item("信访业务", "9", code="2014504")]
    new = [item("信访事务", "9", code="20140"), item("信访业务", "9", code="2014004")]

    # both stand under the same 类, 201
    assert [row.how for row in pairs(old, new)] == [How.RECODED, How.RECODED]


def test_rows_of_one_key_are_kept_apart_and_said_to_be() -> None:
    shared = {"code": "2060102", "classification": Classification.PROJECT}
    old = [item("后勤", "3.98", row=3, **shared), item("后勤", "46.80", row=4, **shared)]
    new = [item("后勤", "46.80", row=3, **shared)]

    found = align(document(statement(*old)), document(statement(*new))).statements[0]

    assert [(r.old.amounts["合计"].text if r.old else "", r.how) for r in found.rows] == [
        ("3.98", How.ONLY_OLD),
        ("46.80", How.OCCURRENCE),
    ]
    assert [(c.name, c.old_rows, c.new_rows) for c in found.collisions] == [
        ("后勤", ((5, 3), (5, 4)), ((5, 3),))
    ]


def test_rows_of_one_name_are_told_apart_by_the_line_above_them() -> None:
    def outline(*order: str) -> list:
        rows = []
        for parent in order:
            rows += [
                item(parent, "9", level=1, side="收入"),
                item(
                    "一般公共预算",
                    parent[0].replace("本", "8").replace("上", "1"),
                    level=2,
                    side="收入",
                ),
            ]
        return rows

    found = pairs(outline("本年收入", "上年结转"), outline("上年结转", "本年收入"))

    assert all(row.how is How.EXACT for row in found)
    assert [row.old.amounts["合计"].text for row in found] == ["9", "1", "9", "8"]


def test_statements_of_one_form_are_paired_by_title() -> None:
    one = statement(item("甲", "1"), title="2023年部门支出总表")
    other = statement(item("甲", "2"), title="2023年单位支出总表")
    newer = statement(item("甲", "2"), title="2024年单位支出总表（表三）")

    found = align(document(one, other), document(newer)).statements

    assert [(p.old and p.old.title, p.new and p.new.title) for p in found] == [
        ("2023年单位支出总表", "2024年单位支出总表（表三）"),
        ("2023年部门支出总表", None),
    ]


def test_a_form_printed_for_each_project_is_paired_by_project() -> None:
    def form(project: str) -> Statement:
        found = statement(
            item("项目资金总额", "1"), form="budget.performance_project", title="目标表"
        )
        return structs.replace(found, subject=project)

    found = align(document(form("甲"), form("乙")), document(form("乙"), form("丙"))).statements

    assert [(p.old and p.old.subject, p.new and p.new.subject) for p in found] == [
        ("乙", "乙"),
        (None, "丙"),
        ("甲", None),
    ]


def test_total_rows_of_two_layouts_are_one_line() -> None:
    assert [how for *_, how in said(pairs([item("合计", "1")], [item("总计", "1")]))] == [
        How.RENAMED
    ]


def test_the_total_of_the_year_is_not_the_grand_total() -> None:
    old = [item("本年支出合计", "1", total=True)]
    new = [item("支出总计", "9", total=True)]

    assert {how for *_, how in said(pairs(old, new))} == {How.ONLY_OLD, How.ONLY_NEW}


def test_hostile_characters_do_not_reach_a_key() -> None:
    assert normalise("党\u202e建\x1f\n\u200b经费") == "党建经费"
    assert bare("（十二）、其中：“三公”经费") == '"三公"经费'
    assert bare("三、") == "三、"
    assert bare("1.5倍") == "1.5倍"
