"""An entry put into words: a title, points with their places, notes and sources, all plain text.

The words of an entry depend on nothing but what `Entry.standing` names, on the register and on the
program, so they are kept in a file (derived: it may be deleted at any time) and composed once.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.clock import CHINA
from archive.events import Entry as Event
from archive.events import State
from archive.program import program
from archive.repository import UnknownDocument
from diffing.changes import Change, Significance
from diffing.checks.model import Severity, Sureness
from diffing.digest import Collected, Digest, Scope, of_versions
from diffing.feed import Entry, News
from diffing.finding import of_entry
from diffing.render.block import unsure
from diffing.render.compose import compose
from diffing.render.kept import Kept
from diffing.render.page import Cite, Paragraph, Points, Source
from diffing.render.sources import Sources
from diffing.select import totals_of
from diffing.told import Withdrawal
from diffing.versions import Version, lowest
from diffing.words import Wording, wording

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.thresholds import DigestSettings

__all__ = ["Stories", "Story", "severity_of"]

_ROWS: Final = 20
_LOUD: Final = frozenset({News.CORRECTION, News.WITHDRAWAL, News.RETURN})


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one entry. All of it is text; whoever shows it escapes it."""

    title: str
    points: tuple[str, ...] = ()
    """What is new, most telling first, each with its places."""
    notes: tuple[str, ...] = ()
    """What a reader must know beside it: dates, corrections, doubts."""
    sources: tuple[Source, ...] = ()
    significance: Significance = Significance.REPORT
    updated: datetime
    corrected: bool = False
    """Whether it takes back what the same entry said before."""

    @property
    def digest(self) -> str:
        """Names its words, by which outboxes of before knew what was sent."""
        said = msgspec.json.encode((self.title, self.points, self.notes))
        return hashlib.sha256(said).hexdigest()[:24]

    @property
    def summary(self) -> str:
        """Its first point, or its first note where nothing is listed."""
        return next(iter((*self.points, *self.notes)), self.title)


def severity_of(entry: Entry) -> Severity | None:
    """How much a finding matters: as it was told, else as its rule says; None for an event."""
    if entry.told is None:
        return None
    if entry.told.severity is not None:
        return entry.told.severity
    from diffing.checks.rules import RULES

    return next((r.severity for r in RULES if r.id == entry.told.rule), Severity.MINOR)


