"""A claim → the cells of the statements it speaks of, or why no cell is sure.

A binding is never a guess: the whole subject must be a known name (subjects.toml), a 类款项 path, a
class, or a project that one line item carries; every alternative must be one cell. Everything else
stays unbound, and its reason is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from archive.forms import plain
from archive.model import Basis, Binding, Document, Kind, LineItem, Role, Statement
from archive.text.claims.drafts import Draft

__all__ = ["Binder"]

Bound = tuple[tuple[Binding, ...], str]
_NO_NAME: Final = "no statement prints a figure of this name"
_NOT_PRINTED: Final = "the statement that prints it was not read, or has no such cell"
_NOT_ONE: Final = "more than one cell could be meant"
_ROW_NUMBER: Final = re.compile(
    r"^(?:其中:|[一二三四五六七八九十廿]+、|\([一二三四五六七八九十廿]+\)|\d+[.、])+"
)
_CLASS: Final = re.compile(r"^([^()]+?)(?:\(类\)|类支出)(?:支出)?$")
_PATH: Final = re.compile(
    r"^(?P<class>.+?)\((?P<c1>\d{3})?类\)(?P<group>.+?)\((?P<c2>\d{2})?款\)(?P<item>.+?)"
    r"\((?P<c3>\d{2})?项\)$"
)
_FUNCTIONAL: Final = {
    ("general", Kind.FINAL): ("final.general_function",),
    ("general", Kind.BUDGET): ("budget.general_function",),
    ("expenditure", Kind.FINAL): ("final.expenditure",),
    ("expenditure", Kind.BUDGET): ("budget.expenditure",),
    ("guide", Kind.BUDGET): ("budget.general_function", "budget.fund", "budget.soe"),
    ("fund", Kind.FINAL): ("final.fund",),
    ("fund", Kind.BUDGET): ("budget.fund",),
    ("soe", Kind.FINAL): ("final.soe",),
    ("soe", Kind.BUDGET): ("budget.soe",),
}
"""Which statement's functional classification a section goes through."""
_CLASSES: Final = {
    ("fiscal", Kind.FINAL): "final.fiscal",
    ("fiscal", Kind.BUDGET): "budget.fiscal",
    ("total", Kind.FINAL): "final.total",
    ("total", Kind.BUDGET): "budget.total",
}
"""Where a section's classes are rows of a two-sided statement."""
_LONGEST_NAME: Final = 120
"""No line item's path is longer; a longer text is not searched for one."""
_TOTALS: Final = ("合计", "本年支出", "预算数", "决算数")


class _Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]
    sections: tuple[str, ...] = ()
    final: tuple[tuple[str, ...], ...] = ()
    budget: tuple[tuple[str, ...], ...] = ()


class _Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subject: tuple[_Subject, ...]


@cache
def _subjects() -> dict[str, tuple[_Subject, ...]]:
    data = resources.files(__package__).joinpath("subjects.toml").read_bytes()
    known: dict[str, tuple[_Subject, ...]] = {}
    for subject in msgspec.toml.decode(data, type=_Subjects).subject:
        for name in subject.names:
            known[_key(name)] = (*known.get(_key(name), ()), subject)
    return known


def _key(text: str) -> str:
    return plain(text).replace('"', "")


class _Table:
    """A statement's line items by name, by functional path and by code."""

    def __init__(self, statement: Statement) -> None:
        self.form = statement.form
        self.rows: dict[str, list[LineItem]] = {}
        self.codes: dict[str, list[LineItem]] = {}
        for item in statement.items:
            self.rows.setdefault(_ROW_NUMBER.sub("", _key(item.name)), []).append(item)
            if item.code:
                self.codes.setdefault(item.code, []).append(item)
        self._carried = _carried_over(statement.items)
        self._paths: dict[tuple[str, ...], list[LineItem]] | None = None

    def named(self, name: str, side: str = "") -> list[LineItem]:
        """The line items of this name; of several on one side, the year's own before a carry-over.

        一般公共预算财政拨款 stands above 本年收入合计 and again below it, carried over.
        """
        items = [
            item
            for item in self.rows.get(name, [])
            if (item.side or "").startswith(side) and not item.attributes.get("block")
        ]
        own = [item for item in items if id(item) not in self._carried]
        return own if len(items) > 1 and len(own) == 1 else items

    @property
    def paths(self) -> dict[tuple[str, ...], list[LineItem]]:
        """类, 款 and 项 names → line items; built when first asked for."""
        if self._paths is None:
            self._paths = {}
            for code, items in self.codes.items():
                if len(code) == 7:
                    names = [self._one(code[:3]), self._one(code[:5])]
                    for item in items:
                        path = tuple(_key(n) for n in (*names, item.name))
                        self._paths.setdefault(path, []).append(item)
        return self._paths

    def _one(self, code: str) -> str:
        items = self.codes.get(code, [])
        return items[0].name if len(items) == 1 else ""


