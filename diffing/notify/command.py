"""`mingzhang notify`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from archive.clock import CHINA
from diffing.opening import Refused, explained, opened

if TYPE_CHECKING:
    from diffing.notify.rounds import Report, Said

__all__ = ["commands", "lines"]

_MOST = 20


@click.command("notify")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be sent; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
@click.option("--test", "test", metavar="TARGET", help="Send this target a test message.")
@click.option("--again", metavar="TARGET", help="Send once more what may not have arrived there.")
@click.option("--arrived", metavar="TARGET", help="Note that what was unsure there has arrived.")
@click.pass_context
def notify(
    ctx: click.Context,
    dry: bool,
    as_json: bool,
    test: str | None,
    again: str | None,
    arrived: str | None,
) -> None:
    """Send what is new by mail and chat.

    [notify] in the settings says to whom, what of it, and when not (docs/following.md). A harvest
    does the same at its end. What is held back (quiet hours, a page that may be back soon, a target
    that was not reached) is sent by the first call after it may be; nothing is sent twice. A target
    is told of what is seen after it was first named, not of what was there before.

    Exit status: 0; 1 where a target could not be sent to, or something may have been sent or not;
    2 wrong use or configuration.
    """
    from archive.ledger import now
    from archive.settings import load
    from diffing.notify import rounds
    from diffing.notify.outbox import OutboxError
    from diffing.notify.wire import Delivery

    if sum(map(bool, (dry, test, again, arrived))) > 1:
        raise click.UsageError("--dry-run, --test, --again and --arrived exclude each other")
    try:
        if test:
            outcome = rounds.test(load(ctx.find_root().obj), test)
            click.echo(
                f"{test}: {outcome.delivery}" + (f" ({outcome.reason})" * bool(outcome.reason))
            )
            ctx.exit(int(outcome.delivery is not Delivery.SENT))
        if again or arrived:
            name = again or arrived or ""
            settings = load(ctx.find_root().obj)
            count = rounds.settle(settings, name, now(), arrived=bool(arrived))
            click.echo(f"{name}: {count} noted as {'arrived' if arrived else 'to be sent again'}")
            return
        with explained():
            settings, archive, register = opened(ctx)
            try:
                report = rounds.notify(archive, register, settings, now(), dry=dry)
            finally:
                archive.close()
        if not report.targets:
            raise Refused("[notify] names no targets; docs/following.md shows how")
    except OutboxError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(_json(report))
    else:
        for line in (*lines(report), *(_quiet(report) if dry else ())):
            click.echo(line)
        for line in report.failures:
            click.echo(line, err=True)
    ctx.exit(report.exit_code)


def lines(report: Report) -> Iterator[str]:
    """What was sent, would be, or is held, for a person; nothing where nothing happened."""
    from archive.wording import shown

    for one in report.targets:
        for word, found in (
            ("sent", one.sent),
            ("would be sent", one.due),
            ("held", one.held),
            ("dropped", one.dropped),
            ("unsure", one.unsure),
        ):
            for said in found[:_MOST]:
                yield shown(f"{one.target}: {word}: {_named(said)}")
            if len(found) > _MOST:
                yield f"{one.target}: {word}: … and {len(found) - _MOST} more (--json)"


def _quiet(report: Report) -> Iterator[str]:
    """The targets that nothing is there for, and from when on they are told."""
    for one in report.targets:
        if not (one.due or one.held or one.unsure):
            since = f"{one.since.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.since else ""
            told = f" (told of what is seen from {since} on, China time)" if since else ""
            yield f"{one.target}: nothing would be sent{told}"


def _named(said: Said) -> str:
    return f"{said.title} ({said.why})" if said.why else said.title


def _json(report: Report) -> str:
    import msgspec

    data = {"exit": report.exit_code, "targets": report.targets}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


commands: list[click.Command] = [notify]
"""What crawler/cli.py mounts."""
