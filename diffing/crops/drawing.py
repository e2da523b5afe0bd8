"""Draws rows of one PDF as pictures, in the process that `diffing.crops.process` limits.

A picture is made only where it can be checked: the text that lies in the row's cells must be the
figures that were read there, every character must leave ink, and nothing but characters and
straight strokes may lie in the area, for what a picture shows cannot be masked. Of a scanned row
only the figures are shown that `diffing.crops.scanned` can vouch for.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, TypeAlias

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw

from archive.model import Box
from diffing.crops.order import Drawn, Order, Shot
from diffing.crops.scanned import figure
from diffing.crops.veiling import Glyph, Known, in_order, lines, squeezed, veiled

__all__ = ["draw"]

Edges: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_SCALE: Final = 2.0
"""Dots per point: 144 to the inch, sharp on a telephone and small enough."""
_FINE: Final = 4.0
"""Dots per point of scanned figures while their ink is looked at."""
_INSET: Final = 4
"""Dots of these within a cell's edge: the line itself."""
_WIDEST: Final = 3_200
_HIGHEST: Final = 1_600
_ABOVE: Final = 40.0
_BELOW: Final = 16.0
"""Points above and below the row that are shown, paler: of a short table even its head."""
_MARGIN: Final = 14.0
_DEEPEST: Final = 8
"""Drawings within drawings, so deep; what lies deeper is not looked into."""
_EVERYWHERE: Final = (-1e6, -1e6, 1e6, 1e6)
_INK: Final = 160
"""Grey values below this are ink."""
_VEIL: Final = (150, 154, 160)
_FRAME: Final = (190, 60, 30)
_LINE: Final = (197, 197, 197)
"""Edges of the cells of a scanned row: of the picture itself only figures are shown."""
_GREYS: Final = 14
"""With the frame and the veil that makes the sixteen colours that four bits hold."""


class _NoPicture(Exception):  # noqa: N818 - says what is the case
    """This row is not drawn; the code says why."""


def draw(data: bytes, order: Order) -> Iterator[Drawn]:
    """The rows asked for, one after another. Raises pypdfium2.PdfiumError for no PDF at all."""
    known = Known(order.texts)
    document = pypdfium2.PdfDocument(data)
    try:
        for number in dict.fromkeys(shot.page for shot in order.shots):
            shots = [shot for shot in order.shots if shot.page == number]
            try:
                page = _Page(document, number, known, strict=number in order.masked)
            except (_NoPicture, pypdfium2.PdfiumError):
                yield from (Drawn(shot.key, why="page") for shot in shots)
                continue
            for shot in shots:
                try:
                    yield page.drawn(shot)
                except _NoPicture as why:
                    yield Drawn(shot.key, why=str(why))
    finally:
        document.close()


