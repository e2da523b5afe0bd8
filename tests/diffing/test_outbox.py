"""What the outbox says where it cannot be used: no more than is known, and no advice that loses."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diffing.notify.outbox import Fate, Outbox, OutboxError, Row
from tests.archive.killing import in_child

NOW = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    outbox = Outbox(path)
    outbox.begin("desk", NOW)
    yield outbox
    outbox.close()


def row(name: str, title: str = "题") -> Row:
    return Row(name, "s", Fate.WAITING, title, "d", "")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond a few bytes: a transaction cannot write down how to undo it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_a_delivery_cannot_be_noted_it_says_that_it_may_have_arrived(
    outbox: Outbox, path: Path
) -> None:
    outbox.note("desk", row("one"))
    number = outbox.intend("desk", [row("one")], NOW)

    with full_disk(), pytest.raises(OutboxError) as error:
        outbox.sent("desk", number, NOW)

    said = str(error.value)
    assert "a message had been handed over before" in said
    assert "it may have arrived" in said
    assert "rollback" not in said
    assert "nothing was sent" not in said
    assert "Move it away" not in said
    again = Outbox(path)
    again.cut_off(NOW)
    assert again.rows("desk")["one"].fate is Fate.UNSURE
    again.close()


def test_where_nothing_was_handed_over_it_does_not_say_so(outbox: Outbox) -> None:
    outbox.note("desk", row("one"))
    number = outbox.intend("desk", [row("one")], NOW)
    outbox.sent("desk", number, NOW)

    with full_disk(), pytest.raises(OutboxError) as error:
        outbox.intend("desk", [row("one")], NOW)

    assert "handed over" not in str(error.value)
    assert "nothing more is sent. See to that and run again" in str(error.value)
    assert outbox.rows("desk")["one"].fate is Fate.SENT
    outbox.note("desk", row("two"))  # as soon as there is room again


@pytest.mark.parametrize("damage", [b"not a database" * 100, b""])
def test_only_a_damaged_file_is_to_be_moved_away(outbox: Outbox, path: Path, damage: bytes) -> None:
    outbox.note("desk", row("one"))
    whole = path.read_bytes()
    path.write_bytes(damage or whole[:4096] + bytes(len(whole) - 4096))

    with pytest.raises(OutboxError, match=r"nothing more is sent\. Move it away: .* begins anew"):
        Outbox(path, keep=False).rows("desk")


def interrupted(path: Path) -> None:
    """A run that is killed while it writes: what would undo the step is left beside the file."""

    def killed() -> int:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA cache_size = 2")  # so that half of it is written before the end
        database.execute("BEGIN IMMEDIATE")
        database.execute("UPDATE entries SET title = title || '半', fate = 'sent'")
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    assert in_child(killed) == -1


def test_a_dry_run_after_a_step_that_was_cut_off_sees_what_was_before_it(
    outbox: Outbox, path: Path
) -> None:
    for number in range(300):
        outbox.note("desk", row(f"{number}", "题" * 100))
    outbox.close()
    interrupted(path)
    left = path.with_name("outbox.sqlite-journal")
    files = (path.read_bytes(), left.read_bytes())
    assert "半".encode() in files[0]

    copy = Outbox(path, keep=False)
    seen = copy.rows("desk")
    copy.close()

    assert {(one.title, one.fate) for one in seen.values()} == {("题" * 100, Fate.WAITING)}
    assert len(seen) == 300
    assert (path.read_bytes(), left.read_bytes()) == files
    real = Outbox(path)
    assert real.rows("desk") == seen
    real.close()
