"""What the register knows of the lines of two documents, beyond what they print."""

from __future__ import annotations

from collections.abc import Hashable

import msgspec

from diffing.basis import Revision, revisions
from diffing.names import bare
from diffing.versions import Mode, Version

__all__ = ["Known", "known_of"]


class Known(msgspec.Struct, frozen=True):
    """Revisions of the classification between two years, names of one project, and more."""

    revisions: tuple[Revision, ...] = ()
    forward: bool = True
    """True where the old side is of the earlier year, or of the same."""
    projects: dict[str, int] = {}
    """Bare name of a project → a number, equal for all curated names of one project."""

    one_document: bool = False
    """True where both sides are versions of one document: rows keep their places then."""

    def project(self, name: str) -> Hashable | None:
        """What all curated names of a project share; None for a name nobody curated."""
        return self.projects.get(bare(name))


def known_of(old: Version, new: Version, mode: Mode) -> Known:
    """What applies to these two sides: revisions only between years.

    A name that stands in two groups is in neither: it does not say which project it is.
    """
    found: tuple[Revision, ...] = ()
    forward = True
    if mode is Mode.YEAR and old.year is not None and new.year is not None:
        found, forward = revisions(old.year, new.year), old.year <= new.year
    groups = list(dict.fromkeys((*old.projects, *new.projects)))
    projects: dict[str, int] = {}
    twice: set[str] = set()
    for number, names in enumerate(groups):
        for name in dict.fromkeys(map(bare, names)):
            if name in projects:
                twice.add(name)
            projects[name] = number
    once = {name: group for name, group in projects.items() if name not in twice}
    return Known(found, forward, once, mode is Mode.REVISION)
