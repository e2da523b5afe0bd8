"""Names made to do harm are shown, and do none."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from archive.model import RawTable, Remark
from diffing.render.escaping import visible
from tests.diffing.archived import identity
from tests.diffing.build import document, item, statement
from tests.portal import documents

from .built import OFFICE, Site, document_path, placed, prose, text_of

HOSTILE = (
    '<img src=x onerror=alert(1)><script>alert(1)</script>"onmouseover="alert(1)',
    '=HYPERLINK("http://evil.example","x")',
    "</script><!--]]>&amp;{{7*7}}{% raw %}",
    "../../../../etc/passwd\x00",
)


def hostile(site: Site, name: str, url: str = "javascript:alert(1)") -> str:
    """A site with one document full of a name; returns the path of its page."""
    from msgspec import structs

    row = item(name, "1.00", code=name[:20], attributes={name: name}, remarks=(name,))
    sheet = statement(row, form="budget.project", title=name, notes=(name,))
    sheet = structs.replace(sheet, subject=name)
    table = RawTable(name, (5,), ((name, None),), name)
    made = prose(placed(document(sheet, tables=(table,))), name)
    made = structs.replace(made, remarks=(Remark("odd", name, 1),), extractor=name)
    what = identity(2024, name=OFFICE)
    site.filing.commit(made, what, url=url)
    site.build()
    return document_path(what)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_wherever_it_stands(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path)
    page = site.page(hostile(site, name))
    assert page.xpath("//img | //script | //@onerror | //@onmouseover") == []
    assert [a for a in page.xpath("//@href") if a.startswith(("javascript", "data"))] == []
    visible = name.replace("\x00", "‹U+0000›")
    assert text_of(page.xpath("//table[@class='figures']//tbody/tr/th")[0]).startswith(visible)
    names = {path.name for path in site.folder.rglob("*")}
    assert not any("passwd" in one or "evil" in one or "<" in one for one in names)


def test_marks_that_turn_or_hide_text_are_shown_by_their_number(tmp_path: Path) -> None:
    site = Site(tmp_path)
    path = hostile(site, "党\u202e建\n经\u200b费")
    said = text_of(site.page(path).xpath("//main")[0])
    assert "党‹U+202E›建 经‹U+200B›费" in said
    for data in site.contents().values():
        assert "\u202e" not in data.decode()
        assert "\u200b" not in data.decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_cannot_leave_its_string_in_the_index(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path)
    hostile(site, name)
    for path in site.folder.glob("search/*.js"):
        text = path.read_text()
        assert "<" not in text
        assert ">" not in text
        assert "\u2028" not in text
        function, _, arguments = text.removesuffix(");\n").partition("(")
        assert function in ("window.__meta", "window.__head", "window.__terms", "window.__places")
        json.loads(f"[{arguments}]")


@pytest.mark.parametrize(
    "name", [*HOSTILE[:3], "党\u202e建\n经费", "../../etc/passwd", "/etc/cron.d/x", "a\\..\\b"]
)
def test_the_hostile_name_of_a_file_in_a_zip_is_text_and_no_path(tmp_path: Path, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.pdf"), documents.pdf("rencai-2024-budget"))
        archive.writestr(zipfile.ZipInfo(f"{name}.exe"), b"MZ\x00\x01")
    site = Site(tmp_path)
    site.filing.publish(packed.getvalue(), identity(2024, name=OFFICE))
    site.build()
    page = site.page(document_path(identity(2024, name=OFFICE)))
    assert page.xpath("//img | //script | //@onerror | //@onmouseover") == []
    said = text_of(page.xpath("//main")[0])
    assert said.count(visible(name)) >= 2
    assert "\u202e" not in said
    names = {path.name for path in tmp_path.rglob("*")}
    assert not any(mark in one for one in names for mark in ("passwd", "cron", "evil", "<", "\\"))


def test_half_of_a_character_does_not_stop_the_build(tmp_path: Path) -> None:
    site = Site(tmp_path)
    path = hostile(site, "半\U0001f600字", url="http://a.example/\u3000x")
    assert "半\U0001f600字" in text_of(site.page(path).xpath("//main")[0])
