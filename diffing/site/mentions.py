"""Which digests speak of a document, and how pages list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from diffing.site import addresses
from diffing.site.digests import Announced, run_name
from diffing.site.months import Month
from diffing.site.words import Words

if TYPE_CHECKING:
    from diffing.site.catalogue import Catalogue, Holding

__all__ = ["Mention", "Mentions", "Periods", "mentioned", "mentions", "month_list"]

_TOLD: Final = 3
"""So many months are listed with their headlines, the others by name."""

Periods = Mapping[str, Sequence[tuple[Month, str]]]
"""Division → its months, newest first, each with what its digest was made from."""


class Mention(msgspec.Struct, frozen=True, order=True, dict=True):
    """A digest that speaks of a document; the later of two is the newer, months after runs."""

    whole: bool
    """Whether it is of a month."""
    order: str
    path: str
    title: str
    day: str
    """When the run saw something last; "" for a month."""

    @cached_property
    def said(self) -> str:
        """All of it that a page shows: every page of the documents it speaks of asks."""
        return f"{self.path} {self.title} {self.day}"


Mentions = Mapping[str, Sequence[Mention]]
"""Document id → the digests that speak of it."""


def mentions(catalogue: Catalogue, told: Iterable[Announced], periods: Periods) -> Mentions:
    """What speaks of each document: the digests of months and of runs."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for division, months in periods.items():
        for month, _ in months:
            path = addresses.month(division, month.month)
            one = Mention(True, month.month, path, month.title, "")
            for id_ in month.documents:
                found[id_].append(one)
    runs = {run_name(run): events for run, events in catalogue.runs.items()}
    for run in told:
        one = Mention(False, run.order, addresses.digest(run.name), run.title, run.day)
        for id_ in {entry.document_id for _, entry in runs[run.name]}:
            found[id_].append(one)
    return found


def mentioned(found: Mentions, holdings: Iterable[Holding]) -> list[Mention]:
    """The digests that speak of these documents, months first, the newest first."""
    return sorted({one for h in holdings for one in found.get(h.id, ())}, reverse=True)


def month_list(months: Sequence[tuple[Month, str]], words: Words) -> list[dict[str, Any]]:
    """A district's months as its page lists them."""
    return [
        {
            "path": addresses.month(one.division, one.month),
            "name": one.month,
            "said": words(
                "month-said",
                documents=words.count(len(one.documents)),
                revisions=words.count(one.revisions),
            ),
            "points": one.points if place < _TOLD else (),
        }
        for place, (one, _) in enumerate(months)
    ]
