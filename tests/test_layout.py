"""The repository keeps the shape its documents promise."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests import modules

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p for p in tracked("*.py") if p.stem in FORBIDDEN_NAMES] == []


def test_the_top_level_holds_three_packages_of_code() -> None:
    packages = {p.relative_to(ROOT).parts[0] for p in tracked("*.py")}
    assert packages == {"archive", "benchmarks", "crawler", "diffing", "tests"}


@pytest.mark.parametrize("package", ["archive", "crawler", "diffing"])
def test_no_file_of_the_product_grows_past_what_one_can_read(package: str) -> None:
    long = {
        str(p.relative_to(ROOT)): lines
        for p in tracked(f"{package}/*.py")
        if (lines := len(p.read_text().splitlines())) > 450
    }
    assert long == {}


GEOMETRY = {"bands.py", "device.py", "grid.py", "headtree.py", "layout.py", "stream.py", "words.py"}
GEOMETRY |= {"drawings.py", "judging.py", "recogniser.py", "skew.py", "strips.py"}
"""Modules of the text stage that only know coordinates: no money passes through them."""


def test_money_never_becomes_a_float() -> None:
    suspects = []
    for path in tracked("archive/*.py") + tracked("diffing/*.py"):
        if path.name in GEOMETRY and path.parent.name in ("text", "optical", "formats"):
            assert "import money" not in path.read_text()
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\bfloat\(", line):
                suspects.append(f"{path.relative_to(ROOT)}:{number}")
    assert suspects == []


def test_the_list_of_modules_is_up_to_date() -> None:
    assert modules.PAGE.read_text() == modules.page(), "run: make modules"


def test_every_module_of_the_architecture_table_exists() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"^\| `([\w/.*<>{},]+)`", table, re.MULTILINE)
    plain = [name for name in named if not re.search(r"[*<>{}]", name)]
    assert len(plain) > 15
    assert [name for name in plain if not (ROOT / name).exists()] == []


def test_every_document_that_code_or_a_document_names_is_there() -> None:
    named = re.compile(r"(?<![\w/.])docs/[\w/-]+\.md")
    linked = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w.-]*)?\)")
    missing = []
    for path in [*tracked("*.py"), *tracked("*.md")]:
        text = path.read_text("utf-8")
        places = [ROOT / name for name in named.findall(text)]
        if path.suffix == ".md":
            places += [path.parent / name for name in linked.findall(text)]
        missing += [f"{path.relative_to(ROOT)}: {p}" for p in places if not p.exists()]
    assert missing == []


@pytest.mark.xdist_group("layout")
def test_tests_of_a_group_go_to_one_worker(request: pytest.FixtureRequest) -> None:
    """Else every worker of `make test` does the long trials again: a harvest of six ticks, say."""
    grouped = request.config.getoption("loadgroup", default=False)
    assert not grouped or request.node.nodeid.endswith("@layout")
