"""Characters and ruling lines of a page, straight from pdfminer's interpreter.

No layout objects are made: a table wants characters and lines, and building LT* objects for a
page costs more than reading it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Any, Final

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.utils import apply_matrix_rect, mult_matrix

from archive.model import Remark
from archive.text import edges
from archive.text.clipping import Clips
from archive.text.page import Char, Page, Segment, turn_page

THIN: Final = 3.0
"""A filled shape no thicker than this (points) is a ruling line, as spreadsheets draw them."""
HIDDEN_MODES: Final = (3, 7)
"""Text rendering modes (ISO 32000-1, 9.3.6) that leave no ink, as recognition layers use them."""


_SPECK: Final = 0.01
"""A character on less paper than this (square points) cannot be seen."""
_SLANT: Final = 0.1
"""Text that rises or falls steeper than this is set across the page, as watermarks are; a page that
was put on the scanner askew lies flatter."""
_NUMBERS: Final = (int, float)
_FAR: Final = 1e5
"""No paper reaches so far (points); NaN does not either."""


# Fonts made by some office programs map common characters to the look-alike radicals block, which
# NFKC leaves alone; a reader sees the ordinary character, so that is what is printed.
_LOOKALIKES: Final = (
    "⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄"
    "⻬齐⻮齿⻰龙⻳龟⺟母⻑長"
)
_HOUSEHOLD: Final = {0x2F3E: "户"}
"""NFKC makes the traditional 戶 of it, while the glyph is that of 户."""
RADICALS: Final = (
    dict(zip(map(ord, _LOOKALIKES[::2]), _LOOKALIKES[1::2], strict=True))
    | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | _HOUSEHOLD
)

_NO_TEXT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\U0010ffff]")
"""What a font gives for a glyph it knows no character of, and nothing that could be written down:
control characters, halves of surrogate pairs, the replacement character."""


class InkDevice(PDFTextDevice):
    """Collects characters and rulings of the page being interpreted into `page`.

    What nobody is meant to see is left out: characters outside a crop box or outside their clip,
    and such as are drawn in white or without ink where nothing lies beneath. Over an image or a
    drawing they are the text of it (a recognition layer) or a heading on a dark ground, and are
    read. So is unclipped text that runs over the edge of the paper. Text set across a page of other
    text is a watermark: it lies over the cells of tables and belongs to none of them.
    """

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.page = Page(0)
        self.clips = Clips()
        self._crop: Segment | None = None
        self._veiled: list[tuple[int, int, bool]] = []
        """Characters (from, to) drawn in white or, if True, without ink."""
        self._slanted: list[tuple[int, int]] = []
        """Characters (from, to) set neither level nor upright."""
        self._ink: tuple[Any, Any] | None = None
        self._inkless = False
        self._fills: list[Segment] = []
        self._glyphs: dict[int, dict[int, tuple[str, float, Any, bool]]] = {}
        self._fonts: list[Any] = []  # keeps fonts alive so that their id() stays theirs
        self._turns = [0, 0, 0, 0]

    def begin_page(self, page: Any, ctm: Any) -> None:
        """Start collecting into a new page of the same number."""
        x0, y0, x1, y1 = apply_matrix_rect(ctm, page.mediabox)
        self.page = Page(self.page.number)
        self.page.width, self.page.height = abs(x1 - x0), abs(y1 - y0)
        self._turns = [0, 0, 0, 0]
        self._veiled, self._fills, self._slanted = [], [], []
        self._crop = _cropped(page, ctm)
        self.clips = Clips(self._crop)

    def end_page(self, page: Any) -> None:
        """Leave out what nobody sees, and turn the page upright where most of its text runs up."""
        lost = set(self.clips.hidden(self.page.chars))
        turn = max(range(4), key=self._turns.__getitem__)
        edges.find(self.page, self.clips, lost, turn)
        if self._veiled:
            self._unveil(lost)
        self._leave_out(lost, self._watermark())
        self._trim()
        if turn and self._turns[turn]:
            turn_page(self.page, turn)
        self.page.sideways = sum(self._turns) - self._turns[turn]

    def _watermark(self) -> set[int]:
        """The characters set across the page, where they are the lesser part of it."""
        across = {index for start, end in self._slanted for index in range(start, end)}
        return across if 2 * len(across) < len(self.page.chars) else set()

    def _trim(self) -> None:
        """Leave out what the crop box cuts off and what is nowhere; count what is off the paper."""
        page = self.page
        left, bottom, right, top = self._crop or (0.0, 0.0, page.width, page.height)
        chars = [
            c for c in page.chars if c[2] > left and c[0] < right and c[3] > bottom and c[1] < top
        ]
        if len(chars) == len(page.chars):
            return
        on_paper = _inked(chars)
        if self._crop is None:
            chars = [c for c in page.chars if -_FAR < c[0] < _FAR and -_FAR < c[1] < _FAR]
            page.outside = _inked(chars) - on_paper
        page.unseen += _inked(page.chars) - _inked(chars)
        page.chars = chars

    def _unveil(self, lost: set[int]) -> None:
        """Keep of the characters without visible ink those that lie on something."""
        page = self.page
        grounds = page.images + self._fills
        over: list[tuple[float, float]] = []
        for start, end, hidden in self._veiled:
            if hidden and page.curves >= (end - start) / 2:
                page.hidden += end - start  # letters drawn as shapes, with their text over them
                continue
            for index in range(start, end):
                x0, y0, x1, y1, _ = page.chars[index]
                x, y = (x0 + x1) / 2, (y0 + y1) / 2
                if any(a <= x <= c and b <= y <= d for a, b, c, d in grounds):
                    page.hidden += hidden
                    if hidden:
                        over.append((x, y))
                else:
                    lost.add(index)
        if over:
            page.layered = [box for box in page.images if self._is_layered(box, over)]

    def _is_layered(self, box: Segment, over: list[tuple[float, float]]) -> bool:
        """Whether more than half of the characters over an image are invisible."""
        x0, y0, x1, y1 = box
        hidden = sum(1 for x, y in over if x0 <= x <= x1 and y0 <= y <= y1)
        return 2 * hidden > sum(
            1
            for a, b, c, d, _ in self.page.chars
            if x0 <= (a + c) / 2 <= x1 and y0 <= (b + d) / 2 <= y1
        )

    def _leave_out(self, lost: set[int], across: set[int]) -> None:
        page = self.page
        if lost or across:
            seen = [char for index, char in enumerate(page.chars) if index not in lost]
            kept = [c for index, c in enumerate(page.chars) if index not in lost | across]
            page.unseen += _inked(page.chars) - _inked(seen)
            page.across += _inked(seen) - _inked(kept)
            page.chars = kept

    def shade(self) -> None:
        """Remember that a shading lies on the page, wherever it does."""
        self._fills.append((float("-inf"), float("-inf"), float("inf"), float("inf")))

    def render_image(self, name: str, stream: Any) -> None:
        """Remember where an image lies; its pixels are never decoded here."""
        a, b, c, d, e, f = self.ctm  # type: ignore[misc]
        xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
        self.page.images.append((xs[0], ys[0], xs[1], ys[1]))
        stream.rawdata = None  # nor kept: scans are large

    def _glyph(self, font: Any, cid: int) -> tuple[str, float, Any, bool]:
        try:
            text, defined = font.to_unichr(cid).translate(RADICALS), True
        except (PDFUnicodeNotDefined, ValueError):  # ValueError: no such character at all
            text, defined = "", False
        if not text or _NO_TEXT.search(text):
            text, defined = (" ", True) if text.isspace() else (f"(cid:{cid})", False)
        return text, font.char_width(cid), font.char_disp(cid), defined

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Place every character of a string; the arithmetic is pdfminer's, without LTChar."""
        font = textstate.font
        glyphs = self._glyphs.get(id(font))
        if glyphs is None:
            glyphs = self._glyphs[id(font)] = {}
            self._fonts.append(font)
            if doubt := getattr(font, "doubt", None):
                self.page.remarks.append(Remark("font-unsure", doubt, self.page.number))
        size = textstate.fontsize
        scaling = textstate.scaling * 0.01
        matrix = mult_matrix(textstate.matrix, self.ctm)  # type: ignore[arg-type]
        a, b, c, d, _, _ = matrix
        if abs((a * d - b * c) * size * size * scaling) < _SPECK:
            self.page.unseen += sum(len(item) for item in seq if isinstance(item, bytes))
            return
        before = len(self.page.chars)
        if font.is_vertical():
            self._vertical(textstate, seq, font, glyphs, matrix, size, scaling)
        else:
            self._horizontal(textstate, seq, font, glyphs, matrix, size, scaling)
        after = len(self.page.chars)
        if size * scaling < 0:  # a negative size in a turned matrix is upright again
            a, b = -a, -b
        turn = (0 if a > 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
        self._turns[turn] += after - before
        if min(abs(a), abs(b)) > _SLANT * max(abs(a), abs(b)):
            self._slanted.append((before, after))
        if textstate.render in HIDDEN_MODES:
            self._veiled.append((before, after, True))
        elif not textstate.render and graphicstate.ncolor:
            ink = (ncs, graphicstate.ncolor)
            if ink != self._ink:
                self._ink, self._inkless = ink, _white(*ink)
            if self._inkless:
                self._veiled.append((before, after, False))

    def _horizontal(
        self, ts: Any, seq: Any, font: Any, glyphs: dict[int, Any], matrix: Any, size: Any, sc: Any
    ) -> None:
        a, b, c, d, e, f = matrix
        x, y = ts.linematrix
        space = ts.charspace * sc
        word = 0 if font.is_multibyte() else ts.wordspace * sc
        step = 0.001 * size * sc
        low = font.get_descent() * size + ts.rise
        high = low + size
        flat = b == 0 and c == 0
        add = self.page.chars.append
        spaced = False
        for item in seq:
            if isinstance(item, _NUMBERS):
                x -= item * step
                spaced = True
            elif isinstance(item, bytes):
                for cid in font.decode(item):
                    if spaced:
                        x += space
                    glyph = glyphs.get(cid)
                    if glyph is None:
                        glyph = glyphs[cid] = self._glyph(font, cid)
                    text, width, _, defined = glyph
                    if not defined:
                        self.page.undefined += 1
                    advance = width * size * sc
                    if flat:
                        left, base = x * a + e, y * d + f
                        right = left + advance * a
                        bottom, top = base + low * d, base + high * d
                    else:
                        origin = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
                        left, bottom, right, top = apply_matrix_rect(
                            origin, (0, low, advance, high)
                        )
                    if right < left:
                        left, right = right, left
                    if top < bottom:
                        bottom, top = top, bottom
                    add((left, bottom, right, top, text))
                    x += advance
                    if cid == 32 and word:
                        x += word
                    spaced = True
            else:
                self.page.odd += 1
        ts.linematrix = (x, y)

    def _vertical(
        self, ts: Any, seq: Any, font: Any, glyphs: dict[int, Any], matrix: Any, size: Any, sc: Any
    ) -> None:
        a, b, c, d, e, f = matrix
        x, y = ts.linematrix
        space = ts.charspace * sc
        step = 0.001 * size * sc
        spaced = False
        for item in seq:
            if isinstance(item, _NUMBERS):
                y -= item * step
                spaced = True
            elif isinstance(item, bytes):
                for cid in font.decode(item):
                    if spaced:
                        y += space
                    glyph = glyphs.get(cid)
                    if glyph is None:
                        glyph = glyphs[cid] = self._glyph(font, cid)
                    text, width, displacement, defined = glyph
                    if not defined:
                        self.page.undefined += 1
                    advance = width * size * sc
                    vx, vy = displacement
                    vx = size * 0.5 if vx is None else vx * size * 0.001
                    vy = (1000 - vy) * size * 0.001
                    origin = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
                    box = (-vx, vy + ts.rise + advance, -vx + size, vy + ts.rise)
                    self.page.chars.append((*apply_matrix_rect(origin, box), text))
                    y += advance
                    spaced = True
            else:
                self.page.odd += 1
        ts.linematrix = (x, y)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        """Keep the straight strokes and thin fills of a path, in page coordinates."""
        drawn = stroke and not _white(gstate.scs, gstate.scolor)
        filled = fill and not _white(gstate.ncs, gstate.ncolor)
        if not drawn and not filled:
            return
        a, b, c, d, e, f = self.ctm  # type: ignore[misc]
        points: list[tuple[float, float]] = []
        for step in path:
            kind = step[0]
            if kind == "h":
                if points:
                    points.append(points[0])
                continue
            px, py = step[-2], step[-1]
            point = (px * a + py * c + e, px * b + py * d + f)
            if kind == "l":
                points.append(point)
            else:
                self._keep(points, drawn, filled, stroke)
                points = [point]
                self.page.curves += kind != "m"
        self._keep(points, drawn, filled, stroke)

    def _rule(self, ruling: Segment) -> None:
        self.page.segments.append(ruling)
        if self.clips.box and edges.runs_over(self.page, self.clips.box, ruling):
            self.page.beyond.append(ruling)

    def _keep(
        self, points: list[tuple[float, float]], drawn: bool, filled: bool, stroke: bool
    ) -> None:
        if len(points) < 2:
            return
        add = self.page.segments.append if self.clips.box is None else self._rule
        if drawn:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(x0 - x1) < 0.6 or abs(y0 - y1) < 0.6:
                    add((x0, y0, x1, y1))
        if filled:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
            wide, high = x1 - x0, y1 - y0
            if wide > THIN and high > THIN:
                self._fills.append((x0, y0, x1, y1))
                return
            if stroke:
                return
            if high <= THIN and (wide > THIN or high <= wide):
                add((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
            if wide <= THIN and (high > THIN or wide <= high):
                add(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))


def _inked(chars: list[Char]) -> int:
    return sum(1 for char in chars if not char[4].isspace())


def _cropped(page: Any, ctm: Any) -> Segment | None:
    """The visible part of a page, in page coordinates, where it is not the whole of it."""
    if page.cropbox == page.mediabox:
        return None
    boxes = [apply_matrix_rect(ctm, box) for box in (page.mediabox, page.cropbox)]
    left, bottom = (max(box[i] for box in boxes) for i in (0, 1))
    right, top = (min(box[i] for box in boxes) for i in (2, 3))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _white(space: Any, colour: Any) -> bool:
    """White ink is not a ruling line: word processors draw absent borders with it."""
    if colour is None:
        return False
    name = getattr(space, "name", "")
    if name == "DeviceRGB":
        return tuple(colour) == (1, 1, 1) if isinstance(colour, tuple | list) else False
    return name == "DeviceGray" and colour in (1, (1,), [1])
