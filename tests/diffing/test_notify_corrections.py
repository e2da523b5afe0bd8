"""Who was told what does not stand hears of it: once, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from archive.model import ChangeKind, Document
from archive.register.agencies import Agency
from archive.register.register import Register
from diffing.checks.judgements import Verdict

from .archived import identity
from .receiving import hook
from .test_check_command import budget as told_budget
from .test_corrections import WRONG
from .test_feed import budget
from .test_notify import REVISED, Desk, titles

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
