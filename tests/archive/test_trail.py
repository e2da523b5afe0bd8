"""Withdrawals, returns, migrations, corrections and backfills, as a reader of git finds them."""

from __future__ import annotations

import contextlib
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.absences import Absences
from archive.events import State
from archive.model import ChangeKind, Source
from tests.archive import crashing, storing
from tests.archive.storing import FINANCE, Workshop, paper, seen, told

PAGE = "https://czj.example/a.html"
FOLDER = f"{FINANCE}/2024年/部门决算"
OLD, NEW = paper({"行政运行": "1"}), paper({"行政运行": "2"})
ELSEWHERE = seen("https://platform.example/1.pdf", "https://platform.example/1")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((OLD, seen()))
    return workshop


def missed(workshop: Workshop, *days: float, page: str = PAGE) -> None:
    """The article is looked for now and after so many days, and is not there."""
    absences = Absences(workshop.archive.ledger, "crawl", workshop.clock)
    for day in (0, *days):
        workshop.clock.pass_days(day)
        absences.absent(page, "putuo", status=404, evidence="http-404")


def of_another_portal(source: Source) -> Source:
    return replace(source, portal="platform")


def git(workshop: Workshop, *arguments: str, text: str | None = None) -> str:
    command = ["git", "-c", "core.quotepath=false", "-C", str(district(workshop)), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=text)
    return done.stdout


def district(workshop: Workshop) -> Path:
    return workshop.root / "districts" / "310107"


def trailers(workshop: Workshop) -> dict[str, str]:
    body = git(workshop, "log", "-1", "--format=%B")
    parsed = git(workshop, "interpret-trailers", "--parse", text=body)
    return dict(line.split(": ", 1) for line in parsed.splitlines())


def newest_subject(workshop: Workshop) -> str:
    return git(workshop, "log", "-1", "--format=%s").strip()


# --- withdrawn and back ---


def test_one_absence_is_no_event_and_a_second_a_day_later_is_a_withdrawal(
    workshop: Workshop,
) -> None:
    missed(workshop)
    assert workshop.run() == []
    (outcome,) = (missed(workshop, 1), workshop.run())[1]
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.WITHDRAWAL)
    assert newest_subject(workshop) == (
        f"撤回 {FINANCE} 2024年部门决算（相隔一天以上两次查看，原页面均已不在；存档保留）"
    )
    found = trailers(workshop)
    assert found["Change-Kind"] == "withdrawal"
    assert found["Change-State"] == "confirmed"
    assert found["Source-Page"] == PAGE
    assert found["Http-Status"] == "404"
    assert found["Absent-Since"] == "2026-03-02T08:00:00+00:00"
    assert found["Observed"] > found["Absent-Since"]
    assert workshop.run() == []


