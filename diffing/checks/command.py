"""`mingzhang check` and `mingzhang judge`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import click

from archive.opening import executor_option

if TYPE_CHECKING:
    from archive.model import Document
    from diffing.checks.engine import Report
    from diffing.checks.judgements import Judgement
    from diffing.checks.whole import Checked
    from diffing.versions import Version

__all__ = ["check_command", "judge_command"]


@click.command("check")
@click.argument("targets", metavar="FILE…|DOCUMENT…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every document in the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print every finding and count as JSON.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are material findings.")
@click.option("--explain", metavar="RULE", help="Say what a rule is, and stop.")
@click.option(
    "--lang",
    type=click.Choice(("zh", "en")),
    default="zh",
    show_default=True,
    help="Language of what is said about the figures.",
)
@click.option(
    "--judgements",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of verdicts; else judgements.toml beside mingzhang.toml.",
)
@executor_option
@click.pass_context
def check_command(
    ctx: click.Context,
    targets: tuple[str, ...],
    everything: bool,
    as_json: bool,
    exit_code: bool,
    explain: str | None,
    lang: str,
    judgements: Path | None,
    executor: str | None,
) -> None:
    """Say what does not add up in a budget or final account.

    FILE is read as it is; several files of one agency are also held against each other. DOCUMENT
    is a document of the archive, such as 310107/310107.012/department/2024/final; it is held
    against last year's document and, for a final account, the budget of its year, where those are
    archived. What cannot be decided is counted, never guessed; docs/rules.md lists the rules.

    Exit status: 0; with --exit-code 1 if there are material findings; 1 if a document cannot be
    read, one line says why; 2 wrong use.
    """
    from diffing.checks.judgements import load

    if explain:
        _explain(explain)
        return
    if bool(targets) == everything:
        raise click.UsageError("name a FILE or DOCUMENT, or say --all")
    with _explained():
        judged = load(judgements or _beside(ctx))
        telling = _Telling(judged, lang, as_json=as_json)
        for checked in _whole(ctx, executor) if everything else _reports(ctx, targets):
            telling.tell(checked)
        telling.end()
    ctx.exit(1 if telling.unread or (exit_code and telling.material) else 0)


class _Telling:
    """Prints reports as they come, so that a whole archive's are never held at once."""

    def __init__(self, judged: Mapping[str, Judgement], lang: str, *, as_json: bool) -> None:
        self.judged, self.lang, self.as_json = judged, lang, as_json
        self.told = 0
        self.unread = self.material = False

    def tell(self, checked: Checked) -> None:
        """One document: its report, or why there is none (to standard error)."""
        from archive.wording import shown

        if checked.report is None:
            self.unread = True
            click.echo(f"{shown(checked.name)}: {shown(checked.reason)}", err=True)
            return
        (self._data if self.as_json else self._lines)(checked.name, checked.report)
        self.told += 1

    def end(self) -> None:
        """Close the list. One that was cut off stays open, so that nobody takes it for whole."""
        if self.as_json:
            click.echo("\n]" if self.told else "[]")

    def _data(self, name: str, report: Report) -> None:
        from diffing.render.checks import as_data
        from diffing.render.escaping import escaped_json

        found = json.dumps(as_data(name, report, self.judged), ensure_ascii=False, indent=1)
        found = escaped_json(found)
        click.echo(("," if self.told else "[") + f"\n{indent(found, ' ')}", nl=False)
        self._look(report)

    def _lines(self, name: str, report: Report) -> None:
        from diffing.render.checks import lines

        for line in [""] * bool(self.told) + list(lines(name, report, self.judged, self.lang)):
            click.echo(line)
        self._look(report)

    def _look(self, report: Report) -> None:
        from diffing.checks import Severity
        from diffing.render.checks import standing

        self.material |= any(
            group.first.severity is Severity.MATERIAL for group in standing(report, self.judged)
        )


