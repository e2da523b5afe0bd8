"""Plain text: figures are put in a column only where something tells which."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Amount, Certainty, Document, LineItem, Mark, Statement
from archive.text import Unreadable, read
from archive.text.lined.placing import Line, settle
from tests.archive import twins
from tests.archive.test_formats import pdf

SPENDING = """某区某局 2024 年支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出 事业单位经营支出
合计 {total}
201 一般公共服务支出 300.00 200.00 100.00
20103
政府办公厅（室）及相关机构事
务
300.00 200.00 100.00
2010301 行政运行 200.00 200.00
2010302 一般行政管理事务 100.00 100.00
"""


def spending(total: str, more: str = "", encoding: str = "utf-8") -> Document:
    text = f"{SPENDING.format(total=total)}{more}"
    return read(text.replace("\n", "\n\n").encode(encoding))


def item(document: Document, code: str) -> LineItem:
    return next(i for i in document.statements[0].items if i.code == code)


def amounts(found: LineItem) -> dict[str, str]:
    return {measure: amount.text for measure, amount in found.amounts.items()}


def nobody(_column: int, _value: Decimal) -> bool:
    return False


def test_wrapped_names_and_blank_lines_are_put_together() -> None:
    found = item(spending("300.00 200.00 100.00 0.00"), "20103")

    assert found.name == "政府办公厅（室）及相关机构事务"
    assert found.level == 2


def test_a_full_total_tells_the_columns_of_all_rows() -> None:
    found = spending("300.00 200.00 100.00 0.00")

    assert amounts(item(found, "2010301")) == {
        "合计": "200.00",
        "基本支出": "200.00",
        "项目支出": "",
        "事业单位经营支出": "",
    }
    assert amounts(item(found, "2010302"))["项目支出"] == "100.00"
    assert item(found, "2010302").amounts["项目支出"].certainty is Certainty.ALIGNED


def test_what_sums_do_not_tell_is_left_open_and_said() -> None:
    found = spending("300.00 200.00 100.00")
    open_ = item(found, "2010301").amounts

    assert open_["合计"].value == Decimal("200.00")
    assert {open_[m].mark for m in ("基本支出", "项目支出")} == {Mark.UNREADABLE}
    assert all(amount.value is None for amount in open_.values() if amount.text.startswith("?"))
    assert "column-open" in {remark.code for remark in found.remarks}


def test_another_table_of_the_document_tells_the_columns_of_a_total() -> None:
    found = spending(
        "300.00 200.00 100.00",
        "某区某局 2024 年一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
        "合计 300.00 200.00 100.00\n201 一般公共服务支出 300.00 200.00 100.00\n",
    )

    assert amounts(item(found, "2010301"))["基本支出"] == "200.00"
    assert "column-by-sums" in {remark.code for remark in found.remarks}
    assert "column-open" not in {remark.code for remark in found.remarks}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert item(spending("300.00 200.00 100.00 0.00", encoding=encoding), "201").name


def test_a_form_feed_begins_a_page() -> None:
    text = "封面\f" + SPENDING.format(total="300.00 200.00 100.00 0.00")
    found = read(text.encode())

    assert found.pages == 2
    assert found.statements[0].pages == (2,)
    place = found.statements[0].items[0].amounts["合计"].at
    assert place is not None
    assert (place.page, place.row, place.column) == (2, 4, 2)


def test_a_row_that_does_not_add_up_keeps_every_place_open() -> None:
    line = Line([Decimal(10), Decimal(4), Decimal(5)])
    settle([line], 4, [(0, (1, 2, 3))], [], nobody)

    assert len(line.candidates) == 4


def test_negative_figures_do_not_rule_a_zero_total_out() -> None:
    total = Line([Decimal(0), Decimal(0), Decimal(0)], [1, 2])
    lines = [total, Line([Decimal(5), Decimal(5)]), Line([Decimal(-5), Decimal(-5)])]
    settle(lines, 3, [(0, (1, 2))], [0], nobody)

    assert len(lines[1].candidates) == 2


def test_a_text_with_no_table_is_no_account() -> None:
    with pytest.raises(Unreadable) as caught:
        read("关于公开部门预算的通知。\n各单位：".encode())
    assert caught.value.code == "no-statement"


def value(amount: Amount | None) -> Decimal | None:
    return amount.value if amount else None


def figures(statement: Statement) -> list[tuple[object, ...]]:
    """What a text can keep: a blank cell at the end of a row may be none in it."""
    return [
        (i.side, i.code, i.name, tuple(value(a) for a in i.amounts.values()))
        for i in statement.items
    ]


TWINS = ("rencai-2024-budget", "rencai-2024-final", "archives-2025-budget")


@pytest.mark.parametrize("name", TWINS)
def test_the_text_twin_has_the_line_items_of_the_pdf(name: str) -> None:
    twin, model = read(twins.text(name)), pdf(name)

    assert [(s.form, figures(s)) for s in twin.statements] == [
        (s.form, figures(s)) for s in model.statements
    ]


ACROSS = "\n".join(
    (
        "部门“三公”经费和机关运行经费预算表",
        "单位：万元",
        "2025年“三公”经费预算数" + "\t" * 6 + "2025年机关运行经费预算数",
        "合计\t因公出国(境)费\t公务接待费\t公务用车购置及运行费" + "\t" * 3,
        "\t\t\t小计\t购置费\t运行费\t",
        "",
    )
)


def test_items_printed_as_columns_keep_the_order_they_are_printed_in() -> None:
    found = read(f"{ACROSS}3.95\t0.00\t0.45\t3.50\t\t3.50\t41.26".encode()).statements[0]

    assert [(i.name, i.amounts["预算数"].text) for i in found.items] == [
        ("合计", "3.95"),
        ("因公出国(境)费", "0.00"),
        ("公务接待费", "0.45"),
        ("公务用车购置及运行费-小计", "3.50"),
        ("公务用车购置及运行费-购置费", ""),
        ("公务用车购置及运行费-运行费", "3.50"),
        ("机关运行经费", "41.26"),
    ]


def test_items_printed_as_columns_without_a_row_of_figures_are_blank_and_said_to_be() -> None:
    found = read(f"{ACROSS}注：无“三公”经费。".encode())

    assert [i.amounts["预算数"].mark for i in found.statements[0].items] == [Mark.BLANK] * 7
    assert [r.code for r in found.remarks if r.code.startswith("row")] == ["row-blank"]
