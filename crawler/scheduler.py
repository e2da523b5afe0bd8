"""`mingzhang schedule`: the long-running form of cron, for machines without one.

APScheduler decides when; every harvest is a `mingzhang harvest` of its own process, so that a crawl
leaves nothing behind in this one and may be stopped at any point. One job harvests at the times of
`[schedule]`; another looks every quarter of an hour which of the portals that are asked more often
than daily are due; one sends what waits when the quiet hours of `[notify]` end.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import msgspec
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.ledger import now
from archive.settings import ArchiveSettings, Settings, SettingsError, load
from crawler.conditions import Conditions, PortalState
from crawler.harvest import HarvestSettings, chosen_portals, due_portals
from crawler.portals import DAILY, Portal

_LATE: Final = 6 * 3600
"""Seconds by which a run may be late (the machine slept) and still take place, once."""
_FAILED: Final = 2
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_LOOK_MINUTES: Final = 15
"""So often it is looked which portals with a cadence below a day are due."""

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
        self._name = "notify" if "notify" in command[-1:] else "harvest"
        self._command = command
        self._start = start
        self._diary = diary
        self._running: Any = None
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()

    def __call__(self, *portals: str) -> int:
        """Run one harvest and wait for it; returns its exit status, 0 once all is to stop.

        Without names it is the harvest of the schedule, which the diary remembers. It waits for the
        one under way, if there is one.
        """
        with self._one_at_a_time:
            if self._stopped.is_set():
                return 0
            diary = None if portals else self._diary
            if diary:
                diary.begin()
            self._running = self._start([*self._command, *portals])
            if self._stopped.is_set():  # while it was being started
                self._running.terminate()
            status: int = self._running.wait()
            self._running = None
            if diary and status >= 0:  # below zero a signal ended it: it is owed
                diary.end()
        if status == _FAILED:
            log.error("%s refused to run (exit 2): mend mingzhang.toml", self._name)
        return status

    def stop(self) -> None:
        """Ask the harvest under way to end, and begin no other; what it has stored stays."""
        self._stopped.set()
        if self._running is not None:
            self._running.terminate()


class Told:
    """Does something once a signal has come: in a thread, so that locks are taken in their turn.

    A handler of signals breaks into whatever runs, even into what holds the very lock that the
    handler would wait for, and then both wait for ever. This one only writes down that it was
    called.
    """

    def __init__(self, signals: Iterable[signal.Signals], then: Callable[[], None]) -> None:
        self._read, self._write = os.pipe()
        self._then = then
        for one in signals:
            signal.signal(one, self._note)

    def heed(self) -> None:
        """From now on, and for a signal that has come already, what is to be done is done."""
        threading.Thread(target=self._wait, name="told", daemon=True).start()

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        os.write(self._write, b".")

    def _wait(self) -> None:
        os.read(self._read, 1)
        self._then()


class Frequent:
    """Harvests the portals that are asked more often than daily, each when its time has come.

    When that is, the archive remembers (`due_portals`): a restart asks nobody anew, and what was
    missed is asked once. A portal whose harvest left no trace is not asked again before its time.
    """

    def __init__(
        self,
        portals: Sequence[Portal],
        archive: Path,
        harvests: Callable[..., int],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._portals = [portal for portal in portals if portal.every_hours < DAILY]
        self._archive = archive
        self._harvests = harvests
        self._clock = clock
        self._asked: dict[str, datetime] = {}

    def __bool__(self) -> bool:
        """Whether there are such portals at all."""
        return bool(self._portals)

    def __call__(self) -> None:
        """Look who is due, and harvest those."""
        moment, conditions = self._clock(), Conditions(self._archive)
        due = [
            portal.slug
            for portal in due_portals(self._portals, conditions, moment)
            # Not early, as nightly harvests may be: the next look is near.
            if moment - self._last(portal, conditions) >= timedelta(hours=portal.every_hours)
        ]
        if due:
            self._asked |= dict.fromkeys(due, moment)
            self._harvests(*due)

    def _last(self, portal: Portal, conditions: Conditions) -> datetime:
        state = conditions.portals.get(portal.slug, PortalState())
        return max(state.last_run or _NEVER, self._asked.get(portal.slug, _NEVER))


def harvest_command(config: Path) -> list[str]:
    """The command line of one harvest with these settings."""
    return [*_program(config), "harvest", "--due"]


def notify_command(config: Path) -> list[str]:
    """The command line that sends what waits."""
    return [*_program(config), "notify"]


def _program(config: Path) -> list[str]:
    # -P: the archive folder beside mingzhang.toml must not pass for our package of that name.
    program = [sys.executable, "-P", "-c", "from crawler.cli import main; main()"]
    return [*program, "--config", str(config)]


def waking(settings: Settings) -> list[CronTrigger]:
    """When quiet hours end: what a harvest at night found is sent then.

    Raises SettingsError for a wrong `[notify]` table.
    """
    if not settings.tables.get("notify"):
        return []
    from diffing.notify.targets import plan_of

    plan = plan_of(settings)
    ends = {target.quiet.ends for target in plan.targets if target.quiet}
    return [
        CronTrigger(hour=end.hour, minute=end.minute, timezone=plan.zone) for end in sorted(ends)
    ]


def scheduler(
    settings: Settings,
    harvests: Callable[[], int],
    frequent: Frequent | None = None,
    *,
    send: Callable[[], int] | None = None,
    at_once: bool = False,
) -> BlockingScheduler:
    """A scheduler with its jobs: missed runs are caught up once, none overlap.

    With `at_once` the first harvest is now; it is owed. Who is due more often than daily is looked
    at now and from now on.
    """
    once: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE}
    made = BlockingScheduler()
    due = trigger(settings)
    moment = datetime.now(due.timezone)
    owed = {"next_run_time": moment} if at_once else {}
    made.add_job(harvests, due, id="harvest", **once, **owed)
    if frequent:
        # Less than the time between two looks.
        jitter = min(due.jitter or 0, _LOOK_MINUTES * 30) or None
        look = IntervalTrigger(minutes=_LOOK_MINUTES, timezone=due.timezone, jitter=jitter)
        made.add_job(frequent, look, id="frequent", next_run_time=moment, **once)
    for number, end in enumerate(waking(settings) if send else ()):
        made.add_job(send, end, id=f"notify-{number}", **once)
    return made


def _frequent(settings: Settings, root: Path, harvests: Harvests) -> Frequent:
    section = settings.section("harvest", HarvestSettings)
    # Without any portal every harvest says so itself.
    return Frequent(chosen_portals(settings, section) if section.portals else [], root, harvests)


@click.command("schedule")
@click.pass_context
def schedule(ctx: click.Context) -> None:
    """Keep running and harvest when due.

    [schedule] in the settings says when; a portal with a longer cadence is passed over until it is
    due, one with a shorter (every_hours below 24) is asked in between as well.
    What waits for the end of the quiet hours of [notify] is sent then.
    A harvest that was cut off, or missed while this was not running, is made up for once at the
    start, if that is no more than six hours ago. Stops cleanly on Ctrl-C or SIGTERM.

    Each harvest says what `mingzhang harvest` says.
    """
    path: Path | None = ctx.find_root().obj
    settings = load(path)
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    # A look for who is due while a harvest is under way is left out, which is no news.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    root = settings.resolve(settings.section("archive", ArchiveSettings).path)
    diary = Diary(root / "schedule.json")
    harvests = Harvests(harvest_command(settings.path), diary=diary)
    frequent = _frequent(settings, root, harvests)
    # A process of its own, like a harvest; it waits for none, the outbox has a lock.
    notices = Harvests(notify_command(settings.path))
    owed = diary.owes(trigger(settings))
    made = scheduler(settings, harvests, frequent, send=notices, at_once=owed)

    def end() -> None:
        harvests.stop()
        notices.stop()
        made.shutdown(wait=False)

    told = Told((signal.SIGTERM, signal.SIGINT), end)
    made.add_listener(lambda _: told.heed(), EVENT_SCHEDULER_STARTED)
    made.start()
