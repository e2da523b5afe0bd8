"""The archive's repositories: one ordinary git repository a district, one commit an event.

Everything that can be recomputed is in git; originals and ledger lie beside it. The one writer of
a district holds its lock; readers need none.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from archive import checkout
from archive.events import Entry, Event, is_version
from archive.files import from_files
from archive.folders import Folders
from archive.index import Index
from archive.ledger import Ledger, now
from archive.locks import LockTaken, held
from archive.model import Document, Identity
from archive.originals import Originals
from archive.paths import document_folder, identity_of, parse_folder
from archive.plumbing import BRANCH, Git, RepositoryError, Signature
from archive.settings import ArchiveSettings, Settings
from archive.trees import version_folder
from archive.writer import Writer

__all__ = [
    "Archive",
    "Entry",
    "Event",
    "Held",
    "LockTaken",
    "Repository",
    "RepositoryError",
    "UnknownDocument",
    "Writer",
]

_DIVISION: Final = re.compile(r"\d{6}")
_GIT: Final = (2, 36)
"""Before it, flushing to the disk could not be asked for, nor (2.32) a user's settings shut out."""
_LOCKS: Final = (
    "refs/heads/main.lock",
    "refs/mingzhang/*.lock",
    "objects/info/commit-graphs/*.lock",
    "objects/pack/tmp_*",
    "packed-refs.lock",
)
_PACKS: Final = 20
"""So many packs, one a commit, are worth the fifth of a second that joining them takes."""


class UnknownDocument(LookupError):  # noqa: N818 - says what is the case
    """The district's repository does not hold this document at this commit."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class Held(NamedTuple):
    """What a path held: the commit that put it there, and its blob's hash."""

    path: str
    commit: str
    blob: str


