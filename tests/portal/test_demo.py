"""The demonstration itself, as `make demo` runs it, and its care for folders of others."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.portal.demo import MARK, headlines, prepare, wrapped

REPOSITORY = Path(__file__).parents[2]


def test_the_demonstration_succeeds_and_says_where_to_look(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.portal.demo", folder],
        capture_output=True,
        check=False,
        cwd=REPOSITORY,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "公务接待费" in ran.stdout
    assert "nothing was committed" in ran.stdout
    assert list((folder / "digests").glob("*/*.html"))
    assert "青麓区人才服务中心" in (folder / "site" / "990103" / "index.html").read_text("utf-8")
    assert (folder / "archive" / "districts" / "990103" / ".git").is_dir()
    commands = re.findall(r"^ {4}(\S*mingzhang) (.+)$", ran.stdout, re.MULTILINE)
    assert len(commands) == 2
    for program, arguments in commands:
        installed = Path(sys.executable).with_name(Path(program).name)
        command = [installed, *arguments.split()]
        subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True)


def test_a_folder_made_by_a_demonstration_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    prepare(folder)
    (folder / "old.txt").write_text("old")
    prepare(folder)
    assert [path.name for path in folder.iterdir()] == [MARK]


@pytest.mark.parametrize("kind", ["full folder", "file", "link"])
def test_what_a_demonstration_did_not_make_is_left_alone(tmp_path: Path, kind: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    folder = mine
    if kind == "file":
        folder = mine / "thesis.txt"
    elif kind == "link":
        (mine / MARK).touch()
        folder = tmp_path / "link"
        folder.symlink_to(mine)
    with pytest.raises(click.UsageError, match="left alone"):
        prepare(folder)
    assert (mine / "thesis.txt").read_text() == "mine"


def test_the_headlines_are_the_digests_first_list_without_its_markup() -> None:
    digest = "# 摘要\n\n- **甲**：[1.00 \\(万元\\)](x.html)\n- 乙\n\n## 其他\n\n- 丙\n"
    assert headlines(digest) == ["甲：1.00 (万元)", "乙"]


def test_wrapping_breaks_no_figure_and_begins_no_line_with_a_comma() -> None:
    assert wrapped("由 0.45 万元变为 4.50 万元，增长", 10) == [
        "由 0.45 万",
        "元变为",
        "4.50 万",
        "元，增长",
    ]
