"""Word 97–2003 and WPS (doc, wps): the file's own paragraphs and tables, merged cells included.

Page: 1, for where a page ends is not in the file. Row and column: of the table, from 1.
What was deleted under tracked changes and what is hidden is not read; notes and headers are not
either. Nested tables are read as the text of their cell. Word 6 and 95 are not read.
"""

from __future__ import annotations

from typing import Final

from archive.media import DOC
from archive.text.flow import Flow, Sheet, see_flow
from archive.text.formats.marked import blocks
from archive.text.formats.word97 import marks
from archive.text.limits import Limits
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (DOC,)
EXTRACTOR: Final = "doc/3"
LIMITS: Final = Limits(memory=1 << 30, seconds=30, seconds_per_page=0, output=32 << 20)


def see(data: bytes) -> Seen:
    """Tables and prose of a Word 97–2003 document.

    Raises:
        Unreadable: damaged where it is none; encrypted; too-large; unread-format where it is older;
            tables-lost where a row has another number of cells than it says.
    """
    found, remarks = marks(data)
    return see_flow(Flow([Sheet(1, list(blocks(found)))], remarks))
