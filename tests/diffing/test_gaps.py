"""What was not read, or is divided in another way, is never called new or gone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from archive.model import Classification, Document, RawTable, Remark, Statement, Unit
from diffing.changes import CellKind, Significance, What
from diffing.compare import Comparison, compare
from diffing.conservation import Outcome
from diffing.digest import of_versions
from diffing.render import in_format, markdown
from diffing.select import select

from .build import budget, document, item, statement, version


def projects(*rows: tuple[str, str], total: str = "", pages: tuple[int, ...] = (5,)) -> Statement:
    items = [
        item(name, text, measures=("合计",), row=n, classification=Classification.PROJECT)
        for n, (name, text) in enumerate(rows, 3)
    ]
    if total:
        items.append(item("合计", total, measures=("合计",), row=len(rows) + 3))
    return structs.replace(
        statement(*items, form="budget.project", title="项目支出表"), pages=pages
    )


def with_images(found: Document, *pages: int) -> Document:
    return structs.replace(found, remarks=tuple(Remark("page-image", "", page) for page in pages))


def years(old: Document, new: Document) -> Comparison:
    return compare(version(old, year=2023), version(new))


def digest(old: Document, new: Document, *, year: int = 2023) -> str:
    return markdown.render(of_versions(version(old, year=year), version(new)))


THREE = projects(("人才", "100.00"), ("科普", "50.00"), ("党建", "5.00"), total="155.00")
ONE = projects(("人才", "100.00"))
"""The first page of a table whose second page is a picture."""


def test_rows_that_may_stand_on_a_picture_are_not_called_gone() -> None:
    comparison = years(document(THREE), with_images(document(ONE), 6))

    assert {c.kinds for c in comparison.changes} == {(What.UNREAD,)}
    assert {c.significance for c in comparison.changes} == {Significance.LIST}
    for change in comparison.changes:
        assert change.unread == (6,)
        assert [(c.kind, c.difference, c.percent) for c in change.cells] == [
            (CellKind.UNREAD, None, None)
        ]
    a = comparison.accounting
    assert (a.old, a.paired, a.dropped, a.unsure_new) == (4, 1, 0, 3)
    assert [c.outcome for c in comparison.conservation] == []


def test_nor_are_they_called_new_from_the_other_end() -> None:
    comparison = years(with_images(document(ONE), 6), document(THREE))

    assert {c.kinds for c in comparison.changes} == {(What.UNREAD,)}
    block = select(comparison)
    assert (block.projects.new, block.projects.gone, block.headlines) == ((), (), ())
    assert [row.name for row in block.projects.unsure] == ["科普", "党建"]


def test_a_picture_elsewhere_is_no_excuse() -> None:
    comparison = years(document(THREE), with_images(document(ONE), 1, 4, 7))

    assert {c.kind for c in comparison.changes if not c.line.total} == {What.DROPPED}


def test_a_table_that_adds_up_was_read_whole_whatever_stands_beside_it() -> None:
    whole = projects(("人才", "100.00"), total="100.00")

    comparison = years(document(THREE), with_images(document(whole), 5, 6))

    assert [c.line.name for c in comparison.changes if c.kind is What.DROPPED] == ["科普", "党建"]


@pytest.mark.parametrize(
    ("table", "doubt"),
    [
        (RawTable("", (6,), (("科普", "50.00"),)), True),
        (RawTable("2024年项目支出表（续）", (6,), (("科普", "50.00"),)), True),
        (RawTable("", (9,), (("科普", "50.00"),)), False),
        (RawTable("公务用车情况", (6,), (("车辆", "1"),)), False),
    ],
)
def test_rows_kept_as_cells_after_a_table_may_be_its_continuation(
    table: RawTable, doubt: bool
) -> None:
    comparison = years(document(THREE), document(ONE, tables=(table,)))

    kinds = {c.kind for c in comparison.changes if not c.line.total}
    assert kinds == ({What.UNREAD} if doubt else {What.DROPPED})


def test_a_reader_is_told_before_the_figures_and_beside_them() -> None:
    rest = budget().statements[:2]
    old = document(*rest, THREE)
    new = with_images(document(*rest, ONE), 6)

    text = digest(old, new)

    warning = "2024 年部门预算第 6 页有图片或读不出的文字，没有读取"
    assert warning in text
    assert text.index(warning) < text.index("### 总额")
    assert "| 科普 | 50.00 | 未读到 |  | 无法判断 |" in text
    assert "这些项目是否列示无法判断" in text
    # the caveat itself quotes the words
    assert "不再列示的项目" not in text
    assert "| 不再列示 |" not in text
    assert "另有 3 行只在一份文件中读到" in text


def test_tables_kept_as_cells_are_told_first_between_years_and_compared_in_a_revision() -> None:
    def kept(title: str, cell: str) -> Document:
        table = RawTable(title, (8,), (("车辆", cell),))
        return structs.replace(budget(), tables=(table,))

    old, new = kept("公务用车情况", "1"), kept("公务用车情况", "2")

    between, revised = digest(old, new), digest(old, new, year=2024)

    warning = "2024 年部门预算有 1 张表未能归入标准报表（第 8 页），不在比较之内"
    assert between.index(warning) < between.index("### 总额")
    assert "不在比较之内" not in revised
    assert "| 车辆 \\| 1 | 车辆 \\| 2 |" in revised
    # a row that a performance form does not know is no table that was not read
    rest = kept("项目支出绩效目标表", "1")
    assert "不在比较之内" not in digest(rest, rest)


def test_a_document_of_pictures_is_not_one_without_changes() -> None:
    text = digest(budget(), with_images(document(), 5, 6, 7))

    assert "没有可以比较的报表" in text
    assert "没有达到要点标准" not in text
    assert "2024 年部门预算没有读出任何标准报表" in text
    assert (
        "项目支出表：仅在 2023 年预算中读到（2 行）；2024 年预算第 5、6、7 页未能读成报表，"
        "可能印在那里"
    ) in text
    assert "| 不再列示 |" not in text
    assert "减少" not in text


def test_where_the_totals_cannot_be_compared_quiet_is_not_claimed() -> None:
    partly = "能够比较的部分没有达到要点标准的变动；有的报表未能比较"

    assert partly in digest(document(THREE), document(THREE))
    assert partly in digest(budget(), with_images(document(*budget().statements[:3]), 8))
    assert partly not in digest(budget(), budget())


def test_a_table_kept_as_cells_is_named_by_its_page() -> None:
    kept = RawTable("2024年项目支出表", (8,), (("人才", "100.00"),))

    comparison = years(document(THREE), with_images(document(tables=(kept,)), 3))

    (change,) = comparison.changes
    assert (change.kind, change.unread) == (What.STATEMENT_REMOVED, (8,))
    assert change.cell is not None
    assert (change.cell.kind, change.cell.difference) == (CellKind.UNREAD, None)


def test_a_replaced_file_with_pictures_for_tables_is_said_to_be_that() -> None:
    text = digest(budget(), with_images(document(original="b"), 5), year=2024)

    assert (
        "公布后有变更，4 张报表只在前一版本中读到；其中：部门收支总表：仅在前一版本中读到（4 行）；"
        "现版本第 5 页未能读成报表，可能印在那里"
    ) in text
    assert "数字不同" not in text


def test_a_remainder_is_not_told_of_a_table_that_was_not_read_whole() -> None:
    old = [item("甲", "5.00"), item("乙", "5.00"), item("合计", "10.00")]
    new = [item("甲", "6.00"), item("合计", "20.00")]

    def outcome(found: Document) -> list[Outcome]:
        return [c.outcome for c in years(document(statement(*old)), found).conservation]

    assert outcome(document(statement(*new))) == [Outcome.REMAINDER]
    assert outcome(with_images(document(statement(*new)), 5)) == [Outcome.UNCHECKED]


def test_projects_are_summed_without_the_sums_of_the_units_that_own_them() -> None:
    def found(text: str) -> Document:
        total = {"measures": ("合计",)}
        owner = item("某中心", text, classification=Classification.UNIT, **total)
        project = item("人才", text, classification=Classification.PROJECT, **total)
        table = statement(
            owner, project, item("合计", text, **total), form="budget.project", title="项目支出表"
        )
        return document(table)

    (held,) = years(found("5.00"), found("9.00")).conservation

    assert (held.outcome, held.details) == (Outcome.HOLDS, Decimal("4.00"))


def test_a_remainder_says_which_document_does_not_add_up() -> None:
    old = [item("甲", "5.00"), item("合计", "5.00")]
    new = [item("甲", "6.00"), item("合计", "20.00")]

    forth = digest(document(statement(*old)), document(statement(*new)))
    back = digest(document(statement(*new)), document(statement(*old)))

    assert "2024 年预算的细项按读出的行加总，与它自己的合计不符" in forth
    assert "2023 年预算的细项按读出的行加总，与它自己的合计不符" in back


def by_unit(*rows: tuple[str, str], total: str) -> Statement:
    items = [
        item(n, t, code=f"10{i}", measures=("合计",), classification=Classification.UNIT)
        for i, (n, t) in enumerate(rows)
    ]
    return statement(
        *items, item("合计", total, measures=("合计",)), form="budget.income", title="收入总表"
    )


def by_function(*rows: tuple[str, str, str], total: str) -> Statement:
    items = [item(name, text, code=code, measures=("合计",)) for name, code, text in rows]
    return statement(
        *items, item("合计", total, measures=("合计",)), form="budget.income", title="收入总表"
    )


def test_a_table_that_is_divided_in_another_way_has_no_new_and_no_gone_lines() -> None:
    old = by_function(("科学技术支出", "206", "900.00"), total="900.00")
    new = by_unit(("某中心", "900.00"), total="900.00")

    comparison = years(document(old), document(new))

    assert {c.kinds for c in comparison.changes} == {(What.NOT_COMPARED,)}
    assert {cell.kind for c in comparison.changes for cell in c.cells} == {CellKind.OTHER_LAYOUT}
    assert not [c for c in comparison.changes if c.significance is not Significance.LIST]
    assert (comparison.accounting.unsure_old, comparison.accounting.unsure_new) == (1, 1)
    # versions of one document have one layout: there it is what it looks like
    kinds = {c.kind for c in compare(version(document(old)), version(document(new))).changes}
    assert kinds == {What.NEW, What.DROPPED}


def test_a_finer_division_makes_no_line_new() -> None:
    coarse = by_function(("科学技术支出", "206", "900.00"), total="900.00")
    fine = by_function(
        ("科学技术支出", "206", "900.00"), ("基础研究", "20602", "900.00"), total="900.00"
    )

    assert {c.kind for c in years(document(coarse), document(fine)).changes} == {What.NOT_COMPARED}


def test_in_a_table_that_was_empty_every_line_is_new() -> None:
    empty = by_function(total="0.00")
    later = by_function(("科学技术支出", "206", "900.00"), total="900.00")

    changes = years(document(empty), document(later)).changes

    assert [(c.kind, c.line.name) for c in changes] == [
        (What.NEW, "科学技术支出"),
        (What.CHANGED, "合计"),
    ]


def sided(side: str, *rows: tuple[str, str], **rest: object) -> list:
    return [item(n, t, measures=("预算数",), side=side, **rest) for n, t in rows]


def test_expenditure_divided_in_two_ways_is_compared_by_function() -> None:
    two = statement(
        *sided("收入", ("收入总计", "100.00"), total=True),
        *sided("支出(按功能分类)", ("支出总计", "100.00"), total=True),
        *sided("支出(按经济分类)", ("一、基本支出", "100.00"), level=1),
        *sided("支出(按经济分类)", ("支出总计", "100.00"), total=True),
        form="budget.total",
        title="收支总表",
    )
    one = statement(
        *sided("收入", ("收入总计", "900.00"), total=True),
        *sided("支出", ("支出总计", "900.00"), total=True),
        form="budget.total",
        title="收支总表",
    )

    for old, new in ((two, one), (one, two)):
        block = select(years(document(old), document(new)))
        assert [(row.name, abs(row.cell.difference or 0)) for row in block.totals] == [
            ("收入总计", Decimal("800.00")),
            ("支出总计", Decimal("800.00")),
        ]
        assert [row.name for row in block.headlines] == ["支出总计"]
        text = digest(document(old), document(new))
        assert "1. 收支总预算：" in text
        assert "| 不再列示 |" not in text
        assert "| 新列示 |" not in text


def test_lines_of_the_three_public_expenses_keep_their_identity_in_other_words() -> None:
    old = [
        item("合计", "0.30", measures=("预算数",)),
        item("1、因公出国(境)费用", "0.00", measures=("预算数",), level=3),
        item("2、公务用车购置及运行维护费", "0.00", measures=("预算数",), level=3),
        item("其中：公务用车购置费", "0.00", measures=("预算数",)),
        item("公务用车运行维护费", "0.00", measures=("预算数",)),
        item("3、公务接待费", "0.30", measures=("预算数",), level=3),
    ]
    new = [
        item("“三公”经费合计", "3.00", measures=("预算数",), total=True),
        item("因公出国（境）费", "0.00", measures=("预算数",)),
        item("公务用车购置及运行费-小计", "3.00", measures=("预算数",)),
        item("公务用车购置费", "0.00", measures=("预算数",)),
        item("公务用车运行费", "3.00", measures=("预算数",)),
        item("公务接待费", "0.00", measures=("预算数",)),
    ]
    form = {"form": "budget.sangong", "title": "“三公”经费支出表"}

    comparison = years(document(statement(*old, **form)), document(statement(*new, **form)))

    assert {c.kinds for c in comparison.changes} == {(What.CHANGED,)}
    assert {c.line.name: c.cell.difference for c in comparison.changes if c.cell} == {
        "“三公”经费合计": Decimal("2.70"),
        "公务用车购置及运行费-小计": Decimal("3.00"),
        "公务用车运行费": Decimal("3.00"),
        "公务接待费": Decimal("-0.30"),
    }
    text = digest(document(statement(*old, **form)), document(statement(*new, **form)))
    assert "1. “三公”经费合计：2024 年预算 3.00 万元，比 2023 年预算增加 2.70 万元" in text
    assert "原名" not in text


def test_projects_printed_with_the_code_of_their_subject_are_not_each_others_rename() -> None:
    def found(name: str, text: str) -> Document:
        rows = [
            item(name, text, code="2060199", measures=("合计",)),
            item("合计", text, measures=("合计",)),
        ]
        return document(statement(*rows, form="budget.project", title="项目支出表"))

    changes = years(found("科技管理", "20.00"), found("孵化器补助", "500.00")).changes

    assert [(c.kind, c.line.name) for c in changes[:2]] == [
        (What.DROPPED, "科技管理"),
        (What.NEW, "孵化器补助"),
    ]


def form_of(subject: str, text: str, title: str = "项目支出绩效目标表") -> Statement:
    row = item("项目资金总额", text, measures=("金额",), total=True)
    found = statement(row, form="budget.performance_project", title=title)
    return structs.replace(found, subject=subject)


def test_performance_forms_are_compared_by_project_and_never_loud() -> None:
    old = document(form_of("甲", "100.00"), form_of("", "1.00"), form_of("乙", "50.00"))
    new = document(form_of("乙", "900.00"), form_of("", "9999.00"), form_of("丙", "7.00"))

    comparison = years(old, new)

    compared = [c for c in comparison.changes if c.cell and c.cell.difference is not None]
    assert [(c.line.statement, c.cell.difference) for c in compared if c.cell] == [
        ("项目支出绩效目标表（乙）", Decimal("850.00"))
    ]
    assert {c.significance for c in compared} == {Significance.LIST}
    block = select(comparison)
    assert (block.headlines, block.lines) == ((), ())
    text = digest(old, new)
    assert "绩效表 2 张：仅在 2023 年预算中读到" in text
    assert "绩效表 2 张：仅在 2024 年预算中读到" in text


def test_in_a_revision_unnamed_performance_forms_are_paired_and_their_figures_are_loud() -> None:
    comparison = compare(
        version(document(form_of("", "1.00"))), version(document(form_of("", "2.00")))
    )

    (change,) = comparison.changes
    assert (change.kind, change.significance) == (What.CHANGED, Significance.HEADLINE)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_every_gap_is_said_in_every_language_and_format(lang: str, form: str) -> None:
    rest = budget().statements[:2]
    old = document(*rest, THREE, form_of("甲", "1.00"))
    new = with_images(document(*rest, ONE, tables=(RawTable("", (6,), ()),)), 6)
    for year in (2023, 2024):
        found = of_versions(version(old, year=year), version(new))
        assert in_format(found, lang, form)


def test_a_unit_that_is_not_printed_is_no_reason_to_keep_a_replaced_figure_quiet() -> None:
    def found(text: str, unit: Unit | None) -> Document:
        return document(statement(item("甲", text), unit=unit))

    def loud(old: Document, new: Document) -> Significance:
        (change,) = compare(version(old), version(new)).changes
        return change.significance

    assert loud(found("5.00", None), found("6.00", None)) is Significance.HEADLINE
    assert loud(found("5.00", None), found("6.00", Unit.WAN)) is Significance.HEADLINE
    # the label alone came or went
    assert loud(found("5.00", None), found("5.00", Unit.WAN)) is Significance.LIST
    text = digest(found("5.00", None), found("6.00", None), year=2024)
    assert "由 5.00（原文未注明单位）变更为 6.00（原文未注明单位）" in text


def test_a_figure_replaced_by_what_is_no_amount_is_told() -> None:
    old, new = (document(statement(item("合计", text))) for text in ("500.00", "另行公布"))

    text = digest(old, new, year=2024)

    assert "由 500.00 万元变更为 “另行公布”（不是金额）" in text