class Stories:
    """The words of entries in one language, composed when first asked for."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        settings: DigestSettings,
        lang: str,
        kept: Path | None = None,
    ) -> None:
        self._archive, self._register, self._settings = archive, register, settings
        self.words = wording(lang)
        self._kept = Kept(kept, Story)
        made = (program(), register.version, lang, str(settings.thresholds))
        self._made = hashlib.sha256("\x00".join(made).encode()).hexdigest()[:16]

    def of(self, entry: Entry, was: Entry | None = None) -> Story:
        """What is told of an entry now; to whoever was told it as it `was`, where that is known."""
        story = self._composed(entry)
        if entry.told is not None:
            # kept words do not say when they were found to be wrong
            return structs.replace(story, updated=max(entry.changed or entry.at, entry.at))
        earlier = (was,) if was else entry.earlier
        # what was told in between stays corrected, also where the first reading was right
        other = next((one for one in earlier if self.differ(one, entry)), None)
        if other is None or entry.changed is None:
            return structs.replace(story, updated=entry.at)
        said = "".join(f"{point}；" for point in self._composed(other).points).rstrip("；")
        again = self.words(
            "news-again",
            date=_day(entry.changed),
            before=said or self.words("news-nothing-before"),
        )
        return structs.replace(
            story,
            title=self.words("news-corrected", title=story.title),
            notes=(again, *story.notes),
            updated=max(entry.changed, entry.at),
            corrected=True,
        )

    def anew(self, entry: Entry) -> Story:
        """What is told of an event now to whoever was told nothing of it: there is nothing to
        correct."""
        if entry.told is not None:
            return self.of(entry)
        return structs.replace(self._composed(entry), updated=entry.at)

    def differ(self, one: Entry, other: Entry) -> bool:
        """Whether two readings of an event say something else."""
        return self._composed(one).points != self._composed(other).points

    def versions(self, entry: Entry) -> tuple[Version | None, Version | None]:
        """What an event is compared with and what it brought, by the newest readings.

        For a withdrawal or a return the version that is concerned stands on both sides.
        """
        if entry.news in (News.WITHDRAWAL, News.RETURN):
            version = self._version(entry.before_reading)
            return version, version
        return self._version(entry.before_reading), self._version(entry.reading)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()

    def _version(self, event: Event | None) -> Version | None:
        if event is None:
            return None
        division = event.document_id.partition("/")[0]
        with contextlib.suppress(UnknownDocument):
            return of_entry(self._archive.repository(division), self._register, event)
        return None

    def _composed(self, entry: Entry) -> Story:
        key = f"{self._made}/{entry.standing}"
        kept = self._kept.get(key)
        if kept is None:
            kept = self._compose(entry)
            self._kept.put(key, kept)
        return kept

    def _compose(self, entry: Entry) -> Story:
        if entry.told is not None:
            return _found(entry, self.words)
        old, new = self.versions(entry)
        document = self.words.document(new) if new else entry.identity.document_id
        title = self.words(f"news-{entry.news}", document=document)
        notes = tuple(_notes(entry, self.words))
        plain = Story(title=title, notes=notes, updated=entry.at)
        if entry.news in (News.WITHDRAWAL, News.RETURN):
            sources = _of(Digest(scope=Scope.RUN, name="", collected=_one(new)), self.words)
            return structs.replace(
                plain, sources=sources.listed(), significance=Significance.HEADLINE
            )
        if new is None:
            return plain
        digest, points, significance = self._told(entry, old, new)
        label = (self.words("label"),)
        return structs.replace(
            plain,
            points=points,
            notes=notes + label,
            sources=_of(digest, self.words).listed(),
            significance=Significance.HEADLINE if entry.news in _LOUD else significance,
        )

    def _told(
        self, entry: Entry, old: Version | None, new: Version
    ) -> tuple[Digest, tuple[str, ...], Significance]:
        if old is None:
            digest, points = self._totals(new)
            return digest, points, Significance.REPORT
        digest = of_versions(old, new, self._settings)
        changes = [c for comparison in digest.comparisons for c in comparison.changes]
        loudest = {c.significance for c in changes}
        significance = next((s for s in Significance if s in loudest), Significance.LIST)
        points = _headlines(compose(digest, self.words).nodes)
        if entry.news is not News.FIRST:
            points = (*points[:1], *self._rows(digest, changes))
        if not points and entry.news is News.FIRST:
            digest, totals = self._totals(new)
            return digest, (*totals, self.words("news-quiet")), significance
        if not points:
            points = (self.words("news-no-figures"),)
        return digest, points, significance

    def _totals(self, version: Version) -> tuple[Digest, tuple[str, ...]]:
        """The printed totals of a document in one sentence, each with its place."""
        words = self.words
        rows = [row for row in totals_of(version) if row.cell.new_wan is not None]
        digest = Digest(scope=Scope.RUN, name="", collected=(Collected(version),))
        if not rows:
            return digest, (words("news-nothing"),)
        said = words("joint").join(
            words("total-of", name=words.line(row.name), amount=words.amount(row.cell.new_wan))
            for row in rows
            if row.cell.new_wan is not None
        )
        text = words("totals-of", document=words.document(version), figures=said)
        sure = lowest(*(row.cell.certainty for row in rows))
        cites = _of(digest, words).of_places(row.cell.new_at for row in rows)
        return digest, (_sentence(unsure(text, sure, words), cites),)

    def _rows(self, digest: Digest, changes: Iterable[Change]) -> Iterator[str]:
        """Before and after of every row of a revision, as printed; the first of many."""
        words, sources = self.words, _of(digest, self.words)
        said_first = digest.headlines[0].change if digest.headlines else None
        headline = Significance.HEADLINE
        loud = [c for c in changes if c.significance is headline and c.cell and c is not said_first]
        loud.sort(key=_size, reverse=True)
        for change in loud[:_ROWS]:
            cell = change.cell
            assert cell is not None  # noqa: S101 - chosen so
            said = words.replacement(cell)
            text = words(
                "news-row" if said else "news-row-plain",
                statement=change.line.statement,
                line=change.line.name,
                measure=cell.measure,
                old=words.old_printed(cell),
                new=words.new_printed(cell),
                change=said,
            )
            yield _sentence(unsure(text, cell.certainty, words), sources.of_cell(cell))
        if len(loud) > _ROWS:
            yield words("news-rows-left", count=len(loud) - _ROWS)


def _size(change: Change) -> Decimal:
    cell = change.cell
    return abs(cell.difference) if cell and cell.difference is not None else Decimal(0)


def _of(digest: Digest, words: Wording) -> Sources:
    return Sources(digest, words)


def _one(version: Version | None) -> tuple[Collected, ...]:
    return (Collected(version),) if version else ()


def _headlines(nodes: Iterable[object]) -> tuple[str, ...]:
    """The sentences of a page's list of headlines."""
    for node in nodes:
        if isinstance(node, Points) and node.leading:
            return tuple(_paragraph(item) for item in node.items)
    return ()


