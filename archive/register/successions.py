"""What becomes of agencies: merged into others, split into others, dissolved; with the day.

Ids never move: a merger ends the ids on its left side and, where its right side is new, begins
those. Whoever is named on both sides goes on.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

__all__ = ["Succession", "Turn", "existed"]


class Turn(StrEnum):
    """What happened."""

    MERGE = "merge"
    """Several became one."""
    SPLIT = "split"
    """One became several."""
    TRANSFER = "transfer"
    """The duties went to others that exist."""
    DISSOLVE = "dissolve"
    """Nobody took them over."""


class Succession(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One such event: ids of agencies before it and after it."""

    on: date
    """The first day of the new order."""
    turn: Turn
    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    source: str = ""
    """Where it is said."""

    def problem(self) -> str:
        """Why it cannot be so, in a few words; "" when it can."""
        one_before, one_after = len(self.before) == 1, len(self.after) == 1
        if not self.before:
            return "names nobody before it"
        if self.turn is Turn.MERGE and (one_before or not one_after):
            return "a merge makes one of several"
        if self.turn is Turn.SPLIT and (not one_before or len(self.after) < 2):
            return "a split makes several of one"
        if (self.turn is Turn.DISSOLVE) is bool(self.after):
            return "only a dissolution leaves nobody"
        return ""


def existed(agency: str, on: date, successions: tuple[Succession, ...]) -> bool:
    """Whether an agency existed on a day, as far as the successions of its division tell."""
    for one in successions:
        goes_on = agency in one.before and agency in one.after
        if goes_on:
            continue
        if agency in one.before and on >= one.on:
            return False
        if agency in one.after and on < one.on and one.turn is not Turn.TRANSFER:
            return False
    return True
