"""From a candidate to a commit: intent, commit, done, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from archive.due import Due
from archive.events import Entry, Event, State, is_local, is_version, subject
from archive.ledger import Intent, Ledger, Made, now
from archive.model import ChangeKind, Document, Identity, Source
from archive.originals import CorruptOriginal, MissingOriginal
from archive.outcomes import Candidate, Outcome, Settler
from archive.paths import identity_of
from archive.readings import Readings, recogniser
from archive.register import Register
from archive.repository import RepositoryError, UnknownDocument, Writer
from archive.text import Unreadable
from archive.verdict import (
    Verdict,
    judge,
    judge_change,
    judge_reading,
    last_published,
)

__all__ = ["Committing"]

_NOTES: Final = {
    ChangeKind.CORRECTION: "发布方已声明",
    ChangeKind.BYTES_ONLY: "读出的内容相同",
    ChangeKind.RE_EXTRACTION: "并非发布方的改动",
    ChangeKind.MIGRATION: "网址变了，文件未变",
    ChangeKind.MIRROR: "同一文件也见于另一网址",
    ChangeKind.WITHDRAWAL: "相隔一天以上两次查看，原页面均已不在；存档保留",
}
_CHANGED: Final = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_REPLACING: Final = _CHANGED | {ChangeKind.BYTES_ONLY}


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
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._writer = writer
        self._ledger = ledger
        self._register = register
        self._readings = readings
        self._settler = settler
        self._run = run
        self._clock = clock

    def recovered(self) -> Iterator[Outcome]:
        """Commits a crash left without their "done": they are in the repository, so they count.

        Only under the district's lock is an open intent a crash and not another run at work.
        """
        division = self._writer.repository.division
        self._close_plans(division)
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
        if verdict.kind in _CHANGED:
            old, trouble = self._comparable(candidate.identity, entries, document.extractor)
            verdict = judge_change(verdict, old, document)
            verdict = judge_reading(verdict, old, document, self._readings.extractor)
            verdict = msgspec.structs.replace(verdict, message=verdict.message or trouble)
        if verdict.kind is None:
            return self._settler.settle_verdict(candidate, verdict)
        if verdict.returned:
            self._make(self._return_changed(candidate, entries), candidate.source.page_url)
        event = self._version(candidate, verdict, document, entries)
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

    def settle(self, due: Due) -> Outcome | None:
        """Commit that a document was withdrawn, has moved or is back; None where it is not so.

        Raises RepositoryError when git refuses; it is due again in the next run.
        """
        entries = self._writer.entries(due.document_id)
        kind, source = due.verdict(entries, self._ledger)
        newest = last_published(entries)
        if kind is None or newest is None:
            return None
        identity = identity_of(due.document_id)
        note = _NOTES.get(kind, "内容未变")
        if kind is ChangeKind.WITHDRAWAL and due.elsewhere(entries, self._ledger):
            note = f"{note}；另一网址仍可查阅"
        event = self._event(kind, identity, None, newest.originals, source, note)
        states = {ChangeKind.WITHDRAWAL: State.CONFIRMED, ChangeKind.RETURN: State.UNCHANGED}
        event = msgspec.structs.replace(
            event,
            state=states.get(kind),
            absent_since=due.since if kind is ChangeKind.WITHDRAWAL else None,
            moved_from=due.page if kind is ChangeKind.MIGRATION else "",
        )
        commit = self._make(event, due.page)
        return Outcome(
            "committed",
            newest.originals[0],
            source,
            document_id=due.document_id,
            division=identity.division,
            commit=commit,
            kind=kind,
        )

    def reread(self, document: Document, version: Entry) -> str:
        """Commit a better reading of a version's original; returns the commit."""
        source = _source_of(version)
        identity = identity_of(version.document_id)
        kind = ChangeKind.RE_EXTRACTION
        event = self._event(kind, identity, document, version.originals, source, _NOTES[kind])
        if not is_version(version):
            event = msgspec.structs.replace(event, state=State.EARLIER)
        return self._make(event)

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
        if recogniser(old.extractor) and not recogniser(self._readings.extractor):
            return old, f"the version before was read by {old.extractor}, which is not here"
        try:
            again = self._readings.document(old.original)
        except (Unreadable, MissingOriginal, CorruptOriginal) as error:
            return old, f"the version before could not be read again by {extractor}: {error}"
        if again.extractor == old.extractor:
            return old, ""  # of another format, read by its own reader as before
        if old.statements and not again.statements:
            return old, f"the version before lost its tables when read again by {extractor}"
        version = next(entry for entry in entries if is_version(entry))
        self.reread(again, version)
        return again, ""

    def _make(self, event: Event, page: str = "") -> str:
        """Commit an event that no single observation leads to, intent first, and note it."""
        parent = self._writer.repository.tip()
        document_id = event.identity.document_id
        self._ledger.append(Intent("", document_id, event.originals[0], event.kind, parent))
        commit = self._writer.commit(event)
        self._note_made(document_id, event.kind, commit, parent, page)
        return commit

    def _note_made(
        self, document_id: str, kind: ChangeKind, commit: str, parent: str, page: str
    ) -> None:
        division = document_id.partition("/")[0]
        self._ledger.append(
            Made(
                at=self._clock(),
                division=division,
                commit=commit,
                parent=parent,
                kind=kind,
                document_id=document_id,
                page=page,
                run=self._run,
            )
        )

    def _close_plans(self, division: str) -> None:
        """Commits of `_make` that a crash left unnoted; those never made are due again anyway."""
        for plan in self._ledger.plans():
            if plan.document_id.partition("/")[0] != division:
                continue
            later = self._writer.since(plan.parent)
            made = next(
                (
                    entry
                    for entry in self._writer.entries(plan.document_id)
                    if entry.kind is plan.kind and entry.commit in later
                ),
                None,
            )
            page = (made.moved_from or made.source_page) if made else ""
            commit = made.commit if made else ""
            self._note_made(plan.document_id, plan.kind, commit, plan.parent, page)

    def _return_changed(self, candidate: Candidate, entries: list[Entry]) -> Event:
        """The document is back, as it was; its other bytes follow in a commit of their own."""
        newest = last_published(entries)
        originals = newest.originals if newest else ()
        note = "内容有变，见下一次提交"
        kind = ChangeKind.RETURN
        event = self._event(kind, candidate.identity, None, originals, candidate.source, note)
        return msgspec.structs.replace(event, state=State.CHANGED)

    def _version(
        self, candidate: Candidate, verdict: Verdict, document: Document, entries: list[Entry]
    ) -> Event:
        """The event of a candidate, with what the verdict knows of it."""
        assert verdict.kind is not None  # noqa: S101 - the caller has settled those without
        source = candidate.source
        note = _note(verdict, source, entries)
        note = "；".join(filter(None, (note, verdict.note)))
        event = self._event(
            verdict.kind, candidate.identity, document, (candidate.sha256,), source, note
        )
        newest = last_published(entries)
        replaced = newest.originals if newest and verdict.kind in _REPLACING else ()
        announced = verdict.kind is ChangeKind.CORRECTION
        moved = newest.source_page if newest and verdict.kind is ChangeKind.MIGRATION else ""
        return msgspec.structs.replace(
            event,
            state=verdict.state,
            supersedes=replaced,
            announced=(source.title or source.filename) if announced else "",
            moved_from=moved,
        )

    def _event(
        self,
        kind: ChangeKind,
        identity: Identity,
        document: Document | None,
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


def _source_of(entry: Entry) -> Source:
    return Source(
        url=entry.source_url,
        page_url=entry.source_page,
        published=entry.published,
        observed=entry.observed,
        status=entry.status or 0,
    )


def _note(verdict: Verdict, source: Source, entries: list[Entry]) -> str:
    """What a reader of the log should know beside the kind."""
    kind, newest = verdict.kind, last_published(entries)
    if kind is ChangeKind.BACKFILL and source.published:
        return f"{source.published.isoformat()}发布的版本"
    if kind is ChangeKind.RETURN:
        return "内容未变"
    if kind is ChangeKind.MIRROR and newest and is_local(newest.source_url):
        return "此前由本地文件导入的同一文件，见于此网址"
    if kind in _NOTES or newest is None:
        return _NOTES.get(kind, "") if kind else ""
    if is_local(source.url):
        return "由本地文件导入"
    if is_local(newest.source_url):
        return "此前版本由本地文件导入"
    if source.url == newest.source_url:
        return "文件被替换，来源网址未变"
    if source.page_url and source.page_url == newest.source_page:
        return "同一页面换了文件"
    return "来自另一网址"
