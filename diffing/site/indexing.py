"""Puts out the search: its page, and the scripts of each district and year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from diffing.site import addresses, search
from diffing.site.catalogue import hashed

if TYPE_CHECKING:
    from diffing.site.catalogue import Holding
    from diffing.site.work import Work

__all__ = ["put"]


def put(work: Work) -> None:
    """Bring it up to date, once the documents are there."""
    words, catalogue = work.frame.words, work.catalogue
    parts: dict[tuple[str, int], list[Holding]] = defaultdict(list)
    for holding in catalogue.in_order():
        parts[holding.identity.division, holding.identity.year].append(holding)
    work.output.file("search/meta.js", search.meta(catalogue))
    for part, holdings in parts.items():
        _part(work, part, holdings)
    years = sorted({year for _, year in parts}, reverse=True)
    divisions = [
        {
            "code": division,
            "name": catalogue.place(division),
            "path": addresses.district(division),
        }
        for division in catalogue.divisions
    ]
    work.output.page(
        addresses.SEARCH,
        (*catalogue.divisions, *years),
        "search.html.j2",
        words("search"),
        lambda: {"districts": divisions, "years": years, "scripted": True},
    )


def _part(work: Work, part: tuple[str, int], holdings: list[Holding]) -> None:
    key = hashed(work.base, *(work.keys[h.id] for h in holdings))
    stem = addresses.shard(*part, "").removesuffix(".js")
    own = work.output.beginning(stem)
    if own and all(work.output.fresh(path, key) for path in own):
        work.output.want(own)
        return
    read = dict(work.state.lines(h.id for h in holdings))

    def scripts() -> list[tuple[str, bytes]]:
        lines = {id_: msgspec.msgpack.decode(data, type=search.Lines) for id_, data in read.items()}
        return list(search.index(work.catalogue, part, holdings, lines))

    work.output.due(key, scripts, sum(map(len, read.values())))
