"""Follows every figure of a digest back to the document it was read from.

A page is read as a stranger reads it: its figures, the citation beside each, and the list of
sources, which says the version in the archive. What stands in that version at that page and row
must be the figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from archive.model import Document, Unit
from archive.money import convert
from archive.repository import Archive

_CITE = re.compile(r"\[(\d+)\] (?:第 (\d+) 页(?:第 (\d+) 行)?|p\. (\d+)(?:, row (\d+))?)")
_WAN = re.compile(r"([−-]?[\d,]+\.\d+) 万元")
_YI = re.compile(r"([\d,]+\.\d\d) 亿元（([\d,]+\.\d+) 万元）")
_RATE = re.compile(r"(?:增长|下降) ([\d,]+\.\d\d)%")
_EXECUTED = re.compile(r"完成年初预算的 ([\d,]+\.\d\d)%")
_SHARE = re.compile(r"占支出总额的 ([\d,]+\.\d\d)%")
_POINTS = re.compile(r"([\d,]+\.\d\d) 个百分点")

_NOTHING = frozenset({"未列", "空白", "—", "not listed", "blank"})

Place = tuple[Document, int, int]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-").replace("+", ""))


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


class Stored:
    """The documents of an archive as they are committed."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.by_commit: dict[str, Document] = {}
        for repository in archive.repositories():
            for entry in repository.history():
                self.by_commit[entry.commit] = repository.version(entry)

    def of(self, short: str) -> Document:
        (found,) = [d for commit, d in self.by_commit.items() if commit.startswith(short)]
        return found

    def at(self, place: Place) -> set[Decimal]:
        """Every amount printed in a row of a page, in 万元."""
        document, page, row = place
        return {
            convert(amount.value, statement.unit, Unit.WAN)
            for statement in document.statements
            for item in statement.items
            for amount in item.amounts.values()
            if amount.value is not None and statement.unit and amount.at is not None
            if (amount.at.page, amount.at.row) == (page, row)
        }


class Paper:
    """One digest as HTML, and where its figures lead."""

    def __init__(self, page: str, stored: Stored) -> None:
        self.root = html.fromstring(page)
        self.stored = stored
        self.sources = {
            int(one.get("id").removeprefix("source-")): stored.of(self._version(one))
            for one in self.root.cssselect(".sources > li")
        }
        self.traced = 0

    @staticmethod
    def _version(source: HtmlElement) -> str:
        match = re.search(r"(?:版本|version) ([0-9a-f]{7})", source.text_content())
        assert match, source.text_content()
        return match[1]

    def places(self, element: HtmlElement) -> list[Place]:
        """Where the citations beside a figure lead."""
        found = []
        for link in element.cssselect(".cites > a"):
            match = _CITE.fullmatch(link.text_content())
            assert match, link.text_content()
            page, row = match[2] or match[4], match[3] or match[5]
            if page:
                found.append((self.sources[int(match[1])], int(page), int(row or 0)))
        return found

    def check_tables(self) -> None:
        """Each row: both amounts stand where it says, and what is computed follows from them."""
        for table in self.root.cssselect("main table"):
            heads = [head.text_content().strip() for head in table.cssselect("thead th")]
            for row in table.cssselect("tbody tr:not(.below):not(.proofs)"):
                self._row(heads, row)

    def _row(self, heads: list[str], row: HtmlElement) -> None:
        cells = dict(zip(heads, row.cssselect("th, td"), strict=True))
        shown = {head: _own(cell) for head, cell in cells.items()}
        amounts = _amounts(shown)
        if not amounts:
            return
        printed = set().union(*(self.stored.at(p) for p in self.places(row)), set())
        for head, amount in amounts.items():
            assert amount in printed, (head, amount, shown, sorted(printed))
            self.traced += 1
        self._computed(shown, list(amounts.values()), printed)

    def _computed(
        self, shown: dict[str, str], amounts: list[Decimal], printed: set[Decimal]
    ) -> None:
        difference = shown.get("增减额", "") or shown.get("Difference", "")
        rate = shown.get("增减幅", "") or shown.get("Rate", "")
        if difference:
            if len(amounts) == 1 and set(shown.values()) & _NOTHING:
                assert abs(number(difference)) == amounts[0], shown
                return
            # an overview shows the later amount alone; the earlier one is cited beside it
            before = amounts[:1] if len(amounts) > 1 else sorted(printed)
            olds = [old for old in before if amounts[-1] - old == number(difference)]
            assert olds, shown
            if re.fullmatch(r"[+−]?[\d,]+\.\d\d%", rate):
                assert number(rate[:-1]) in {
                    rounded(number(difference) / old * 100) for old in olds if old
                }, shown
        for head in ("为年初预算的 %", "% of original"):
            if re.fullmatch(r"[\d,]+\.\d\d%", shown.get(head, "")):
                budget, outcome = amounts[0], amounts[-1]
                assert number(shown[head][:-1]) == rounded(outcome / budget * 100), shown

    def check_headlines(self) -> None:
        """Each sentence of figures: its amounts stand where it says or follow from them."""
        for point in self.root.cssselect("ol.leading > li"):
            text = _own(point)
            if "规则" in text:
                continue
            printed = set().union(*(self.stored.at(p) for p in self.places(point)), set())
            self._sentence(text, printed)

    def check_shares(self) -> None:
        """Each share of the whole follows from two amounts that are cited beside it."""
        for point in self.root.cssselect("main ul > li"):
            text = _own(point)
            match = _SHARE.search(text)
            if match is None:
                continue
            old, new, old_whole, new_whole = (self.stored.at(p) for p in self.places(point))
            shares = {
                rounded(part / whole * 100) for part in new for whole in new_whole if whole > 0
            }
            assert number(match[1]) in shares, text
            if moved := _POINTS.search(text):
                moves = {
                    abs(rounded((n / nw - o / ow) * 100))
                    for o in old
                    for n in new
                    for ow in old_whole
                    for nw in new_whole
                    if ow > 0 and nw > 0
                }
                assert number(moved[1]) in moves, text
            self.traced += 1

    def _sentence(self, text: str, printed: set[Decimal]) -> None:
        pairs = list(permutations(printed, 2))
        computed = {abs(a - b) for a, b in pairs} | printed
        for match in _YI.finditer(text):
            exact = number(match[2])
            assert number(match[1]) == rounded(exact / 10_000), text
        for match in _WAN.finditer(text):
            assert number(match[1]) in computed, (text, sorted(printed))
            self.traced += 1
        for match in _RATE.finditer(text):
            rates = {rounded(abs(a - b) / b * 100) for a, b in pairs if b > 0}
            assert number(match[1]) in rates, text
        for match in _EXECUTED.finditer(text):
            assert number(match[1]) in {rounded(a / b * 100) for a, b in pairs if b > 0}, text


