"""Small PDFs written by hand, each to show one thing: objects in, bytes out.

Text is set in a font that is not embedded and whose codes are GBK, so that content streams can be
written without any font file: pdfminer knows its character collection (Adobe-GB1).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

WIDE = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[%d 0 R]>>"
CID = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120"
    b"/FontBBox[-25 -254 1000 880]>>/W[1 95 500 814 939 500]>>"
)
Objects = dict[int, bytes]
Row = Sequence[str | None]

HEAD: Row = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS: Sequence[Row] = (
    HEAD,
    ("合计", None, "2,940.05", "2,336.91", "603.14"),
    ("201", "一般公共服务支出", "1,511.89", "1,503.52", "8.37"),
    ("20106", "财政事务", "1,428.16", "833.39", "594.77"),
)
WIDTHS = (70, 150, 80, 80, 80)
TITLE = "2024年度支出决算表"
UNIT = "单位：万元"


def stream(data: bytes, extra: bytes = b"", *, packed: bool = True) -> bytes:
    """A stream object; compressed unless told otherwise."""
    if packed:
        data, extra = zlib.compress(data), b"/Filter/FlateDecode" + extra
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


def file(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """The whole file; object 1 is the catalog."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(places) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        here = places.get(number)
        out += b"0000000000 00000 f \n" if here is None else b"%010d 00000 n \n" % here
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def updated(data: bytes, number: int, body: bytes) -> bytes:
    """The file with a later revision of one object, as editors append it."""
    before = data.rindex(b"xref\n0 ")
    place = len(data)
    out = data + b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entry = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    trailer = b"trailer\n<</Size 200/Root 1 0 R/Prev %d>>\n" % before
    return out + entry + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)


def objects(
    *contents: bytes,
    page: bytes = b"",
    font: Objects | None = None,
    resources: bytes = b"",
    more: Objects | None = None,
) -> Objects:
    """A document of pages with these content streams; /F1 is font object 10."""
    out: Objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        10: WIDE % (b"GBK-EUC-H", 11),
        11: CID,
        **(font or {}),
        **(more or {}),
    }
    kids = []
    for number, content in enumerate(contents):
        leaf, body = 100 + 2 * number, 101 + 2 * number
        kids.append(b"%d 0 R" % leaf)
        box = b"" if b"/MediaBox" in page else b"/MediaBox[0 0 600 400]"
        out[leaf] = (
            b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R/Resources<</Font<</F1 10 0 R>>%s>>%s>>"
            % (box, body, resources, page)
        )
        out[body] = stream(content)
    out[2] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return out


def pdf(*contents: bytes, **more: object) -> bytes:
    """`file` of `objects`."""
    return file(objects(*contents, **more))  # type: ignore[arg-type]


def text(
    words: str, x: float, y: float, *, matrix: str = "1 0 0 1", size: str = "10", before: str = ""
) -> bytes:
    """One line of text."""
    codes = words.encode("gbk").hex()
    return f"BT {before} /F1 {size} Tf {matrix} {x} {y} Tm <{codes}> Tj ET\n".encode()


def table(rows: Sequence[Row] = ROWS, *, top: float = 300, left: float = 60, **how: str) -> bytes:
    """A ruled table with its title and unit; None joins a cell to its left neighbour."""
    out = bytearray(text(TITLE, 240, top + 40, **how) + text(UNIT, 480, top + 10, **how))
    xs = [left]
    for width in WIDTHS:
        xs.append(xs[-1] + width)
    for number, row in enumerate(rows):
        high, low = top - 20 * number, top - 20 * (number + 1)
        for column, cell in enumerate(row):
            if cell is None:
                continue
            end = column + 1
            while end < len(row) and row[end] is None:
                end += 1
            out += b"%d %d %d 20 re S\n" % (xs[column], low, xs[end] - xs[column])
            if cell:
                out += text(cell, xs[column] + 2, high - 14, **how)
    return bytes(out)


def plain() -> bytes:
    """One page with the table."""
    return pdf(table())
