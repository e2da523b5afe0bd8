"""One round: what is new for each target, what of it may be told now, and what became of it."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import structs

from archive.locks import held
from archive.settings import ArchiveSettings, SettingsError
from diffing.changes import Significance
from diffing.feed import Entry, News
from diffing.notify.bulletin import Message, messages
from diffing.notify.flap import flapped, held_until
from diffing.notify.outbox import Fate, Outbox, Row
from diffing.notify.retold import mark, otherwise, retold
from diffing.notify.targets import Plan, Target, plan_of
from diffing.notify.watch import Watching
from diffing.notify.wire import Delivery, Outcome, Wire
from diffing.render.story import Stories, Story
from diffing.syndicate import listed, page_on_site, stories
from diffing.words import wording

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings

__all__ = ["Report", "Said", "TargetReport", "notify", "outbox_of", "prepare", "settle", "test"]

_RANK: Final = list(Significance)
_MESSAGES: Final = 20
"""So many messages a target gets in one round; the rest waits for the next one."""


class Said(msgspec.Struct, frozen=True):
    """An entry as a report names it."""

    id: str
    title: str
    why: str = ""


class TargetReport(msgspec.Struct, kw_only=True):
    """What a round came to for one target."""

    target: str
    since: datetime | None = None
    sent: list[Said] = []
    due: list[Said] = []
    """What would be sent, where nothing is sent: a dry run."""
    held: list[Said] = []
    """Not yet: a flap perhaps, quiet hours, or the target did not take it the last time."""
    dropped: list[Said] = []
    unsure: list[Said] = []
    """What may have arrived and may not."""
    failed: str = ""
    """Why it could not be sent to; "" where it could."""
    fresh: bool = False
    """Whether something became unsure in this round or was found so first in it."""


class Report(msgspec.Struct, kw_only=True):
    """What a round came to."""

    targets: list[TargetReport] = []

    @property
    def failures(self) -> list[str]:
        """What a person must know of, each said once."""
        return [line for one in self.targets for line in _failures(one)]

    @property
    def exit_code(self) -> int:
        """1 where something failed that had not failed before, else 0."""
        return int(bool(self.failures))


def _failures(one: TargetReport) -> Iterator[str]:
    if one.failed:
        yield f"{one.target}: {one.failed}; it stays in the outbox and is sent later"
    if one.fresh:
        titles = "; ".join(said.title for said in one.unsure[:3])
        yield (
            f"{one.target}: {len(one.unsure)} may have been sent or not ({titles}); look there,"
            f" then `mingzhang notify --again {one.target}` or `--arrived {one.target}`"
        )


def outbox_of(settings: Settings) -> Path:
    """Where the outbox of these settings lies: in the archive, outside git."""
    root = settings.resolve(settings.section("archive", ArchiveSettings).path)
    return root / "notify" / "outbox.sqlite"


def wires_of(plan: Plan) -> dict[str, Wire]:
    """Name → the way out to it. Raises SettingsError for an address that is none."""
    return {target.name: Wire(target) for target in plan.targets}


def prepare(settings: Settings, now: datetime) -> Plan:
    """Check the settings and let new targets begin, before anything happens that they are told of.

    Raises SettingsError, OutboxError, or LockTaken where another run is sending.
    """
    plan = plan_of(settings)
    if plan.targets:
        wires_of(plan)
        with _opened(settings, now) as outbox:
            for target in plan.targets:
                outbox.begin(target.name, now)
    return plan


def settle(settings: Settings, name: str, now: datetime, *, arrived: bool) -> int:
    """Someone has looked whether what is unsure for a target arrived; how many entries that is.

    What did not arrive is sent by the next round. Raises SettingsError where there is no such
    target, OutboxError, or LockTaken where another run is sending.
    """
    chosen(plan_of(settings), name, settings)
    with _opened(settings, now) as outbox:
        return outbox.settle(name, arrived=arrived)


def test(settings: Settings, name: str) -> Outcome:
    """Send one target a message that says it is a test; nothing is noted.

    Raises SettingsError where there is no such target or its address is none.
    """
    target = chosen(plan_of(settings), name, settings)
    words = wording(target.lang)
    return Wire(target).send(words("bulletin-test-title"), words("bulletin-test", target=name))


def chosen(plan: Plan, name: str, settings: Settings) -> Target:
    """The target of a name. Raises SettingsError naming those there are."""
    for target in plan.targets:
        if target.name == name:
            return target
    there = ", ".join(target.name for target in plan.targets) or "none"
    raise SettingsError(f"{settings.path}: [notify] has no target {name!r} (there is: {there})")


def notify(
    archive: Archive,
    register: Register,
    settings: Settings,
    now: datetime,
    *,
    dry: bool = False,
) -> Report:
    """Send what is due to every target; with `dry` say what that would be.

    A target that fails stops no other. Raises SettingsError, OutboxError, LockTaken where another
    run is sending, JudgementsError or ToldError where what people or digests said cannot be read.
    """
    plan = plan_of(settings)
    report = Report()
    if not plan.targets:
        return report
    wires = wires_of(plan)
    watching = Watching(register, plan.targets)
    with _opened(settings, now, keep=not dry) as outbox, contextlib.ExitStack() as open_:
        outbox.cut_off(now)
        entries = listed(archive, register, settings)
        composed: dict[str, Stories] = {}
        for target in plan.targets:
            if target.lang not in composed:
                composed[target.lang] = stories(archive, register, settings, target.lang)
                open_.callback(composed[target.lang].close)
            one = _Round(settings, plan, target, outbox, composed[target.lang], now)
            report.targets.append(one.run(entries, watching, wires[target.name], dry=dry))
    return report


@contextlib.contextmanager
def _opened(settings: Settings, now: datetime, *, keep: bool = True) -> Iterator[Outbox]:
    """The outbox, ours alone; a copy of it that is thrown away is anybody's."""
    path = outbox_of(settings)
    with contextlib.ExitStack() as stack:
        if keep:
            stack.enter_context(held(path.with_suffix(".lock"), "the outbox", lambda: now))
        outbox = Outbox(path, keep=keep)
        stack.callback(outbox.close)
        yield outbox


