"""An agency's page: its documents by year and kind, its trends, what moved, what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from archive.clock import day_of
from archive.events import KIND_NAMES
from archive.model import ChangeKind, Kind, Level
from archive.paths import identity_of
from diffing.site import addresses
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.movement import moved
from diffing.site.summary import Summary
from diffing.site.trends import of_agency
from diffing.site.words import Words

__all__ = ["agency_values", "events_of"]

_REVISIONS: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_MOVES: Final = 12
_EVENTS: Final = 200

_Summaries = Mapping[str, Summary]


class Held(msgspec.Struct, frozen=True):
    """A document in an agency's table of years."""

    path: str
    text: str
    published: str
    withdrawn: bool
    revised: int
    findings: int
    material: int
    yearly: str


class Year(msgspec.Struct, frozen=True):
    """One year of an agency."""

    year: int
    cells: tuple[Held | None, ...]
    paged: bool
    """Whether it has a page of its own."""


class Happened(msgspec.Struct, frozen=True):
    """One event of an agency's documents."""

    observed: str
    kind: str
    document: str
    path: str
    published: str
    commit: str
    changes: str


def agency_values(
    catalogue: Catalogue,
    key: tuple[str, str],
    summaries: _Summaries,
    words: Words,
    years: Iterable[int] = (),
) -> dict[str, Any]:
    """What the agency template needs; `years` are those that have a page of their own."""
    division, agency = key
    holdings = catalogue.by_agency[key]
    page = addresses.agency(division, agency)
    columns = sorted({(h.identity.level, h.identity.kind) for h in holdings})
    known = catalogue.agency(agency)
    own = [summaries[h.id] for h in holdings]
    newest = max((s for s in own if s.moves), key=lambda s: identity_of(s.id).year, default=None)
    kind = known.kind if known else None
    shown, left = moved(newest, page, words, _MOVES) if newest else ([], 0)
    return {
        "heading": catalogue.name(agency),
        "standing": _standing(catalogue, key, words),
        "columns": [
            f"{words(f'level-{level}')}{words.gap}{words(f'kind-{k}')}" for level, k in columns
        ],
        "years": _years(holdings, columns, summaries, words, years),
        "charts": of_agency(own, page, words),
        "moves": shown,
        "moves_left": left,
        "moves_year": identity_of(newest.id).year if newest else 0,
        "moves_kind": words(f"kind-{identity_of(newest.id).kind}") if newest else "",
        "moves_href": addresses.link(page, addresses.told(newest.id)) if newest else "",
        "units": _units(catalogue, key),
        "events": events_of(holdings, words),
        "peers_href": (
            addresses.link(page, addresses.peers(kind)) if kind and kind in catalogue.kinds else ""
        ),
    }


def _standing(catalogue: Catalogue, key: tuple[str, str], words: Words) -> list[str]:
    known = catalogue.agency(key[1])
    said = [catalogue.place(key[0])]
    if known is not None:
        said.append(words(f"level-{known.level}"))
        said += [name.text for name in known.names[:-1]]
    return [*said, key[1]]


def _years(
    holdings: Sequence[Holding],
    columns: Sequence[tuple[Level, Kind]],
    summaries: _Summaries,
    words: Words,
    years: Iterable[int],
) -> list[Year]:
    found: dict[int, dict[tuple[Level, Kind], Held]] = defaultdict(dict)
    paged = set(years)
    for year in paged:
        found[year].clear()
    for holding in holdings:
        identity, summary = holding.identity, summaries[holding.id]
        found[identity.year][identity.level, identity.kind] = Held(
            path=addresses.document(identity),
            text=words.document(identity),
            published=summary.published.isoformat() if summary.published else "",
            withdrawn=holding.withdrawn,
            revised=sum(entry.kind in _REVISIONS for entry in holding.entries),
            findings=summary.findings,
            material=summary.material,
            yearly=addresses.told(identity) if summary.compared else "",
        )
    return [
        Year(year, tuple(found[year].get(column) for column in columns), year in paged)
        for year in sorted(found, reverse=True)
    ]


def _units(catalogue: Catalogue, key: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "path": addresses.agency(key[0], one.id)}
        for one in catalogue.units.get(key, ())
    ]


def events_of(holdings: Iterable[Holding], words: Words) -> list[Happened]:
    """What happened to documents, the newest first."""
    found = []
    for holding in holdings:
        for entry in holding.entries:
            observed = day_of(entry.observed).isoformat() if entry.observed else ""
            changed = entry.kind in _REVISIONS
            found.append(
                Happened(
                    observed=observed,
                    kind=KIND_NAMES[entry.kind] if words.lang == "zh" else str(entry.kind),
                    document=words.document(holding.identity),
                    path=addresses.document(holding.identity),
                    published=entry.published.isoformat() if entry.published else "",
                    commit=entry.commit,
                    changes=addresses.changes(holding.identity, entry.commit) if changed else "",
                )
            )
    return sorted(found, key=lambda one: (one.observed, one.document), reverse=True)[:_EVENTS]
