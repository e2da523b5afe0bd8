"""The audit as a whole: of an archive, or of a bare public clone as far as one can tell from it."""

from __future__ import annotations

from pathlib import Path

from archive.audit.derived import Again, check_derived, check_names
from archive.audit.objects import check_objects
from archive.audit.published import Published, check_checkpoints
from archive.audit.report import Progress, Report
from archive.audit.stored import check_originals, check_present, check_sealed, check_second
from archive.audit.trail import Rows, check_ledger, check_trailers, read_rows
from archive.chain import ChainDamaged
from archive.index import Commit, Index
from archive.plumbing import Git, RepositoryError
from archive.readings import Reader
from archive.repository import Archive, Repository
from archive.second import Second
from archive.text import EXTRACTOR, read_apart

__all__ = ["verify", "verify_clone"]


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody listens."""


def verify(
    archive: Archive,
    *,
    quick: bool = False,
    published: Published | None = None,
    signers: Path | None = None,
    second: Second | None = None,
    reader: Reader = read_apart,
    extractor: str = EXTRACTOR,
    progress: Progress = _silent,
) -> Report:
    """Check everything there is. `quick` leaves out reading the originals again.

    `published` are checkpoints as they were published, kept elsewhere; `signers` the file of
    allowed signers (ssh-keygen(1)) their signatures are checked against; `second` is where copies
    of originals lie.
    """
    report = Report()
    stored = check_originals(archive.originals, report, progress)
    rows = _check_chain(archive, report)
    withheld = archive.ledger.withheld() if rows else {}
    check_sealed(archive.originals, withheld, report)
    if second is not None:
        check_second(archive.originals, second, report)
    spoken_of = rows.originals.items() if rows else ()
    wanted = [(sha256, f"the ledger ({url})") for sha256, url in spoken_of]
    for repository in archive.repositories():
        name = repository.division
        commands = repository.commands
        try:
            events = _check_repository(repository, name, report)
            if rows is not None:
                wanted += check_ledger(events, rows, name, report)
            check_names(events, commands, report, name)
            check_checkpoints(repository, archive, report, published, signers)
            if quick:
                report.unchecked.append(f"{name}: derived files were not made again (--quick)")
            else:
                again = Again(archive.originals, reader, extractor)
                check_derived(events, commands, again, report, progress, name)
        except RepositoryError as error:
            report.fault("history", name, str(error))
            report.unchecked.append(f"{name}: what comes after that in the audit")
    check_present(wanted, stored, set(withheld), report)
    if rows is not None:
        orphans = stored - rows.originals.keys()
        if orphans:
            message = f"{len(orphans)} stored originals stand in no row: a crash came between"
            report.checked.append(message)
    return report


def verify_clone(
    path: Path, *, published: Published | None = None, signers: Path | None = None
) -> Report:
    """Check a clone of one district's repository, which has neither originals nor ledger.

    Raises RepositoryError for a folder that is no repository.
    """
    report = Report()
    commands = Git(path)
    commands.bind(bare=not (path / ".git").is_dir())
    commands.rev_parse("--git-dir")
    name = path.name
    index = Index(commands, None)
    check_objects(commands, name, report)
    try:
        index.catch_up()
        events = check_trailers(index, name, report)
        check_names(events, commands, report, name)
        check_checkpoints(Clone(name, commands, index), None, report, published, signers)
    except RepositoryError as error:
        report.fault("history", name, str(error))
    report.unchecked += [
        f"{name}: originals are not here: that they have the sha256 named is not shown",
        f"{name}: no ledger is here: what was seen when is not shown, nor that nothing is left out",
        f"{name}: derived files were not made again: that needs the originals",
    ]
    return report


class Clone:
    """A clone, as far as checkpoints are concerned."""

    def __init__(self, division: str, commands: Git, index: Index) -> None:
        self.division = division
        self.commands = commands
        self._index = index

    def index(self) -> Index:
        """The tables of its history."""
        return self._index


def _check_chain(archive: Archive, report: Report) -> Rows | None:
    faults = archive.ledger.verify_chain()
    for fault in faults:
        where = f"{archive.ledger.folder / fault.file} line {fault.number}"
        report.fault("ledger", where, fault.message)
    report.checked.append("every row of the ledger follows the one before")
    try:
        return read_rows(archive.ledger)
    except ChainDamaged as error:
        if not faults:
            report.fault("ledger", str(archive.ledger.folder), str(error))
        report.unchecked.append("trailers against the ledger: the ledger cannot be read whole")
        return None


def _check_repository(repository: Repository, name: str, report: Report) -> list[Commit]:
    check_objects(repository.commands, name, report)
    anew = Index(repository.commands, None)
    anew.catch_up()
    events = check_trailers(anew, name, report)
    kept = repository.kept_index()
    if kept.tip() and (kept.tip() != anew.tip() or (table := kept.difference(anew))):
        table = table if kept.tip() == anew.tip() else "tip"
        message = f"the index differs from git in {table}; delete index/{name}.sqlite"
        report.fault("index", name, message)
    report.checked.append(f"{name}: the index says what git says")
    anew.close()
    return events
