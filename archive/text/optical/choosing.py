"""Which pages, or which pictures on a page, hold text that the text layer does not give."""

from __future__ import annotations

from typing import Final, NamedTuple

from archive.text.page import Page, Segment

__all__ = ["FEW_CHARS", "MANY_CURVES", "Region", "pictured", "regions"]

FEW_CHARS: Final = 40
_LARGE: Final = 0.08
"""An image over this share of the page may hold a table."""
MANY_CURVES: Final = 1_000
"""A Chinese character drawn as a shape has some thirty."""
_UNDEFINED: Final = 0.01
"""Share of characters without a meaning from which on the text layer is not believed."""
_SMALL: Final = 0.02
"""Share of the page under which a picture is a logo or a seal."""
_NEAR: Final = 3.0
"""Pictures closer than this (points) are strips of one."""


class Region(NamedTuple):
    """A part of a page to be read from its picture."""

    box: Segment
    whole: bool
    """Is it the page itself, whose text layer, if any, is put aside?"""


def regions(page: Page) -> list[Region]:
    """What is to be read from the picture of a page; nothing on an ordinary one."""
    seen = pictured(page)
    sheet = (0.0, 0.0, page.width, page.height)
    few = len(page.chars) - page.hidden < FEW_CHARS
    if few and (seen or page.curves > MANY_CURVES):
        return [Region(sheet, whole=True)]
    if page.undefined > _UNDEFINED * len(page.chars) and len(page.chars) >= FEW_CHARS:
        return [Region(sheet, whole=True)]
    if not seen:
        return []
    area = page.width * page.height or 1
    return [
        Region(box, whole=False) for box in _together(page.images) if _share(box, area) >= _SMALL
    ]


def pictured(page: Page) -> bool:
    """Whether pictures cover enough of a page to hold a table."""
    area = page.width * page.height or 1
    return sum(_share(box, area) for box in page.images) >= _LARGE


def _share(box: Segment, area: float) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / area


def _together(boxes: list[Segment]) -> list[Segment]:
    """Pictures that touch or overlap as one: scanners cut sheets into strips."""
    out: list[Segment] = []
    for box in boxes:
        grown = box
        apart = []
        for other in out:
            if (
                other[0] <= grown[2] + _NEAR
                and grown[0] <= other[2] + _NEAR
                and other[1] <= grown[3] + _NEAR
                and grown[1] <= other[3] + _NEAR
            ):
                grown = (
                    min(grown[0], other[0]),
                    min(grown[1], other[1]),
                    max(grown[2], other[2]),
                    max(grown[3], other[3]),
                )
            else:
                apart.append(other)
        out = [*apart, grown]
    return out