class Binder:
    """Binds the claims of one document."""

    def __init__(self, document: Document) -> None:
        self._kind = document.facts.kind
        self._year = document.facts.year
        self._tables: dict[str, _Table | None] = {}
        self._notes: dict[str, str] = {}
        for statement in document.statements:
            seen = statement.form in self._tables
            self._tables[statement.form] = None if seen else _Table(statement)
            self._notes[statement.form] = "".join(statement.notes)
        self._known: dict[tuple[str, str], Bound] = {}

    def bind(self, draft: Draft) -> Bound:
        """The cells, or () and the reason."""
        reason = self._unfit(draft)
        if reason:
            return (), reason
        key = (draft.subject, draft.section)
        if key not in self._known:
            self._known[key] = self._find(_key(draft.subject), draft.section)
        found, reason = self._known[key]
        if found and not self._is_usual(draft):
            return self._planned(draft, found)
        return found, reason

    # --- what can be bound at all ---

    def _unfit(self, draft: Draft) -> str:
        if self._kind is None:
            return "the document does not say whether it is a budget or a final account"
        if draft.broken:
            return "its sentence is broken off before it"
        if draft.aside:
            return "it stands in a reason or a purpose"
        if draft.role is Role.COUNT:
            return "no statement prints counts"
        if draft.role is Role.PREVIOUS:
            return "it is a figure of an earlier year"
        if draft.dated or (draft.year is not None and draft.year != self._year):
            return "it is not a figure of the document's year"
        if not draft.subject:
            return "what it speaks of is not said"
        return ""

    def _is_usual(self, draft: Draft) -> bool:
        usual = Basis.FINAL if self._kind is Kind.FINAL else Basis.BUDGET
        return draft.basis is usual

    def _planned(self, draft: Draft, found: tuple[Binding, ...]) -> Bound:
        """A final account's own statements print a plan in one place: 三公经费, 预算数.

        Which of its plans that is (年初 or 全年), only the statement's note says.
        """
        if self._kind is not Kind.FINAL or any(b.form != "final.sangong" for b in found):
            return (), "this document's statements do not print this kind of figure"
        note = self._notes["final.sangong"]
        said = {
            Basis.BUDGET: True,
            Basis.FULL_YEAR: "全年预算" in note and "年初预算" not in note,
            Basis.ORIGINAL: "年初预算" in note and "全年预算" not in note,
        }
        if draft.basis is None or not said.get(draft.basis, False):
            return (), "the statement does not say that its 预算数 is this one"
        return self._measured(found, "预算数")

    def _measured(self, found: Iterable[Binding], measure: str) -> Bound:
        return tuple(msgspec.structs.replace(b, measure=measure) for b in found), ""

    # --- finding ---

    def _find(self, name: str, section: str) -> Bound:
        entries = _subjects().get(name, ())
        fitting = [e for e in entries if not e.sections or section in e.sections]
        specific = [e for e in fitting if e.sections] or fitting
        if entries:
            if not specific:
                return (), "which statement it speaks of is not said"
            return self._listed(specific[0])
        if len(name) > _LONGEST_NAME:
            return (), _NO_NAME
        path = _PATH.match(name)
        if path:
            return self._functional(path, section)
        if name.count("-") == 2:
            return self._dashed(name, section)
        by_class = _CLASS.match(name)
        bound = self._class(by_class[1] if by_class else name, section)
        return bound if bound[0] or by_class else self._project(name, section, bound[1])

    def _listed(self, subject: _Subject) -> Bound:
        reason = _NOT_PRINTED
        for entry in subject.final if self._kind is Kind.FINAL else subject.budget:
            found: list[Binding] = []
            for cell in entry:
                form, side, rows, measures = cell.split("/")
                bound, reason = self._cell(form, side, rows.split("|"), measures.split("|"))
                if not bound:
                    break
                found += bound
            else:
                return tuple(found), ""
            if reason == _NOT_ONE:
                break
        return (), reason

    def _cell(self, form: str, side: str, rows: Sequence[str], measures: Sequence[str]) -> Bound:
        table = self._tables.get(form)
        if table is None:
            return (), _NOT_ONE if form in self._tables else _NOT_PRINTED
        items = [item for row in rows for item in table.named(row, side)]
        return self._one(form, items, measures)

    def _one(self, form: str, items: Sequence[LineItem], measures: Sequence[str]) -> Bound:
        """One line item; the totals of an expenditure side split in two ways are one figure."""
        if not items:
            return (), _NOT_PRINTED
        if len(items) > 1 and not (
            all(item.total for item in items) and len({item.side for item in items}) == len(items)
        ):
            return (), _NOT_ONE
        found = []
        for item in items:
            measure = next((m for m in measures if m in item.amounts), None)
            if measure is None:
                return (), _NOT_PRINTED
            found.append(_binding(form, item, measure))
        return tuple(found), ""

    def _functional(self, path: re.Match[str], section: str) -> Bound:
        codes = (path["c1"], path["c2"], path["c3"])
        names = (path["class"], path["group"], path["item"])
        return self._in_classification(names, codes, section)

    def _dashed(self, name: str, section: str) -> Bound:
        names = tuple(name.removesuffix("科目").split("-"))
        return self._in_classification(names, (None, None, None), section)

    def _in_classification(
        self, names: tuple[str, ...], codes: tuple[str | None, ...], section: str
    ) -> Bound:
        if self._kind is None or (section, self._kind) not in _FUNCTIONAL:
            return (), "which statement it speaks of is not said"
        forms = _FUNCTIONAL[section, self._kind]
        if not self._read(forms):
            return (), _NOT_PRINTED
        found: list[Binding] = []
        for form in forms:
            table = self._tables.get(form)
            if table is None:
                continue
            if all(codes):
                code = "".join(code or "" for code in codes)
                items = [i for i in table.codes.get(code, []) if _key(i.name) == names[-1]]
            else:
                items = table.paths.get(names, [])
            if items:
                bound, reason = self._one(form, items, _TOTALS)
                if not bound:
                    return (), reason
                found += bound
        if len(found) > 1:
            return (), _NOT_ONE
        return tuple(found), "" if found else "no line item has this 类, 款 and 项"

    def _class(self, name: str, section: str) -> Bound:
        """A class by its bare name: a row of the statement that the section explains."""
        if self._kind is None:
            return (), _NO_NAME
        two_sided = _CLASSES.get((section, self._kind))
        if two_sided:
            return self._row(two_sided, name, "支出")
        forms = _FUNCTIONAL.get((section, self._kind), ())
        for form in forms:
            table = self._tables.get(form)
            items = table.named(name) if table else []
            classes = [item for item in items if item.level == 1 and len(item.code) == 3]
            if classes:
                return self._one(form, classes, _TOTALS)
        return (), _NO_NAME if not forms or self._read(forms) else _NOT_PRINTED

    def _read(self, forms: Iterable[str]) -> bool:
        """Whether any of these statements was read."""
        return any(self._tables.get(form) is not None for form in forms)

    def _row(self, form: str, name: str, side: str) -> Bound:
        bound, reason = self._cell(form, side, [name], _TOTALS)
        return bound, _NO_NAME if reason == _NOT_PRINTED and self._read([form]) else reason

    def _project(self, name: str, section: str, reason: str) -> Bound:
        table = self._tables.get("budget.project")
        if table is None or section not in ("projects", "general"):
            return (), reason
        items = table.named(name) or table.named(name.removesuffix("项目"))
        if not items:
            return (), _NO_NAME
        return self._one("budget.project", items, ("合计",))


def _carried_over(items: Iterable[LineItem]) -> set[int]:
    """Line items below the 合计 of the year's own income: what earlier years left."""
    below: set[int] = set()
    summed: set[str | None] = set()
    for item in items:
        if item.side in summed and not item.total:
            below.add(id(item))
        elif _key(item.name) == "本年收入合计":
            summed.add(item.side)
    return below


def _binding(form: str, item: LineItem, measure: str) -> Binding:
    return Binding(
        form,
        item.name,
        measure,
        code=item.code,
        side=item.side,
        occurrence=item.occurrence,
        block=item.attributes.get("block", ""),
    )
