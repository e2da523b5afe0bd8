"""What a reader must know about how a page could be read: the remarks on one page."""

from __future__ import annotations

from typing import Final

from archive.model import Remark
from archive.text.device import Page

__all__ = ["flaws"]

_FEW_CHARS: Final = 40
_LARGE_IMAGE: Final = 0.08
"""An image over this share of the page may hold a table."""
_MANY_CURVES: Final = 1_000
"""A Chinese character drawn as a shape has some thirty."""
_FEW_SIDEWAYS: Final = 20
"""A page number or a margin note may run another way than the page."""


def flaws(page: Page) -> list[Remark]:
    """The remarks on a page, none for an ordinary one."""
    found = [*page.remarks]

    def say(code: str, message: str) -> None:
        found.append(Remark(code, message, page.number))

    area = page.width * page.height or 1
    pictured = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.images) / area
    if pictured >= _LARGE_IMAGE:
        what = "page-image" if len(page.chars) < _FEW_CHARS else "image-on-page"
        say(what, "页面上有图片，图片中的文字未读取")
    elif len(page.chars) < _FEW_CHARS and page.curves > _MANY_CURVES:
        say("page-drawn", "it holds drawings; letters drawn as shapes were not read")
    if page.undefined:
        many = f"{page.undefined} of {len(page.chars)}"
        say("characters-undefined", f"{many} characters have no meaning in their font")
    if page.hidden:
        say("text-hidden", f"{page.hidden} characters are drawn invisibly (a recognition layer)")
    if page.outside:
        say("text-outside", f"{page.outside} characters stand outside the paper; they were read")
    if page.unseen:
        say("text-unseen", f"{page.unseen} characters that nobody sees were left out")
    if page.odd:
        say("content-odd", f"{page.odd} parts of its content could not be carried out")
    if page.sideways >= _FEW_SIDEWAYS:
        say("text-sideways", f"{page.sideways} characters run another way than the rest")
    return found
