"""The long-running scheduler harvests when it is due, one at a time, and stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.settings import SettingsError, load
from crawler.conditions import Conditions
from crawler.portals import Portal
from crawler.report import PortalReport, Trouble, TroubleKind
from crawler.scheduler import (
    Diary,
    Frequent,
    Harvests,
    harvest_command,
    notify_command,
    scheduler,
    trigger,
    waking,
)

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


def scheduling(folder: Path, patched: str) -> subprocess.Popen[str]:
    """`mingzhang schedule` as a process of its own, with something patched in it."""
    settings(folder, '[harvest]\ncontact = "a@b.invalid"\n')
    code = (
        "import os, signal, threading\n"
        f"from crawler.scheduler import BlockingScheduler\n{patched}"
        "from crawler.cli import main; main()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "--config", str(folder / "mingzhang.toml"), "schedule"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SAYS_READY = """
start = BlockingScheduler.start
def told(self):
    self.add_listener(lambda event: print("ready", flush=True), 1)
    return start(self)
BlockingScheduler.start = told
"""
TOLD_WHILE_IT_HOLDS_THE_LOCK_THAT_ENDING_NEEDS = """
wakeup = BlockingScheduler.wakeup
def told(self):
    with self._event._cond:
        os.kill(os.getpid(), signal.SIGTERM)
    wakeup(self)
BlockingScheduler.wakeup = told
"""
TOLD_BEFORE_IT_RUNS = """
start = BlockingScheduler.start
def told(self):
    os.kill(os.getpid(), signal.SIGTERM)
    start(self)
BlockingScheduler.start = told
"""


def test_the_command_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    process = scheduling(tmp_path, SAYS_READY)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")


@pytest.mark.parametrize(
    "moment", [TOLD_WHILE_IT_HOLDS_THE_LOCK_THAT_ENDING_NEEDS, TOLD_BEFORE_IT_RUNS]
)
def test_the_command_ends_cleanly_at_whatever_moment_it_is_told(
    tmp_path: Path, moment: str
) -> None:
    process = scheduling(tmp_path, moment)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")


class Started:
    """A harvest of which it is known whether it was asked to end."""

    ended = 0

    def wait(self) -> int:
        return -signal.SIGTERM if self.ended else 0

    def terminate(self) -> None:
        self.ended += 1


def test_a_harvest_that_was_being_started_when_all_is_to_end_is_ended_too() -> None:
    started = Started()

    def start(_: list[str]) -> Started:
        harvests.stop()
        return started

    harvests = Harvests([], start)
    assert (harvests(), started.ended) == (-signal.SIGTERM, 1)


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


DAILY_AND_OFTEN = (("minghu", 24), ("donghu", 6), ("xihu", 1))


class Days:
    """Portals of several cadences, an archive that remembers, and a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moment = NIGHT
        self.asked: list[tuple[float, str]] = []
        self.recorded = True
        self.frequent = self.started()

    def started(self) -> Frequent:
        """The scheduler's looking, begun anew as after a restart."""
        made = [
            Portal(
                slug=slug,
                name=slug,
                division="990201",
                family="trs",
                entries=(),
                every_hours=hours,
            )
            for slug, hours in DAILY_AND_OFTEN
        ]
        return Frequent(made, self.folder, self.harvest, lambda: self.moment)

    @property
    def hours(self) -> float:
        return (self.moment - NIGHT) / timedelta(hours=1)

    def harvest(self, *portals: str) -> int:
        self.asked += [(self.hours, slug) for slug in portals]
        if self.recorded:
            conditions = Conditions(self.folder)
            for slug in portals:
                conditions.update(PortalReport(slug, "990201", ended="finished"), [], self.moment)
            conditions.save()
        return 0

    def go(self, until: float) -> None:
        """Let the hours pass, a look every quarter."""
        while self.hours < until:
            self.frequent()
            self.moment += timedelta(minutes=15)

    def asked_of(self, portal: str) -> list[float]:
        return [hour for hour, slug in self.asked if slug == portal]


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path / "archive")


def test_each_portal_is_asked_as_often_as_its_file_says(days: Days) -> None:
    days.go(until=24)
    assert days.asked_of("donghu") == [0, 6, 12, 18]
    assert days.asked_of("xihu") == list(range(24))
    assert days.asked_of("minghu") == []  # by the schedule


