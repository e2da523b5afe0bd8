"""Makes the pictures of quoted rows, once each, and keeps them under names of their content."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.model import Box, Document, LineItem, RawTable, Statement
from archive.replacing import replace
from diffing.crops.order import FIGURES_ALONE, Order, Shot
from diffing.crops.process import BUSY, Artist
from diffing.versions import Where

if TYPE_CHECKING:
    from archive.repository import Archive

__all__ = ["Crops"]

_EDITION: Final = "3"
"""Grows when pictures of the same rows would come out otherwise."""
_PDF: Final = "application/pdf"
_KEPT: Final = 8
"""Documents kept at hand; the places of one are mostly asked for one after another."""

_NONE, _WHOLE, _FIGURES = ".txt", ".png", f"-{FIGURES_ALONE}.png"
"""Of a row: why there is no picture of it, the picture, or a picture of its figures alone."""
_AT_ONCE: Final = 200
"""Rows asked for together: their pictures are held in memory until all are drawn."""
_MARK: Final = re.compile(r"〔[^〔〕]{2,4}已隐去〕")

_Key = tuple[str, str | None, str]


class Crops:
    """Pictures of rows of archived originals, in a folder of their own.

    They are kept in the archive's cache as well, by original, so that each is drawn once however
    many digests and sites show it. Close it, or use it as a context: a process stands behind it.
    """

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.folder = folder
        self.hurried = False
        """Whether the machine did not get to a row in time: it is tried again when asked again."""
        self._archive = archive
        self._cache = archive.root / "cache" / "crops"
        self._artist = Artist()
        self._documents: OrderedDict[_Key, _Known | None] = OrderedDict()

    def __enter__(self) -> Crops:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that draws."""
        self._artist.close()

    def of(self, at: Where) -> Path | None:
        """The picture of the row at a place, made now where it is not there yet.

        None where there is none to show; `why` says the reason. Raises OSError where a file cannot
        be written.
        """
        found = self._made([at]).get(at)
        if found is None or found.suffix != ".png":
            return None
        target = self.folder / found.name
        if not target.exists():
            replace(target, found.read_bytes())
        return target

    def make(self, places: Iterable[Where]) -> None:
        """Draw the rows at these places, original by original: `of` only hands them out then."""
        wanted: dict[_Key, dict[Where, None]] = {}
        for at in places:
            wanted.setdefault(_key(at), {})[at] = None
        for rows in wanted.values():
            self._made(list(rows))

    def why(self, at: Where) -> str:
        """Why a place has no picture, as a code of docs/digest.md; "" where it has one."""
        found = self._made([at]).get(at)
        if found is not None:
            return "" if found.suffix == ".png" else found.read_text("utf-8")
        if at.original not in self._archive.originals:
            return "withheld" if self._archive.originals.is_withheld(at.original) else "original"
        document = self._document(at)
        if document is None or document.document.media_type != _PDF:
            return "format"
        return "place" if _shot(document.document, at) is None else BUSY

    def _made(self, places: list[Where]) -> dict[Where, Path]:
        """Place -> its picture, or the file that says why there is none; all of one document."""
        if not places or places[0].original not in self._archive.originals:
            return {}
        known = self._document(places[0])
        if known is None or known.document.media_type != _PDF:
            return {}
        found: dict[Where, Path] = {}
        missing: list[Shot] = []
        for at in places:
            shot = _shot(known.document, at)
            if shot is None:
                continue
            found[at] = self._kept(at.original, shot.key)
            if not any(path.exists() for path in _ended(found[at])):
                missing.append(shot)
        if missing:
            self._draw(known, missing)
        kept = ((at, path) for at, stem in found.items() for path in _ended(stem))
        return {at: path for at, path in kept if path.exists()}

    def _draw(self, known: _Known, missing: list[Shot]) -> None:
        original = known.document.original
        path = str(self._archive.originals.path(original))
        shots = tuple({shot.key: shot for shot in missing}.values())
        for first in range(0, len(shots), _AT_ONCE):
            part = shots[first : first + _AT_ONCE]
            order = Order(path, original, known.texts, known.masked, part)
            for drawn in self._artist.draw(order):
                none, whole, figures = _ended(self._kept(original, drawn.key))
                if drawn.png:
                    replace(figures if drawn.figures_alone else whole, drawn.png)
                elif drawn.why == BUSY:
                    self.hurried = True
                else:
                    replace(none, drawn.why.encode())

    def _kept(self, original: str, key: str) -> Path:
        return self._cache / original / key

    def _document(self, at: Where) -> _Known | None:
        """The document a place stands in, with all its texts; None where it is not archived."""
        key = _key(at)
        if key not in self._documents:
            document = self._read(at)
            self._documents[key] = _Known(document) if document else None
            while len(self._documents) > _KEPT:
                self._documents.popitem(last=False)
        self._documents.move_to_end(key)
        return self._documents[key]

    def _read(self, at: Where) -> Document | None:
        repository = self._archive.district(at.document.split("/")[0])
        if at.commit is None or repository is None:
            return None
        with contextlib.suppress(LookupError, ValueError):
            for entry in repository.history(at.document):
                if entry.commit == at.commit:
                    document = repository.version(entry)
                    return document if document.original == at.original else None
        return None


