"""A writing session: events in, commits out, one after another on the branch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from archive.clock import CHINA
from archive.events import Entry, Event, entry, message
from archive.paths import document_folder
from archive.plumbing import BRANCH, FastImport, Git, RepositoryError, Signature
from archive.readme import attributes, readme
from archive.trees import changes

if TYPE_CHECKING:
    from archive.index import Index
    from archive.repository import Repository

__all__ = ["Writer"]

_EPOCH_YEAR: Final = 1971
"""git cannot date a commit before 1970; no publication is that old, whatever a page claims."""


class Writer:
    """A writing session of one district, open between taking and giving back its lock."""

    def __init__(
        self,
        repository: Repository,
        commands: Git,
        signature: Signature,
        clock: Callable[[], datetime],
    ) -> None:
        self.repository = repository
        self.copy_note: str | None = None
        """After the session: why the checked-out copy was not refreshed, if it was not."""
        self._git = commands
        self._signature = signature
        self._clock = clock
        self._stream: FastImport | None = None
        self._index: Index | None = None
        self._entries: dict[str, list[Entry]] = {}

    @property
    def wrote(self) -> bool:
        """Whether anything was committed in this session."""
        return self._stream is not None

    def entries(self, document_id: str) -> list[Entry]:
        """The document's events up to now, newest first."""
        if self._index is None:
            self._index = self.repository.index()
        if document_id not in self._entries:
            self._entries[document_id] = self._index.entries(document_id)
        return self._entries[document_id]

    def since(self, parent: str) -> set[str]:
        """The commits made after `parent` ("" for the beginning); none if it is not known here."""
        limits = [BRANCH, f"^{parent}"] if parent else [BRANCH]
        found = self._git.rev_list(*limits, with_exceptions=False)
        return set(str(found).split())

    def commit(self, event: Event) -> str:
        """Commit one event and return its hash, once git has it on the disk and on the branch.

        Raises RepositoryError when git gives up or the branch does not stand at the new commit,
        ValueError for a version without a document.
        """
        before = self.entries(event.identity.document_id)
        parent = self.repository.tip() or self._begin()
        identity = event.identity
        name = event.agency_name or identity.agency
        folders = self.repository.folders
        agency, note = folders.allot(identity, name)
        removed, files = changes(event, document_folder(agency, identity))
        files |= note
        commit = self._write(message(event), self._published(event), parent, removed, files)
        folders.allotted(identity, name, agency, commit)
        before.insert(0, entry(event, commit))
        return commit

    def finish(self) -> None:
        """End the stream; raises RepositoryError when git did not end well."""
        if self._stream is not None:
            self._stream.finish()

    def abort(self) -> None:
        """Stop the stream; what was committed before stays, what was not never was."""
        if self._stream is not None:
            self._stream.abort()

    def _begin(self) -> str:
        """The first commit of a district: what this is and how to read it; returns its hash."""
        title = self.repository.title()
        files = {
            "README.md": readme(title, self.repository.division),
            ".gitattributes": attributes(),
        }
        subject = f"开始收录 {title}（{self.repository.division}）\n"
        return self._write(subject.encode(), self._clock(), "", [], files)

    def _write(
        self,
        text: bytes,
        written: datetime,
        parent: str,
        removed: list[str],
        files: dict[str, bytes],
    ) -> str:
        if self._stream is None:
            self._stream = FastImport(self._git)
        commit = self._stream.commit(
            message=text,
            author=self._signature.line(written),
            committer=self._signature.line(self._clock()),
            parent=parent,
            removed=removed,
            files=files,
        )
        tip = self.repository.tip()
        if tip != commit:
            raise RepositoryError(
                f"{self.repository.path}: git did not take commit {commit[:10]}: the branch stands"
                f" at {tip[:10] or 'nothing'}; another process has written to it"
            )
        return commit

    def _published(self, event: Event) -> datetime:
        published = event.source.published
        if published is not None and published.year >= _EPOCH_YEAR:
            return datetime.combine(published, time(), CHINA)
        return event.source.observed or self._clock()
