"""What the text stage says of a reading, as the site shows it."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from archive.model import RawTable, Remark
from tests.diffing.archived import identity
from tests.diffing.build import document, item, statement

from .built import OFFICE, Site, document_path, placed, text_of


def test_what_is_said_of_a_reading_is_said_in_the_language_of_the_site(tmp_path: Path) -> None:
    site = Site(tmp_path)
    what = identity(2023, name=OFFICE)
    row = item(
        "咨询费", "1.00", code="30202", remarks=("code printed in part only; kept as printed",)
    )
    table = RawTable("附表", (9,), (("甲", "乙"),), "no form has this title")
    made = placed(document(statement(row, form="budget.expenditure", title="支出表")))
    remarks = (Remark("page-blank", "nothing stands on it", 2), Remark("odd", "of tomorrow", 3))
    site.filing.commit(structs.replace(made, remarks=remarks, tables=(table,)), what)
    site.build()

    page = site.page(document_path(what))

    assert text_of(page.xpath("//tbody//th/small")[0]) == "编码只印了一部分，照原文保留"
    assert [text_of(one) for one in page.xpath("//section[@id='reading']//li")] == [
        "第 2 页 空白页",
        "第 3 页 of tomorrow",
    ]
    assert [text_of(one) for one in page.xpath("//*[@lang='en']")] == ["of tomorrow"]
    assert "没有以此为标题的表式" in text_of(page.xpath("//details[@class='sheet']")[0])
