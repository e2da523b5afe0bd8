"""What a digest tells, read as a sceptical reader would: once, exactly, and with its doubts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from archive.model import Certainty, ChangeKind, Classification, Document, Facts, Remark
from diffing.digest import build, of_versions
from diffing.render import markdown

from .archived import Filing, identity, known
from .build import budget, document, item, statement, version


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return Filing(tmp_path)


def several(*projects: tuple[str, str], total: str) -> Document:
    """A budget whose project table lists these."""
    found = budget()
    rows = [item(name, text, measures=("合计",), row=n) for n, (name, text) in enumerate(projects)]
    table = structs.replace(
        found.statements[2], items=(*rows, item("合计", total, measures=("合计",), row=9))
    )
    return structs.replace(found, statements=(*found.statements[:2], table, found.statements[3]))


def told(old: Document, new: Document, year: int = 2023) -> str:
    return markdown.render(of_versions(version(old, year=year), version(new)))


def test_a_project_that_may_only_be_renamed_says_so_on_both_sides() -> None:
    text = told(
        several(("人才服务专项经费", "100.00"), ("宣传", "40.00"), ("甲", "1.00"), total="141.00"),
        several(("人才服务专项", "120.00"), ("推广", "40.00"), ("乙", "2.00"), total="162.00"),
    )

    def hint(name: str, score: str) -> str:
        return f"可能与“{name}”是同一项（名称去掉“专项”“经费”等字后相似度 {score}），请核对原件"

    alike = [hint(name, "100") for name in ("人才服务专项经费", "人才服务专项")]
    assert f"| 人才服务专项 <small>{alike[0]}</small> | 未列 |" in text
    assert f"| 人才服务专项经费 <small>{alike[1]}</small> | 100.00 |" in text
    assert f"| 推广 <small>{hint('宣传', '0，金额相同')}</small> |" in text
    assert "| 乙 | 未列 | 2.00 |" in text
    assert "项目按名称逐个对应" in text


def test_an_amount_that_several_projects_share_hints_at_nothing() -> None:
    text = told(
        several(("甲", "20.00"), total="20.00"),
        several(("乙", "20.00"), ("丙", "20.00"), total="40.00"),
    )

    assert "是同一项" not in text


def test_rows_told_apart_by_their_order_alone_say_so() -> None:
    text = told(
        several(("后勤", "4.00"), ("后勤", "46.00"), total="50.00"),
        several(("后勤", "46.00"), ("后勤", "90.00"), ("后勤", "1.00"), total="137.00"),
    )

    note = "同名同编码有多行，按金额相同、再按先后顺序对应，请核对原件"
    assert f"| 后勤 <small>{note}</small> | 4.00 | 90.00 |" in text
    assert f"| 后勤 <small>{note}</small> | 未列 | 1.00 |" in text
    # in the list of all changes too
    assert text.count(note) == 4


def test_a_share_moves_by_what_it_moved_before_it_was_rounded() -> None:
    # 60.2540 % and 63.8277 %: rounded they are 3.58 apart, in truth 3.57
    def found(basic: str, project: str, total: str) -> Document:
        row = item("合计", total, basic, project, row=3)
        return document(statement(row, item("甲", total, basic, project, code="206")))

    text = told(
        found("9940.6297", "6557.2343", "16497.8640"),
        found("9970.6020", "5650.5103", "15621.1123"),
    )

    assert "基本支出占支出总额的 63.83%，比 2023 年预算上升 3.57 个百分点" in text
    assert "项目支出占支出总额的 36.17%，比 2023 年预算下降 3.57 个百分点" in text


def test_a_share_of_figures_that_were_not_simply_read_says_so() -> None:
    old = budget()
    table = old.statements[1]
    total = table.items[-1]
    aligned = {m: structs.replace(a, certainty=Certainty.ALIGNED) for m, a in total.amounts.items()}
    unsure = structs.replace(
        table, items=(*table.items[:-1], structs.replace(total, amounts=aligned))
    )
    new = structs.replace(old, statements=(old.statements[0], unsure))

    text = told(old, new)

    assert ("项目支出占支出总额的 60.00%，与 2023 年预算持平（按文字对齐读出，请核对原件）") in text


def test_the_totals_of_a_new_document_that_were_not_simply_read_say_so(filing: Filing) -> None:
    found = budget()
    table = found.statements[0]
    rows = tuple(
        structs.replace(
            i,
            amounts={
                m: structs.replace(a, certainty=Certainty.ALIGNED) for m, a in i.amounts.items()
            },
        )
        for i in table.items
    )
    aligned = structs.replace(table, items=rows)
    commit = filing.commit(
        structs.replace(found, statements=(aligned, *found.statements[1:])), identity(2024)
    )

    text = markdown.render(build(filing.archive, known(), [commit]))

    assert "支出总计 100.00 万元；基本支出 40.00 万元" in text
    assert "（按文字对齐读出，请核对原件）" in text


def test_one_figure_is_told_once() -> None:
    def found(total: str, leaf: str, other: str) -> Document:
        def pair(side: str) -> list:
            return [
                item(f"本年{side}合计", total, measures=("预算数",), side=side, total=True),
                item(f"{side}总计", total, measures=("预算数",), side=side, total=True),
            ]

        project = {"measures": ("合计",)}
        return document(
            statement(*pair("收入"), *pair("支出"), form="budget.total", title="收支总表"),
            statement(
                item("合计", total),
                item("一般公共服务支出", total, code="201"),
                item("政府办公厅事务", total, code="20103"),
                item("事业运行", leaf, code="2010350"),
                item("其他支出", other, code="2010399"),
            ),
            statement(
                item("合计", total, **project),
                item("某中心", total, classification=Classification.UNIT, **project),
                item("人才", leaf, classification=Classification.PROJECT, **project),
                item("基地", other, classification=Classification.PROJECT, **project),
                form="budget.project",
                title="项目支出表",
            ),
        )

    old, new = found("362.98", "221.48", "141.50"), found("657.36", "308.86", "348.50")
    (block,) = of_versions(version(old, year=2023), version(new)).blocks

    assert [row.name for row in block.totals] == ["收入总计", "支出总计"]
    assert [row.name for row in block.classes] == ["一般公共服务支出"]
    assert [row.name for row in block.lines] == ["事业运行", "其他支出"]


def lopsided(found: Document, side: str) -> Document:
    """With one side's grand total being its total of the year."""
    (table,) = found.statements
    year = next(i for i in table.items if i.name == f"本年{side}合计")
    items = tuple(
        structs.replace(i, amounts=year.amounts) if i.name == f"{side}总计" else i
        for i in table.items
    )
    return document(structs.replace(table, items=items))


