"""The feeds of the site, beside the pages of the districts and agencies they are of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager

from diffing.feed import Entry
from diffing.site import addresses
from diffing.site.catalogue import hashed
from diffing.site.output import Output
from diffing.syndicate import Planned

__all__ = ["Plan", "put"]

Plan = Callable[[Callable[[Entry], str]], AbstractContextManager[Sequence[Planned]]]
"""Given the path of an entry's page, the feeds there are (`diffing.syndicate.planned`)."""


def put(plan: Plan | None, output: Output, documents: Collection[str]) -> None:
    """Write the feeds that are other than before; entries lead to the pages of `documents`."""

    def page_of(entry: Entry) -> str:
        there = entry.identity.document_id in documents
        return addresses.document(entry.identity) if there else ""

    if plan is None:
        return
    with plan(page_of) as found:
        for one in found:
            key = hashed(output.base, one.key)
            output.want([one.path])
            if not output.fresh(one.path, key):
                output.put(one.path, key, one.make())
