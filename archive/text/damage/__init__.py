"""Damage of documents that were themselves read from paper by a machine.

Digits are swapped and lost in them, and in the same way all over a document. What is damaged is
told by witnesses only: for a code its parent, its name and the register; for a figure in the prose
the tables, shares, rates and sums that speak of the same thing. Nothing is put right by guess, no
printed figure is overwritten, and where a document shows no pattern of damage, a figure that
disagrees with a table is a contradiction of its publisher's and left to the checks.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from archive.model import Claim, Document, Remark, Repair
from archive.text.claims import with_claims
from archive.text.damage.cells import doubted
from archive.text.damage.codes import with_codes
from archive.text.damage.figures import Restored, restored
from archive.text.damage.pattern import Pattern, pattern_of

__all__ = ["without_damage"]


def without_damage(document: Document) -> Document:
    """The document with damaged codes put right and damaged figures of the prose named.

    A claim whose figure is damaged is bound to no cell any more: it accuses nobody.
    """
    statements, codes = with_codes(document)
    if codes:
        document = with_claims(replace(document, statements=statements, claims=()))
    pattern = pattern_of(document, codes)
    if pattern is None:
        return replace(document, repairs=tuple(codes)) if codes else document
    found = restored(document, pattern)
    claims = list(document.claims)
    for repair in found.repairs:
        if repair.claim is not None:
            claims[repair.claim] = _unbound(claims[repair.claim], repair)
    cells = doubted(document, pattern, found.repairs)
    found.undecided = list(dict.fromkeys((*found.undecided, *cells.undecided)))
    remark = Remark("text-damaged", _said(pattern, codes, found))
    return replace(
        document,
        statements=tuple(cells.statements),
        claims=tuple(claims),
        repairs=(*codes, *found.repairs, *cells.repairs),
        remarks=(*document.remarks, remark),
    )


def _unbound(claim: Claim, repair: Repair) -> Claim:
    return replace(claim, bound=(), reason=f"damaged: {repair.read} by {repair.witnesses[0]}")


def _said(pattern: Pattern, codes: Sequence[Repair], found: Restored) -> str:
    figures = len(found.repairs)
    text = (
        f"it was read from paper by a machine, and damaged: {pattern.said}; "
        f"{len(codes)} codes restored, {figures} figures of the prose named with their witnesses"
    )
    if found.undecided:
        text += f"; nothing says whether these are damaged too: {', '.join(found.undecided)}"
    return text
