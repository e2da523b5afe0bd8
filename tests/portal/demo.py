"""`make demo`: the whole product in a minute or two, on two fictional districts.

python -m tests.portal.demo [FOLDER]        # ./demo unless told; made anew each time
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

import click
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from archive.repository import Archive
from tests.portal import documents
from tests.portal.calendar import Moment
from tests.portal.server import Portal
from tests.portal.trial import Ran, Trial, git, objects

MARK: Final = ".mingzhang-demo"
"""Stands in every folder this script made: nothing else is ever deleted."""
LATER: Final = 8
_WIDTH: Final = 100
_NOTES: Final = 2
_TOKEN: Final = re.compile(r"(?:[!-~−]+|\S)[，。；、：）”]*\s*|\s")
_PLACE: Final = re.compile(r"\s*\*(\[\d+\] .+?)\*$")


class DemoError(Exception):
    """The product did not do what this demonstration says it does."""


def prepare(folder: Path) -> None:
    """An empty folder; one that an earlier run made is removed first.

    Raises click.UsageError for anything else that is in the way: it is left alone.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(f"{folder} is in the way and no folder; it was left alone")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise click.UsageError(
                f"{folder} holds files that this demonstration did not make; it was left alone."
                " Name another folder."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by `make demo`; the next run deletes this folder.\n")


class Demo:
    """Tells and runs the demonstration, step by step."""

    def __init__(self, trial: Trial, console: Console) -> None:
        self.trial, self.console = trial, console

    def run(self) -> None:
        """All of it. Raises DemoError where the product does not do as promised."""
        self.introduce()
        self.first()
        digest = self.second()
        self.third()
        self.look(digest, self.site())

    def introduce(self) -> None:
        """What is about to happen, and to whom."""
        self.console.print()
        self.say("Mingzhang 明账 follows what Chinese districts publish about their money.", "bold")
        self.say(
            "Two fictional districts publish budgets (部门预算) and final accounts (部门决算) as"
            " PDF on a mock portal, which runs on this machine only:"
        )
        for letter, site in self.trial.portal.sites.items():
            self.say(f"  {site.manifest.district}  {self.trial.portal.url(letter, '/')}", "cyan")
        self.say("The date beside each step is the portal's.", "dim")

    def first(self) -> None:
        """The budgets of 2024 are online."""
        self.step(1, "First harvest: everything is new", Moment(0))
        self.harvest()
        self.need(self.trial.commits() > 0, "the first harvest archived nothing")
        asked = self.trial.portal.log()
        self.need(
            max(request.in_flight for request in asked) == 1, "two requests were under way at once"
        )
        statements, items = self.read()
        self.say(
            f"It asked {len(asked)} times, never two at once, and kept the PDFs as they came. Their"
            f" tables were read into {items:,} line items in {statements} statements, clerks' names"
            " and phones masked, and every document was committed to its district's repository."
        )

    def second(self) -> Path:
        """More than a year later; returns the digest's HTML file."""
        self.trial.portal.tick(LATER - self.trial.portal.now)
        self.step(2, "Second harvest: 22 months later", Moment(LATER))
        self.say(
            "Meanwhile budgets of 2025 and final accounts of 2024 appeared. And 青麓区 replaced the"
            " file of a budget of 2024: same address, same date on the page, not a word about it."
        )
        self.say()
        before = self.trial.commits()
        ran = self.harvest()
        self.need(self.trial.commits() > before, "the second harvest archived nothing")
        written = {
            Path(found).suffix: Path(found)
            for found in re.findall(r"^digest: (.+)$", ran.out, re.MULTILINE)
        }
        self.need({".md", ".html"} <= set(written), "the second harvest wrote no digest")
        text = written[".md"].read_text(encoding="utf-8")
        self.say("What changed, as the digest (收录摘要) begins:")
        self.say()
        for number, line in enumerate(headlines(text), start=1):
            self.headline(number, line)
        found = re.search(r"公务接待费.{0,60}0\.45.{0,60}4\.50", text)
        self.need(bool(found), "the digest does not tell the replaced figure: 0.45 → 4.50")
        self.say()
        self.say("The replaced file as git sees it:")
        self.say()
        self.difference()
        return written[".html"]

    def third(self) -> None:
        """Nothing is new, though every counter, token and validator changed."""
        self.step(3, "Third harvest: nothing new", Moment(LATER, late=True))
        self.say(
            "Every page shows another visitor count; files of 青麓区 have other ETags. No document"
            " has another byte."
        )
        self.say()
        before = self.trial.tips()
        self.harvest()
        after = self.trial.tips()
        self.need(before == after, f"the third harvest committed: {before} became {after}")
        self.say("It says nothing, as cron likes it, and nothing was committed:")
        for division, commit in after.items():
            self.say(f"  {division}  {before[division][:12]} = {commit[:12]}", "cyan")

    def site(self) -> Path:
        """Everything as a static site; returns its front page."""
        self.step(4, "A site of it, for any web host or none", Moment(LATER, late=True))
        began = time.monotonic()
        self.say(f"$ {self.shown('site', 'build')}", "bold green")
        ran = self.trial.mingzhang("site", "build")
        self.need(not ran.code, f"the site was not built:\n{ran.err}")
        front = self.trial.settings.parent / "site" / "index.html"
        pages = sum(1 for _ in front.parent.rglob("*.html"))
        self.say(f"{pages} pages ({time.monotonic() - began:.0f} s)", "dim")
        return front

    def look(self, digest: Path, site: Path) -> None:
        """Where to go from here."""
        trial = self.trial
        words = {word for name in documents.NAMES for word in documents.truth(name).private}
        for repository in trial.repositories():
            kept = objects(repository)
            named = any(word.encode() in kept for word in words)
            self.need(not named, f"{repository} holds a clerk's name or phone")
        self.console.print()
        self.console.rule("[bold]Look for yourself[/]", align="left")
        self.console.print()
        qinglu = self.path(trial.archive / "districts" / "990103")
        for what, where in (
            ("The site, in a browser", [self.path(site)]),
            ("The digest of the second harvest", [self.path(digest)]),
            ("Every version of every document", [f"git -C {qinglu} log --stat"]),
            ("One table through its versions", [f"git -C {qinglu} log -p -- '*三公*'"]),
            ("The tables as CSV", [f"{qinglu}/青麓区人才服务中心/2024年/部门预算/statements/"]),
            (
                "One agency: its versions, its two years side by side",
                [self.shown(verb, "青麓区人才服务中心") for verb in ("history", "digest")],
            ),
            ("Original PDFs, and all that was seen", [self.path(trial.archive / "originals")]),
            ("", [self.path(trial.archive / "ledger")]),
        ):
            if what:
                self.say(what)
            for line in where:
                self.console.print(Text(f"    {line}", style="cyan"), soft_wrap=True)
        self.console.print()

    def harvest(self) -> Ran:
        """Run the real command, and show it and what it says."""
        began = time.monotonic()
        self.say(f"$ {self.shown('harvest')}", "bold green")
        ran = self.trial.mingzhang("harvest")
        for line in ran.out.splitlines():
            self.console.print(
                Text(f"  {line.replace(f'{Path.cwd()}/', '')}"), no_wrap=True, overflow="ellipsis"
            )
        notes = [line for line in ran.err.splitlines() if line.strip()]
        for line in notes[:_NOTES]:
            self.console.print(Text(f"  {line}", "dim"), no_wrap=True, overflow="ellipsis")
        if len(notes) > _NOTES:
            self.say(f"… and {len(notes) - _NOTES} more such notes", "dim")
        self.say(f"({time.monotonic() - began:.0f} s)", "dim")
        self.say()
        self.need(not ran.code, f"the harvest ended with status {ran.code}:\n{ran.err}")
        return ran

    def read(self) -> tuple[int, int]:
        """How many statements and line items the archive holds."""
        statements = [
            statement
            for repository in Archive(self.trial.archive).repositories()
            for identity in repository.documents()
            for statement in repository.read(identity).statements
        ]
        return len(statements), sum(len(statement.items) for statement in statements)

    def headline(self, number: int, line: str) -> None:
        """One line of the digest; where its figures are printed stands below, dimmed."""
        place = _PLACE.search(line)
        style = "bold" if number == 1 else ""
        for n, part in enumerate(wrapped(_PLACE.sub("", line), self.console.width - 8)):
            mark = "    " if n else f"{number:>2}. "
            self.console.print(Text(f"  {mark}{part}", style))
        if place:
            self.console.print(Text(f"      {place[1]}", "dim"))

    def difference(self) -> None:
        """The revision's diff of one table."""
        repository = self.trial.archive / "districts" / "990103"
        shown = git(
            repository,
            "log",
            "-1",
            "-p",
            "-U0",
            "--grep",
            "Change-Kind: revision",
            "--format=%s",
            "--",
            "*三公*",
        )
        for line in shown.splitlines():
            if not line.startswith(("diff", "index", "---", "+++", "@@")) and line.strip():
                style = {"+": "green", "-": "red"}.get(line[0], "bold")
                self.console.print(Text(f"    {line}", style), no_wrap=True, overflow="ellipsis")

    def say(self, text: str = "", style: str = "") -> None:
        """A paragraph, indented and wrapped."""
        self.console.print(Padding(Text(text, style=style), (0, 2)))

    def step(self, number: int, title: str, moment: Moment) -> None:
        """A heading."""
        self.console.print()
        self.console.rule(
            f"[bold]{number}  {title}[/]  [dim]{moment.time:%Y-%m-%d}[/]", align="left"
        )
        self.console.print()

    def shown(self, *arguments: str) -> str:
        """The command as a person types it."""
        installed = Path(sys.executable).with_name("mingzhang")
        found = shutil.which("mingzhang")
        program = "mingzhang" if found and Path(found).samefile(installed) else str(installed)
        program = program.replace(f"{Path.cwd()}/", "")
        return " ".join((program, "--config", self.path(self.trial.settings), *arguments))

    @staticmethod
    def path(path: Path) -> str:
        """Relative to where the reader stands, if that is shorter."""
        try:
            return str(path.resolve().relative_to(Path.cwd()))
        except ValueError:
            return str(path)

    @staticmethod
    def need(held: bool, otherwise: str) -> None:
        """Raise DemoError unless it holds."""
        if not held:
            raise DemoError(otherwise)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells: Chinese breaks anywhere, a figure or a word does not."""
    rows, row = list[str](), ""
    for token in _TOKEN.findall(text):
        if row and cell_len(row + token.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += token
    return [*rows, row]


def headlines(markdown: str) -> list[str]:
    """The digest's first list, as plain text."""
    found: list[str] = []
    for line in markdown.splitlines():
        item = re.match(r"(?:[-*•]|\d+\.)\s+(.+)", line)
        if item:
            plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", item[1])
            found.append(re.sub(r"\\(.)", r"\1", plain.replace("**", "")))
        elif found and line.startswith("#"):
            break
    return found


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
def main(folder: Path) -> None:
    """Harvest a mock portal into FOLDER, which is made anew, and tell what changed."""
    prepare(folder)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    try:
        with Portal("AC") as portal:
            Demo(Trial(folder.resolve(), portal), console).run()
    except DemoError as error:
        console.print(Text.assemble(("\nThe demonstration failed: ", "bold red"), str(error)))
        sys.exit(1)


if __name__ == "__main__":
    main()