class _Page:
    """One page of a document, its characters placed as its reader placed them."""

    def __init__(
        self, document: pypdfium2.PdfDocument, number: int, known: Known, *, strict: bool
    ) -> None:
        if not 1 <= number <= len(document):
            raise _NoPicture("page")
        self.page = document[number - 1]
        self.media = self.page.get_mediabox()
        self.page.set_cropbox(*self.media)
        self.turns = int(self.page.get_rotation()) // 90
        self.known, self.strict = known, strict
        self.glyphs = [(self._flat(*box), text) for box, text in _characters(self.page)]
        self.solid = [self._flat(*box) for box in _pictures(self.page)]
        self._veils: dict[int, list[Glyph]] = {}

    def drawn(self, shot: Shot) -> Drawn:
        """The row, whole or its figures alone. Raises _NoPicture."""
        scanned = self._is_scanned(shot)
        png = self._cut_out(shot) if scanned else self._whole(shot)
        return Drawn(shot.key, png, figures_alone=scanned)

    def _whole(self, shot: Shot) -> bytes:
        """The row as PNG. Raises _NoPicture."""
        turn = self._turn(shot)
        glyphs = [Glyph(*self._turned(box, turn), text) for box, text in self.glyphs]
        width, height = self._size(turn)
        row = shot.mark or min((box for box, _ in shot.cells), key=lambda b: b.y1 - b.y0)
        left = max(0.0, min([g.x0 for g in glyphs] + [row.x0]) - _MARGIN)
        right = min(width, max([g.x1 for g in glyphs] + [row.x1]) + _MARGIN)
        area = Box(left, max(0.0, row.y0 - _BELOW), right, min(height, row.y1 + _ABOVE))
        if area.x1 - area.x0 < 1 or area.y1 - area.y0 < 1:
            raise _NoPicture("place")
        if any(_meet(Box(*self._turned(box, turn)), area) for box in self.solid):
            raise _NoPicture("picture")
        scale = min(_SCALE, _WIDEST / (area.x1 - area.x0), _HIGHEST / (area.y1 - area.y0))
        image = self._rendered(area, turn, scale)
        seen = [g for g in glyphs if _meet(Box(g.x0, g.y0, g.x1, g.y1), area)]
        place = _Place(area, scale)
        _inked(image, [g for g in seen if row.y0 <= (g.y0 + g.y1) / 2 <= row.y1], place)
        if turn not in self._veils:
            self._veils[turn] = veiled(glyphs, self.known, strict=self.strict)
        veils = [g for g in self._veils[turn] if _meet(Box(g.x0, g.y0, g.x1, g.y1), area)]
        return _finished(image, row, shot.mark, veils, place)

    def _is_scanned(self, shot: Shot) -> bool:
        """Do the row's cells lie in a picture, without any character of the page in them?"""
        boxes = [box for box, _ in shot.cells]
        return any(
            all(_holds(image, box) for box in boxes) for image in (Box(*b) for b in self.solid)
        ) and not any(_holds(box, Box(*glyph)) for glyph, _ in self.glyphs for box in boxes)

    def _cut_out(self, shot: Shot) -> bytes:
        """The figures of a scanned row on white, as PNG. Raises _NoPicture."""
        width, height = self._size(0)
        edges = [msgspec.structs.astuple(box) for box, _ in shot.cells]
        area = Box(
            max(0.0, min(edge[0] for edge in edges) - _MARGIN),
            max(0.0, min(edge[1] for edge in edges) - _MARGIN / 2),
            min(width, max(edge[2] for edge in edges) + _MARGIN),
            min(height, max(edge[3] for edge in edges) + _MARGIN / 2),
        )
        large = (area.x1 - area.x0) * _FINE > _WIDEST or (area.y1 - area.y0) * _FINE > _HIGHEST
        if large or area.x1 - area.x0 < 1 or area.y1 - area.y0 < 1:
            raise _NoPicture("place")
        seen, place = self._rendered(area, 0, _FINE).convert("L"), _Place(area, _FINE)
        image = Image.new("RGB", seen.size, "white")
        pen = ImageDraw.Draw(image)
        shown = set()
        for box, text in shot.cells:
            x0, y0, x1, y1 = map(round, place.dots(*msgspec.structs.astuple(box)))
            inside = (x0 + _INSET, y0 + _INSET, x1 - _INSET, y1 - _INSET)
            if inside[0] >= inside[2] or inside[1] >= inside[3]:
                continue
            found = figure(seen.crop(inside), text, _FINE)
            if found is not None:
                image.paste(found, inside)
                pen.rectangle((x0, y0, x1, y1), outline=_LINE, width=2)
                shown.add(box)
        if not shown or (shot.mark is not None and shot.mark not in shown):
            raise _NoPicture("picture")
        factor = _FINE / _SCALE
        small = image.resize((round(image.width / factor), round(image.height / factor)))
        return _finished(small, area, shot.mark, (), _Place(area, _SCALE))

    def _turn(self, shot: Shot) -> int:
        """By how many quarters the reader turned the page: the one that puts every figure of the
        row where it was read."""
        for turn in range(4):
            if self._fits(shot, turn):
                return turn
        raise _NoPicture("place")

    def _fits(self, shot: Shot, turn: int) -> bool:
        printed = 0
        for box, text in shot.cells:
            wanted = squeezed(text)
            inside = [
                Glyph(x0, y0, x1, y1, t)
                for (x0, y0, x1, y1), t in ((self._turned(b, turn), t) for b, t in self.glyphs)
                if box.x0 <= (x0 + x1) / 2 <= box.x1 and box.y0 <= (y0 + y1) / 2 <= box.y1
            ]
            if in_order(inside) != wanted:
                return False
            printed += bool(wanted)
        return printed > 0

    def _rendered(self, area: Box, turn: int, scale: float) -> Image.Image:
        width, height = self._size(turn)
        crop = (area.x0, area.y0, width - area.x1, height - area.y1)
        bitmap = self.page.render(
            scale=scale,
            rotation=turn * 90,
            crop=tuple(math.floor(edge * scale) / scale for edge in crop),
            draw_annots=False,
            may_draw_forms=False,
            rev_byteorder=True,
        )
        image: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return image

    def _flat(self, x0: float, y0: float, x1: float, y1: float) -> Edges:
        """A box of the sheet as a viewer turns the sheet."""
        left, bottom, right, top = self.media
        box = (x0 - left, y0 - bottom, x1 - left, y1 - bottom)
        return _quarters(box, self.turns, right - left, top - bottom)

    def _turned(self, box: Edges, turn: int) -> Edges:
        return _quarters(box, turn, *self._size(0))

    def _size(self, turn: int) -> tuple[float, float]:
        left, bottom, right, top = self.media
        width, height = right - left, top - bottom
        return (height, width) if (self.turns + turn) % 2 else (width, height)


