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
from pathlib import Path
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import msgspec
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from archive.settings import Settings, SettingsError, load

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


class Harvests:
    """Runs one harvest after another, each in its own process, never two at a time."""

    def __init__(self, command: list[str], start: Callable[..., Any] = subprocess.Popen) -> None:
        self._command = command
        self._start = start
        self._running: Any = None

    def __call__(self) -> int:
        """Run one harvest and wait for it; returns its exit status."""
        self._running = self._start(self._command)
        status: int = self._running.wait()
        self._running = None
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
    return [*program, "--config", str(config), "harvest"]


def scheduler(settings: Settings, harvests: Callable[[], int]) -> BlockingScheduler:
    """A scheduler with the one job: missed runs are caught up once, none overlap."""
    made = BlockingScheduler()
    made.add_job(
        harvests,
        trigger(settings),
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

    [schedule] in the settings says when. Stops cleanly on Ctrl-C or SIGTERM. Each harvest says
    what `mingzhang harvest` says.
    """
    path: Path | None = ctx.find_root().obj
    settings = load(path)
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    harvests = Harvests(harvest_command(settings.path))
    made = scheduler(settings, harvests)

    def end(_signal: int, _frame: FrameType | None) -> None:
        harvests.stop()
        made.shutdown(wait=False)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    made.start()
