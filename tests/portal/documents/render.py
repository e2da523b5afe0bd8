"""Sheets and prose → PDF bytes, the same every time. Only the embedded font is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from tests.portal.documents.sheets import Form, Sheet, Span

_FONT: Final = "Samples"
_MARGIN: Final = 48
_ALIGN: Final[dict[str, Literal[0, 1, 2]]] = {"L": 0, "C": 1, "R": 2}


class Text(msgspec.Struct, frozen=True):
    """A piece of prose; `heading` counts from 1, 0 is body text, -1 the cover's title."""

    text: str
    heading: int = 0
    page_before: bool = False


class Rendered(msgspec.Struct, frozen=True):
    """The bytes, and on which pages each table came to stand (by its number: 表1, 公开01表)."""

    pdf: bytes
    pages: dict[str, tuple[int, ...]]
    count: int


@cache
def _font() -> str:
    pdfmetrics.registerFont(TTFont(_FONT, Path(__file__).parents[1] / "fonts" / "samples.ttf"))
    return _FONT


class _Tracked(Table):
    """A table that remembers the pages its parts are drawn on."""

    key = ""
    pages: dict[str, list[int]]

    def draw(self) -> None:
        self.pages.setdefault(self.key, []).append(self.canv.getPageNumber())
        super().draw()

    def onSplit(self, part: Any, byRow: int = 1) -> None:  # noqa: N802, N803 - reportlab calls it so
        part.key, part.pages = self.key, self.pages


class _Book(BaseDocTemplate):
    def __init__(self, file: BytesIO, title: str) -> None:
        super().__init__(file, pagesize=A4, title=title, author="", invariant=1, pageCompression=1)
        self.addPageTemplates(
            [
                PageTemplate("upright", [_frame(A4)], pagesize=A4, onPage=_footer),
                PageTemplate(
                    "wide", [_frame(landscape(A4))], pagesize=landscape(A4), onPage=_footer
                ),
            ]
        )


def _frame(size: tuple[float, float]) -> Frame:
    width, height = size
    return Frame(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN, 0, 0, 0, 0)


def _footer(canvas: Any, _document: object) -> None:
    canvas.setFont(_font(), 8)
    canvas.drawCentredString(canvas._pagesize[0] / 2, 26, f"- {canvas.getPageNumber()} -")


def render(title: str, parts: Iterable[Text | Sheet | Form]) -> Rendered:
    """Lay everything out, one table a page start, wide tables on wide pages."""
    file, pages = BytesIO(), dict[str, list[int]]()
    book = _Book(file, title)
    book.build(list(_story(parts, pages)))
    return Rendered(
        pdf=file.getvalue(),
        pages={key: tuple(sorted(set(found))) for key, found in pages.items()},
        count=book.page,
    )


def _story(parts: Iterable[Text | Sheet | Form], pages: dict[str, list[int]]) -> Iterable[Flowable]:
    wide = False
    for part in parts:
        if isinstance(part, Text):
            if part.page_before or wide:
                yield from (NextPageTemplate("upright"), PageBreak())
            wide = False
            yield from _text(part)
            continue
        wide = isinstance(part, Sheet) and part.landscape
        yield from (NextPageTemplate("wide" if wide else "upright"), PageBreak())
        yield from _sheet(part, pages, wide=wide)


def _style(size: float, align: Literal[0, 1, 2] = 0, **more: Any) -> ParagraphStyle:
    leading = more.pop("leading", size * 1.25)
    return ParagraphStyle(
        f"s{size}{align}{sorted(more.items())}",
        fontName=_font(),
        fontSize=size,
        leading=leading,
        alignment=align,
        wordWrap="CJK",
        **more,
    )


def _text(part: Text) -> Iterable[Flowable]:
    _check(part.text)
    if part.heading == -1:
        yield Spacer(1, 200)
        yield Paragraph(part.text, _style(24, 1, leading=36))
    elif part.heading == 1:
        yield Paragraph(part.text, _style(16, 1, spaceBefore=18, spaceAfter=14, leading=24))
    elif part.heading:
        yield Paragraph(part.text, _style(12.5, 0, spaceBefore=8, spaceAfter=4, leading=22))
    else:
        yield Paragraph(part.text, _style(11, 0, firstLineIndent=22, leading=20))


