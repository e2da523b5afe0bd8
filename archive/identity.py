"""Which document is this? From what the operator states, the document says and its titles say.

What an operator states of a file wins. What a portal file states of all that is listed somewhere,
the document's own facts, the listed title and the file name must not contradict each other: a wrong
year or agency inside a file is reported, never compared. Nothing is guessed: what no source says
stays unsaid, and the reasons tell what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Final, TypeVar

import msgspec

from archive.model import Facts, Identity, Kind, Level
from archive.register import Agency, Register, RegisterError, fold
from archive.titles import Title, read_title

__all__ = ["Hints", "Reading", "identify"]


class Hints(msgspec.Struct, frozen=True):
    """What is stated from outside: by the operator, or by the portal's own description."""

    division: str | None = None
    agency: str | None = None
    """An agency id of the register, or a name to look up."""
    level: Level | None = None
    year: int | None = None
    kind: Kind | None = None


class Reading(msgspec.Struct, frozen=True):
    """The identity, or the reasons why there is none.

    Reasons beside an identity are warnings: a source disagreed and was overruled.
    """

    identity: Identity | None
    correction: bool = False
    reasons: tuple[str, ...] = ()
    proposal: str | None = None
    """The name of an agency the register does not know, to propose to the operator."""


class _Voice(msgspec.Struct, frozen=True):
    """One source and what it says."""

    origin: str
    agencies: tuple[str, ...] = ()
    level: Level | None = None
    year: int | None = None
    kind: Kind | None = None
    division: str | None = None


_NOTHING_STATED: Final = Hints()
V = TypeVar("V", bound=Hashable)

_AGENCY_ID: Final = re.compile(r"\d{6}\.\d{3}(?:\.\d{3})?")
_CODED_DIVISION: Final = re.compile(r"^\[?(\d{6})(?:000)?\]?(?!\d)")
# A proposal ends up in terminals and files: nothing but a name passes.
_PROPOSAL: Final = re.compile(r"[^\W\d_][\w()、·]{1,59}")
_LONGEST: Final = 60
_PORTAL: Final = "the portal file"
_INSIDE: Final = "the document itself"
_TITLE: Final = "the listed title"
_ARTICLE: Final = "the article's title"
_FILE: Final = "the file name"


def identify(
    register: Register,
    *,
    title: str,
    filename: str,
    facts: Facts,
    hints: Hints = _NOTHING_STATED,
    overrule: bool = True,
    article: str = "",
) -> Reading:
    """The identity of a document, or why it cannot be told.

    With `overrule` the hints hold against everything else: an operator had this very file before
    him. Without, a portal file stated them of a whole column, on which the portal may put other
    things any day: then they only fill in what nothing contradicts. `article` is the title of the
    article that carries the file, where it is another than the listed one: what it says otherwise
    is told and decides nothing, since pages put other words about their titles.

    Raises:
        RegisterError: the register's data is unusable (never because a document is).
    """
    own, listed, named = read_title(facts.title or ""), read_title(title), read_title(filename)
    voices = (
        _document_voice(register, facts, own),
        _title_voice(_TITLE, listed),
        _title_voice(_FILE, named),
    )
    inquiry = _Inquiry(register, voices, hints, overrule=overrule)
    inquiry.settle(listed, named)
    inquiry.hear(_title_voice(_ARTICLE, read_title(article)))
    return Reading(
        identity=inquiry.identity(),
        correction=own.correction or listed.correction or named.correction,
        reasons=tuple(dict.fromkeys(inquiry.fatal + inquiry.warnings)),
        proposal=inquiry.proposal,
    )


