"""口径变化: where a revision of the classification makes two years' lines count different things.

The register of classifications knows which codes were renamed, split, merged, added or dropped,
and on whose word. Lines of codes that were split or merged are not held against each other; the
lowest parent that contains them all is (domain: compare at the lowest common ancestor).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from typing import Final

import msgspec

from archive.model import Classification
from archive.register.classification import (
    ClassificationRegister,
    Kind,
    Source,
    classification_register,
)

__all__ = ["Basis", "Revision", "applied", "revisions"]

_LENGTHS: Final = (5, 3)
"""Digits of a 款 and a 类 (《政府收支分类科目》): the parents a line can have."""
_OFFICIAL: Final = frozenset({"official", "form", "reproduction"})


class Revision(msgspec.Struct, frozen=True):
    """One revision of the classification, as the register has it."""

    scheme: Classification
    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]
    year: int
    """First year in force."""
    official: bool
    """Whether an official text was read. Otherwise it comes from observation or notes, and can
    explain a difference, but not prove one."""
    source: str
    """Title of the source."""

    @property
    def renames(self) -> bool:
        """One code that keeps its number and gets another name."""
        return self.before == self.after

    @property
    def one_to_one(self) -> bool:
        """One line became one other line: the two still count the same thing."""
        return len(self.before) == len(self.after) == 1

    @property
    def regroups(self) -> bool:
        """Lines were split or merged: none of them counts what it counted."""
        return bool(self.before and self.after) and not self.one_to_one


class Basis(msgspec.Struct, frozen=True):
    """What a revision means for one line of a comparison."""

    revision: Revision
    parent: str
    """The lowest code above all lines it touches here, at which the years do compare; "" where
    only the total does."""
    comparable: bool
    """False where the line counts another thing in either year."""


def revisions(
    first: int, second: int, registers: Iterable[ClassificationRegister] | None = None
) -> tuple[Revision, ...]:
    """The revisions that came into force after the earlier and up to the later of two years, as
    the packaged register has them or those that are given.

    Raises RegisterError where a register is damaged.
    """
    earlier, later = sorted((first, second))
    return tuple(
        Revision(
            scheme=change.scheme,
            kind=change.kind,
            before=change.before,
            after=change.after,
            year=change.year,
            official=change.verified and _official(register.sources.get(change.source)),
            source=_title(register.sources.get(change.source), change.source),
        )
        for register in registers or (classification_register(),)
        for change in register.changes_between(earlier, later)
        if change.year is not None
    )


def applied(
    found: Iterable[Revision], before: Sequence[str], after: Sequence[str]
) -> dict[str, Basis]:
    """Code → what the revisions mean for it, in a statement that prints these codes of one scheme.

    `before` are the codes printed under the older classification, `after` those under the newer.
    A line is touched if its code was split, merged or dropped or is new, if it stands below such a
    code, or between it and the lowest common parent: part of it then came from elsewhere or went.

    >>> merge = Revision(
    ...     Classification.FUNCTIONAL, Kind.MERGE, ("20115", "20117"), ("20138",), 2019, False, ""
    ... )
    >>> found = applied([merge], ["201", "20115", "20117"], ["201", "20138"])
    >>> sorted(found), found["20138"].parent
    (['20115', '20117', '20138'], '201')
    """
    revisions = tuple(found)
    named = frozenset(code for r in revisions for code in r.before + r.after)
    under_before, under_after = _under(before, named), _under(after, named)
    printed = frozenset((*before, *after)) if under_before or under_after else frozenset()
    marks: dict[str, Basis] = {}
    for revision in revisions:
        here = [code for code in revision.before if code in under_before]
        here += [code for code in revision.after if code in under_after]
        if revision.renames or not here:
            continue
        parent = _parent(here)
        alone = not (revision.before and revision.after)
        above = {c[:n] for c in here for n in range(len(parent) + 1, len(c))} & printed
        below = (*under_before.items(), *under_after.items())
        touched = [code for head, codes in below if head in here for code in codes]
        for code in dict.fromkeys((*touched, *sorted(above))):
            # a line that is one side's only, of a code that is new or dropped, is explained by it
            if alone and code in above:
                continue
            comparable = alone or (revision.one_to_one and code in here)
            known = marks.get(code)
            if known is None or (known.comparable and not comparable):
                marks[code] = Basis(revision, parent, comparable)
    return marks


def _under(codes: Sequence[str], named: Collection[str]) -> dict[str, list[str]]:
    """Each of the named codes → the codes that are it or stand below it, where there are any."""
    lengths = sorted({len(code) for code in named})
    found: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        for length in lengths:
            if (head := code[:length]) in named and len(head) == length:
                found.setdefault(head, []).append(code)
    return found


def _parent(codes: Iterable[str]) -> str:
    """The lowest code above all of these; "" where they share no 类."""
    listed = list(codes)
    shared = "".join(
        pair[0] for pair in takewhile(lambda p: len(set(p)) == 1, zip(*listed, strict=False))
    )
    shortest = min(len(code) for code in listed)
    return next((shared[:n] for n in _LENGTHS if n < shortest and len(shared) >= n), "")


def _official(source: Source | None) -> bool:
    return source is not None and source.text in _OFFICIAL


def _title(source: Source | None, fallback: str) -> str:
    return source.title if source is not None else fallback
