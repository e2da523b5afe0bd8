"""The head of a figure's column, beside the picture of its row."""

from __future__ import annotations

from msgspec import structs

from archive.model import Box, Column, Document, Locator, Remark
from diffing.digest import of_versions
from diffing.heads import Head, Heads
from diffing.render import html
from diffing.versions import Where

from .build import document, item, statement, version

HEADED = (
    Column("合计", "本年支出合计"),
    Column("基本支出", "其中-基本支出"),
    Column("项目支出", "其中-项目支出"),
)


def headed(talent: str, columns: tuple[Column, ...] = HEADED) -> Document:
    """A budget whose expenditure table has the heads that are printed over its figures."""
    table = statement(
        item("科学技术支出", talent, talent, "0.00", code="206", level=1, row=3),
        item("合计", talent, talent, "0.00", row=4),
    )
    return document(structs.replace(table, columns=columns))


def place(found: Document, measure: str) -> Where:
    at = found.statements[0].items[0].amounts[measure].at
    assert at is not None
    return Where("d", "c", "0" * 64, at.page, at.row, at.column, at.box)


def test_the_head_of_a_figures_column_is_the_one_printed_over_it() -> None:
    found = headed("60.00")
    heads = Heads(found)

    assert [heads.of(place(found, column.measure)) for column in HEADED] == [
        Head("本年支出合计", False),
        Head("其中-基本支出", False),
        Head("其中-项目支出", False),
    ]


def test_of_two_sides_the_head_is_that_of_the_figures_own() -> None:
    table = statement(
        item("本年收入", "9.00", measures=("预算数",), side="收入", row=3),
        item("本年支出", "9.00", measures=("预算数",), side="支出", row=3),
        form="budget.total",
        title="收支总表",
    )
    columns = (Column("预算数", "收入-预算数", "收入"), Column("预算数", "支出-金额", "支出"))
    left, right = table.items
    right = structs.replace(
        right,
        amounts={
            name: structs.replace(amount, at=structs.replace(amount.at, column=9))  # type: ignore[type-var]
            for name, amount in right.amounts.items()
        },
    )
    heads = Heads(document(structs.replace(table, columns=columns, items=(left, right))))

    def of(line: object) -> Head | None:
        (amount,) = line.amounts.values()  # type: ignore[attr-defined]
        return heads.of(Where("d", "c", "0" * 64, amount.at.page, amount.at.row, amount.at.column))

    assert of(left) == Head("收入-预算数", False)
    assert of(right) == Head("支出-金额", False)


def test_of_line_items_side_by_side_nothing_is_said() -> None:
    """What heads the figure is the item; 预算数 need not be printed anywhere."""
    table = statement(
        item("公务接待费", "9.00", measures=("预算数",), row=3),
        item("公务用车购置费", "25.00", measures=("预算数",), row=3),
        form="budget.sangong",
        title="“三公”经费预算表",
    )
    first, second = table.items
    amount = second.amounts["预算数"]
    assert amount.at is not None
    beside = structs.replace(amount, at=structs.replace(amount.at, column=9))
    second = structs.replace(second, amounts={"预算数": beside})
    columns = (Column("预算数", "预算数"),)
    heads = Heads(document(structs.replace(table, columns=columns, items=(first, second))))
    for one in (first, second):
        at = one.amounts["预算数"].at
        assert at is not None
        assert heads.of(Where("d", "c", "0" * 64, at.page, at.row, at.column)) is None


def test_a_table_in_blocks_side_by_side_has_the_head_of_each() -> None:
    """人员经费 and 公用经费 stand beside each other, each under a 决算数 of its own."""
    table = statement(
        item("基本工资", "9.00", code="30101", measures=("决算数",), row=3),
        item("办公费", "25.00", code="30201", measures=("决算数",), row=3),
        form="final.basic_economic",
        title="基本支出决算表",
    )
    first, second = table.items
    amount = second.amounts["决算数"]
    assert amount.at is not None
    beside = structs.replace(amount, at=structs.replace(amount.at, column=9))
    second = structs.replace(second, amounts={"决算数": beside})
    columns = (Column("决算数", "决算数"), Column("决算数", "决算数"))
    heads = Heads(document(structs.replace(table, columns=columns, items=(first, second))))
    for one in (first, second):
        at = one.amounts["决算数"].at
        assert at is not None
        head = heads.of(Where("d", "c", "0" * 64, at.page, at.row, at.column))
        assert head == Head("决算数", False)


def test_nothing_is_said_where_two_tables_share_a_place_under_other_heads() -> None:
    one, other = headed("60.00"), headed("7.00", (Column("合计", "别的栏"), *HEADED[1:]))
    both = structs.replace(one, statements=(*one.statements, *other.statements))
    at = place(one, "合计")

    assert Heads(both).of(structs.replace(at, box=None)) is None
    boxes = (Box(0, 0, 1, 1), Box(0, 5, 1, 6))
    apart = structs.replace(
        both,
        statements=tuple(
            structs.replace(
                table,
                items=tuple(
                    structs.replace(
                        line,
                        amounts={
                            name: structs.replace(
                                amount,
                                at=Locator(amount.at.page, amount.at.row, amount.at.column, box),
                            )
                            for name, amount in line.amounts.items()
                            if amount.at
                        },
                    )
                    for line in table.items
                ),
            )
            for table, box in zip(both.statements, boxes, strict=True)
        ),
    )
    assert Heads(apart).of(structs.replace(at, box=boxes[1])) == Head("别的栏", False)


def test_nothing_is_said_of_a_whole_row_or_of_a_column_without_a_head() -> None:
    found = headed("60.00", (Column("合计", ""), *HEADED[1:]))
    heads = Heads(found)
    at = place(found, "合计")

    assert heads.of(at) is None
    assert heads.of(structs.replace(at, column=0)) is None
    assert heads.of(structs.replace(at, page=at.page + 1)) is None
    assert Heads(headed("1.00", ())).of(at) is None


def test_a_digest_names_the_column_beside_the_citation() -> None:
    digest = of_versions(version(headed("60.00"), year=2023), version(headed("600.00")))

    zh, en = html.render(digest, "zh"), html.render(digest, "en")

    assert "· 所在栏：本年支出合计" in zh
    assert "· column: 本年支出合计" in en


def test_a_head_that_was_recognised_from_a_picture_says_so() -> None:
    found = headed("600.00")
    at = place(found, "合计")
    seen = structs.replace(found, remarks=(Remark("page-recognised", "", at.page),))

    assert Heads(seen).of(at) == Head("本年支出合计", True)
    digest = of_versions(version(headed("60.00"), year=2023), version(seen))
    assert "所在栏：本年支出合计（由图像识别得到，请核对原件）" in html.render(digest, "zh")


def test_a_hostile_head_comes_out_harmless() -> None:
    name = '<script>alert(1)</script>\u202e"'
    columns = (Column("合计", name), *HEADED[1:])
    old, new = headed("60.00", columns), headed("600.00", columns)

    page = html.render(of_versions(version(old, year=2023), version(new)), "zh")

    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "\u202e" not in page
