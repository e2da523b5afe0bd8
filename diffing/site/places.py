"""The pages of places: front page, districts, agencies, agencies of one kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from archive.events import KIND_NAMES
from archive.model import ChangeKind, Identity, Kind, Level
from archive.paths import identity_of
from diffing.site import addresses
from diffing.site.catalogue import Catalogue, Holding, newest_look
from diffing.site.digests import Announced
from diffing.site.movement import largest, moved
from diffing.site.summary import EXPENDITURE, Summary
from diffing.site.trends import in_wan, line_of, of_agency, of_district
from diffing.site.words import Words

__all__ = ["agency_values", "about_values", "digest_list", "district_values", "front_values", "kinds_of", "peers_values"]

_REVISIONS: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_YEARS: Final = 6
_MOVES: Final = 15
_OWN_MOVES: Final = 12
_DIGESTS: Final = 5
_PEERS: Final = 2
_EVENTS: Final = 200

_Summaries = Mapping[str, Summary]


def document_label(identity: Identity, words: Words) -> str:
    """What a reader calls a document beside its agency's name."""
    return words(
        "document-name",
        year=identity.year,
        level=words(f"level-{identity.level}"),
        kind=words(f"kind-{identity.kind}"),
    )


# --- an agency -----------------------------------------------------------------------------------


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
    catalogue: Catalogue, key: tuple[str, str], summaries: _Summaries, words: Words
) -> dict[str, Any]:
    """What the agency template needs."""
    division, agency = key
    holdings = catalogue.by_agency[key]
    page = addresses.agency(division, agency)
    columns = sorted({(h.identity.level, h.identity.kind) for h in holdings})
    known = catalogue.agency(agency)
    own = [summaries[h.id] for h in holdings]
    newest = max((s for s in own if s.moves), key=lambda s: identity_of(s.id).year, default=None)
    kind = known.kind if known else None
    return {
        "heading": catalogue.name(agency),
        "standing": _standing(catalogue, key, words),
        "columns": [f"{words(f'level-{level}')}{words.gap}{words(f'kind-{k}')}" for level, k in columns],
        "years": _years(holdings, columns, summaries, words),
        "charts": of_agency(own, page, words),
        "moves": list(moved(newest, page, words))[:_OWN_MOVES] if newest else [],
        "moves_year": identity_of(newest.id).year if newest else 0,
        "moves_kind": words(f"kind-{identity_of(newest.id).kind}") if newest else "",
        "moves_href": addresses.link(page, addresses.yearly(newest.id)) if newest else "",
        "units": _units(catalogue, key),
        "events": _events(holdings, words),
        "peers_href": (
            addresses.link(page, addresses.peers(kind))
            if kind and kind in kinds_of(catalogue)
            else ""
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
) -> list[Year]:
    found: dict[int, dict[tuple[Level, Kind], Held]] = defaultdict(dict)
    for holding in holdings:
        identity, summary = holding.identity, summaries[holding.id]
        found[identity.year][identity.level, identity.kind] = Held(
            path=addresses.document(identity),
            text=document_label(identity, words),
            published=summary.published.isoformat() if summary.published else "",
            withdrawn=holding.withdrawn,
            revised=sum(entry.kind in _REVISIONS for entry in holding.entries),
            findings=summary.findings,
            material=summary.material,
            yearly=addresses.yearly(identity) if summary.compared else "",
        )
    return [
        Year(year, tuple(found[year].get(column) for column in columns))
        for year in sorted(found, reverse=True)
    ]


def _units(catalogue: Catalogue, key: tuple[str, str]) -> list[dict[str, str]]:
    division, agency = key
    if catalogue.agency(agency) is None:
        return []
    return [
        {"name": one.name, "path": addresses.agency(division, one.id)}
        for one in catalogue.register.agencies(division)
        if one.parent == agency and (division, one.id) in catalogue.by_agency
    ]


def _events(holdings: Sequence[Holding], words: Words) -> list[Happened]:
    found = []
    for holding in holdings:
        for entry in holding.entries:
            observed = entry.observed.date().isoformat() if entry.observed else ""
            changed = entry.kind in _REVISIONS
            found.append(
                Happened(
                    observed=observed,
                    kind=KIND_NAMES[entry.kind] if words.lang == "zh" else str(entry.kind),
                    document=document_label(holding.identity, words),
                    path=addresses.document(holding.identity),
                    published=entry.published.isoformat() if entry.published else "",
                    commit=entry.commit,
                    changes=addresses.changes(holding.identity, entry.commit) if changed else "",
                )
            )
    return sorted(found, key=lambda one: (one.observed, one.document), reverse=True)[:_EVENTS]


# --- a district ----------------------------------------------------------------------------------


def district_values(
    catalogue: Catalogue, division: str, summaries: _Summaries, words: Words
) -> dict[str, Any]:
    """What the district template needs."""
    page = addresses.district(division)
    holdings = catalogue.of_division(division)
    own = [summaries[h.id] for h in holdings]
    years = sorted({h.identity.year for h in holdings}, reverse=True)[:_YEARS]
    return {
        "heading": catalogue.place(division),
        "facts": _facts(holdings, own, words),
        "coverage": addresses.coverage(division),
        "moves": _moves(catalogue, holdings, summaries, page, words),
        "charts": of_district(own, words),
        "years": years,
        "agencies": [
            {
                "name": catalogue.name(agency),
                "path": addresses.agency(division, agency),
                "years": [_short(found, year, words) for year in years],
                "findings": sum(summaries[h.id].findings for h in found) or "",
            }
            for (code, agency), found in catalogue.by_agency.items()
            if code == division
        ],
    }


def _short(holdings: Sequence[Holding], year: int, words: Words) -> list[dict[str, str]]:
    return [
        {"text": words(f"short-{h.identity.kind}"), "path": addresses.document(h.identity)}
        for h in holdings
        if h.identity.year == year
    ]


def _facts(
    holdings: Sequence[Holding], summaries: Sequence[Summary], words: Words
) -> list[tuple[str, str]]:
    agencies = {h.identity.agency for h in holdings}
    return [
        (words("agencies"), words.count(len(agencies))),
        (words("documents"), words.count(len(holdings))),
        (words("findings"), words.count(sum(s.findings for s in summaries))),
        (words("first-seen"), newest_look(holdings) or words("not-known")),
    ]


def _moves(
    catalogue: Catalogue,
    holdings: Sequence[Holding],
    summaries: _Summaries,
    page: str,
    words: Words,
) -> list[dict[str, Any]]:
    groups = []
    for kind in Kind:
        own = [h for h in holdings if h.identity.kind is kind and summaries[h.id].moves]
        if not own:
            continue
        year = max(h.identity.year for h in own)
        own = [h for h in own if h.identity.year == year]
        # a unit's figures stand in its department's document already
        departments = [h for h in own if h.identity.level is Level.DEPARTMENT]
        named = [(summaries[h.id], catalogue.name(h.identity.agency)) for h in departments or own]
        rows = largest(named, page, words, _MOVES)
        if rows:
            groups.append({"year": year, "kind": words(f"kind-{kind}"), "rows": rows})
    return groups


# --- the front page ------------------------------------------------------------------------------


def front_values(
    catalogue: Catalogue, summaries: _Summaries, told: Sequence[Announced], words: Words
) -> dict[str, Any]:
    """What the template of the front page needs."""
    holdings = list(catalogue)
    day = newest_look(holdings)
    counts = (
        ("standing-districts", len(catalogue.divisions)),
        ("standing-agencies", len(catalogue.by_agency)),
        ("standing-documents", len(holdings)),
        ("standing-figures", sum(s.figures for s in summaries.values())),
    )
    standing = [words(key, count=words.count(count)) for key, count in counts]
    if day:
        standing.append(words("standing-seen", day=day))
    return {
        "standing": standing if holdings else [],
        "digests": digest_list(told, words)[:_DIGESTS],
        "districts": [_district(catalogue, division, words) for division in catalogue.divisions],
        "kinds": [
            {
                "name": kind_name(kind, words),
                "path": addresses.peers(kind),
                "said": words("peers-said", count=len(agencies)),
            }
            for kind, agencies in kinds_of(catalogue).items()
        ],
    }


def _district(catalogue: Catalogue, division: str, words: Words) -> dict[str, str]:
    holdings = catalogue.of_division(division)
    years = {h.identity.year for h in holdings}
    key = "district-said" if len(years) > 1 else "district-said-one"
    return {
        "name": catalogue.place(division),
        "path": addresses.district(division),
        "coverage": addresses.coverage(division),
        "said": words(
            key,
            agencies=words.count(len({h.identity.agency for h in holdings})),
            documents=words.count(len(holdings)),
            first=min(years),
            last=max(years),
        ),
    }


def digest_list(told: Iterable[Announced], words: Words) -> list[dict[str, Any]]:
    """The digests, newest first, as lists show them."""
    return [
        {
            "path": addresses.digest(one.name),
            "title": one.title,
            "standing": [
                text
                for text in (one.day, words("standing-documents", count=words.count(one.documents)))
                if text
            ],
            "headlines": one.headlines,
        }
        for one in sorted(told, key=lambda one: (one.order, one.name), reverse=True)
    ]


def about_values(words: Words, *, drawn: bool) -> dict[str, Any]:
    """What the template of the page about the site needs."""
    parts = ("what", "read", "compare", "check", "trace")
    return {
        "parts": [
            {"title": words(f"about-{part}"), "texts": [words(f"about-{part}-text")]}
            for part in parts
        ],
        "plain": "" if drawn else words("plain-charts"),
    }


# --- agencies of one kind ------------------------------------------------------------------------


def kinds_of(catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """Kind → (division, agency) of those that have documents; kinds of at least two agencies."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for division, agency in catalogue.by_agency:
        known = catalogue.agency(agency)
        if known is not None and known.kind:
            found[known.kind].append((division, agency))
    return {kind: found[kind] for kind in sorted(found) if len(found[kind]) >= _PEERS}


def kind_name(kind: str, words: Words) -> str:
    """What a reader calls a kind of agency; an operator's own kind as he writes it."""
    return words.get(f"kind-of-{kind}") or kind


def peers_values(
    catalogue: Catalogue, kind: str, summaries: _Summaries, words: Words
) -> dict[str, Any]:
    """What the template of agencies of one kind needs."""
    page = addresses.peers(kind)
    members = kinds_of(catalogue)[kind]
    tables = []
    for level in Level:
        for what in Kind:
            for role, title in ((EXPENDITURE, "totals-title"), ("total", "sangong-title")):
                table = _beside(catalogue, members, (level, what, role), summaries, page, words)
                if table is not None:
                    name = f"{words(f'level-{level}')}{words.gap}{words(f'kind-{what}')}"
                    tables.append(
                        {"title": words("peers-title", kind=name, what=words(title)), **table}
                    )
    return {
        "heading": words("peers-heading", kind=kind_name(kind, words)),
        "tables": tables,
    }


def _beside(
    catalogue: Catalogue,
    members: Sequence[tuple[str, str]],
    asked: tuple[Level, Kind, str],
    summaries: _Summaries,
    page: str,
    words: Words,
) -> dict[str, Any] | None:
    level, what, role = asked
    found: dict[tuple[str, str], dict[int, dict[str, str]]] = {}
    for key in members:
        for holding in catalogue.by_agency[key]:
            identity = holding.identity
            if (identity.level, identity.kind) != (level, what):
                continue
            line = line_of(summaries[holding.id], role)
            if line is not None and line.wan is not None:
                found.setdefault(key, {})[identity.year] = {
                    "text": in_wan(line),
                    "href": addresses.link(page, addresses.document(identity), line.anchor),
                    "title": words("figure-at", statement=line.statement, page=line.page),
                    "certainty": str(line.certainty),
                }
    if len(found) < _PEERS:
        return None
    years = sorted({year for cells in found.values() for year in cells}, reverse=True)[:_YEARS]
    return {
        "columns": [str(year) for year in years],
        "rows": [
            {
                "place": catalogue.place(key[0]),
                "name": catalogue.name(key[1]),
                "path": addresses.agency(*key),
                "cells": [cells.get(year) for year in years],
            }
            for key, cells in found.items()
        ],
    }
