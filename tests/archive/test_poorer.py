"""An installation that cannot read page images never replaces what was read from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.ledger import run_id
from archive.model import ChangeKind
from archive.readings import is_current, recogniser
from archive.rereading import Rereading
from tests.archive import storing
from tests.archive.storing import Workshop, paper, seen, told

RICH, POOR = "fake/1 optical/1", "fake/1"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "archive")


def test_a_new_file_with_pictures_waits_for_an_installation_that_reads_them(
    workshop: Workshop,
) -> None:
    workshop.extractor = RICH
    workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.extractor = POOR
    pictured = paper({"行政运行": "2"}, remarks=("page-image",))
    (outcome,) = workshop.run((pictured, seen()))
    assert outcome.status == "unreadable"
    assert "install mingzhang[ocr]" in outcome.message
    assert workshop.kinds() == ["first"]
    assert workshop.run() == []
    workshop.extractor = RICH
    assert told(workshop.run()) == [("committed", "revision")]
    assert workshop.kinds() == ["first", "revision"]


def test_a_new_file_of_text_is_filed_and_the_richer_reading_before_it_is_kept(
    workshop: Workshop,
) -> None:
    workshop.extractor = RICH
    workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.extractor = POOR
    (outcome,) = workshop.run((paper({"行政运行": "2"}), seen()))
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.REVISION)
    assert [entry.extractor for entry in workshop.history()] == [RICH, POOR]


def test_what_was_read_poorly_is_read_again_before_it_is_compared(workshop: Workshop) -> None:
    workshop.extractor = POOR
    workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.extractor = RICH
    workshop.run((paper({"行政运行": "2"}), seen()))
    assert workshop.kinds() == ["first", "re-extraction", "revision"]


def test_readers_know_what_they_can_read_again() -> None:
    here = "pdf-text/1+plain-text/1 optical/1 rapidocr/3.10.0"
    assert is_current("pdf-text/1", here)
    assert is_current("plain-text/1", here)
    assert is_current("pdf-text/1 optical/1 rapidocr/3.10.0", here)
    assert not is_current("pdf-text/1 optical/1 rapidocr/3.11.0", here)
    assert not is_current("pdf-text/1 optical/1 rapidocr/3.10.0", "pdf-text/1+plain-text/1")
    assert not is_current("docx/1", here)
    assert recogniser("pdf-text/1") == ""


def reread(workshop: Workshop, extractor: str) -> list[str]:
    """What reading again comes to in an installation with these readers."""
    found = Rereading(
        workshop.archive,
        workshop.register,
        run_id(workshop.clock()),
        workshop.clock,
        reader=lambda path: storing.read(path.read_bytes(), extractor),
        extractor=extractor,
    )
    return [one.result for one in found.run()]


def test_reading_again_without_the_recogniser_touches_nothing_read_with_it(
    workshop: Workshop,
) -> None:
    workshop.extractor = RICH
    workshop.run((paper(remarks=("page-image",)), seen()))
    assert reread(workshop, POOR) == []
    assert workshop.kinds() == ["first"]


def test_reading_again_with_the_recogniser_takes_up_pages_left_unread(workshop: Workshop) -> None:
    workshop.extractor = POOR
    workshop.run((paper(remarks=("page-image",)), seen()))
    assert reread(workshop, RICH) == ["same"]


def test_reading_again_with_the_recogniser_leaves_text_alone(workshop: Workshop) -> None:
    workshop.extractor = POOR
    workshop.run((paper(), seen()))
    assert reread(workshop, RICH) == []
