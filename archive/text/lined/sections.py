"""Lines → the stretches that belong to one table, each below the title of a form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from archive import forms
from archive.forms import Form, Layout, plain
from archive.model import Kind, Unit
from archive.text.captions import ENTITY, TABLE_NUMBER, UNIT, unit_in
from archive.text.columns import NOTHING, TOTAL
from archive.text.lined.head import is_numbering
from archive.text.lined.source import TextLine, figure, figures_at_end, tokens
from archive.text.lines import tight
from archive.text.prose import numbered
from archive.text.tables import PAGE_NUMBER, is_comment

__all__ = ["Section", "kind_of", "sections"]

_CODE: Final = re.compile(r"^\d{3}(?:\d{2}){0,2}$|^\d{3}\d{3}$|^\d{4}$")
_DAMAGED_CODE: Final = re.compile(r"^\d[\d,， ]{4,9}$")
_OUTLINE: Final = re.compile(
    r"^(?:[一二三四五六七八九十廿]+、|[（(][一二三四五六七八九十廿]+[)）]|其中[:：])"
)
_PART: Final = re.compile(r"^第[一二三四五六七八九十]+部分")
_SAYS: Final = re.compile(r"(情况说明|说明|绩效自评综述)|[，。；].*[，。；]")
_NOTE: Final = re.compile(r"^(注|备注|说明)\s*[:：]")
_FIGURE_CAPTION: Final = re.compile(r"^图\s*\d+\s*[:：]")
_MOST_HEAD: Final = 120
_NOTE_LINES: Final = 6


@dataclass
class Section:
    """One table in a text: its title, the lines of its head, of its rows, and its notes."""

    title: TextLine
    form: Form
    name: str
    """The title, as printed."""
    above: list[str] = field(default_factory=list)
    head: list[TextLine] = field(default_factory=list)
    rows: list[TextLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unit: Unit | str | None = None

    @property
    def tabbed(self) -> bool:
        """Whether its cells are parted by tabs."""
        return any("\t" in line.text for line in (*self.head, *self.rows))


def kind_of(lines: Sequence[TextLine]) -> Kind | None:
    """Whether the titles of its tables are those of a budget or of a final account."""
    kinds: Counter[Kind] = Counter()
    for line in lines:
        found = _named(line)
        if len({form.kind for form in found}) == 1:
            kinds[found[0].kind] += 1
    return kinds.most_common(1)[0][0] if kinds else None


def sections(lines: Sequence[TextLine]) -> tuple[list[Section], list[TextLine]]:
    """The tables and the lines outside all of them, which are prose."""
    kind = kind_of(lines)
    found: list[Section] = []
    outside: list[TextLine] = []
    index = 0
    while index < len(lines):
        form = _form(lines[index], kind)
        if form is None:
            outside.append(lines[index])
            index += 1
            continue
        section = Section(lines[index], form, tight(lines[index].text))
        _take_above(section, outside)
        index = _Cutter(lines, section, kind).cut(index + 1)
        found.append(section)
    return found, outside


def _named(line: TextLine) -> tuple[Form, ...]:
    if len(line.text) > 120 or "\t" in line.text.strip():
        return ()
    return forms.identify(UNIT.sub("", line.text))


def _form(line: TextLine, kind: Kind | None) -> Form | None:
    found = _named(line)
    if len(found) > 1:
        found = tuple(form for form in found if form.kind is kind)
    return found[0] if len(found) == 1 and not found[0].heading else None


def _take_above(section: Section, outside: list[TextLine]) -> None:
    while outside and (TABLE_NUMBER.match(tight(outside[-1].text)) or unit_in(outside[-1].text)):
        line = outside.pop()
        section.above.insert(0, tight(line.text))
        section.unit = unit_in(line.text) or section.unit
    if section.unit is None:
        section.unit = unit_in(section.title.text)


class _Cutter:
    """Finds the end of one table."""

    def __init__(self, lines: Sequence[TextLine], section: Section, kind: Kind | None) -> None:
        self.lines = lines
        self.section = section
        self.kind = kind
        self.numbering = 0

    def cut(self, start: int) -> int:
        """Fill the section from the line below its title on; returns where it ends."""
        index = start
        while index < len(self.lines):
            line = self.lines[index]
            text = tight(line.text)
            if self._ends(index, line, text):
                return index
            if self._label(line, text) or self._page_number(text):
                index += 1
                continue
            if self.section.form.layout is not Layout.TABLE:
                self.section.rows.append(line)
            elif _NOTE.match(text) or is_comment(text):
                return self._notes(index)
            elif plain(text) in NOTHING:
                self.section.notes.append(text)
            elif self.section.rows or self._is_row(index):
                self.section.rows.append(line)
            else:
                self._head(line)
            index += 1
        return self._end_of_frame(index)

    def _end_of_frame(self, index: int) -> int:
        """Give back what follows a frame whose cells are parted by tabs: it is none of its rows."""
        rows = self.section.rows
        if self.section.form.layout is Layout.TABLE or not self.section.tabbed:
            return index
        while rows and "\t" not in rows[-1].text:
            index = self.lines.index(rows.pop())
        return index

    def _ends(self, index: int, line: TextLine, text: str) -> bool:
        if _form(line, self.kind) is not None or _PART.match(text):
            return True
        if TABLE_NUMBER.match(text) and not self._numbers_on(text):
            return bool(self.section.rows) or self._titled_next(index)
        if self.section.form.layout is not Layout.TABLE:
            if _NOTE.match(text) and "\t" not in line.text:
                return True
            prose = numbered(text) or text.endswith("。")
            return bool(prose) and "\t" not in line.text and self.section.tabbed
        if _FIGURE_CAPTION.match(text) or len(self.section.head) > _MOST_HEAD:
            return True
        if "\t" in line.text or figures_at_end(tokens(line)):
            return False
        return (bool(_SAYS.search(text)) and not _NOTE.match(text) and not is_comment(text)) or (
            numbered(text) == 2 and not self.section.head
        )

    def _page_number(self, text: str) -> bool:
        """A number alone on a line; where columns are numbered or codes due, it may be theirs."""
        if self.numbering and not self.section.rows:
            return False
        if self.section.form.layout is not Layout.TABLE and text.isdigit():
            return False
        return bool(PAGE_NUMBER.match(text)) and not re.fullmatch(r"\d{3,}", text)

    def _numbers_on(self, text: str) -> bool:
        return text.isdigit()

    def _titled_next(self, index: int) -> bool:
        after = self.lines[index + 1 : index + 3]
        return any(_form(line, self.kind) is not None for line in after)

    def _label(self, line: TextLine, text: str) -> bool:
        """Unit, who reports, table number: said of the table, no row of it."""
        unit = unit_in(line.text)
        if unit is not None and self.section.unit is None:
            self.section.unit = unit
        if ENTITY.match(text) or (unit is not None and len(UNIT.sub("", text)) < 40):
            self.section.above.append(text)
            return True
        if TABLE_NUMBER.match(text) and not self._numbers_on(text):
            self.section.above.append(text)
            return True
        return bool(re.fullmatch(r"[（(](汇总|续表?)[)）]", text))

    def _head(self, line: TextLine) -> None:
        self.section.head.append(line)
        self.numbering += is_numbering(line.text, self.numbering)

    def _is_row(self, index: int) -> bool:
        """Whether the first row begins here rather than one more line of the head."""
        line = self.lines[index]
        if is_numbering(line.text, self.numbering) or not self.section.head:
            return False
        pieces = tokens(line)
        first = pieces[0].text
        if _OUTLINE.match(first) or (_CODE.match(first) and self._word_follows(index)):
            return True
        cells = [cell for cell in line.cells if cell]
        if cells and _DAMAGED_CODE.match(cells[0]) and len(cells) > 2:
            return True
        count = figures_at_end(pieces)
        if TOTAL.search(plain(first)):
            return count > 0 or (len(pieces) == 1 and self._total_row(index))
        if any("." in piece.text and piece.is_figure for piece in pieces):
            return True
        return self.section.form.across and count == len(pieces) and count > 1

    def _word_follows(self, index: int) -> bool:
        pieces = tokens(self.lines[index])
        if len(pieces) == 1 and index + 1 < len(self.lines):
            pieces = [pieces[0], *tokens(self.lines[index + 1])]
        return len(pieces) > 1 and (not figure(pieces[1].text) or bool(_CODE.match(pieces[1].text)))

    def _total_row(self, index: int) -> bool:
        """合计 alone in a line: a row without figures, where no more head cells follow."""
        if self.section.form.across:
            return False
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        numbers = self.numbering > 0
        return numbers or after is None or bool(_NOTE.match(tight(after.text)))

    def _notes(self, index: int) -> int:
        """Take the note and the lines that carry it on; what follows is the next thing."""
        taken = 0
        while index < len(self.lines):
            line = self.lines[index]
            text = tight(line.text)
            begins = bool(_NOTE.match(text)) or is_comment(text)
            open_ = bool(self.section.notes) and not self.section.notes[-1].endswith(("。", "；"))
            numbered_note = bool(re.match(r"^\d+[.、．]", text)) and taken > 0
            if self._ends_notes(line, text) or not (begins or numbered_note or (open_ and taken)):
                break
            if begins or numbered_note:
                self.section.notes.append(text)
                taken = _NOTE_LINES
            else:
                self.section.notes[-1] += text
                taken -= 1
            index += 1
        while index < len(self.lines) and self._trailing(index):
            self._label(self.lines[index], tight(self.lines[index].text))
            index += 1
        return index

    def _ends_notes(self, line: TextLine, text: str) -> bool:
        return bool(
            _form(line, self.kind) is not None or _PART.match(text) or TABLE_NUMBER.match(text)
        )

    def _trailing(self, index: int) -> bool:
        """A unit printed below a table that has none above belongs to it."""
        text = self.lines[index].text
        return self.section.unit is None and unit_in(text) is not None and len(text.strip()) < 20
