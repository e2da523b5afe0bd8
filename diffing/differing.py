"""deepdiff over the paired, keyed rows: which rows of two documents say something else.

Rows are paired before they are compared, never taken by position; amounts go in as exact text in
one unit, never as floats; what is equal is left out before deepdiff sees it. A statement goes in
as one text, a line for each row: deepdiff takes 25 µs for an entry of a dict and 2 µs for a line of
a text (docs/decisions/0006-keyed-deepdiff.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from archive.model import Amount, Mark, Unit
from archive.money import EXACT, convert
from diffing.align import RowPair, StatementPair
from diffing.changes import is_nothing
from diffing.names import normalise
from diffing.versions import Mode

__all__ = ["Measures", "different_cells"]

Measures = tuple[str, ...]

_PRINTED: Final = Mark.PRINTED
_UNREADABLE: Final = Mark.UNREADABLE
_ROW: Final = "row"
"""Stands for a row that only one side has."""
_SEPARATOR: Final = "\t"
"""After a row's number and between its cells; no cell's text contains it, they are normalised."""
_ONE_SIDED: Final = re.compile(rf"\n[-+](\d+){_SEPARATOR}")
"""The number of a row on a line of a unified diff that only one side has; a head stands above."""


def different_cells(pairs: Sequence[StatementPair], mode: Mode) -> list[dict[str, Measures]]:
    """For each pair of statements: row key -> measures that differ; a row only one side has has
    none listed. Rows without any amount on their only side are left out between years.

    Which rows differ is what deepdiff finds; which cells of them, the same texts say.
    """
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    measures: list[dict[int, Measures]] = []
    for place, pair in enumerate(pairs):
        lines = _Lines()
        if pair.old is not None and pair.new is not None:
            lines.gather(pair.rows, pair.old.unit, pair.new.unit, mode)
        measures.append(lines.measures)
        if lines.measures:
            before[place], after[place] = (
                "".join(f"{line}\n" for line in side) for side in (lines.before, lines.after)
            )
    found: list[dict[str, Measures]] = [{} for _ in pairs]
    if not before:
        return found
    from deepdiff import DeepDiff  # half a second of every command, were it loaded above

    # of texts of several lines deepdiff says which lines are not the same
    tree = DeepDiff(before, after, view="tree")
    for level in tree.get("values_changed", ()):
        place = level.path(output_format="list")[0]
        rows, of_place = pairs[place].rows, measures[place]
        for number in map(int, dict.fromkeys(_ONE_SIDED.findall(level.additional["diff"]))):
            found[place][rows[number].key] = of_place[number]
    return found


class _Lines:
    """The rows of a statement that are not printed alike, a line each on either side."""

    def __init__(self) -> None:
        self.before: list[str] = []
        self.after: list[str] = []
        self.measures: dict[int, Measures] = {}
        """Number of the pair of rows -> measures that differ."""
        self._known: dict[Measures, Measures] = {}

    def gather(
        self, rows: Iterable[RowPair], old: Unit | None, new: Unit | None, mode: Mode
    ) -> None:
        # in one unit nothing needs to be converted to be compared
        to = old if old is new and old is not None else Unit.YUAN
        for number, row in enumerate(rows):
            one, other = row.old, row.new
            if one is None or other is None:
                self._one_sided(number, row, mode)
                continue
            # most rows of a revision are printed alike to the last cell, and that is quickly seen
            if old is new and one.amounts == other.amounts:
                continue
            measures, before, after = _differing(one.amounts, other.amounts, old, new, to, mode)
            if measures:
                # in most rows the same columns differ: one tuple of them stands for all
                shared = tuple(measures)
                self.measures[number] = self._known.setdefault(shared, shared)
                self.before.append(f"{number}{_SEPARATOR}{_SEPARATOR.join(before)}")
                self.after.append(f"{number}{_SEPARATOR}{_SEPARATOR.join(after)}")

    def _one_sided(self, number: int, row: RowPair, mode: Mode) -> None:
        item, side = (row.old, self.before) if row.old else (row.new, self.after)
        if mode is Mode.REVISION or (item and not all(map(is_nothing, item.amounts.values()))):
            side.append(f"{number}{_SEPARATOR}{_ROW}")
            self.measures[number] = ()


def _differing(
    before: dict[str, Amount],
    after: dict[str, Amount],
    old: Unit | None,
    new: Unit | None,
    to: Unit,
    mode: Mode,
) -> tuple[list[str], list[str], list[str]]:
    """The measures of a paired row that differ, in the new side's order, and their texts."""
    measures: list[str] = []
    texts: list[str] = []
    others: list[str] = []
    one_unit = old is new
    gone = [measure for measure in before if measure not in after]
    for measure in (*after, *gone) if gone else after:
        a, b = before.get(measure), after.get(measure)
        if one_unit and a is not None and b is not None and a.mark is b.mark:
            if a.value == b.value:
                if a.mark is not _UNREADABLE:
                    continue
            elif a.mark is _PRINTED:
                # two numbers in one unit: as they are two, so are their texts
                measures.append(measure)
                texts.append(str(a.value))
                others.append(str(b.value))
                continue
        text, other = _comparable(a, old, to, mode), _comparable(b, new, to, mode)
        if text != other:
            measures.append(measure)
            texts.append(text)
            others.append(other)
    return measures, texts, others


def _comparable(amount: Amount | None, unit: Unit | None, to: Unit, mode: Mode) -> str:
    """A cell as text that is equal exactly when the cell says the same: 859.3 and 859.30, and
    1 万元 and 10000 元, are one; a blank, a dash and a zero are three. Empty for no cell."""
    if amount is None or (mode is Mode.YEAR and is_nothing(amount)):
        return ""
    if amount.mark is not Mark.PRINTED or amount.value is None:
        said = normalise(amount.text) if amount.mark is Mark.UNREADABLE else ""
        return f"{amount.mark}:{said}"
    if unit is None:
        return f"?:{amount.value.normalize(EXACT) if amount.value else 0}"
    return f":{convert(amount.value, unit, to).normalize(EXACT) if amount.value else 0}"
