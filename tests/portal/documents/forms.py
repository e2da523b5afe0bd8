"""A publication in the form a portal puts up: PDF, Word, Excel, an archive.

The same bytes every time, like all that the mock portal shows.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Final

from tests.portal import documents

__all__ = ["made"]

_THEN: Final = (2024, 1, 1, 0, 0, 0)
_DATED: Final = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z")


@cache
def made(name: str, form: str = "pdf") -> bytes:
    """The bytes of one publication. Raises KeyError for an unknown name or form."""
    forms = {"pdf": documents.pdf, "docx": _docx, "xlsx": _xlsx, "zip": _zip}
    return forms[form](name)


def _docx(name: str) -> bytes:
    from tests.archive import twins

    return _dated(twins.docx(name))


def _xlsx(name: str) -> bytes:
    from tests.archive import twins

    return _dated(twins.xlsx(name))


def _dated(data: bytes) -> bytes:
    """An office file without the moment it was made in."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _DATED.sub(b"2024-01-01T00:00:00Z", content)
            still = zipfile.ZipInfo(entry.filename, _THEN)
            target.writestr(still, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Gbk(zipfile.ZipInfo):
    """A member named as Chinese Windows names it: GBK, and nothing that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile calls it so
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _zip(name: str) -> bytes:
    """Two PDFs: the pages before the first table, and the rest."""
    said = documents.truth(name)
    cut = min(said.statements[0].pages) - 1
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for title, first, last in (("说明", 0, cut), ("报表", cut, said.pages)):
            member = _Gbk(f"{said.agency}{said.year}年/{title}.pdf", _THEN)
            target.writestr(member, _pages(documents.pdf(name), first, last))
    return out.getvalue()


def _pages(data: bytes, first: int, last: int) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as whole, pikepdf.new() as part:
        part.pages.extend(whole.pages[first:last])
        part.save(out, deterministic_id=True)
    return out.getvalue()
