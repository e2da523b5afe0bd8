"""What digests say of findings: those that stand, and corrections of those that were told."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.installed import version as installed
from archive.model import Identity
from archive.paths import identity_of
from diffing.checks import Group, check
from diffing.checks.judgements import Judgement, Verdict
from diffing.checks.rules import RULES
from diffing.checks.siblings import alongside, replaced, siblings
from diffing.concern import concerns
from diffing.finding import NotFoundError, newest
from diffing.told import Told, Withdrawal, load, writing
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.digest.model import Span

__all__ = ["Problems", "Review"]

_NOT_SHOWN: Final = {
    Verdict.WRONG: Withdrawal.WRONG,
    Verdict.EXPLAINED: Withdrawal.EXPLAINED,
}


class Problems(msgspec.Struct, frozen=True):
    """The findings of one document that stand, material ones first."""

    version: Version
    groups: tuple[Group, ...]
    name: str
    """Agency, year and kind, for readers."""
    confirmed: Mapping[str, Judgement] = {}
    """Key of a finding → the verdict of whoever held it against the original and found it true."""


class Review:
    """Findings of archived documents, against what people judged and what digests have told.

    `judged` is key → verdict, `told` what was told where that is at hand already. Raises ToldError
    where the record in `folder` cannot be read.
    """

    def __init__(
        self,
        archive: Archive,
        register: Register,
        folder: Path,
        judged: Mapping[str, Judgement],
        told: Mapping[str, Told] | None = None,
    ) -> None:
        self.archive, self.register, self.folder, self.judged = archive, register, folder, judged
        self._told = load(folder) if told is None else dict(told)
        self._read = dict(self._told)
        """The record as it was when read last."""

    @contextlib.contextmanager
    def of(self, archive: Archive) -> Iterator[None]:
        """Speak of another state of the archive for a while."""
        before, self.archive = self.archive, archive
        try:
            yield
        finally:
            self.archive = before

    def problems(
        self, versions: Iterable[Version], withdrawn: Collection[str] = ()
    ) -> tuple[Problems, ...]:
        """The standing findings of each version that has any; each document once. `withdrawn` are
        keys of findings that were taken back."""
        found = []
        for version in {v.name: v for v in versions}.values():
            groups = tuple(
                g
                for g in self._groups(version)
                if g.key not in withdrawn and self._verdict(g.key) is None
            )
            if groups:
                confirmed = {g.key: self.judged[g.key] for g in groups if self._is_confirmed(g.key)}
                found.append(Problems(version, groups, _called(version), confirmed))
        return tuple(found)

    def corrections(self, name: str) -> tuple[Told, ...]:
        """What was told and no longer stands, and no digest of a run but `name` has said so."""
        return tuple(t for t in self._withdrawn(self._told.values()) if t.corrected in ("", name))

    def corrections_of(self, document: str) -> tuple[Told, ...]:
        """Everything told of a document that no longer stands, said before or not."""
        return tuple(self._withdrawn(t for t in self._told.values() if t.document == document))

    def corrections_in(
        self, division: str, span: Span, documents: Collection[str], runs: Collection[str]
    ) -> tuple[Told, ...]:
        """Of a district and some time: what does not stand and was told or taken back in it, or was
        told at any time of one of `documents`. `runs` are the digests of the runs of that time."""
        own = [t for t in self._told.values() if t.document.startswith(f"{division}/")]
        return tuple(
            t
            for t in self._withdrawn(own)
            if t.document in documents
            or t.corrected in runs
            or any(span.since <= day <= span.until for day in self._days(t))
        )

    def standing(self) -> tuple[Told, ...]:
        """Everything digests have told, each as it stands now."""
        for _ in self._withdrawn(self._told.values()):
            pass
        return tuple(self._told.values())

    def tell(self, problems: Iterable[Problems], digest: str, day: date) -> None:
        """Record what a digest is about to tell. Call before it is written: a finding that was
        recorded and not told can do no harm, one that was told and not recorded stays for ever."""
        found = [(one, group) for one in problems for group in one.groups]
        if not found:
            return
        with self._writing() as told:
            for problem, group in found:
                known = told.get(group.key)
                if known is None or known.withdrawal is not None:
                    told[group.key] = _record(problem, group, digest, day)

    def corrected(self, corrections: Iterable[Told], digest: str) -> None:
        """Record that a digest of a run has corrected these. Call after it is written."""
        found = list(corrections)
        if not found and self._told == self._read:
            return
        with self._writing() as told:
            for one in found:
                if told.get(one.key, one).corrected in ("", digest):
                    told[one.key] = structs.replace(one, corrected=digest)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[dict[str, Told]]:
        """The record as other digests left it, with what was seen here where they saw nothing."""
        with writing(self.folder) as told:
            for key, one in self._told.items():
                if one != self._read.get(key) and told.get(key) == self._read.get(key):
                    told[key] = one
            yield told
        self._told, self._read = told, dict(told)

    def _verdict(self, key: str) -> Withdrawal | None:
        judgement = self.judged.get(key)
        return _NOT_SHOWN.get(judgement.verdict) if judgement else None

    def _is_confirmed(self, key: str) -> bool:
        judgement = self.judged.get(key)
        return judgement is not None and judgement.verdict is Verdict.CONFIRMED

    def _groups(self, version: Version) -> tuple[Group, ...]:
        identity = version.identity
        if identity is None:
            return check(version.document, (), version.agency_name or None).groups
        others = siblings(self.archive, self.register, identity)
        before = partial(replaced, self.archive, self.register, identity)
        return check(version.document, others, version.agency_name or None, before).groups

    def _days(self, told: Told) -> Iterator[date]:
        """When a finding was told, and when it was judged."""
        yield told.day
        if told.withdrawal in _NOT_SHOWN.values() and told.key in self.judged:
            yield self.judged[told.key].day

    def _withdrawn(self, asked: Iterable[Told]) -> Iterator[Told]:
        """Those of these findings that do not stand."""
        wanted = list(asked)
        for name in dict.fromkeys(t.document for t in wanted):
            self._look_again(name, [t for t in wanted if t.document == name])
        for key in [t.key for t in wanted]:
            if self._told[key].withdrawal is not None:
                yield self._told[key]

    def _look_again(self, document: str, told: list[Told]) -> None:
        """Judge what was told of one document by what is known now."""
        unjudged = []
        for one in told:
            self._told[one.key] = judged = self._as_judged(one)
            if self._verdict(one.key) is None:
                unjudged.append(judged)
        state = self._state(identity_of(document))
        changed = [one for one in unjudged if one.state != state]
        if not changed:
            return
        try:
            version = newest(self.archive, self.register, identity_of(document))
        except NotFoundError:
            return
        findings = [f for group in self._groups(version) for f in group.findings]
        standing = {f.key for f in findings} | {(f.rule, f.stated, f.expected) for f in findings}
        for one in changed:
            # a file that was replaced says nothing about what the one before it printed
            gone = version.document.original == one.original and not (
                one.key in standing or (one.rule, one.stated, one.expected) in standing
            )
            if gone and one.withdrawal is None:
                self._told[one.key] = _withdrawn(one, Withdrawal.NOT_FOUND, "", state)
            elif not gone:
                self._told[one.key] = structs.replace(
                    one, state=state, withdrawal=None, reason="", corrected=""
                )

    def _as_judged(self, told: Told) -> Told:
        """What was told, with what a person made of it since."""
        verdict = self._verdict(told.key)
        if verdict is None and told.withdrawal in _NOT_SHOWN.values():
            return structs.replace(told, withdrawal=None, reason="", corrected="")
        if verdict is None or told.withdrawal is verdict:
            return told
        return _withdrawn(told, verdict, self.judged[told.key].reason)

    def _state(self, identity: Identity) -> str:
        """Names all that a check of the document depends on: versions, and the rules' own."""
        parts = [installed("mingzhang"), str(len(RULES))]
        for one in (identity, *alongside(identity)):
            if repository := self.archive.district(one.division):
                entry = repository.current_entry(one.document_id)
                parts.append(entry.commit if entry else "")
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


def _withdrawn(told: Told, why: Withdrawal, reason: str, state: str | None = None) -> Told:
    kept = told.state if state is None else state
    return structs.replace(told, withdrawal=why, reason=reason, corrected="", state=kept)


def _record(problems: Problems, group: Group, digest: str, day: date) -> Told:
    first, version = group.first, problems.version
    places = (*first.here, *first.there)
    return Told(
        key=group.key,
        document=version.name,
        name=problems.name,
        original=version.document.original,
        rule=first.rule,
        sentence=first.sentence,
        sentence_en=first.sentence_en,
        stated=first.stated,
        expected=first.expected,
        digest=digest,
        day=day,
        severity=first.severity,
        sureness=first.sureness,
        pages=tuple(dict.fromkeys(p.page for p in places if p.page and not p.document)),
        lines=concerns(first, version.document),
    )


def _called(version: Version) -> str:
    from diffing.words import wording

    return wording("zh").document(version)
