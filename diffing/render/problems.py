"""What does not add up in the documents of a digest, and corrections of what earlier ones said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from diffing.checks.judgements import Judgement
from diffing.checks.model import Finding, Group, Place
from diffing.checks.quoting import shortened
from diffing.digest import Digest, Headline
from diffing.render.page import Cite, Heading, Node, Paragraph, Points
from diffing.render.sources import Sources
from diffing.review import Problems
from diffing.told import Told, Withdrawal
from diffing.versions import Version, Where
from diffing.words import Wording

__all__ = [
    "contradiction",
    "correction_nodes",
    "problem_headline",
    "problem_nodes",
    "problems_left",
    "same",
]

_SHOWN: Final = 20
"""Findings of one document told in the page; a document with more is rather misread."""
_PLACES: Final = 4


def problem_nodes(problems: Problems, words: Wording, sources: Sources) -> Iterator[Node]:
    """The findings of one document, material ones first, each with both places."""
    yield Paragraph(words("problems-note"), small=True)
    version = problems.version
    shown = problems.groups[:_SHOWN]
    yield Points(
        tuple(
            _problem(group, version, words, sources, problems.confirmed.get(group.key))
            for group in shown
        )
    )
    if left := len(problems.groups) - len(shown):
        yield Paragraph(words("problems-more", count=left), small=True)


def problems_left(digest: Digest, words: Wording, sources: Sources) -> Iterator[Node]:
    """The findings of documents that nothing is compared with."""
    compared = [comparison.new for comparison in digest.comparisons]
    left = [p for p in digest.problems if not any(same(p.version, new) for new in compared)]
    if left:
        yield Heading(2, words("problems-elsewhere"))
    for problems in left:
        yield Heading(3, words.document(problems.version))
        yield from problem_nodes(problems, words, sources)


def problem_headline(headline: Headline, words: Wording, sources: Sources) -> Paragraph:
    """A document that contradicts itself: in how many places, and the first of them."""
    version, group = headline.version, headline.problem
    assert version is not None  # noqa: S101 - the caller asked
    assert group is not None  # noqa: S101 - the caller asked
    text = contradiction(words.document(version), headline.count, group, words)
    return Paragraph(text, _cites(group.first, version, sources))


def contradiction(document: str, count: int, group: Group, words: Wording) -> str:
    """That a document contradicts itself in so many places; the group is the first of them."""
    said = words("said-with", said=_said(group.first, words), note=_rule(group.first, words))
    key = "headline-problem" if count > 1 else "headline-problem-one"
    return words(key, document=document, count=count, said=said)


def correction_nodes(corrections: Iterable[Told], words: Wording) -> Iterator[Node]:
    """What earlier digests said and what is withdrawn now, with the reason."""
    found = tuple(Paragraph(_correction(told, words)) for told in corrections)
    if found:
        yield Heading(2, words("corrections"))
        yield Points(found)


def same(one: Version, other: Version) -> bool:
    """Are these one version of one document?"""
    return (one.name, one.commit) == (other.name, other.commit)


def _problem(
    group: Group,
    version: Version,
    words: Wording,
    sources: Sources,
    confirmed: Judgement | None,
) -> Paragraph:
    first = group.first
    notes = [_rule(first, words)]
    quoted = next((p for p in (*first.here, *first.there) if p.quotation), None)
    if quoted is not None:
        notes.append(words("problem-quoted", quotation=shortened(quoted)))
    if group.suspect is not None and group.implied is not None:
        suspect = group.suspect
        notes.append(
            words(
                "problem-suspect",
                count=group.witnesses,
                statement=suspect.statement,
                line=suspect.name,
                measure=suspect.measure,
                value=f"{group.implied:f}",
            )
        )
    if len(group.findings) > 1:
        notes.append(words("problem-also", count=len(group.findings) - 1))
    if confirmed is not None:
        day, reason = confirmed.day.isoformat(), confirmed.reason.rstrip("。.")
        notes.append(words("problem-confirmed", day=day, reason=reason))
    said = words(
        "said-with", said=_said(first, words), note=("；" if _zh(words) else "; ").join(notes)
    )
    severity = words(f"problem-{first.severity}")
    text = words("problem", severity=severity, said=said)
    return Paragraph(text, _cites(first, version, sources))


def _said(finding: Finding, words: Wording) -> str:
    return (finding.sentence if _zh(words) else finding.sentence_en).rstrip("。.")


def _rule(finding: Finding, words: Wording) -> str:
    sureness = words(f"problem-{finding.sureness}")
    return words("problem-rule", rule=finding.rule, sureness=sureness)


def _cites(finding: Finding, version: Version, sources: Sources) -> tuple[Cite, ...]:
    """Both places in this document; a place in another one is named in the sentence."""
    own = [p for p in (*finding.here, *finding.there) if not p.document]
    return sources.of_places([_where(place, version) for place in own][:_PLACES])


def _where(place: Place, version: Version) -> Where | None:
    if place.page is None:
        return None
    original = version.document.original
    row, column = place.row or 0, place.column or 0
    return Where(version.name, version.commit, original, place.page, row, column)


def _correction(told: Told, words: Wording) -> str:
    why = told.withdrawal or Withdrawal.NOT_FOUND
    return words(
        "correction",
        digest=told.digest,
        day=told.day.isoformat(),
        document=told.name if _zh(words) else told.document,
        said=(told.sentence if _zh(words) else told.sentence_en).rstrip("。."),
        rule=told.rule,
        reason=words(f"correction-{why}", reason=told.reason.rstrip("。.")),
    )


def _zh(words: Wording) -> bool:
    return words.code == "zh"
