"""Who was told what does not stand hears of it: once, and nobody else does."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from archive.model import ChangeKind, Document
from archive.register.agencies import Agency
from archive.register.register import Register
from diffing.checks.judgements import Verdict
from diffing.feed import Entry
from diffing.notify.rounds import outbox_of, settle
from diffing.syndicate import listed, stories

from .archived import identity, known
from .receiving import hook
from .test_check_command import budget as told_budget
from .test_corrections import WRONG
from .test_feed import budget
from .test_notify import LATER, REVISED, Desk, titles

RENAMED = "上海市普陀区财政和国资局"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with hook() as kept:
        desk = Desk(tmp_path, kept)
        desk.begin()
        yield desk


@pytest.fixture
def revised(desk: Desk) -> Desk:
    """Figures of a replaced file were told: 130."""
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
    assert REVISED in titles(desk.told())
    return desk


def reading(talent: str, by: str) -> Document:
    return structs.replace(budget(talent), extractor=by)


def rename(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register learns another name of the agency; nothing else happens."""
    of, renamed = Register.agency, identity(2024).agency

    def agency(self: Register, agency_id: str) -> Agency:
        found = of(self, agency_id)
        if found.id != renamed:
            return found
        name = structs.replace(found.names[-1], text=RENAMED)
        return structs.replace(found, names=(*found.names, name))

    monkeypatch.setattr(Register, "agency", agency)


# --- names --------------------------------------------------------------------------------------


