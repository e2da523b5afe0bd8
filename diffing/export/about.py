"""What an export says of itself as a whole: title, source, and what may be done with it."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["DATASETTE", "PACKAGE"]

_TITLE: Final = "部门预算、决算数据 Budgets and final accounts of district departments"
_SAYS: Final = (
    "由明账从各地政府部门公开的预算、决算文件中读出；每一行注明文件、版本、原件（sha256）和页、行、列。"
    "读取可能出错，一切以发布机关公布的原件为准；空白不是零；变化只是两份文件之间的差别。"
    " Read by Mingzhang from the budgets and final accounts that Chinese district departments"
    " publish; every row names its document, version, original (sha256), page, row and column."
    " Readings can be wrong: the originals as published are what counts. A blank is not a zero. In"
    " CSV a text that a spreadsheet would run begins with an apostrophe; take one away to have it"
    " as it was."
)
_LICENSE: Final = "public-record"
_LICENSE_TITLE: Final = (
    "公开的政府信息，权利（如有）属于发布机关；见 DATA-NOTICE.md"
    " Public records; rights, where there are any, are the publishers'; see DATA-NOTICE.md"
)
_SOURCE: Final = "各地政府部门预算、决算公开 Disclosures of budgets and final accounts"

DATASETTE: Final[dict[str, Any]] = {
    "title": _TITLE,
    "description": _SAYS,
    "license": _LICENSE_TITLE,
    "source": _SOURCE,
}
"""For Datasette's metadata.json."""

PACKAGE: Final[dict[str, Any]] = {
    "name": "mingzhang",
    "title": _TITLE,
    "description": _SAYS,
    "licenses": [{"name": _LICENSE, "title": _LICENSE_TITLE}],
    "sources": [{"title": _SOURCE}],
    "keywords": ["budget", "final account", "部门预算", "部门决算"],
}
"""For datapackage.json."""
