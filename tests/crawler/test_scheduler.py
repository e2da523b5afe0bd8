"""The long-running scheduler harvests when it is due, one at a time, and stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.settings import SettingsError, load
from crawler.scheduler import Harvests, harvest_command, scheduler, trigger

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
