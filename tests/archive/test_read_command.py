from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from archive import text
from archive.model import Remark
from crawler.cli import mingzhang
from tests.diffing.build import budget


def read(*arguments: str) -> Result:
    found = CliRunner().invoke(mingzhang, ["read", *arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit)
    return found


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file is named, the text stage sees this."""
    found = budget()
    first = structs.replace(found.statements[0], title="收支总表\x1b[2J", notes=("注\x1b[31m",))
    found = structs.replace(
        found,
        statements=(first, *found.statements[1:]),
        remarks=(Remark("page-image", "\x1b]0;owned\x07图片", 7),),
    )
    monkeypatch.setattr(text, "read_apart", lambda path: found)


def test_every_statement_and_every_remark_is_listed(pretended: None) -> None:
    found = read("a.pdf")

    assert found.exit_code == 0
    assert "a.pdf: agency unknown · year unknown · kind unknown · 9 pages" in found.stdout
    rows = [line.split() for line in found.stdout.splitlines()]
    assert ["5", "部门支出总表", "budget.expenditure", "万元", "3"] in rows
    assert any(row[:3] == ["note:", "page", "7:"] for row in rows)


def test_nothing_in_a_document_or_its_name_steers_the_terminal(pretended: None) -> None:
    for arguments in (["a.pdf"], ["a.pdf", "--form", "budget.total"], ["x\x1b[2J.pdf"]):
        found = read(*arguments)
        assert found.exit_code == 0
        assert not {"\x1b", "\x07"} & set(found.stdout)


def test_one_statement_is_shown_whole(pretended: None) -> None:
    shown = read("a.pdf", "--form", "budget.expenditure").stdout.splitlines()

    assert ["5", "4", "20699", "科技人才", "100.00", "40.00", "60.00"] in [
        line.split() for line in shown
    ]
    other = read("a.pdf", "--form", "final.total")
    assert other.exit_code == 2
    assert "it has: budget.total, budget.expenditure" in other.stderr


def test_everything_is_given_to_machines(pretended: None) -> None:
    assert json.loads(read("a.pdf", "--json").stdout)["file"] == "a.pdf"


def test_a_file_that_cannot_be_read_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    rogue = tmp_path / "x\x1b[2J.pdf"
    rogue.write_text("hello")

    for name in (str(tmp_path / "none.pdf"), str(rogue), str(tmp_path)):
        found = read(name)
        assert found.exit_code == 1
        assert len(found.stderr.splitlines()) == 1
        assert "\x1b" not in found.stderr
    assert "none.pdf: No such file" in read(str(tmp_path / "none.pdf")).stderr