def _own(element: HtmlElement) -> str:
    """What an element says itself: without citations, asides, proofs and reasons."""
    copy = html.fromstring(html.tostring(element))
    for aside in copy.cssselect(".cites, small, details, p.below"):
        aside.drop_tree()
    return " ".join(copy.text_content().split())


def _amounts(shown: dict[str, str]) -> dict[str, Decimal]:
    """The cells that are amounts as printed, in 万元; differences and rates are computed."""
    found = {}
    for head, text in shown.items():
        if head.startswith(("增减", "Difference", "Rate", "逾期")):
            continue
        if re.fullmatch(r"−?[\d,]+\.\d{2,}", text):
            found[head] = number(text)
        elif match := re.fullmatch(r"(−?[\d,]+(?:\.\d+)?) (万元|元)", text):
            found[head] = convert(number(match[1]), Unit(match[2]), Unit.WAN)
    return found


def check_json(data: dict[str, Any], stored: Stored) -> int:
    """Every figure with a place, wherever it stands in the machine copy; returns how many."""
    count = 0
    for figure, at, wan in _figures(data):
        document = stored.by_commit[at["commit"]]
        assert document.original == at["original"]
        texts = [
            (amount.text, convert(amount.value, s.unit, Unit.WAN) if _number(amount, s) else None)
            for s in document.statements
            for item in s.items
            for amount in item.amounts.values()
            if amount.at is not None
            and (amount.at.page, amount.at.row, amount.at.column)
            == (at["page"], at["row"], at["column"])
        ]
        assert texts, at
        assert (figure["text"], Decimal(wan) if wan is not None else None) in texts, (figure, at)
        count += 1
    return count


def _number(amount: Any, statement: Any) -> bool:
    return amount.value is not None and statement.unit is not None


def _figures(value: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], str | None]]:
    """(figure, place, 万元) of every cell of a comparison and every figure of an execution."""
    if isinstance(value, list):
        for part in value:
            yield from _figures(part)
    elif isinstance(value, dict):
        for side in ("old", "new"):
            figure, at = value.get(side), value.get(f"{side}_at")
            if isinstance(figure, dict) and "text" in figure and at and at["column"]:
                yield figure, at, value.get(f"{side}_wan")
        if "text" in value and isinstance(value.get("at"), dict) and value["at"].get("column"):
            yield value, value["at"], value.get("wan")
        for part in value.values():
            yield from _figures(part)


def check_findings(data: dict[str, Any], stored: Stored) -> int:
    """Every place of every finding: a cell holds what the finding says, a sentence stands there."""
    count = 0
    for problems in data.get("problems", ()):
        document = stored.by_commit[problems["of"]["commit"]]
        notes = [note for statement in document.statements for note in statement.notes]
        said = [*(paragraph.text for paragraph in document.prose), *notes]
        prose = "".join("".join(text.split()) for text in said)
        for group in problems["findings"]:
            for finding in (group, *group["same_cause"]):
                for place in (*finding["here"], *finding["there"]):
                    if place.get("document"):
                        continue
                    count += _stands(place, document, prose)
    return count


def _stands(place: dict[str, Any], document: Document, prose: str) -> int:
    if place.get("quotation"):
        said = "".join(place["quotation"].split())
        assert said in prose, place
        return 1
    if not (place.get("row") and place.get("column") and place.get("text")):
        return 0
    texts = {
        amount.text
        for statement in document.statements
        for item in statement.items
        for amount in item.amounts.values()
        if amount.at is not None
        and (amount.at.page, amount.at.row, amount.at.column)
        == (place["page"], place["row"], place["column"])
    }
    assert not texts or place["text"] in texts, (place, texts)
    return len(texts)
