from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.index import Index
from archive.plumbing import Git
from archive.repository import Repository
from tests.archive.storing import (
    BEGINNING,
    FINANCE,
    PLANNING,
    Workshop,
    identity_of_finance,
    paper,
    seen,
)
from tests.archive.test_repository import SOURCE, event

DOCUMENT = f"{FINANCE}/2024年/部门决算/document.json"
OTHER = ("https://czj.example/b.pdf", "https://czj.example/b.html", "", None, "b.pdf")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper({"行政运行": "1"}), seen()), (paper(agency=PLANNING), seen(*OTHER)))
    workshop.run((paper({"行政运行": "2"}), seen()))
    return workshop


@pytest.fixture
def district(workshop: Workshop) -> Repository:
    return workshop.archive.repository("310107")


def anew(district: Repository) -> Index:
    commands = Git(district.path)
    commands.bind()
    index = Index(commands, None)
    index.catch_up()
    return index


def git(district: Repository, *arguments: str) -> str:
    command = ["git", "-C", str(district.path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def days(count: float) -> datetime:
    return BEGINNING + timedelta(days=count)


def test_a_path_is_answered_as_of_any_moment(district: Repository) -> None:
    assert district.as_of(DOCUMENT, days(0.9)) is None
    first, second = district.as_of(DOCUMENT, days(1)), district.as_of(DOCUMENT, days(2))
    assert first is not None
    assert second is not None
    assert district.as_of(DOCUMENT, days(1.9)) == first
    assert district.as_of(DOCUMENT, days(400)) == second
    assert first.blob == git(district, "rev-parse", f"{first.commit}:{DOCUMENT}")
    assert second.blob == git(district, "rev-parse", f"main:{DOCUMENT}")
    assert first.blob != second.blob
    assert district.as_of("nothing/here", days(9)) is None


def test_a_file_that_was_taken_away_is_not_there(workshop: Workshop, district: Repository) -> None:
    table = f"{FINANCE}/2024年/部门决算/statements/01-支出决算表.csv"
    assert district.as_of(table, days(2)) is not None
    with district.writing() as writer:
        writer.commit(event({}, prose="更正说明"))
    assert district.as_of(table, days(500)) is None


def test_events_are_narrowed_by_document_agency_year_kind_and_run(district: Repository) -> None:
    index, what = district.index(), identity_of_finance()
    assert [e.kind for e in index.entries(what.document_id)] == ["revision", "first"]
    assert len(index.events(document=what.document_id)) == 2
    assert len(index.events(document=f"310107/{what.agency}")) == 2
    assert index.events(document="310107/310107.00") == []
    assert len(index.events(agencies=[what.agency])) == 2
    assert len(index.events(year=2024)) == 3
    assert index.events(year=2023) == []
    assert index.events(kind="budget") == []
    run = index.entries(what.document_id)[0].run
    assert len(index.events(run=run)) == 1
    assert len(index.events(until=days(1))) == 2


def test_the_newest_run_is_that_of_the_event_seen_last_in_whatever_zone(
    district: Repository,
) -> None:
    index, what = district.index(), identity_of_finance()
    newest = index.entries(what.document_id)[0]
    assert newest.observed is not None
    assert index.newest_run() == (newest.observed.isoformat(), newest.run)
    passed_over = index.newest_run(without={"revision"})
    assert passed_over is not None
    assert passed_over[1] == index.entries(what.document_id)[1].run != newest.run
    assert index.newest_run(without={"revision", "first"}) is None
    # half past seven in China is earlier than midnight in London, though it reads later
    china = timezone(timedelta(hours=8))
    for run, seen_at in (
        ("late", datetime(2027, 1, 1, tzinfo=UTC)),
        ("early", datetime(2027, 1, 1, 7, 30, tzinfo=china)),
    ):
        with district.writing() as writer:
            writer.commit(replace(event(source=replace(SOURCE, observed=seen_at)), run=run))
    assert district.index().newest_run() == ("2027-01-01T00:00:00+00:00", "late")


def test_a_commit_is_found_by_its_first_digits(district: Repository) -> None:
    index, what = district.index(), identity_of_finance()
    newest, first = index.entries(what.document_id)
    assert index.named(newest.commit[:12]) == [newest]
    assert index.named(first.commit) == [first]
    assert len(index.named("")) == 3
    assert index.named("g") == []


def test_what_a_document_is_now_is_known_without_listing_the_district(
    district: Repository,
) -> None:
    what = identity_of_finance()
    entry = district.current_entry(what.document_id)
    assert entry == district.history(what.document_id)[0]
    assert district.holds(what)
    assert not district.holds(replace(what, year=2023))
    assert not district.holds(replace(what, agency="310107.399"))
    assert district.current_entry("310107/310107.399/department/2024/final") is None


def test_what_was_added_piece_by_piece_is_what_is_made_anew(
    workshop: Workshop, district: Repository
) -> None:
    workshop.run((paper({"行政运行": "3"}), seen()))
    assert district.index().difference(anew(district)) == ""
    assert district.index().counts() == {"commits": 5, "events": 4, "documents": 2}


def test_events_that_are_held_are_not_read_again_until_something_comes(
    workshop: Workshop, district: Repository
) -> None:
    held = district.index().events()
    assert district.index().events() is held
    workshop.run((paper({"行政运行": "3"}), seen()))
    more = workshop.archive.repository("310107").index().events()
    assert [one.number for one in more] == [5, *(one.number for one in held)]
    assert [one.number for one in held] == [4, 3, 2]


def test_a_rewritten_history_is_read_anew(workshop: Workshop, district: Repository) -> None:
    district.index()
    git(district, "update-ref", "refs/heads/main", "main~1")
    assert district.index().counts()["commits"] == 3
    assert district.index().difference(anew(district)) == ""


@pytest.mark.parametrize("damage", [b"", b"nonsense" * 1000])
def test_a_damaged_index_is_made_anew(workshop: Workshop, damage: bytes) -> None:
    workshop.archive.close()
    path = workshop.root / "index" / "310107.sqlite"
    assert path.exists()
    path.write_bytes(damage)
    fresh = Workshop(workshop.root)
    assert fresh.kinds() == ["first", "first", "revision"]


def test_where_no_index_can_be_written_it_is_kept_in_memory(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    (root / "index").write_text("in the way", encoding="utf-8")
    workshop = Workshop(root)
    workshop.run((paper(), seen()))
    assert workshop.kinds() == ["first"]


def test_a_clock_set_back_does_not_put_what_came_later_before(workshop: Workshop) -> None:
    workshop.clock.pass_days(-30)
    workshop.run((paper({"行政运行": "9"}), seen()))
    held = [commit.held for commit in workshop.archive.repository("310107").index().commits()]
    assert held == sorted(held)
    assert held[-1] > datetime(2026, 3, 1, tzinfo=UTC)


def test_a_district_is_opened_by_its_code_or_there_is_none(workshop: Workshop) -> None:
    found = workshop.archive.district("310107")
    assert found is workshop.archive.repository("310107")
    assert workshop.archive.district("310115") is None
    assert workshop.archive.district("../310107") is None
