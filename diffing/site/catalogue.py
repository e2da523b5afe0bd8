"""What is archived, from the districts' indexes alone: no document is opened to know it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from archive.clock import day_of
from archive.events import Entry, State, is_version
from archive.model import Identity, Kind
from archive.paths import identity_of
from archive.register import RegisterError
from archive.verdict import is_withdrawn
from diffing.checks.siblings import alongside

if TYPE_CHECKING:
    from datetime import datetime

    from archive.index import Commit
    from archive.register import Agency, Register
    from archive.repository import Archive

__all__ = ["Catalogue", "Holding", "again", "hashed", "month_of", "newest_look"]

_PEERS: Final = 2
"""So many agencies of a kind stand side by side."""


def hashed(*parts: object) -> str:
    """A short name for all of these together.

    >>> hashed("a", "b") == hashed("ab")
    False
    """
    text = "\x00".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def again(key: str) -> str:
    """A key that no inputs have: what was made under it is made again by the next build."""
    return hashed("again", key)


class Holding(msgspec.Struct, frozen=True, dict=True):
    """One document: what it is, and its events, newest first."""

    identity: Identity
    entries: tuple[Entry, ...]

    @cached_property
    def entry(self) -> Entry:
        """The event that put the current version there."""
        return next(entry for entry in self.entries if is_version(entry))

    @cached_property
    def id(self) -> str:
        """The document id."""
        return self.identity.document_id

    @property
    def withdrawn(self) -> bool:
        """Whether its article is gone."""
        return is_withdrawn(list(self.entries))

    def originals(self) -> dict[str, Entry]:
        """Original → the newest event with a reading of it; the current version's is left out."""
        found: dict[str, Entry] = {}
        current = set(self.entry.originals)
        for entry in self.entries:
            held = is_version(entry) or entry.state is State.EARLIER
            if held and entry.originals and not current & set(entry.originals):
                found.setdefault(entry.originals[0], entry)
        return found


