"""Every cell of every statement of the real publications at hand, as reviewed.

The goldens were compared by eye with the rendered pages, cell by cell, and against a second reader
(docs/corpus-review.md). They hold figures, codes, names of lines and places; notes stand as their
length only. After a deliberate change print a new one with `python -m tests.corpus.test_goldens
NAME` and review every line that differs in the same way.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive.forms import Layout, forms
from archive.model import Document, LineItem, Mark, Statement
from tests import corpus
from tests.reading import read_once

pytestmark = pytest.mark.corpus

GOLDEN = Path(__file__).parent / "golden"
HEAD = ("title", "unit", "year", "pages", "columns", "notes")


@cache
def document(path: Path) -> Document:
    return read_once(path.read_bytes())


def tables(whole: Document) -> list[Statement]:
    """The statements that are tables; forms in blocks have goldens of their own."""
    return [s for s in whole.statements if forms()[s.form].layout is Layout.TABLE]


def line(item: LineItem) -> list[Any]:
    """[side, code, name, page, row, {measure: printed text, None for a blank}], and attributes."""
    cells = {m: None if a.mark is Mark.BLANK else a.text for m, a in item.amounts.items()}
    found = [item.side, item.code, item.name, item.page, item.row, cells]
    return [*found, item.attributes] if item.attributes else found


def summary(whole: Document) -> dict[str, Any]:
    facts = whole.facts
    return {
        "facts": [facts.agency, facts.level, facts.year, facts.kind],
        "raw": [table.title for table in whole.tables],
        "paragraphs": [len(whole.prose), sum(len(p.text) for p in whole.prose)],
        "headings": [[p.page, p.heading, p.text] for p in whole.prose if p.heading],
        "statements": [
            {
                "form": s.form,
                "title": s.title,
                "unit": s.unit,
                "year": s.year,
                "pages": list(s.pages),
                "columns": [[c.side, c.measure, c.header] for c in s.columns],
                "notes": [len(note) for note in s.notes],
                "items": [line(item) for item in s.items],
            }
            for s in tables(whole)
        ],
    }


def differences(expected: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    """What is not as reviewed, down to the cell."""
    for key in ("facts", "raw", "paragraphs", "headings"):
        if expected[key] != got[key]:
            yield f"{key}: reviewed {expected[key]}, read {got[key]}"
    old = {s["form"]: s for s in expected["statements"]}
    new = {s["form"]: s for s in got["statements"]}
    if [s["form"] for s in expected["statements"]] != [s["form"] for s in got["statements"]]:
        yield f"statements: reviewed {list(old)}, read {list(new)}"
    for form in old.keys() & new.keys():
        for key in HEAD:
            if old[form][key] != new[form][key]:
                yield f"{form} {key}: reviewed {old[form][key]}, read {new[form][key]}"
        yield from cells(form, old[form]["items"], new[form]["items"])


def cells(form: str, expected: list[Any], got: list[Any]) -> Iterator[str]:
    if len(expected) != len(got):
        yield f"{form}: reviewed {len(expected)} rows, read {len(got)}"
    for old, new in zip(expected, got, strict=False):
        where = f"{form}, page {old[3]}, row {old[4]}, {old[1]} {old[2]}"
        if [*old[:5], *old[6:]] != [*new[:5], *new[6:]]:
            yield f"{where}: read as {[*new[:5], *new[6:]]}"
        for measure in {**old[5], **new[5]}:
            texts = [side[5].get(measure, "no cell") for side in (old, new)]
            if texts[0] != texts[1]:
                yield f"{where}, {measure}: reviewed {texts[0]!r}, read {texts[1]!r}"


def goldens() -> list[Any]:
    if not corpus.FOLDER.is_dir():
        return [corpus.absent()]
    return sorted(GOLDEN.glob("statements_*.json"))


@pytest.mark.parametrize("golden", goldens(), ids=lambda path: getattr(path, "stem", "absent"))
def test_every_cell_is_read_as_reviewed(golden: Path) -> None:
    path = corpus.FOLDER / f"{golden.stem.removeprefix('statements_')}.pdf"
    if not path.exists():
        pytest.skip(f"the publication is not here: {path.name}")
    assert list(differences(json.loads(golden.read_text()), summary(document(path)))) == []


@pytest.mark.parametrize("golden", goldens(), ids=lambda path: getattr(path, "stem", "absent"))
def test_no_paragraph_of_length_stands_twice(golden: Path) -> None:
    """A cell that runs over two pages is drawn whole on both of them and clipped on each."""
    path = corpus.FOLDER / f"{golden.stem.removeprefix('statements_')}.pdf"
    if not path.exists():
        pytest.skip(f"the publication is not here: {path.name}")
    texts = [p.text for p in document(path).prose if len(p.text) > 40 and "…" not in p.text]
    assert len(set(texts)) == len(texts)


def printed(found: dict[str, Any]) -> str:
    """The golden as JSON, one line item a line."""
    dump = {**found, "statements": "@"}
    statements = ",\n".join(
        json.dumps({k: v for k, v in s.items() if k != "items"}, ensure_ascii=False)[:-1]
        + ', "items": [\n '
        + ",\n ".join(json.dumps(item, ensure_ascii=False) for item in s["items"])
        + "\n]}"
        for s in found["statements"]
    )
    lines = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in dump.items())
    return "{\n" + ",\n".join(lines).replace('"@"', f"[\n{statements}\n]") + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(printed(summary(document(corpus.FOLDER / f"{sys.argv[1]}.pdf"))))
