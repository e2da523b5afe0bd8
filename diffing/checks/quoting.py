"""What is quoted of the prose for a claim: its sentence, from the words that name its subject."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from archive.model import Claim, Paragraph
from diffing.checks.model import Place

__all__ = ["Standing", "quotation", "shortened", "standings"]

_LONGEST: Final = 180
"""Characters of a quotation; what is longer is left out, and that is marked."""
_OPENING: Final = 60
"""Characters kept of the beginning where the figure stands far behind it."""
_OMITTED: Final = "……"
_STOP: Final = re.compile("[。；;！？]")
_PAUSE: Final = re.compile("[，。；：、！？）]")


class Standing(NamedTuple):
    """Where the sentence of a claim stands: which paragraph of the prose, and where in it."""

    paragraph: int
    start: int


def standings(claims: Sequence[Claim], prose: Sequence[Paragraph]) -> dict[Claim, Standing]:
    """Where the sentences of the claims stand; a claim whose sentence is not found is left out.

    Claims come in order of print, which tells apart sentences that are printed twice.
    """
    pages: defaultdict[int, list[int]] = defaultdict(list)
    for n, paragraph in enumerate(prose):
        pages[paragraph.page].append(n)
    found: dict[Claim, Standing] = {}
    last, behind = 0, 0
    for claim in claims:
        start, end = claim.span
        page = pages[claim.page] if claim.quotation[start:end] == claim.text else []
        for n in page[bisect_left(page, last) :]:
            at = prose[n].text.find(claim.quotation, max(0, behind - start) if n == last else 0)
            if at >= 0:
                found.setdefault(claim, Standing(n, at))
                last, behind = n, at + end
                break
    return found


def quotation(claim: Claim, text: str, start: int) -> str:
    """The claim's sentence, which begins at `start` of the paragraph `text`.

    Where an earlier sentence names the subject ("住房公积金（项）20万元。…预算安排30万元。"), it is
    quoted from there: all between where that is short, else the naming sentence or name alone.
    """
    at = text.rfind(claim.subject, 0, start)
    if not claim.subject or claim.subject in claim.quotation or at < 0:
        return claim.quotation
    named = at + len(claim.subject)
    first = max((m.end() for m in _STOP.finditer(text, 0, at)), default=0)
    if named - first > _LONGEST // 2:
        first = at
    end = start + len(claim.quotation)
    if end - first <= _LONGEST:
        return text[first:end].lstrip()
    stop = _STOP.search(text, named, start)
    until = stop.end() if stop else named
    if until - first + len(claim.quotation) > _LONGEST:
        until = named
    gap = _OMITTED if until < start else ""
    return f"{text[first:until].lstrip()}{gap}{claim.quotation}"


def shortened(place: Place) -> str:
    """What a place quotes, short enough to be read, and with its figure or words in it.

    It is cut behind a mark of punctuation where one is near: half a number would be another number.
    """
    text = place.quotation
    if len(text) <= _LONGEST:
        return text
    at = text.rfind(place.text) if place.text else -1
    until = at + len(place.text)
    if at < 0 or until <= _LONGEST:
        return text[: max(_pause(text, _LONGEST), until)] + _OMITTED
    opening = _pause(text, _OPENING)
    pause = _PAUSE.search(text, until - (_LONGEST - opening), at)
    first = max(opening, pause.end() if pause else at)
    gap = _OMITTED if first > opening else ""
    ending = _OMITTED if until < len(text) else ""
    return f"{text[:opening]}{gap}{text[first:until]}{ending}"


def _pause(text: str, most: int) -> int:
    """Where the last mark in the second half of so many characters ends; `most` where none is."""
    return max((m.end() for m in _PAUSE.finditer(text, most // 2, most)), default=most)
