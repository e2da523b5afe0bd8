"""What a harvest says to a person."""

from __future__ import annotations

import json

from archive.intake import Outcome
from archive.model import ChangeKind, Source
from crawler import telling
from crawler.harvest import Harvested
from crawler.report import PortalReport, Trouble, TroubleKind

COMMITTED = Outcome(
    "committed",
    "0" * 64,
    Source(url="http://example.gov.cn/a.pdf", title="明湖区审计局\x1b[31m2025年部门预算"),
    document_id="990201/990201.001/department/2025/budget",
    division="990201",
    commit="1" * 40,
    kind=ChangeKind.FIRST,
)


def harvested(*troubles: Trouble, outcomes: tuple[Outcome, ...] = ()) -> Harvested:
    return Harvested(
        run="run",
        reports=[PortalReport(portal="minghu", division="990201", publications=1)],
        outcomes=list(outcomes),
        new={"minghu": list(troubles)} if troubles else {},
    )


def test_a_run_without_news_says_nothing_but_on_a_terminal_it_says_so() -> None:
    assert list(telling.lines(harvested(), always=False)) == []
    assert list(telling.lines(harvested(), always=True))[-1] == "nothing new"


def test_on_a_terminal_what_is_still_wrong_is_not_passed_over() -> None:
    known = harvested()
    known.known = 2
    told = list(telling.lines(known, always=True))
    assert told[-1] == "2 troubles of earlier runs are as they were (--json)"
    assert list(telling.lines(known, always=False)) == []


def test_what_is_new_is_named_and_cannot_steer_the_terminal() -> None:
    told = list(telling.lines(harvested(outcomes=(COMMITTED,)), always=False))
    assert told[0] == "1 new in the archive: 1 first"
    assert "明湖区审计局�[31m2025年部门预算" in told[1]
    assert "\x1b" not in "".join(told)


def test_failures_come_before_what_is_merely_worth_knowing() -> None:
    gone = Trouble(TroubleKind.GONE, "http://example.gov.cn/b.pdf", "is not there")
    blocked = Trouble(TroubleKind.BLOCKED, "example.gov.cn", "example.gov.cn turns us away")
    assert list(telling.complaints(harvested(gone, blocked))) == [
        "minghu: blocked: example.gov.cn turns us away",
        "minghu: gone: http://example.gov.cn/b.pdf: is not there",
    ]


def test_many_of_a_kind_are_counted() -> None:
    many = [Trouble(TroubleKind.NO_FILE, f"http://x/{n}", "has no file") for n in range(9)]
    told = list(telling.complaints(harvested(*many)))
    assert len(told) == 4
    assert told[-1] == "minghu: no-file: … and 6 more (--json)"


def test_only_new_failures_fail_the_run() -> None:
    assert harvested().exit_code == 0
    assert harvested(Trouble(TroubleKind.GONE, "u", "m")).exit_code == 0
    assert harvested(Trouble(TroubleKind.UNREADABLE, "0" * 64, "m")).exit_code == 1


def test_json_has_everything() -> None:
    said = json.loads(telling.as_json(harvested(outcomes=(COMMITTED,))))
    assert said["outcomes"][0]["commit"] == "1" * 40
    assert said["portals"][0]["publications"] == 1
    assert said["exit"] == 0
