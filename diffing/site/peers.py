"""Agencies of one kind side by side, each by its own printed figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from archive.model import Kind, Level
from diffing.site import addresses
from diffing.site.catalogue import Catalogue
from diffing.site.summary import EXPENDITURE, Summary
from diffing.site.trends import in_wan, line_of
from diffing.site.words import Words

__all__ = ["kind_name", "peers_values"]

_YEARS: Final = 6
_PEERS: Final = 2

_Summaries = Mapping[str, Summary]


def kind_name(kind: str, words: Words) -> str:
    """What a reader calls a kind of agency; an operator's own kind as he writes it."""
    return words.get(f"kind-of-{kind}") or kind


def peers_values(
    catalogue: Catalogue, kind: str, summaries: _Summaries, words: Words
) -> dict[str, Any]:
    """What the template of agencies of one kind needs."""
    page = addresses.peers(kind)
    members = catalogue.kinds[kind]
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
                    "text": in_wan(line, words),
                    "href": addresses.link(page, addresses.document(identity), line.anchor),
                    "title": words("figure-at", statement=line.statement, page=line.page),
                    "certainty": str(line.certainty),
                }
    if len(found) < _PEERS:
        return None
    several = len({division for division, _ in found}) > 1
    years = sorted({year for cells in found.values() for year in cells}, reverse=True)[:_YEARS]
    return {
        "columns": [str(year) for year in years],
        "rows": [
            {
                "place": catalogue.place(key[0]) if several else "",
                "name": catalogue.name(key[1]),
                "path": addresses.agency(*key),
                "cells": [cells.get(year) for year in years],
            }
            for key, cells in found.items()
        ],
    }
