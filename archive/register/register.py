"""The register in use: agencies by id and by name, one division read when first asked for."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from archive.model import Level
from archive.register.agencies import Agency, Name
from archive.register.aliases import Project, read_aliases
from archive.register.calendars import Disclosure, read_calendar
from archive.register.classification import ClassificationRegister, classification_register
from archive.register.exemptions import Exemption
from archive.register.files import (
    AgenciesFile,
    RegisterError,
    agencies_in,
    check_name,
    read_agencies,
    read_divisions,
)
from archive.register.names import Division, fold, written
from archive.register.successions import Succession

__all__ = ["Register", "load"]

_PACKAGED: Final = Path(__file__).parent


@dataclass(frozen=True)
class _Shelf:
    """All agencies of one division, and where each lookup key leads."""

    agencies: dict[str, Agency]
    by_key: dict[str, list[tuple[str, Name | None]]]
    successions: tuple[Succession, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


@dataclass
class Register:
    """Divisions and agencies of the packaged data and of an operator's folders."""

    _divisions: dict[str, Division]
    _files: dict[str, list[Path]]
    _shelves: dict[str, _Shelf] = field(default_factory=dict)
    _aliases: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    _projects: dict[str, tuple[Project, ...]] = field(default_factory=dict)
    _calendars: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    _subjects: list[ClassificationRegister] = field(default_factory=list)
    folders: tuple[Path, ...] = ()
    """The operator's own folders: from them the same register can be loaded elsewhere."""

    @classmethod
    def load(cls, *extra_folders: Path) -> Register:
        """The packaged register and the operator's own folders of the same shape.

        Divisions are read when first asked for; those an operator adds to are read now, so that
        a mistake is told at once.

        Raises:
            RegisterError: a folder or file is missing or malformed, or two files disagree; the
                message names the file and the id.
        """
        register = cls({}, defaultdict(list), folders=extra_folders)
        for folder in (_PACKAGED, *extra_folders):
            register._add(folder)
        for code, paths in register._files.items():
            if any(not path.is_relative_to(_PACKAGED) for path in paths):
                register._shelf(code)
        return register

    @cached_property
    def version(self) -> str:
        """sha256 of the data of all files: changes when anything in the register changes."""
        digest = hashlib.sha256()
        parts = [msgspec.json.encode(sorted(self._divisions.values(), key=lambda d: d.code))]
        for files in (self._files, self._aliases):
            parts += [path.read_bytes() for code in sorted(files) for path in files[code]]
        for part in parts:
            digest.update(hashlib.sha256(part).digest())
        return digest.hexdigest()

    def divisions(self) -> tuple[Division, ...]:
        """All known divisions by code."""
        return tuple(self._divisions[code] for code in sorted(self._divisions))

    def division(self, code: str) -> Division:
        """The division with this code.

        Raises:
            RegisterError: the code is not in the register.
        """
        try:
            return self._divisions[code]
        except KeyError:
            raise RegisterError(
                f"division {code!r} is not in the register: add it to the divisions.toml of a"
                " folder named under [archive] register"
            ) from None

    def divisions_named(self, text: str) -> tuple[Division, ...]:
        """The divisions a name states in front: 上海市普陀区…, 武昌区….

        A district name borne by several places of the country says nothing without its city.
        """
        plain = fold(text)
        found = []
        for division in self.divisions():
            full = division.city + division.name
            if full in plain or (not division.shared and _stated_alone(division, plain)):
                found.append(division)
        return tuple(found)

    def agencies(self, division: str) -> tuple[Agency, ...]:
        """All agencies of a division by id; none where no file lists them.

        Raises:
            RegisterError: the division is unknown or its data is wrong.
        """
        return tuple(self._shelf(division).agencies.values())

    def successions(self, division: str) -> tuple[Succession, ...]:
        """Mergers, splits and dissolutions in a division, oldest first.

        Raises:
            RegisterError: the division is unknown or its data is wrong.
        """
        return self._shelf(division).successions

    def exemptions(self, division: str) -> tuple[Exemption, ...]:
        """Who need not publish, as far as it is said.

        Raises:
            RegisterError: the division is unknown or its data is wrong.
        """
        return self._shelf(division).exemptions

    def classifications(self) -> tuple[ClassificationRegister, ...]:
        """The packaged register of the classification, then those of the operator's folders.

        An operator adds revisions that the packaged one does not have: `subjects/changes.csv` and
        `subjects/sources.toml` of the same shape (docs/classification.md).
        """
        return classification_register(), *self._subjects

    def calendar(self, division: str) -> tuple[Disclosure, ...]:
        """What is stated of when a division's accounts are due; files named later win.

        Raises:
            RegisterError: a file of it is wrong.
        """
        stated: dict[tuple[int, str], Disclosure] = {}
        for path in self._calendars.get(division, ()):
            stated |= {(one.year, one.kind): one for one in read_calendar(path)}
        return tuple(stated[key] for key in sorted(stated))

    def agency(self, agency_id: str) -> Agency:
        """The agency with this id.

        Raises:
            RegisterError: no such id, or its division's data is wrong.
        """
        try:
            return self._shelf(agency_id.partition(".")[0]).agencies[agency_id]
        except KeyError:
            raise RegisterError(f"agency {agency_id!r} is not in the register") from None

    def find(
        self, division: str, name: str, level: Level | None = None, on: date | None = None
    ) -> list[Agency]:
        """Every agency that bears this name or alias: one, several (ambiguous) or none.

        Names are compared after `written`, never by likeness. A department and its own unit share
        their name; `level`, or a （本级） or （汇总） in the name, tells them apart. With `on`,
        only names valid on that day count; aliases are always valid.

        Raises:
            RegisterError: the division is unknown or its data is wrong.
        """
        shelf = self._shelf(division)
        asked = written(name, self.division(division))
        if level is not None and asked.level not in (None, level):
            return []
        wanted = level or asked.level
        found: dict[str, Agency] = {}
        for agency_id, borne in shelf.by_key.get(asked.key, ()):
            agency = shelf.agencies[agency_id]
            if wanted in (None, agency.level) and (borne is None or borne.valid(on)):
                found[agency_id] = agency
        return list(found.values())

    def projects(self, agency_id: str) -> tuple[Project, ...]:
        """The agency's projects that are known under several names; none where nobody curated any.

        Raises:
            RegisterError: an aliases file of its division is wrong.
        """
        code = agency_id.partition(".")[0]
        if code not in self._projects:
            paths = self._aliases.get(code, ())
            self._projects[code] = tuple(p for path in paths for p in read_aliases(path))
        return tuple(p for p in self._projects[code] if p.agency == agency_id)

    def registered_name(self, agency_id: str) -> str:
        """The first registered name: names the agency's folder and survives every renaming.

        Unique in its division together with the level: a department and its own unit share it.

        Raises:
            RegisterError: no such id.
        """
        return self.agency(agency_id).names[0].text

    def _add(self, folder: Path) -> None:
        if not folder.is_dir():
            raise RegisterError(f"{folder}: register folder not found")
        divisions = folder / "divisions.toml"
        paths = sorted((folder / "agencies").glob("*.toml"))
        curated = sorted((folder / "aliases").glob("*.toml"))
        if not paths and not curated and not divisions.is_file():
            raise RegisterError(
                f"{folder}: holds neither divisions.toml nor agencies/*.toml nor aliases/*.toml"
            )
        if divisions.is_file():
            for division in read_divisions(divisions):
                known = self._divisions.setdefault(division.code, division)
                if known != division:
                    raise RegisterError(
                        f"{divisions}: division {division.code} is {division.name},"
                        f" another file says {known.name}"
                        if known.name != division.name
                        else f"{divisions}: division {division.code} differs from another file"
                    )
        for path in paths:
            if path.stem not in self._divisions:
                raise RegisterError(f"{path}: division {path.stem!r} stands in no divisions.toml")
            self._files[path.stem].append(path)
        for path in curated:
            self._aliases[path.stem].append(path)
        if folder != _PACKAGED and (folder / "subjects" / "changes.csv").is_file():
            subjects = ClassificationRegister(folder / "subjects")
            subjects.check()  # a mistake is told at once
            self._subjects.append(subjects)
        for path in sorted((folder / "calendars").glob("*.toml")):
            read_calendar(path)  # a mistake is told at once
            self._calendars[path.stem].append(path)

    def _shelf(self, code: str) -> _Shelf:
        if code not in self._shelves:
            division = self.division(code)
            self._shelves[code] = _shelved(division, self._files.get(code, ()))
        return self._shelves[code]


