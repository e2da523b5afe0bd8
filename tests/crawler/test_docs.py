"""The documentation says what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from crawler import families, portals
from crawler.report import FAILURES, TroubleKind
from tests.portal.faults import FAULTS

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
GUIDE = (DOCS / "adding-a-district.md").read_text(encoding="utf-8")
KNOWN = (DOCS / "portals.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    parts = GUIDE.split("```")
    blocks = [part for part in parts[1::2] if part.startswith(language)]
    return ["\n".join(line.strip() for line in block.splitlines()[1:]) for block in blocks]


def test_the_portal_file_in_the_guide_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "minghu.toml"
    path.write_text(fenced("toml")[1], encoding="utf-8")
    portal = portals.read(path)
    assert portal.family in families.names()
    assert portal.minimum_documents == 40


def test_the_settings_in_the_guide_are_settings(tmp_path: Path) -> None:
    from crawler.harvest import HarvestSettings

    assert set(tomllib.loads(fenced("toml")[0])["harvest"]) <= set(
        HarvestSettings.__struct_fields__
    )


def test_every_trouble_is_explained_and_said_to_fail_the_run_or_not() -> None:
    rows = {
        word.strip(" `"): row.rstrip("| ").endswith("yes")
        for row in GUIDE.splitlines()
        if row.startswith("| `") and row.count("|") == 4
        for word in row.split("|")[1].split(",")
    }
    assert {kind: kind in FAILURES for kind in TroubleKind} == {
        kind: rows.get(kind) for kind in TroubleKind
    }


def test_every_packaged_portal_and_family_is_named_in_the_guide() -> None:
    assert all(f"`{slug}`" in GUIDE for slug in portals.load())
    assert all(f"`{name}`" in GUIDE for name in families.names())


def test_every_fault_of_the_mock_portal_has_a_test_that_shows_how_it_ends() -> None:
    rows = [
        row.split("|")[1:4] for row in KNOWN.partition("| fault |")[2].splitlines() if "`" in row
    ]
    named = {name for fault, *_ in rows for name in re.findall(r"`([\w-]+)`", fault)}
    assert named >= FAULTS.keys()
    written = "".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    shown = {name for *_, tests in rows for name in re.findall(r"`(\w+)`", tests)}
    assert [name for name in shown if f"def {name}(" not in written] == []
    assert all("`test_" in tests for *_, tests in rows)
