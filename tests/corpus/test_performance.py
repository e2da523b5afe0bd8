"""Performance forms and small lists of real publications: reviewed figures, and nothing dropped.

The goldens were reviewed by eye against the rendered pages. They hold figures, indicator names and
places; longer texts stand as their length only. After a deliberate change print a new one with
`python -m tests.corpus.test_performance FILE PAGE…` and review it the same way.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from archive.forms import Form, Layout, forms, plain
from archive.model import LineItem, Statement
from archive.text import blocks, pdf, reader
from archive.text.headings import bare, distinct, text_of
from archive.text.tables import Table
from tests import corpus
from tests.reading import read_once

GOLDEN = Path(__file__).parent / "golden"
LONGEST = 20
"""Longer texts are somebody's sentences: their length is enough to notice a change."""

pytestmark = pytest.mark.corpus


def shown(text: str) -> str:
    return text if len(text) <= LONGEST else f"({len(text)} characters)"


def line(item: LineItem) -> list[Any]:
    indicator = "level2" in item.places
    told = {key: shown(value) for key, value in item.attributes.items()}
    money = {measure: amount.text for measure, amount in item.amounts.items()}
    places = "".join(f"{at.row},{at.column};" for at in item.places.values())
    found = [item.page, item.row, item.side or "", item.name if indicator else shown(item.name)]
    return [*found, told, money, places]


def summary(statement: Statement) -> dict[str, Any]:
    return {
        "form": statement.form,
        "pages": list(statement.pages),
        "unit": statement.unit,
        "year": statement.year,
        "subject": statement.subject,
        "columns": [[c.side, c.measure, c.header] for c in statement.columns],
        "items": [line(item) for item in statement.items],
    }


def summaries(pdf_file: Path, pages: Iterable[int]) -> list[dict[str, Any]]:
    """The forms in blocks that begin on the given pages."""
    wanted = set(pages)
    return [
        summary(statement)
        for statement in read_once(pdf_file.read_bytes()).statements
        if forms()[statement.form].layout is Layout.BLOCKS and statement.pages[0] in wanted
    ]


def goldens() -> list[Any]:
    if not corpus.FOLDER.is_dir():
        return [corpus.absent()]
    return sorted(GOLDEN.glob("performance_*.json"))


@pytest.mark.parametrize("golden", goldens(), ids=lambda path: getattr(path, "stem", "absent"))
def test_reviewed_forms_read_as_reviewed(golden: Path) -> None:
    expected = json.loads(golden.read_text())
    pages = [form["pages"][0] for form in expected["forms"]]
    assert summaries(corpus.FOLDER / expected["file"], pages) == expected["forms"]


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda path: getattr(path, "stem", "absent"))
def test_every_cell_of_a_form_in_blocks_is_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []

    def watched(table: Table, form: Form) -> blocks.Reading | None:
        reading = original(table, form)
        if reading is not None:
            lost.extend(missing(table, form, reading))
        return reading

    original = blocks.read
    monkeypatch.setattr(blocks, "read", watched)
    reader.see(pdf.pages(path.read_bytes()))
    assert lost == []


def missing(table: Table, form: Form, reading: blocks.Reading) -> Iterable[str]:
    """Cells whose text stands nowhere in what was read of their form."""
    kept = [reading.statement.title, *reading.statement.notes]
    kept += [column.header for column in reading.statement.columns]
    for item in reading.statement.items:
        kept += [item.name, *item.attributes, *item.attributes.values()]
        kept += [amount.text for amount in item.amounts.values()]
        kept.append(f"{item.name}:{item.attributes.get('content', '')}")
    if reading.rest is not None:
        kept += [cell for row in reading.rest.rows for cell in row if cell]
    headers = [header for group in form.columns.values() for header in group]
    headers += [header for measure in form.measures for header in measure.headers]
    headers += [text for block in form.blocks for text in (*block.labels, *block.head)]
    headers += [f"({reading.statement.year}年度)", "近两年指标值"]
    known = {plain(header) for header in headers}
    whole = plain("\n".join(kept)).replace("：", ":")
    for cell in {id(cell): cell for row in table.rows for cell in distinct(row)}.values():
        text = plain(text_of(cell)).replace("：", ":")
        if text and text not in whole and text not in known and bare(text) not in known:
            yield f"page {cell.page}, row {cell.row}: {text}"


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    found = summaries(corpus.FOLDER / name, map(int, numbers))
    entries = ",\n".join(
        json.dumps({k: v for k, v in form.items() if k != "items"}, ensure_ascii=False)[:-1]
        + ', "items": [\n '
        + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in form["items"])
        + "\n]}"
        for form in found
    )
    sys.stdout.write(f'{{"file": {json.dumps(name)}, "forms": [\n{entries}\n]}}\n')
