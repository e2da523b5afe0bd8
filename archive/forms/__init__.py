"""The forms: what each standard table is called and what its columns mean, one TOML a form.

A new title, header or column is one line in one of these files. Tables are identified by
normalised title plus header, never by their number: numbering of the same table differs between
cities and years (财预〔2016〕143号 lists the tables, not their numbers).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import msgspec

from archive.forms.blocks import Block, Layout, Shape
from archive.forms.declared import Equation, Rate, Tie
from archive.model import Classification, Kind

__all__ = [
    "Block",
    "Form",
    "Layout",
    "Measure",
    "Shape",
    "Title",
    "forms",
    "identify",
    "plain",
    "title_of",
]

_QUOTES: Final = str.maketrans(
    dict.fromkeys("“”„‟″＂「」『』〝〞", '"') | dict.fromkeys("－—–―", "-") | {"〔": "(", "〕": ")"}
)
_SPACE: Final = re.compile(r"\s+")
_LONGEST: Final = 60
"""Longer texts are seldom names or headers, and are not kept in memory."""
_YEAR: Final = re.compile(r"(20\d\d)年?(?:度)?")
_NUMBER: Final = re.compile(
    r"^(?:附件?)?(?:表[一二三四五六七八九十\d]+(?:-\d+)?[.、,:]?|(?:\d+|[一二三四五六七八九十]+)[.、,:])(?=\D)"
)
_SUFFIX: Final = re.compile(r"(?:\((?:表[一二三四五六七八九十\d-]+|续|续表|汇总|公开\d+表)\))+$")
_ORGANISATION: Final = re.compile(
    r"(?:部门|单位|预算单位|本级|本部|汇总|[局委办室部院所校园馆站队会镇乡处团社厅庭台库区县]|中心|街道|公司|集团)\)?$"
)

_PROJECT_NAME: Final = re.compile(r"[^,.;:!?。；！？…]{0,50}")


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A money column: its canonical name and the header paths it is printed under."""

    name: str
    headers: tuple[str, ...]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One standard table."""

    id: str
    kind: Kind
    title: str
    titles: tuple[str, ...]
    classification: Classification
    measures: tuple[Measure, ...] = ()
    required: bool = True
    """Must every department print it, even empty (财预〔2016〕143号)?"""
    sided: bool = False
    """Income beside expenditure."""
    across: bool = False
    """May print its line items as columns over a single row of figures."""
    default_measure: str | None = None
    """The measure of a figure whose header names only the line item."""
    columns: dict[str, tuple[str, ...]] = {}
    """Attribute ("name", "function", "category" …) -> header of the column that holds it."""
    layout: Layout = Layout.TABLE
    fields: tuple[str, ...] = ()
    """Blocks: labels whose value stands to their right; a label that names a measure is one too."""
    subject: tuple[str, ...] = ()
    """Blocks: the labels whose value says what the form is about (a project, a unit)."""
    blocks: tuple[Block, ...] = ()
    per_project: bool = False
    """One form a project; the project's name may stand before the title."""
    heading: bool = False
    """Its title is a heading of the text and stays there."""
    lines: dict[str, tuple[str, ...]] = {}
    """Line of the equations and ties -> the names it is printed under, without numbering."""
    equations: tuple[Equation, ...] = ()
    """What its figures must satisfy (archive/forms/inside.py)."""
    ties: tuple[Tie, ...] = ()
    """What another form of the same document prints as well (archive/forms/ties.py)."""
    rates: tuple[Rate, ...] = ()
    """Percentages its lines print beside the figures they come from."""

    def measure(self, path: str) -> str | None:
        """The canonical measure printed under this header path, or None."""
        known = _measures(self.id)
        header = plain(path)
        return known.get(header) or known.get(_YEAR.sub("", header))


class Title(msgspec.Struct, frozen=True):
    """A printed table title taken apart."""

    core: str
    """What names the table, normalised."""
    year: int | None
    owner: str
    """The agency's name printed before it, if any; none for forms that a document prints several
    times: there it is a unit's or a project's."""


def plain(text: str) -> str:
    """Text as compared: NFKC, one kind of quotation marks and dashes, no white space.

    >>> plain("财政拨款“三公 ”经费")
    '财政拨款"三公"经费'
    """
    return _short(text) if len(text) <= _LONGEST else _plain(text)


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text.translate(_QUOTES)))


_short = lru_cache(maxsize=8192)(_plain)
"""The same few thousand names and headers are compared again and again."""


@cache
def forms() -> dict[str, Form]:
    """All forms by id, read once.

    Raises:
        ValueError: a form file is malformed, or two forms claim one title.
    """
    found: dict[str, Form] = {}
    claimed: dict[tuple[Kind, str], str] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            form = msgspec.toml.decode(file.read_bytes(), type=Form)
        except msgspec.DecodeError as error:
            raise ValueError(f"{file.name}: {error}") from error
        for title in form.titles:
            other = claimed.setdefault((form.kind, plain(title)), form.id)
            if other != form.id:
                raise ValueError(f"{file.name}: title {title} already belongs to {other}")
        found[form.id] = form
    return found


@cache
def _measures(form_id: str) -> dict[str, str]:
    form = forms()[form_id]
    return {plain(header): m.name for m in form.measures for header in m.headers}


@cache
def _titles() -> dict[str, tuple[Form, ...]]:
    by_title: dict[str, tuple[Form, ...]] = {}
    for form in forms().values():
        for title in form.titles:
            by_title[plain(title)] = (*by_title.get(plain(title), ()), form)
    return by_title


def title_of(text: str) -> Title:
    """A title line taken apart: year, owner and table number off, the table's own name left."""
    core = plain(text)
    years = {int(year) for year in _YEAR.findall(core)}
    core = _YEAR.sub("", core, count=1) if years else core
    core = _SUFFIX.sub("", core)
    core = _NUMBER.sub("", core)
    owner = ""
    for title in _longest_first():
        if core.endswith(title):
            prefix = core[: -len(title)]
            if title in _several_times():
                core = title if _before_form(title, prefix) else core
            elif not prefix or _ORGANISATION.search(prefix):
                owner, core = prefix, title
            break
    return Title(core, years.pop() if len(years) == 1 else None, owner)


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_titles(), key=len, reverse=True))


@cache
def _several_times() -> dict[str, bool]:
    """Titles of forms printed once a unit or once a project -> is it once a project?"""
    several = (form for form in forms().values() if form.layout is Layout.BLOCKS)
    return {plain(title): form.per_project for form in several for title in form.titles}


def _before_form(title: str, prefix: str) -> bool:
    if not prefix or _ORGANISATION.search(prefix):
        return True
    return _several_times()[title] and bool(_PROJECT_NAME.fullmatch(prefix))


def identify(text: str) -> tuple[Form, ...]:
    """The forms a title line names: none, one, or several where kinds share a title.

    The longest alias that ends the line wins, and what stands before it must be an agency's name
    or nothing: "农田建设资金支出决算表" is not 支出决算表. Only before the title of a form that is
    printed once a project may the project's name stand.
    """
    return _titles().get(title_of(text).core, ())