class Catalogue:
    """Every document of the archive (or of some districts), by id, and what is known of whose it
    is."""

    def __init__(
        self, archive: Archive, register: Register, divisions: Collection[str] | None = None
    ) -> None:
        self.register = register
        self.holdings: dict[str, Holding] = {}
        self.runs: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        """Run → its events with their divisions, oldest first."""
        self.titles: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        """Commit → its number in its district's history."""
        self._beside: dict[Identity, dict[str, Identity]] = {}
        self._against: dict[str, tuple[Holding, ...]] = {}
        self._events: list[list[Commit]] = []
        """Held, so that nobody reads them again while the catalogue is there."""
        for repository in archive.repositories():
            if divisions is not None and repository.division not in divisions:
                continue
            self.titles[repository.division] = repository.title()
            events = repository.index().events()
            self._events.append(events)
            self.numbers |= {one.commit: one.number for one in events}
            history = [one.entry for one in events if one.entry is not None]
            by_document: dict[str, list[Entry]] = defaultdict(list)
            for entry in history:
                by_document[entry.document_id].append(entry)
            for entry in reversed(history):
                if entry.run:
                    self.runs[entry.run].append((repository.division, entry))
            for id_, entries in by_document.items():
                if any(is_version(entry) for entry in entries):
                    self.holdings[id_] = Holding(identity_of(id_), tuple(entries))

    def __iter__(self) -> Iterator[Holding]:
        """All documents, by id."""
        return (self.holdings[id_] for id_ in sorted(self.holdings))

    @cached_property
    def divisions(self) -> tuple[str, ...]:
        """The districts with documents, by code."""
        return tuple(sorted({holding.identity.division for holding in self}))

    @cached_property
    def by_agency(self) -> dict[tuple[str, str], tuple[Holding, ...]]:
        """(division, agency) → its documents, by year."""
        found: dict[tuple[str, str], list[Holding]] = defaultdict(list)
        for holding in sorted(self, key=_order):
            found[holding.identity.division, holding.identity.agency].append(holding)
        return {key: tuple(found[key]) for key in sorted(found)}

    @cached_property
    def kinds(self) -> dict[str, list[tuple[str, str]]]:
        """Kind → (division, agency) of those that have documents; of at least two agencies each."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for division, agency in self.by_agency:
            known = self.agency(agency)
            if known is not None and known.kind:
                found[known.kind].append((division, agency))
        return {kind: found[kind] for kind in sorted(found) if len(found[kind]) >= _PEERS}

    @cached_property
    def units(self) -> dict[tuple[str, str], list[Agency]]:
        """(division, agency) → its units that have documents, in the register's order."""
        found: dict[tuple[str, str], list[Agency]] = defaultdict(list)
        for division in self.divisions:
            for one in self.register.agencies(division):
                if one.parent and (division, one.id) in self.by_agency:
                    found[division, one.parent].append(one)
        return found

    @cached_property
    def runs_by_month(self) -> dict[str, set[str]]:
        """Month → the runs that saw something in it, anywhere."""
        found: dict[str, set[str]] = defaultdict(set)
        for run, events in self.runs.items():
            for _, entry in events:
                if entry.observed is not None:
                    found[month_of(entry.observed)].add(run)
        return found

    def in_order(self) -> list[Holding]:
        """All documents, one agency's after the other's: what is read for one serves the next."""
        return [holding for holdings in self.by_agency.values() for holding in holdings]

    def leave_out(self, ids: Iterable[str]) -> None:
        """Know nothing of these documents any more; their district stays."""
        for id_ in ids:
            del self.holdings[id_]
        self._beside.clear()
        self._against.clear()
        for name in ("by_agency", "kinds", "units"):
            self.__dict__.pop(name, None)

    def of_division(self, division: str) -> tuple[Holding, ...]:
        """The documents of a district, by agency and year."""
        return tuple(
            holding
            for (code, _), holdings in self.by_agency.items()
            if code == division
            for holding in holdings
        )

    def agency(self, agency_id: str) -> Agency | None:
        """What the register says of an agency; None where it no longer knows it."""
        try:
            return self.register.agency(agency_id)
        except RegisterError:
            return None

    def name(self, agency_id: str) -> str:
        """The agency's name for readers; its id where the register has none."""
        found = self.agency(agency_id)
        return found.name if found else agency_id

    def place(self, division: str) -> str:
        """A district's name for readers."""
        try:
            found = self.register.division(division)
        except RegisterError:
            return self.titles.get(division, division)
        return f"{found.city}{found.name}"

    def current(self, identity: Identity) -> str:
        """The commit of a document's current version; "" where there is no such document."""
        holding = self.holdings.get(identity.document_id)
        return holding.entry.commit if holding else ""

    def beside(self, identity: Identity) -> dict[str, Identity]:
        """The documents a reader may turn to from this one, as far as they are there."""
        if identity not in self._beside:
            self._beside[identity] = self._looked_beside(identity)
        return self._beside[identity]

    def against(self, holding: Holding) -> tuple[Holding, ...]:
        """The documents that one is held against, as far as they are there: last year's, and the
        budget or final account of its year."""
        if holding.id not in self._against:
            identity = holding.identity
            other = Kind.BUDGET if identity.kind is Kind.FINAL else Kind.FINAL
            wanted = (*alongside(identity), msgspec.structs.replace(identity, kind=other))
            ids = dict.fromkeys(one.document_id for one in wanted)
            self._against[holding.id] = tuple(
                self.holdings[id_] for id_ in ids if id_ in self.holdings
            )
        return self._against[holding.id]

    def _looked_beside(self, identity: Identity) -> dict[str, Identity]:
        replace = msgspec.structs.replace
        other = Kind.FINAL if identity.kind is Kind.BUDGET else Kind.BUDGET
        wanted = {
            "before": replace(identity, year=identity.year - 1),
            "after": replace(identity, year=identity.year + 1),
            "other": replace(identity, kind=other),
        }
        return {role: one for role, one in wanted.items() if one.document_id in self.holdings}


def month_of(moment: datetime) -> str:
    """The month it was in China, such as "2026-11"."""
    return day_of(moment).isoformat()[: len("2026-11")]


def newest_look(holdings: Iterable[Holding]) -> str:
    """The day of the newest event, by our clock; "" where nothing says."""
    days = [entry.observed for holding in holdings for entry in holding.entries if entry.observed]
    return day_of(max(days)).isoformat() if days else ""


def _order(holding: Holding) -> tuple[int, str, str]:
    identity = holding.identity
    return identity.year, identity.kind, identity.level