def test_a_tombstone_stands_beside_what_was_withdrawn_and_nothing_is_deleted(
    workshop: Workshop,
) -> None:
    before = git(workshop, "ls-tree", "-r", "--name-only", "main").splitlines()
    missed(workshop, 1)
    workshop.run()
    after = git(workshop, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert set(after) - set(before) == {f"{FOLDER}/withdrawn.json"}
    assert set(before) < set(after)
    stone = json.loads(git(workshop, "show", f"main:{FOLDER}/withdrawn.json"))
    assert stone["page"] == PAGE
    assert stone["originals"] == list(workshop.history()[0].originals)


def test_a_page_that_was_away_for_a_night_was_not_withdrawn(workshop: Workshop) -> None:
    missed(workshop)
    workshop.clock.pass_days(0.5)
    Absences(workshop.archive.ledger, "crawl", workshop.clock).present(PAGE, "putuo")
    missed(workshop)
    assert workshop.run() == []
    assert workshop.kinds() == ["first"]


def test_a_withdrawn_document_that_is_shown_again_has_returned_unchanged(
    workshop: Workshop,
) -> None:
    missed(workshop, 1)
    workshop.run()
    (outcome,) = workshop.run((OLD, seen()))
    assert outcome.kind is ChangeKind.RETURN
    assert trailers(workshop)["Change-State"] == "unchanged"
    assert newest_subject(workshop) == f"重新发布 {FINANCE} 2024年部门决算（内容未变）"
    assert f"{FOLDER}/withdrawn.json" not in git(workshop, "ls-tree", "-r", "--name-only", "main")
    assert workshop.run((OLD, seen())) == []


def test_an_article_that_is_back_without_its_file_has_not_returned(workshop: Workshop) -> None:
    missed(workshop, 1)
    workshop.run()
    Absences(workshop.archive.ledger, "crawl", workshop.clock).present(PAGE, "putuo")
    assert workshop.run() == []
    assert workshop.kinds() == ["first", "withdrawal"]


def test_a_document_that_returns_under_a_new_address_has_returned(workshop: Workshop) -> None:
    missed(workshop, 1)
    workshop.run()
    again = seen("https://czj.example/new.pdf", "https://czj.example/new.html")
    (outcome,) = workshop.run((OLD, again))
    assert outcome.kind is ChangeKind.RETURN
    missed(workshop, 1, page=again.page_url)
    assert told(workshop.run()) == [("committed", "withdrawal")]


def test_a_document_that_returns_with_other_figures_returns_and_is_then_revised(
    workshop: Workshop,
) -> None:
    missed(workshop, 1)
    workshop.run()
    assert told(workshop.run((NEW, seen()))) == [("committed", "revision")]
    assert workshop.kinds() == ["first", "withdrawal", "return", "revision"]
    returned, revised = workshop.history()[-2:]
    assert returned.state is State.CHANGED
    assert returned.subject.endswith("（内容有变，见下一次提交）")
    assert revised.supersedes == returned.originals
    assert f"{FOLDER}/withdrawn.json" not in git(workshop, "ls-tree", "-r", "--name-only", "main")


def test_a_mirror_is_no_return(workshop: Workshop) -> None:
    missed(workshop, 1)
    workshop.run()
    outcomes = workshop.run((OLD, of_another_portal(ELSEWHERE)))
    assert told(outcomes) == [("committed", "mirror")]


def test_a_withdrawal_says_so_when_another_portal_still_shows_the_file(
    workshop: Workshop,
) -> None:
    mirror = of_another_portal(ELSEWHERE)
    workshop.run((OLD, mirror))
    missed(workshop)
    workshop.run((OLD, mirror))
    missed(workshop, 1)
    workshop.run()
    assert newest_subject(workshop).endswith("原页面均已不在；存档保留；另一网址仍可查阅）")


def test_a_reading_anew_leaves_the_tombstone_standing(workshop: Workshop) -> None:
    missed(workshop, 1)
    workshop.run()
    workshop.extractor = "fake/2"
    workshop.run((NEW, of_another_portal(ELSEWHERE)))
    assert workshop.kinds() == ["first", "withdrawal", "re-extraction", "return", "revision"]
    stone = f"main~2:{FOLDER}/withdrawn.json"
    assert git(workshop, "cat-file", "-t", stone) == "blob\n"


# --- moved ---


def test_the_same_bytes_at_a_new_address_of_the_portal_have_moved(workshop: Workshop) -> None:
    missed(workshop)
    moved = seen("https://czj.example/new/a.pdf", "https://czj.example/new/a.html")
    (outcome,) = workshop.run((OLD, moved))
    assert outcome.kind is ChangeKind.MIGRATION
    assert newest_subject(workshop) == f"迁移 {FINANCE} 2024年部门决算（网址变了，文件未变）"
    found = trailers(workshop)
    assert (found["Source-Page"], found["Moved-From"]) == (moved.page_url, PAGE)
    missed(workshop, 1)
    assert workshop.run() == []
    assert told(workshop.run((NEW, moved))) == [("committed", "revision")]
    assert "文件被替换，来源网址未变" in newest_subject(workshop)


def test_a_copy_on_the_same_portal_that_outlives_its_article_is_where_it_moved(
    workshop: Workshop,
) -> None:
    copy = seen("https://czj.example/copy.pdf", "https://czj.example/copy.html")
    workshop.run((OLD, copy))
    missed(workshop)
    workshop.run((OLD, copy))
    missed(workshop, 1)
    assert told(workshop.run()) == [("committed", "migration")]
    assert workshop.kinds() == ["first", "mirror", "migration"]


# --- corrections ---


def test_a_correction_names_what_it_supersedes_and_how_it_was_announced(
    workshop: Workshop,
) -> None:
    title = "上海市普陀区财政局2024年度部门决算（更正）"
    corrected = seen("https://czj.example/c.pdf", "https://czj.example/c.html", title)
    workshop.run((NEW, corrected))
    found = trailers(workshop)
    assert found["Change-Kind"] == "correction"
    assert found["Supersedes"] == workshop.history()[0].originals[0]
    assert found["Announced"] == title


# --- entered later ---


def enter(workshop: Workshop, *versions: tuple[bytes, date | None]) -> list[Any]:
    outcomes = []
    for number, (data, day) in enumerate(versions):
        intake = workshop.intake()
        name = f"{number}.pdf"
        source = Source(url=f"file:{name}", filename=name, status=0, published=day)
        intake.offer(data, source, backfill=True)
        outcomes += intake.process()
    return outcomes


def test_a_version_entered_later_does_not_replace_what_was_seen(workshop: Workshop) -> None:
    assert told(enter(workshop, (NEW, date(2025, 8, 1)))) == [("committed", "backfill")]
    entry = workshop.history()[-1]
    assert entry.state is State.EARLIER
    repository = workshop.archive.repository("310107")
    assert repository.version(entry).original == entry.originals[0]
    assert repository.read(storing.identity_of_finance()).original != entry.originals[0]
    assert trailers(workshop)["Published"] == "2025-08-01"


def test_nothing_is_backfilled_without_a_claimed_date(workshop: Workshop) -> None:
    (outcome,) = enter(workshop, (NEW, None))
    assert outcome.status == "unfiled"
    assert "no date of publication is claimed" in outcome.message


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_in_whatever_order_versions_are_entered_the_newest_is_current(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    versions = [(paper({"行政运行": str(n)}), date(2025, 1 + n, 1)) for n in range(3)]
    workshop = Workshop(tmp_path / "empty")
    enter(workshop, *(versions[n] for n in order))
    assert workshop.kinds() == ["backfill"] * 3
    document = workshop.archive.repository("310107").read(storing.identity_of_finance())
    assert document == storing.read(versions[2][0])
    held = {
        (entry.published, workshop.archive.repository("310107").version(entry).original)
        for entry in workshop.history()
    }
    assert held == {(day, storing.read(data).original) for data, day in versions}


# --- stopped half-way ---


@pytest.mark.parametrize("step", range(1, 9))
def test_a_withdrawal_cut_off_at_any_step_is_committed_once(workshop: Workshop, step: int) -> None:
    missed(workshop, 1)

    def crash() -> None:
        raise crashing.Crash

    with crashing.stopped_at(step, crash), contextlib.suppress(crashing.Crash):
        workshop.run()
    fresh = Workshop(workshop.root)
    fresh.clock = workshop.clock
    fresh.run()
    fresh.run()
    assert fresh.kinds() == ["first", "withdrawal"]
    made = [row.commit for row in fresh.archive.ledger.made()]
    assert made == [fresh.history()[-1].commit]
    assert fresh.archive.ledger.plans() == []