class _Known:
    """An archived document with what a picture of it may show."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.texts = tuple(sorted(set(_texts(document))))
        self.masked = frozenset(_masked(document))


def _ended(stem: Path) -> tuple[Path, Path, Path]:
    none, whole, figures = (stem.with_name(stem.name + end) for end in (_NONE, _WHOLE, _FIGURES))
    return none, whole, figures


def _masked(document: Document) -> Iterator[int]:
    """Pages of which something was masked: of a table over several pages, all of them."""
    for paragraph in document.prose:
        if _MARK.search(paragraph.text):
            yield paragraph.page
    tables: tuple[RawTable | Statement, ...] = (*document.tables, *document.statements)
    for table in tables:
        if any(map(_MARK.search, _texts(table))):
            yield from table.pages


def _shot(document: Document, at: Where) -> Shot | None:
    """The row of a place as it is to be drawn; None where the reading kept no boxes of it, or two
    tables of the page have a row of this number and nothing tells which is meant."""
    items = list(_items(document, at))
    turned = any(r.code == "page-turned" and r.page == at.page for r in document.remarks)
    if turned or not items:
        return None
    cells: dict[Box, str] = {}
    mark = None
    for item in items:
        for amount in item.amounts.values():
            place = amount.at
            if place is None or place.box is None or (place.page, place.row) != (at.page, at.row):
                continue
            cells[place.box] = amount.text
            if at.column and place.column == at.column and at.box in (None, place.box):
                mark = place.box
    if not cells or (at.column and mark is None):
        return None
    boxes = [(msgspec.structs.astuple(box), text) for box, text in cells.items()]
    marked = msgspec.structs.astuple(mark) if mark else None
    said = msgspec.json.encode((_EDITION, document.extractor, at.page, boxes, marked))
    digest = hashlib.sha256(document.original.encode() + said).hexdigest()
    key = f"{document.original[:12]}-p{at.page}-{digest[:16]}"
    return Shot(key, at.page, tuple(cells.items()), mark)


def _items(document: Document, at: Where) -> Iterator[LineItem]:
    """The line items that are meant: those with the very cell, or all of the row of one table."""
    rows: dict[int, list[LineItem]] = {}
    for number, statement in enumerate(document.statements):
        if at.page not in statement.pages:
            continue
        for item in statement.items:
            places = [a.at for a in item.amounts.values() if a.at is not None]
            here = [p for p in places if (p.page, p.row) == (at.page, at.row)]
            if at.column:
                here = [p for p in here if p.column == at.column and at.box in (None, p.box)]
            if here:
                rows.setdefault(number, []).append(item)
    if len(rows) == 1:
        yield from next(iter(rows.values()))


def _texts(value: Any) -> Iterator[str]:
    """Every text of a document, wherever it stands."""
    if isinstance(value, str):
        yield value
        # a header is a path: its levels stand in cells of their own
        if "-" in value:
            yield from value.split("-")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _texts(getattr(value, field))


def _key(at: Where) -> _Key:
    return at.document, at.commit, at.original
