"""Walking one column's list pages: as far as they bring anything new, never in circles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from crawler.portals import Entry
from crawler.publications import Ask, Item, Listing

__all__ = ["MOST_PAGES", "Walk"]

MOST_PAGES: Final = 400
"""List pages of one column. The longest list seen on a real portal would be 150 pages."""
_PATIENCE: Final = 2
"""Pages in a row without anything new after which a list is taken to go round in circles. One such
page can be honest: pinned items, or a list that moved on by a page while it was read."""


@dataclass
class Walk:
    """The state of one column in one run."""

    entry: Entry
    first: Ask
    name: str = ""
    """The column's own name, as far as a page of it said."""
    named: bool = False
    """True for a column the portal file names, not one found below it."""
    seen: set[str] = field(default_factory=set)
    pages: int = 0
    lead: int = 0
    """Pages before the first that listed anything: a frame that names the list, not the list."""
    idle: int = 0
    announced: int | None = None
    cut: bool = False
    """True when there was more than MOST_PAGES allow."""
    circling: bool = False
    """True when it was left because its pages showed nothing new any more."""

    def take(self, listing: Listing, ask: Ask) -> list[Item]:
        """The items of a page that this column has not shown before."""
        if listing.items and not self.seen:
            self.first, self.lead = ask, self.pages
        self.pages += 1
        self.name = listing.name or self.name
        new = [item for item in listing.items if item.url not in self.seen]
        self.seen.update(item.url for item in new)
        self.idle = 0 if new else self.idle + 1
        if listing.announced is not None:
            self.announced = max(self.announced or 0, listing.announced)
        return new

    def next(self, listing: Listing, *, reread: bool, new: bool) -> tuple[Ask | None, bool]:
        """What to ask for next, and whether that belongs to the second reading.

        A list with several pages is begun again at its end, and read as far as it shows anything
        new: what was published in the meantime stands at the front, and it pushed the rest back.
        """
        self.cut = self.cut or self.pages >= MOST_PAGES
        if self.cut:
            return None, reread
        onward = bool(listing.following) and (new if reread else self.idle < _PATIENCE)
        if onward:
            return listing.following[0], reread
        self.circling = self.circling or (bool(listing.following) and not reread)
        if reread or self.pages - self.lead == 1 or not self.seen:
            return None, reread
        return self.first, True

    @property
    def shortfall(self) -> int:
        """How many items the list announced and did not show."""
        return max(0, (self.announced or 0) - len(self.seen))
