"""`mingzhang status`: how each portal stands, from what earlier harvests noted; it asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import click
import msgspec

from archive.clock import CHINA
from archive.wording import shown
from crawler.conditions import Condition, Conditions, PortalState
from crawler.portals import DAILY, Portal
from crawler.report import FAILURES, TroubleKind

if TYPE_CHECKING:
    from archive.settings import Settings

__all__ = ["Standing", "standings", "status"]

_LATE: Final = timedelta(hours=12)
"""A portal is overdue this long after its next harvest should have succeeded."""
_FEW: Final = 5


class Standing(msgspec.Struct, frozen=True):
    """How one portal stands."""

    portal: str
    name: str
    verified: bool
    last_run: datetime | None
    last_success: datetime | None
    overdue: bool
    """No success for longer than its cadence allows, or none ever."""
    blocked: bool
    rest_until: datetime | None
    next_run: datetime | None
    """When a scheduled harvest will ask it next; None where nothing is scheduled."""
    publications: int
    expected: int
    new: list[Condition]
    """What needs a person and has not been acknowledged."""
    acknowledged: list[Condition]
    others: int
    """Troubles that need nobody."""
    lost: list[str]
    """Articles gone all at once, of which nothing is taken for withdrawn."""
    withdrawn: list[str]
    """Articles of which a person said that they were withdrawn, and that are still gone."""

    @property
    def needs_a_person(self) -> bool:
        """True if something stands in the way that nobody has acknowledged."""
        return bool(self.new)


def standings(
    portals: Sequence[Portal],
    conditions: Conditions,
    moment: datetime,
    next_fire: datetime | None = None,
) -> list[Standing]:
    """How every configured portal stands at a moment."""
    return [
        _standing(portal, conditions.portals.get(portal.slug, PortalState()), moment, next_fire)
        for portal in portals
    ]


def _standing(
    portal: Portal, state: PortalState, moment: datetime, next_fire: datetime | None
) -> Standing:
    failures = [c for c in state.conditions.values() if c.trouble.kind in FAILURES]
    last = state.last_success
    late = last is None or moment - last > timedelta(hours=portal.every_hours) + _LATE
    return Standing(
        portal=portal.slug,
        name=portal.name,
        verified=portal.verified,
        last_run=state.last_run,
        last_success=last,
        overdue=late,
        blocked=any(c.trouble.kind is TroubleKind.BLOCKED for c in failures),
        rest_until=state.rest_until if state.rest_until and state.rest_until > moment else None,
        next_run=_next_run(portal, state, next_fire, moment),
        publications=state.publications,
        expected=state.expected,
        new=[*_overdue(portal, state, moment, late=late), *_unseen(failures)],
        acknowledged=[c for c in failures if c.acknowledged],
        others=len(state.conditions) - len(failures),
        lost=state.lost,
        withdrawn=sorted(state.withdrawn),
    )


def _unseen(failures: Iterable[Condition]) -> list[Condition]:
    return [condition for condition in failures if condition.acknowledged is None]


def _overdue(
    portal: Portal, state: PortalState, moment: datetime, *, late: bool
) -> list[Condition]:
    """That nothing was harvested for too long, unless a failure says why already."""
    if not late or any(c.trouble.kind in FAILURES for c in state.conditions.values()):
        return []
    from crawler.report import Trouble

    if state.last_success is None:
        message = "it was never harvested with success"
    else:
        message = f"no harvest succeeded since {_when(state.last_success)}"
    message += f"; run mingzhang harvest {portal.slug}, and see that cron or the scheduler runs"
    return [Condition(Trouble(TroubleKind.OVERDUE, "", message), state.last_success or moment)]


def _next_run(
    portal: Portal, state: PortalState, next_fire: datetime | None, moment: datetime
) -> datetime | None:
    """The first scheduled harvest that its cadence and its rest allow, to the day; to the hour
    where its cadence is below a day."""
    if next_fire is None:
        return None
    often = portal.every_hours < DAILY
    due, step = (moment, timedelta(hours=1)) if often else (next_fire, timedelta(days=1))
    rest = state.rest_until or due
    if often and state.last_run:
        due = max(due, rest, state.last_run + timedelta(hours=portal.every_hours))
    while due < rest or not portal.due_after(state.last_run, due) or not _open(portal, due, step):
        due += step
    return due


def _open(portal: Portal, moment: datetime, step: timedelta) -> bool:
    # A daily harvest at an hour the portal never allows would be looked for in vain.
    return step >= timedelta(days=1) or portal.open_at(moment.astimezone(CHINA).hour)


@click.command("status")
@click.argument("portals", metavar="[PORTAL]…", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--acknowledge",
    is_flag=True,
    help="Take note that a person knows of what is shown: it fails no more.",
)
@click.option(
    "--withdrawn",
    is_flag=True,
    help="Say that what is gone from the named portals all at once was withdrawn.",
)
@click.pass_context
def status(
    ctx: click.Context,
    portals: tuple[str, ...],
    as_json: bool,
    acknowledge: bool,
    withdrawn: bool,
) -> None:
    """Show how each portal stands: last success, blocked, overdue, next run.

    Asks nobody anything; it reads what harvests noted. What was acknowledged is shown and does not
    count. Many articles gone at once are no withdrawals until a person who has looked says so with
    --withdrawn; they are then recorded by the next two harvests that find them gone, a day apart.

    Exit status: 0 nothing needs a person; 1 something does that nobody has acknowledged;
    2 wrong use or configuration.
    """
    from archive.ledger import now
    from archive.settings import ArchiveSettings, load
    from crawler.harvest import HarvestSettings, chosen_portals

    settings = load(ctx.find_root().obj)
    chosen = chosen_portals(settings, settings.section("harvest", HarvestSettings), portals)
    root = settings.resolve(settings.section("archive", ArchiveSettings).path)
    conditions, moment = Conditions(root), now()
    if withdrawn:
        _withdraw(conditions, portals, moment)
    if acknowledge:
        known = sum(conditions.acknowledge(portal.slug, moment) for portal in chosen)
        conditions.save()
        click.echo(f"{known} acknowledged", err=True)
    found = standings(chosen, conditions, moment, _next_fire(settings, moment))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for one in found:
            for line in _lines(one):
                click.echo(line)
    ctx.exit(int(any(one.needs_a_person for one in found)))


def _withdraw(conditions: Conditions, portals: Sequence[str], moment: datetime) -> None:
    """Take the person's word, and say of what."""
    if not portals:
        raise click.UsageError("--withdrawn is said of portals by name; look at each first")
    for portal in dict.fromkeys(portals):
        taken = conditions.withdraw(portal, moment)
        for url in taken:
            click.echo(f"  {shown(url)}", err=True)
        click.echo(f"{portal}: {len(taken)} articles are taken for withdrawn", err=True)
    conditions.save()


