"""What a reader must know about how a page could be read: the remarks on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.model import Document, Remark
from archive.text.optical import choosing
from archive.text.optical.choosing import FEW_CHARS, MANY_CURVES
from archive.text.page import Page

__all__ = ["figures_outside", "flaws", "pictured"]

_FEW_SIDEWAYS: Final = 20
"""A page number or a margin note may run another way than the page."""


_FEW_ROWS: Final = 3
_ROW: Final = re.compile(r"[^\d.,%-]-?\(?(\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d{2})\)?$")
"""A line that ends in an amount as tables print it."""
_SENTENCE: Final = re.compile(r"[，。；：？！%]|万元|亿元|[\u4e00-\u9fff],")

_PICTURES: Final = frozenset({"page-image", "image-on-page", "page-drawn", "characters-undefined"})
"""Codes that say that a page may show what the text layer does not say."""


def pictured(document: Document) -> bool:
    """Whether a document shows pictures, or shapes, that may hold text."""
    return any(remark.code in _PICTURES for remark in document.remarks)


def flaws(page: Page) -> list[Remark]:
    """The remarks on a page, none for an ordinary one."""
    found = [*page.remarks, *_of_pictures(page)]

    def say(code: str, message: str) -> None:
        found.append(Remark(code, message, page.number))

    if page.undefined:
        many = f"{page.undefined} of {len(page.chars)}"
        say("characters-undefined", f"{many} characters have no meaning in their font")
    if page.hidden:
        say("text-hidden", f"{page.hidden} characters are drawn invisibly (a recognition layer)")
    if page.outside:
        say("text-outside", f"{page.outside} characters stand outside the paper; they were read")
    if page.unseen:
        say("text-unseen", f"{page.unseen} characters that nobody sees were left out")
    if page.across:
        say("text-across", f"{page.across} characters set across it (a watermark) were left out")
    if page.odd:
        say("content-odd", f"{page.odd} parts of its content could not be carried out")
    if page.sideways >= _FEW_SIDEWAYS:
        say("text-sideways", f"{page.sideways} characters run another way than the rest")
    return found


def figures_outside(prose: Iterable[str], page: int) -> list[Remark]:
    """Whether lines that were taken for text look like the rows of a table nobody found.

    Such a table must not be missing without a word, whatever the reason.
    """
    rows = [text for text in prose if _ROW.search(text) and not _SENTENCE.search(text)]
    if len(rows) < _FEW_ROWS:
        return []
    message = f"{len(rows)} lines that end in figures stand outside of all tables that were read"
    return [Remark("figures-outside", message, page)]


def _of_pictures(page: Page) -> Iterator[Remark]:
    """What of the pictures on a page was not read, or was read by somebody else."""

    def remark(code: str, message: str) -> Remark:
        return Remark(code, message, page.number)

    if page.scanned:
        pass  # what its pictures say was read, and is said to be
    elif choosing.pictured(page):
        what = "page-image" if len(page.chars) < FEW_CHARS else "image-on-page"
        yield remark(what, "页面上有图片，图片中的文字未读取")
    elif len(page.chars) < FEW_CHARS and page.curves > MANY_CURVES:
        yield remark("page-drawn", "it holds drawings; letters drawn as shapes were not read")
    if page.layered:
        yield remark("text-layered", "图片上的文字取自隐藏的识别层，可能与图片不同，请核对原件")
    if page.lost:
        yield remark("ink-unread", f"表格之外有 {page.lost} 处墨迹未能识别为文字")
