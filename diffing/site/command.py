"""`mingzhang site` and `mingzhang serve`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.opening import executing, executor_option
from diffing.opening import Refused, explained, opened

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from diffing.site.build import Built, Inputs
    from diffing.site.settings import SiteSettings

__all__ = ["serve", "site"]


@click.group("site")
def site() -> None:
    """Build the static site: what a journalist reads, from files alone."""


@site.command("build")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--lang", type=click.Choice(("zh", "en")), help="Language; else as in mingzhang.toml."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@executor_option
@click.pass_context
def build_command(
    ctx: click.Context, folder: Path | None, lang: str | None, as_json: bool, executor: str | None
) -> None:
    """Build the site in FOLDER, or bring it up to date.

    FOLDER is the one in mingzhang.toml ([site] folder) unless told; it must be empty, new, or
    built by an earlier run. Only what changed is read and written. The site needs no server: open
    index.html, or put the folder on any web host.

    Exit status: 0 done; 1 done, but a document could not be read and has no page, or a file could
    not be written; 2 wrong use or configuration.
    """
    import msgspec
    from msgspec import structs

    from diffing.site.build import NotOurs, build

    with explained():
        settings, archive, register = opened(ctx)
        section = _section(settings)
        if lang is not None:
            section = structs.replace(section, lang=lang)
        target = (folder or settings.resolve(section.folder)).absolute()
        inputs = _inputs(settings, section, archive, register)
        try:
            with executing(ctx, executor) as work, _bar(quiet=as_json) as show:
                built = build(archive, register, inputs, target, show, work)
        except NotOurs as error:
            raise Refused(str(error)) from error
        finally:
            archive.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(built), indent=1).decode())
    else:
        _tell(built)
    ctx.exit(1 if built.failed else 0)


@click.command("serve")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="Port on this machine; 0 for any free one.")  # fmt: skip
@click.pass_context
def serve(ctx: click.Context, folder: Path | None, port: int) -> None:
    """Show the built site on this machine, for a look.

    Only this machine can reach it, and only the files of the site. Stop it with Ctrl-C.

    Exit status: 0; 1 when the port is taken; 2 when there is no site in FOLDER.
    """
    from archive.settings import load
    from diffing.site.serving import server
    from diffing.site.state import FOLDER

    if folder is None:
        settings = load(ctx.find_root().obj)
        folder = settings.resolve(_section(settings).folder)
    if not (folder / FOLDER).is_dir():
        raise Refused(f"{folder}: no site was built here; run `mingzhang site build`")
    try:
        opened_ = server(folder, port)
    except OSError as error:
        raise click.ClickException(
            f"port {port} cannot be used ({error.strerror}); name another with --port, or 0 for "
            "any free one"
        ) from error
    with opened_ as found:
        click.echo(f"http://127.0.0.1:{found.server_address[1]}/")
        try:
            found.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def _section(settings: Settings) -> SiteSettings:
    from diffing.site.settings import SiteSettings

    return settings.section("site", SiteSettings)


def _inputs(
    settings: Settings, section: SiteSettings, archive: Archive, register: Register
) -> Inputs:
    from diffing.checks.judgements import FILENAME, load
    from diffing.opening import section_of
    from diffing.site.build import Inputs
    from diffing.syndicate import planned

    digest = section_of(settings)
    return Inputs(
        site=section,
        digest=digest,
        judged=load(settings.path.parent / FILENAME),
        told=settings.resolve(digest.folder),
        feeds=lambda page_of: planned(
            archive, register, settings, lang=section.lang, page_of=page_of
        ),
    )


def _tell(built: Built) -> None:
    from archive.wording import shown

    click.echo(built.folder)
    if sys.stdout.isatty():
        click.echo(
            f"  {built.pages} files, {built.written} written, {built.removed} removed;"
            f" {built.documents} documents, {built.read} read"
        )
    if not built.charts:
        click.echo(
            "no charts: pip install 'mingzhang[site]'; tables stand in their place", err=True
        )
    for line in built.failed:
        click.echo(shown(line), err=True)


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar while documents are read, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # drawn when told, not by a thread: a process with threads is not copied
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("site", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, refresh=True)

        yield show
