"""Every figure of the hand-checked publications, through `read --json`'s own report."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archive import money
from archive.forms import Form, forms, identify, plain
from archive.text.report import report
from tests import corpus
from tests.reading import read_once

ATTRIBUTES = ("category", "function", "item", "quantity", "measure", "method", "block")

pytestmark = pytest.mark.corpus


def matching_form(title: str, kind: str) -> Form:
    """The form an expected table's title names."""
    wanted = "final" if "决算" in kind else "budget"
    return next(form for form in identify(title) if form.kind == wanted)


def same_row(expected: dict[str, Any], got: dict[str, Any]) -> bool:
    if (got["code"], plain(got["name"])) != (expected["code"], plain(expected["name"])):
        return False
    if "side" in expected and plain(got.get("side", "")) != plain(expected["side"]):
        return False
    given = [key for key in ATTRIBUTES if key in expected]
    return all(plain(got.get(key, "")) == plain(expected[key]) for key in given)


def wrong_cells(expected: dict[str, Any], table: dict[str, Any], form: Form) -> list[str]:
    """Rows and cells of one table that are missing, surplus or not equal."""
    faults = []
    rest = list(table["rows"])
    for row in expected["rows"]:
        found = next((got for got in rest if same_row(row, got)), None)
        if found is None:
            faults.append(f"missing row {row['code']} {row['name']}")
            continue
        rest.remove(found)
        measures = {
            c["measure"]: c["header"] for c in table["columns"] if c["side"] == found.get("side")
        }
        for key, value in row["values"].items():
            header = measures.get(form.measure(key) or key)
            text = found["values"].get(header) if header else None
            read_value = None if text is None else money.parse(text)[1]
            if header is None or read_value != (None if value is None else Decimal(str(value))):
                faults.append(f"{row['code']} {row['name']} {key}: expected {value}, read {text}")
    return faults + [f"surplus row {got['code']} {got['name']}" for got in rest]


@pytest.mark.parametrize("path", corpus.expectations(), ids=lambda p: p.stem)
def test_no_cell_is_wrong_or_missing(path: Path) -> None:
    expected = json.loads(path.read_text())
    pdf = path.parent / expected["file"]
    got = report(read_once(pdf.read_bytes()), pdf.name)
    assert (got["year"], got["kind"]) == (expected["year"], expected["kind"])
    faults: list[str] = []
    for table in expected["tables"]:
        if table.get("image"):
            continue
        form = matching_form(table["title"], expected["kind"])
        read_tables = [t for t in got["tables"] if t["form"] == form.id]
        if len(read_tables) != 1:
            faults.append(f"{table['title']}: {len(read_tables)} statements of {form.id}")
            continue
        assert read_tables[0]["unit"] == expected["unit"]
        assert read_tables[0]["pages"] == table.get("pages", [table["page"]])
        title = table["title"]
        faults += [f"{title}: {f}" for f in wrong_cells(table, read_tables[0], form)]
    assert faults == []


def test_every_form_that_is_expected_somewhere_is_known() -> None:
    assert {"final.total", "budget.project", "budget.sangong"} <= set(forms())


@pytest.mark.parametrize("path", corpus.expectations()[:2], ids=lambda p: p.stem)
def test_the_printed_precision_is_kept(path: Path) -> None:
    got = report(read_once((path.parent / json.loads(path.read_text())["file"]).read_bytes()), "x")
    printed = [v for t in got["tables"] for r in t["rows"] for v in r["values"].values() if v]
    assert printed
    assert all("." in v and len(v.rsplit(".", 1)[1]) == 2 for v in printed)
