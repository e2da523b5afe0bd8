"""`mingzhang schedule`: the long-running form of cron, for machines without one.

APScheduler decides when; every harvest is a `mingzhang harvest` of its own process, so that a crawl
leaves nothing behind in this one and may be stopped at any point.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import msgspec
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from archive.ledger import now
from archive.settings import ArchiveSettings, Settings, SettingsError, load

_LATE: Final = 6 * 3600
"""Seconds by which a run may be late (the machine slept) and still take place, once."""
_FAILED: Final = 2

log = logging.getLogger("mingzhang.schedule")


class ScheduleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[schedule]`: when `mingzhang schedule` harvests."""

    at: str = "30 3 * * *"
    """A crontab expression: minute, hour, day of month, month, day of week."""
    timezone: str = "Asia/Shanghai"
    jitter_minutes: int = 20
    """A run begins up to so much later, so that portals are not asked on the minute."""


def trigger(settings: Settings) -> CronTrigger:
    """When harvests are due.

    Raises:
        SettingsError: `[schedule]` holds no crontab expression or no known time zone.
    """
    section = settings.section("schedule", ScheduleSettings)
    try:
        made = CronTrigger.from_crontab(section.at, timezone=ZoneInfo(section.timezone))
    except ZoneInfoNotFoundError as error:
        raise SettingsError(
            f"{settings.path}: [schedule] timezone: {section.timezone} is no time zone; "
            "write one such as Asia/Shanghai"
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"{settings.path}: [schedule] at: {section.at!r} is no crontab expression ({error}); "
            'write one such as "30 3 * * *" (every night at half past three)'
        ) from error
    made.jitter = section.jitter_minutes * 60 or None
    return made


class _Entry(msgspec.Struct, frozen=True):
    """The last harvest of the schedule; `ended` is None while it runs, or when it was cut off."""

    began: datetime
    ended: datetime | None = None


class Diary:
    """Remembers the last scheduled harvest over restarts, in one small file of the archive."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = now) -> None:
        self.path = path
        self._clock = clock

    def begin(self) -> None:
        """A harvest begins."""
        self._write(_Entry(self._clock()))

    def end(self) -> None:
        """It came to its end."""
        if (last := self._last()) is not None:
            self._write(_Entry(last.began, self._clock()))

    def owes(self, due: CronTrigger) -> bool:
        """Whether a harvest was cut off, or missed while nothing ran, not too long ago.

        A schedule that never ran owes nothing: its first harvest comes when it is due.
        """
        last, moment = self._last(), self._clock()
        if last is None:
            return False
        if last.ended is None and moment - last.began <= timedelta(seconds=_LATE):
            return True
        since = max(moment - timedelta(seconds=_LATE), last.began + timedelta(seconds=1))
        plain = CronTrigger(**{f.name: f for f in due.fields}, timezone=due.timezone)
        missed = plain.get_next_fire_time(None, since)
        # What began within the jitter after it was due was that very harvest.
        spread = timedelta(seconds=due.jitter or 0)
        return missed is not None and missed + spread <= moment and last.began < missed

    def _last(self) -> _Entry | None:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_Entry)
        except (OSError, msgspec.DecodeError):
            return None  # a notebook, not a record: without it nothing is owed

    def _write(self, entry: _Entry) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        side = self.path.with_suffix(".tmp")
        side.write_bytes(msgspec.json.encode(entry))
        side.replace(self.path)


class Harvests:
    """Runs one harvest after another, each in its own process, never two at a time."""

    def __init__(
        self,
        command: list[str],
        start: Callable[..., Any] = subprocess.Popen,
        diary: Diary | None = None,
    ) -> None:
        self._command = command
        self._start = start
        self._diary = diary
        self._running: Any = None

    def __call__(self) -> int:
        """Run one harvest and wait for it; returns its exit status."""
        if self._diary:
            self._diary.begin()
        self._running = self._start(self._command)
        status: int = self._running.wait()
        self._running = None
        if self._diary and status >= 0:  # below zero a signal ended it: it is owed
            self._diary.end()
        if status == _FAILED:
            log.error("harvest refused to run (exit 2): mend mingzhang.toml")
        return status

    def stop(self) -> None:
        """Ask the harvest under way to end; what it has stored stays."""
        if self._running is not None:
            self._running.terminate()


def harvest_command(config: Path) -> list[str]:
    """The command line of one harvest with these settings."""
    # -P: the archive folder beside mingzhang.toml must not pass for our package of that name.
    program = [sys.executable, "-P", "-c", "from crawler.cli import main; main()"]
    return [*program, "--config", str(config), "harvest", "--due"]


def scheduler(
    settings: Settings, harvests: Callable[[], int], *, at_once: bool = False
) -> BlockingScheduler:
    """A scheduler with the one job: missed runs are caught up once, none overlap.

    With `at_once` the first harvest is now; it is owed.
    """
    made = BlockingScheduler()
    due = trigger(settings)
    made.add_job(
        harvests,
        due,
        **({"next_run_time": datetime.now(due.timezone)} if at_once else {}),
        id="harvest",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=_LATE,
    )
    return made


@click.command("schedule")
@click.pass_context
def schedule(ctx: click.Context) -> None:
    """Keep running and harvest when due.

    [schedule] in the settings says when; each portal is then asked as often as its own file says.
    A harvest that was cut off, or missed while this was not running, is made up for once at the
    start, if that is no more than six hours ago. Stops cleanly on Ctrl-C or SIGTERM.

    Each harvest says what `mingzhang harvest` says.
    """
    path: Path | None = ctx.find_root().obj
    settings = load(path)
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    root = settings.resolve(settings.section("archive", ArchiveSettings).path)
    diary = Diary(root / "schedule.json")
    harvests = Harvests(harvest_command(settings.path), diary=diary)
    made = scheduler(settings, harvests, at_once=diary.owes(trigger(settings)))

    def end(_signal: int, _frame: FrameType | None) -> None:
        harvests.stop()
        made.shutdown(wait=False)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    made.start()
