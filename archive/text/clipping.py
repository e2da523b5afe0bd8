"""Clipping paths: text that is drawn but cut off.

A spreadsheet cell that runs over two pages is drawn whole on both of them and clipped to the part
that each shows; read without its clip, every paragraph of it would stand twice. A clip is known
here by the box around its path, never smaller than the clip itself, so nothing seen is lost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final, TypeAlias

from pdfminer.pdfinterp import PDFPageInterpreter

__all__ = ["ClippingInterpreter", "Clips"]

Char: TypeAlias = tuple[float, float, float, float, str]
Box: TypeAlias = tuple[float, float, float, float]

_SLACK: Final = 0.5
"""Points by which a clip may miss the middle of a character that is meant to be seen."""


class Clips:
    """The clip in force, at first the part of the page that is shown where that is not all of it;
    and which of a page's characters were drawn under which."""

    def __init__(self, box: Box | None = None) -> None:
        self.box = box
        self._runs: list[tuple[int, Box | None]] = [(0, box)]

    def change(self, box: Box | None, drawn: int) -> None:
        """Put another clip in force, `drawn` characters after the page's beginning."""
        if box is not self.box:
            self.box = box
            self._runs.append((drawn, box))

    def narrow(self, box: Box, drawn: int) -> None:
        """Cut the clip in force down to a box."""
        if self.box is not None:
            (a, b, c, d), (e, f, g, h) = self.box, box
            box = (max(a, e), max(b, f), min(c, g), min(d, h))
        self.change(box, drawn)

    def spans(self, drawn: int) -> Iterator[tuple[int, int, Box | None]]:
        """From where to where the characters drawn so far were drawn under one clip, and which."""
        for (start, box), (end, _) in pairwise([*self._runs, (drawn, None)]):
            if start < end:
                yield start, end, box

    def at(self, index: int) -> Box | None:
        """The clip that a character was drawn under."""
        return self._runs[bisect_right(self._runs, index, key=itemgetter(0)) - 1][1]

    def hidden(self, chars: Sequence[Char]) -> Iterator[int]:
        """Which characters have their middle outside the clip they were drawn under."""
        for start, end, box in self.spans(len(chars)):
            if box is None:
                continue
            left, bottom, right, top = (2 * side for side in box)
            left, bottom = left - 2 * _SLACK, bottom - 2 * _SLACK
            right, top = right + 2 * _SLACK, top + 2 * _SLACK
            for index, (x0, y0, x1, y1, _) in enumerate(chars[start:end], start):
                if not (left <= x0 + x1 <= right and bottom <= y0 + y1 <= top):
                    yield index


class ClippingInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which passes over clips, with the clip told to the device.

    The device has `clips` and a `page` with `chars`. Some programs save and restore the state
    around every character, so these two operators are spelled out rather than handed up.
    """

    device: Any
    _clip_path: object = None

    def init_state(self, ctm: Any) -> None:
        """Begin a content stream."""
        super().init_state(ctm)
        self._saved: list[Box | None] = []

    def do_q(self) -> None:
        """Save the graphics state, of which the clip is a part."""
        self.gstack.append(self.get_current_state())
        self._saved.append(self.device.clips.box)

    def do_Q(self) -> None:  # noqa: N802 - the operator's own name
        """Restore it."""
        if not self.gstack:
            return
        self.set_current_state(self.gstack.pop())
        box, clips = self._saved.pop(), self.device.clips
        if box is not clips.box:
            clips.change(box, len(self.device.page.chars))

    def do_W(self) -> None:  # noqa: N802
        """The path clips what is drawn after it, from its painting operator on."""
        self._clip_path = self.curpath

    def do_W_a(self) -> None:  # noqa: N802
        """The same with the even-odd rule."""
        self._clip_path = self.curpath

    def do_n(self) -> None:
        """End a path without painting it. Clips that are painted too are left out of account."""
        if self._clip_path is self.curpath and self.curpath:
            a, b, c, d, e, f = self.ctm
            points = [
                (x * a + y * c + e, x * b + y * d + f)
                for step in self.curpath
                for x, y in zip(step[1::2], step[2::2], strict=True)
            ]
            if points:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                box = (min(xs), min(ys), max(xs), max(ys))
                self.device.clips.narrow(box, len(self.device.page.chars))
        self._clip_path = None
        self.curpath = []

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        """Show a form or image; the clips it sets are its own."""
        before = self.device.clips.box
        super().do_Do(xobjid_arg)
        self.device.clips.change(before, len(self.device.page.chars))
