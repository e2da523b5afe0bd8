"""The pages that lead on: front page, lists of digests, districts, and what the site is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from archive.model import ChangeKind, Kind, Level
from diffing.site import addresses
from diffing.site.catalogue import Catalogue, Holding, newest_look
from diffing.site.digests import Announced
from diffing.site.movement import largest
from diffing.site.peers import kind_name
from diffing.site.summary import Summary
from diffing.site.trends import of_district
from diffing.site.words import Words

__all__ = ["about_values", "digest_list", "district_values", "front_values"]

_REVISIONS: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_YEARS: Final = 6
_MOVES: Final = 15
_OWN_MOVES: Final = 12
_DIGESTS: Final = 5
_PEERS: Final = 2
_EVENTS: Final = 200

_Summaries = Mapping[str, Summary]


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
                "findings": _findings([summaries[h.id] for h in found], words),
            }
            for (code, agency), found in catalogue.by_agency.items()
            if code == division
        ],
    }


def _findings(summaries: Sequence[Summary], words: Words) -> str:
    count = sum(s.findings for s in summaries)
    material = sum(s.material for s in summaries)
    return words("findings-of-which", count=count, material=material) if count else ""


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
        (words("findings"), _findings(summaries, words) or words.count(0)),
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
        year, own = _newest([h for h in holdings if h.identity.kind is kind], summaries)
        if not own:
            continue
        # a unit's figures stand in its department's document already
        departments = [h for h in own if h.identity.level is Level.DEPARTMENT]
        named = [(summaries[h.id], catalogue.name(h.identity.agency)) for h in departments or own]
        rows = largest(named, page, words, _MOVES)
        if rows:
            groups.append({"year": year, "kind": words(f"kind-{kind}"), "rows": rows})
    return groups


def _newest(holdings: Sequence[Holding], summaries: _Summaries) -> tuple[int, list[Holding]]:
    """The newest year in which any of them moved, and those that did."""
    for year in sorted({h.identity.year for h in holdings}, reverse=True):
        own = [h for h in holdings if h.identity.year == year and summaries[h.id].moves]
        if own:
            return year, own
    return 0, []


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
            for kind, agencies in catalogue.kinds.items()
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
            {"key": part, "title": words(f"about-{part}"), "texts": [words(f"about-{part}-text")]}
            for part in parts
        ],
        "plain": "" if drawn else words("plain-charts"),
    }
