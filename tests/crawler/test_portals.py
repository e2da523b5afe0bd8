"""Portal files: what is packaged, what an operator may write, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import Kind, Level
from crawler import portals
from crawler.portals import PortalError

GOOD = """\
slug = "minghu"
name = "明湖区"
division = "990201"
family = "trs"
delay = 3
[[entries]]
url = "http://www.example.gov.cn:8080/zwgk_9/"
kind = "budget"
level = "unit"
year = 2025
"""


def write(folder: Path, text: str, name: str = "minghu") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_portal_file_is_read_with_its_hints_and_its_hosts(tmp_path: Path) -> None:
    portal = portals.read(write(tmp_path, GOOD))
    assert portal.hosts == {"www.example.gov.cn:8080"}
    assert portal.delay == 3.0
    assert not portal.verified
    (entry,) = portal.entries
    assert (entry.kind, entry.level, entry.year) == (Kind.BUDGET, Level.UNIT, 2025)


def test_packaged_portals_are_drafts_on_public_hosts() -> None:
    packaged = portals.load()
    assert set(packaged) == {"caidian", "pingtan", "wendeng", "wuchang"}
    assert not any(portal.verified for portal in packaged.values())
    assert not any(portal.allow_private for portal in packaged.values())
    assert all(portal.delay >= 2 for portal in packaged.values())


def test_the_operators_file_wins_over_the_packaged_one_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("minghu", "wuchang"), "wuchang")
    assert portals.load([tmp_path])["wuchang"].division == "990201"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('slug = "minghu"', 'slug = "other"'), "must equal the file's name"),
        (('division = "990201"', 'division = "9902"'), "six-digit code"),
        (('family = "trs"', 'family = "jcms"'), "known: gkmlpt, .*ucap"),
        (("delay = 3", "delay = 0.2"), "shorter than 1.0 second"),
        (("delay = 3", "dealy = 3"), "dealy"),
        (("delay = 3", "timeout = 0"), "timeout must be more than 0"),
        (('kind = "budget"', 'kind = "plan"'), "plan"),
        (("http://www.example.gov.cn:8080", "ftp://www.example.gov.cn"), "not a web address"),
        (("http://www.example.gov.cn:8080", "http://127.0.0.1:8080"), "private address"),
        (("http://www.example.gov.cn:8080", "http://localhost"), "private address"),
        (("delay = 3", 'allowed_hosts = ["example.gov.cn"]'), "outside allowed_hosts"),
        (("delay = 3", 'allowed_hosts = ["http://www.example.gov.cn"]'), "is not a host"),
        (("[[entries]]", "[[entries"), "minghu.toml"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    path = write(tmp_path, GOOD.replace(*change))
    with pytest.raises(PortalError, match=complaint) as caught:
        portals.read(path)
    assert str(path) in str(caught.value)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PortalError, match="no such folder"):
        portals.load([tmp_path / "portale"])


def test_loopback_is_allowed_where_the_file_says_so(tmp_path: Path) -> None:
    text = GOOD.replace("www.example.gov.cn", "127.0.0.1").replace("delay = 3", "delay = 0.01")
    portal = portals.read(write(tmp_path, "allow_private = true\n" + text))
    assert portal.hosts == {"127.0.0.1:8080"}
