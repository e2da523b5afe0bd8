"""The `mingzhang` command: what collects is here; what reads and compares is mounted from below.

Commands are imported when they are called, so that `--help` is quick.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import importlib.metadata
import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

import click

from archive.opening import executor_option

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from crawler.harvest import Harvested

__all__ = ["main", "mingzhang"]


class _Mounted(NamedTuple):
    """A command: where it is defined, and its short help, so that listing it imports nothing."""

    module: str
    help: str


_SECTIONS: Final = {
    "Collect": {
        "init": _Mounted("", "Write a commented mingzhang.toml."),
        "harvest": _Mounted("", "Crawl the configured portals once."),
        "schedule": _Mounted("crawler.scheduler", "Keep running and harvest when due."),
        "status": _Mounted("crawler.status", "Show how each portal stands."),
        "portal": _Mounted("crawler.commands", "Look at a portal and check portal files."),
        "import": _Mounted("archive.commands", "Put local files into the archive."),
        "backfill": _Mounted(
            "archive.keeping", "Enter older files as of their dates of publication."
        ),
    },
    "Read": {
        "read": _Mounted("archive.text.command", "Show what is read in one document."),
        "history": _Mounted("archive.asking", "List versions by date of publication."),
        "log": _Mounted("archive.asking", "List events in the order they were committed."),
        "show": _Mounted("archive.asking", "Show one version of a document."),
        "coverage": _Mounted("archive.coverage", "Say who has published, and who has not."),
        "as-of": _Mounted("archive.asking", "Say what was published, and held, on a day."),
    },
    "Keep": {
        "verify": _Mounted("archive.audit.commands", "Check that nothing was lost or changed."),
        "checkpoint": _Mounted("archive.audit.commands", "Sign what the history is now."),
        "push": _Mounted("archive.keeping", "Push histories to their remotes."),
        "reextract": _Mounted("archive.keeping", "Read stored originals again."),
        "withhold": _Mounted("archive.keeping", "Seal an original after a takedown."),
        "export-warc": _Mounted("archive.keeping", "Write every look over HTTP as WARC."),
    },
    "Compare": {
        "diff": _Mounted("diffing.contrast", "Compare A and B line item by line item."),
        "trend": _Mounted("diffing.follow", "Follow one line of an agency over all its years."),
        "peers": _Mounted("diffing.follow", "Show one line for all agencies of the same kind."),
        "overview": _Mounted("diffing.asking", "Show the largest moves of a district."),
        "query": _Mounted("diffing.asking", "Ask the line items of the whole archive in SQL."),
        "export": _Mounted(
            "diffing.export.command", "Write the data as CSV, SQLite, Parquet or a Data Package."
        ),
        "digest": _Mounted("diffing.commands", "Write a digest of what changed and say where."),
    },
    "Tell": {
        "site": _Mounted("diffing.site.command", "Build the static site."),
        "serve": _Mounted("diffing.site.command", "Show the built site on this machine."),
        "feed": _Mounted("diffing.syndicate", "Write Atom feeds of what happened."),
        "notify": _Mounted("diffing.notify.command", "Send what is new by mail and chat."),
    },
    "Check": {
        "check": _Mounted(
            "diffing.checks.command", "Say what does not add up in a budget or final account."
        ),
        "judge": _Mounted("diffing.checks.command", "Keep what you made of a finding."),
    },
}


class _Mingzhang(click.Group):
    """The group of all commands, in sections; those of other layers are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, section by section. Called by click."""
        return [name for section in _SECTIONS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now if need be. Called by click."""
        for section in _SECTIONS.values():
            if cmd_name in section and (module := section[cmd_name].module):
                defined = vars(importlib.import_module(module)).values()
                return next(
                    one
                    for one in defined
                    if isinstance(one, click.Command) and one.name == cmd_name
                )
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, without importing any. Called by click."""
        for title, section in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, mounted.help) for name, mounted in section.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is wrong with the user's files is a sentence, not a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            complaint = _complaint(error)
            if complaint is None:
                raise
            raise complaint from error


def _complaint(error: Exception) -> click.ClickException | None:
    """The error as a person should read it; None for one that is a fault of the program."""
    if isinstance(error, ImportError) and "git executable" in str(error):
        return _Complaint("git is not found; install git 2.36 or newer", 1)
    if isinstance(error, BrokenPipeError):
        return None  # whoever read our output has seen enough; click knows what to do
    from archive.chain import ChainDamaged
    from archive.locks import LockTaken
    from archive.originals import CorruptOriginal, MissingOriginal
    from archive.register import RegisterError
    from archive.repository import RepositoryError
    from archive.settings import SettingsError
    from archive.wording import shown
    from crawler.portals import PortalError

    if isinstance(error, SettingsError | PortalError | RegisterError):
        return _Complaint(str(error), 2)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return _Complaint(f"{shown(error.filename)}: {error.strerror}", 1)
    ours = (LockTaken, RepositoryError, ChainDamaged, CorruptOriginal, MissingOriginal)
    if isinstance(error, (*ours, OSError)):
        return _Complaint(str(error), 1)
    return None


class _Complaint(click.ClickException):
    """A sentence for the user and the exit status that goes with it."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code  # type: ignore[misc]  # click sets it so itself


