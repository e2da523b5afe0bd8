"""Claims: what the prose of a budget or final account says of its figures.

Paragraphs → sentences → figures with their roles → claims, each with its exact quotation, and bound
to the statement cell it speaks of where that is sure. Amounts are `Decimal` in the unit printed.
The rules are written out in docs/claims.md.
"""

from __future__ import annotations

import msgspec

from archive.model import Amount, Binding, Claim, Document, Remark, Role
from archive.text.claims.binding import Binder
from archive.text.claims.drafts import Draft, Exclusion
from archive.text.claims.reading import MOST, Reader

__all__ = ["Exclusion", "cell", "claims", "survey", "with_claims"]


def with_claims(document: Document) -> Document:
    """The document with the claims its prose makes.

    To be called on the masked document: claims quote the prose, and nothing masks them afterwards.
    """
    reader = _read(document)
    remarks = document.remarks
    if reader.full:
        remarks = (*remarks, Remark("claims-cut", f"only the first {MOST} claims were read"))
    return msgspec.structs.replace(document, claims=_bound(document, reader), remarks=remarks)


def claims(document: Document) -> tuple[Claim, ...]:
    """The claims in a document's prose, in order of print."""
    return _bound(document, _read(document))


def survey(document: Document) -> tuple[tuple[Claim, ...], tuple[Exclusion, ...]]:
    """The claims, and every figure with a unit that is no claim, with the reason."""
    reader = _read(document)
    return _bound(document, reader), tuple(reader.excluded)


def _read(document: Document) -> Reader:
    reader = Reader(document.facts)
    for paragraph in document.prose:
        reader.paragraph(paragraph)
    return reader


def _bound(document: Document, reader: Reader) -> tuple[Claim, ...]:
    binder = Binder(document)
    found: list[Claim] = []
    for draft in reader.drafts:
        if draft.about is None or draft.role is Role.PREVIOUS:
            bound, reason = binder.bind(draft)
        else:
            bound, reason = found[draft.about].bound, found[draft.about].reason
        found.append(_claim(draft, bound, reason))
    return tuple(found)


def cell(document: Document, binding: Binding) -> Amount | None:
    """The amount a binding names, or None if the document does not print it."""
    for statement in document.statements:
        if statement.form != binding.form:
            continue
        for item in statement.items:
            if (
                item.name == binding.name
                and item.code == binding.code
                and item.side == binding.side
                and item.occurrence == binding.occurrence
                and item.attributes.get("block", "") == binding.block
            ):
                return item.amounts.get(binding.measure)
    return None


def _claim(draft: Draft, bound: tuple[Binding, ...], reason: str) -> Claim:
    return Claim(
        role=draft.role,
        subject=draft.subject,
        text=draft.text,
        page=draft.page,
        quotation=draft.quotation,
        span=draft.span,
        value=draft.value,
        unit=draft.unit,
        word=draft.word,
        direction=draft.direction,
        year=draft.year,
        basis=draft.basis,
        against=draft.against,
        whole=draft.whole,
        parent=draft.parent,
        about=draft.about,
        bound=bound,
        reason=reason,
    )
