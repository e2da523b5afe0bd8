"""What is said beside a line: how it was paired, what it may be, on which basis it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from archive.model import Certainty, Classification
from diffing.basis import Basis
from diffing.changes import Balance, Change
from diffing.compare import Comparison
from diffing.figures import exact
from diffing.gaps import recognised_pages
from diffing.likeness import Suggestion
from diffing.paired import How
from diffing.versions import lowest
from diffing.words import Wording

__all__ = ["of_bases", "of_basis", "of_change", "of_pairing", "of_suggestion", "of_witnesses"]

_SAID: Final = {
    str(How.ALIAS): "paired-alias",
    str(How.REGISTER): "paired-register",
    str(How.AGENCY): "paired-agency",
}


def of_change(change: Change, words: Wording) -> Iterator[str]:
    """What a reader of the line should know besides its figures."""
    yield from of_pairing(change, words)
    if change.basis is not None:
        yield of_basis(change.basis, words)
    if change.balance is Balance.LOST:
        yield words("balance-lost")


def of_pairing(change: Change, words: Wording) -> Iterator[str]:
    """On whose word two names or codes were taken for one line."""
    if change.paired_by in _SAID:
        yield words(_SAID[change.paired_by])


def of_bases(comparison: Comparison, words: Wording) -> Iterable[str]:
    """Every revision behind a 口径变化 of the comparison, once."""
    found = (change.basis for change in comparison.changes if change.basis is not None)
    return dict.fromkeys(of_basis(basis, words) for basis in found)


def of_basis(basis: Basis, words: Wording) -> str:
    """The revision behind 口径变化, and on whose word it stands."""
    revision = basis.revision
    agencies = revision.scheme is Classification.UNIT
    key = "basis-official" if revision.official else "basis-observed"
    key = "basis-registered" if agencies else key
    standing = words(key, source=revision.source)
    joint = words("page-joint")
    return words(
        "basis-agencies" if agencies else "basis",
        year=revision.year,
        before=joint.join(revision.before) or words("basis-none"),
        after=joint.join(revision.after) or words("basis-none"),
        parent=basis.parent or words("basis-total"),
        standing=standing,
    )


def of_suggestion(suggestion: Suggestion, words: Wording, *, gone: bool) -> str:
    """What a line that only one side has may be on the other, with the score."""
    return words(
        "perhaps",
        name=suggestion.new_name if gone else suggestion.old_name,
        score=suggestion.score,
        amount=words("perhaps-amount") if suggestion.same_amount else "",
    )


def of_witnesses(comparison: Comparison, words: Wording) -> Iterable[str]:
    """How last year's figures agree with what this year's document says they were."""
    found = comparison.witnesses
    if not found:
        return
    yield words(
        "witness-agrees",
        agree=sum(w.agrees is True for w in found),
        differ=sum(w.agrees is False for w in found),
        missing=sum(w.agrees is None for w in found),
    )
    seen = recognised_pages(comparison.new.document)
    for one in found:
        if one.agrees is False and one.quoted is not None and one.printed is not None:
            said = words(
                "witness-differs",
                line=one.line.name,
                measure=one.measure,
                printed=f"{one.printed.amount.text} {one.printed.unit or ''}".strip(),
                quoted=exact(one.quoted.value),
                derived=words("witness-derived") if one.quoted.derived else "",
                page=one.quoted.page,
            )
            sure = one.printed.amount.certainty
            if one.quoted.page in seen:
                sure = lowest(sure, Certainty.RECOGNISED)
            if sure is not Certainty.TEXT:
                said = words("said-with", said=said, note=words(f"certainty-{sure}"))
            yield said
