"""Looking at a portal nobody has described, and checking the files of those that are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.register import load
from crawler import families, portals
from crawler.checking import check
from crawler.cli import mingzhang
from crawler.decoding import decode
from crawler.publications import Page
from tests.crawler.test_family_goldens import CASES, PAGES, Case
from tests.portal import Portal
from tests.portal.configuration import REGISTER, STARTS

LISTS = [case for case in CASES if not case.file.endswith((".json", ".xml"))]
GOOD = """\
slug = "minghu"
name = "明湖区"
division = "990101"
family = "trs"
verified = true
minimum_documents = 40

[[entries]]
url = "https://www.minghu.example.gov.cn/js/"
"""


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.file)
def test_a_family_is_recognised_by_its_list_page(case: Case) -> None:
    text = decode((PAGES / case.file).read_bytes())
    assert families.recognise(Page(case.url, text, case.entry)) == case.family


def test_a_page_without_a_list_is_of_no_family() -> None:
    assert families.recognise(Page("http://a.cn/", "<p>维护中</p>", CASES[0].entry)) == ""


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with Portal(crawl_delay=0.0) as one:
        yield one


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "mingzhang.toml"
    path.write_text(
        f'[archive]\nregister = ["{REGISTER.as_posix()}"]\n'
        '[harvest]\ncontact = "a@example.org"\nportal_folders = ["portals"]\n'
    )
    (tmp_path / "portals").mkdir()
    return path


def run(settings: Path, *arguments: str) -> Result:
    return CliRunner().invoke(mingzhang, ["--config", str(settings), "portal", *arguments])


@pytest.mark.parametrize(
    ("site", "family", "items"), [("B", "hanweb", 7), ("D", "plain", 6), ("E", "gkmlpt", 2)]
)
def test_a_portal_is_recognised_and_its_list_shown(
    portal: Portal, settings: Path, site: str, family: str, items: int
) -> None:
    portal.clear_log()
    ran = run(settings, "probe", portal.url(site, STARTS[site][0]), "--json", "--allow-private")
    said: dict[str, Any] = json.loads(ran.output)
    assert (ran.exit_code, said["family"], len(said["items"])) == (0, family, items)
    asked = [request.path for request in portal.log(site)]
    assert asked[0] == "/robots.txt"
    assert len(asked) == 3
    assert not (settings.parent / "archive").exists()


def test_the_draft_is_a_portal_file(portal: Portal, settings: Path) -> None:
    address = portal.url("A", "/zwgk_12/fdzdgknr/czxx/bmyjs/ys/2024/index.shtml")
    ran = run(settings, "probe", address, "--slug", "jiangcheng", "--allow-private")
    assert ran.exit_code == 0
    path = settings.parent / "portals" / "jiangcheng.toml"
    path.write_text(ran.stdout + "\n", encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("[[", "allow_private = true\n[["))
    drafted = portals.read(path)
    assert (drafted.family, drafted.division, drafted.verified) == ("trs", "990101", False)
    assert drafted.entries[0].kind == "budget"
    assert "江城区科技创新和人才服务中心2024年部门预算" in ran.stderr


def test_a_portal_that_turns_us_away_is_said_to(portal: Portal, settings: Path) -> None:
    portal.fault("C", "/qlq/*", "ruishu")
    ran = run(settings, "probe", portal.url("C", "/qlq/c104524/list.shtml"), "--allow-private")
    portal.clear_faults()
    assert ran.exit_code == 1
    assert "blocked" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize("address", ["www.example.gov.cn", "http://127.0.0.1/", "ftp://a.cn/"])
def test_what_is_no_public_web_address_is_refused(settings: Path, address: str) -> None:
    assert run(settings, "probe", address).exit_code == 2


def complaints(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "minghu.toml").write_text(text, encoding="utf-8")
    return [(one.weight, one.message) for one in check([folder], load(REGISTER))]


def test_a_good_file_has_nothing_against_it(tmp_path: Path) -> None:
    assert complaints(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("change", "weight", "says"),
    [
        (("990101", "990199"), "error", "not in the register"),
        (('"trs"', '"jcms"'), "error", "family 'jcms'"),
        (("/js/", '/js/"\nagency = "区水利局'), "error", "'区水利局' is not in the register"),
        (("/js/", '/js/"\nsearch = "/s?a=1'), "error", "trs_search only"),
        (("verified = true", "verified = false"), "note", "a draft"),
        (("https:", "http:"), "note", "https"),
        (("= 40", "= 1"), "note", "minimum_documents"),
        (("990101", "420103"), "note", "no agency of 420103"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    tmp_path: Path, change: tuple[str, str], weight: str, says: str
) -> None:
    ((found, message),) = complaints(tmp_path, GOOD.replace(*change))
    assert found == weight
    assert says in message


def test_two_portals_on_one_host_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "another.toml").write_text(GOOD.replace('"minghu"', '"another"'), encoding="utf-8")
    assert [says for _, says in complaints(tmp_path, GOOD)] == [
        "shares a host with another: the two are crawled one after the other"
    ]


def test_the_packaged_files_have_no_errors(settings: Path) -> None:
    ran = run(settings, "check", "--json")
    assert [one for one in json.loads(ran.output) if one["weight"] == "error"] == []
    assert ran.exit_code == 0


def test_every_packaged_portal_shows_a_division_of_the_register() -> None:
    pingtan = load().division("350128")
    assert (pingtan.name, pingtan.province, pingtan.city) == ("平潭县", "福建省", "福州市")