class _Inquiry:
    """One document's questions, asked in order: division, agency, level, year, kind."""

    def __init__(
        self, register: Register, voices: tuple[_Voice, ...], hints: Hints, *, overrule: bool
    ) -> None:
        self.register = register
        self.voices = voices
        self.hints = hints
        self.overrule = overrule
        self.fatal: list[str] = []
        self.warnings: list[str] = []
        self.proposal: str | None = None
        self.agency: Agency | None = None
        self.year: int | None = None
        self.kind: Kind | None = None

    def identity(self) -> Identity | None:
        if self.fatal or self.agency is None or self.year is None or self.kind is None:
            return None
        return Identity(
            division=self.agency.division,
            agency=self.agency.id,
            level=self.agency.level,
            year=self.year,
            kind=self.kind,
        )

    def settle(self, listed: Title, named: Title) -> None:
        self.year = self._agreed("year", self.hints.year, [(v.origin, v.year) for v in self.voices])
        self.kind = self._agreed("kind", self.hints.kind, [(v.origin, v.kind) for v in self.voices])
        level = self._agreed(
            "level", self._stated_level(), [(v.origin, v.level) for v in self.voices]
        )
        for origin, read in ((_TITLE, listed), (_FILE, named)):
            self._read_doubts(origin, read, level)
        division = self._division()
        if division is not None:
            self._settle_agency(division, level)
        if self.year is None:
            self.fatal.append("no fiscal year is stated")
        if self.kind is None:
            self.fatal.append("neither budget (预算) nor final account (决算) is stated")

    def hear(self, aside: _Voice) -> None:
        """Warn of what a source that decides nothing says otherwise than was settled."""
        self.warnings += [
            f"{aside.origin} says {what} {said}, settled is {settled}"
            for what, said, settled in (
                ("year", aside.year, self.year),
                ("kind", aside.kind, self.kind),
            )
            if said is not None and settled is not None and said != settled
        ]
        if self.agency is None or self.agency.level is not (aside.level or self.agency.level):
            return
        for name in aside.agencies[:1]:
            found = self.register.find(self.agency.division, name)
            if found and not _same(found, [self.agency]):
                self.warnings.append(f"{aside.origin} names {name}, settled is {self.agency.name}")

    def _read_doubts(self, origin: str, read: Title, level: Level | None) -> None:
        self.warnings += [f"{origin} {doubt}" for doubt in read.doubts]
        if read.part:
            says = f"{origin} speaks of a part or of another paper ({read.part})"
            overruled = self.overrule and self.hints.kind
            (self.warnings if overruled else self.fatal).append(says)
        if len(read.levels) > 1 and level is None:
            self.fatal.append(f"{origin} leaves open whether department or unit reports")
        for word, found, settled in (
            ("years", read.years, self.year),
            ("kinds", read.kinds, self.kind),
        ):
            if len(found) > 1 and settled is not None and settled not in found:
                self.fatal.append(f"{origin} names other {word} than {settled}")

    def _agreed(self, what: str, stated: V | None, said: list[tuple[str, V | None]]) -> V | None:
        """The value the sources agree on, with every disagreement noted."""
        spoken = [(origin, value) for origin, value in said if value is not None]
        if stated is not None and not self.overrule:
            spoken.insert(0, (_PORTAL, stated))
        elif stated is not None:
            self.warnings += [
                f"{origin} says {what} {value}, stated is {stated}"
                for origin, value in spoken
                if value != stated
            ]
            return stated
        if not spoken:
            return None
        first, chosen = spoken[0]
        for origin, value in spoken[1:]:
            if value != chosen:
                note = f"{first} says {what} {chosen}, {origin} says {value}"
                # A file name alone against document and title is a slip of the uploader.
                agreed = origin == _FILE and sum(v == chosen for _, v in spoken) > 1
                (self.warnings if agreed else self.fatal).append(note)
        return chosen

    def _division(self) -> str | None:
        stated = self.hints.division
        if self.hints.agency and _AGENCY_ID.fullmatch(self.hints.agency):
            own = self.hints.agency.partition(".")[0]
            if stated not in (None, own):
                self.fatal.append(f"the stated agency {self.hints.agency} is not of {stated}")
                return None
            stated = own
        said = [(v.origin, self._division_said(v)) for v in self.voices]
        if stated is not None:
            try:
                self.register.division(stated)
            except RegisterError as error:
                self.fatal.append(str(error))
                return None
        division = self._agreed("division", stated, said)
        if division is None:
            self.fatal.append("no source names a division of the register")
            self._propose(name for voice in self.voices for name in voice.agencies)
        return division

    def _division_said(self, voice: _Voice) -> str | None:
        if voice.division is not None:
            return voice.division
        named = {d.code for name in voice.agencies for d in self.register.divisions_named(name)}
        return named.pop() if len(named) == 1 else None

    def _stated_level(self) -> Level | None:
        if self.hints.agency and _AGENCY_ID.fullmatch(self.hints.agency):
            # An id already says department or unit; a level stated beside it must fit (see below).
            implied = Level.DEPARTMENT if self.hints.agency.count(".") == 1 else Level.UNIT
            return self.hints.level or implied
        return self.hints.level

    def _settle_agency(self, division: str, level: Level | None) -> None:
        stated = self.hints.agency
        said = self._said_agencies(division)
        if stated is None:
            candidates = self._agreed_agencies(said)
        elif not self.overrule:
            found = self._stated_agency(division, stated)
            candidates = self._agreed_agencies([(_PORTAL, stated, found), *said]) if found else []
        else:
            candidates = self._stated_agency(division, stated)
            self.warnings += [
                f"{origin} names {name}, stated is {stated}"
                for origin, name, found in said
                if candidates and not _same(found, candidates)
            ]
        if not candidates:
            return
        fitting = [a for a in candidates if level in (None, a.level)]
        if len(fitting) == 1:
            self.agency = fitting[0]
        elif not fitting:
            self.fatal.append(f"{candidates[0].name} is not registered as a {level}")
        elif len({a.level for a in fitting}) > 1 and level is None:
            self.fatal.append(
                f"{fitting[0].name} reports as a department and as a unit;"
                " no source says 部门 or 单位"
            )
        else:
            ids = ", ".join(a.id for a in fitting)
            self.fatal.append(f"the agency's name fits several: {ids}")

    def _stated_agency(self, division: str, stated: str) -> list[Agency]:
        try:
            if _AGENCY_ID.fullmatch(stated):
                return [self.register.agency(stated)]
        except RegisterError as error:
            self.fatal.append(str(error))
            return []
        found = self.register.find(division, stated)
        if not found:
            self.fatal.append(f"the stated agency {stated!r} is not in the register")
            self._propose([stated])
        return found

    def _said_agencies(self, division: str) -> list[tuple[str, str, list[Agency]]]:
        """(origin, name, agencies found) for every source that names one; not found: empty."""
        place = self.register.division(division)
        own = {fold(part + place.name) for part in ("", place.city, place.province + place.city)}
        said = []
        for voice in self.voices:
            names = [name for name in voice.agencies if fold(name) not in own]
            found = [(name, self.register.find(division, name)) for name in names]
            known = [(name, agencies) for name, agencies in found if agencies]
            said += [(voice.origin, name, agencies) for name, agencies in (known or found)[:1]]
        return said

    def _agreed_agencies(self, said: list[tuple[str, str, list[Agency]]]) -> list[Agency]:
        unknown = [name for _, name, found in said if not found]
        if unknown:
            self._propose(unknown)
        if not said:
            self.fatal.append("no source names an agency")
            return []
        origin, name, candidates = said[0]
        if not candidates:
            self.fatal.append(f"{origin} names {name!r}, which the register does not know")
            return []
        agreeing = 1
        for other, other_name, found in said[1:]:
            both = _common(candidates, found)
            if both:
                candidates, agreeing = both, agreeing + 1
            elif other == _FILE and agreeing > 1:
                self.warnings.append(f"{other} names {other_name!r}, not {name}")
            else:
                self.fatal.append(f"{origin} names {name!r}, {other} names {other_name!r}")
        return candidates

    def _propose(self, names: Iterable[str]) -> None:
        usable = (fold(name) for name in names if _PROPOSAL.fullmatch(fold(name)))
        self.proposal = self.proposal or next(usable, None)


def _common(one: list[Agency], other: list[Agency]) -> list[Agency]:
    ids = {agency.id for agency in other}
    return [agency for agency in one if agency.id in ids]


def _same(one: list[Agency], other: list[Agency]) -> bool:
    return bool(_common(one, other))


def _document_voice(register: Register, facts: Facts, own: Title) -> _Voice:
    agency = facts.agency or own.agency
    return _Voice(
        origin=_INSIDE,
        agencies=(agency[:_LONGEST],) if agency else own.others,
        level=facts.level or own.level,
        year=facts.year if facts.year is not None else own.year,
        kind=facts.kind or own.kind,
        division=_coded_division(register, facts.codes),
    )


def _title_voice(origin: str, title: Title) -> _Voice:
    return _Voice(
        origin=origin,
        agencies=(title.agency,) if title.agency else title.others,
        level=title.level,
        year=title.year,
        kind=title.kind,
    )


def _coded_division(register: Register, codes: tuple[str, ...]) -> str | None:
    known = {division.code for division in register.divisions()}
    coded = {match[1] for code in codes if (match := _CODED_DIVISION.match(code.strip()))} & known
    return coded.pop() if len(coded) == 1 else None