def test_a_restart_asks_nobody_too_soon_and_makes_up_once_for_what_is_late(days: Days) -> None:
    days.go(until=1)
    days.frequent = days.started()
    days.go(until=4)
    assert days.asked_of("donghu") == [0]
    days.moment += timedelta(hours=40)
    days.frequent = days.started()
    days.go(until=days.hours + 1)
    assert days.asked_of("donghu") == [0, 44]


def test_a_harvest_that_left_no_trace_is_not_repeated_before_its_time(days: Days) -> None:
    days.recorded = False
    days.go(until=7)
    assert days.asked_of("donghu") == [0, 6]


def test_a_portal_that_turned_us_away_rests_whatever_its_cadence(days: Days) -> None:
    blocked = Trouble(TroubleKind.BLOCKED, "example.gov.cn", "turns us away")
    report = PortalReport("donghu", "990201", ended="finished", troubles=[blocked])
    conditions = Conditions(days.folder)
    conditions.update(report, [blocked], NIGHT)
    conditions.save()
    days.go(until=13)
    assert days.asked_of("donghu") == [12]


def test_frequent_portals_have_a_job_of_their_own_that_neither_piles_up_nor_overlaps(
    tmp_path: Path, days: Days
) -> None:
    made = scheduler(settings(tmp_path, AT_NIGHT), lambda: 0, days.frequent)
    nightly, frequent = sorted(made.get_jobs(), key=lambda job: job.id, reverse=True)
    assert (nightly.id, frequent.id) == ("harvest", "frequent")
    assert frequent.next_run_time <= datetime.now(SHANGHAI)
    assert (frequent.coalesce, frequent.max_instances) == (True, 1)
    assert frequent.trigger.interval == timedelta(minutes=15)
    assert frequent.trigger.jitter == 450


def test_without_frequent_portals_nobody_looks_for_them(tmp_path: Path) -> None:
    made = scheduler(settings(tmp_path), lambda: 0, Frequent([], tmp_path, lambda: 0))
    assert [job.id for job in made.get_jobs()] == ["harvest"]


class Slow:
    """A harvest that runs until it is let go or told to end."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def wait(self) -> int:
        self.begun.set()
        assert self.let_go.wait(30)
        return 0

    def terminate(self) -> None:
        self.let_go.set()


def test_the_nightly_and_a_frequent_harvest_wait_for_each_other_and_none_follows_a_stop() -> None:
    runs = [Slow(), Slow()]
    started: list[list[str]] = []

    def start(command: list[str]) -> Slow:
        assert all(run.let_go.is_set() for run in runs[: len(started)])
        started.append(command)
        return runs[len(started) - 1]

    harvests = Harvests(["harvest"], start)
    nightly = threading.Thread(target=harvests)
    nightly.start()
    assert runs[0].begun.wait(30)
    frequent = threading.Thread(target=harvests, args=("donghu",))
    frequent.start()
    runs[0].let_go.set()
    assert runs[1].begun.wait(30)
    harvests.stop()
    nightly.join(30)
    frequent.join(30)
    assert started == [["harvest"], ["harvest", "donghu"]]
    assert harvests("xihu") == 0
    assert len(started) == 2


def test_a_frequent_harvest_is_not_the_one_the_schedule_owes(nights: Nights) -> None:
    Harvests([], lambda _: Process(0), nights.diary)("donghu")
    assert not nights.diary.path.exists()


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


QUIET = """
[notify]
quiet = "22:00-07:30"
[notify.targets.one]
url = "json://127.0.0.1/"
[notify.targets.two]
url = "json://127.0.0.1/"
[notify.targets.three]
url = "json://127.0.0.1/"
quiet = "12:00-13:00"
"""


def test_what_waits_is_sent_when_the_quiet_hours_end(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=SHANGHAI)
    ends = [due.get_next_fire_time(None, noon) for due in waking(settings(tmp_path, QUIET))]
    assert ends == [
        datetime(2026, 3, 2, 7, 30, tzinfo=SHANGHAI),
        datetime(2026, 3, 1, 13, 0, tzinfo=SHANGHAI),
    ]

    jobs = scheduler(settings(tmp_path, QUIET), lambda: 0, send=lambda: 0).get_jobs()
    assert [job.id for job in jobs] == ["harvest", "notify-0", "notify-1"]
    assert notify_command(tmp_path)[-3:] == ["--config", str(tmp_path), "notify"]


def test_without_targets_nothing_is_sent(tmp_path: Path) -> None:
    (job,) = scheduler(settings(tmp_path, "[notify]\n"), lambda: 0, send=lambda: 0).get_jobs()
    assert job.id == "harvest"