class _Place:
    """Where points of the page lie in the picture."""

    def __init__(self, area: Box, scale: float) -> None:
        self.area, self.scale = area, scale

    def dots(self, x0: float, y0: float, x1: float, y1: float) -> Edges:
        """Left, top, right and bottom in the picture."""
        area, scale = self.area, self.scale
        return (
            (x0 - area.x0) * scale,
            (area.y1 - y1) * scale,
            (x1 - area.x0) * scale,
            (area.y1 - y0) * scale,
        )


def _finished(
    image: Image.Image, row: Box, mark: Box | None, veils: Sequence[Glyph], place: _Place
) -> bytes:
    """Veils over what is masked, the row's surroundings paler, the cell framed; as PNG."""
    pen = ImageDraw.Draw(image)
    for line in lines(veils):
        for word in line:
            x0, y0, x1, y1 = place.dots(
                min(g.x0 for g in word),
                min(g.y0 for g in word),
                max(g.x1 for g in word),
                max(g.y1 for g in word),
            )
            pen.rectangle((x0 - 2, y0 - 1, x1 + 2, y1 + 1), fill=_VEIL)
    _, top, _, bottom = place.dots(row.x0, row.y0, row.x1, row.y1)
    for area in ((0, 0, image.width, round(top)), (0, round(bottom), image.width, image.height)):
        if area[1] < area[3]:
            part = image.crop(area)
            image.paste(Image.blend(part, Image.new("RGB", part.size, "white"), 0.6), area)
    if mark is not None:
        x0, y0, x1, y1 = place.dots(*msgspec.structs.astuple(mark))
        pen.rectangle((x0 - 2, y0 - 2, x1 + 2, y1 + 2), outline=_FRAME, width=3)
    out = io.BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", bits=4)
    return out.getvalue()


@cache
def _palette() -> Image.Image:
    """Greys from black to white, the frame and the veil: chosen beforehand, so that a small frame
    is not averaged away in a large picture."""
    greys = [round(255 * n / (_GREYS - 1)) for n in range(_GREYS)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(level for grey in greys for level in (grey,) * 3), *_FRAME, *_VEIL])
    return palette


def _inked(image: Image.Image, glyphs: Sequence[Glyph], place: _Place) -> None:
    """Raises _NoPicture where characters of the row leave no ink: their font is not here."""
    grey = image.convert("L")
    blank = 0
    for glyph in glyphs:
        x0, y0, x1, y1 = place.dots(*glyph[:4])
        box = (math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
        blank += min(grey.crop(box).tobytes(), default=255) > _INK
    if blank > len(glyphs) // 20:
        raise _NoPicture("font")


def _characters(page: pypdfium2.PdfPage) -> list[tuple[Edges, str]]:
    """Every character with ink, its box in the sheet's own points; "" for one without meaning."""
    text = page.get_textpage()
    found = []
    box = pdfium.FS_RECTF()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or chr(code).isspace():
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            raise _NoPicture("page")
        lost = code in (0, 0xFFFD, 0xFFFE) or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
        found.append(((box.left, box.bottom, box.right, box.top), "" if lost else chr(code)))
    text.close()
    return found


def _pictures(page: pypdfium2.PdfPage) -> Iterator[Edges]:
    """Boxes of what may show text that no text layer knows: images, shadings, curved drawings."""
    outer: Edges | None = None
    for thing in page.get_objects(max_depth=_DEEPEST):
        if thing.level == 0:
            outer = _bounds(thing)
        kind = thing.type
        drawn = kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
        deep = kind == pdfium.FPDF_PAGEOBJ_FORM and thing.level >= _DEEPEST - 1
        if drawn or deep or (kind == pdfium.FPDF_PAGEOBJ_PATH and _curved(thing)):
            yield outer or _EVERYWHERE


def _bounds(thing: pypdfium2.PdfObject) -> Edges | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, edges)):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _curved(path: pypdfium2.PdfObject) -> bool:
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_BEZIERTO:
            return True
    return False


def _quarters(box: Edges, turns: int, width: float, height: float) -> Edges:
    """A box on a sheet of this size after quarter turns clockwise."""
    for _ in range(turns % 4):
        x0, y0, x1, y1 = box
        box = (y0, width - x1, y1, width - x0)
        width, height = height, width
    return box


def _holds(outer: Box, inner: Box) -> bool:
    """Does the middle of the one lie in the other?"""
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def _meet(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1