def _sheet(sheet: Sheet | Form, pages: dict[str, list[int]], *, wide: bool) -> Iterable[Flowable]:
    width = (landscape(A4) if wide else A4)[0] - 2 * _MARGIN
    _check(sheet.title + sheet.number + "".join((*sheet.caption, *sheet.notes)))
    yield Paragraph(sheet.number, _style(9))
    yield Paragraph(sheet.title, _style(15, 1, spaceBefore=4, spaceAfter=8, leading=22))
    yield Table(
        [list(sheet.caption)],
        colWidths=[width * 0.78, width * 0.22],
        style=[
            ("FONT", (0, 0), (-1, -1), _font(), 8.5),
            ("ALIGN", (1, 0), (1, 0), "RIGHT"),
            *_NO_PADDING,
        ],
    )
    yield _ruled(sheet, pages, width)
    for note in sheet.notes:
        yield Paragraph(note, _style(8.5, leading=13))


_NO_PADDING: Final = [
    (f"{side}PADDING", (0, 0), (-1, -1), 1) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
]


def _ruled(sheet: Sheet | Form, pages: dict[str, list[int]], width: float) -> _Tracked:
    header = sheet.header if isinstance(sheet, Sheet) else ()
    size = sheet.font_size if isinstance(sheet, Sheet) else 9
    least = sheet.row_height if isinstance(sheet, Sheet) else 24
    align = sheet.align if isinstance(sheet, Sheet) else "L" * len(sheet.widths)
    scale = width / sum(sheet.widths)
    columns = [relative * scale for relative in sheet.widths]
    grid = [*header, *sheet.body]
    cells, heights = [], []
    for row, texts in enumerate(grid):
        across = {
            span[0]: sum(columns[span[0] : span[2] + 1]) for span in sheet.spans if span[1] == row
        }
        rooms = [across.get(column, columns[column]) - 5 for column in range(len(texts))]
        letters = "C" * len(texts) if row < len(header) else align
        made = [_cell(*parts, size) for parts in zip(texts, letters, rooms, strict=True)]
        cells.append([cell for cell, _ in made])
        deep = {span[0] for span in sheet.spans if span[1] == row and span[3] > row}
        tall = [height for column, (_, height) in enumerate(made) if column not in deep]
        heights.append(max([least, *tall]))
    table = _Tracked(
        cells,
        colWidths=columns,
        rowHeights=heights,
        repeatRows=len(header) if header and getattr(sheet, "repeat_header", False) else 0,
        style=TableStyle(_rules(sheet.spans, size, align, len(header))),
    )
    table.key, table.pages = sheet.number, pages
    return table


def _rules(spans: Sequence[Span], size: float, align: str, header: int) -> list[tuple[Any, ...]]:
    names = {"L": "LEFT", "C": "CENTER", "R": "RIGHT"}
    rules: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), _font(), size),
        ("GRID", (0, 0), (-1, -1), 0.6, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    rules += [("ALIGN", (c, header), (c, -1), names[letter]) for c, letter in enumerate(align)]
    if header:
        rules.append(("ALIGN", (0, 0), (-1, header - 1), "CENTER"))
    rules += [("SPAN", (x0, y0), (x1, y1)) for x0, y0, x1, y1 in spans]
    return rules


def _check(text: str) -> None:
    """Raise ValueError for a character the font lacks: it would print as an empty box."""
    font = pdfmetrics.getFont(_font())
    known = font.face.charToGlyph if isinstance(font, TTFont) else {}
    missing = {c for c in text.replace("<br/>", "") if ord(c) not in known}
    if missing:
        raise ValueError(f"samples.ttf lacks {sorted(missing)}; see fonts/make_subset.py")


def _cell(text: str, letter: str, room: float, size: float) -> tuple[Any, float]:
    """A short text stays a string (quick to set); a long one wraps. With the height it needs."""
    _check(text)
    if pdfmetrics.stringWidth(text, _font(), size) <= room:
        return text, size * 1.25 + 2
    paragraph = Paragraph(text, _style(size, _ALIGN[letter]))
    return paragraph, paragraph.wrap(room, 10_000)[1] + 4
