"""Masking of a whole document: every text it holds, none of its figures.

The document is walked field by field, so that a text field added to the model tomorrow is masked
without anybody remembering to; what must stay as it is, is named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, Final

import msgspec

from archive.masking.cells import mask_grid, mask_text, person_value, phone_value
from archive.masking.persons import is_contact_label, is_person_label, is_phone_label
from archive.masking.text import NAME, TELEPHONE, Seen, mask_lines, settled
from archive.model import (
    Amount,
    Box,
    Certainty,
    Claim,
    Column,
    Document,
    Facts,
    LineItem,
    Locator,
    Mark,
    Paragraph,
    RawTable,
    Remark,
    Statement,
)

__all__ = ["mask_document"]

Masking = Callable[[str], str]

# Names of forms, codes and hashes: no text from a person's hand.
_VERBATIM: Final[dict[type, frozenset[str]]] = {
    Document: frozenset({"original", "media_type", "extractor"}),
    Statement: frozenset({"form"}),
    Column: frozenset({"measure", "side"}),
    LineItem: frozenset({"code", "side"}),
    Facts: frozenset({"codes"}),
    Remark: frozenset({"code"}),
}


def mask_document(document: Document) -> Document:
    """The document with private data masked in prose, tables, notes, names, attributes, remarks.

    Amounts that are numbers, codes and locators are left as they are. A name found behind a label
    anywhere is masked wherever else it stands by itself. Masking twice changes nothing more.
    """
    names: set[str] = set()

    def text(value: str) -> str:
        seen = Seen()
        masked = mask_text(value, seen)
        names.update(seen.names)
        return masked

    masked: Document = _Walk(text, names).struct(document)
    return _without(names, masked)


class _Walk:
    """Every text of a document through one masking; forms and tables by their labels first."""

    def __init__(self, text: Masking, names: set[str]) -> None:
        self.text = text
        self.names = names

    def struct(self, struct: Any) -> Any:
        kept = _VERBATIM.get(type(struct), frozenset())
        changes: dict[str, Any] = {}
        if isinstance(struct, Document):
            changes["prose"] = self.prose(struct.prose)
        elif isinstance(struct, RawTable):
            changes["rows"] = tuple(map(tuple, mask_grid(struct.rows, self.names)))
        elif isinstance(struct, Amount):
            changes["text"] = struct.text if struct.value is not None else self.text(struct.text)
        elif isinstance(struct, LineItem):
            changes["attributes"] = self.attributes(struct)
            changes["amounts"] = self.amounts(struct)
        elif isinstance(struct, Claim):
            changes |= self.quotation(struct)
        # A label with its value, printed as a pair.
        label = getattr(struct, "label", "")
        for field in struct.__struct_fields__:
            if field not in changes and field not in kept:
                changes[field] = self.labelled(label, getattr(struct, field))
        return msgspec.structs.replace(struct, **changes)

    def value(self, value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Enum):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self.value(part) for part in value)
        if isinstance(value, dict):
            return {key: self.labelled(str(key), part) for key, part in value.items()}
        if isinstance(value, msgspec.Struct) and not isinstance(value, (Locator, Box)):
            return self.struct(value)
        return value

    def labelled(self, label: str, value: Any) -> Any:
        """A value under the label it is printed beside."""
        if isinstance(value, str) and is_person_label(label):
            value = person_value(value, self.names)
        elif isinstance(value, str) and is_phone_label(label):
            value = phone_value(value, unmistakable=not is_contact_label(label))
        return self.value(value)

    def prose(self, paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        """Paragraphs read as one run of lines: a label may end one, its value begin the next."""
        lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n")]

        def step(lines: list[str]) -> list[str]:
            seen = Seen()
            masked = mask_lines(lines, seen)
            self.names.update(seen.names)
            return masked

        rest = iter(settled(step, lines))
        return tuple(
            msgspec.structs.replace(
                paragraph, text="\n".join(next(rest) for _ in paragraph.text.split("\n"))
            )
            for paragraph in paragraphs
        )

    def attributes(self, item: LineItem) -> dict[str, str]:
        """Other cells of the row, by their own labels or by the row's (项目负责人, 联系电话)."""
        return {
            label: self.labelled(item.name, self.labelled(label, value))
            for label, value in item.attributes.items()
        }

    def amounts(self, item: LineItem) -> dict[str, Amount]:
        return {
            measure: _no_telephone(self.struct(amount))
            if is_contact_label(item.name) or is_contact_label(measure)
            else self.labelled_amount(item, amount)
            for measure, amount in item.amounts.items()
        }

    def labelled_amount(self, item: LineItem, amount: Amount) -> Amount:
        masked: Amount = self.struct(amount)
        if amount.value is None and is_person_label(item.name):
            return msgspec.structs.replace(masked, text=person_value(masked.text, self.names))
        return masked

    def quotation(self, claim: Claim) -> dict[str, Any]:
        """The masked sentence, and where the claim's figure stands in it now."""
        masked = self.text(claim.quotation)
        if masked == claim.quotation:
            return {"quotation": masked}
        same = SequenceMatcher(None, claim.quotation, masked, autojunk=False).get_matching_blocks()
        start, end = claim.span
        for block in same:
            if block.a <= start and end <= block.a + block.size:
                shift = block.b - block.a
                return {"quotation": masked, "span": (start + shift, end + shift)}
        return {"quotation": masked, "span": (0, 0)}


def _no_telephone(amount: Amount) -> Amount:
    """A telephone number read as an amount: the label beside it says what it is."""
    if phone_value(amount.text) != TELEPHONE:
        return amount
    return msgspec.structs.replace(
        amount,
        text=TELEPHONE,
        value=None,
        mark=Mark.UNREADABLE,
        certainty=Certainty.UNREADABLE,
    )


def _without(names: Iterable[str], document: Document) -> Document:
    """The document without the names known from its forms, wherever one stands by itself."""
    known = sorted(names, key=len, reverse=True)
    if not known:
        return document
    # By itself: a name inside other Chinese text may be part of a word.
    alone = re.compile(
        rf"(?<![\u4e00-\u9fff])(?:{'|'.join(map(re.escape, known))})(?![\u4e00-\u9fff])"
    )
    masked: Document = _Known(lambda value: alone.sub(NAME, value), set()).struct(document)
    return masked


class _Known(_Walk):
    """The second walk: only names already known, prose and grids cell by cell."""

    def prose(self, paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(
            msgspec.structs.replace(paragraph, text=self.text(paragraph.text))
            for paragraph in paragraphs
        )

    def struct(self, struct: Any) -> Any:
        if not isinstance(struct, RawTable):
            return super().struct(struct)
        return msgspec.structs.replace(
            struct,
            title=self.text(struct.title),
            rows=tuple(tuple(cell and self.text(cell) for cell in row) for row in struct.rows),
        )