def load(*extra_folders: Path) -> Register:
    """The packaged register together with an operator's own folders (`Register.load`)."""
    return Register.load(*extra_folders)


def _stated_alone(division: Division, plain: str) -> bool:
    return plain.startswith(division.name) or f"中共{division.name}" in plain


def _shelved(division: Division, paths: Iterable[Path]) -> _Shelf:
    agencies: dict[str, Agency] = {}
    origin: dict[str, Path] = {}
    contents = [(path, read_agencies(path)) for path in paths]
    for path, content in contents:
        for agency in agencies_in(content, path):
            if agency.id in agencies:
                raise RegisterError(
                    f"{path}: agency {agency.id} is already registered in {origin[agency.id]}"
                )
            agencies[agency.id], origin[agency.id] = agency, path
    for path, content in contents:
        for addition in content.addition:
            if addition.id not in agencies:
                raise RegisterError(
                    f"{path}: adds to agency {addition.id}, which no file registers"
                )
            for name in addition.names:
                check_name(name.text, addition.id, path)
            old = agencies[addition.id]
            agencies[addition.id] = msgspec.structs.replace(
                old, names=old.names + addition.names, aliases=old.aliases + addition.aliases
            )
    successions = tuple(_successions(contents, agencies))
    exemptions = tuple(_exemptions(contents, agencies))
    shelf = _Shelf(dict(sorted(agencies.items())), defaultdict(list), successions, exemptions)
    _index(shelf, division, origin)
    return shelf


