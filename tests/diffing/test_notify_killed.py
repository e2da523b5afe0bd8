"""A run is killed at every step of sending, and the next one goes on: nothing lost, nothing twice.

The decision (docs/decisions/0022): what was on its way when a run was cut off may have arrived; it
is said and never sent again of itself. Whatever was not yet on its way, or is known not to have
arrived, is sent exactly once in the end.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from archive.repository import Archive
from archive.settings import Settings
from diffing.notify.outbox import Fate, Outbox
from diffing.notify.rounds import Report, notify, outbox_of, prepare
from diffing.notify.wire import Wire
from tests.archive.killing import counted_calls, in_child

from .archived import BEGINNING, Filing, identity, known
from .receiving import Hook, hook
from .test_feed import budget

NOW = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
YEARS = range(2020, 2024)


class Post:
    """An archive with news for two targets, each of which takes one entry a message."""

    def __init__(self, root: Path, webhook: Hook) -> None:
        self.hook = webhook
        targets = {
            name: {"url": webhook.url(name), "significance": "list"} for name in ("one", "two")
        }
        self.settings = Settings(root / "mingzhang.toml", {"notify": {"targets": targets}})

    def round(self, now: datetime = NOW, *, dry: bool = False) -> Report:
        """A round as a process of its own would do it."""
        archive = Archive(self.settings.resolve("archive"))
        try:
            return notify(archive, known(), self.settings, now, dry=dry)
        finally:
            archive.close()

    def fates(self) -> Counter[tuple[str, str]]:
        """Target and fate of every entry."""
        outbox = Outbox(outbox_of(self.settings))
        found = Counter(
            (name, str(row.fate)) for name in ("one", "two") for row in outbox.rows(name).values()
        )
        outbox.close()
        return found

    def arrived(self) -> Counter[tuple[str, int]]:
        """Target and year of every entry that arrived."""
        return Counter(
            (path.strip("/"), year)
            for path, said in self.hook.received
            for year in YEARS
            if f"财政局 {year} 年部门预算\n" in f"{said['message']}\n"
        )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("post")
    filing = Filing(root / "archive")
    for year in YEARS:
        filing.commit(budget("60.00"), identity(year))
    filing.archive.close()
    return root


@contextlib.contextmanager
def posting(filled: Path, root: Path) -> Iterator[Post]:
    """A copy of the archive whose targets have begun, and whose words are composed."""
    shutil.copytree(filled / "archive", root / "archive")
    with hook() as webhook:
        post = Post(root, webhook)
        prepare(post.settings, BEGINNING)
        post.round(dry=True)
        yield post


@pytest.fixture
def post(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(Wire, "limit", 900)
    with posting(filled, tmp_path) as post:
        yield post


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    """The process is killed when it is about to do this for the third time."""
    _at_the_third(owner, name, lambda _: die())


def after(owner: Any, name: str) -> None:
    """It is killed when it has just done this for the third time."""
    _at_the_third(owner, name, lambda work: (work(), die()))


def _at_the_third(owner: Any, name: str, what: Callable[[Callable[[], Any]], Any]) -> None:
    original, times = getattr(owner, name), iter(range(1, 1000))

    def counted(*arguments: Any, **options: Any) -> Any:
        if next(times) == 3:
            return what(lambda: original(*arguments, **options))
        return original(*arguments, **options)

    setattr(owner, name, counted)


@pytest.mark.parametrize(
    ("point", "owner", "name", "received", "unsure"),
    [
        (before, Outbox, "intend", 2, 0),
        (after, Outbox, "intend", 2, 1),
        (before, requests.Session, "send", 2, 1),
        (after, requests.Session, "send", 3, 1),
        (before, Outbox, "sent", 3, 1),
        (after, Outbox, "sent", 3, 0),
    ],
)
def test_killed_at_a_step_nothing_is_lost_in_silence_or_sent_twice(
    post: Post, point: Callable[..., None], owner: Any, name: str, received: int, unsure: int
) -> None:
    def killed() -> int:
        point(owner, name)
        post.round()
        return 0

    assert in_child(killed) == -1
    assert len(post.hook.received) == received

    report = post.round()

    arrived = post.arrived()
    assert max(arrived.values()) == 1
    everything = {(target, year) for target in ("one", "two") for year in YEARS}
    in_doubt = sum(len(one.unsure) for one in report.targets)
    assert in_doubt == unsure
    missing = everything - arrived.keys()
    assert len(missing) == unsure - (received - 2 if unsure else 0)
    assert (report.exit_code, len(report.failures)) == (unsure, unsure)
    assert post.fates() == Counter(
        {("one", "sent"): 4 - unsure, ("two", "sent"): 4}
        | ({("one", "unsure"): 1} if unsure else {})
    )
    assert post.round().exit_code == 0  # said once
    assert post.arrived() == arrived


def check(filled: Path, folder: Path, seed: int, kills: int) -> None:
    """Kill rounds at calls drawn at random, then let one through: every entry is accounted for."""
    draw = random.Random(seed)
    with posting(filled, folder / "whole") as post:
        whole = in_child(lambda: counted_calls(post.round, -1))
        assert len(post.hook.received) == 8
    done = 0
    for story in itertools.count():
        with posting(filled, folder / str(story)) as post:
            for _ in range(3):
                point = draw.randint(1, whole)
                done += in_child(lambda: counted_calls(post.round, point)) == -1  # noqa: B023
            post.round(NOW + timedelta(days=2))
            arrived, fates = post.arrived(), post.fates()
        everything = {(target, year) for target in ("one", "two") for year in YEARS}
        unsure = sum(count for (_, fate), count in fates.items() if fate == Fate.UNSURE)
        sent = sum(count for (_, fate), count in fates.items() if fate == Fate.SENT)
        assert max(arrived.values()) == 1, "sent twice"
        assert sent + unsure == len(everything)
        assert len(everything - arrived.keys()) <= unsure, "lost in silence"
        if done >= kills:
            return


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wire, "limit", 900)


@pytest.mark.usefixtures("_short")
def test_killed_anywhere_nothing_is_lost_in_silence_or_sent_twice(
    filled: Path, tmp_path: Path
) -> None:
    check(filled, tmp_path, 7, 4)


@pytest.mark.full
@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("seed", range(10))
def test_killed_anywhere_again_and_again(filled: Path, tmp_path: Path, seed: int) -> None:
    check(filled, tmp_path, seed, 30)
