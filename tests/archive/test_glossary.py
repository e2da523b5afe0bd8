from __future__ import annotations

import re
from enum import EnumMeta
from pathlib import Path

import pytest

from archive import masking, model
from archive.forms import forms

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith("| Theme")
]


def words() -> list[str]:
    found = []
    for name in model.__all__:
        found.append(name)
        thing = getattr(model, name)
        if isinstance(thing, EnumMeta):
            found += [f"{name}.{member}" for member in thing.__members__]
    return found


@pytest.mark.parametrize("word", words())
def test_every_word_of_the_model_has_a_chinese_term(word: str) -> None:
    [row] = [row for row in ROWS if row[1] == f"`{word}`"]
    assert re.search(r"[\u4e00-\u9fff]", row[2])


def test_every_statement_stands_with_its_canonical_title() -> None:
    rows = {row[1].strip("`"): row[2] for row in ROWS}
    assert {form.id: rows.get(form.id) for form in forms().values()} == {
        form.id: form.title for form in forms().values()
    }


def test_every_measure_is_explained() -> None:
    explained = " ".join(f"{row[2]} {row[3]}" for row in ROWS if row[0].startswith("Measures"))
    parts = {part for f in forms().values() for m in f.measures for part in m.name.split("-")}
    assert {part for part in parts if part not in explained} == set()


def test_the_marks_of_masking_are_the_ones_in_use() -> None:
    marks = {masking.NAME, masking.TELEPHONE, masking.ID_NUMBER, masking.ACCOUNT, masking.MAILBOX}
    assert {row[2] for row in ROWS if row[2].startswith("〔")} == marks


def test_themes_stand_together() -> None:
    themes = [row[0] for row in ROWS]
    assert [t for t, before in zip(themes[1:], themes, strict=False) if t != before] == list(
        dict.fromkeys(themes)
    )[1:]
