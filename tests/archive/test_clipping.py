"""Text that is drawn but clipped away is not read; text that is seen is."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive import money
from archive.model import Mark
from archive.text import read
from archive.text.clipping import Clips


def drawn(*pages: Callable[[Canvas], None]) -> list[tuple[int, str]]:
    """The paragraphs read of pages drawn one after another."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return [(p.page, p.text) for p in read(out.getvalue()).prose]


def clip(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    path = canvas.beginPath()
    path.rect(x, y, width, height)
    canvas.clipPath(path, stroke=0, fill=0)


def cell(canvas: Canvas, top: float, *, shown: tuple[float, float]) -> None:
    """A cell of four lines from `top` down, of which a band is shown."""
    canvas.saveState()
    clip(canvas, 20, shown[0], 360, shown[1] - shown[0])
    for number in range(4):
        canvas.drawString(30, top - 40 * number, f"line {number + 1} of the cell.")
    canvas.restoreState()


def test_a_cell_over_two_pages_is_read_once_though_drawn_whole_on_both() -> None:
    first = drawn(lambda c: cell(c, 150, shown=(90, 280)), lambda c: cell(c, 350, shown=(90, 280)))
    assert first == [
        (1, "line 1 of the cell."),
        (1, "line 2 of the cell."),
        (2, "line 3 of the cell."),
        (2, "line 4 of the cell."),
    ]


def test_a_line_is_read_where_more_than_half_of_it_shows() -> None:
    def page(canvas: Canvas) -> None:
        for x, height in ((30, 8), (200, 3)):
            canvas.saveState()
            clip(canvas, x, 100, 100, height)
            canvas.drawString(x, 100, "seen" if height > 5 else "hidden")
            canvas.restoreState()

    assert drawn(page) == [(1, "seen")]


def test_a_clip_ends_with_the_state_it_was_set_in() -> None:
    def page(canvas: Canvas) -> None:
        canvas.saveState()
        clip(canvas, 0, 0, 50, 50)
        canvas.restoreState()
        canvas.drawString(100, 200, "after")

    assert drawn(page) == [(1, "after")]


def test_a_clip_in_a_form_does_not_outlive_it() -> None:
    def page(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        clip(canvas, 0, 0, 50, 50)
        canvas.endForm()
        canvas.doForm("stamp")
        canvas.drawString(100, 200, "after")

    assert drawn(page) == [(1, "after")]


def test_what_was_left_out_is_counted() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=1)
    clip(canvas, 0, 0, 50, 50)
    canvas.drawString(100, 200, "gone")
    canvas.save()
    said = {remark.code: remark.message for remark in read(out.getvalue()).remarks}
    assert said["text-unseen"].startswith("4 ")


@pytest.mark.parametrize(
    ("clips", "left"),
    [
        ([], []),
        ([(0, 0, 10, 10)], [1]),
        ([(0, 0, 10, 10), (5, 5, 30, 10)], [0, 1]),
        ([(20, 0, 10, 10)], [0, 1]),
    ],
)
def test_clips_narrow_one_another(
    clips: list[tuple[float, float, float, float]], left: list[int]
) -> None:
    known = Clips()
    for box in clips:
        known.narrow(box, 0)
    assert list(known.hidden([(0, 0, 4, 4, "a"), (20, 0, 24, 4, "b")])) == left


def test_a_number_cut_by_its_clip_is_shown_as_cut() -> None:
    def page(canvas: Canvas) -> None:
        canvas.saveState()
        clip(canvas, 60, 90, 100, 30)
        canvas.drawRightString(90, 100, "97,465,000.00")
        canvas.restoreState()
        canvas.drawString(30, 60, "whole 97,465,000.00")

    ((_, cut), (_, whole)) = drawn(page)
    assert cut.startswith("…")
    assert money.parse(cut) == (Mark.UNREADABLE, None)
    assert whole == "whole 97,465,000.00"
