"""An export in shares: so many documents of one district, made into rows by whoever is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec
from msgspec import structs

from archive.export.documents import Place
from archive.export.tables import Record
from archive.model import Identity
from archive.workplace import Workplace
from diffing.checks.judgements import Judgement
from diffing.export.records import Export, Wanted
from diffing.thresholds import Thresholds

__all__ = ["Made", "Share", "exported", "one_by_one", "shares"]

_SHARE: Final = 40
"""Documents a task: their rows are held at once, some tens of megabytes."""


class Share(msgspec.Struct, frozen=True):
    """One task."""

    workplace: Workplace
    documents: tuple[Identity, ...]
    """Of one district, in the order of the archive."""
    judged: Mapping[str, Judgement]
    thresholds: Thresholds


class Made(msgspec.Struct, frozen=True):
    """The rows of a share, and what came of it."""

    records: list[Record]
    documents: set[str]
    """The ids of those that could be read."""
    left_empty: int
    failed: list[str]


def shares(
    workplace: Workplace,
    places: Sequence[Place],
    judged: Mapping[str, Judgement],
    thresholds: Thresholds,
) -> Iterator[Share]:
    """The documents of an export in shares, in their order."""
    for _, own in groupby(places, lambda place: place.identity.division):
        identities = [place.identity for place in own]
        for at in range(0, len(identities), _SHARE):
            yield Share(workplace, tuple(identities[at : at + _SHARE]), judged, thresholds)


def one_by_one(share: Share) -> list[Share]:
    """A share in its documents."""
    return [structs.replace(share, documents=(one,)) for one in share.documents]


def exported(share: Share) -> Made:
    """Make the rows of a share. Runs wherever there is a worker."""
    division = share.documents[0].division
    with share.workplace.opened() as (archive, register):
        export = Export(
            archive,
            register,
            Wanted((division,)),
            judged=share.judged,
            thresholds=share.thresholds,
        )
        repository = archive.repository(division)
        records = list(export.of(Place(repository, one) for one in share.documents))
        tally = export.tally
        return Made(records, export.exported, tally.left_empty, tally.failed)
