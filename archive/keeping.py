"""`mingzhang backfill`, `reextract`, `withhold`, `push` and `export-warc`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.opening import executor_option

if TYPE_CHECKING:
    from archive.rereading import Reread

__all__ = ["commands"]


@click.command("backfill")
@click.argument("place", metavar="FOLDER|LIST.csv", type=click.Path(exists=True, path_type=Path))
@click.option("--division", metavar="CODE", help="Division code (GB/T 2260), such as 310107.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_context
def backfill(ctx: click.Context, place: Path, division: str | None, as_json: bool) -> None:
    """Enter older files as of their dates of publication.

    In a FOLDER the name of each file begins with its date (2024-02-07 …); a list has the columns
    file and published (2024-02-07), and may have url and title. The order of entering plays no
    part: `mingzhang history` and `as-of` go by the dates. What a crawl has seen stays current, and
    what we held follows our own clock. A file without a date is kept and not filed.

    Exit status: 0 all files are archived; 1 some are not, a line each says why; 2 wrong use.
    """
    from archive.backfilling import listed
    from archive.identity import Hints
    from archive.importing import Importing
    from archive.intake import Intake
    from archive.ledger import now, run_id
    from archive.opening import bar, known, opened

    try:
        files = listed(place)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not files:
        raise click.UsageError(f"{place} names no file")
    archive, register = opened(ctx)
    known(register, division, None)
    intake = Intake(archive, register, run_id(now()))
    importing = Importing(intake, register, backfill=True)
    for one in files:
        importing.offer(
            one.file,
            Hints(division=division),
            url=one.url or None,
            title=one.title,
            published=one.published,
        )
    try:
        with bar("reading", quiet=as_json) as on_read:
            intake.process(importing.heard, on_read)
    finally:
        importing.tell(as_json)
        archive.close()
    ctx.exit(0 if importing.complete else 1)


@click.command("reextract")
@click.option("--dry-run", is_flag=True, help="Show what would differ and commit nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@executor_option
@click.pass_context
def reextract(ctx: click.Context, dry_run: bool, as_json: bool, executor: str | None) -> None:
    """Read stored originals again, with the extractor there is now.

    What another extractor read is read again, and committed as 重新读取 where it differs: our
    doing, told in no digest. A reading that lost tables never replaces the one before.

    Exit status: 0 done; 1 something could not be read again, a line each says why.
    """
    import msgspec

    from archive.ledger import now, run_id
    from archive.opening import bar, executing, opened
    from archive.rereading import Rereading

    archive, register = opened(ctx)
    try:
        with executing(ctx, executor) as work, bar("reading", quiet=as_json) as on_read:
            rereading = Rereading(archive, register, run_id(now()), executor=work)
            found = list(rereading.run(dry=dry_run, on_read=on_read))
    finally:
        archive.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        for one in found:
            _tell(one, dry_run)
        same = sum(one.result == "same" for one in found)
        changed = sum(one.result == "changed" for one in found)
        click.echo(f"{len(found)} read again: {changed} differ, {same} are the same")
    ctx.exit(int(any(one.result in ("poorer", "unreadable") for one in found)))


def _tell(one: Reread, dry: bool) -> None:
    from archive.wording import shown

    where = f"{one.document_id} ({one.original[:12]})"
    if one.result == "changed":
        lines = sum(added + taken for added, taken in one.files.values())
        done = f", committed as {one.commit[:10]}" if one.commit else ""
        click.echo(shown(f"{where}: {len(one.files)} files differ in {lines} lines{done}"))
        for line in one.difference.splitlines() if dry else ():
            click.echo(shown(line))
    elif one.result != "same":
        click.echo(shown(f"{where}: {one.message}"), err=True)


@click.command("withhold")
@click.argument("sha256")
@click.option("--reason", required=True, help="Why; it is kept with the hash, without any name.")
@click.pass_context
def withhold(ctx: click.Context, sha256: str, reason: str) -> None:
    """Seal an original after a takedown: its hash and the reason stay.

    The bytes move to withheld/ in the archive's folder, are read no more, leave the second place,
    are in no export and are not stored again when seen again. What was derived from them stays in
    the history, which is never rewritten; private persons are masked in it.

    Exit status: 0 sealed; 1 it is not stored here; 2 wrong use.
    """
    from archive.opening import opened
    from archive.settings import ArchiveSettings, load
    from archive.withholding import withhold as seal

    settings = load(ctx.find_root().obj)
    section = settings.section("archive", ArchiveSettings)
    archive, _ = opened(ctx)
    try:
        seal(archive, sha256, reason, section.second, settings.resolve(section.second))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SHA256") from error
    finally:
        archive.close()
    click.echo(f"{sha256} is sealed")


@click.command("push")
@click.pass_context
def push(ctx: click.Context) -> None:
    """Push histories to their remotes; copy originals to their second place.

    As [archive] remotes and second say; `mingzhang harvest` does the same after each run. Nothing
    is ever forced: a remote with another history is a fault to look into.

    Exit status: 0 all is there; 1 something could not be pushed or copied; 2 configuration.
    """
    from archive.publishing import publish
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, SettingsError, load
    from archive.wording import shown

    settings = load(ctx.find_root().obj)
    section = settings.section("archive", ArchiveSettings)
    if not section.remotes and not section.second:
        raise SettingsError(f"{settings.path}: [archive] names neither remotes nor a second place")
    archive = Archive.of(settings)
    failed = publish(archive, settings)
    archive.close()
    for sentence in failed:
        click.echo(shown(sentence), err=True)
    ctx.exit(int(bool(failed)))


@click.command("export-warc")
@click.argument("target", metavar="FILE.warc.gz", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--portal", metavar="NAME", help="Only what was seen on this portal.")
@click.pass_context
def export_warc(ctx: click.Context, target: Path, portal: str | None) -> None:
    """Write every look over HTTP as WARC, with its bytes.

    For institutions that keep the web. Originals are as published, unmasked: hand the file to
    nobody who must not have them. What is withheld goes out as its hash alone.

    Exit status: 0 written; 1 it cannot be written; 2 wrong use.
    """
    from archive import warc
    from archive.opening import opened

    if target.exists():
        raise click.UsageError(f"{target} is there already; it was left as it is")
    archive, _ = opened(ctx)
    try:
        counts = warc.export(archive, target, portal)
    finally:
        archive.close()
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    click.echo(f"{target}: {listed or 'nothing was seen over HTTP'}")


commands: list[click.Command] = [backfill, reextract, withhold, push, export_warc]
"""What crawler/cli.py mounts."""
