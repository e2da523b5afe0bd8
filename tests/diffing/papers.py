"""Published pages as PDF, drawn for one test each: a table, and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = Path(__file__).parents[1] / "portal" / "fonts" / "samples.ttf"
LEFT, TOP, ROW = 60.0, 740.0, 20.0
WIDTHS = (70, 150, 90, 90, 90)
HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
LINES = (
    ("合计", "", "2,940.05", "2,336.91", "603.14"),
    ("201", "一般公共服务支出", "1,511.89", "1,503.52", "8.37"),
    ("20106", "财政事务", "1,428.16", "833.39", "594.77"),
)


def paper(
    *below: str,
    rows: Sequence[Sequence[str]] = LINES,
    title: str = "部门支出总表",
    turned: bool = False,
    picture: tuple[float, float, float, float] | None = None,
    font: str = "Samples",
) -> bytes:
    """One page: a title, the unit, a ruled table, and lines of text right under it.

    `turned` lays the sheet on its side, as a wide table is; `picture` draws an image over an area.
    """
    if font == "Samples":
        pdfmetrics.registerFont(TTFont(font, FONT))
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True, pageCompression=1)
    if turned:
        canvas.setPageRotation(90)
        canvas.translate(A4[0], 0)
        canvas.rotate(90)
        canvas.translate(0, -200)
    canvas.setFont(font, 10)
    canvas.drawString(LEFT + 180, TOP + 40, title)
    canvas.drawString(LEFT + 400, TOP + 15, "单位：万元")
    y = TOP
    for row in (HEAD, *rows):
        x = LEFT
        for width, text in zip(WIDTHS, row, strict=True):
            canvas.rect(x, y - ROW, width, ROW)
            canvas.drawString(x + 4, y - 14, text)
            x += width
        y -= ROW
    for line in below:
        y -= 12
        canvas.drawString(LEFT, y, line)
    if picture is not None:
        image = BytesIO()
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        Image.new("RGB", (8, 8), "red").save(image, "PNG")
        canvas.drawImage(ImageReader(image), *picture)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
