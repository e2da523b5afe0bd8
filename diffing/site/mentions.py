"""Which digests speak of an agency, and how pages list digests of months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from diffing.site import addresses
from diffing.site.digests import Announced, run_name
from diffing.site.months import Month
from diffing.site.words import Words

if TYPE_CHECKING:
    from diffing.site.catalogue import Catalogue

__all__ = ["Mention", "Periods", "mentions", "month_list"]

_TOLD: Final = 3
"""So many months are listed with their headlines, the others by name."""

Periods = Mapping[str, Sequence[tuple[Month, str]]]
"""Division → its months, newest first, each with what its digest was made from."""


class Mention(msgspec.Struct, frozen=True):
    """A digest that speaks of an agency."""

    path: str
    title: str
    day: str
    """When the run saw something last; "" for a month."""


Mentions = Mapping[tuple[str, str], Sequence[Mention]]


def mentions(catalogue: Catalogue, told: Iterable[Announced], periods: Periods) -> Mentions:
    """(division, agency) → the digests of months and of runs that speak of it, newest first."""
    found: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for division, months in periods.items():
        for month, _ in months:
            one = Mention(addresses.month(division, month.month), month.title, "")
            for agency in month.agencies:
                found[division, agency].append(one)
    runs = {run_name(run): events for run, events in catalogue.runs.items()}
    for run in sorted(told, key=lambda one: (one.order, one.name), reverse=True):
        one = Mention(addresses.digest(run.name), run.title, run.day)
        for key in dict.fromkeys(
            (division, entry.document_id.split("/")[1]) for division, entry in runs[run.name]
        ):
            found[key].append(one)
    return found


def month_list(months: Sequence[tuple[Month, str]], words: Words) -> list[dict[str, Any]]:
    """A district's months as its page lists them."""
    return [
        {
            "path": addresses.month(one.division, one.month),
            "name": one.month,
            "said": words(
                "month-said",
                documents=words.count(one.documents),
                revisions=words.count(one.revisions),
            ),
            "points": one.points if place < _TOLD else (),
        }
        for place, (one, _) in enumerate(months)
    ]
