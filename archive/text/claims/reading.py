"""Paragraphs, in order → drafts of claims: role, subject, year, comparison and nesting."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final

import msgspec

from archive.model import Basis, Facts, Kind, Paragraph, Reference, Role
from archive.text.claims.drafts import Draft, Exclusion
from archive.text.claims.figures import Figure, Mark, scan, worth_reading
from archive.text.claims.nesting import Nesting
from archive.text.claims.phrases import Words, change, direction, numbering, piece
from archive.text.claims.roles import role_of
from archive.text.claims.sections import section
from archive.text.claims.sentences import sentences

__all__ = ["MOST", "Reader"]

_DEFAULT: Final = {Kind.BUDGET: Basis.BUDGET, Kind.FINAL: Basis.FINAL}
_TITLE: Final = re.compile(r"^[^，。：；:;]{2,40}(?:说明|职能|职责|设置|解释|概况|附件)$")
_NEXT_REASON: Final = re.compile(r"\s*(?:[一二三四五六]是|[二三四五六]、)")
_NAMED: Final = re.compile(r"(?:项[）)]|款[）)]|类[）)]|项目|经费|费|支出|科目)[”\"]?$")
_ITEM: Final = re.compile(
    r"^\s*(?:\d{1,2}[.、．]|[（(](?:[一二三四五六七八九十]+|\d{1,2})[）)]|[一二三四五六七八九十]+[、是])"
    r"[^，、；]{2,30}$"
)
"""A list item that is a name alone: "1.公务接待费。" """
_COUNTED: Final = re.compile(
    r"(?:一级|二级)?(?:全额拨款|参公|内设|行政|预算)?(?:事业)?"
    r"(?:项目(?:支出)?(?:绩效目标)?|单位|机构|机关|部门|绩效指标|指标|问题)"
)
_LEFT: Final = 600
"""How far back the words of a figure may begin, in characters; beyond, no subject is read."""
_QUOTED: Final = 600
"""A longer sentence is quoted this far around its figure."""
_BACK: Final = 100
"""How many claims back the figure that a change speaks of may stand."""
MOST: Final = 20_000
"""Claims read in one document; publications state a few hundred."""
_SENTENCES: Final = re.compile(r"[，。；]")
_ENDED: Final = tuple("。；：！？:;!?”）)")
_SUMMARY: Final = re.compile(r"(?:绩效)?自评(?:综述|结果)?$")
_PLANS: Final = (Basis.BUDGET, Basis.ORIGINAL, Basis.FULL_YEAR)
_STATED: Final = (Role.VALUE, Role.COUNT)


@dataclass
class _Unit:
    """What holds until the next 。"""

    first: int = 0
    """Index of its first claim."""
    against: Reference | None = None
    year: int | None = None
    dated: bool = False
    aside: bool = False
    """Within a reason or purpose."""
    topic: str = ""
    """What the reason speaks of: never what was spoken of before it."""
    listing: bool = False
    """After "用于：" or "包括：": what follows names no subject for later figures."""


@dataclass
class _Place:
    """Where in a paragraph reading has got to."""

    text: str = ""
    page: int = 0
    left: int = 0
    """Where the words that belong to the next figure begin."""
    heading: str = ""
    """The heading right above."""
    said: int = -1
    """Where the last claim ended."""
    topic: str = ""
    """The subject last named."""
    broken: bool = False
    """Before the first stop or comma of a paragraph that begins within a sentence."""
    first: int = 0
    """Index of the paragraph's first claim."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    brackets: list[str | None] = field(default_factory=list)
    """For each open bracket right behind a claim, what is spoken of around it; else None."""


