"""Puts out the pages that set agencies side by side: a district's coverage, peers of a kind."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from diffing.site import addresses
from diffing.site.matrix import coverage_values
from diffing.site.peers import kind_name, peers_values

if TYPE_CHECKING:
    from diffing.site.work import Work

__all__ = ["put"]


def put(work: Work) -> None:
    """Bring them up to date, once the documents are there; no digest has a say in them."""
    for division in work.catalogue.divisions:
        _coverage(work, division)
    for kind, members in work.catalogue.kinds.items():
        _peers(work, kind, members)


def _coverage(work: Work, division: str) -> None:
    catalogue, words = work.catalogue, work.frame.words
    place = catalogue.place(division)
    found = work.standing(division)
    standing = hashlib.sha256(msgspec.msgpack.encode(found)).hexdigest()
    there = [h.id for h in catalogue.of_division(division)]
    work.output.page(
        addresses.coverage(division),
        (standing, *there),
        "coverage.html.j2",
        words("coverage-heading", place=place),
        lambda: coverage_values(catalogue, division, found, words),
        ((place, addresses.district(division)),),
        short=words("coverage"),
    )


def _peers(work: Work, kind: str, members: list[tuple[str, str]]) -> None:
    words, catalogue = work.frame.words, work.catalogue
    work.output.page(
        addresses.peers(kind),
        [work.keys[h.id] for one in members for h in catalogue.by_agency[one]],
        "peers.html.j2",
        words("peers-heading", kind=kind_name(kind, words)),
        lambda: peers_values(catalogue, kind, work.summaries, words),
    )
