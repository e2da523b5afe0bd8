"""Plain text (.txt): UTF-8, UTF-16 or GB18030; form feeds part pages, tabs part cells.

Page: the stretch between form feeds. Row: the line of that page, blank lines counted. Column: which
piece of the line it is, of those parted by tabs or spaces.
"""

from __future__ import annotations

from typing import Final

from archive.media import TEXT, decoded
from archive.text.classified import all_classified
from archive.text.facts import facts
from archive.text.limits import Limits
from archive.text.lined.prose import paragraphs
from archive.text.lined.reading import read_sections
from archive.text.lined.sections import sections
from archive.text.lined.source import lines_of
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (TEXT,)
EXTRACTOR: Final = "plain-text/4"
LIMITS: Final = Limits(memory=1 << 29, seconds=20, seconds_per_page=0, output=32 << 20)

_LARGEST: Final = 8 << 20
"""Bytes. The longest real publication seen as text has 200,000."""
_FRONT: Final = 40
"""So many paragraphs are looked at as a cover is, where nothing says where a page ends."""


def see(data: bytes) -> Seen:
    """Tables and prose of a text.

    Raises:
        Unreadable: too-large; encoding-unknown where the bytes are no text.
    """
    if len(data) > _LARGEST:
        raise Unreadable("too-large", f"a text of more than {_LARGEST >> 20} megabytes")
    text = decoded(data)
    if text is None:
        raise Unreadable("encoding-unknown", "neither UTF-8 nor UTF-16 nor GB18030")
    lines = lines_of(text)
    tables, outside = sections(lines)
    prose = paragraphs(outside)
    found = read_sections(tables)
    known, disagreements = facts(prose, found.laid, front=_FRONT)
    return Seen(
        pages=text.count("\f") + 1,
        facts=known,
        statements=all_classified(found.statements, known.year),
        tables=found.tables,
        prose=prose,
        remarks=[*found.remarks, *disagreements],
    )