def test_the_total_of_the_year_is_kept_where_it_is_not_the_grand_total() -> None:
    def found(year: str, grand: str) -> Document:
        measures = {"measures": ("预算数",), "total": True}
        return document(
            statement(
                item("本年收入合计", year, side="收入", **measures),
                item("收入总计", grand, side="收入", **measures),
                item("本年支出合计", year, side="支出", **measures),
                item("支出总计", grand, side="支出", **measures),
                form="budget.total",
                title="收支总表",
            )
        )

    text = told(found("100.00", "100.00"), found("100.00", "900.00"))

    assert "1. 收支总预算：2024 年预算 900.00 万元" in text
    assert "| 本年收入合计 | 100.00 | 100.00 |" in text
    # one side's grand total may be what the other side's year comes to
    for side in ("收入", "支出"):
        years = (lopsided(found(text, "900.00"), side) for text in ("100.00", "500.00"))
        assert "收支总预算" not in told(*years)
    # equal on both sides too, and yet not the grand total
    other = told(found("100.00", "900.00"), found("500.00", "900.00"))
    assert "本年支出合计：2024 年预算 500.00 万元" in other
    assert "收支总预算" not in other


def test_a_total_of_one_side_is_not_called_that_of_both() -> None:
    def found(text: str) -> Document:
        income = item("收入总计", text, measures=("预算数",), side="收入", total=True)
        return document(
            statement(income, form="budget.total", title="收支总表"),
            statement(item("合计", text), item("甲", text, code="206")),
        )

    text = told(found("100.00"), found("900.00"))

    assert "收支总预算" not in text
    assert "1. 部门支出总表 合计：2024 年预算 900.00 万元" in text


def test_headlines_of_one_rank_stand_by_size(filing: Filing) -> None:
    names = ("上海市普陀区财政局", "上海市普陀区教育局", "上海市普陀区司法局")
    commits = []
    for name, talent in zip(names, ("500.00", "9000.00", "800.00"), strict=True):
        filing.commit(budget(), identity(2023, name=name))
        commits.append(filing.commit(budget(talent), identity(2024, name=name)))

    digest = build(filing.archive, known(), commits)

    first = [h.comparison.new.agency for h in digest.headlines[:3]]
    assert first == ["上海市普陀区教育局", "上海市普陀区司法局", "上海市普陀区财政局"]


