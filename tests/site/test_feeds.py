"""The feeds beside the site's pages: valid, linked, leading to pages that are there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree, html

from archive.model import ChangeKind
from crawler.cli import mingzhang
from diffing.render.atom import ATOM
from tests.diffing.archived import Filing, identity
from tests.diffing.build import budget
from tests.diffing.test_feed import read

AGENCY = f"310107/{identity().agency}"


class Press:
    """A folder with an archive, and the site built in it as an operator does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.filing = Filing(root / "archive")
        self.filing.commit(budget("60.00"), identity(2023))
        self.filing.commit(budget("80.00"), identity(2024))
        self.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
        (root / "mingzhang.toml").write_text("", "utf-8")

    def build(self) -> dict[str, Any]:
        config = str(self.root / "mingzhang.toml")
        done = CliRunner().invoke(mingzhang, ["--config", config, "site", "build", "--json"])
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def links(self, page: str) -> list[str]:
        """Where a page says that its feed is."""
        tree = html.document_fromstring((self.root / "site" / page).read_bytes().decode())
        return [str(e.get("href")) for e in tree.iter("link", "a") if e.get("type")
                == "application/atom+xml"]  # fmt: skip


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    press = Press(tmp_path_factory.mktemp("press"))
    press.build()
    return press


def test_every_page_names_the_feed_of_what_it_is_about(press: Press) -> None:
    assert press.links("index.html") == ["atom.xml", "atom.xml"]
    assert press.links("310107/index.html") == ["atom.xml", "atom.xml"]
    assert press.links(f"{AGENCY}/index.html") == ["atom.xml", "atom.xml"]
    assert press.links(f"{AGENCY}/2024-budget-department/index.html") == ["../../../atom.xml"] * 2


@pytest.mark.parametrize("folder", ["", "310107/", f"{AGENCY}/"])
def test_a_feed_is_valid_and_leads_to_pages_that_are_there(press: Press, folder: str) -> None:
    path = press.root / "site" / f"{folder}atom.xml"

    assert len(read(path.read_bytes())) == 3

    links = etree.parse(str(path)).iterfind(f".//{{{ATOM}}}link[@rel='alternate']")
    pages = {(path.parent / (e.get("href") or "")).resolve() for e in links}
    there = press.root / "site" / AGENCY
    assert pages == {there / f"{year}-budget-department" / "index.html" for year in (2023, 2024)}
    assert all(page.is_file() for page in pages)


def test_a_feed_is_written_again_only_where_something_happened(press: Press) -> None:
    assert press.build()["written"] == 0
    feeds = {p: p.read_bytes() for p in (press.root / "site").rglob("atom.xml")}
    press.filing.commit(budget("7.00"), identity(2024, name="上海市普陀区教育局"))

    press.build()

    site = press.root / "site"
    same = {p.relative_to(site).as_posix() for p, data in feeds.items() if p.read_bytes() == data}
    assert same == {f"{AGENCY}/atom.xml"}
    assert len(list(site.rglob("atom.xml"))) == 4
