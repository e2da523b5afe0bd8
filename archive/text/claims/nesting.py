"""What is part of what: "其中：…", brackets after a figure, and lists over several paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from archive.model import Role
from archive.text.claims.drafts import Draft

__all__ = ["Nesting"]

_LIST_FOLLOWS: Final = re.compile(r"(?:其中|包括|用于|如下|方面)[:：]?$")
_PART_FOLLOWS: Final = re.compile(r"其中[:：]?$")
_DEEPEST: Final = 40
_NEW_MATTER: Final = re.compile(r"20\d\d年|截[至止]|根据|按照")
"""An unnumbered paragraph that begins so is no item of the list above it."""


class _Kind(Enum):
    BASE = auto()
    LIST = auto()
    PART = auto()
    OPENER = auto()
    BRACKET = auto()


@dataclass
class _Group:
    kind: _Kind
    parents: list[int]
    """Claims the members are part of: one subject's figures, such as its budget and its outcome."""
    opened: int = 0
    """How many claims there were when it was opened."""
    style: str | None = None
    """How the items of a list are numbered; None until the first is seen."""
    current: list[int] = field(default_factory=list)
    """The figures of the subject last spoken of at this level."""
    members: int = 0
    """How many subjects were spoken of at this level since the group or list item began."""
    semicolons: int = 0


class Nesting:
    """Keeps the open groups while a document is read; it names no parent it is not sure of."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._groups: list[_Group] = []
        self.reset()

    def reset(self) -> None:
        """A heading ends every list."""
        self._groups = [_Group(_Kind.BASE, [])]

    @property
    def _top(self) -> _Group:
        return self._groups[-1]

    def item(self, style: str, text: str) -> None:
        """A paragraph begins: find the list it is an item of, by how it is numbered."""
        known = [
            at
            for at, group in enumerate(self._groups)
            if group.kind is _Kind.LIST and group.style == style
        ]
        top = self._top
        if known and not (style == "" and _NEW_MATTER.match(text)):
            del self._groups[known[-1] + 1 :]
        elif top.kind is _Kind.LIST and top.style is None and not _NEW_MATTER.match(text):
            top.style = style
        elif top.kind is not _Kind.BASE:
            if style == "" and top.style in (None, ""):
                self._groups.pop()
            else:
                self._groups.append(_Group(_Kind.LIST, [], style=style))
        self._top.current, self._top.members = [], 0

    def add(self, index: int) -> None:
        """A value or count was stated at the present level."""
        top = self._top
        if top.current and self._drafts[top.current[-1]].subject == self._drafts[index].subject:
            top.current.append(index)
        else:
            top.current = [index]
            top.members += 1

    def part(self) -> None:
        """ "其中" was read."""
        self._push(_Kind.PART, list(self._top.current))

    def opener(self, unit_first: int) -> None:
        """ "包括：" or the like was read; it opens the parts of a figure just stated."""
        current = self._top.current
        if current and current[0] >= unit_first and self._top.kind is not _Kind.PART:
            self._push(_Kind.OPENER, list(current))

    def bracket(self) -> None:
        """A bracket was opened right behind the last figure."""
        last = len(self._drafts) - 1
        self._push(_Kind.BRACKET, [last] if self._drafts[last].role in _WHOLE else [])

    def close_bracket(self) -> None:
        """The bracket was closed, and with it all that was opened inside."""
        for at in range(len(self._groups) - 1, -1, -1):
            if self._groups[at].kind is _Kind.BRACKET:
                del self._groups[at:]
                return

    def semicolon(self) -> None:
        """ "；" ends a list of mere words, and "其中：甲1元、乙2元；": the parts were told.

        After one part it may go on ("其中：甲1元；乙2元") within one 其中; within two, nobody can
        say which goes on.
        """
        while self._top.kind is _Kind.OPENER and self._top.opened == len(self._drafts):
            self._groups.pop()
        top = self._top
        if top.kind is _Kind.PART and top.members > 1 and not top.semicolons:
            self._groups.pop()
            return
        top.semicolons += 1
        if sum(group.kind in (_Kind.PART, _Kind.OPENER) for group in self._groups) > 1:
            top.parents = []

    def stop(self) -> None:
        """ "。" ends every group opened within the paragraph."""
        while self._top.kind not in (_Kind.BASE, _Kind.LIST):
            self._groups.pop()

    def end_paragraph(self, text: str) -> None:
        """The paragraph ends; its last words may open a list of the paragraphs that follow."""
        parents: list[int] = []
        if _PART_FOLLOWS.search(text):
            if self._top.kind is _Kind.PART and self._top.opened == len(self._drafts):
                parents = self._top.parents
        elif all(group.kind is not _Kind.PART for group in self._groups):
            self.stop()
            parents = list(self._top.current) if self._top.members == 1 else []
        self.stop()
        if _LIST_FOLLOWS.search(text):
            self._push(_Kind.LIST, parents)

    def parent(self, draft: Draft) -> int | None:
        """The one claim that a new one is part of: same unit, same 预算 or 决算; else None."""
        top = self._top
        if top.kind is _Kind.LIST and top.current:
            first = self._drafts[top.current[0]]
            if top.members > 1 or first.subject != draft.subject:
                return None
        fitting = [index for index in top.parents if _may_hold(self._drafts[index], draft)]
        return fitting[0] if len(fitting) == 1 else None

    def _push(self, kind: _Kind, parents: list[int]) -> None:
        if len(self._groups) < _DEEPEST:
            self._groups.append(_Group(kind, parents, opened=len(self._drafts)))


_WHOLE: Final = (Role.VALUE, Role.COUNT)
_SIBLINGS: Final = {"基本支出", "项目支出"}
_MONEY: Final = ("元", "万元", "亿元")


def _may_hold(whole: Draft, part: Draft) -> bool:
    if whole.basis != part.basis or {whole.subject, part.subject} == _SIBLINGS:
        return False
    if whole.unit in _MONEY:
        return part.unit in _MONEY
    return whole.unit == part.unit