def test_a_revision_after_a_withdrawal_is_compared_with_what_was_withdrawn(
    filing: Filing,
) -> None:
    filing.commit(budget("60.00"), identity())
    filing.commit(budget("1.00"), identity(), ChangeKind.WITHDRAWAL)
    filing.commit(budget("2.00"), identity(), ChangeKind.RETURN)
    commit = filing.commit(budget("60.05"), identity(), ChangeKind.REVISION)

    (comparison,) = build(filing.archive, known(), [commit]).revisions

    sizes = {c.cell.difference for c in comparison.changes if c.cell}
    assert sizes == {Decimal("0.05")}


def test_a_rate_is_not_computed_where_an_amount_is_negative() -> None:
    def found(text: str) -> Document:
        return document(statement(item("合计", text)))

    assert "降幅不计算（金额为负）" in told(found("100.00"), found("-50.00"))
    assert "增幅不计算（基数为负）" in told(found("-50.00"), found("100.00"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["甲", "乙"], ["甲", "丙"], "1 行为新列示，1 行不再列示"),
        (["甲"], ["甲", "丙"], "1 行为新列示；"),
    ],
)
def test_what_happened_to_a_replaced_document_is_counted_by_kind(
    old: list[str], new: list[str], said: str
) -> None:
    def found(names: list[str]) -> Document:
        return document(statement(*(item(name, "5.00") for name in names)))

    text = told(found(old), found(new), year=2024)

    assert f"公布后有变更，{said}" in text
    assert "数字不同" not in text


def test_a_blank_that_became_a_zero_is_not_counted_as_another_amount() -> None:
    def found(text: str) -> Document:
        return document(statement(item("甲", text), item("乙", "1.00")))

    text = told(found(""), found("0.00"), year=2024)

    assert "2 行配成对（其中 0 行金额不同）" in text
    assert "没有数字变动；文字、版式等其他变动见下文" in text


def test_the_same_content_in_other_bytes_is_said_in_one_sentence() -> None:
    text = told(budget(), structs.replace(budget(), original="f" * 64), year=2024)

    assert "两个版本的内容没有差别。" in text
    assert "要点" not in text


def test_statements_of_one_title_keep_their_own_figures() -> None:
    def found(one: str, other: str) -> Document:
        return document(
            statement(item("甲", one, code="206"), item("合计", one)),
            statement(item("甲", other, code="206"), item("合计", other)),
        )

    (block,) = of_versions(
        version(found("1.00", "5.00"), year=2023), version(found("100.00", "7.00"))
    ).blocks

    assert [row.figures for row in block.classes] == [(Decimal("1.00"), Decimal("100.00"))]
    assert [row.figures for row in block.totals if row.whole] == [
        (Decimal("1.00"), Decimal("100.00"))
    ]


def test_what_the_reading_says_is_told_once_a_cause_and_in_the_readers_language() -> None:
    remarks = (
        Remark("column-unknown", "final.total: unknown column “甲”", 3),
        Remark("column-unknown", "final.total: unknown column “乙”", 5),
        Remark("of-tomorrow", "something new", 7),
    )
    new = structs.replace(budget(), remarks=remarks)
    digest = of_versions(version(budget(), year=2023), version(new))

    zh, en = markdown.render(digest, "zh"), markdown.render(digest, "en")

    assert "第 3、5 页：栏目不认识，照原文列出（2 处，如：final.total：不认识的栏目“甲”）" in zh
    assert "第 7 页：something new" in zh
    assert "p. 3, 5: unknown column, quoted as printed (2 times, such as: final.total" in en


def test_documents_read_by_different_readers_are_doubted_before_any_figure() -> None:
    new = structs.replace(budget("90.00"), extractor="pdf/2")

    text = told(budget(), new)

    doubt = "两份文件由不同版本的读取程序读出"
    assert text.index(doubt) < text.index("### 总额")
    assert text.count(doubt) == 1


def test_an_agency_that_one_document_does_not_name_is_no_other_agency() -> None:
    named = structs.replace(budget(), facts=Facts(agency="某市某区财政局"))

    assert "机构名称不同" not in told(named, budget())
    other = structs.replace(budget(), facts=Facts(agency="某市某区教育局"))
    assert "机构名称不同" in told(named, other)