def _paragraph(paragraph: Paragraph) -> str:
    return _sentence(paragraph.text, paragraph.cites)


def _sentence(text: str, cites: Iterable[Cite]) -> str:
    places = "；".join(dict.fromkeys(cite.text for cite in cites))
    return f"{text}（{places}）" if places else text


def _notes(entry: Entry, words: Wording) -> Iterator[str]:
    event = entry.event
    assert event is not None  # noqa: S101 - the entry is of one
    observed = _day(entry.at)
    if entry.news is News.WITHDRAWAL:
        if event.absent_since:
            yield words("news-gone", since=_day(event.absent_since))
        else:
            yield words("news-gone-since")
        return
    if entry.news is News.RETURN:
        yield words("news-back-changed" if event.state is State.CHANGED else "news-back")
        return
    if event.announced:
        yield words("news-announced", title=event.announced)
    if event.published:
        yield words("news-published", published=event.published.isoformat(), observed=observed)
    else:
        yield words("news-kept", observed=observed)


def _found(entry: Entry, words: Wording) -> Story:
    """A finding as it stands: told, or taken back with the reason."""
    told = entry.told
    assert told is not None  # noqa: S101 - the caller asked
    zh = words.code == "zh"
    said = (told.sentence if zh else told.sentence_en).rstrip("。.")
    document = told.name if zh else told.document
    material = severity_of(entry) is Severity.MATERIAL
    source = Source(1, document, (), entry.event.source_url if entry.event else "")
    sources = (structs.replace(source, details=_version(entry, words)),)
    loud = Significance.HEADLINE if material else Significance.REPORT
    sureness = words(f"problem-{told.sureness or 'likely'}")
    rule = words("news-rule", rule=told.rule, sureness=sureness)
    pages = words("page-joint").join(str(page) for page in told.pages)
    seen = (words("news-pages", pages=pages),) if pages else ()
    if told.withdrawal is None:
        # who reads no more than a title must read the doubt too
        hedged = said if told.sureness is Sureness.SURE else words("news-hedged", said=said)
        return Story(
            title=words("news-finding", document=document, said=hedged),
            points=(hedged,),
            notes=(*seen, rule, words("news-note")),
            sources=sources,
            significance=loud,
            updated=entry.at,
        )
    why = told.withdrawal or Withdrawal.NOT_FOUND
    reason = words(f"correction-{why}", reason=told.reason.rstrip("。."))
    taken = words("news-taken-back", said=said, reason=reason)
    notes = [*seen, rule]
    key = "news-finding-withdrawn"
    if entry.news is News.RETRACTION:
        key = "news-retraction"
        notes.append(words("news-taken-back-id", id=entry.id.removesuffix("/retraction")))
    return Story(
        title=words(key, document=document),
        points=(taken,),
        notes=tuple(notes),
        sources=sources,
        significance=loud,
        updated=entry.at,
        corrected=True,
    )


def _version(entry: Entry, words: Wording) -> tuple[str, ...]:
    event = entry.event
    if event is None:
        return ()
    parts = [words("source-published", date=event.published)] if event.published else []
    parts.append(words("source-version", commit=event.commit[:7]))
    return (*parts, words("source-original", sha=event.originals[0][:12]))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d}"
