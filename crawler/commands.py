"""`mingzhang portal`: look at a portal, check portal files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from archive.wording import shown

if TYPE_CHECKING:
    from archive.register import Register
    from archive.settings import Settings
    from crawler.probing import Probed

__all__ = ["portal"]

_FEW = 10


@click.group("portal")
def portal() -> None:
    """Look at a portal and check portal files."""


@portal.command("probe")
@click.argument("url")
@click.option("--slug", default="", help="The name of the portal in the draft.")
@click.option("--json", "as_json", is_flag=True, help="Print what was seen as JSON.")
@click.option("--allow-private", is_flag=True, help="For a portal for trials on this machine.")
@click.pass_context
def probe(ctx: click.Context, url: str, slug: str, as_json: bool, allow_private: bool) -> None:
    """Look at the list page at URL: which family it is, what it would bring.

    Asks for robots.txt, the page and the one after it, as politely as any crawl, and archives
    nothing. The draft of a portal file goes to stdout, what was seen to stderr, so that
    `mingzhang portal probe URL > portals/minghu.toml` makes the file.

    Exit status: 0 read; 1 not read (turned away, no list, no answer); 2 wrong use or configuration.
    """
    from archive.settings import load
    from crawler import probing
    from crawler.harvest import HarvestSettings, user_agent
    from crawler.portals import authority, is_private

    if not url.startswith(("http://", "https://")) or not authority(url):
        raise click.UsageError(f"{url!r} is no web address; it begins with http:// or https://")
    if is_private(url) and not allow_private:
        raise click.UsageError(f"{url} is a private address (--allow-private for trials)")
    settings = load(ctx.find_root().obj)
    agent = user_agent(settings, settings.section("harvest", HarvestSettings))
    try:
        probed = probing.probe(probing.Glance(url, agent, allow_private))
    except (TimeoutError, RuntimeError) as error:
        click.echo(str(error), err=True)
        ctx.exit(1)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(probed), indent=2).decode())
    else:
        for line in _seen(probed):
            click.echo(line, err=True)
        if probed.family:
            click.echo(probing.draft(probed, _register(settings), slug), nl=False)
    ctx.exit(0 if probed.family and not probed.troubles else 1)


def _seen(probed: Probed) -> Iterator[str]:
    for trouble in probed.troubles:
        yield f"{trouble.kind}: {shown(trouble.sentence)}"
    if not probed.family:
        return
    yield f"{probed.family}: {shown(probed.site)}"
    yield f"  known by {', '.join(probed.signs) or 'nothing else: dated links, read as they stand'}"
    about = sum(item.relevant for item in probed.items)
    total = "" if probed.announced is None else f" of {probed.announced} announced"
    yield f"  column {shown(probed.column)}: {len(probed.items)} items{total}, {about} on budgets"
    for item in probed.items[:_FEW]:
        mark = "+" if item.relevant else "-"
        yield f"  {mark} {item.published or '          '}  {shown(item.title)}"
    if len(probed.items) > _FEW:
        yield f"  … and {len(probed.items) - _FEW} more"
    if probed.following:
        brought = "not read" if probed.more is None else f"{probed.more} further items"
        yield f"  next page {shown(probed.following)}: {brought}"
    for column in probed.columns[:_FEW]:
        yield f"  column below: {shown(column)}"


@portal.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Check every portal file, packaged and your own.

    Exit status: 0 no errors (notes do not count); 1 a file has errors; 2 wrong configuration.
    """
    import crawler.portals
    from archive.settings import load
    from crawler import checking
    from crawler.harvest import HarvestSettings

    settings = load(ctx.find_root().obj)
    section = settings.section("harvest", HarvestSettings)
    own = [settings.resolve(folder) for folder in section.portal_folders]
    folders = [Path(crawler.portals.__file__).parent, *own]
    for folder in own:
        if not folder.is_dir():
            raise click.UsageError(f"{folder}: no such folder; correct [harvest] portal_folders")
    found = checking.check(folders, _register(settings))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for one in found:
            click.echo(f"{one.weight}: {one.file}: {shown(one.message)}")
    ctx.exit(int(any(one.weight == "error" for one in found)))


def _register(settings: Settings) -> Register:
    from archive.register import load as load_register
    from archive.settings import ArchiveSettings

    kept = settings.section("archive", ArchiveSettings)
    return load_register(*(settings.resolve(folder) for folder in kept.register))
