"""The search index: scripts of bounded size, since a page from `file://` may not fetch anything.

One district and year is one part of the index. A part lists its documents and its terms (code and
name of line items, each once); the places of terms lie in further scripts, which are loaded only
when a term is found. See docs/decisions/0020.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from archive.model import Certainty, Document, Mark
from diffing.changes import lead_measure
from diffing.names import titled
from diffing.site import addresses
from diffing.site.anchors import Anchors
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.rendering import shown

__all__ = ["Found", "index", "lines_of", "meta"]

_BYTES: Final = 200_000
"""Of one script, about; a single term with more places has a script of its own."""
_NAME: Final = 120
_OTHERS: Final = 4
"""Further aliases of an agency a reader may search by."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """One line item of a document as the search shows it."""

    code: str
    name: str
    statement: str
    measure: str
    text: str
    blank: bool
    unit: str
    certainty: str
    page: int
    anchor: str


def lines_of(document: Document, anchors: Anchors) -> Iterator[Found]:
    """The line items of a document, each figure of a name once: the first place that prints it."""
    told: set[tuple[str, str, str]] = set()
    for number, statement in enumerate(document.statements):
        for place, item in enumerate(statement.items):
            measure = lead_measure(item)
            amount = item.amounts.get(measure) if measure else None
            if measure is None or amount is None or not (item.name or item.code):
                continue
            fact = item.code, item.name, amount.text
            if fact in told:
                continue
            told.add(fact)
            yield Found(
                code=shown(item.code),
                name=shown(item.name)[:_NAME],
                statement=shown(titled(statement))[:_NAME],
                measure=shown(measure),
                text=shown(amount.text),
                blank=amount.mark is Mark.BLANK,
                unit=str(statement.unit or ""),
                certainty="" if amount.certainty is Certainty.TEXT else str(amount.certainty),
                page=amount.at.page if amount.at else item.page,
                anchor=anchors.cell(number, place, measure),
            )


def meta(catalogue: Catalogue) -> bytes:
    """The script that says which districts and years there are."""
    years: dict[str, set[int]] = {}
    for holding in catalogue:
        years.setdefault(holding.identity.division, set()).add(holding.identity.year)
    parts = [(code, year) for code, found in years.items() for year in found]
    newest_first = sorted(parts, key=lambda part: (-part[1], part[0]))
    return _script("__meta", newest_first)


def index(
    catalogue: Catalogue,
    part: tuple[str, int],
    holdings: Iterable[Holding],
    lines: dict[str, list[Found]],
) -> Iterator[tuple[str, bytes]]:
    """(path, script) of one district and year."""
    division, year = part
    listed = list(holdings)
    agencies = list(dict.fromkeys(h.identity.agency for h in listed))
    places: dict[str, int] = {agency: n for n, agency in enumerate(agencies)}
    statements: dict[str, int] = {}
    terms: dict[tuple[str, str], list[list[Any]]] = {}
    for number, holding in enumerate(listed):
        for found in lines.get(holding.id, ()):
            statement = statements.setdefault(found.statement, len(statements))
            figure = [0] if found.blank else found.text
            terms.setdefault((found.code, found.name), []).append(
                [number, found.anchor, found.page, statement, found.measure, figure, found.unit,
                 found.certainty]
            )  # fmt: skip
    packs = list(_packed(terms))
    names = [
        [code, name, len(terms[code, name]), pack, position]
        for pack, keys in enumerate(packs)
        for position, (code, name) in enumerate(keys)
    ]
    for pack, keys in enumerate(packs):
        body = [terms[key] for key in keys]
        yield (
            addresses.shard(*part, f"p{pack}"),
            _script("__places", f"{division}-{year}", pack, body),
        )
    tables = list(_cut(names))
    for number, table in enumerate(tables):
        yield (
            addresses.shard(*part, f"t{number}"),
            _script("__terms", f"{division}-{year}", number, table),
        )
    head = {
        "place": shown(catalogue.place(division)),
        "agencies": [_agency(catalogue, division, agency) for agency in agencies],
        "documents": [
            [places[h.identity.agency], str(h.identity.kind), str(h.identity.level),
             addresses.link(addresses.SEARCH, addresses.document(h.identity))]
            for h in listed
        ],
        "statements": list(statements),
        "tables": len(tables),
    }  # fmt: skip
    yield addresses.shard(*part, "head"), _script("__head", f"{division}-{year}", head)


def _agency(catalogue: Catalogue, division: str, agency: str) -> list[str]:
    known = catalogue.agency(agency)
    others = [*(name.text for name in known.names[:-1]), *known.aliases] if known else []
    return [
        shown(catalogue.name(agency)),
        " ".join(shown(name) for name in others[:_OTHERS]),
        addresses.link(addresses.SEARCH, addresses.agency(division, agency)),
    ]


def _packed(terms: dict[tuple[str, str], list[list[Any]]]) -> Iterator[list[tuple[str, str]]]:
    """Terms by code and name, as many to a script as fit."""
    pack: list[tuple[str, str]] = []
    size = 0
    for key in sorted(terms):
        own = len(json.dumps(terms[key], ensure_ascii=False).encode())
        if pack and size + own > _BYTES:
            yield pack
            pack, size = [], 0
        pack.append(key)
        size += own
    if pack:
        yield pack


def _cut(rows: list[list[Any]]) -> Iterator[list[list[Any]]]:
    table: list[list[Any]] = []
    size = 0
    for row in rows:
        own = len(json.dumps(row, ensure_ascii=False).encode())
        if table and size + own > _BYTES:
            yield table
            table, size = [], 0
        table.append(row)
        size += own
    yield table


_UNSAFE: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""Characters that could end a script or a line of one; inside strings only, so JSON stays JSON."""


def _script(function: str, *arguments: object) -> bytes:
    said = ",".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
        for one in arguments
    )
    return f"window.{function}({said});\n".encode("utf-8", "replace")
