"""What an audit found: faults by name, what was checked, and what could not be."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

__all__ = ["Fault", "Progress", "Report"]

Progress = Callable[[str, int, int], None]
"""Hears what is being checked, and how many of how many are."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is not as it must be."""

    check: str
    """Which check found it: "objects", "originals", "ledger", "trailers", "derived", …"""
    where: str
    """The district, file, commit or row."""
    message: str


class Report(msgspec.Struct):
    """The result of one audit."""

    faults: list[Fault] = []
    checked: list[str] = []
    """What was checked, in a sentence each."""
    unchecked: list[str] = []
    """What could not be, and why."""
    withheld: list[str] = []
    """Originals that are sealed, with the reason: no fault."""

    def fault(self, check: str, where: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(check, where, message))
