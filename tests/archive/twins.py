"""The generated publications again, as Word, Excel, a web page: the same facts elsewhere."""

from __future__ import annotations

import html as escaping
import io
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from tests.portal import documents
from tests.portal.documents.render import Text
from tests.portal.documents.sheets import Form, Sheet, Span

Parts = Sequence[Text | Sheet | Form]


@cache
def parts(name: str) -> Parts:
    """What a publication is made of, in order."""
    return documents.parts(name)


def grid_of(sheet: Sheet | Form) -> list[list[str]]:
    """All rows of a sheet, header first, line breaks as such."""
    header = sheet.header if isinstance(sheet, Sheet) else ()
    return [[text.replace("<br/>", "\n") for text in row] for row in (*header, *sheet.body)]


def _covered(spans: Sequence[Span]) -> set[tuple[int, int]]:
    """Places (row, column) that a merged cell takes beyond its first."""
    return {
        (row, column)
        for x0, y0, x1, y1 in spans
        for row in range(y0, y1 + 1)
        for column in range(x0, x1 + 1)
        if (row, column) != (y0, x0)
    }


def docx(name: str, only: Collection[str] = ()) -> bytes:
    """As Word: titles as paragraphs, tables with merged cells; all of them or `only` some."""
    from docx import Document

    book = Document()
    for part in parts(name):
        if only and (isinstance(part, Text) or part.title not in only):
            continue
        if isinstance(part, Text):
            book.add_paragraph(part.text)
            continue
        for line in (part.number, part.title, *part.caption):
            book.add_paragraph(line)
        grid = grid_of(part)
        width = len(grid[0])
        cells = book.add_table(len(grid), width)._cells  # asked for once: it is made anew each time
        covered = _covered(part.spans)
        for r, row in enumerate(grid):
            for c, text in enumerate(row):
                if (r, c) not in covered:
                    cells[r * width + c].text = text
        for x0, y0, x1, y1 in part.spans:
            cells[y0 * width + x0].merge(cells[y1 * width + x1])
        for note in part.notes:
            book.add_paragraph(note)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def laid(sheet: Sheet | Form) -> tuple[list[list[str]], int]:
    """A sheet as typed into a workbook: title, unit, table, notes; the row before the table."""
    width = max(len(row) for row in grid_of(sheet))
    top = [[sheet.number], [sheet.title], [sheet.caption[0], *[""] * (width - 2), sheet.caption[1]]]
    return [*top, *grid_of(sheet), *([note] for note in sheet.notes)], len(top)


def is_amount(text: str) -> bool:
    """Whether a text is stored as a number in the workbooks made here."""
    flat = text.replace(",", "")
    return "." in flat and flat.replace(".", "", 1).lstrip("-").isdigit()


def pattern_of(text: str) -> str:
    """The number format that shows a number as printed."""
    return "#,##0.00" if "," in text else "0.00"


