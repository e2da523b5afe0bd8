"""What the register knows of the lines of two documents, beyond what they print."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property

import msgspec

from archive.model import Classification
from diffing.basis import Basis, Revision, applied, revisions
from diffing.bodies import Bodies, Body, Turned, bodies_of, own_turns, turns_between
from diffing.names import bare
from diffing.versions import Mode, Version

__all__ = ["Known", "known_of"]


Coded = tuple[Classification, str]
"""The scheme of a code, and the code."""


class Known(msgspec.Struct, frozen=True, dict=True):
    """Revisions of the classification between two years, names of one project, and more."""

    revisions: tuple[Revision, ...] = ()
    forward: bool = True
    """True where the old side is of the earlier year, or of the same."""
    projects: dict[str, int] = {}
    """Bare name of a project → a number, equal for all curated names of one project."""

    bodies: tuple[Bodies | None, Bodies | None] = (None, None)
    """The agencies as either side names them."""
    turns: tuple[Turned, ...] = ()
    """Mergers, splits and other ends of agencies between the two years."""
    own: tuple[Turned, ...] = ()
    """Those of them that touch the agency whose documents are compared."""
    one_document: bool = False
    """True where both sides are versions of one document: rows keep their places then."""

    def revised(self, code: str) -> bool:
        """Whether revisions may touch a printed code: one of theirs, or below or above one."""
        return code.startswith(self._named) or code in self._above

    @cached_property
    def _named(self) -> tuple[str, ...]:
        return tuple({code for one in self.revisions for code in one.before + one.after})

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(code[:length] for code in self._named for length in range(1, len(code)))

    def marks(self, old: Iterable[Coded], new: Iterable[Coded]) -> dict[Coded, Basis]:
        """Printed code → the revision that touches it, in a statement that prints these codes."""
        rows = [[(kind, code) for kind, code in side if self.revised(code)] for side in (old, new)]
        before, after = rows if self.forward else rows[::-1]
        found: dict[Coded, Basis] = {}
        for scheme in dict.fromkeys(revision.scheme for revision in self.revisions):
            of_scheme = [r for r in self.revisions if r.scheme is scheme]
            first, second = ([c for kind, c in side if kind is scheme] for side in (before, after))
            found |= {(scheme, c): b for c, b in applied(of_scheme, first, second).items()}
        return found

    @cached_property
    def whole(self) -> Basis | None:
        """Where the agency itself was merged or split, what the last of it means for every line:
        the years are shown beside each other, and that they count different things is said."""
        return Basis(self.own[-1].revision, "", comparable=True) if self.own else None

    def turned(
        self, old: Mapping[int, Body], new: Mapping[int, Body]
    ) -> tuple[dict[int, Basis], dict[int, Basis]]:
        """Row → what became of its agency, for the rows of a statement that are of agencies."""
        found: tuple[dict[int, Basis], dict[int, Basis]] = ({}, {})
        earlier, later = (old, new) if self.forward else (new, old)
        for one in self.turns:
            if one.touches(earlier.values(), later.values()):
                for marks, rows in zip(found, (old, new), strict=True):
                    for index, (_, ids) in rows.items():
                        if ids & (one.before | one.after):
                            marks[index] = one.basis
        return found

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
        register = new.register or old.register
        registers = register.classifications() if register is not None else None
        found, forward = revisions(old.year, new.year, registers), old.year <= new.year
    groups = list(dict.fromkeys((*old.projects, *new.projects)))
    projects: dict[str, int] = {}
    twice: set[str] = set()
    for number, names in enumerate(groups):
        for name in dict.fromkeys(map(bare, names)):
            if name in projects:
                twice.add(name)
            projects[name] = number
    once = {name: group for name, group in projects.items() if name not in twice}
    turns = turns_between(old, new) if mode is Mode.YEAR else ()
    return Known(
        revisions=found,
        forward=forward,
        projects=once,
        bodies=(bodies_of(old), bodies_of(new)),
        turns=turns,
        own=own_turns(old, new, turns) if turns else (),
        one_document=mode is Mode.REVISION,
    )
