"""A disk that is full or cannot be written: a clear error, and nothing lost."""

from __future__ import annotations

import contextlib
import random
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.repository import RepositoryError
from tests.archive.storing import Workshop, paper, seen, told
from tests.archive.test_audit import verified

LARGE = random.Random(1).randbytes(300_000).hex()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper({"行政运行": "1"}), seen()))
    return workshop


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The system refuses to let any file grow further, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_git_on_a_full_disk_is_an_error_and_the_next_run_goes_on(workshop: Workshop) -> None:
    intake = workshop.intake()
    sha256 = intake.offer(paper({"行政运行": "2"}, prose=LARGE), seen())
    with no_file_larger_than(100_000), pytest.raises(RepositoryError, match="gave up"):
        intake.process()
    assert workshop.kinds() == ["first"]
    assert sha256 in workshop.archive.originals
    assert told(workshop.run()) == [("committed", "revision")]
    assert verified(workshop).faults == []


def test_an_original_that_does_not_fit_is_an_error_and_leaves_no_trace(workshop: Workshop) -> None:
    rows = len(list(workshop.archive.ledger.rows()))
    with no_file_larger_than(100_000), pytest.raises(OSError, match="File too large"):
        workshop.intake().offer(paper(prose=LARGE), seen())
    assert len(list(workshop.archive.ledger.rows())) == rows
    assert verified(workshop).faults == []


def test_where_no_repository_can_be_made_everything_waits(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    (root / "districts").write_text("in the way", encoding="utf-8")
    workshop = Workshop(root)
    with pytest.raises(OSError, match="districts"):
        workshop.run((paper(), seen()))
    (root / "districts").unlink()
    assert told(Workshop(root).run()) == [("committed", "first")]
