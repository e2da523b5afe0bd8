"""A whole harvest through the command: portals crawled and documents read by two workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive import supervised
from tests.portal import Portal
from tests.portal.trial import Trial, git

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("cluster")]


def trees(trial: Trial) -> dict[str, str]:
    """District → the tree at its tip: everything but who wrote it in which run, and when."""
    return {path.name: git(path, "rev-parse", "HEAD^{tree}") for path in trial.repositories()}


def test_a_harvest_by_workers_archives_what_a_harvest_here_does(
    tmp_path: Path, mock_portal: Portal
) -> None:
    found = []
    with supervised.cluster() as address:
        for name, where in (
            ("there", address),
            ("here", "local"),
        ):
            (tmp_path / name).mkdir()
            trial = Trial(tmp_path / name, mock_portal)
            ran = trial.mingzhang("harvest", "--executor", where)
            assert ran.code in (0, 1), ran.err
            found.append((ran.code, trees(trial), trial.commits()))
            again = trial.mingzhang("harvest", "--executor", where)
            assert trial.commits() == found[-1][2], again.err
    assert found[0] == found[1]
    assert len(found[0][1]) == 2
    assert found[0][2] > 4
