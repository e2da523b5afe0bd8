"""Real PDFs of which pages became pictures, from the bytes to the digest."""

from __future__ import annotations

from functools import cache

import pymupdf
import pytest

from archive.model import Document
from archive.text import read
from diffing.changes import What
from diffing.compare import Comparison, compare
from diffing.digest import of_versions
from diffing.render import markdown
from diffing.versions import Version
from tests.portal import documents

FUNCTIONS, PROJECTS = (9, 10), 16
"""Where 一般公共预算支出表 and 项目支出表 stand in both budgets of 江城区's 科经局."""


def with_pictures(data: bytes, pages: set[int]) -> bytes:
    """The PDF with pictures of these pages in their place."""
    source, out = pymupdf.open(stream=data, filetype="pdf"), pymupdf.open()
    for number, page in enumerate(source, 1):
        if number not in pages:
            out.insert_pdf(source, from_page=number - 1, to_page=number - 1)
            continue
        picture = out.new_page(width=page.rect.width, height=page.rect.height)
        picture.insert_image(picture.rect, pixmap=page.get_pixmap(dpi=40))
    return out.tobytes()


@cache
def budget(year: int, *pages: int) -> Document:
    return read(with_pictures(documents.pdf(f"kejing-{year}-budget"), set(pages)))


def sides(old: Document, new: Document) -> tuple[Version, Version]:
    return Version(None, old, label="old.pdf"), Version(None, new, label="new.pdf")


def gone(comparison: Comparison) -> set[tuple[str, str]]:
    return {
        (c.line.form.partition(".")[2], c.line.name)
        for c in comparison.changes
        if c.kind in (What.NEW, What.DROPPED)
    }


@pytest.mark.parametrize("backwards", [False, True])
def test_what_became_a_picture_is_neither_gone_nor_new(backwards: bool) -> None:
    old, new = budget(2024), budget(2025)
    blind = budget(2025, FUNCTIONS[1], PROJECTS)
    pictured = [*sides(old, blind)]
    whole = gone(compare(*sides(old, new)))
    assert {("general_function", "农林水支出"), ("project", "驻村工作经费")} <= whole
    if backwards:
        pictured.reverse()
        comparison = compare(*pictured)
    else:
        comparison = compare(*pictured)
        text = markdown.render(of_versions(*pictured))
        assert "2025 年部门预算第 10、16 页有图片或读不出的文字" in text
        assert "项目支出表：仅在 2024 年预算中读到（22 行）；2025 年预算第 10、16 页" in text
        assert "不再列示的项目" not in text

    # the tables that were read still say what is new and gone
    found = gone(comparison)
    assert {form for form, _ in found}.isdisjoint({"general_function", "project"})
    assert ("expenditure", "农林水支出") in found
    unread = {c.line.form for c in comparison.changes if c.kind is What.UNREAD}
    assert unread == {"budget.general_function"}
