"""From a candidate to a commit: intent, commit, done, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from archive.events import Entry, Event, is_local, subject
from archive.ledger import Intent, Ledger
from archive.model import ChangeKind, Document, Identity, Source
from archive.originals import CorruptOriginal, MissingOriginal
from archive.outcomes import Candidate, Outcome, Settler
from archive.readings import Readings
from archive.register import Register
from archive.repository import RepositoryError, UnknownDocument, Writer
from archive.text import Unreadable
from archive.verdict import judge, judge_change, last_published

__all__ = ["Committing"]

_NOTES: Final = {
    ChangeKind.CORRECTION: "发布方已声明",
    ChangeKind.BYTES_ONLY: "读出的内容相同",
    ChangeKind.RE_EXTRACTION: "并非发布方的改动",
}


class Committing:
    """Commits candidates of one district in a writing session, in the name of a run."""

    def __init__(
        self,
        writer: Writer,
        ledger: Ledger,
        register: Register,
        readings: Readings,
        settler: Settler,
        run: str,
    ) -> None:
        self._writer = writer
        self._ledger = ledger
        self._register = register
        self._readings = readings
        self._settler = settler
        self._run = run

    def recovered(self) -> Iterator[Outcome]:
        """Commits a crash left without their "done": they are in the repository, so they count.

        Only under the district's lock is an open intent a crash and not another run at work.
        """
        division = self._writer.repository.division
        for intent, pending in self._ledger.intents():
            if intent.document_id.partition("/")[0] != division:
                continue
            later = self._writer.since(intent.parent)
            for entry in self._writer.entries(intent.document_id):
                if intent.sha256 in entry.originals and entry.commit in later:
                    outcome = Outcome(
                        "committed",
                        intent.sha256,
                        pending.observation.source,
                        document_id=intent.document_id,
                        division=division,
                        commit=entry.commit,
                        kind=entry.kind,
                    )
                    yield self._settler.settle(pending, outcome)
                    break

    def commit(self, candidate: Candidate) -> Outcome:
        """Commit the candidate if it is news, and record what became of it.

        Raises RepositoryError when git refuses; then it stays pending, as it does when its reading
        was not kept and cannot be had again.
        """
        entries = self._writer.entries(candidate.identity.document_id)
        verdict = judge(candidate.pending, entries, self._ledger, candidate.correction)
        if verdict.kind is None:
            return self._settler.settle_verdict(candidate, verdict)
        try:
            document = self._readings.document(candidate.sha256)
        except (Unreadable, MissingOriginal, CorruptOriginal) as error:
            return Outcome("unreadable", candidate.sha256, candidate.source, message=str(error))
        if entries:
            old, trouble = self._comparable(candidate.identity, entries, document.extractor)
            verdict = judge_change(verdict, old, document)
            verdict = msgspec.structs.replace(verdict, message=verdict.message or trouble)
        if verdict.kind is None:
            return self._settler.settle_verdict(candidate, verdict)
        note = _note(verdict.kind, candidate.source, entries)
        note = "；".join(filter(None, (note, verdict.note)))
        event = self._event(
            verdict.kind, candidate.identity, document, (candidate.sha256,), candidate.source, note
        )
        self._ledger.append(
            Intent(
                observation=candidate.pending.hash,
                document_id=candidate.identity.document_id,
                sha256=candidate.sha256,
                kind=event.kind,
                parent=self._writer.repository.tip(),
            )
        )
        commit = self._writer.commit(event)
        return self._settler.settle_verdict(candidate, verdict, commit)

    def _comparable(
        self, identity: Identity, entries: list[Entry], extractor: str
    ) -> tuple[Document, str]:
        """The archived version as this extractor reads it, or why it could not be had that way.

        Where an older extractor read it, it is read again and committed as re-extraction first,
        so that our own improvement is never taken for the publisher's change.
        """
        try:
            old = self._writer.repository.read(identity)
        except UnknownDocument as error:
            raise RepositoryError(f"{error}, although its history says otherwise") from error
        if old.extractor == extractor:
            return old, ""
        try:
            again = self._readings.document(old.original)
        except (Unreadable, MissingOriginal, CorruptOriginal) as error:
            return old, f"the version before could not be read again by {extractor}: {error}"
        if old.statements and not again.statements:
            return old, f"the version before lost its tables when read again by {extractor}"
        newest = entries[0]
        source = Source(
            url=newest.source_url,
            page_url=newest.source_page,
            published=newest.published,
            observed=newest.observed,
            status=newest.status or 0,
        )
        kind = ChangeKind.RE_EXTRACTION
        self._writer.commit(
            self._event(kind, identity, again, newest.originals, source, _NOTES[kind])
        )
        return again, ""

    def _event(
        self,
        kind: ChangeKind,
        identity: Identity,
        document: Document,
        originals: tuple[str, ...],
        source: Source,
        note: str,
    ) -> Event:
        name = self._register.registered_name(identity.agency)
        return Event(
            kind=kind,
            identity=identity,
            document=document,
            originals=originals,
            source=source,
            run=self._run,
            subject=subject(kind, name, identity, note),
            agency_name=name,
        )


def _note(kind: ChangeKind, source: Source, entries: list[Entry]) -> str:
    """What a reader of the log should know beside the kind."""
    newest = last_published(entries)
    if kind in _NOTES or newest is None:
        return _NOTES.get(kind, "")
    if is_local(source.url):
        return "由本地文件导入"
    if is_local(newest.source_url):
        return "此前版本由本地文件导入"
    if source.url == newest.source_url:
        return "文件被替换，来源网址未变"
    if source.page_url and source.page_url == newest.source_page:
        return "同一页面换了文件"
    return "来自另一网址"
