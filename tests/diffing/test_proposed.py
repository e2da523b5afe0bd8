"""What sums ask for stands beside what was read, and says so, for people and for machines."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from msgspec import structs

from archive.model import Amount, Certainty, Document
from diffing.digest import Digest, of_versions
from diffing.render import data, markdown

from .build import budget, version

ASKED = ("合计 930.00 = 60.00 + 870.00",)


def proposing(found: Document, text: str, proposed: str) -> Document:
    """The document with one figure recognised that does not fit its sums."""

    def amount(one: Amount) -> Amount:
        if one.text != text:
            return one
        value = Decimal(proposed)
        return structs.replace(one, certainty=Certainty.RECOGNISED, proposed=value, witnesses=ASKED)

    statements = tuple(
        structs.replace(
            statement,
            items=tuple(
                structs.replace(row, amounts={m: amount(a) for m, a in row.amounts.items()})
                for row in statement.items
            ),
        )
        for statement in found.statements
    )
    return structs.replace(found, statements=statements)


@pytest.fixture
def digest() -> Digest:
    new = proposing(budget(talent="960.00"), "960.00", "930.00")
    return of_versions(version(budget(talent="60.00"), year=2023), version(new))


def test_the_json_has_the_reading_the_proposal_and_its_witnesses(digest: Digest) -> None:
    changes = json.loads(data.render(digest))["comparisons"][0]["changes"]
    cells = [c for change in changes for c in change["cells"] if c["new"]["text"] == "960.00"]

    assert cells
    for cell in cells:
        assert cell["new"]["certainty"] == "recognised"
        assert (cell["new"]["proposed"], cell["new"]["witnesses"]) == ("930.00", list(ASKED))
        assert "proposed" not in cell["old"]
        assert cell["new_wan"] == "960.00", "what was read is compared, not what is proposed"


def test_the_digest_quotes_the_reading_and_names_the_proposal_beside_it(digest: Digest) -> None:
    lines = markdown.render(digest).splitlines()
    told = [line for line in lines if "960.00" in line]

    assert told
    proposing = [line for line in lines if "930.00" in line]
    assert set(told) & set(proposing)
    assert [line for line in proposing if "按加总应为 930.00，未采用" not in line] == []
