"""What a target was last told, held against what stands now.

By facts, not by words: an agency's new name, or the wording of another release, is no correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from diffing.feed import Entry
    from diffing.render.story import Stories

__all__ = ["mark", "otherwise"]

_FACTS: Final = "facts:"


def mark(entry: Entry) -> str:
    """What the outbox keeps of an entry that is sent: by which readings, or with which verdict."""
    return f"{_FACTS}{entry.facts}"


def otherwise(last: str, entry: Entry, stories: Stories) -> bool:
    """Whether what stands now says something else than what was sent with this mark."""
    if last == mark(entry):
        return False
    story = stories.of(entry)
    # outboxes of before kept a digest of the words
    return story.corrected and last != story.digest
