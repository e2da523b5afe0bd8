"""Whole generated publications, scanned: no wrong figure, and none that is wrong called confirmed.

The short form is one page of each kind of scan (`test_optical`); this takes a minute a publication.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from archive.forms import plain
from archive.model import Amount, Certainty, Document
from archive.text import read
from tests.archive.rasters import Scanner, scanned
from tests.portal import documents

pytestmark = [pytest.mark.full, pytest.mark.long]

PRINTED = {"rencai-2024-final": 195, "archives-2025-budget": 263}
"""Amounts with a value that the publications print."""


@dataclass
class Compared:
    """A scan beside what was scanned: amounts, codes and names by their place in the statements."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Names that were misread."""


def compared(seen: Document, meant: Document) -> Compared:
    found = Compared()
    assert [s.form for s in seen.statements] == [s.form for s in meant.statements]
    for own, printed in zip(seen.statements, meant.statements, strict=True):
        assert own.unit == printed.unit
        for item, row in zip(own.items, printed.items, strict=True):
            assert (item.code, item.side) == (row.code, row.side)
            if plain(item.name) != plain(row.name):
                found.names.append(f"{row.name}: {item.name}")
            for measure in item.amounts.keys() | row.amounts.keys():
                where = f"{own.form} {row.code} {row.name} {measure}"
                count(item.amounts.get(measure), row.amounts.get(measure), where, found)
    return found


def count(seen: Amount | None, meant: Amount | None, where: str, found: Compared) -> None:
    own = seen.value if seen else None
    printed = meant.value if meant else None
    if own == printed:
        found.right += own is not None
    elif own is None:
        found.unread.append(where)
    else:
        assert seen is not None
        found.wrong.append(f"{where}: {seen.text} ({seen.certainty}), printed {printed}")


@pytest.mark.parametrize("dpi", [150, 200])
@pytest.mark.parametrize("name", sorted(PRINTED))
def test_a_whole_publication_scanned_says_what_is_printed(name: str, dpi: int) -> None:
    data = documents.pdf(name)
    seen = read(scanned(data, Scanner(dpi)), optically=True)
    found = compared(seen, read(data))

    assert found.wrong == []
    assert found.unread == []
    assert found.right == PRINTED[name]
    assert len(found.names) <= (1 if dpi < 200 else 0), found.names
    sure = {Certainty.RECOGNISED, Certainty.CONFIRMED}
    amounts = (a for s in seen.statements for i in s.items for a in i.amounts.values())
    assert {a.certainty for a in amounts if a.value is not None} <= sure
