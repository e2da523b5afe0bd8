"""How the figures came about and what they do not say: the end of every digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from archive.model import Remark
from diffing.changes import Change, What
from diffing.compare import Comparison
from diffing.conservation import Outcome
from diffing.digest import Digest
from diffing.figures import exact
from diffing.gaps import recognised_pages, tables_left, unread_pages
from diffing.render.page import Heading, Node, Paragraph, Points
from diffing.versions import Mode, Version
from diffing.words import Wording

__all__ = ["accounts", "found_once", "gaps", "method", "points", "remainders"]

_REMARKS: Final = 20
_SHARED: Final = 5
_FIRST: Final = frozenset({"agencies-turned", "agency-differs", "extractor-differs"})
"""Codes of notes that put every figure of the comparison in doubt: they stand before them."""
_PLAIN: Final = frozenset({"page-image", "image-on-page", "text-layered", "page-turned"})
"""Codes of remarks that say all there is to say."""


def method(digest: Digest, words: Wording) -> Iterator[Node]:
    """Rules, thresholds, and for every comparison its accounts and caveats."""
    rules = ["method-derived", "method-nothing"] if digest.comparisons else []
    said = [words(key) for key in (["method-alike"] if digest.blocks else []) + rules]
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
    old, new = _names(comparison, words)
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
    if unsure := a.unsure_old + a.unsure_new:
        said.append(words("accounting-unsure", count=unsure))
    if a.empty:
        said.append(words("accounting-empty", count=a.empty))
    outcomes = [c.outcome for c in comparison.conservation]
    if Outcome.HOLDS in outcomes:
        said.append(words("conserved", holds=outcomes.count(Outcome.HOLDS)))
    if Outcome.UNCHECKED in outcomes:
        said.append(words("conserved-unchecked", count=outcomes.count(Outcome.UNCHECKED)))
    counts: Counter[str] = Counter()
    for note in comparison.notes:
        if note.code in _FIRST:
            continue
        counts[note.code] += 1
        if note.code != "shared-key" or counts[note.code] <= _SHARED:
            said.append(words(f"note-{note.code}", **note.values))
    if (left := counts["shared-key"] - _SHARED) > 0:
        said.append(words("notes-shared-key", count=left))
    return said


def gaps(comparison: Comparison, words: Wording, names: tuple[str, str] | None = None) -> list[str]:
    """What of either document was not read or not compared: to be known before any figure.

    `names` is how to call the two sides; as documents are cited unless told.
    """
    said = [words(f"note-{n.code}", **n.values) for n in comparison.notes if n.code in _FIRST]
    versions = (comparison.old, comparison.new)
    for version, name in zip(versions, names or map(words.document, versions), strict=True):
        document = version.document
        if not document.statements:
            said.append(words("gap-statements", document=name))
        if pages := unread_pages(document):
            said.append(words("gap-pages", document=name, pages=pages_of(pages, words)))
        if pages := recognised_pages(document):
            said.append(words("gap-recognised", document=name, pages=pages_of(pages, words)))
        # versions of one document are compared in their unknown tables too
        tables = tables_left(document) if comparison.mode is Mode.YEAR else ()
        if tables:
            pages = tuple(sorted({page for table in tables for page in table.pages}))
            count, listed = len(tables), pages_of(pages, words)
            said.append(words("gap-tables", document=name, count=count, pages=listed))
    return said


def found_once(change: Change, words: Wording, names: tuple[str, str]) -> str:
    """A statement found in one document only, and where the other may have it unread."""
    old, new = names
    said = words(
        str(change.kind),
        title=change.line.statement,
        old=words.spaced(old),
        new=words.spaced(new),
        count=change.rows,
    )
    if not change.unread:
        return said
    other = old if change.kind is What.STATEMENT_ADDED else new
    pages = pages_of(change.unread, words)
    return words("statement-unread", said=said, other=other, pages=pages)


def pages_of(pages: Sequence[int], words: Wording) -> str:
    """Page numbers as a list: "3、5"."""
    return words("page-joint").join(map(str, pages))


def remainders(comparison: Comparison, words: Wording) -> list[str]:
    """Changes of totals that their details do not account for, each in a sentence."""
    said = []
    for c in comparison.conservation:
        if c.outcome is not Outcome.REMAINDER:
            continue
        text = words(
            "remainder",
            statement=c.statement,
            side=c.side or "",
            measure=c.measure,
            total=exact(c.total),
            details=exact(c.details),
            remainder=exact(c.remainder),
            allowed=exact(c.allowed),
        )
        # within rounding of each other only where both close: here one of them does not
        if c.old_closes != c.new_closes:
            old, new = _names(comparison, words)
            text += words("remainder-where", document=old if c.new_closes else new)
        said.append(text)
    return said


def _names(comparison: Comparison, words: Wording) -> tuple[str, str]:
    if comparison.mode is Mode.YEAR:
        return words.side(comparison.old), words.side(comparison.new)
    return words("column-before"), words("column-after")


def _remarks(digest: Digest, words: Wording) -> Iterator[str]:
    """What the reader of the documents itself had to say: once a document and cause."""
    versions: dict[tuple[str, str | None], Version] = {}
    for comparison in digest.comparisons:
        for version in (comparison.old, comparison.new):
            versions[version.name, version.commit] = version
    for collected in digest.collected:
        versions[collected.version.name, collected.version.commit] = collected.version
    for version in versions.values():
        causes: dict[str, list[Remark]] = {}
        for remark in version.document.remarks:
            causes.setdefault(remark.code, []).append(remark)
        name = words.document(version)
        for code, remarks in causes.items():
            message = _said(code, remarks, words)
            pages = sorted({remark.page for remark in remarks if remark.page})
            if pages:
                listed = pages_of(pages, words)
                yield words("remark-page", document=name, page=listed, message=message)
            else:
                yield words("remark", document=name, message=message)


def _said(code: str, remarks: Sequence[Remark], words: Wording) -> str:
    """The cause in the reader's language; what the text stage said of it stands beside."""
    detail = words.remark(remarks[0].message)
    if code in _PLAIN:
        return words(f"remark-{code}")
    if len(remarks) > 1:
        detail = words("remark-many", count=len(remarks), message=detail)
    if f"remark-{code}" not in words.texts:
        return detail
    return words("remark-detail", name=words(f"remark-{code}"), detail=detail)
