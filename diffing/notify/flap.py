"""What may be a flap: a page that is gone and back, a file that is replaced and put back.

A withdrawal, a return or a replaced file is told once it has stood. Where the document comes back
to what it was before that, neither is told: the feed and the history have both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from archive.events import State
from diffing.feed import Entry, News

__all__ = ["flapped", "held_until"]

_HELD: Final = frozenset({News.WITHDRAWAL, News.RETURN, News.REVISION})
"""What a publisher announces (a correction) and what is there for the first time is told at once,
and so is what was found in a document."""

_Seen = tuple[Entry, tuple[str, ...]]


def held_until(entry: Entry, window: timedelta) -> datetime | None:
    """Until when an event must have stood to be told; None for what is told at once."""
    return entry.at + window if entry.news in _HELD else None


def flapped(history: Sequence[Entry], window: timedelta, told: Collection[str] = ()) -> set[str]:
    """Ids of the events of one document that cancel each other out.

    `history` is oldest first; `told` are ids that were sent, and stand whatever came of them. An
    event cancels those before it back to one that is less than `window` older and found the
    document as this one leaves it: of A → B → A → B only the last is left.
    """
    found: set[str] = set()
    left: list[_Seen] = []
    state: tuple[str, ...] = ()
    for entry in history:
        after = _state(entry)
        place = _way_back(left, entry, after, window, told)
        if place is None or entry.id in told or entry.news not in _HELD:
            left.append((entry, state))
        else:
            found |= {entry.id, *(one.id for one, _ in left[place:])}
            del left[place:]
        state = after
    return found


def _way_back(
    left: Sequence[_Seen],
    entry: Entry,
    after: tuple[str, ...],
    window: timedelta,
    told: Collection[str],
) -> int | None:
    """Where the events begin that this one takes back; None where it takes back none."""
    for place in range(len(left) - 1, -1, -1):
        one, before = left[place]
        if one.id in told or one.news not in _HELD or entry.at - one.at >= window:
            return None
        if before == after:
            return place
    return None


def _state(entry: Entry) -> tuple[str, ...]:
    """What stood after it: which bytes, or nothing."""
    event = entry.event
    if event is None or entry.news is News.WITHDRAWAL:
        return ("gone",)
    if entry.news is News.RETURN and event.state is State.CHANGED:
        return ("back", event.commit)
    return event.originals
