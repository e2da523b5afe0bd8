"""What goes wrong on a portal is told, spoils nothing else, and is made good by a later harvest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.portal import Portal, configuration
from tests.portal.trial import Trial, git

COLUMN = "/zwgk_12/fdzdgknr/czxx/bmyjs"
KECHUANG = f"{COLUMN}/ys/2024/202401/P020240126550118276401.pdf"
KEJING = f"{COLUMN}/ys/2024/202401/P020240124401873355012.pdf"
RENCAI = "/qlq/c104524/202401/4a7be03c5d9f41c2a6107f3b8e2d5c90/files/部门预算.pdf"
QIYE = "/qlq/c104524/202401/8c6d1e4fa2b3475d90e8f7b61c3a5d42/files/*"
ALL = {
    "990101/990101.001/department/2024/budget",
    "990101/990101.002/department/2024/budget",
    "990103/990103.001/department/2024/budget",
    "990103/990103.002/department/2024/budget",
}


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with Portal(crawl_delay=0.02) as portal:
        yield Trial(tmp_path, portal, delay=0.02)


def committed(said: dict[str, list[dict[str, str]]]) -> set[str]:
    return {one["document_id"] for one in said["outcomes"] if one["status"] == "committed"}


def whole(trial: Trial) -> bool:
    return all("error" not in git(path, "fsck", "--strict") for path in trial.repositories())


@pytest.mark.parametrize(
    "kinds",
    [
        ("truncated", "html-as-pdf", "empty", "short"),
        ("error", "broken-gzip", "reset", "redirect-loop"),
    ],
)
def test_spoilt_files_are_named_and_archived_when_they_are_whole(
    trial: Trial, kinds: tuple[str, ...]
) -> None:
    places = (("A", KECHUANG), ("A", KEJING), ("C", RENCAI), ("C", QIYE))
    for (site, path), kind in zip(places, kinds, strict=True):
        trial.portal.fault(site, path, kind)
    ran = trial.mingzhang("harvest")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    for path in (KECHUANG, KEJING, "4a7be03c5d9f41c2a6107f3b8e2d5c90", QIYE.rstrip("*")):
        assert path.rpartition("/")[2] in ran.err or path in ran.err
    assert trial.tips() == {}

    trial.portal.clear_faults()
    said = trial.harvest()
    assert said["exit"] == 0
    assert committed(said) == ALL
    assert whole(trial)


_full = pytest.mark.full


@pytest.mark.parametrize(
    "kind",
    ["ruishu", pytest.param("cloud-403", marks=_full), pytest.param("js-stub", marks=_full)],
)
def test_a_site_that_turns_us_away_is_left_alone_and_the_other_harvested(
    trial: Trial, kind: str
) -> None:
    trial.portal.fault("C", "/qlq/*", kind)
    said = trial.harvest()
    assert said["exit"] == 1
    assert committed(said) == {one for one in ALL if one.startswith("990101")}
    assert len(trial.portal.log("C")) == len(["/robots.txt", "/qlq/c104524/list.shtml"])


@pytest.mark.full
def test_without_its_rules_a_site_is_not_asked_for_anything(trial: Trial) -> None:
    trial.portal.fault("A", "/robots.txt", "unavailable")
    said = trial.harvest()
    assert said["exit"] == 1
    assert {request.path for request in trial.portal.log("A")} == {"/robots.txt"}
    assert committed(said) == {one for one in ALL if one.startswith("990103")}


@pytest.mark.full
def test_what_passes_by_itself_changes_nothing(trial: Trial) -> None:
    trial.portal.fault("A", KEJING, "unavailable", times=1)
    trial.portal.fault("A", KECHUANG, "octet-stream")
    trial.portal.fault("C", RENCAI, "reset", times=1)
    trial.portal.fault("C", QIYE, "traversal")
    said = trial.harvest()
    assert said["exit"] == 0
    assert committed(said) == ALL
    assert list(trial.folder.parent.rglob("x.pdf")) == []


@pytest.mark.full
def test_a_list_that_repeats_its_first_page_ends(trial: Trial) -> None:
    trial.portal.fault("A", f"{COLUMN}/ys/2024/index_2.shtml", "first-page-again")
    said = trial.harvest()
    assert committed(said) == ALL
    pages = [r.path for r in trial.portal.log("A") if "/ys/2024/index" in r.path]
    assert len(pages) <= 4


def told_of(said: dict[str, Any], portal: str) -> dict[str, str]:
    """The new troubles of a portal: the end of the subject's address → kind and message."""
    return {
        unquote(one["subject"]).rpartition("/")[2]: f"{one['kind']}: {one['message']}"
        for one in said["new"].get(portal, [])
    }


def test_odd_answers_of_lists_and_files_end_as_they_should(trial: Trial) -> None:
    trial.portal.fault("A", f"{COLUMN}/ys/2024/", "foreign-link")
    trial.portal.fault("C", "/qlq/c104524/list.shtml", "wrong-charset")
    trial.portal.fault("C", RENCAI, "not-found-200")
    said = trial.harvest()
    assert said["exit"] == 1  # of A nothing was found
    assert committed(said) == {"990103/990103.002/department/2024/budget"}
    assert "elsewhere.invalid" in {
        urlsplit(one["subject"]).hostname or one["subject"]
        for one in said["new"]["jiangcheng"]
        if one["kind"] == "offsite"
    }
    assert told_of(said, "qinglu")["部门预算.pdf"].startswith("gone: ")
    assert all(request.headers["host"].startswith("127.0.0.1") for request in trial.portal.log())


def test_a_connection_that_stalls_ends_with_the_portals_timeout(trial: Trial) -> None:
    configuration.write(trial.folder, trial.portal, delay=0.02, timeout=0.6)
    # Far longer than any test waits: only the timeout can end it. The server is let go at the end.
    trial.portal.fault("C", QIYE, "stall", seconds=3600)
    said = trial.harvest()
    assert said["exit"] == 1
    assert committed(said) == ALL - {"990103/990103.002/department/2024/budget"}
    (message,) = (m for m in told_of(said, "qinglu").values() if m.startswith("failed: "))
    assert "could not be fetched: " in message
    assert "0.6 seconds" in message
    asked = [r for r in trial.portal.log("C") if "/8c6d1e4f" in r.path and "/files/" in r.path]
    assert len(asked) == 3

    trial.portal.release()
    trial.portal.clear_faults()
    configuration.write(trial.folder, trial.portal, delay=0.02)
    assert committed(trial.harvest()) == {"990103/990103.002/department/2024/budget"}


@pytest.mark.full
def test_a_file_of_40_mb_is_left_after_the_limit_and_not_asked_for_again(trial: Trial) -> None:
    text = (trial.folder / "portals" / "jiangcheng.toml").read_text(encoding="utf-8")
    (trial.folder / "portals" / "jiangcheng.toml").write_text(
        text.replace("delay =", "size_limit_mb = 16\ndelay ="), encoding="utf-8"
    )
    trial.portal.fault("A", KEJING, "huge")
    said = trial.harvest()
    assert said["exit"] == 1
    assert committed(said) == ALL - {"990101/990101.002/department/2024/budget"}
    assert told_of(said, "jiangcheng")[KEJING.rpartition("/")[2]].startswith("failed: ")
    assert [request.path for request in trial.portal.log("A")].count(KEJING) == 1
    kept = [path.stat().st_size for path in trial.archive.rglob("*") if path.is_file()]
    assert max(kept) < 16 * 1024 * 1024
