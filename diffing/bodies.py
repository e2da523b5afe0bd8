"""Which agency a row is of, by the register, and what became of agencies between two years.

An agency keeps its id under every name (docs/decisions/0003-agency-ids.md): rows of one id are one
line. Agencies that were merged, split or took over others' duties count other things than before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from archive.model import Classification, Kind, Level
from archive.register.classification import Kind as Happened
from archive.register.names import written
from archive.register.successions import Succession, Turn
from diffing.basis import Basis, Revision
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.register import Register

__all__ = ["Bodies", "Body", "Turned", "bodies_of", "own_turns", "turns_between"]

Body = tuple[Level | None, frozenset[str]]
"""The level a name states by its own marks, and the ids of the agency that bears it: one, or two
where a department and its own unit share the name."""

_TURNS: Final = {
    Turn.MERGE: Happened.MERGE,
    Turn.TRANSFER: Happened.MERGE,
    Turn.SPLIT: Happened.SPLIT,
    Turn.DISSOLVE: Happened.DROP,
}


class Bodies(msgspec.Struct, frozen=True, dict=True):
    """The agencies of a document's division under the names they bore in its year."""

    register: Register
    division: str
    days: tuple[date, ...]
    """A name counts that was borne on any of these."""

    def of(self, name: str) -> Body | None:
        """The agency that bears the name; None where the register knows none, or several."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, Body | None]:
        return {}

    def _found(self, name: str) -> Body | None:
        asked = written(name, self.register.division(self.division))
        found = {
            agency.id: agency
            for day in self.days
            for agency in self.register.find(self.division, asked.key, on=day)
        }
        heads = [one for one in found.values() if one.parent not in found]
        return (asked.level, frozenset(found)) if len(heads) == 1 else None


class Turned(msgspec.Struct, frozen=True):
    """One thing that became of agencies between two years."""

    on: date
    """The first day of the new order."""
    revision: Revision
    """With the names of the agencies before and after it."""
    before: frozenset[str]
    after: frozenset[str]
    """Ids."""
    parent: str
    """Name of the department of them all; "" where they share none."""

    def touches(self, old: Iterable[Body], new: Iterable[Body]) -> bool:
        """Whether two years of a statement show it: the earlier prints who was before, the later
        who is after, and nobody any more who ended."""
        earlier, later = (frozenset(i for _, ids in side for i in ids) for side in (old, new))
        ended = self.before - self.after
        shown = bool(self.before & earlier) and not ended & later
        return shown and (not self.after or bool(self.after & later))

    @property
    def basis(self) -> Basis:
        """What it means for a row of one of the agencies: nobody took over what was dissolved."""
        return Basis(self.revision, self.parent, comparable=not self.after)


def bodies_of(version: Version) -> Bodies | None:
    """The agencies as a version of a document names them; None for a file that is not archived."""
    identity, register = version.identity, version.register
    if identity is None or register is None:
        return None
    days = [date(identity.year, 1, 1), date(identity.year, 12, 31)]
    if identity.kind is Kind.FINAL:
        days.append(date(identity.year + 1, 12, 31))  # told in the year after it
    if version.published is not None:
        days.append(version.published)
    return Bodies(register, identity.division, tuple(days))


def turns_between(old: Version, new: Version) -> tuple[Turned, ...]:
    """What became of agencies of the division from the start of the earlier year to the end of
    the later, oldest first."""
    register, identity = new.register or old.register, new.identity or old.identity
    if register is None or identity is None or old.year is None or new.year is None:
        return ()
    first, last = sorted((old.year, new.year))
    return tuple(
        _turned(register, one)
        for one in register.successions(identity.division)
        if date(first, 1, 1) < one.on <= date(last, 12, 31)
    )


def own_turns(old: Version, new: Version, turns: Iterable[Turned]) -> tuple[Turned, ...]:
    """Those that touch the agency whose documents are compared, and came between the two.

    A budget is drawn up before it is published, at the start of its year where no date is claimed;
    a final account tells of its year to the last day.
    """
    agency = new.identity.agency if new.identity else None
    first, last = sorted((_drawn_up(old), _drawn_up(new)))
    return tuple(
        one for one in turns if agency in one.before | one.after and first < one.on <= last
    )


def _drawn_up(version: Version) -> date:
    assert version.year is not None  # noqa: S101 - nothing turns between years that are not known
    if version.kind is Kind.FINAL:
        return date(version.year, 12, 31)
    return min(version.published or date(version.year, 1, 1), date(version.year, 12, 31))


def _turned(register: Register, one: Succession) -> Turned:
    agencies = {i: register.agency(i) for i in (*one.before, *one.after)}
    parents = {agency.parent for agency in agencies.values()}
    parent = parents.pop() if len(parents) == 1 else None
    revision = Revision(
        scheme=Classification.UNIT,
        kind=_TURNS[one.turn],
        before=tuple(agencies[i].name for i in one.before),
        after=tuple(agencies[i].name for i in one.after),
        year=one.on.year,
        official=False,
        source=one.source,
    )
    return Turned(
        on=one.on,
        revision=revision,
        before=frozenset(one.before),
        after=frozenset(one.after),
        parent=register.agency(parent).name if parent else "",
    )
