"""Private data out of every text before anything is tracked.

History is append-only: what enters it stays. Names, phones, ID and account numbers of clerks and
private persons are therefore replaced by marks while a document is read. Agencies' public lines
(咨询电话, 监督电话, 服务热线 …) stay, and so does every figure: amounts, codes and counts are never
touched. What is masked and why: docs/decisions/0004-masking.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.masking.cells import mask_grid, mask_text
from archive.masking.document import mask_document
from archive.masking.text import ACCOUNT, ID_NUMBER, MAILBOX, NAME, TELEPHONE

__all__ = [
    "ACCOUNT",
    "ID_NUMBER",
    "MAILBOX",
    "NAME",
    "TELEPHONE",
    "mask",
    "mask_cells",
    "mask_document",
]


def mask(text: str) -> str:
    """Prose or one cell, with private data replaced by marks; masking twice changes nothing more.

    >>> mask("项目负责人 张三 联系电话 83380000")
    '项目负责人 〔姓名已隐去〕 联系电话 〔电话已隐去〕'
    >>> mask("咨询电话：027-83380000")
    '咨询电话：027-83380000'
    """
    return mask_text(text)


def mask_cells(rows: Sequence[Sequence[str | None]]) -> list[tuple[str | None, ...]]:
    """A grid of cells, None where a cell above or to the left spans.

    A label's value stands in the next cell with content to the right, or below it in a list.

    >>> mask_cells([["填报人", None, "张三", "联系电话", "83380000"]])
    [('填报人', None, '〔姓名已隐去〕', '联系电话', '〔电话已隐去〕')]
    """
    return [tuple(row) for row in mask_grid(rows, set())]
