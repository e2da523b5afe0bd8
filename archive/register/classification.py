"""The classification register: what a 科目 code is called, since when, and on whose word.

The data is `subjects/`: one CSV a scheme, the yearly changes, and the sources. It is partial, and
most of it is observed in publications rather than taken from an official list; every name says
which (docs/classification.md). Years are those a name is attested in: that a name is not attested
does not say that it was not in force.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Classification
from archive.register.attested import (
    Agreement,
    Change,
    Kind,
    Name,
    Source,
    Standing,
    Verdict,
)
from archive.register.files import RegisterError
from archive.register.wording import alike, within, wording

__all__ = [
    "Agreement",
    "Change",
    "ClassificationRegister",
    "Kind",
    "Name",
    "Source",
    "Standing",
    "Verdict",
    "classification_register",
]

_PACKAGED: Final = Path(__file__).parent / "subjects"
_RANK: Final = {standing: rank for rank, standing in enumerate(Standing)}
_GROUNDS: Final = frozenset({Standing.OFFICIAL, Standing.FORM, Standing.REPRODUCED})
_REACH: Final = 2
"""Years over which a name that belongs to another code still tells that it was put to the wrong
one. No code has been seen to take over the name of another within so short a time."""
_TWO: Final = 2
"""Publishers who must have printed a name before it can be held against a third."""


class _Shelf:
    """All names of one scheme, by code and by wording."""

    def __init__(self, names: dict[str, list[Name]]) -> None:
        self.by_code = names
        self.bearers: dict[tuple[str, int], tuple[str, ...]] = {}

    @cached_property
    def by_wording(self) -> dict[str, tuple[tuple[str, Name], ...]]:
        found: defaultdict[str, list[tuple[str, Name]]] = defaultdict(list)
        for code, names in sorted(self.by_code.items()):
            for name in names:
                found[wording(name.text)].append((code, name))
        return {key: tuple(pairs) for key, pairs in found.items()}


class ClassificationRegister:
    """Names and changes of the functional and the economic classification.

    A scheme is read when first asked for; looking up a code or a name is one dictionary access.
    """

    def __init__(self, folder: Path = _PACKAGED) -> None:
        self._folder = folder
        self._shelves: dict[Classification, _Shelf] = {}

    def names(self, code: str, scheme: Classification, year: int | None = None) -> tuple[Name, ...]:
        """The names of a code attested in a year (None: ever), strongest first.

        Empty where none is known. The code is the printed one; the scheme is functional or
        economic.

        Raises:
            RegisterError: the packaged data is damaged; the message names file and line.
        """
        names = self._shelf(scheme).by_code.get(code, [])
        return tuple(name for name in names if year is None or name.covers(year))

    def agrees(self, code: str, name: str, scheme: Classification, year: int) -> Agreement:
        """Whether the name printed beside a code is the code's in that year.

        Variations of writing (支出, 费, 的, brackets) are the same name. `certain` is set only
        where the code's own name in that year stands in an official text or form or was printed by
        two publishers at least, and the printed one is clearly another.

        Raises:
            RegisterError: the packaged data is damaged; the message names file and line.
        """
        key = wording(name)
        names = self._shelf(scheme).by_code.get(code)
        bearers = self._bearers(key, scheme, year)
        others = tuple(bearer for bearer in bearers if bearer != code)
        if not names:
            return Agreement(Verdict.CODE_UNKNOWN, codes=others)
        known = tuple(sorted(names, key=lambda n: (not n.covers(year), _RANK[n.standing])))
        if any(wording(n.text) == key for n in known):
            return _by_another_name(known, key, year)
        if others:
            ground = None
            if any(self._ground(other, scheme, year, key) for other in others) and not any(
                within(key, wording(n.text)) for n in known
            ):
                ground = self._ground(code, scheme, year)
            return Agreement(Verdict.OTHER_CODE, known, others, ground)
        ground = None if any(alike(key, n.text) for n in known) else _ground(known, year)
        return Agreement(Verdict.NAME_UNKNOWN, known, (), ground)

    def changes(
        self,
        code: str,
        year: int | None = None,
        scheme: Classification = Classification.FUNCTIONAL,
    ) -> tuple[Change, ...]:
        """The revisions a code takes part in, those of one year (None: all).

        Raises:
            RegisterError: the packaged data is damaged; the message names file and line.
        """
        found = self._changes_by_code.get((scheme, code), [])
        return tuple(change for change in found if year is None or change.year == year)

    def changes_between(self, first: int, last: int) -> tuple[Change, ...]:
        """The revisions in force from a year after `first` up to and in `last`.

        Revisions of a year that is not known are not among them.

        Raises:
            RegisterError: the packaged data is damaged; the message names file and line.
        """
        return tuple(c for c in self._changes if c.year is not None and first < c.year <= last)

    def check(self) -> None:
        """Read the revisions and their sources.

        Raises:
            RegisterError: a file is damaged, or a revision comes from no source that is named.
        """
        for change in self._changes:
            if change.source not in self.sources:
                path = self._folder / "sources.toml"
                raise RegisterError(f"{path}: does not name {change.source!r} of changes.csv")

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Source id → what it is.

        Raises:
            RegisterError: `subjects/sources.toml` is damaged.
        """
        path = self._folder / "sources.toml"
        try:
            return msgspec.toml.decode(path.read_bytes(), type=dict[str, Source])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegisterError(f"{path}: {error}") from error

    @cached_property
    def version(self) -> str:
        """sha256 of the data: changes when any name or change in the register changes."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.glob("*.csv")):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _bearers(self, key: str, scheme: Classification, year: int) -> tuple[str, ...]:
        """The codes that bear a name about that year."""
        shelf = self._shelf(scheme)
        if key not in shelf.by_wording:
            return ()
        if (key, year) not in shelf.bearers:
            near = (code for code, name in shelf.by_wording[key] if name.covers(year, _REACH))
            shelf.bearers[key, year] = tuple(dict.fromkeys(near))
        return shelf.bearers[key, year]

    def _ground(
        self, code: str, scheme: Classification, year: int, key: str | None = None
    ) -> Name | None:
        """A sure name of the code about that year, with no revision of the code in between."""
        moved = (c.year for c in self.changes(code, scheme=scheme) if c.year is not None)
        reach = 0 if any(abs(when - year) <= _REACH for when in moved) else _REACH
        return _ground(self._shelf(scheme).by_code[code], year, reach, key)

    def _shelf(self, scheme: Classification) -> _Shelf:
        if scheme not in self._shelves:
            self._shelves[scheme] = _Shelf(self._read_names(scheme))
        return self._shelves[scheme]

    def _read_names(self, scheme: Classification) -> dict[str, list[Name]]:
        if scheme not in (Classification.FUNCTIONAL, Classification.ECONOMIC):
            raise ValueError(f"there is no classification register of the scheme {scheme}")
        names: defaultdict[str, list[Name]] = defaultdict(list)
        path = self._folder / f"{scheme}.csv"
        for line, row in _rows(path):
            try:
                names[row["code"]].append(
                    Name(
                        row["name"],
                        int(row["since"]),
                        int(row["until"]),
                        Standing(row["standing"]),
                        row["sources"],
                        int(row["publishers"]),
                        int(row["documents"]),
                    )
                )
            except (KeyError, ValueError) as error:
                raise RegisterError(f"{path}:{line}: {error}") from error
        for change in self._changes:
            if change.scheme is scheme and change.year is not None:
                _add_changed(names, change, change.year)
        for of_code in names.values():
            of_code.sort(key=lambda name: _RANK[name.standing])
        return dict(names)

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        path = self._folder / "changes.csv"
        found = []
        for line, row in _rows(path):
            try:
                found.append(
                    Change(
                        scheme=Classification(row["scheme"]),
                        kind=Kind(row["kind"]),
                        before=tuple(row["from"].split()),
                        after=tuple(row["to"].split()),
                        year=int(row["year"]) if row["year"] else None,
                        name_before=row["from_name"],
                        name_after=row["to_name"],
                        verified={"yes": True, "no": False}[row["verified"]],
                        source=row["source"],
                    )
                )
            except (KeyError, ValueError) as error:
                raise RegisterError(f"{path}:{line}: {error}") from error
        return tuple(found)

    @cached_property
    def _changes_by_code(self) -> dict[tuple[Classification, str], list[Change]]:
        found: defaultdict[tuple[Classification, str], list[Change]] = defaultdict(list)
        for change in self._changes:
            for code in dict.fromkeys((*change.before, *change.after)):
                found[change.scheme, code].append(change)
        return dict(found)


@cache
def classification_register() -> ClassificationRegister:
    """The packaged register, shared by all who ask."""
    return ClassificationRegister()


def _by_another_name(known: tuple[Name, ...], key: str, year: int) -> Agreement:
    """The printed name is one of the code's: is it the one of that year?"""
    current = [n for n in known if n.covers(year)]
    if not current or any(wording(n.text) == key for n in current):
        return Agreement(Verdict.AGREES, known)
    shortened = any(within(key, wording(n.text)) for n in current)
    return Agreement(Verdict.OTHER_NAME, known, (), None if shortened else _ground(current, year))


def _ground(
    names: Iterable[Name], year: int, reach: int = 0, key: str | None = None
) -> Name | None:
    """The first of the names (or of those worded `key`) that may be held against a publisher.

    That is one of an official text or form, or one that two publishers printed; lists count as one
    publisher then, but never on their own.
    """
    printed: Counter[str] = Counter()
    observed: list[Name] = []
    for name in names:
        text = wording(name.text)
        if key is not None and text != key:
            continue
        if name.standing in _GROUNDS and name.covers(year, reach):
            return name
        printed[text] += name.publishers
        if name.standing is Standing.OBSERVED and name.covers(year, reach):
            observed.append(name)
    return next((name for name in observed if printed[wording(name.text)] >= _TWO), None)


def _add_changed(names: dict[str, list[Name]], change: Change, year: int) -> None:
    """Names that only the table of changes knows, attested in the years beside the change."""
    for codes, text, when in (
        (change.before, change.name_before, year - 1),
        (change.after, change.name_after, year),
    ):
        for code in codes if text else ():
            if not any(name.text == text and name.covers(when) for name in names[code]):
                names[code].append(Name(text, when, when, Standing.LISTED, change.source))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            for row in reader:
                yield reader.line_num, row
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: {error}") from error