def test_a_new_name_of_an_agency_sends_no_correction_again(
    revised: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    revised.read_again(reading("95.00", "pdf/2"))
    assert titles(revised.told()) == [f"〔更正〕{REVISED}"]

    rename(monkeypatch)

    assert titles(revised.told()) == []
    revised.read_again(reading("99.00", "pdf/3"))
    (title,) = titles(revised.told())
    assert (RENAMED in title, "更正" in title) == (True, True)


def test_a_new_name_of_an_agency_takes_no_finding_back_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    desk.told()
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")
    assert len(titles(desk.told())) == 1

    rename(monkeypatch)

    assert titles(desk.told()) == []


def test_another_reason_is_sent_to_whom_the_first_was(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    desk.told()
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")
    desk.told()
    (desk.root / "judgements.toml").unlink()
    desk.judge(desk.key(), Verdict.EXPLAINED, "见第 9 页说明。")

    assert len(titles(desk.told())) == 1
    assert "见第 9 页说明" in desk.hook.texts[-1]
    assert titles(desk.told()) == []


def test_a_reading_once_told_is_not_told_again_for_being_made_again(revised: Desk) -> None:
    revised.read_again(reading("95.00", "pdf/2"))
    revised.told()

    revised.read_again(reading("95.00", "pdf/3"))

    assert titles(revised.told()) == []


# --- a correction that does not stand -----------------------------------------------------------

CORRECTED = f"〔更正〕{REVISED}"
QUIET = "00:00-23:59"


def figures(text: str) -> tuple[str, str]:
    """What a message lists, and what it says was listed before."""
    said, _, before = text.partition("此前所列：")
    return _changed_to(said), _changed_to(before)


def _changed_to(text: str) -> str:
    return next((f"{n}.00" for n in (130, 135, 139) if f"变更为 {n}.00 万元" in text), "")


def test_a_correction_that_does_not_stand_is_corrected_with_whom_it_was_told(
    revised: Desk,
) -> None:
    revised.read_again(reading("95.00", "pdf/2"))
    assert titles(revised.told()) == [CORRECTED]
    assert figures(revised.hook.texts[-1]) == ("135.00", "130.00")

    revised.read_again(reading("90.00", "pdf/3"))

    assert titles(revised.told()) == [CORRECTED]
    assert figures(revised.hook.texts[-1]) == ("130.00", "135.00")
    assert titles(revised.told()) == []


def test_who_was_not_told_the_reading_in_between_hears_nothing_of_it(revised: Desk) -> None:
    revised.target["quiet"] = QUIET
    revised.read_again(reading("95.00", "pdf/2"))
    assert [said.title for said in revised.told().held] == [CORRECTED]
    revised.read_again(reading("90.00", "pdf/3"))
    revised.target["quiet"] = ""

    found = revised.told()

    assert (found.sent, found.held) == ([], [])
    assert len(revised.hook.received) == 1


def test_a_correction_that_was_refused_is_not_corrected(revised: Desk) -> None:
    revised.read_again(reading("95.00", "pdf/2"))
    revised.hook.answers = [(503, "")]
    assert revised.told().failed == "HTTP 503"
    revised.read_again(reading("90.00", "pdf/3"))

    assert titles(revised.told(LATER + timedelta(days=1))) == []


def test_a_correction_that_may_have_arrived_is_corrected(revised: Desk) -> None:
    revised.read_again(reading("95.00", "pdf/2"))
    revised.hook.answers = [(0, "")]
    revised.told()
    revised.read_again(reading("90.00", "pdf/3"))

    assert titles(revised.told()) == [CORRECTED]
    assert figures(revised.hook.texts[-1]) == ("130.00", "135.00")


def test_what_may_have_arrived_and_was_read_again_is_sent_where_it_did_not(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.hook.answers = [(0, "")]
    assert len(desk.told().unsure) == 1
    desk.read_again(reading("60.00", "pdf/2"))
    desk.told()

    assert settle(desk.settings, "desk", LATER, arrived=False) == 1
    assert len(titles(desk.told())) == 1


def test_the_correction_says_what_the_target_was_told(revised: Desk) -> None:
    """And not what others were."""
    revised.target["quiet"] = QUIET
    revised.read_again(reading("95.00", "pdf/2"))
    revised.told()
    revised.read_again(reading("99.00", "pdf/3"))
    revised.target["quiet"] = ""
    revised.told()
    assert figures(revised.hook.texts[-1]) == ("139.00", "130.00")

    revised.read_again(reading("95.00", "pdf/4"))

    revised.told()
    assert figures(revised.hook.texts[-1]) == ("135.00", "139.00")


def test_to_who_was_told_nothing_there_is_nothing_to_correct(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.told()
    desk.filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
    desk.read_again(reading("95.00", "pdf/2"))

    assert titles(desk.told()) == [REVISED]
    assert figures(desk.hook.texts[-1]) == ("135.00", "")
    desk.read_again(reading("90.00", "pdf/3"))
    assert titles(desk.told()) == [CORRECTED]
    assert figures(desk.hook.texts[-1]) == ("130.00", "135.00")


def test_a_finding_that_stands_after_all_is_told_to_whom_it_was_taken_back(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    (told,) = [title for title in titles(desk.told()) if "核对发现" in title]
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")
    desk.told()
    (desk.root / "judgements.toml").unlink()

    assert titles(desk.told()) == [told]
    assert titles(desk.told()) == []


def test_a_finding_that_stands_before_it_was_taken_back_is_told_once(desk: Desk) -> None:
    desk.run("r1", told_budget(2024, *WRONG))
    desk.told()
    desk.target["quiet"] = QUIET
    desk.judge(desk.key(), Verdict.WRONG, "口径不同。")
    desk.told()
    (desk.root / "judgements.toml").unlink()
    desk.target["quiet"] = ""

    assert titles(desk.told()) == []


def test_an_outbox_of_before_is_understood(revised: Desk) -> None:
    """It kept a digest of the words; what was sent is not sent again."""
    revised.read_again(reading("95.00", "pdf/2"))
    revised.told()
    words = stories(revised.filing.archive, known(), revised.settings, "zh")
    digests = {e.id: words.of(e).digest for e in listed_by(revised)}
    words.close()
    with contextlib.closing(sqlite3.connect(outbox_of(revised.settings))) as outbox:
        for id_, digest in digests.items():
            outbox.execute(
                "UPDATE entries SET digest = ?, sent = ?, standing = '' WHERE id = ?",
                (digest, digest, id_),
            )
        outbox.commit()

    assert titles(revised.told()) == []
    revised.read_again(reading("99.00", "pdf/3"))
    assert titles(revised.told()) == [CORRECTED]


def listed_by(desk: Desk) -> list[Entry]:
    return listed(desk.filing.archive, known(), desk.settings)
