"""`mingzhang import`, `history`, `log`, `show` and `as-of`, on real PDFs of fictional districts."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import pytest
from click.testing import CliRunner, Result

from archive import asking
from archive.commands import commands
from archive.ledger import Ledger, now
from archive.locks import LockTaken, held
from archive.originals import Originals
from crawler.markup import absolute
from crawler.portals import Entry
from crawler.publications import Page
from tests.portal import documents

REGISTER = Path(__file__).parents[1] / "portal" / "register"
NAME = "江城区科技创新和人才服务中心"
Run = Callable[..., Result]


def settled(folder: Path) -> Path:
    """A folder with settings in it."""
    text = f'[archive]\npath = "archive"\nregister = ["{REGISTER}"]\n'
    (folder / "mingzhang.toml").write_text(text, encoding="utf-8")
    return folder


def invoke(*arguments: str | Path, config: Path | None = None) -> Result:
    """Run a command line and hand back what it printed."""
    group = click.Group(commands=[*commands, *asking.commands])
    result = CliRunner().invoke(group, [str(a) for a in arguments], obj=config)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings, in which the commands run."""
    monkeypatch.chdir(settled(tmp_path))
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command line there."""
    return invoke


def put(home: Path, name: str, file: str = "") -> Path:
    """A generated publication as a file."""
    path = home / (file or f"{name}.pdf")
    path.write_bytes(documents.pdf(name))
    return path


def test_a_document_that_says_what_it_is_needs_nothing_stated(home: Path, run: Run) -> None:
    result = run("import", put(home, "kechuang-2024-budget"))
    assert result.exit_code == 0
    assert re.fullmatch(
        rf"kechuang-2024-budget\.pdf: {NAME} 2024年部门预算 \(收录, [0-9a-f]{{10}}\)\n",
        result.stdout.replace(f"{home}/", ""),
    )
    assert result.stderr == ""
    log = subprocess.run(
        ["git", "-C", "archive/districts/990101", "log", "-1", "--format=%s%n%B"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert log.startswith(f"收录 {NAME} 2024年部门预算\n")
    assert "Source-Url: file:kechuang-2024-budget.pdf\n" in log
    assert str(home) not in log


def test_importing_again_changes_nothing(home: Path, run: Run) -> None:
    path = put(home, "kechuang-2024-budget")
    run("import", path)
    before = Path("archive/districts/990101/.git/refs/heads/main").read_text()
    result = run("import", path)
    assert result.exit_code == 0
    assert result.stdout == f"{path}: already archived: {NAME} 2024年部门预算\n"
    assert Path("archive/districts/990101/.git/refs/heads/main").read_text() == before


def test_every_bad_file_gets_a_line_and_the_rest_goes_on(home: Path, run: Run) -> None:
    good = put(home, "kechuang-2024-budget")
    (home / "empty.pdf").write_bytes(b"")
    (home / "page.pdf").write_bytes(b"<html><body>not found</body></html>")
    (home / "cut.pdf").write_bytes(good.read_bytes()[:5000])
    result = run("import", "missing.pdf", "empty.pdf", "page.pdf", "cut.pdf", good.name)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{good.name}: {NAME} 2024年部门预算 (收录, ")
    lines = result.stderr.splitlines()
    assert lines[0] == "missing.pdf: no such file or directory"
    assert lines[1] == "empty.pdf: the file is empty (0 bytes)"
    assert re.fullmatch(r"page\.pdf: kept, but not readable: .+ \(no-statement\)", lines[2])
    assert re.fullmatch(r"cut\.pdf: kept, but not readable: .+ \((truncated|damaged)\)", lines[3])
    assert len(lines) == 4
    assert Ledger(Path("archive/ledger")).verify_chain() == []
    assert run("import", good.name).exit_code == 0


def test_the_results_come_as_json_too(home: Path, run: Run) -> None:
    result = run("import", "--json", "missing.pdf", put(home, "kechuang-2024-final"))
    assert result.exit_code == 1
    missing, good = json.loads(result.stdout)
    assert missing == {
        "file": "missing.pdf",
        "status": "failed",
        "message": "no such file or directory",
    }
    assert (good["status"], good["kind"]) == ("committed", "first")
    assert good["document_id"] == "990101/990101.001/department/2024/final"
    assert good["name"] == f"{NAME} 2024年部门决算"


def test_what_is_stated_holds_and_the_disagreement_is_shown(home: Path, run: Run) -> None:
    path = put(home, "kechuang-2024-budget")
    stated = {
        "--division": "990101",
        "--agency": "990101.003",
        "--year": "2023",
        "--kind": "budget",
        "--level": "department",
        "--title": "某表",
        "--published": "2023-02-01",
        "--url": "https://www.example.gov.cn/a.pdf",
    }
    result = run("import", path, *(word for option in stated.items() for word in option))
    assert result.exit_code == 0
    first, *notes = result.stdout.splitlines()
    assert "江城区档案馆 2023年部门预算 (收录, " in first
    assert notes
    assert all(note.startswith("  note: ") for note in notes)
    assert any("2024" in note for note in notes)
    (version,) = json.loads(run("history", "--json").stdout)
    assert version["source_url"] == "https://www.example.gov.cn/a.pdf"
    assert version["published"] == "2023-02-01"


def test_an_unfiled_document_is_kept_and_the_reason_said(home: Path, run: Run) -> None:
    settings = home / "mingzhang.toml"
    settings.write_text('[archive]\npath = "archive"\n', encoding="utf-8")
    result = run("import", put(home, "kechuang-2024-budget"))
    assert result.exit_code == 1
    assert "kechuang-2024-budget.pdf: kept, but not filed: " in result.stderr
    assert NAME in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["folder"], "folder is a folder; name its files: folder/*"),
        (["a.pdf", "b.pdf", "--url", "https://x.example"], "--url is the address of one file"),
        (["a.pdf", "--url", "www.example.gov.cn/a.pdf"], "is no web address (https://…)"),
        (["a.pdf", "--url", "file:///etc/passwd"], "is no web address (https://…)"),
        (["a.pdf", "--url", "http://[x/a.pdf"], "is no web address (https://…)"),
        (["a.pdf", "--division", "999999"], "'999999' is not in the register"),
        (
            ["a.pdf", "--division", "990101", "--agency", "江城区档案局"],
            "the register knows no agency 江城区档案局; nearest: 江城区档案馆",
        ),
        (["a.pdf", "--kind", "draft"], "'draft' is not one of"),
        (["a.pdf", "--year", "24"], "24 is not in the range"),
        (["a.pdf", "--published", "yesterday"], "'yesterday' does not match"),
        ([], "Missing argument"),
    ],
)
def test_wrong_use_is_told_before_anything_is_done(
    home: Path, run: Run, arguments: list[str], says: str
) -> None:
    (home / "folder").mkdir()
    result = run("import", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (home / "archive").exists()


def test_a_file_named_twice_is_archived_once_and_both_times_told_so(home: Path, run: Run) -> None:
    path = put(home, "kechuang-2024-budget")
    result = run("import", path, path)
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first == second
    assert "(收录, " in first


def test_a_pipe_is_not_waited_for(home: Path, run: Run) -> None:
    os.mkfifo(home / "pipe.pdf")
    result = run("import", "pipe.pdf")
    assert (result.exit_code, result.stderr) == (1, "pipe.pdf: not a regular file\n")


def test_a_file_beyond_all_measure_is_not_kept_for_ever(home: Path, run: Run) -> None:
    with (home / "disk.img").open("wb") as file:
        file.truncate((512 << 20) + 1)
    result = run("import", "disk.img")
    assert (result.exit_code, result.stderr) == (1, "disk.img: larger than 512 megabytes\n")


def test_an_address_is_written_as_the_crawler_writes_it(home: Path, run: Run) -> None:
    address = "https://www.example.gov.cn/2024 预算.pdf"
    assert run("import", put(home, "kechuang-2024-budget"), "--url", address).exit_code == 0
    (version,) = json.loads(run("history", "--json").stdout)
    assert version["source_url"] == absolute(
        Page(url="https://www.example.gov.cn/", text="", entry=Entry(url="")), address
    )


def test_a_person_in_a_file_name_does_not_get_into_the_history(home: Path, run: Run) -> None:
    path = put(home, "kechuang-2024-budget", "联系人张小帆13800138000.pdf")
    assert run("import", path).exit_code == 0
    (version,) = json.loads(run("history", "--json").stdout)
    assert "13800138000" not in version["source_url"]
    assert "张小帆" not in unquote(version["source_url"])


def test_an_original_damaged_in_the_store_is_told_and_the_rest_goes_on(
    home: Path, run: Run
) -> None:
    path, other = put(home, "kechuang-2024-budget"), put(home, "kechuang-2025-budget")
    run("import", path)
    originals = Originals(Path("archive/originals"))
    kept = originals.path(hashlib.sha256(path.read_bytes()).hexdigest())
    kept.chmod(0o644)
    kept.write_bytes(b"x")
    result = run("import", path, other)
    assert result.exit_code == 1
    assert "restore this file from a backup" in result.stderr
    assert f"{NAME} 2025年部门预算 (收录, " in result.stdout


def test_a_name_that_steers_the_terminal_is_shown_harmless(home: Path, run: Run) -> None:
    result = run("import", "a\x1b[2J\nb.pdf")
    assert result.stderr == "a�[2J�b.pdf: no such file or directory\n"


def test_files_wait_while_another_run_writes_their_district(home: Path, run: Run) -> None:
    path = put(home, "kechuang-2024-budget")
    run("import", path)
    other = put(home, "kechuang-2025-budget")
    lock = home / "archive" / "locks" / "990101.lock"
    with held(lock, "x", now), pytest.raises(LockTaken, match="another run is writing"):
        run("import", other)
    result = run("import", path)
    assert "left over from an earlier run: file:kechuang-2025-budget.pdf: " in result.stdout
    assert f"{NAME} 2025年部门预算 (收录, " in result.stdout


# --- history ---


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with two years of one agency, one of them replaced, and another agency."""
    home = settled(tmp_path_factory.mktemp("filled"))
    config = home / "mingzhang.toml"
    # days of their own: what was seen in one second and what in the next is left to chance
    days = {
        "archives-2025-budget": "2024-01-15",
        "kechuang-2024-budget": "2024-02-03",
        "kechuang-2025-budget": "2025-02-03",
    }
    for name, day in days.items():
        found = invoke("import", put(home, name), "--published", day, config=config)
        assert found.exit_code == 0
    replaced = put(home, "kechuang-2025-budget-replaced", "kechuang-2025-budget.pdf")
    assert invoke("import", replaced, config=config).exit_code == 0
    return home


