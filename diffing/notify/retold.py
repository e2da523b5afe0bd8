"""What a target was last told, held against what stands now.

By facts, not by words: an agency's new name, or the wording of another release, is no correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from diffing.feed import Entry
    from diffing.render.story import Stories, Story

__all__ = ["mark", "otherwise", "retold"]

_FACTS: Final = "facts:"


def mark(entry: Entry) -> str:
    """What the outbox keeps of an entry that is sent: by which readings, or with which verdict."""
    return f"{_FACTS}{entry.facts}"


def otherwise(last: str, entry: Entry, stories: Stories) -> bool:
    """Whether what stands now says something else than what was sent with this mark."""
    if last == mark(entry):
        return False
    was = _as_it_was(last, entry)
    if was is not None:
        return stories.differ(was, entry)
    if last.startswith(_FACTS) and entry.told is not None:
        return True  # with another verdict or reason, or with none
    # outboxes of before kept a digest of the words
    story = stories.of(entry)
    return story.corrected and last != story.digest


def retold(last: str, entry: Entry, stories: Stories) -> Story:
    """The words for a target to which this was sent last; "" for one that was told nothing."""
    return stories.of(entry, _as_it_was(last, entry)) if last else stories.anew(entry)


def _as_it_was(last: str, entry: Entry) -> Entry | None:
    """The entry by the readings it was sent with."""
    return next((one for one in entry.earlier if mark(one) == last), None)
