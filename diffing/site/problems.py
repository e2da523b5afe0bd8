"""The findings of a document as its page shows them: what does not agree, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from archive.model import Certainty
from archive.money import grouped
from diffing.checks.judgements import Judgement, Verdict
from diffing.checks.model import Finding, Group, Place, Severity
from diffing.checks.quoting import shortened
from diffing.checks.saying import called
from diffing.citing import citation
from diffing.render.links import Crop
from diffing.render.problems import contradiction
from diffing.site.anchors import Anchors
from diffing.site.leading import Leading
from diffing.site.summary import Fault
from diffing.site.words import Words
from diffing.versions import Version, Where

__all__ = ["Problem", "Shown", "contradicted", "faults", "problems", "proofs"]

_PLACES: Final = 6
_LED: Final = 3
"""Places a headline leads to."""


class Spot(NamedTuple):
    """A place a finding speaks of, as a reader finds it."""

    text: str
    said: str
    """The figure or the sentence that stands there."""
    href: str
    """Where it is shown; "" for a document that is not archived."""
    crop: Crop | None
    """A picture of the row, where one was made."""
    citation: str
    """What to copy to quote the place; "" for one in another document."""
    head: str = ""
    """What stands at the head of its column, where that is known."""


class Problem(msgspec.Struct, frozen=True):
    """One root cause, ready to be shown."""

    key: str
    rule: str
    severity: str
    sureness: str
    sentence: str
    spots: tuple[Spot, ...]
    also: tuple[str, ...]
    suspect: str
    judgement: str


class Proof(NamedTuple):
    """A picture of a row, and how to cite it."""

    crop: Crop | None
    citation: str
    head: str


class Proofs:
    """The places in the document itself that its findings speak of."""

    def __init__(self, version: Version, words: Words, at: dict[Place, Where]) -> None:
        self._version, self._words, self._at = version, words, at

    def places(self) -> list[Where]:
        """Where they are."""
        return list(self._at.values())

    def of(self, links: Leading) -> dict[Place, Proof]:
        """Their pictures and citations."""
        words, heads = self._words.digest, self._version.heads
        return {
            place: Proof(
                links.crop(at), citation(self._version, at, words), words.head(heads.of(at))
            )
            for place, at in self._at.items()
        }


def proofs(groups: Sequence[Group], version: Version, words: Words) -> Proofs:
    """The places of the findings of a version that have a page."""
    original = version.document.original
    found = {
        place: Where(
            version.name, version.commit, original, place.page, place.row or 0, place.column or 0
        )
        for group in groups
        for place in (*group.first.here, *group.first.there)
        if place.page and not place.document
    }
    return Proofs(version, words, found)


class Shown(NamedTuple):
    """Where a document is shown: its page as another page writes it, and the ids on it."""

    page: str
    """"" for the page itself."""
    anchors: Anchors


def problems(
    groups: Sequence[Group],
    judged: Mapping[str, Judgement],
    shown: Mapping[str, Shown],
    words: Words,
    proven: Mapping[Place, Proof],
) -> list[Problem]:
    """The findings to show: those nobody called wrong, with what people made of the others.

    `shown` is where the documents are that they speak of, by `Place.document`; "" is the document
    itself.
    """
    found = []
    for group in groups:
        judgement = judged.get(group.key)
        if judgement is not None and judgement.verdict is Verdict.WRONG:
            continue
        first = group.first
        places = dict.fromkeys((*first.here, *first.there))
        spots = dict.fromkeys(_spot(p, shown.get(p.document), words, proven.get(p)) for p in places)
        found.append(
            Problem(
                key=group.key,
                rule=first.rule,
                severity=str(first.severity),
                sureness=_sureness(first, words),
                sentence=_said(first, words),
                spots=tuple(spots)[:_PLACES],
                also=tuple(_said(other, words) for other in group.findings[1:]),
                suspect=_suspect(group, words),
                judgement=_judged(judgement, words),
            )
        )
    return found


def faults(problems: Iterable[Problem]) -> Iterator[Fault]:
    """What other pages say of the findings that a document's page shows."""
    for one in problems:
        yield Fault(one.key, one.rule, one.severity, one.sureness, one.sentence, one.judgement)


def contradicted(
    groups: Iterable[Group],
    judged: Mapping[str, Judgement],
    version: Version,
    anchors: Anchors,
    words: Words,
) -> tuple[str, tuple[str, ...]]:
    """What a headline says of the material findings that nobody called wrong or explained, and the
    ids of the places it speaks of; "" and none where there is no such finding."""
    found = [g for g in groups if g.first.severity is Severity.MATERIAL and _stands(g, judged)]
    if not found:
        return "", ()
    first, digest = found[0].first, words.digest
    own = (p for p in (*first.here, *first.there) if p.page and not p.document)
    ids = (anchors.at(p.page or 0, p.row or 0, p.column or 0, title=p.statement) for p in own)
    said = contradiction(digest.document(version), len(found), found[0], digest)
    return said, tuple(dict.fromkeys(filter(None, ids)))[:_LED]


def _stands(group: Group, judged: Mapping[str, Judgement]) -> bool:
    judgement = judged.get(group.key)
    return judgement is None or judgement.verdict is Verdict.CONFIRMED


def _said(finding: Finding, words: Words) -> str:
    return finding.sentence if words.lang == "zh" else finding.sentence_en


def _sureness(finding: Finding, words: Words) -> str:
    imaged = (Certainty.RECOGNISED, Certainty.CONFIRMED)
    if any(place.certainty in imaged for place in (*finding.here, *finding.there)):
        return words("finding-imaged")
    return words(f"finding-{finding.sureness}")


def _suspect(group: Group, words: Words) -> str:
    suspect = group.suspect
    if suspect is None or group.implied is None:
        return ""
    return words(
        "finding-suspect",
        count=group.witnesses,
        statement=suspect.statement,
        line="·".join(part for part in (suspect.name, suspect.measure) if part),
        value=grouped(group.implied),
    )


def _judged(judgement: Judgement | None, words: Words) -> str:
    if judgement is None:
        return ""
    day, reason = judgement.day.isoformat(), judgement.reason
    return words(f"finding-{judgement.verdict}", day=day, reason=reason)


def _spot(place: Place, shown: Shown | None, words: Words, proof: Proof | None) -> Spot:
    parts = [
        words("page", number=place.page) if place.page else "",
        f"《{place.statement}》" if place.statement else "",
        words("row", number=place.row) if place.row else "",
    ]
    label = "·".join(part for part in (place.name, place.measure) if part)
    where = [called(place.document, words.lang), words.gap.join(part for part in parts if part)]
    if not place.quotation:
        where.append(label)
    cut = shortened(place)
    said = f"“{cut}”" if cut else place.text or words("blank")
    href = ""
    if shown is not None and place.page:
        at = place.page, place.row or 0, place.column or 0
        anchor = shown.anchors.at(*at, title=place.statement)
        href = f"{shown.page}#{anchor}" if anchor else shown.page
    text = " ".join(part for part in where if part)
    if proof is None:
        return Spot(text, said, href, None, "")
    return Spot(text, said, href, *proof)
