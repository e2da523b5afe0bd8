"""The long-running scheduler harvests when it is due, one at a time, and stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.settings import SettingsError, load
from crawler.scheduler import Diary, Harvests, harvest_command, scheduler, trigger

SHANGHAI = ZoneInfo("Asia/Shanghai")


def settings(tmp_path: Path, text: str = ""):
    path = tmp_path / "mingzhang.toml"
    path.write_text(text)
    return load(path)


def test_harvests_are_due_at_night_in_china_unless_told_otherwise(tmp_path: Path) -> None:
    due = trigger(settings(tmp_path, "[schedule]\njitter_minutes = 0\n"))
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=SHANGHAI)
    assert due.get_next_fire_time(None, noon) == datetime(2026, 3, 2, 3, 30, tzinfo=SHANGHAI)


def test_a_run_begins_a_little_later_than_on_the_minute(tmp_path: Path) -> None:
    assert trigger(settings(tmp_path)).jitter == 1200


@pytest.mark.parametrize(
    ("line", "says"), [('at = "nightly"', "crontab"), ('timezone = "Wuhan"', "time zone")]
)
def test_what_cannot_be_a_time_is_refused_with_the_key(
    tmp_path: Path, line: str, says: str
) -> None:
    with pytest.raises(SettingsError, match=says):
        trigger(settings(tmp_path, f"[schedule]\n{line}\n"))


def test_missed_runs_are_caught_up_once_and_none_overlap(tmp_path: Path) -> None:
    (job,) = scheduler(settings(tmp_path), lambda: 0).get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, 21600)


def test_each_harvest_is_a_process_whose_status_is_known(tmp_path: Path) -> None:
    harvests = Harvests([sys.executable, "-c", "raise SystemExit(1)"])
    assert harvests() == 1


def test_an_archive_in_the_folder_it_runs_in_is_not_taken_for_our_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "crawler.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        harvest_command(settings(tmp_path).path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "contact is empty" in done.stderr


def test_a_refused_harvest_is_said(caplog: pytest.LogCaptureFixture) -> None:
    Harvests([sys.executable, "-c", "raise SystemExit(2)"])()
    assert "mingzhang.toml" in caplog.text


def test_the_command_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    settings(tmp_path, '[harvest]\ncontact = "a@b.invalid"\n')
    code = (
        "import crawler.scheduler as s\n"
        "start = s.BlockingScheduler.start\n"
        "def told(self, *a, **k):\n"
        "    self.add_listener(lambda e: print('ready', flush=True), 1)\n"
        "    return start(self, *a, **k)\n"
        "s.BlockingScheduler.start = told\n"
        "from crawler.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--config", str(tmp_path / "mingzhang.toml"), "schedule"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")


NIGHT = datetime(2026, 3, 1, 3, 30, tzinfo=SHANGHAI)
AT_NIGHT = "[schedule]\njitter_minutes = 20\n"


class Process:
    """A harvest that ends with a status, or is looked at while it runs."""

    def __init__(self, status: int) -> None:
        self.status = status

    def wait(self) -> int:
        return self.status


class Nights:
    """A scheduler that is started again and again, with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.moment = NIGHT
        self.due = trigger(settings(folder, AT_NIGHT))
        self.diary = Diary(folder / "archive" / "schedule.json", lambda: self.moment)

    def harvest(self, status: int = 0) -> None:
        Harvests([], lambda _: Process(status), self.diary)()

    def owed_at(self, hours: float) -> bool:
        self.moment = NIGHT + timedelta(hours=hours)
        return self.diary.owes(self.due)


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def test_a_schedule_that_never_ran_owes_nothing(nights: Nights) -> None:
    assert not nights.owed_at(1)


def test_a_harvest_cut_off_in_the_middle_is_made_up_for_once(nights: Nights) -> None:
    nights.harvest(status=-15)
    assert nights.owed_at(1)
    nights.harvest()
    assert not nights.owed_at(2)


def test_a_harvest_missed_while_nothing_ran_is_made_up_for_once(nights: Nights) -> None:
    nights.harvest()
    assert not nights.owed_at(23)
    assert nights.owed_at(25)
    nights.harvest()
    assert not nights.owed_at(26)


def test_what_is_due_within_the_jitter_is_not_missed(nights: Nights) -> None:
    nights.harvest()
    assert not nights.owed_at(24 + 10 / 60)


def test_what_was_missed_long_ago_waits_for_the_next_night(nights: Nights) -> None:
    nights.harvest(status=-15)
    assert not nights.owed_at(7)


def test_what_is_owed_runs_at_once_and_then_by_the_clock(tmp_path: Path) -> None:
    made = scheduler(settings(tmp_path, AT_NIGHT), lambda: 0, at_once=True)
    (job,) = made.get_jobs()
    assert job.next_run_time <= datetime.now(SHANGHAI)
    (other,) = scheduler(settings(tmp_path, AT_NIGHT), lambda: 0).get_jobs()
    assert not hasattr(other, "next_run_time")  # decided when the scheduler starts


@pytest.mark.xdist_group("scheduler")
def test_a_scheduler_killed_in_mid_run_harvests_once_after_its_restart(tmp_path: Path) -> None:
    made = settings(tmp_path, '[harvest]\ncontact = "a@b.invalid"\n')
    record = tmp_path / "archive" / "schedule.json"
    Diary(record).begin()  # and then the machine was switched off
    code = (
        "import sys, crawler.scheduler as s\n"
        "s.harvest_command = lambda config: [sys.executable, '-c', 'print(1)']\n"
        "s.Harvests.__call__ = (lambda run: lambda self: (run(self), print('ran', flush=True)))("
        "s.Harvests.__call__)\n"
        "from crawler.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--config", str(made.path), "schedule"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["1\n", "ran\n"]
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert not Diary(record).owes(trigger(made))
