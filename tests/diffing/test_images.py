"""What was recognised from a picture accuses nobody: no row is new or gone by a misread name."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from msgspec import structs
from rich.console import Console

from archive.model import (
    Amount,
    Certainty,
    Classification,
    Document,
    Kind,
    Level,
    LineItem,
    Remark,
    Statement,
)
from diffing.changes import CellKind, Significance, What
from diffing.compare import Comparison, compare
from diffing.conservation import Outcome
from diffing.consolidation import Sum, divided
from diffing.digest import of_versions
from diffing.execution import executed
from diffing.render import data, markdown
from diffing.render.comparison import print_table
from diffing.words import LANGUAGES, wording

from .build import budget, document, item, statement, version


def projects(*rows: tuple[str, str], total: str, page: int = 5) -> Statement:
    items = [
        item(
            name,
            text,
            measures=("合计",),
            row=n,
            page=page,
            classification=Classification.PROJECT,
        )
        for n, (name, text) in enumerate(rows, 3)
    ]
    items.append(item("合计", total, measures=("合计",), row=len(rows) + 3, page=page))
    return statement(*items, form="budget.project", title="项目支出表")


def seen(found: Document, certainty: Certainty = Certainty.RECOGNISED) -> Document:
    """The document as if every statement had been recognised from a picture."""

    def amount(one: Amount) -> Amount:
        return structs.replace(one, certainty=certainty)

    def row(one: LineItem) -> LineItem:
        return structs.replace(one, amounts={m: amount(a) for m, a in one.amounts.items()})

    statements = tuple(structs.replace(s, items=tuple(map(row, s.items))) for s in found.statements)
    pages = sorted({page for s in statements for page in s.pages})
    remarks = tuple(Remark("page-recognised", "", page) for page in pages)
    return structs.replace(found, statements=statements, remarks=remarks)


def years(old: Document, new: Document) -> Comparison:
    return compare(version(old, year=2023), version(new))


PRINTED = document(projects(("人才公寓", "100.00"), ("科普", "50.00"), total="150.00"))
MISREAD = document(projects(("入才公寓", "100.00"), ("科普", "50.00"), total="150.00"))
"""One name recognised otherwise; its rows add up to its total all the same."""


@pytest.mark.parametrize("certainty", [Certainty.RECOGNISED, Certainty.CONFIRMED])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_misread_name_is_neither_a_new_project_nor_the_end_of_one(
    certainty: Certainty, backwards: bool
) -> None:
    sides = [PRINTED, seen(MISREAD, certainty)]
    if backwards:
        sides.reverse()

    comparison = years(*sides)

    assert {c.line.name: c.kinds for c in comparison.changes} == {
        "人才公寓": (What.UNMATCHED,),
        "入才公寓": (What.UNMATCHED,),
    }
    for change in comparison.changes:
        assert change.significance is Significance.LIST
        assert [(c.kind, c.difference, c.percent) for c in change.cells] == [
            (CellKind.UNMATCHED, None, None)
        ]
    a = comparison.accounting
    assert (a.new_rows, a.dropped, a.unsure_old, a.unsure_new) == (0, 0, 1, 1)


def test_the_same_two_tables_read_from_text_do_tell_it() -> None:
    kinds = {c.kind for c in years(PRINTED, MISREAD).changes}
    assert kinds == {What.NEW, What.DROPPED}


def test_a_revision_by_a_scan_accuses_no_more_than_a_comparison_of_years() -> None:
    other = document(projects(("老年食堂", "70.00"), ("科普", "80.00"), total="150.00"))
    comparison = compare(version(PRINTED), version(seen(other)))

    assert [c.kind for c in comparison.changes].count(What.UNMATCHED) == 2
    assert {c.line.name for c in comparison.changes if c.kind is What.CHANGED} == {"科普"}
    text = markdown.render(of_versions(comparison.old, comparison.new))
    assert "0 行为新列示，0 行不再列示" in text
    assert "有一份由图像识别，未能对应，无法判断" in text


def test_a_reader_is_told_why_before_the_figures_and_beside_them() -> None:
    text = markdown.render(of_versions(version(PRINTED, year=2023), version(seen(MISREAD))))

    caveat = "2024 年部门预算第 5 页的文字和数字由图像识别得到，可能有误"
    assert text.index(caveat) < text.index("### 项目")
    rows = [line for line in text.splitlines() if line.startswith("| 人才公寓")]
    assert len(rows) == 2  # among the projects, and in the full list
    assert all("| 100.00 | 未对应 |  | 图像识别，未能对应 |" in row for row in rows)
    assert "或有一份由图像识别、名称可能有误" in text
    for told in ("新列示的项目", "不再列示的项目", "| 新列示 |", "| 不再列示 |"):
        assert told not in text
    english = markdown.render(
        of_versions(version(PRINTED, year=2023), version(seen(MISREAD))), "en"
    )
    assert "read from an image, not matched" in english
    assert "newly listed |" not in english


def test_a_row_of_a_printed_page_is_new_against_a_printed_table() -> None:
    table = PRINTED.statements[0]
    second = structs.replace(table.items[0], name="养老", page=6)
    blurred = {
        m: structs.replace(a, certainty=Certainty.RECOGNISED)
        for m, a in table.items[1].amounts.items()
    }
    mixed = structs.replace(
        table,
        pages=(5, 6),
        items=(second, structs.replace(table.items[1], amounts=blurred), table.items[2]),
    )
    kinds = {c.line.name: c.kind for c in years(PRINTED, document(mixed)).changes}
    assert kinds["养老"] is What.NEW  # both where it stands and where it is missed were printed
    assert kinds["人才公寓"] is What.UNMATCHED


def test_a_statement_may_stand_on_a_recognised_page_that_gave_no_table() -> None:
    rest = budget().statements[:2]
    new = structs.replace(document(*rest), remarks=(Remark("page-recognised", "", 8),))
    (removed,) = (
        c
        for c in years(document(*rest, *PRINTED.statements), new).changes
        if c.kind is What.STATEMENT_REMOVED
    )
    assert removed.unread == (8,)


def test_a_changed_figure_that_was_recognised_says_so_wherever_it_is_told() -> None:
    old, new = budget(talent="60.00"), seen(budget(talent="900.00"))
    sides = version(old, year=2023), version(new)

    digest = of_versions(*sides)
    lines = markdown.render(digest).splitlines()

    told = [line for line in lines if "900.00" in line or "840.00" in line]
    assert any(line.startswith("1. ") for line in told)
    assert any("|" in line for line in told)
    assert [line for line in told if "由图像识别得到" not in line] == []
    changes = json.loads(data.render(digest))["comparisons"][0]["changes"]
    cells = [cell for change in changes for cell in change["cells"]]
    assert {cell["certainty"] for cell in cells} == {"recognised"}
    assert {(cell["old"]["certainty"], cell["new"]["certainty"]) for cell in cells} == {
        ("text", "recognised")
    }


def test_so_does_the_table_on_the_terminal() -> None:
    comparison = years(budget(talent="60.00"), seen(budget(talent="900.00")))
    for lang in LANGUAGES:
        words = wording(lang)
        console = Console(width=300, record=True, file=io.StringIO())
        print_table(comparison, words, console)
        assert words("certainty-recognised") in console.export_text()


def test_a_name_that_changed_by_recognition_says_so_though_its_figures_are_confirmed() -> None:
    def found(name: str) -> Document:
        rows = [item(name, "5.00", code="2010350"), item("合计", "5.00")]
        return document(statement(*rows))

    comparison = years(found("事业运行"), seen(found("亊业运行支出"), Certainty.CONFIRMED))

    assert [(c.kind, c.certainty) for c in comparison.changes] == [
        (What.RENAMED, Certainty.RECOGNISED)
    ]


def test_prose_of_a_recognised_page_is_no_silent_correction() -> None:
    def found(text: str) -> Document:
        return document(*budget().statements, prose=(text,))

    old, new = found("本年支出100.00万元。"), found("本年支出180.00万元。")
    new = structs.replace(new, remarks=(Remark("page-recognised", "", 2),))
    comparison = compare(version(old), version(new))

    assert [c.certainty for c in comparison.changes] == [Certainty.RECOGNISED]
    assert "正文（由图像识别得到，请核对原件）" in markdown.render(
        of_versions(comparison.old, comparison.new)
    )


def test_sums_that_recognised_figures_break_are_not_called_remainders() -> None:
    old = [item("甲", "5.00"), item("乙", "5.00"), item("合计", "10.00")]
    new = [item("甲", "6.00"), item("乙", "5.00"), item("合计", "20.00")]

    def outcome(found: Document) -> list[Outcome]:
        return [c.outcome for c in years(document(statement(*old)), found).conservation]

    assert outcome(document(statement(*new))) == [Outcome.REMAINDER]
    assert outcome(seen(document(statement(*new)))) == [Outcome.UNCHECKED]


def test_nor_are_differences_between_a_department_and_its_units() -> None:
    def outcomes(unit: Document) -> set[Sum]:
        department = version(document(statement(item("合计", "10.00"))))
        own = version(unit, level=Level.UNIT, agency="310107.012.001")
        return {line.outcome for line in divided(department, [own], missing=()).lines}

    unit = document(statement(item("合计", "4.00")))
    assert outcomes(unit) == {Sum.REMAINDER}
    assert outcomes(seen(unit)) == {Sum.PARTLY}


def test_what_was_not_budgeted_is_not_told_of_a_name_that_was_recognised() -> None:
    def table(name: str, form: str, measure: str) -> Document:
        rows = (
            item(name, "500.00", code="20101", measures=(measure,)),
            item("合计", "500.00", measures=(measure,)),
        )
        return document(statement(*rows, form=form))

    plan = table("人大事务", "budget.expenditure", "合计")
    account = table("人大亊务", "final.expenditure", "合计")
    account = structs.replace(
        account,
        statements=tuple(
            structs.replace(
                s, items=tuple(structs.replace(i, code=i.code and "20107") for i in s.items)
            )
            for s in account.statements
        ),
    )

    def lone(final: Document) -> list[tuple[bool, Decimal | None]]:
        found = executed(version(plan), version(final, kind=Kind.FINAL))
        return [
            (line.unsure, line.difference)
            for line in found.lines
            if line.original is None or line.outcome is None
        ]

    assert all(difference is not None for _, difference in lone(account))
    assert lone(account)
    assert set(lone(seen(account))) == {(True, None)}
