"""Whole harvests of the mock portal, twice and with things going wrong."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.ledger import Crawl, Scope, now
from archive.locks import held
from archive.repository import Archive
from archive.settings import load
from crawler.cli import mingzhang
from tests.crawler.conftest import REGISTER
from tests.portal import Portal

SITES = {
    "A": ("990101", "trs", "/zwgk_12/fdzdgknr/czxx/bmyjs/"),
    "C": ("990103", "ucap", "/qlq/c104524/list.shtml"),
}


class Harvester:
    """A configured Mingzhang over the mock portal's sites A and C."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        self.folder = folder
        self.portal = portal
        (folder / "portals").mkdir()
        for letter in SITES:
            self.write(letter)
        (folder / "mingzhang.toml").write_text(
            f'[archive]\nregister = ["{REGISTER}"]\n[harvest]\ncontact = "keeper@example.org"\n'
            'portals = ["site-a", "site-c"]\nportal_folders = ["portals"]\n',
            encoding="utf-8",
        )

    def write(self, letter: str, **settings: Any) -> None:
        division, family, entry = SITES[letter]
        lines = {
            "slug": f"site-{letter.lower()}",
            "name": letter,
            "division": division,
            "family": family,
            "allow_private": True,
            "delay": 0.01,
            **settings,
        }
        text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        text += f'[[entries]]\nurl = "{self.portal.url(letter, entry)}"\n'
        (self.folder / "portals" / f"site-{letter.lower()}.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        config = str(self.folder / "mingzhang.toml")
        return CliRunner().invoke(mingzhang, ["--config", config, "harvest", *arguments])

    def told(self, *arguments: str) -> dict[str, Any]:
        """A harvest as its JSON tells it."""
        result = self.run("--json", *arguments)
        said: dict[str, Any] = json.loads(result.stdout)
        assert said["exit"] == result.exit_code
        return said

    def commits(self) -> list[tuple[str, str]]:
        archive = Archive.of(load(self.folder / "mingzhang.toml"))
        with contextlib.closing(archive):
            return [(r.division, e.commit) for r in archive.repositories() for e in r.history()]

    def crawls(self) -> dict[str, Crawl]:
        archive = Archive.of(load(self.folder / "mingzhang.toml"))
        with contextlib.closing(archive):
            return archive.ledger.crawls()

    def pdfs(self) -> list[Any]:
        return [one for one in self.portal.log() if one.path.endswith(".pdf")]


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal("AC") as one:
        yield one


@pytest.fixture
def harvester(tmp_path: Path, portal: Portal) -> Harvester:
    return Harvester(tmp_path, portal)


def test_a_harvest_archives_what_is_there_and_a_second_one_commits_nothing(
    harvester: Harvester, portal: Portal
) -> None:
    first = harvester.run()
    assert first.exit_code == 0, first.output
    assert "new in the archive" in first.stdout
    commits = harvester.commits()
    assert {division for division, _ in commits} == {"990101", "990103"}
    assert len(harvester.pdfs()) == 4
    _well_mannered(portal)
    assert not any("if-none-match" in one.headers for one in harvester.pdfs())
    assert {portal: (one.complete, one.scopes) for portal, one in harvester.crawls().items()} == {
        "site-a": (True, (Scope("990101"),)),
        "site-c": (True, (Scope("990103"),)),
    }

    portal.tick()  # every date and ETag is touched, no byte changes
    portal.clear_log()
    second = harvester.run()
    assert second.exit_code == 0, second.output
    assert second.stdout == ""
    assert second.stderr == ""
    assert harvester.commits() == commits
    assert len(harvester.pdfs()) == 4
    assert all("if-none-match" in one.headers for one in harvester.pdfs())
    _well_mannered(portal)


def _well_mannered(portal: Portal) -> None:
    """What every server may expect, read from its own log."""
    for letter in SITES:
        log = portal.log(letter)
        assert log[0].path == "/robots.txt"
        assert [one.path for one in log].count("/robots.txt") == 1
        assert {one.in_flight for one in log} == {1}
        assert {one.headers["user-agent"].split("/")[0] for one in log} == {"Mingzhang"}
        assert all("(+keeper@example.org)" in one.headers["user-agent"] for one in log)
        assert not any("cookie" in one.headers for one in log)
        assert not any(one.path.startswith(("/search", "/admin")) for one in log)
        # Crawl-delay: 0.1 in robots.txt, ten times what the portal file says. One pause is left
        # out: the first request may have been on its way for a while.
        assert log[-1].at - log[0].at >= 0.1 * (len(log) - 2)


def test_a_file_replaced_in_silence_is_found_although_its_address_stays(
    harvester: Harvester, portal: Portal
) -> None:
    harvester.run("site-c")
    before = harvester.commits()
    portal.tick(3)
    said = harvester.told("site-c")
    kinds = [one["kind"] for one in said["outcomes"] if one.get("commit")]
    assert "revision" in kinds
    assert len(harvester.commits()) > len(before)
    assert said["digest"]


def test_a_firewall_fails_the_run_once_and_is_told_once(
    harvester: Harvester, portal: Portal
) -> None:
    portal.fault("A", "/zwgk_12/*", "ruishu")
    blocked = harvester.run("site-a")
    assert blocked.exit_code == 1
    assert "turns us away" in blocked.stderr
    assert "too-few" not in blocked.stderr
    assert [one.path for one in portal.log("A")] == [
        "/robots.txt",
        "/zwgk_12/fdzdgknr/czxx/bmyjs/",
    ]
    seen = harvester.crawls()["site-a"]
    assert seen.scopes == (Scope("990101"),)
    assert (seen.complete, seen.hindrances["blocked"]) == (False, 1)
    again = harvester.run("site-a")
    assert (again.exit_code, again.output) == (0, "")
    portal.clear_faults()
    mended = harvester.run("site-a")
    assert mended.exit_code == 0
    assert "2 new in the archive" in mended.stdout


def test_a_list_without_publications_is_a_failure_not_a_success(
    harvester: Harvester, portal: Portal
) -> None:
    portal.fault("C", "/qlq/c104524/list.shtml", "not-found-200")
    said = harvester.told("site-c")
    assert said["exit"] == 1
    assert "found 0 publications, expected at least 1" in [
        one["message"] for one in said["new"]["site-c"]
    ]


def test_a_district_that_another_run_holds_is_refused_and_too_few_documents_are_a_failure(
    harvester: Harvester, portal: Portal
) -> None:
    harvester.write("C", minimum_documents=3)
    lock = harvester.folder / "archive" / "locks" / "harvest-district-990101.lock"
    with held(lock, "harvest", now):
        said = harvester.told()
    assert said["exit"] == 1
    assert ["990101" in line for line in said["refused"]] == [True]
    assert portal.log("A") == []
    assert [one["portal"] for one in said["portals"]] == ["site-c"]
    assert [one["kind"] for one in said["new"]["site-c"] if one["kind"] != "no-file"] == ["too-few"]


def test_damaged_answers_are_refused_and_the_rest_goes_on(
    harvester: Harvester, portal: Portal
) -> None:
    name = "/qlq/c104524/202401/4a7be03c5d9f41c2a6107f3b8e2d5c90/files/部门预算.pdf"
    portal.fault("C", name, "html-as-pdf")
    said = harvester.told("site-c")
    assert said["exit"] == 1
    assert said["portals"][0]["files"] == {"refused": 1, "stored": 1}
    assert [one["kind"] for one in said["new"]["site-c"] if one["kind"] != "no-file"] == ["refused"]
    crawl = harvester.crawls()["site-c"]
    assert "refused" in {unseen.why for unseen in crawl.unseen if "预算" in unseen.title}
    assert crawl.hindrances == {}
    portal.clear_faults()
    assert harvester.told("site-c")["portals"][0]["files"] == {"same": 1, "stored": 1}