class Reader:
    """Reads the paragraphs of one document, top to bottom."""

    def __init__(self, facts: Facts) -> None:
        self.drafts: list[Draft] = []
        self.excluded: list[Exclusion] = []
        self.full = False
        """Whether more claims stand in the document than are read."""
        basis = _DEFAULT[facts.kind] if facts.kind else None
        self._words = Words(facts.agency, facts.year, basis)
        self._nesting = Nesting(self.drafts)
        self._section = "other"
        self._heading = ""
        """The heading right above, if nothing stands between."""
        self._before = ""
        self._inner: str | None = None
        """Section of a third-level heading, where the one above is a collection (其他重要事项)."""
        self._unit = _Unit()
        self._compared_before: Reference | None = None
        self._at = _Place()

    def paragraph(self, paragraph: Paragraph) -> None:
        """Take the next paragraph."""
        text = paragraph.text
        tokens = scan(text) if worth_reading(text) else []
        before, self._before = self._before, text
        if self._is_title(paragraph, tokens):
            self._open_section(paragraph)
            return
        style, start = numbering(text)
        self._nesting.item(style, text)
        self._at = _Place(text, paragraph.page, start, self._heading, first=len(self.drafts))
        self._at.broken = not style and _is_cut(before)
        self._heading = ""
        self._unit = _Unit(first=len(self.drafts))
        self._compared_before = None
        if tokens:
            self._at.spans = sentences(text)
        for at, token in enumerate(tokens):
            if len(self.drafts) >= MOST:
                self.full = True
                break
            if isinstance(token, Figure):
                self._figure(token)
            else:
                after = tokens[at + 1] if at + 1 < len(tokens) else None
                self._mark(token, isinstance(after, Figure) and after.start == token.end)
        self._nesting.end_paragraph(text)

    # --- sections ---

    @staticmethod
    def _is_title(paragraph: Paragraph, tokens: list[Figure | Mark]) -> bool:
        if any(isinstance(token, Figure) and not token.excluded for token in tokens):
            return False
        return 0 < paragraph.heading < 4 or _TITLE.match(paragraph.text) is not None

    def _open_section(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        self._nesting.reset()
        self._before = ""
        self._heading = text[numbering(text)[1] :]
        found = section(self._heading)
        if paragraph.heading < 3:
            self._section, self._inner = found or "other", None
        elif self._section == "other":
            self._inner = found

    # --- figures ---

    def _figure(self, figure: Figure) -> None:
        left = self._left(figure.start).rstrip("“\"' ")
        found = None if figure.excluded else role_of(figure, left)
        if found is None:
            why = figure.excluded or "percentage of something else"
            self.excluded.append(Exclusion(figure.text, why, self._at.page))
            return
        draft = self._draft(found.role, figure.start, figure.end, left[: found.cut])
        draft.value, draft.unit = figure.value, figure.unit
        if found.role is Role.COUNT:
            counted = _COUNTED.match(self._at.text, figure.end)
            draft.subject = counted[0] if counted else draft.subject
        elif found.role is Role.VALUE:
            draft.role = self._of_which_year(draft)
        elif found.role is Role.SHARE:
            draft.whole = found.of
        elif found.role is Role.EXECUTION_PERCENT:
            draft.basis = self._words.basis
            plan = self._words.execution_of(found.of)
            draft.against = plan and self._plan(plan, draft.subject)
            if plan is None and len({d.subject for d in self.drafts[self._unit.first :]}) > 1:
                # "决算5万元，基本支出3万元，执行率95%": of which of them is not said.
                draft.subject = ""
        else:
            draft.word, draft.direction = found.word, direction(found.word)
            draft.against = self._compared(left)
        self._add(draft, figure.end)

    def _left(self, end: int) -> str:
        """The words since the last figure; of too many, those after the first comma."""
        if end - self._at.left <= _LEFT:
            return self._at.text[self._at.left : end]
        near = self._at.text[end - _LEFT : end]
        comma = _SENTENCES.search(near)
        return near[comma.end() :] if comma else ""

    def _draft(self, role: Role, start: int, end: int, head: str) -> Draft:
        """A draft with what the words before it say: subject, year, 预算 or 决算."""
        broken = self._at.broken and self._at.left == 0 and not _SENTENCES.search(head)
        phrase = self._words.phrase("" if broken else piece(head))
        unit = self._unit
        stated, dated = (None, False) if broken else self._words.stated_year(head)
        if stated is not None:
            unit.year, unit.dated = stated, dated
        if phrase.subject:
            self._set_topic(phrase.subject)
        base = self._words.base(head) if role is Role.VALUE and not broken else None
        if base is not None:
            phrase = phrase._replace(year=base[0] or phrase.year, basis=base[1] or phrase.basis)
        at = bisect_right(self._at.spans, start, key=_start) - 1
        first, last = self._at.spans[at]
        if last - first > _QUOTED:
            first, last = max(first, start - _QUOTED // 2), min(last, end + _QUOTED // 2)
        return Draft(
            role,
            phrase.subject or self._topic(),
            self._at.text[start:end],
            self._at.page,
            self._at.text[first:last],
            (start - first, end - first),
            self._inner or self._section,
            year=None if broken else phrase.year or unit.year or self._words.year,
            basis=None if broken else phrase.basis or self._words.basis,
            aside=unit.aside,
            broken=broken,
            dated=unit.dated,
        )

    def _of_which_year(self, draft: Draft) -> Role:
        own = self._words.year
        earlier = own is not None and draft.year is not None and draft.year < own
        return Role.PREVIOUS if earlier and not draft.dated else Role.VALUE

    def _compared(self, left: str) -> Reference | None:
        stated = self._words.against(left) or self._words.planned(left)
        if stated is not None:
            self._unit.against = stated
        return stated or self._unit.against

    def _plan(self, against: Reference, subject: str) -> Reference:
        """ "预算数" is the plan just stated of the same subject, where one was: its 年初预算."""
        if against.basis is not Basis.BUDGET or against.year != self._words.year:
            return against
        for other in reversed(self.drafts[self._earliest() :]):
            if other.role is Role.VALUE and other.subject == subject and other.basis in _PLANS:
                return msgspec.structs.replace(against, basis=other.basis)
        return against

    def _add(self, draft: Draft, end: int) -> None:
        if draft.role in _STATED:
            draft.parent = self._nesting.parent(draft)
        else:
            draft.about = self._about(draft)
            draft.parent = None if draft.about is None else self.drafts[draft.about].parent
        self.drafts.append(draft)
        if draft.role in _STATED:
            self._nesting.add(len(self.drafts) - 1)
        self._at.left = self._at.said = end

    def _about(self, draft: Draft) -> int | None:
        """The stated figure of the same subject that stands nearest before, of the usual basis."""
        usual = (self._words.basis, Basis.EXECUTION)
        for index in range(len(self.drafts) - 1, self._earliest() - 1, -1):
            other = self.drafts[index]
            stated = other.role in _STATED and other.basis in usual
            if stated and other.subject == draft.subject:
                return index
        return None

    def _earliest(self) -> int:
        """How far back in the paragraph another claim may be looked for."""
        return max(self._at.first, len(self.drafts) - _BACK)

    # --- words and signs ---

    def _mark(self, mark: Mark, before_figure: bool) -> None:
        kind = mark.kind
        if kind in ("same", "versus", "cause"):
            self._word(mark, before_figure)
        elif kind in ("part", "opener"):
            if not self._unit.aside:
                self._open(kind)
            self._unit.listing = self._unit.listing or kind == "opener"
            self._at.left = mark.end
        elif kind == "open":
            self._bracket(mark)
        elif kind == "close":
            self._close()
        elif kind == "break":
            self._bare_direction(mark)
        elif kind == "reason":
            self._aside(mark)
        else:
            self._end(mark)

    def _open(self, kind: str) -> None:
        if kind == "opener":
            self._nesting.opener(self._unit.first)
            return
        self._nesting.part()
        if len(self.drafts) == self._unit.first:
            # "比2023年减少3万元。其中：…": the parts are compared with the same year.
            self._unit.against = self._compared_before

    def _bracket(self, mark: Mark) -> None:
        behind = mark.start == self._at.said and bool(self.drafts)
        self._at.brackets.append(self._at.topic if behind else None)
        if behind:
            self._nesting.bracket()
            self._at.left = mark.end

    def _close(self) -> None:
        """ "用车费2万元（其中：购置费0元，运行费2万元），减少1万元": 用车费 moved, not 运行费."""
        topic = self._at.brackets.pop() if self._at.brackets else None
        if topic is not None:
            self._nesting.close_bracket()
            self._at.topic = topic

    def _aside(self, mark: Mark) -> None:
        if not self._unit.aside:
            self._unit.aside, self._unit.topic = True, ""
        self._at.left = mark.end

    def _bare_direction(self, mark: Mark) -> None:
        """ "项目支出增加，较上年增加2万元": within a reason, the first words name the subject."""
        if self._unit.aside:
            head = self._left(mark.start)
            moved = change(head)
            subject = self._words.phrase(piece(head[: moved.start])).subject if moved else ""
            self._unit.topic = subject or self._unit.topic

    def _end(self, mark: Mark) -> None:
        """ "。", "；" or "：": what stands before may name the subject of what comes."""
        before = self._left(mark.start)
        fresh = len(self.drafts) == self._unit.first
        fresh = fresh and not (self._at.broken and self._at.left == 0)
        if mark.kind == "stop":
            self._nesting.stop()
            fresh = fresh and not self._unit.listing
            if fresh and not self._unit.aside and _ITEM.match(before):
                self._at.topic = self._words.phrase(piece(before)).subject
            elif fresh and not self._unit.aside and _NAMED.search(before) and len(before) < 80:
                self._set_topic(self._words.phrase(piece(before)).subject)
            self._compared_before = self._unit.against or self._compared_before
            unit = self._unit
            self._unit = _Unit(len(self.drafts), year=unit.year if unit.dated else None)
            self._unit.dated = unit.dated
        elif mark.kind == "semi":
            self._nesting.semicolon()
            if self._unit.aside and not _NEXT_REASON.match(self._at.text, mark.end):
                self._unit.aside = False
        elif fresh and not self._unit.aside and len(before) < 80:
            self._set_topic(self._words.phrase(piece(_SUMMARY.sub("", before))).subject)
        self._at.left = mark.end

    def _word(self, mark: Mark, before_figure: bool) -> None:
        """A comparison in words: 与 … 持平, 决算数小于预算数, … 减少的主要原因."""
        left = self._left(mark.start)
        if mark.kind == "cause":
            self._caused(mark, left)
            return
        if self._unit.aside or before_figure:
            return
        if mark.kind == "versus":
            against = self._words.budget_after(self._at.text, mark.end)
            head = left
        else:
            against = self._compared(left)
            head = left
            if against is None and mark.text in ("一致", "相同"):
                return
        draft = self._draft(Role.DIFFERENCE, mark.start, mark.end, head)
        if not draft.subject:
            return
        draft.word, draft.direction = mark.text, direction(mark.text)
        draft.against = against and self._plan(against, draft.subject)
        self._add(draft, mark.end)

    def _caused(self, mark: Mark, left: str) -> None:
        subject = self._words.phrase(piece(left)).subject
        if subject and not self._unit.aside:
            word = mark.text[:2]
            draft = self._draft(Role.DIFFERENCE, mark.start, mark.start + 2, left)
            draft.word, draft.direction = word, direction(word)
            draft.against = self._compared(left)
            self._add(draft, mark.end)
        self._aside(mark)

    # --- topics ---

    def _topic(self) -> str:
        if self._unit.aside:
            return self._unit.topic
        alone = len(self.drafts) == self._at.first and not self._at.broken
        return self._at.topic or (self._at.heading if alone else "")

    def _set_topic(self, subject: str) -> None:
        if not subject:
            return
        if self._unit.aside:
            self._unit.topic = subject
        else:
            self._at.topic = subject


def _is_cut(text: str) -> bool:
    """Whether a paragraph of sentences ends within one."""
    return not text.endswith(_ENDED) and _SENTENCES.search(text) is not None


def _start(span: tuple[int, int]) -> int:
    return span[0]