def xlsx(name: str) -> bytes:
    """As Excel: a statement a sheet, prose on the first; amounts as binary floats with a format."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "说明"
    for row, text in enumerate(texts(name), 1):
        first.cell(row, 1, text)
    for number, part in enumerate(tables(name), 1):
        sheet = book.create_sheet(f"{number}")
        rows, top = laid(part)
        for r, row in enumerate(rows, 1):
            for c, text in enumerate(row, 1):
                if not text:
                    continue
                cell = sheet.cell(r, c)
                if is_amount(text):
                    cell.value = float(text.replace(",", ""))
                    cell.number_format = pattern_of(text)
                else:
                    cell.value = text
        for x0, y0, x1, y1 in part.spans:
            sheet.merge_cells(
                start_row=y0 + top + 1, start_column=x0 + 1, end_row=y1 + top + 1, end_column=x1 + 1
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(name: str) -> bytes:
    """As Excel 97: the same."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    first = book.add_sheet("说明")
    for row, text in enumerate(texts(name)):
        first.write(row, 0, text)
    for number, part in enumerate(tables(name), 1):
        sheet = book.add_sheet(f"{number}")
        rows, top = laid(part)
        merged = {(y0 + top, x0): (y1 + top, x1) for x0, y0, x1, y1 in part.spans}
        covered = {(r + top, c) for r, c in _covered(part.spans)}
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if (r, c) in covered or (not text and (r, c) not in merged):
                    continue
                style = xlwt.easyxf(num_format_str=pattern_of(text))
                value = float(text.replace(",", "")) if is_amount(text) else text
                if (r, c) in merged:
                    last = merged[r, c]
                    sheet.write_merge(r, last[0], c, last[1], value, style)
                else:
                    sheet.write(r, c, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def html(name: str, encoding: str = "utf-8") -> bytes:
    """As a web page, in any encoding, declared or not."""
    lines = [f"<html><head><meta charset={encoding}><title>公开</title></head><body>"]
    for part in parts(name):
        if isinstance(part, Text):
            lines.append(f"<p>{_escaped(part.text)}</p>")
            continue
        lines += [f"<p>{_escaped(line)}</p>" for line in (part.number, part.title, *part.caption)]
        spans = {(y0, x0): (x1 - x0 + 1, y1 - y0 + 1) for x0, y0, x1, y1 in part.spans}
        covered = _covered(part.spans)
        lines.append("<table border=1>")
        for r, row in enumerate(grid_of(part)):
            cells = []
            for c, text in enumerate(row):
                if (r, c) in covered:
                    continue
                across, down = spans.get((r, c), (1, 1))
                said = _escaped(text).replace("\n", "<br>")
                cells.append(f"<td colspan={across} rowspan={down}>{said}</td>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
        lines += [f"<p>{_escaped(note)}</p>" for note in part.notes]
    lines.append("</body></html>")
    return "\n".join(lines).encode(encoding)


def _escaped(text: str) -> str:
    return escaping.escape(text.replace("<br/>", "\n"))


def texts(name: str) -> Iterator[str]:
    """The prose, a paragraph each."""
    return (part.text.replace("<br/>", "") for part in parts(name) if isinstance(part, Text))


def tables(name: str) -> Iterator[Sheet | Form]:
    """The tables in order."""
    return (part for part in parts(name) if not isinstance(part, Text))


def text(name: str) -> bytes:
    """As plain text: cells parted by tabs, a blank line after every line."""
    lines: list[str] = []
    for part in parts(name):
        if isinstance(part, Text):
            lines.append(part.text.replace("<br/>", ""))
            continue
        lines += [part.number, part.title, *part.caption]
        lines += ["\t".join(cell.replace("\n", "") for cell in row) for row in grid_of(part)]
        lines += part.notes
    return "\n\n".join(lines).encode()


def tracked(data: bytes, texts: Collection[str]) -> bytes:
    """A Word file in which 9 was deleted and 8 is hidden before each of these texts in a cell."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    book = Document(io.BytesIO(data))
    deleted = '<w:del {} w:id="1" w:author="a"><w:r><w:delText>9</w:delText></w:r></w:del>'
    hidden = "<w:r {}><w:rPr><w:vanish/></w:rPr><w:t>8</w:t></w:r>"
    for table in book.tables:
        for cell in table._cells:
            if cell.text in texts:
                paragraph = cell.paragraphs[0]._p
                for number, made in enumerate((deleted, hidden)):
                    paragraph.insert(number, parse_xml(made.format(nsdecls("w"))))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rtf(name: str) -> bytes:
    """As Rich Text: Chinese as GBK bytes, as WPS writes it; merged cells by their flags."""
    lines = [r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "]
    for part in parts(name):
        if isinstance(part, Text):
            lines.append(rf"\pard {escaped_rtf(part.text)}\par ")
            continue
        for line in (part.number, part.title, *part.caption):
            lines.append(rf"\pard {escaped_rtf(line)}\par ")
        covered = {place: span for span in part.spans for place in _covered([span])}
        for r, row in enumerate(grid_of(part)):
            defined, cells = [], []
            for c, text in enumerate(row):
                span = covered.get((r, c))
                flags = r"\clmrg" if span and c > span[0] else ""
                flags += r"\clvmrg" if span and r > span[1] else ""
                defined.append(rf"{flags}\cellx{1000 * (c + 1)}")
                shown = "" if span else escaped_rtf(text)
                cells.append(rf"\pard\intbl {shown}\cell ")
            lines += [r"\trowd\trleft0", *defined, *cells, r"\row "]
        lines += [rf"\pard {escaped_rtf(note)}\par " for note in part.notes]
    return "".join([*lines, "}"]).encode("ascii")


def escaped_rtf(text: str) -> str:
    """A text as Rich Text spells it."""
    said = text.replace("<br/>", "\n")
    return "".join(
        r"\line " if char == "\n" else rf"\{char}" if char in "\\{}" else _byte_by_byte(char)
        for char in said
    )


def _byte_by_byte(char: str) -> str:
    if char.isascii():
        return char
    return "".join(rf"\'{byte:02x}" for byte in char.encode("gb18030"))
