"""Old office documents, with stand-ins for the programs that convert them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text import Unreadable
from archive.text.formats import office
from tests.archive import twins

WORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\x00\x00\x07\x07"
)
NAME = "rencai-2024-budget"


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, script: str) -> None:
    """Put a program of that name on the search path, and no other."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(office.shutil, "which", lambda tool: str(program) if tool == name else None)


def docbook(name: str) -> str:
    """A publication as antiword writes it: without merged cells, the texts in their first place."""
    lines = ["<?xml version='1.0' encoding='UTF-8'?><book><chapter>"]
    for part in twins.parts(name):
        if hasattr(part, "text"):
            lines.append(f"<para>{part.text.replace('<br/>', '')}</para>")
            continue
        lines += [f"<para>{line}</para>" for line in (part.number, part.title, *part.caption)]
        rows = "".join(
            f"<row>{''.join(f'<entry><para>{text}</para></entry>' for text in row)}</row>"
            for row in twins.grid_of(part)
        )
        lines.append(f"<informaltable><tgroup><tbody>{rows}</tbody></tgroup></informaltable>")
    return "".join([*lines, "</chapter></book>"])


def test_without_a_program_the_reason_names_those_that_would_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda tool: None)
    for data, wanted in ((WORD, "antiword or LibreOffice"), (b"{\\rtf1 x}", "LibreOffice")):
        with pytest.raises(Unreadable) as caught:
            office.see(data)
        assert caught.value.code == "unread-format"
        assert wanted in caught.value.message


def test_the_tables_that_antiword_keeps_become_statements(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tmp_path / "made.xml"
    made.write_text(docbook(NAME))
    install(monkeypatch, tmp_path / "bin", "antiword", f"cat {made}")

    seen = office.see(WORD)

    forms = {statement.form for statement in seen.statements}
    assert {"budget.total", "budget.expenditure", "budget.basic_economic"} <= forms
    spending = next(s for s in seen.statements if s.form == "budget.expenditure")
    assert spending.items[0].name == "合计"
    assert spending.items[0].amounts["合计"].value is not None


def test_a_conversion_that_loses_the_tables_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path / "bin", "antiword", "echo '<book><para>收支总表</para></book>'")
    with pytest.raises(Unreadable) as caught:
        office.see(WORD)
    assert caught.value.code == "tables-lost"


def test_a_program_that_fails_is_named_with_what_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path / "bin", "antiword", "echo 'is not a Word Document.' >&2; exit 1")
    with pytest.raises(Unreadable) as caught:
        office.see(WORD)
    assert caught.value.code == "damaged"
    assert "antiword: is not a Word Document." in caught.value.message


def test_entities_in_what_a_program_writes_are_not_expanded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("SECRET")
    made = tmp_path / "made.xml"
    made.write_text(
        f"<!DOCTYPE book [<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>]>"
        "<book><para>收支总表 &x;</para></book>"
    )
    install(monkeypatch, tmp_path / "bin", "antiword", f"cat {made}")
    seen = office.see(WORD.replace(b"\x07\x07", b""))
    assert "SECRET" not in repr(seen.prose)
