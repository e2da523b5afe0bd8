from __future__ import annotations

from pathlib import Path

import pytest

from archive.absences import Absences
from tests.archive.storing import Workshop, paper, seen

PAGE = "https://czj.example/a.html"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper(), seen()))
    return workshop


@pytest.fixture
def absences(workshop: Workshop) -> Absences:
    return Absences(workshop.archive.ledger, "crawl", workshop.clock)


def test_the_articles_to_ask_for_are_those_documents_came_from(absences: Absences) -> None:
    assert absences.to_ask("putuo") == [PAGE]
    assert absences.to_ask("elsewhere") == []


def test_one_look_is_a_suspicion_and_a_second_a_day_later_confirms_it(
    workshop: Workshop, absences: Absences
) -> None:
    assert absences.state(PAGE) == "present"
    assert absences.absent(PAGE, "putuo", status=404, evidence="http-404") == "suspected"
    workshop.clock.pass_days(0.99)
    assert absences.absent(PAGE, "putuo", status=404) == "suspected"
    workshop.clock.pass_days(0.01)
    assert absences.absent(PAGE, "putuo", status=404) == "confirmed"


def test_a_look_between_that_finds_it_begins_the_day_anew(
    workshop: Workshop, absences: Absences
) -> None:
    absences.absent(PAGE, "putuo")
    workshop.clock.pass_days(0.5)
    assert absences.present(PAGE, "putuo")
    workshop.clock.pass_days(1)
    assert absences.absent(PAGE, "putuo") == "suspected"


def test_a_file_shown_by_the_article_shows_that_the_article_is_there(
    workshop: Workshop, absences: Absences
) -> None:
    absences.absent(PAGE, "putuo")
    workshop.run((paper(), seen()))
    assert absences.state(PAGE) == "present"


def test_of_an_article_nobody_missed_nothing_is_written(
    workshop: Workshop, absences: Absences
) -> None:
    rows = len(list(workshop.archive.ledger.rows()))
    assert not absences.present(PAGE, "putuo")
    assert len(list(workshop.archive.ledger.rows())) == rows
