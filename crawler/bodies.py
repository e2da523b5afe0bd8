"""Articles that are themselves the document: the whole budget pasted into the page.

The bytes kept are those of the page as it came. Whether it changed is decided by its article part:
around it stand counters, tokens and other people's links that change with every fetch.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from parsel import Selector

from crawler.markup import words
from crawler.publications import Page

__all__ = ["fingerprint", "holds_document"]

_PARTS: Final = (
    *("TRS_Editor", "TRS_UEDITOR", "view", "article-content", "article_content", "pages_content"),
    *(
        "zoom",
        "UCAP-CONTENT",
        "content",
        "article",
        "main-txt",
        "xxgk_content",
        "conTxt",
        "vsb_content",
    ),
)
_NAMES: Final = "concat(' ', normalize-space(@class), ' ', normalize-space(@id), ' ')"
_FIGURE: Final = re.compile(r"-?\d{1,3}(?:,?\d{3})*(?:\.\d+)?")
_FEWEST: Final = 20
"""Different figures in cells. The smallest budget has more; a table of links and dates has none."""
_VOLATILE: Final = "script|style|noscript|input"


def holds_document(page: Page) -> bool:
    """Whether the article part has tables full of figures: then it is no mere announcement."""
    cells = (words(cell) for cell in _part(page).xpath(".//td//text()").getall())
    return len({cell for cell in cells if _FIGURE.fullmatch(cell)}) >= _FEWEST


def fingerprint(page: Page) -> str:
    """sha256 (hex) of the words of the article part, in order."""
    part = _part(page)
    for volatile in part.xpath(" | ".join(f".//{name}" for name in _VOLATILE.split("|"))):
        volatile.drop()
    text = "\n".join(words(text) for text in part.xpath(".//text()").getall() if text.strip())
    return hashlib.sha256(text.encode()).hexdigest()


def _part(page: Page) -> Selector:
    """The element that holds the article, in a tree of its own; the body where none is known."""
    tree = Selector(text=page.text or "<html></html>", type="html")
    for name in _PARTS:
        if found := tree.xpath(f"//*[contains({_NAMES}, ' {name} ')][.//td]"):
            return found[0]
    return tree.xpath("//body")[0] if tree.xpath("//body") else tree
