"""The writer killed at random points of a real sequence, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.committing import Committing
from tests.archive import killing
from tests.archive.storing import Workshop


@pytest.mark.parametrize(("seed", "kills"), [(7, 20), pytest.param(1, 240, marks=pytest.mark.full)])
def test_the_writer_killed_at_random_loses_doubles_and_corrupts_nothing(
    tmp_path: Path, seed: int, kills: int
) -> None:
    command = [sys.executable, "-m", "tests.archive.killing", str(tmp_path), str(seed), str(kills)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{kills} kills\n"), done.stderr


class _Cut(BaseException):
    """Where the process would have been killed."""


def test_a_reading_anew_cut_off_after_its_last_commit_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = Workshop(tmp_path)
    killing.CHAPTERS[0](workshop)
    events = len(workshop.history())

    def cut(*_: object) -> None:
        if len(workshop.history()) == events + 2:  # both documents are read anew
            raise _Cut
        noted(*_)

    noted = Committing._note_made
    with monkeypatch.context() as context:
        context.setattr(Committing, "_note_made", cut)
        with pytest.raises(_Cut):
            killing.reread(workshop)
    assert len(workshop.archive.ledger.plans()) == 1
    killing.reread(workshop)
    assert workshop.archive.ledger.plans() == []
    assert len(workshop.history()) == events + 2
