"""The shape of a wording: fixed texts by key, and the sentences made of figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from archive.model import Amount, Kind, Level, Mark, Unit
from diffing.changes import Cell, CellKind, is_nothing, wan
from diffing.figures import exact, places, signed
from diffing.names import INNER
from diffing.versions import Version
from diffing.words.remarks import remarked

if TYPE_CHECKING:
    from diffing.heads import Head

__all__ = ["LANGUAGES", "Wording"]

LANGUAGES: Final = ("zh", "en")

_ABSENT: Final = {
    CellKind.UNREAD: "cell-unread",
    CellKind.UNMATCHED: "cell-unmatched",
    CellKind.NO_COLUMN: "cell-no-column",
    CellKind.OTHER_LAYOUT: "cell-other-layout",
    CellKind.OTHER_BASIS: "cell-other-basis",
}
"""What to call a cell that is not there, where the document may say it all the same."""
_NO_RATE: Final = {
    CellKind.UNREAD: "rate-unread",
    CellKind.UNMATCHED: "rate-unmatched",
    CellKind.NO_COLUMN: "rate-not-compared",
    CellKind.OTHER_LAYOUT: "rate-not-compared",
    CellKind.OTHER_BASIS: "rate-other-basis",
}


class Wording(ABC):
    """One language. Neutral verbs only: what a document shows, never what anyone meant by it."""

    code: ClassVar[str]
    html: ClassVar[str]
    """The `lang` attribute of a page."""
    texts: ClassVar[Mapping[str, str]]
    """Fixed texts by key, with `{}` fields; every language has the same keys."""

    def __call__(self, key: str, **fields: object) -> str:
        """The text of a key with its fields filled in. Raises KeyError for an unknown key."""
        return self.filled(self.texts[key], fields)

    @staticmethod
    def filled(text: str, fields: dict[str, object]) -> str:
        """The text with its fields; the quotation marks of a line that stands in such marks become
        inner ones."""
        if "line" in fields and "“{line}”" in text:
            fields = fields | {"line": str(fields["line"]).translate(INNER)}
        return text.format(**fields)

    @abstractmethod
    def amount(self, value: Decimal, decimals: int = 2) -> str:
        """An amount in 万元 in a sentence, with 亿元 beside it where it is large."""

    @abstractmethod
    def comparison(self, cell: Cell, old: str, new: str) -> str:
        """What became of a figure, as the rest of a sentence that has named its line.

        `old` and `new` name the sides, such as "2023 年预算". Never a rate of nothing, never a
        negative fall.
        """

    @abstractmethod
    def replacement(self, cell: Cell) -> str:
        """What a revision made of a figure: by how much, and no more."""

    @abstractmethod
    def share(
        self,
        name: str,
        old: Decimal,
        new: Decimal,
        sides: tuple[str, str],
        moved: Decimal | None = None,
    ) -> str:
        """A share of the total and its change, which is in percentage points.

        `moved` is the change before the shares were rounded; their difference unless told.
        """

    def remark(self, message: str) -> str:
        """What the text stage said of a reading, in this language; as it is where it is no sentence
        of the stage that is known (words/remarks.toml)."""
        return remarked(message, self.code).text

    def attribute(self, name: str) -> str:
        """What a printed cell of a row is called, by the key it has in `LineItem.attributes`; a key
        that is a printed head itself stays as it is."""
        return self.texts.get(f"attribute-{name}", name)

    def head(self, head: Head | None) -> str:
        """In which column a figure stands, by its printed head; "" where that is not known."""
        if head is None:
            return ""
        said = self("crop-column", head=head.text)
        if not head.recognised:
            return said
        return self("said-with", said=said, note=self("certainty-recognised"))

    def spaced(self, name: str) -> str:
        """A name as it stands after other words of the language."""
        return name

    def percent(self, value: Decimal) -> str:
        """A share or rate without its direction: "5.31%"."""
        return f"{exact(abs(value))}%"

    @staticmethod
    def decimals(cell: Cell) -> int:
        """How many decimals show all figures of a sentence alike and exactly."""
        return places((cell.old_wan, cell.new_wan, cell.difference))

    def kind(self, kind: Kind | None) -> str:
        """预算 or 决算; empty where a file does not say."""
        return self(f"kind-{kind}") if kind else ""

    def level(self, level: Level | None) -> str:
        """部门 or 单位; empty where a file does not say."""
        return self(f"level-{level}") if level else ""

    def side(self, version: Version) -> str:
        """How a sentence names one side: "2023 年预算"."""
        if version.year is None:
            return version.name
        return self("side", year=version.year, kind=self.kind(version.kind)).strip()

    def column(self, version: Version) -> str:
        """How a column names one side: "2023 年预算"."""
        if version.year is None:
            return version.name
        return self("column-side", year=version.year, kind=self.kind(version.kind)).strip()

    def line(self, name: str) -> str:
        """The name of a line, as printed; a language may add what it means."""
        return name

    def document(self, version: Version) -> str:
        """How a document is cited: agency, year, level and kind."""
        if version.year is None:
            return version.name
        return self(
            "document",
            agency=version.agency,
            year=version.year,
            level=self.level(version.level),
            kind=self.kind(version.kind),
        )

    def old_figure(self, cell: Cell, decimals: int = 2) -> str:
        """The table cell of the old side in 万元; what is no number says what it is instead."""
        return self._figure(cell, cell.old, cell.old_unit, decimals)

    def new_figure(self, cell: Cell, decimals: int = 2) -> str:
        """The table cell of the new side, as `old_figure`."""
        return self._figure(cell, cell.new, cell.new_unit, decimals)

    def old_printed(self, cell: Cell) -> str:
        """The old side exactly as printed, with its unit: for before and after of a revision."""
        return self._printed(cell, cell.old, cell.old_unit)

    def new_printed(self, cell: Cell) -> str:
        """The new side exactly as printed, with its unit."""
        return self._printed(cell, cell.new, cell.new_unit)

    def _figure(self, cell: Cell, amount: Amount | None, unit: Unit | None, decimals: int) -> str:
        if amount is None:
            return self(_ABSENT.get(cell.kind, "cell-absent"))
        if amount.mark is Mark.BLANK:
            return self("cell-blank")
        if amount.mark is Mark.DASH:
            return "—"
        value = wan(amount, unit)
        if amount.mark is Mark.UNREADABLE:
            return self("cell-unreadable", text=amount.text)
        if value is None:
            return self("cell-no-unit", text=amount.text)
        return exact(value, decimals)

    def _printed(self, cell: Cell, amount: Amount | None, unit: Unit | None) -> str:
        if amount is None or amount.mark is not Mark.PRINTED:
            return self._figure(cell, amount, unit, 2)
        return f"{amount.text} {unit}" if unit else self("cell-no-unit", text=amount.text)

    def difference(self, cell: Cell, decimals: int = 2) -> str:
        """The table cell of a difference, signed; empty where there is none to compute."""
        return "" if cell.difference is None else signed(cell.difference, decimals)

    def rate(self, cell: Cell) -> str:
        """The table cell of a rate; a word where no rate exists."""
        if cell.kind is CellKind.MARK:
            same = cell.old and cell.new and cell.old.mark is cell.new.mark
            return self("rate-same") if same else ""
        if cell.kind in _NO_RATE:
            return self(_NO_RATE[cell.kind])
        if cell.difference is None:
            return ""
        if cell.new is None:
            return self("rate-gone")
        if cell.old is None:
            return self("rate-new")
        if cell.difference == 0:
            return self("rate-same")
        if cell.percent is None:
            return self("rate-from-nothing" if is_nothing(cell.old) else "rate-none")
        if cell.percent == 0 and cell.difference != 0:
            return self("rate-tiny")
        return f"{signed(cell.percent)}%"
