"""A nightly run speaks of what is new and keeps quiet of what is known."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.conditions import Conditions, too_few
from crawler.report import PortalReport, Trouble, TroubleKind

FIRST = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2025, 3, 2, 2, 0, tzinfo=UTC)
REFUSED = Trouble(TroubleKind.REFUSED, "http://example.gov.cn/a.pdf", "not stored (html)")
BLOCKED = Trouble(TroubleKind.BLOCKED, "example.gov.cn", "turns us away")


def report(publications: int = 9, *troubles: Trouble, ended: str = "finished") -> PortalReport:
    return PortalReport(
        portal="minghu",
        division="990201",
        publications=publications,
        troubles=list(troubles),
        ended=ended,
    )


def run(folder: Path, now: datetime, *troubles: Trouble, ended: str = "finished") -> list[Trouble]:
    conditions = Conditions(folder)
    new = conditions.update(report(9, *troubles, ended=ended), troubles, now)
    conditions.save()
    return new


def test_a_trouble_is_new_once_and_known_afterwards(tmp_path: Path) -> None:
    assert run(tmp_path, FIRST, REFUSED) == [REFUSED]
    assert run(tmp_path, LATER, REFUSED) == []
    assert Conditions(tmp_path).portals["minghu"].conditions[REFUSED.key].since == FIRST


def test_a_trouble_that_went_away_is_new_when_it_comes_back(tmp_path: Path) -> None:
    run(tmp_path, FIRST, REFUSED)
    assert run(tmp_path, LATER) == []
    assert run(tmp_path, LATER, REFUSED) == [REFUSED]


def test_behind_a_firewall_nothing_can_be_seen_to_be_mended(tmp_path: Path) -> None:
    run(tmp_path, FIRST, REFUSED)
    assert run(tmp_path, LATER, BLOCKED) == [BLOCKED]
    assert run(tmp_path, LATER, REFUSED) == []


def test_a_crawl_that_was_cut_off_forgets_nothing(tmp_path: Path) -> None:
    run(tmp_path, FIRST, REFUSED)
    run(tmp_path, LATER, ended="shutdown")
    assert run(tmp_path, LATER, REFUSED) == []


def test_success_is_dated_only_when_all_was_seen_and_nothing_failed(tmp_path: Path) -> None:
    run(tmp_path, FIRST)
    run(tmp_path, LATER, REFUSED)
    run(tmp_path, LATER, ended="shutdown")
    state = Conditions(tmp_path).portals["minghu"]
    assert (state.last_success, state.last_run) == (FIRST, LATER)


@pytest.mark.parametrize("damage", [b"{", b"\xff\xfe", b"\0" * 99])
def test_a_notebook_that_cannot_be_read_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    run(tmp_path, FIRST, REFUSED)
    (tmp_path / "harvest.json").write_bytes(damage)
    assert run(tmp_path, LATER, REFUSED) == [REFUSED]


def test_nothing_found_is_a_failure_even_where_no_minimum_is_set() -> None:
    found = too_few(report(0), 0)
    assert found is not None
    assert found.kind is TroubleKind.TOO_FEW
    assert "found 0 publications, expected at least 1" in found.message


def test_fewer_than_the_minimum_is_a_failure() -> None:
    assert too_few(report(39), 40) is not None
    assert too_few(report(40), 40) is None