class Repository:
    """One district's repository with its checked-out copy."""

    def __init__(
        self,
        division: str,
        path: Path,
        *,
        lock: Path,
        signature: Signature,
        clock: Callable[[], datetime] = now,
        index: Path | None = None,
    ) -> None:
        self.division = division
        self.path = path
        self._lock = lock
        self._signature = signature
        self._clock = clock
        self._git = Git(path)
        self._git.bind()
        self.folders = Folders(self._git)
        self._index = Index(self._git, index)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writing session: takes the district's lock, and at the end refreshes the copy.

        Raises LockTaken when another run holds it, RepositoryError when git refuses.
        """
        with held(self._lock, f"district {self.division}", self._clock) as killed:
            self._clear_leftovers(killed)
            checkout.note_shown(self._git, self.path, self.tip())
            writer = Writer(self, self._git, self._signature, self._clock)
            try:
                yield writer
                writer.finish()
            except BaseException:
                writer.abort()
                raise
            if writer.wrote:
                self._tidy()
            self._index.catch_up()
            writer.copy_note = checkout.refresh(self._git, self.path)

    def tip(self) -> str:
        """The commit the branch stands at, read from the repository; "" before the first."""
        return self._git.tip_of(BRANCH)

    def history(self, document_id: str | None = None) -> list[Entry]:
        """The events, newest first: all, or those of one document.

        Raises RepositoryError when a commit's trailers cannot be read.
        """
        index = self.index()
        if document_id is not None:
            return index.entries(document_id)
        return [one.entry for one in index.events() if one.entry is not None]

    def current_entry(self, document_id: str) -> Entry | None:
        """The event that put the content there which a document has now; None for none."""
        return next((e for e in self.history(document_id) if is_version(e)), None)

    def index(self) -> Index:
        """The tables of its history, up to the tip.

        Raises RepositoryError when a commit's trailers cannot be read.
        """
        self._index.catch_up()
        for _, reason in self._index.unreadable():
            raise RepositoryError(f"{self.path}: {reason}")
        return self._index

    def as_of(self, path: str, moment: datetime) -> Held | None:
        """What a path held at a moment by our clock; None where there was nothing.

        The commit is the one that put it there, for a path below a document's folder, else the
        newest one of that moment.
        """
        index = self.index()
        number = index.number_at(moment)
        commit = index.commit_at(number)
        found = self._git.header(f"{commit}:{path}") if commit else None
        if found is None or found[1] != "blob":
            return None
        version = None
        match path.split("/"):
            case [folder, year, kind, _, *_] if place := parse_folder(year, kind):
                agency = self.folders.bearer(folder, place[1])
                number_, level, what = place
                if agency:
                    identity = Identity(self.division, agency, level, number_, what)
                    version = index.last_version(identity.document_id, number)
        return Held(path, version.commit if version else commit, found[0])

    def documents(self) -> list[Identity]:
        """Every document the newest commit holds, ordered by path."""
        found = []
        tip = self.tip()
        for path in self._git.names(tip, "-r") if tip else ():
            match path.split("/"):
                case [folder, year, kind, "document.json"]:
                    place = parse_folder(year, kind)
                    agency = self.folders.bearer(folder, place[1]) if place else None
                    if place is None or agency is None:
                        raise RepositoryError(f"{self.path}: {path}: no agency is noted for it")
                    number, level, what = place
                    found.append(Identity(self.division, agency, level, number, what))
        return found

    def holds(self, identity: Identity) -> bool:
        """Whether the newest commit holds the document. One look, however large the district."""
        folder = self.folders.of(identity)
        if folder is None:
            return False
        place = document_folder(folder, identity)
        return self._git.header(f"{BRANCH}:{place}/document.json") is not None

    def read(self, identity: Identity, commit: str = "HEAD") -> Document:
        """The document as it stood at a commit (the newest by default).

        Raises UnknownDocument when the commit does not hold it or there is no such commit.
        """
        folder = self.folders.of(identity)
        return self._read(identity, commit, document_folder(folder, identity) if folder else "")

    def version(self, entry: Entry) -> Document:
        """The version an event speaks of: the current one, or an earlier one entered later.

        Raises UnknownDocument where its commit holds none.
        """
        identity = identity_of(entry.document_id)
        folder = self.folders.of(identity)
        place = version_folder(document_folder(folder, identity), entry) if folder else ""
        return self._read(identity, entry.commit, place)

    def _read(self, identity: Identity, commit: str, folder: str) -> Document:
        at = BRANCH if commit == "HEAD" else commit
        what = f"{identity.document_id} in {self.path} at {commit}"
        data = self._git.blob(f"{at}:{folder}/document.json") if folder else None
        if data is None:
            raise UnknownDocument(f"{what}: there is none")
        try:
            return from_files({"document.json": data})
        except msgspec.DecodeError as error:
            raise RepositoryError(f"{what}: document.json cannot be read: {error}") from error

    def create(self, title: str) -> None:
        """Make the repository if it is not there yet; one left half made is completed.

        `title` is the division's name for readers, such as 上海市普陀区. Raises LockTaken when
        another run is at it, RepositoryError when git refuses.
        """
        if self._git.config("mingzhang.division", with_exceptions=False) != self.division:
            with held(self._lock, f"district {self.division}", self._clock):
                self._create(title)

    def _create(self, title: str) -> None:
        if self._git.version_info < _GIT:
            needed, found = (".".join(map(str, v)) for v in (_GIT, self._git.version_info))
            raise RepositoryError(f"git {needed} or newer is needed, this is git {found}")
        self.path.mkdir(parents=True, exist_ok=True)
        Git(self.path).init("--quiet", "--initial-branch=main", "--template=", str(self.path))
        for key, value in (
            ("core.quotepath", "false"),
            ("core.autocrlf", "false"),
            ("gc.auto", "0"),
            ("mingzhang.title", title),
            # Last: it says that everything before it was done.
            ("mingzhang.division", self.division),
        ):
            self._git.config(key, value)

    def title(self) -> str:
        """The division's name as given when the repository was made; its code otherwise."""
        return str(self._git.config("mingzhang.title", with_exceptions=False)) or self.division

    def refresh_copy(self) -> None:
        """Bring the checked-out copy up to the branch where a crash kept the writer from it.

        Where that cannot be done the copy stays as it is: whoever writes next is told why.
        """
        if not checkout.is_current(self._git, self.tip()):
            with contextlib.suppress(LockTaken), held(self._lock, self.division, self._clock):
                checkout.refresh(self._git, self.path)

    @property
    def commands(self) -> Git:
        """Git's commands on this repository."""
        return self._git

    def kept_index(self) -> Index:
        """The tables as they were left, not caught up."""
        return self._index

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the district's lock without writing a commit. Raises LockTaken."""
        with held(self._lock, f"district {self.division}", self._clock):
            yield

    def close(self) -> None:
        """End the reading processes kept open; they start again when needed."""
        self._git.clear_cache()
        self._index.close()

    def _clear_leftovers(self, killed: bool) -> None:
        """What a writer that was cut off left: reports, and locks nobody holds any more.

        Its half commit was never in the history.
        """
        folder = self.path / ".git"
        leftovers = ["fast_import_crash_*"]
        if killed:
            leftovers += _LOCKS
        for pattern in leftovers:
            for file in folder.glob(pattern):
                file.unlink(missing_ok=True)

    def _tidy(self) -> None:
        packs = self.path / ".git" / "objects" / "pack"
        if len(list(packs.glob("*.pack"))) > _PACKS:
            self._git.repack("-d", "-q", "--geometric=2")
            self._git.clear_cache()
        # For whoever asks git itself for the history of a path: what changed where, at hand.
        options = ("--reachable", "--changed-paths", "--split", "--no-progress")
        self._git.commit_graph("write", *options)


