"""`mingzhang verify` and `mingzhang checkpoint`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.audit.published import Published
    from archive.audit.report import Progress, Report

__all__ = ["commands"]


@click.command("verify")
@click.argument(
    "clone",
    metavar="[CLONE]",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--quick", is_flag=True, help="Do not read the originals again.")
@click.option(
    "--checkpoints",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of the published checkpoints, kept elsewhere.",
)
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Keys whose signatures count (ssh-keygen(1)); else [archive] allowed_signers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def verify(
    ctx: click.Context,
    clone: Path | None,
    quick: bool,
    checkpoints: Path | None,
    signers: Path | None,
    as_json: bool,
) -> None:
    """Check that nothing was lost or changed.

    Every git object and every original is hashed again, trailers and ledger are held against each
    other both ways, every committed file is made again from its original, every checkpoint must
    lie in the history. CLONE is a clone of one district (bare or not), checked as far as one can
    tell without originals and ledger. docs/audit.md says what this proves and what not.

    Exit status: 0 no fault; 1 faults, each named; 2 wrong use or configuration.
    """
    from archive import audit

    published = _published(checkpoints) if checkpoints else None
    with _progress(quiet=as_json) as progress:
        if clone is not None:
            report = audit.verify_clone(clone, published=published, signers=signers)
        else:
            report = _of_archive(ctx, quick, published, signers, progress)
    _tell(report, as_json)
    ctx.exit(1 if report.faults else 0)


def _published(path: Path) -> Published:
    from archive.audit.published import Published

    try:
        return Published.load(path)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--checkpoints") from error


def _of_archive(
    ctx: click.Context,
    quick: bool,
    published: Published | None,
    signers: Path | None,
    progress: Progress,
) -> Report:
    from archive import audit
    from archive.repository import Archive
    from archive.second import second_at
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    section = settings.section("archive", ArchiveSettings)
    if signers is None and section.allowed_signers:
        signers = settings.resolve(section.allowed_signers)
    archive = Archive.of(settings)
    second = section.second and second_at(section.second, settings.resolve(section.second))
    try:
        return audit.verify(
            archive,
            quick=quick,
            published=published,
            signers=signers,
            second=second or None,
            progress=progress,
        )
    finally:
        archive.close()


def _tell(report: Report, as_json: bool) -> None:
    import msgspec

    from archive.wording import shown

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=1).decode())
        return
    for fault in report.faults:
        click.echo(shown(f"FAULT {fault.check}: {fault.where}: {fault.message}"), err=True)
    for line in report.checked:
        click.echo(shown(f"checked: {line}"))
    for line in report.withheld:
        click.echo(shown(f"withheld: {line}"))
    for line in report.unchecked:
        click.echo(shown(f"not checked: {line}"))
    count = len(report.faults)
    click.echo(f"{count} fault{'' if count == 1 else 's'}" if count else "no fault")


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar a check while it runs, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)  # type: ignore[arg-type]

        yield progress


@click.command("checkpoint")
@click.option("--key", metavar="FILE|ID", help="The key to sign with; else [archive] signing_key.")
@click.option("--json", "as_json", is_flag=True, help="Print the checkpoints made as JSON.")
@click.pass_context
def checkpoint(ctx: click.Context, key: str | None, as_json: bool) -> None:
    """Sign what the history is now: a tag a district, and the feed.

    The tag holds the newest commit's hash, the counts and the ledger's head; the feed is
    checkpoints.json in the archive's folder. Publish it, and keep copies where nobody who can
    write here can write: only against such a copy does a rewritten history show. `mingzhang push`
    sends the tags along.

    Exit status: 0 signed, or nothing came since the last one; 1 git could not sign; 2 no key.
    """
    import msgspec

    from archive.audit.checkpoint import Key, make, write_feed
    from archive.ledger import now
    from archive.plumbing import Signature
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    section = settings.section("archive", ArchiveSettings)
    name = key or section.signing_key
    if not name:
        raise click.UsageError("there is no key: set [archive] signing_key, or say --key")
    if section.signing_format == "ssh" and not key:
        name = str(settings.resolve(name))
    archive = Archive.of(settings)
    moment = now()
    who = Signature(section.author, section.email)
    try:
        made = [
            one
            for repository in archive.repositories()
            if (one := make(archive, repository, Key(name, section.signing_format), who, moment))
        ]
        feed = write_feed(archive)
    finally:
        archive.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(made), indent=1).decode())
        return
    for one in made:
        click.echo(f"{one.division} {one.tag}: {one.head} ({one.events} events)")
    click.echo(f"{feed}: publish it, and keep copies elsewhere" if made else "nothing new to sign")


commands: list[click.Command] = [verify, checkpoint]
"""What crawler/cli.py mounts."""
