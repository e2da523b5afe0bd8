"""Lines outside tables → paragraphs. What is known of a line is its width and how it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from archive.model import Paragraph
from archive.text.lined.source import TextLine, width
from archive.text.lines import tight
from archive.text.prose import heading, numbered
from archive.text.tables import PAGE_NUMBER

__all__ = ["paragraphs"]

_END: Final = ("。", "！", "？", "；", "：", ":")
_CLAUSE: Final = re.compile(r"[，。；,;]")
_BROKEN: Final = re.compile(r"[\u4e00-\u9fff\d，、,（(“]$")
_SHORTEST: Final = 15.0
_SHORT: Final = 3.5
"""A line so many characters shorter than the text is wide ends its paragraph."""
_CONTENTS: Final = re.compile(r"(?:[….·]{3,}|\t)\s*\d+$")
_TITLE_REST: Final = re.compile(r"^[^，。；]{0,24}(说明|表|概况|情况|解释|附件)$")
_HEADS: Final = re.compile(r"(情况|说明|结果|职责|职能|事项)$")
"""How a heading ends, which the next line does not carry on however wide it is."""
_CAPTION: Final = re.compile(r"^(图|表)\s*\d+\s*[:：]")


def paragraphs(lines: Sequence[TextLine]) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, soft line breaks healed, headings known by their numbering."""
    kept = [line for line in lines if not PAGE_NUMBER.match(tight(line.text))]
    wide = _wide(kept)
    parts: list[list[TextLine]] = []
    for line in kept:
        if parts and _carries_on(parts[-1][-1], line, wide):
            parts[-1].append(line)
        else:
            parts.append([line])
    found = []
    for part in parts:
        text = tight("".join(_joint(line.text) for line in part))
        level = 0 if _CONTENTS.search(part[-1].text) else heading(text)
        found.append(Paragraph(part[0].page, text, level))
    return tuple(found)


def _joint(text: str) -> str:
    """A line as it is put to the next: a space only where Latin letters would run together."""
    text = text.replace("\t", " ").strip()
    return f"{text} " if re.search(r"[A-Za-z]$", text) else text


def _wide(lines: Sequence[TextLine]) -> float:
    """How wide the text is set: the width most of its lines share."""
    widths = Counter(
        round(width(line.text.strip())) for line in lines if width(line.text.strip()) >= _SHORTEST
    )
    if not widths:
        return 0.0
    return max(widths, key=lambda w: (sum(widths[w + d] for d in (-2, -1, 0)), w))


def _carries_on(before: TextLine, line: TextLine, wide: float) -> bool:
    text, last = tight(line.text), tight(before.text)
    if numbered(text) or last.endswith(_END) or _CONTENTS.search(before.text):
        return False
    if _CAPTION.match(text) or _CAPTION.match(last):
        return False
    if numbered(last) == 1 and not _CLAUSE.search(last):
        return bool(_TITLE_REST.match(text)) and not _TITLE_REST.match(last)
    if _HEADS.search(last) and numbered(last) and not _CLAUSE.search(last):
        return False
    if re.search(r"[(（][类款][)）]", last) and not re.search(r"[(（]项[)）]", last):
        return True
    full = abs(width(before.text.strip()) - wide) <= _SHORT
    return full or last.endswith("、") or bool(_BROKEN.search(last) and _CLAUSE.search(last))
