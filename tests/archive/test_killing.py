"""The writer killed at random points of a real sequence, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("seed", "kills"), [(7, 20), pytest.param(1, 240, marks=pytest.mark.full)])
def test_the_writer_killed_at_random_loses_doubles_and_corrupts_nothing(
    tmp_path: Path, seed: int, kills: int
) -> None:
    command = [sys.executable, "-m", "tests.archive.killing", str(tmp_path), str(seed), str(kills)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{kills} kills\n"), done.stderr