@click.command("judge")
@click.argument("key")
@click.argument("verdict", type=click.Choice(["confirmed", "explained", "wrong"]))
@click.option("--reason", required=True, help="Why; shown with the finding from then on.")
@click.option("--document", default="", help="What the finding is in, for readers of the file.")
@click.option(
    "--judgements",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of verdicts; else judgements.toml beside mingzhang.toml.",
)
@click.pass_context
def judge_command(
    ctx: click.Context, key: str, verdict: str, reason: str, document: str, judgements: Path | None
) -> None:
    """Keep what you made of a finding: confirmed, explained or wrong, with the reason.

    KEY is the finding's, as `mingzhang check` prints it. The verdict is appended to
    judgements.toml and shown with the finding from then on; a finding judged wrong no longer
    counts. The last verdict on a key holds.

    Exit status: 0; 2 wrong use.
    """
    import re

    from archive.clock import day_of
    from archive.ledger import now
    from diffing.checks.judgements import Judgement, Verdict, add

    if not re.fullmatch(r"[0-9a-f]{12}", key):
        raise click.UsageError("KEY is the finding's 12 letters and digits, as `check` prints them")
    path = judgements or _beside(ctx)
    today = day_of(now())
    with _explained():
        add(path, Judgement(key, Verdict(verdict), reason, today, document))
    click.echo(path)


def _explain(name: str) -> None:
    from archive.wording import nearest, shown
    from diffing.checks.catalogue import explained
    from diffing.checks.rules import RULES, rule

    found = rule(name)
    if found is None:
        known = [one.id for one in RULES]
        raise click.UsageError(f"no rule {shown(name)}{nearest(name.upper(), known)}")
    click.echo(explained(found))


def _beside(ctx: click.Context) -> Path:
    """judgements.toml beside the settings file, or in the current folder where there is none."""
    from archive.settings import SettingsError, load
    from diffing.checks.judgements import FILENAME

    try:
        return load(ctx.find_root().obj).path.parent / FILENAME
    except SettingsError:
        return Path(FILENAME)


def _whole(ctx: click.Context, executor: str | None) -> Iterator[Checked]:
    """Every document in the archive."""
    from archive.opening import bar, executing
    from diffing.checks.whole import check_all
    from diffing.opening import opened

    _, archive, register = opened(ctx)
    try:
        # what is printed as it comes is progress enough on a terminal
        with (
            executing(ctx, executor) as work,
            bar("checking", quiet=sys.stdout.isatty()) as show,
        ):
            yield from check_all(work, archive, register, show)
    finally:
        archive.close()


def _reports(ctx: click.Context, targets: tuple[str, ...]) -> Iterator[Checked]:
    """Each file and document asked for."""
    from diffing.checks import check
    from diffing.checks.whole import Checked

    files = [name for name in targets if Path(name).exists()]
    read, unread = _files(files)
    references = [name for name in targets if name not in files]
    archived = _archived(ctx, references) if references else []
    yield from unread
    for name, document in read:
        yield Checked(name, check(document, [d for _, d in read if d is not document]))
    yield from archived


def _files(names: list[str]) -> tuple[list[tuple[str, Document]], list[Checked]]:
    from archive.text import Unreadable
    from diffing.checks.whole import Checked
    from diffing.finding import in_file

    read, unread = [], []
    for name in names:
        try:
            version = in_file(Path(name))
        except Unreadable as error:
            where = f", page {error.page}" if error.page else ""
            unread.append(Checked(f"{name}{where}", reason=error.message))
        except OSError as error:
            unread.append(Checked(name, reason=error.strerror or str(error)))
        else:
            read.append((version.label, version.document))
    return read, unread


def _archived(ctx: click.Context, references: list[str]) -> list[Checked]:
    from diffing.checks import check
    from diffing.checks.siblings import replaced, siblings
    from diffing.checks.whole import Checked
    from diffing.finding import NotFoundError, by_reference, is_reference
    from diffing.opening import opened

    for name in references:
        if not is_reference(name):
            raise NotFoundError(
                f"{name}: no such file, and neither a document id nor a commit; "
                "`mingzhang history` lists what is archived"
            )
    _, archive, register = opened(ctx)
    try:
        versions: list[Version] = [by_reference(archive, register, name) for name in references]
        done = []
        for version in versions:
            others: list[Document] = []
            before: Callable[[], Sequence[Document]] = tuple
            if version.identity is not None:
                others = siblings(archive, register, version.identity)
                before = partial(replaced, archive, register, version.identity)
            report = check(version.document, others, version.agency_name, before)
            done.append(Checked(version.name, report))
        return done
    finally:
        archive.close()


@contextmanager
def _explained() -> Iterator[None]:
    """What is not there or cannot be used is a sentence and exit status 2."""
    from archive.wording import shown
    from diffing.checks.judgements import JudgementsError
    from diffing.finding import NotFoundError

    try:
        yield
    except (NotFoundError, JudgementsError) as error:
        click.echo(f"Error: {shown(error)}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"Error: {shown(error)}", err=True)
        sys.exit(1)