class _Round:
    """What one target is told in one round."""

    def __init__(
        self,
        settings: Settings,
        plan: Plan,
        target: Target,
        outbox: Outbox,
        stories: Stories,
        now: datetime,
    ) -> None:
        self.settings, self.plan, self.target, self.outbox = settings, plan, target, outbox
        self.stories, self.now = stories, now
        self.window = timedelta(hours=plan.confirm_after_hours)
        self.standing = outbox.begin(target.name, now)
        self.rows = outbox.rows(target.name)
        self.report = TargetReport(target=target.name, since=self.standing.since)

    def run(
        self, entries: Sequence[Entry], watching: Watching, wire: Wire, *, dry: bool
    ) -> TargetReport:
        """Consider what is new, then send what may be sent."""
        known = {entry.id: entry for entry in entries}
        for entry in reversed(entries):
            self.consider(entry, watching)
        due = self.due(known, entries)
        if dry:
            self.report.due = [Said(entry.id, story.title) for entry, story in due]
        elif due:
            self.send(due, wire)
        self.name_unsure()
        return self.report

    def consider(self, entry: Entry, watching: Watching) -> None:
        """Note an entry that is new to the target, or says something else than what it was sent."""
        if entry.news is News.RETRACTION:
            return  # the finding's own entry says it to whoever was told of it
        row = self.rows.get(entry.id)
        if row is None:
            if entry.at < self.standing.since:
                return
            story = self.stories.anew(entry)
            wanted = watching.wants(self.target, entry, story, self.stories)
            fate = Fate.WAITING if wanted else Fate.PASSED
            if entry.told is not None and story.corrected:
                fate = Fate.DROPPED
            self.note(Row(entry.id, entry.standing, fate, story.title, mark(entry), "", ""))
        elif row.fate in (Fate.SENT, Fate.UNSURE) and row.standing != entry.standing:
            last = row.sent if row.fate is Fate.SENT else row.digest  # that may have arrived
            if otherwise(last, entry, self.stories):
                row = structs.replace(row, fate=Fate.WAITING, sent=last)
            self.note(structs.replace(row, standing=entry.standing))

    def due(self, known: dict[str, Entry], entries: Sequence[Entry]) -> list[tuple[Entry, Story]]:
        """What may be sent now: corrections first, then by how much it matters, oldest first."""
        cancelled = self.cancelled(entries)
        found = []
        for row in [row for row in self.rows.values() if row.fate is Fate.WAITING]:
            entry = known.get(row.id)
            if entry is None:
                self.drop(row, "the archive has no such entry any more")
                continue
            story = retold(row.sent, entry, self.stories)
            until = held_until(entry, self.window)
            if row.sent and not otherwise(row.sent, entry, self.stories):
                self.note(structs.replace(row, fate=Fate.SENT, standing=entry.standing))
            elif row.sent:
                found.append((entry, story))
            elif entry.told is not None and story.corrected:
                self.drop(row, "withdrawn before it was told")
            elif row.id in cancelled:
                self.drop(row, "the document was soon what it had been before")
            elif until is not None and until > self.now:
                self.hold(entry, story, f"until it has stood, {_local(until, self.plan)}")
            else:
                found.append((entry, story))
        found.sort(key=lambda f: (not f[1].corrected, _RANK.index(f[1].significance), f[0].at))
        quiet = self.target.quiet and self.target.quiet.until(self.now, self.plan.zone)
        if quiet:
            return self.wait(found, f"quiet hours, until {_local(quiet, self.plan)}")
        if self.standing.retry is not None and self.standing.retry > self.now:
            why = f"tried again after {_local(self.standing.retry, self.plan)}"
            return self.wait(found, f"{self.standing.reason}; {why}")
        return found

    def send(self, due: Sequence[tuple[Entry, Story]], wire: Wire) -> None:
        """Send messages one by one; the first that is refused ends the round for the target."""
        by_id = {entry.id: (entry, story) for entry, story in due}
        told = [(entry, story, page_on_site(self.settings, entry)) for entry, story in due]
        parts = list(messages(told, self.stories.words, wire.limit))
        for part in parts[:_MESSAGES]:
            rows = [self.rewritten(*by_id[id_]) for id_ in part.ids]
            outcome = self.hand_over(part, rows, wire)
            said = [Said(row.id, row.title) for row in rows]
            if outcome.delivery is Delivery.SENT:
                self.report.sent += said
            elif outcome.delivery is Delivery.REFUSED:
                self.report.failed = outcome.reason
                break
        told_of = {said.id for said in self.report.sent}
        left = [one for one in due if one[0].id not in told_of]
        waiting = {id_ for id_, row in self.current().items() if row.fate is Fate.WAITING}
        for entry, story in left:
            if entry.id in waiting:
                self.hold(entry, story, self.report.failed or "more than one round sends")

    def hand_over(self, part: Message, rows: Sequence[Row], wire: Wire) -> Outcome:
        """Note it as being sent, send it, note what became of it."""
        number = self.outbox.intend(self.target.name, rows, self.now)
        outcome = wire.send(part.title, part.body)
        if outcome.delivery is Delivery.SENT:
            self.outbox.sent(self.target.name, number, self.now)
        elif outcome.delivery is Delivery.UNSURE:
            self.outbox.unsure(number, self.now, outcome.reason)
        else:
            self.outbox.refused(self.target.name, number, self.now, outcome.reason)
        return outcome

    def rewritten(self, entry: Entry, story: Story) -> Row:
        """The row as it is sent: an entry that changed while it waited is sent as it is now."""
        row = self.rows[entry.id]
        return structs.replace(row, standing=entry.standing, digest=mark(entry), title=story.title)

    def cancelled(self, entries: Sequence[Entry]) -> set[str]:
        """Events of documents that something waits for, which cancel each other out."""
        waiting = {row.id for row in self.rows.values() if row.fate is Fate.WAITING}
        told = {row.id for row in self.rows.values() if row.sent or row.fate is Fate.UNSURE}
        courses: dict[str, list[Entry]] = defaultdict(list)
        wanted = {entry.identity.document_id for entry in entries if entry.id in waiting}
        for entry in reversed(entries):
            if entry.told is None and entry.identity.document_id in wanted:
                courses[entry.identity.document_id].append(entry)
        return {id_ for one in courses.values() for id_ in flapped(one, self.window, told)}

    def wait(self, found: Sequence[tuple[Entry, Story]], why: str) -> list[Any]:
        for entry, story in found:
            self.hold(entry, story, why)
        return []

    def hold(self, entry: Entry, story: Story, why: str) -> None:
        self.report.held.append(Said(entry.id, story.title, why))

    def drop(self, row: Row, why: str) -> None:
        self.note(structs.replace(row, fate=Fate.DROPPED, reason=why))
        self.report.dropped.append(Said(row.id, row.title, why))

    def note(self, row: Row) -> None:
        self.outbox.note(self.target.name, row)
        self.rows[row.id] = row

    def current(self) -> dict[str, Row]:
        return self.outbox.rows(self.target.name)

    def name_unsure(self) -> None:
        """Say what is unsure; it counts as a failure the first time it is said."""
        unsure = [row for row in self.current().values() if row.fate is Fate.UNSURE]
        self.report.unsure = [Said(row.id, row.title, row.reason) for row in unsure]
        self.report.fresh = any(not row.said for row in unsure)
        self.outbox.said(self.target.name)


def _local(moment: datetime, plan: Plan) -> str:
    return f"{moment.astimezone(plan.zone):%Y-%m-%d %H:%M}"