@click.group(cls=_Mingzhang)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings file; else $MINGZHANG_CONFIG, else ./mingzhang.toml.",
)
@click.version_option(package_name="mingzhang", message="%(prog)s %(version)s")
@click.pass_context
def mingzhang(ctx: click.Context, config: Path | None) -> None:
    """Follow what Chinese district governments publish about their money.

    Every version of every budget (预算) and final account (决算) is kept, its tables are read to
    line items, and what changed is told. Begin with `mingzhang init`.
    """
    ctx.obj = config


@mingzhang.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Write a commented mingzhang.toml.

    It goes into FOLDER, the current one unless told. A file that is there already is left as it is.

    Exit status: 0 written; 2 it was there already or cannot be written.
    """
    path = folder / "mingzhang.toml"
    template = resources.files("crawler").joinpath("template.toml").read_bytes()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(template)
    except FileExistsError:
        raise _Complaint(f"{path} is there already; it was left as it is", 2) from None
    except OSError as error:
        raise _Complaint(f"{path} cannot be written: {error.strerror}", 2) from error
    click.echo(f"Wrote {path}. Next:")
    click.echo("  1. set [harvest] contact, so that a portal's keeper can reach you")
    click.echo("  2. name the portals to crawl in [harvest] portals")
    click.echo(f"  3. run: mingzhang {'' if folder == Path() else f'--config {path} '}harvest")
    click.echo("To file documents you have already: mingzhang import FILE…")


@mingzhang.command("harvest")
@click.argument("portals", metavar="[PORTAL]…", nargs=-1)
@click.option("--due", is_flag=True, help="Only portals whose time has come (see below).")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
@click.option("--verbose", is_flag=True, help="Show Scrapy's log of requests on stderr.")
@executor_option
@click.pass_context
def harvest(
    ctx: click.Context,
    portals: tuple[str, ...],
    due: bool,
    as_json: bool,
    verbose: bool,
    executor: str | None,
) -> None:
    """Crawl the configured portals once: archive what came, digest what changed.

    Names restrict it to those of the configured portals. This is what cron calls: it says nothing
    when nothing happened. With --due a portal is asked as often as its file says (every_hours), in
    the hours it allows, and not while it rests because it turned us away.

    Exit status: 0 done; 1 done, but something failed that had not failed before (a portal that
    turns us away or shows less than it should, a document that cannot be read or filed); 2 wrong
    use or configuration.
    """
    from archive.opening import executing
    from archive.publishing import publish
    from archive.settings import load
    from crawler.harvest import harvest as run
    from diffing.thresholds import DigestSettings

    settings = load(ctx.find_root().obj)
    settings.section("digest", DigestSettings)  # a wrong one is better known before the crawl
    _prepare(settings)
    with executing(ctx, executor) as work, _progress(quiet=as_json or verbose) as show:
        harvested, archive, register = run(
            settings, portals, verbose=verbose, show=show, due=due, executor=work
        )
    try:
        _digest(harvested, archive, register, settings)
        harvested.refused += publish(archive, settings)
        _notify(harvested, archive, register, settings)
    finally:
        archive.close()
        # Whatever became of the digest: what is told now is known from now on and not told again.
        _tell(harvested, as_json=as_json)
    ctx.exit(harvested.exit_code)


def _digest(harvested: Harvested, archive: Archive, register: Register, settings: Settings) -> None:
    from archive.ledger import now
    from archive.repository import RepositoryError
    from diffing.checks.judgements import JudgementsError
    from diffing.telling import after_run
    from diffing.told import ToldError

    try:
        written = after_run(archive, register, harvested.outcomes, settings, now(), harvested.run)
        harvested.digest = [str(path) for path in written or ()]
    except (OSError, RepositoryError, JudgementsError, ToldError) as error:
        harvested.refused.append(f"the digest could not be written: {error}; try mingzhang digest")


def _prepare(settings: Settings) -> None:
    """Let those who are to be told begin to hear before anything happens."""
    if not settings.tables.get("notify"):
        return
    from archive.ledger import now
    from archive.locks import LockTaken
    from diffing.notify.outbox import OutboxError
    from diffing.notify.rounds import prepare

    with contextlib.suppress(LockTaken, OutboxError, OSError):  # said when it is time to send
        prepare(settings, now())


def _notify(harvested: Harvested, archive: Archive, register: Register, settings: Settings) -> None:
    if not settings.tables.get("notify"):
        return
    from archive.ledger import now
    from archive.locks import LockTaken
    from archive.repository import RepositoryError
    from archive.settings import SettingsError
    from diffing.checks.judgements import JudgementsError
    from diffing.notify.outbox import OutboxError
    from diffing.notify.rounds import notify
    from diffing.told import ToldError

    try:
        report = notify(archive, register, settings, now())
    except LockTaken as taken:
        harvested.notes.append(str(taken))
    except (
        OSError,
        RepositoryError,
        SettingsError,
        JudgementsError,
        ToldError,
        OutboxError,
    ) as error:
        harvested.refused.append(f"messages: {error}; then run mingzhang notify")
    else:
        harvested.refused += report.failures


def _tell(harvested: Harvested, *, as_json: bool) -> None:
    from crawler import telling

    if as_json:
        click.echo(telling.as_json(harvested))
        return
    for line in telling.lines(harvested, always=sys.stdout.isatty()):
        click.echo(line)
    for line in telling.complaints(harvested):
        click.echo(line, err=True)


@contextlib.contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str, str], None]]:
    """A line a portal while the crawl runs, and one for reading; on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _subject, _state: None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    states: dict[str, str] = {}
    with Live(console=Console(stderr=True), transient=True) as live:

        def show(subject: str, state: str) -> None:
            states[subject] = state
            live.update(Text("\n".join(f"{name}: {said}" for name, said in states.items())))

        yield show


def main() -> None:
    """The entry point of the installed command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Chinese shows an escape instead of ending a run that went well.
            stream.reconfigure(errors="backslashreplace")
    try:
        mingzhang(prog_name="mingzhang")
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> NoReturn:
    """End at once. Python would first take apart all it has in memory, object by object, which
    takes a command of a second another fifth, and frees nothing that does not go with the process.
    Whoever asked to be called at the end is called; other threads are waited for as ever."""
    if isinstance(end.code, str) or threading.active_count() > 1:
        raise end
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed by whoever started this
                stream.flush()
    except OSError:
        raise end from None
    os._exit(end.code or 0)
