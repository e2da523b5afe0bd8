"""The real publications with their ruling lines taken away: read by alignment, never wrong."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archive.forms import Form, forms, identify, plain
from archive.model import Certainty, LineItem, Statement
from archive.text.pdf import pages
from archive.text.reader import see
from tests import corpus

pytestmark = pytest.mark.corpus

FLOOR = 0.95
"""The share of cells that must be right; none may be wrong."""


def stripped(path: Path, mode: str) -> list[Statement]:
    """The statements of a PDF whose vertical (or all) ruling lines are gone."""
    ink = list(pages(path.read_bytes()))
    for page in ink:
        flat = [s for s in page.segments if abs(s[0] - s[2]) > abs(s[1] - s[3])]
        page.segments = flat if mode == "verticals" else []
    return see(ink).statements


def same(expected: dict[str, Any], item: LineItem) -> bool:
    if (item.code, plain(item.name)) != (expected["code"], plain(expected["name"])):
        return False
    return "side" not in expected or plain(item.side or "") == plain(expected["side"])


def judge(table: dict[str, Any], statement: Statement | None, form: Form) -> Counter[str]:
    """How many cells are right, wrong (another figure is given) and missing."""
    count: Counter[str] = Counter()
    rest = list(statement.items) if statement else []
    for row in table["rows"]:
        found = next((item for item in rest if same(row, item)), None)
        if found is not None:
            rest.remove(found)
        for key, value in row["values"].items():
            amount = found.amounts.get(form.measure(key) or key) if found else None
            wanted = None if value is None else Decimal(str(value))
            if amount is not None and amount.value == wanted:
                assert amount.certainty is Certainty.ALIGNED
                count["right"] += 1
            else:
                wrong = amount is not None and amount.value is not None
                count["wrong" if wrong else "missing"] += 1
    return count


@pytest.mark.parametrize("mode", ["verticals", "all"])
@pytest.mark.parametrize("path", corpus.expectations(), ids=lambda p: p.stem)
def test_without_rulings_no_figure_is_wrong_and_hardly_any_is_missing(
    path: Path, mode: str
) -> None:
    expected = json.loads(path.read_text())
    statements = stripped(path.parent / expected["file"], mode)
    count: Counter[str] = Counter()
    kind = "final" if "决算" in expected["kind"] else "budget"
    for table in expected["tables"]:
        if table.get("image") or not table["rows"]:
            continue
        (form,) = (form for form in identify(table["title"]) if form.kind == kind)
        found = [s for s in statements if s.form == form.id]
        assert len(found) <= 1
        count += judge(table, found[0] if found else None, forms()[form.id])
    assert count["wrong"] == 0
    assert count["right"] >= FLOOR * count.total()
