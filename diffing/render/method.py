"""How the figures came about and what they do not say: the end of every digest."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from diffing.compare import Comparison
from diffing.conservation import Outcome
from diffing.digest import Digest
from diffing.figures import exact
from diffing.render.page import Heading, Node, Paragraph, Points
from diffing.versions import Mode, Version
from diffing.words import Wording

__all__ = ["accounts", "method", "points", "remainders"]

_REMARKS = 20


def method(digest: Digest, words: Wording) -> Iterator[Node]:
    """Rules, thresholds, and for every comparison its accounts and caveats."""
    rules = ["method-alike", "method-derived", "method-nothing"] if digest.comparisons else []
    said = [words(key) for key in rules]
    if digest.blocks:
        said.append(words("method-once"))
        limits = structs.asdict(digest.thresholds)
        said.append(
            words("method-thresholds", **{key: f"{limit:f}" for key, limit in limits.items()})
        )
    if said:
        yield points(said)
    for comparison in digest.comparisons:
        if len(digest.comparisons) > 1:
            yield Heading(4, words.document(comparison.new))
        yield points(accounts(comparison, words))
    remarks = list(_remarks(digest, words))
    if remarks:
        left = len(remarks) - _REMARKS
        more = [words("more", count=left)] if left > 0 else []
        yield points([*remarks[:_REMARKS], *more])


def points(texts: list[str], *, small: bool = True) -> Points:
    """Sentences as a list, in small type unless a reader must not miss them."""
    return Points(tuple(Paragraph(text, small=small) for text in texts))


def accounts(comparison: Comparison, words: Wording) -> list[str]:
    """Where every row went, whether the sums hold, and what to know about one comparison."""
    a = comparison.accounting
    if comparison.mode is Mode.YEAR:
        old, new = words.side(comparison.old), words.side(comparison.new)
    else:
        old, new = words("column-before"), words("column-after")
    said = [
        words(
            "accounting",
            old=old,
            new=new,
            old_rows=a.old,
            new_rows=a.new,
            paired=a.paired,
            changed=a.changed,
            fresh=a.new_rows,
            dropped=a.dropped,
            whole=a.in_added + a.in_removed,
        )
    ]
    if a.empty:
        said.append(words("accounting-empty", count=a.empty))
    outcomes = [c.outcome for c in comparison.conservation]
    if Outcome.HOLDS in outcomes:
        said.append(words("conserved", holds=outcomes.count(Outcome.HOLDS)))
    if Outcome.UNCHECKED in outcomes:
        said.append(words("conserved-unchecked", count=outcomes.count(Outcome.UNCHECKED)))
    said.extend(words(f"note-{note.code}", **note.values) for note in comparison.notes)
    return said


def remainders(comparison: Comparison, words: Wording) -> list[str]:
    """Changes of totals that their details do not account for, each in a sentence."""
    return [
        words(
            "remainder",
            statement=c.statement,
            side=c.side or "",
            measure=c.measure,
            total=exact(c.total),
            details=exact(c.details),
            remainder=exact(c.remainder),
            allowed=exact(c.allowed),
        )
        for c in comparison.conservation
        if c.outcome is Outcome.REMAINDER
    ]


def _remarks(digest: Digest, words: Wording) -> Iterator[str]:
    """What the reader of the documents itself had to say, once a document."""
    versions: dict[tuple[str, str | None], Version] = {}
    for comparison in digest.comparisons:
        for version in (comparison.old, comparison.new):
            versions[version.name, version.commit] = version
    for collected in digest.collected:
        versions[collected.version.name, collected.version.commit] = collected.version
    for version in versions.values():
        name = words.document(version)
        for remark in version.document.remarks:
            if remark.page is None:
                yield words("remark", document=name, message=remark.message)
            else:
                yield words("remark-page", document=name, page=remark.page, message=remark.message)
