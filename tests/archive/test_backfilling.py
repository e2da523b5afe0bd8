"""`mingzhang backfill`, and the other keeping commands, from the command line."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive import asking, keeping
from archive.audit import commands as auditing
from archive.backfilling import Older, listed
from tests.archive.test_commands import NAME, settled
from tests.portal import documents

pytestmark = pytest.mark.xdist_group("backfilling")  # entered once, not by every worker
GROUP = click.Group(commands=[*asking.commands, *keeping.commands, *auditing.commands])
VERSIONS = {
    "2025-02-14": "kechuang-2025-budget",
    "2025-03-20": "kechuang-2025-budget-replaced",
    "2024-02-07": "kechuang-2024-budget",
}


def run(home: Path, *arguments: str | Path) -> Result:
    config = home / "mingzhang.toml"
    result = CliRunner().invoke(GROUP, [str(a) for a in arguments], obj=config)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def entered(home: Path, order: tuple[str, ...]) -> Path:
    """An archive into which the versions were entered one by one in this order."""
    home.mkdir()
    settled(home)
    for day in order:
        folder = home / day
        folder.mkdir()
        (folder / f"{day} 预算.pdf").write_bytes(documents.pdf(VERSIONS[day]))
        result = run(home, "backfill", folder)
        assert result.exit_code == 0, result.output
        assert "(补录, " in result.stdout
    return home


def asked(home: Path) -> list[Any]:
    """What history and as-of say, without our own clock and hashes."""
    rows = json.loads(run(home, "history", "--json").stdout)
    for row in rows:
        for ours in ("commit", "held", "observed", "run", "state"):
            row.pop(ours, None)
    said = [rows]
    for day in ("2024-06-01", "2025-03-01", "2025-04-01"):
        found = json.loads(run(home, "as-of", day, "--json").stdout)
        said.append([(one["document_id"], one["published"]["originals"]) for one in found])
        assert all(one["held"] is None for one in found)
    return said


@pytest.fixture(scope="module")
def in_every_order(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("orders")
    orders = itertools.permutations(VERSIONS)
    return [entered(root / str(n), order) for n, order in enumerate(orders)]


def test_the_order_of_entering_plays_no_part(in_every_order: list[Path]) -> None:
    answers = [asked(home) for home in in_every_order]
    assert answers[1:] == answers[:1] * 5
    history, *days = answers[0]
    assert [row["published"] for row in history] == ["2025-03-20", "2025-02-14", "2024-02-07"]
    assert {row["kind"] for row in history} == {"backfill"}
    assert [len(day) for day in days] == [1, 2, 2]
    assert days[1][1] != days[2][1]


def test_the_newest_is_what_is_shown(in_every_order: list[Path]) -> None:
    shown = [
        json.loads(run(home, "show", "990101/990101.001/department/2025/budget", "--json").stdout)
        for home in in_every_order
    ]
    assert {one["entry"]["published"] for one in shown} == {"2025-03-20"}
    assert len({json.dumps(one["document"]) for one in shown}) == 1


def test_a_verify_finds_every_order_sound(in_every_order: list[Path]) -> None:
    result = run(in_every_order[1], "verify")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "no fault")
    report = json.loads(run(in_every_order[1], "verify", "--quick", "--json").stdout)
    assert report["faults"] == []
    clone = in_every_order[1] / "archive" / "districts" / "990101"
    assert "originals are not here" in run(in_every_order[1], "verify", clone).stdout


def test_a_fault_ends_with_one(in_every_order: list[Path]) -> None:
    home = in_every_order[2]
    file = next((home / "archive" / "originals").glob("??/??/*"))
    data = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(b"x")
    result = run(home, "verify", "--quick")
    file.write_bytes(data)
    assert result.exit_code == 1
    assert f"FAULT originals: {file}: its bytes have sha256" in result.stderr
    assert result.stdout.splitlines()[-1] == "1 fault"


def test_nothing_to_read_again_is_said(in_every_order: list[Path]) -> None:
    result = run(in_every_order[0], "reextract", "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "0 read again: 0 differ, 0 are the same\n")


def test_sealing_exporting_and_pushing_from_the_command_line(
    in_every_order: list[Path], tmp_path: Path
) -> None:
    home = in_every_order[3]
    (row, *_) = json.loads(run(home, "history", NAME, "--json").stdout)
    (sha256,) = row["originals"]
    result = run(home, "withhold", sha256, "--reason", "court order")
    assert (result.exit_code, result.stdout) == (0, f"{sha256} is sealed\n")
    assert run(home, "withhold", "abc", "--reason", "x").exit_code == 2
    assert (
        "its original is sealed (封存): court order" in run(home, "show", row["document_id"]).stdout
    )
    verified = run(home, "verify", "--quick")
    assert verified.exit_code == 0
    assert f"withheld: {sha256}: court order" in verified.stdout

    target = tmp_path / "out.warc.gz"
    assert run(home, "export-warc", target).stdout == f"{target}: nothing was seen over HTTP\n"
    assert run(home, "export-warc", target).exit_code == 2

    settings = home / "mingzhang.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}second = "second"\n', encoding="utf-8")
    assert run(home, "push").exit_code == 0
    assert len(list((home / "second").glob("??/??/*"))) == 2
    assert run(home, "verify", "--quick").exit_code == 0


def test_a_checkpoint_needs_a_key(in_every_order: list[Path]) -> None:
    result = run(in_every_order[4], "checkpoint")
    assert result.exit_code == 2
    assert "set [archive] signing_key, or say --key" in result.stderr


def test_a_list_says_file_and_date(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("file,published,title\nb.pdf,2024-02-07,标题\na.pdf,2023-02-07,\n", "utf-8")
    assert listed(path) == [
        Older(tmp_path / "a.pdf", date(2023, 2, 7)),
        Older(tmp_path / "b.pdf", date(2024, 2, 7), title="标题"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file\na.pdf\n", "needed are file and published"),
        ("file,published,colour\n", "needed are file and published"),
        ("file,published\na.pdf,07.02.2024\n", "line 2: '07.02.2024' is no date"),
        ("file,published\na.pdf\n", "line 2: None is no date"),
    ],
)
def test_a_list_that_cannot_be_used_is_an_error(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=says):
        listed(path)


def test_a_name_without_a_date_claims_none(tmp_path: Path) -> None:
    for name in ("20240207预算.pdf", "2024年02月08日.pdf", "预算2024-02-07.pdf", "20241399.pdf"):
        (tmp_path / name).touch()
    assert {one.file.name: one.published for one in listed(tmp_path)} == {
        "20240207预算.pdf": date(2024, 2, 7),
        "2024年02月08日.pdf": date(2024, 2, 8),
        "预算2024-02-07.pdf": None,
        "20241399.pdf": None,
    }
