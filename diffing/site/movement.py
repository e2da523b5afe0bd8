"""Rows of what moved against last year, as pages show them; amounts in 万元, all derived."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import structs

from archive.paths import identity_of
from diffing.figures import exact, signed
from diffing.site import addresses
from diffing.site.summary import Move, Summary
from diffing.site.words import Words

__all__ = ["Moved", "largest", "moved"]


class Moved(msgspec.Struct, frozen=True):
    """One row."""

    agency: str
    agency_href: str
    code: str
    name: str
    statement: str
    certainty: str
    old: str
    old_href: str
    old_note: str
    """That the later document says last year's figure was another; "" where it does not."""
    new: str
    new_href: str
    difference: str
    rate: str
    href: str
    """The whole comparison."""


def moved(summary: Summary, page: str, words: Words, count: int) -> tuple[list[Moved], int]:
    """The rows of one document in the order of the comparison, and how many are left out: where
    there are more than `count`, all totals stay and what moved most."""
    moves = summary.moves
    sizes = [(not move.total, -abs(move.difference), n) for n, move in enumerate(moves)]
    shown = sorted(n for _, _, n in sorted(sizes)[:count])
    return [_row(summary, moves[n], page, words, "") for n in shown], len(moves) - len(shown)


def largest(
    summaries: Iterable[tuple[Summary, str]], page: str, words: Words, count: int
) -> list[Moved]:
    """The largest moves of several agencies' documents; totals repeat their parts and are left
    out. `summaries` come with their agencies' names."""
    found = [
        (summary, move, agency)
        for summary, agency in summaries
        for move in summary.moves
        if not move.total and move.difference
    ]
    found.sort(key=lambda one: (-abs(one[1].difference), one[0].id, one[1].code, one[1].name))
    return [_row(summary, move, page, words, agency) for summary, move, agency in found[:count]]


def _row(summary: Summary, move: Move, page: str, words: Words, agency: str) -> Moved:
    identity = identity_of(summary.id)
    before = structs.replace(identity, year=identity.year - 1)
    hrefs = [
        addresses.link(page, addresses.document(what), anchor) if anchor else ""
        for what, anchor in ((before, move.old_anchor), (identity, move.new_anchor))
    ]
    absent = words("not-listed")
    return Moved(
        agency=agency,
        agency_href=addresses.link(page, addresses.agency(identity.division, identity.agency)),
        code=move.code,
        name=move.name,
        statement=move.statement,
        certainty=str(move.certainty),
        old=absent if move.old is None else exact(move.old),
        old_href=hrefs[0],
        old_note=_else(move, words),
        new=absent if move.new is None else exact(move.new),
        new_href=hrefs[1],
        difference=signed(move.difference),
        rate=_rate(move, words),
        href=addresses.link(page, addresses.told(summary.id)),
    )


def _else(move: Move, words: Words) -> str:
    if move.quoted is None:
        return ""
    return words(f"{move.doubt}-else", wan=exact(move.quoted))


def _rate(move: Move, words: Words) -> str:
    """A rate only where both documents print the line."""
    if move.percent is None or move.old is None or move.new is None:
        return words("no-rate")
    return f"{signed(move.percent)}%"