class Archive:
    """Everything under one folder: originals, ledger and the districts' repositories."""

    def __init__(
        self,
        root: Path,
        *,
        signature: Signature | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.root = root
        self.originals = Originals(root / "originals")
        self.ledger = Ledger(root / "ledger", clock)
        self._signature = signature or Signature()
        self._clock = clock
        self._open: dict[str, Repository] = {}

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], datetime] = now) -> Archive:
        """The archive the settings name. Raises SettingsError for a wrong `[archive]` table."""
        section = settings.section("archive", ArchiveSettings)
        signature = Signature(section.author, section.email)
        return cls(settings.resolve(section.path), signature=signature, clock=clock)

    def repositories(self) -> list[Repository]:
        """The districts there are, by division code."""
        folder = self.root / "districts"
        if not folder.is_dir():
            return []
        codes = sorted(p.name for p in folder.iterdir() if (p / ".git").is_dir())
        return [self.repository(code) for code in codes if _DIVISION.fullmatch(code)]

    def district(self, division: str) -> Repository | None:
        """The repository of a division; None where nothing is archived of it."""
        if not _DIVISION.fullmatch(division):
            return None
        known = (self.root / "districts" / division / ".git").is_dir()
        return self.repository(division) if known else None

    def repository(self, division: str, create: bool = False, title: str = "") -> Repository:
        """The repository of a division; with `create` it is made if need be, headed by `title`.

        Raises ValueError for anything but a six-digit code, RepositoryError if there is none.
        """
        if not _DIVISION.fullmatch(division):
            raise ValueError(f"not a division code of six digits: {division!r}")
        repository = self._open.get(division)
        if repository is None:
            repository = Repository(
                division,
                self.root / "districts" / division,
                lock=self.root / "locks" / f"{division}.lock",
                signature=self._signature,
                clock=self._clock,
                index=self.root / "index" / f"{division}.sqlite",
            )
        if create:
            repository.create(title or division)
        elif not (repository.path / ".git").is_dir():
            raise RepositoryError(f"{repository.path}: nothing is archived for this division")
        self._open[division] = repository
        return repository

    def close(self) -> None:
        """End every process kept open for reading."""
        for repository in self._open.values():
            repository.close()
