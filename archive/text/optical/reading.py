"""The pages of a document, those that are pictures with what was recognised in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pypdfium2

from archive.model import Remark
from archive.text.optical.choosing import regions
from archive.text.optical.rendering import Canvas, Pictures
from archive.text.optical.scan import scan
from archive.text.optical.upright import quarters
from archive.text.page import Page, turn_page

__all__ = ["read_page", "recognised"]

_TURNED: Final = "原件横放或倒放，转正后识别"
_SAID: Final = "文字由图像识别得到，请核对原件"


def recognised(ink: Iterable[Page], data: bytes) -> Iterator[Page]:
    """The pages in order; on those that hold pictures of text, its characters and rulings too.

    `data` is the PDF the pages come from. Where it cannot be rendered the pages stay as they are,
    and the remarks say that their pictures were not read.
    """
    try:
        pictures = Pictures(data)
    except pypdfium2.PdfiumError:
        yield from ink
        return
    with pictures:
        for page in ink:
            if regions(page) and page.number <= len(pictures):
                read_page(page, pictures.page(page))
            yield page


def read_page(page: Page, canvas: Canvas) -> None:
    """Read what a page shows as pictures, turned upright first where it is all one."""
    chosen = regions(page)
    if chosen and chosen[0].whole and (turn := quarters(canvas)):
        turn_page(page, turn)
        page.remarks.append(Remark("page-turned", _TURNED, page.number))
        canvas, chosen = canvas.turned(turn), regions(page)
    for region in chosen:
        scan(page, canvas, region)
    if page.scanned:
        page.remarks.append(Remark("page-recognised", _SAID, page.number))