def _successions(
    contents: Iterable[tuple[Path, AgenciesFile]], agencies: dict[str, Agency]
) -> list[Succession]:
    found = []
    for path, content in contents:
        for one in content.succession:
            unknown = [agency for agency in (*one.before, *one.after) if agency not in agencies]
            problem = one.problem() or (f"{unknown[0]} is not registered" if unknown else "")
            if problem:
                raise RegisterError(f"{path}: succession of {one.on}: {problem}")
            found.append(one)
    return sorted(found, key=lambda one: one.on)


def _exemptions(
    contents: Iterable[tuple[Path, AgenciesFile]], agencies: dict[str, Agency]
) -> Iterator[Exemption]:
    for path, content in contents:
        for one in content.exemption:
            unknown = "" if one.agency in agencies else f"{one.agency} is not registered"
            if problem := one.problem() or unknown:
                raise RegisterError(f"{path}: exemption of {one.agency}: {problem}")
            yield one


def _index(shelf: _Shelf, division: Division, origin: dict[str, Path]) -> None:
    borne: dict[tuple[str, Level], list[tuple[str, Name]]] = defaultdict(list)
    for agency in shelf.agencies.values():
        for name in agency.names:
            key = written(name.text, division).key
            for other_id, other in borne[key, agency.level]:
                # The first name is the folder: it stays taken after the agency gave it up.
                folders = name == agency.names[0] and other == shelf.agencies[other_id].names[0]
                if folders or _overlap(name, other):
                    raise RegisterError(
                        f"{origin[agency.id]}: agency {agency.id} bears the name {name.text!r},"
                        f" which {other_id} in {origin[other_id]} bears too"
                    )
            borne[key, agency.level].append((agency.id, name))
            shelf.by_key[key].append((agency.id, name))
        for alias in _aliases(agency, shelf, division):
            shelf.by_key[written(alias, division).key].append((agency.id, None))


def _aliases(agency: Agency, shelf: _Shelf, division: Division) -> Iterator[str]:
    yield from agency.aliases
    if agency.parent is None:
        return
    # The department's own unit goes by the department's short names too.
    parent = shelf.agencies[agency.parent]
    if written(agency.name, division).key == written(parent.name, division).key:
        yield from parent.aliases


def _overlap(one: Name, other: Name) -> bool:
    starts = max(one.since or date.min, other.since or date.min)
    ends = min(one.until or date.max, other.until or date.max)
    return starts <= ends