def _next_fire(settings: Settings, moment: datetime) -> datetime | None:
    """When the schedule harvests next, without the jitter."""
    from crawler.scheduler import trigger

    made = trigger(settings)
    made.jitter = None
    fire: datetime | None = made.get_next_fire_time(None, moment)
    return fire


def _lines(one: Standing) -> Iterable[str]:
    state = "needs you" if one.needs_a_person else "ok"
    marks = [word for word, said in (("blocked", one.blocked), ("overdue", one.overdue)) if said]
    draft = "" if one.verified else "  (draft, unverified)"
    yield f"{one.portal}  {shown(one.name)}  {', '.join([state, *marks])}{draft}"
    yield (
        f"  last success {_when(one.last_success)}, last run {_when(one.last_run)},"
        f" next {_when(one.next_run)}; {one.publications} publications of {one.expected}"
    )
    if one.rest_until:
        yield f"  left alone until {_when(one.rest_until)}: it turned us away"
    for title, conditions in (("", one.new), ("known: ", one.acknowledged)):
        for condition in conditions[:_FEW]:
            kind, said = condition.trouble.kind, shown(condition.trouble.sentence)
            yield f"  {title}{kind} since {_when(condition.since)}: {said}"
        if len(conditions) > _FEW:
            yield f"  {title}… and {len(conditions) - _FEW} more (--json)"
    if one.lost:
        yield f"  {len(one.lost)} articles gone at once (--json lists them)"
    if one.others:
        yield f"  {one.others} notes that need nobody (--json of a harvest)"


def _when(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else "never"
