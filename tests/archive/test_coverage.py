"""Who has published, who is late, who is not seen; and by what a due day is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.coverage import Coverage, Standing, coverage
from archive.events import Entry
from archive.model import ChangeKind, Kind
from archive.register import Register, RegisterError
from archive.register.calendars import Basis, due

DIVISIONS = '[[division]]\ncode = "990201"\nname = "明湖区"\nprovince = "某省"\ncity = "某市"\n'
AGENCIES = 'division = "990201"\n' + "".join(
    f'[[department]]\nid = "990201.00{n}"\nname = "明湖区{name}"\n'
    for n, name in enumerate(("审计局", "司法局", "统计局", "水利局", "水务局"), start=1)
)
MERGER = """
[[succession]]
on = 2025-03-01
turn = "merge"
before = ["990201.003", "990201.004"]
after = ["990201.005"]
"""
APPROVED = '[[disclosure]]\nyear = 2024\nkind = "final"\napproved = 2025-10-12\n'


def register(folder: Path, agencies: str = "", calendar: str = "") -> Register:
    (folder / "agencies").mkdir(parents=True)
    (folder / "divisions.toml").write_text(DIVISIONS, encoding="utf-8")
    (folder / "agencies" / "990201.toml").write_text(AGENCIES + agencies, encoding="utf-8")
    if calendar:
        (folder / "calendars").mkdir()
        text = 'division = "990201"\n' + calendar
        (folder / "calendars" / "990201.toml").write_text(text, encoding="utf-8")
    return Register.load(folder)


def entry(agency: int, published: date | None, kind: ChangeKind = ChangeKind.FIRST) -> Entry:
    return Entry(
        commit="c",
        kind=kind,
        document_id=f"990201/990201.00{agency}/department/2024/final",
        originals=("0" * 64,),
        source_url="http://example.gov.cn/a.pdf",
        published=published,
        observed=datetime(2025, 11, 22, tzinfo=UTC),
        extractor="x/1",
        run="run",
        subject="",
    )


BATCH = [entry(1, date(2025, 11, 18)), entry(2, date(2025, 11, 20)), entry(3, date(2026, 1, 19))]


def seen(register_: Register, *entries: Entry, today: date = date(2026, 2, 1)) -> Coverage:
    return coverage(register_, entries, "990201", 2024, Kind.FINAL, today)


def test_late_and_not_seen_are_told_against_the_approved_date(tmp_path: Path) -> None:
    found = seen(register(tmp_path / "r", calendar=APPROVED), *BATCH)
    assert (found.due.day, found.due.basis) == (date(2025, 11, 21), Basis.APPROVED)
    assert [(row.name, row.standing, row.days_late) for row in found.rows] == [
        ("明湖区审计局", Standing.ON_TIME, None),
        ("明湖区司法局", Standing.ON_TIME, None),
        ("明湖区统计局", Standing.LATE, 59),
        ("明湖区水利局", Standing.NOT_SEEN, None),
        ("明湖区水务局", Standing.NOT_SEEN, None),
    ]


def test_nothing_is_late_before_the_day_has_passed(tmp_path: Path) -> None:
    found = seen(register(tmp_path / "r", calendar=APPROVED), today=date(2025, 11, 21))
    assert {row.standing for row in found.rows} == {Standing.NOT_DUE}


def test_without_a_calendar_the_batch_tells_and_two_publications_tell_nothing(
    tmp_path: Path,
) -> None:
    known = register(tmp_path / "r")
    assert seen(known, *BATCH).due.day == date(2025, 12, 10)
    two = seen(known, *BATCH[:2])
    assert (two.due.day, two.due.basis) == (None, Basis.UNKNOWN)
    assert [row.standing for row in two.rows[:3]] == [
        Standing.PUBLISHED,
        Standing.PUBLISHED,
        Standing.NOT_DUE,
    ]


def test_who_was_merged_away_is_not_missed_and_who_came_of_it_is(tmp_path: Path) -> None:
    found = seen(register(tmp_path / "r", MERGER, APPROVED), *BATCH[:2])
    assert [row.name for row in found.rows] == ["明湖区审计局", "明湖区司法局", "明湖区水务局"]


def test_a_withdrawn_document_was_published_and_is_marked(tmp_path: Path) -> None:
    known = register(tmp_path / "r", calendar=APPROVED)
    gone = entry(1, date(2025, 11, 18), ChangeKind.WITHDRAWAL)
    row = seen(known, gone, *BATCH).rows[0]
    assert (row.standing, row.withdrawn) == (Standing.ON_TIME, True)


def test_a_later_revision_does_not_make_a_document_late(tmp_path: Path) -> None:
    revised = entry(1, date(2026, 1, 5), ChangeKind.REVISION)
    row = seen(register(tmp_path / "r", calendar=APPROVED), revised, *BATCH).rows[0]
    assert (row.standing, row.published) == (Standing.ON_TIME, date(2025, 11, 18))


def test_a_stated_day_wins_over_the_rule() -> None:
    from archive.register.calendars import Disclosure

    stated = Disclosure(2024, Kind.FINAL, date(2025, 10, 12), date(2025, 10, 20), date(2025, 11, 5))
    assert due([stated], 2024, Kind.FINAL).day == date(2025, 11, 5)
    answered = Disclosure(2024, Kind.FINAL, date(2025, 10, 12), date(2025, 10, 20))
    assert due([answered], 2024, Kind.FINAL).day == date(2025, 11, 9)


@pytest.mark.parametrize(
    ("agencies", "calendar", "says"),
    [
        (MERGER.replace("990201.005", "990201.009"), "", "990201.009 is not registered"),
        (MERGER.replace(', "990201.004"', ""), "", "one of several"),
        (MERGER.replace("merge", "dissolve"), "", "only a dissolution"),
        ("", APPROVED + APPROVED, "stated twice"),
        ("", '[[disclosure]]\nyear = 2024\nkind = "final"\n', "states no date"),
        ("", APPROVED.replace("kind", "sort"), "990201.toml"),
    ],
)
def test_what_cannot_be_is_an_error_that_names_the_file(
    tmp_path: Path, agencies: str, calendar: str, says: str
) -> None:
    with pytest.raises(RegisterError, match=says) as caught:
        register(tmp_path / "r", agencies, calendar).agencies("990201")
    assert "990201.toml" in str(caught.value)
