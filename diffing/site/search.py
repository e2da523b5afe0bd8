"""The search index: scripts of bounded size, since a page from `file://` may not fetch anything.

One district and year is one part of the index. A part lists its documents and its terms (code and
name of line items, each once); the places of terms lie in further scripts, which are loaded only
when a term is found. See docs/decisions/0020.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from archive.model import Certainty, Document, Mark
from diffing.changes import lead_measure
from diffing.names import titled
from diffing.site import addresses
from diffing.site.anchors import Anchors
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.rendering import shown

__all__ = ["Lines", "index", "lines_of", "meta"]

_BYTES: Final = 200_000
"""Of one script, about; a single term with more places has a script of its own."""
_NAME: Final = 120
_OTHERS: Final = 4
"""Further aliases of an agency a reader may search by."""


class Lines(msgspec.Struct, frozen=True, array_like=True):
    """What the search knows of one document."""

    columns: tuple[tuple[str, str, str], ...]
    """(statement, measure, unit) of the figures that stand for the lines."""
    terms: tuple[tuple[str, str, str], ...]
    """(code, name, place): the place as it stands in a script, but for the document's number:
    anchor, page, column (an index into `columns`), figure as printed (0 for a blank), certainty."""


def lines_of(document: Document, anchors: Anchors) -> Lines:
    """The line items of a document, each figure of a name once: the first place that prints it."""
    told: set[tuple[str, str, str]] = set()
    columns: dict[tuple[str, str, str], int] = {}
    terms = []
    for number, statement in enumerate(document.statements):
        title, unit = shown(titled(statement))[:_NAME], str(statement.unit or "")
        for place, item in enumerate(statement.items):
            measure = lead_measure(item)
            amount = item.amounts.get(measure) if measure else None
            if measure is None or amount is None or not (item.name or item.code):
                continue
            fact = item.code, item.name, amount.text
            if fact in told:
                continue
            told.add(fact)
            column = columns.setdefault((title, shown(measure), unit), len(columns))
            page = amount.at.page if amount.at else item.page
            figure = 0 if amount.mark is Mark.BLANK else shown(amount.text)
            certainty = "" if amount.certainty is Certainty.TEXT else str(amount.certainty)
            anchor = anchors.cell(number, place, measure)
            found = _json([anchor, page, column, figure, certainty])[1:-1]
            terms.append((shown(item.code), shown(item.name)[:_NAME], found))
    return Lines(tuple(columns), tuple(terms))


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
    lines: dict[str, Lines],
) -> Iterator[tuple[str, bytes]]:
    """(path, script) of one district and year."""
    division, year = part
    listed = [holding for holding in holdings if holding.id in lines]
    agencies = list(dict.fromkeys(h.identity.agency for h in listed))
    numbers = {agency: n for n, agency in enumerate(agencies)}
    columns: dict[tuple[str, str, str], int] = {}
    terms: dict[tuple[str, str], list[str]] = {}
    documents = []
    for number, holding in enumerate(listed):
        own = lines[holding.id]
        what, path = holding.identity, addresses.document(holding.identity)
        used = [columns.setdefault(column, len(columns)) for column in own.columns]
        href = addresses.link(addresses.SEARCH, path)
        documents.append([numbers[what.agency], str(what.kind), str(what.level), href, used])
        for code, name, place in own.terms:
            terms.setdefault((code, name), []).append(f"[{number},{place}]")
    name = f"{division}-{year}"
    table: list[list[object]] = []
    for pack, keys in enumerate(_packed(terms)):
        body = ",".join(f"[{','.join(terms[key])}]" for key in keys)
        yield addresses.shard(*part, f"p{pack}"), _script("__places", name, pack, raw=f"[{body}]")
        table += [
            [code, term, len(terms[code, term]), pack, position]
            for position, (code, term) in enumerate(keys)
        ]
    tables = list(_cut(table))
    for number, rows in enumerate(tables):
        yield addresses.shard(*part, f"t{number}"), _script("__terms", name, number, rows)
    head = {
        "agencies": [_agency(catalogue, division, agency) for agency in agencies],
        "documents": documents,
        "columns": list(columns),
        "tables": len(tables),
    }
    yield addresses.shard(*part, "head"), _script("__head", name, head)


def _agency(catalogue: Catalogue, division: str, agency: str) -> list[str]:
    known = catalogue.agency(agency)
    others = [*(name.text for name in known.names[:-1]), *known.aliases] if known else []
    return [
        shown(catalogue.name(agency)),
        " ".join(shown(name) for name in others[:_OTHERS]),
        addresses.link(addresses.SEARCH, addresses.agency(division, agency)),
    ]


def _packed(terms: dict[tuple[str, str], list[str]]) -> Iterator[list[tuple[str, str]]]:
    """Terms by code and name, as many to a script as fit."""
    pack: list[tuple[str, str]] = []
    size = 0
    for key in sorted(terms):
        own = sum(map(_size, terms[key]))
        if pack and size + own > _BYTES:
            yield pack
            pack, size = [], 0
        pack.append(key)
        size += own
    if pack:
        yield pack


def _cut(rows: list[list[object]]) -> Iterator[list[list[object]]]:
    """Terms in tables of a bounded size; one empty table where there are none."""
    table: list[list[object]] = []
    size = 0
    for row in rows:
        own = _size(f"{row[0]}{row[1]}") + 20
        if table and size + own > _BYTES:
            yield table
            table, size = [], 0
        table.append(row)
        size += own
    yield table


def _size(text: str) -> int:
    """Bytes, at most, of a text in UTF-8 that is ASCII and Chinese."""
    return len(text) if text.isascii() else 3 * len(text)


_UNSAFE: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""Characters that could end a script or a line of one; inside strings only, so JSON stays JSON."""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def _script(function: str, *arguments: object, raw: str = "") -> bytes:
    """A call of a function with JSON; `raw` is an argument that is JSON already."""
    said = [_json(one) for one in arguments] + [raw] * bool(raw)
    return f"window.{function}({','.join(said)});\n".encode("utf-8", "replace")