@pytest.fixture
def filled(archived: Path) -> Run:
    """Run a command line on that archive."""
    return partial(invoke, config=archived / "mingzhang.toml")


def documents_listed(result: Result) -> list[tuple[str, str]]:
    assert result.exit_code == 0, result.output
    found = re.findall(r"(收录|修订) +(\S+ \S+?) {2,}", result.stdout)
    return [(kind, name.strip()) for kind, name in found]


def test_versions_are_listed_newest_first(filled: Run, archived: Path) -> None:
    result = filled("history")
    assert documents_listed(result) == [
        ("修订", f"{NAME} 2025年部门预算"),
        ("收录", f"{NAME} 2025年部门预算"),
        ("收录", f"{NAME} 2024年部门预算"),
        ("收录", "江城区档案馆 2025年部门预算"),
    ]
    newest = result.stdout.splitlines()[1].split()
    log = subprocess.run(
        ["git", "-C", str(archived / "archive/districts/990101"), "log", "-1", "--format=%H %B"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert log.startswith(newest[-1])
    assert len(newest[-1]) == 10
    assert f"Original-Sha256: {newest[-2]}" in log
    assert len(newest[-2]) == 12


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ([NAME], 3),
        (["区科创人才中心"], 3),
        (["990101.001"], 3),
        (["990101.001", "--year", "2025"], 2),
        (["--kind", "final"], 0),
        (["--kind", "budget"], 4),
        (["--division", "990101"], 4),
        (["--division", "310107"], 0),
        (["990101/990101.001/department/2024/budget"], 1),
        (["990101/990101.001"], 3),
        (["990101.002"], 0),
    ],
)
def test_the_list_can_be_narrowed(filled: Run, arguments: list[str], count: int) -> None:
    assert len(documents_listed(filled("history", *arguments))) == count


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["科技创新和人才"], f"the register knows no agency 科技创新和人才; nearest: {NAME}"),
        (["990101/990101.001/department/2031/budget"], "nearest: 990101/990101.001/department/20"),
        (["990101/990101.00"], "no document 990101/990101.00 is archived"),
        (["--division", "999999"], "'999999' is not in the register"),
    ],
)
def test_what_is_not_known_is_an_error_with_the_nearest_that_is(
    filled: Run, arguments: list[str], says: str
) -> None:
    result = filled("history", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_history_comes_as_json_too(filled: Run) -> None:
    rows: list[dict[str, Any]] = json.loads(filled("history", NAME, "--json").stdout)
    assert [row["kind"] for row in rows] == ["revision", "first", "first"]
    assert rows[0]["document_id"] == "990101/990101.001/department/2025/budget"
    assert rows[0]["name"] == f"{NAME} 2025年部门预算"
    assert len(rows[0]["commit"]) == 40
    assert [len(sha256) for sha256 in rows[0]["originals"]] == [64]


def test_an_empty_archive_has_no_history(home: Path, run: Run) -> None:
    result = run("history")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "nothing is archived yet\n"
    assert not (home / "archive").exists()


# --- log, show, as-of ---

BUDGET = "990101/990101.001/department/2025/budget"


def test_the_log_has_the_order_of_our_commits(filled: Run) -> None:
    rows: list[dict[str, Any]] = json.loads(filled("log", "--json").stdout)
    assert [row["kind"] for row in rows] == ["revision", "first", "first", "first"]
    assert rows[0]["document_id"] == BUDGET


def test_a_version_is_shown_with_where_it_came_from(filled: Run) -> None:
    newest, first = json.loads(filled("history", BUDGET, "--json").stdout)
    result = filled("show", BUDGET)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        f"{NAME} 2025年部门预算\n  event: 修订 {newest['commit'][:10]}\n"
    )
    assert f"  original: {newest['originals'][0]}\n" in result.stdout
    assert re.search(r"^  01 .*总表 \(万元\): \d+ rows$", result.stdout, re.MULTILINE)
    older = filled("show", f"{BUDGET}@{first['commit'][:8]}")
    assert f"  original: {first['originals'][0]}\n" in older.stdout
    document = json.loads(filled("show", BUDGET, "--json").stdout)["document"]
    assert document["original"] == newest["originals"][0]


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("somewhere", "is no document id such as"),
        (f"{BUDGET}@yesterday", "yesterday is neither a commit nor a date"),
        (f"{BUDGET}@1999-01-01", "nothing is held as"),
        (f"{BUDGET}@ffffffff", "nothing is held as"),
        ("990101/990101.001/department/2031/budget", "nearest: 990101/990101.001/department"),
    ],
)
def test_a_version_that_is_not_held_is_an_error(filled: Run, reference: str, says: str) -> None:
    result = filled("show", reference)
    assert result.exit_code == 2
    assert says in result.stderr


def test_as_of_tells_what_was_published_from_what_was_held(home: Path, run: Run) -> None:
    run("import", put(home, "kechuang-2025-budget"), "--published", "2025-02-14")
    replaced = put(home, "kechuang-2025-budget-replaced")
    run("import", replaced, "--published", "2025-03-20")
    newest, first = json.loads(run("history", "--json").stdout)
    (one,) = json.loads(run("as-of", "2025-03-01", "--json").stdout)
    assert one["published"]["originals"] == first["originals"]
    assert one["held"] is None
    (one,) = json.loads(run("as-of", "2125-03-01", NAME, "--json").stdout)
    assert one["published"]["originals"] == one["held"]["originals"] == newest["originals"]
    assert run("as-of", "2025-01-01").stderr == "nothing is archived yet\n"
    table = run("as-of", "2025-03-01").stdout
    assert f"{NAME} 2025年部门预算" in table
    assert first["originals"][0][:12] in table
