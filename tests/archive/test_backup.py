"""The drill of docs/backup.md, with its own commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.model import Document, Identity
from tests.archive.storing import PLANNING, Workshop, identity_of, paper, seen, told

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "backup.md").read_text(encoding="utf-8")
OTHER = ("https://czj.example/b.pdf", "https://czj.example/b.html", "", None, "b.pdf")


def do(block: str, archive: Path, backup: Path) -> subprocess.CompletedProcess[str]:
    """Run a block of the document as a shell would."""
    (script,) = re.findall(rf"```sh {block}\n(.*?)```", DOCUMENTED, re.DOTALL)
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["sh", "-eu", "-c", script],
        env={**os.environ, "PATH": here, "ARCHIVE": str(archive), "BACKUP": str(backup)},
        capture_output=True,
        text=True,
    )


def everything(workshop: Workshop) -> dict[tuple[str, Identity], Document]:
    district = workshop.archive.repository("310107")
    return {
        (entry.commit, identity_of(entry)): district.read(identity_of(entry), entry.commit)
        for entry in district.history()
    }


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper({"行政运行": "1"}), seen()), (paper(agency=PLANNING), seen(*OTHER)))
    workshop.run((paper({"行政运行": "2"}), seen()), (b"<html>", seen("https://czj.example/c")))
    return workshop


def test_a_restored_archive_says_the_same_and_goes_on(workshop: Workshop, tmp_path: Path) -> None:
    assert do("backup", workshop.root, tmp_path / "backup").returncode == 0
    workshop.run((paper({"行政运行": "3"}), seen()))
    again = do("backup", workshop.root, tmp_path / "backup")
    assert (again.returncode, again.stderr) == (0, "")
    before, rows = everything(workshop), list(workshop.archive.ledger.rows())
    workshop.archive.close()
    shutil.rmtree(workshop.root)

    assert do("restore", tmp_path / "elsewhere", tmp_path / "backup").returncode == 0
    restored = Workshop(tmp_path / "elsewhere")
    assert everything(restored) == before
    assert len(before) == 4
    assert list(restored.archive.ledger.rows()) == rows
    checked = do("check", restored.root, tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "")

    restored.clock.pass_days(5)
    assert restored.run((paper({"行政运行": "3"}), seen())) == []
    assert told(restored.run((paper({"行政运行": "4"}), seen()))) == [("committed", "revision")]
    status = ["git", "-C", str(restored.root / "districts/310107"), "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, text=True).stdout == ""


def test_a_folder_copied_as_a_whole_goes_on_too(workshop: Workshop, tmp_path: Path) -> None:
    workshop.archive.close()
    shutil.copytree(workshop.root, tmp_path / "elsewhere")
    restored = Workshop(tmp_path / "elsewhere")
    restored.clock.pass_days(5)
    assert everything(restored) == everything(workshop)
    assert told(restored.run((paper({"行政运行": "4"}), seen()))) == [("committed", "revision")]
    copy = restored.root / "districts/310107/上海市普陀区财政局/2024年/部门决算/statements"
    assert ",4," in (copy / "01-支出决算表.csv").read_text(encoding="utf-8")


def test_a_ledger_older_than_the_repositories_doubles_nothing(
    workshop: Workshop, tmp_path: Path
) -> None:
    intake = workshop.intake()
    intake.offer(paper({"行政运行": "3"}), seen())
    shutil.copytree(workshop.root / "ledger", tmp_path / "elsewhere" / "ledger")
    intake.process()
    for part in ("districts", "originals"):
        shutil.copytree(workshop.root / part, tmp_path / "elsewhere" / part)

    restored = Workshop(tmp_path / "elsewhere")
    restored.clock.pass_days(5)
    assert told(restored.run()) == [("unchanged", "")]
    assert everything(restored) == everything(workshop)
    assert restored.run() == []


@pytest.mark.parametrize("part", ["originals", "districts", "ledger"])
def test_the_check_finds_a_flipped_byte(workshop: Workshop, tmp_path: Path, part: str) -> None:
    workshop.archive.close()
    largest = max(
        (p for p in (workshop.root / part).rglob("*") if p.is_file() and _kept(p)),
        key=lambda p: (p.suffix == ".pack", p.stat().st_size),
    )
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 1
    largest.chmod(0o644)
    largest.write_bytes(data)
    assert do("check", workshop.root, tmp_path).returncode != 0


def _kept(path: Path) -> bool:
    return ".git" not in path.parts or path.suffix == ".pack"


def test_a_rewritten_history_is_refused_by_the_backup(workshop: Workshop, tmp_path: Path) -> None:
    do("backup", workshop.root, tmp_path / "backup")
    district = workshop.root / "districts" / "310107"
    reset = ["git", "-C", str(district), "update-ref", "refs/heads/main", "main~1"]
    subprocess.run(reset, check=True)
    refused = do("backup", workshop.root, tmp_path / "backup")
    assert refused.returncode != 0
    assert "does not continue what was backed up" in refused.stderr
    copy = tmp_path / "backup" / "districts" / "310107.git"
    kept = subprocess.run(
        ["git", "-C", str(copy), "rev-list", "--count", "main"], capture_output=True, text=True
    )
    assert kept.stdout == "4\n"  # what was backed up stays: the first commit and three versions
