"""One harvest: crawl the configured portals once, then read, identify and commit what came."""

from __future__ import annotations

import contextlib
import importlib.metadata
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from archive.clock import CHINA
from archive.executor import Executor, Local
from archive.intake import Intake, Outcome
from archive.ledger import Crawl, Scope, Unseen, now, run_id
from archive.locks import LockTaken
from archive.register import Register, RegisterError
from archive.register import load as load_register
from archive.repository import Archive, RepositoryError
from archive.settings import ArchiveSettings, Settings, SettingsError
from crawler import portals
from crawler.absence import report_absences
from crawler.conditions import Conditions, PortalState, fewer, too_few
from crawler.crawl import Job
from crawler.portals import Portal
from crawler.process import crawl_all, locked
from crawler.report import FAILURES, HIDING, PortalReport, Trouble, TroubleKind

__all__ = [
    "HarvestSettings",
    "Harvested",
    "chosen_portals",
    "due_portals",
    "harvest",
    "user_agent",
]


class HarvestSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[harvest]`: who we are and which portals are crawled."""

    contact: str = ""
    """An e-mail address or web page by which a portal's keeper can reach the operator."""
    portals: list[str] = []
    portal_folders: list[str] = []
    """Folders with portal files of the operator's own, beside the packaged ones."""


class Harvested(msgspec.Struct):
    """What one harvest came to."""

    run: str
    reports: list[PortalReport] = []
    outcomes: list[Outcome] = []
    """What became of every original that was waiting, of this run or an earlier one."""
    new: dict[str, list[Trouble]] = {}
    """By portal: what stands in the way and did not in the run before."""
    known: int = 0
    """How many troubles are still as they were."""
    refused: list[str] = []
    """What another run that is under way kept us from."""
    notes: list[str] = []
    digest: list[str] = []
    """The files of the digest."""

    @property
    def commits(self) -> list[tuple[str, str]]:
        """Division and commit of everything that was committed, in order."""
        return [(one.division, one.commit) for one in self.outcomes if one.commit]

    @property
    def exit_code(self) -> int:
        """1 if something failed that had not failed before, else 0."""
        troubles = [trouble for found in self.new.values() for trouble in found]
        return int(bool(self.refused) or any(one.kind in FAILURES for one in troubles))


def user_agent(settings: Settings, section: HarvestSettings) -> str:
    """What we call ourselves to every server: program, version and a way to reach the operator.

    Raises SettingsError where no usable contact is configured: nobody is crawled anonymously.
    """
    contact = section.contact.strip()
    if not contact:
        raise SettingsError(
            f"{settings.path}: [harvest] contact is empty; set it to an e-mail address or web page"
            " where the keepers of a portal can reach you"
        )
    reachable = re.fullmatch(r"\S+@\S+\.\S+|https?://\S+", contact)
    if not reachable or not contact.isascii() or not contact.isprintable():
        raise SettingsError(
            f"{settings.path}: [harvest] contact {contact!r} is neither an e-mail address nor a"
            " web page in plain ASCII"
        )
    return f"Mingzhang/{importlib.metadata.version('mingzhang')} (+{contact})"


def chosen_portals(
    settings: Settings, section: HarvestSettings, names: Sequence[str] = ()
) -> list[Portal]:
    """The portals to crawl: those configured, or those of them that are named.

    Raises SettingsError for a name that is not configured or known, PortalError for a portal file
    that cannot be used.
    """
    known = portals.load([settings.resolve(folder) for folder in section.portal_folders])
    if not section.portals:
        raise SettingsError(
            f"{settings.path}: [harvest] portals is empty; name at least one"
            f" (known: {', '.join(sorted(known))})"
        )
    for name in section.portals:
        if name not in known:
            raise SettingsError(
                f"{settings.path}: [harvest] portals: no portal is called {name!r}"
                f" (known: {', '.join(sorted(known))}); write its file as docs/adding-a-district.md"
                " shows and name its folder in portal_folders"
            )
    for name in names:
        if name not in section.portals:
            raise SettingsError(
                f"{name!r} is not among the portals of {settings.path}; add it to [harvest] portals"
            )
    return [known[name] for name in dict.fromkeys(names or section.portals)]


def due_portals(
    portals: Sequence[Portal], conditions: Conditions, moment: datetime
) -> list[Portal]:
    """The portals a scheduled harvest asks now: their cadence says so, their hours allow it, and
    they do not rest because they turned us away."""
    found = []
    for portal in portals:
        state = conditions.portals.get(portal.slug, PortalState())
        resting = state.rest_until is not None and moment < state.rest_until
        if (
            portal.due_after(state.last_run, moment)
            and not resting
            and portal.open_at(moment.astimezone(CHINA).hour)
        ):
            found.append(portal)
    return found


def harvest(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    verbose: bool = False,
    show: Callable[[str, str], None] = lambda _subject, _state: None,
    moment: datetime | None = None,
    due: bool = False,
    executor: Executor | None = None,
) -> tuple[Harvested, Archive, Register]:
    """Crawl, then commit what came; the archive and register are returned for the digest.

    What an earlier run left unfinished is finished too; `show` hears of a portal, or of the reading
    of documents, and how far it is. With `due` only portals whose time has
    come are asked (`due_portals`). `moment` is what the clock says in a trial. `executor` does the
    crawling and reading; committing stays here, under the districts' locks.

    Raises SettingsError, PortalError or RegisterError before anything is asked of anyone.
    """
    section = settings.section("harvest", HarvestSettings)
    kept = settings.section("archive", ArchiveSettings)
    agent = user_agent(settings, section)
    chosen = chosen_portals(settings, section, names)
    folders = [settings.resolve(folder) for folder in kept.register]
    register = load_register(*folders)

    def clock() -> datetime:
        return moment or now()

    archive = Archive.of(settings, clock)
    for portal in chosen:
        _known_divisions(register, portal)
    harvested = Harvested(run=run_id(clock()))
    if due:
        chosen = due_portals(chosen, Conditions(archive.root), clock())
    with contextlib.ExitStack() as locks:
        held: set[str] = set()
        free = [p for p in chosen if _locked(locks, archive.root, p, held, harvested)]
        job = Job(
            run=harvested.run,
            archive=str(archive.root),
            user_agent=agent,
            portals=tuple(free),
            verbose=verbose,
            moment=moment,
        )
        workers = executor or Local()
        if free:
            harvested.reports = crawl_all(workers, job, lambda one: show(one.portal, one.progress))
        remembered = Conditions(archive.root).portals
        for report in harvested.reports:
            withdrawn = remembered.get(report.portal, PortalState()).withdrawn
            report.troubles += report_absences(
                archive.ledger, harvested.run, clock, report, withdrawn
            )
        intake = Intake(archive, register, harvested.run, clock, executor=workers)
        _commit(intake, harvested, lambda n, of: show("reading", f"{n} of {of}"))
        _judge(archive, free, harvested, clock())
    return harvested, archive, register


def _known_divisions(register: Register, portal: Portal) -> None:
    for division in portal.divisions:
        try:
            register.division(division)
        except RegisterError as error:
            raise SettingsError(
                f"portal {portal.slug}: division {division} is not in the register; add it to a"
                " folder named in [archive] register (docs/adding-a-district.md)"
            ) from error


def _locked(
    locks: contextlib.ExitStack, root: Path, portal: Portal, held: set[str], harvested: Harvested
) -> bool:
    try:
        locks.enter_context(locked(root, portal, held))
    except LockTaken as taken:
        harvested.refused.append(str(taken))
        return False
    return True


def _commit(intake: Intake, harvested: Harvested, on_read: Callable[[int, int], None]) -> None:
    try:
        intake.process(harvested.outcomes.append, on_read)
    except (LockTaken, RepositoryError) as error:
        # The districts that could be written have been; the next run takes up the rest.
        harvested.refused.append(str(error))
    harvested.notes += intake.notes


def _judge(
    archive: Archive, crawled: Sequence[Portal], harvested: Harvested, moment: datetime
) -> None:
    """Sort the troubles into known and new, and remember them, and how far each crawl saw."""
    conditions = Conditions(archive.root)
    by_slug = {portal.slug: portal for portal in crawled}
    for report in harvested.reports:
        state = conditions.portals.get(report.portal, PortalState())
        found = [*report.troubles, *_beside(report, by_slug[report.portal], state)]
        _note(harvested, report.portal, found, conditions.update(report, found, moment))
        archive.ledger.append(_seen(by_slug[report.portal], report, found, harvested.run, moment))
    for slug in sorted({outcome.source.portal for outcome in harvested.outcomes}):
        own = [outcome for outcome in harvested.outcomes if outcome.source.portal == slug]
        unsettled = [_unsettled(one) for one in own if one.status in ("unfiled", "unreadable")]
        settled = {one.sha256 for one in own if one.status in ("committed", "unchanged")}
        _note(harvested, slug, unsettled, conditions.documents(slug, unsettled, settled, moment))
    try:
        conditions.save()
    except OSError as error:
        # Not worth the digest of what was committed: the next run says everything once more.
        harvested.refused.append(f"what is known was not noted: {error}")


def _seen(
    portal: Portal, report: PortalReport, found: Sequence[Trouble], run: str, moment: datetime
) -> Crawl:
    """How far a crawl could see, for whoever asks later whether something was published."""
    scopes = (
        Scope(
            entry.division or portal.division,
            entry.kind,
            entry.level,
            entry.year,
            entry.agency or "",
        )
        for entry in portal.entries
    )
    hindrances = Counter(
        str(one.kind) for one in found if one.kind in HIDING and one.key not in report.unseen
    )
    unseen = (
        Unseen(key.partition("|")[0], title)
        for key, titles in report.unseen.items()
        for title in titles
    )
    return Crawl(
        portal=portal.slug,
        at=moment,
        complete=report.complete,
        scopes=tuple(dict.fromkeys(scopes)),
        hindrances=dict(sorted(hindrances.items())),
        unseen=tuple(unseen),
        run=run,
    )


def _note(
    harvested: Harvested, slug: str, found: Sequence[Trouble], new: Sequence[Trouble]
) -> None:
    harvested.known += len(found) - len(new)
    if new:
        harvested.new[slug] = [*harvested.new.get(slug, []), *new]


def _beside(report: PortalReport, portal: Portal, state: PortalState) -> list[Trouble]:
    """Troubles that only the portal file and earlier crawls can tell."""
    found = []
    # Behind a firewall nothing can be counted; that failure has been noted as what it is.
    if report.went_through and (scarce := too_few(report, portal.minimum_documents)):
        found.append(scarce)
    elif report.went_through and (dwindled := fewer(report, state)):
        found.append(dwindled)
    if not portal.verified and not portal.allow_private:
        message = "its portal file is a draft: look at what it finds, then set verified = true"
        found.append(Trouble(TroubleKind.UNVERIFIED, "", message))
    return found


def _unsettled(outcome: Outcome) -> Trouble:
    kind = TroubleKind.UNFILED if outcome.status == "unfiled" else TroubleKind.UNREADABLE
    name = outcome.source.title or outcome.source.filename
    message = f"{name!r} ({outcome.source.url}): {outcome.message}"
    if outcome.proposal:
        message += f"; if {outcome.proposal!r} is a new agency, add it to the register"
    return Trouble(kind, outcome.sha256, message)
