"""The scripts of the search index, read as the page reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import Kind
from diffing.site import search
from tests.diffing.archived import identity
from tests.diffing.build import document, item, statement

from .built import OFFICE, Site, document_path, placed


def found(site: Site, part: str, wanted: str) -> list[list[object]]:
    """What the index has of a name: document, anchor, page, statement, measure, unit, figure,
    certainty."""
    _, (_, head) = site.script(f"search/{part}-head.js")
    places = []
    for number in range(head["tables"]):
        _, (name, at, table) = site.script(f"search/{part}-t{number}.js")
        assert (name, at) == (part, number)
        for code, term, count, pack, position in table:
            if wanted in (code, term):
                _, (_, _, packed) = site.script(f"search/{part}-p{pack}.js")
                assert len(packed[position]) == count
                for owner, anchor, page, column, *rest in packed[position]:
                    href, columns = head["documents"][owner][3:]
                    said = head["columns"][columns[column]]
                    places.append([href, anchor, page, *said, *rest])
    return places


def test_a_line_item_is_found_with_its_figure_and_the_address_of_its_place(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path).fill()
    site.build()
    (place,) = found(site, "310107-2024", "人才工作经费")[:1]
    href = document_path(identity(2024, name=OFFICE))
    assert place == [href, "p5r2c2", 5, "项目支出表", "合计", "万元", "90.00", ""]
    page = site.page(href)
    assert page.xpath("normalize-space(//td[@id='p5r2c2']/text())") == "90.00"


def test_a_figure_from_an_image_is_marked_in_the_index_too(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    final = document_path(identity(2024, Kind.FINAL, name=OFFICE))
    marks = [p[-1] for p in found(site, "310107-2024", "支出总计") if p[0] == final]
    assert marks == ["recognised"]


def test_the_same_figure_of_a_name_is_listed_once_a_document(tmp_path: Path) -> None:
    site = Site(tmp_path)
    rows = [item("行政运行", "5.00", code="2010101"), item("行政运行", "6.00", code="2010101")]
    twice = placed(document(statement(*rows), statement(rows[0], form="budget.general_function")))
    site.filing.commit(twice, identity(2024, name=OFFICE))
    site.build()
    assert [place[6] for place in found(site, "310107-2024", "2010101")] == ["5.00", "6.00"]


def test_shards_stay_within_their_bound_however_much_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_BYTES", 2_000)
    site = Site(tmp_path)
    rows = [item(f"项目{n:04d}", f"{n}.00", code=f"{n:07d}") for n in range(300)]
    site.filing.commit(placed(document(statement(*rows))), identity(2024, name=OFFICE))
    site.build()
    scripts = sorted(site.folder.glob("search/310107-2024-[tp]*.js"))
    assert len(scripts) > 10
    assert max(path.stat().st_size for path in scripts) < 2_400
    assert [place[6] for place in found(site, "310107-2024", "项目0123")] == ["123.00"]
