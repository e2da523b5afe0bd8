"""Who else in a document states a figure: tables, shares, rates, sums, itself again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from archive.model import Claim, Direction, Document, Role
from archive.text.claims import cell
from archive.text.damage.cells import in_blocks

__all__ = ["Witnesses"]

_HUNDRED: Final = Decimal(100)
_CENT: Final = Decimal("0.005")
_MOST_ADDENDS: Final = 12
_FEWEST_CELLS: Final = 2


class Witnesses:
    """What is known of a document's figures so far, and what it says of one more."""

    def __init__(
        self, document: Document, accepted: Mapping[int, Decimal], told: Mapping[int, str]
    ) -> None:
        self._document = document
        self._claims = document.claims
        self._accepted = accepted
        self._told = {(self._claims[i].text, read) for i, read in told.items()}
        self._about: defaultdict[int, list[int]] = defaultdict(list)
        self._sentences: list[list[int]] = []
        """For every claim those of its sentence; a semicolon does not end one here."""
        before = ""
        for index, claim in enumerate(self._claims):
            if claim.about is not None:
                self._about[claim.about].append(index)
            goes_on = bool(before) and (claim.quotation == before or before.endswith("；"))
            own = self._sentences[-1] if goes_on else []
            own.append(index)
            self._sentences.append(own)
            before = claim.quotation
        self._cells: defaultdict[Decimal, set[str]] = defaultdict(set)
        for statement in document.statements:
            if in_blocks(statement):
                continue  # it repeats the prose, and is damaged like it
            for item in statement.items:
                for amount in item.amounts.values():
                    if amount.value:
                        self._cells[amount.value].add(f"{statement.title} {item.name}")

    def of(self, index: int, value: Decimal) -> tuple[str, ...]:
        """Who states that this claim's figure is `value`; () where nobody does.

        A share or a rate alone is no witness for an amount of which another digit would fit too:
        the caller asks for every possible digit. That a value merely stands somewhere counts only
        together with the same figure elsewhere, or where two tables print it.
        """
        claim = self._claims[index]
        if claim.role is Role.EXECUTION_PERCENT:
            return tuple(self._executed(claim, value))
        if claim.role not in (Role.VALUE, Role.DIFFERENCE, Role.PREVIOUS):
            return ()
        said = [*self._bound(claim, value), *self._shares(index, value)]
        said += [*self._changes(index, value), *self._sums(index, value)]
        said += self._rate(index, value)
        if not said:
            said += self._printed(claim, value)
        return tuple(dict.fromkeys(said))

    def _bound(self, claim: Claim, value: Decimal) -> Iterator[str]:
        if claim.role is not Role.VALUE:
            return
        for bound in claim.bound:
            amount = cell(self._document, bound)
            stated = amount.value if amount is not None else None
            if amount is not None and stated is not None and _rounded(stated, value):
                yield f"the cell {bound.name} {bound.measure} of {bound.form}: {amount.text}"

    def _shares(self, index: int, value: Decimal) -> Iterator[str]:
        """占本年支出 46.1%: the share of a whole that is known."""
        whole = self._whole(index)
        if whole is None or not whole:
            return
        for other in self._about[index]:
            share = self._claims[other]
            if share.role is not Role.SHARE or share.value in (None, _HUNDRED):
                continue
            if share.value is not None and _near(value * _HUNDRED / whole, share.value):
                yield f"its share of {share.text} in {whole:,f}"

    def _whole(self, index: int) -> Decimal | None:
        above = self._claims[index].parent
        return None if above is None else self._accepted.get(above)

    def _changes(self, index: int, value: Decimal) -> Iterator[str]:
        """减少 11,256.54 万元，下降 41.3%: value, difference and rate must go together."""
        claim = self._claims[index]
        about = index if claim.role is not Role.DIFFERENCE else claim.about
        if about is None:
            return
        percent = self._said(about, Role.CHANGE_PERCENT)
        difference = self._said(about, Role.DIFFERENCE)
        if percent is None or difference is None or percent.value is None:
            return
        amount = value if claim.role is Role.DIFFERENCE else self._known(difference)
        base = self._accepted.get(about) if claim.role is Role.DIFFERENCE else value
        if amount is None or base is None:
            return
        before = base + amount if difference.direction is Direction.DOWN else base - amount
        if before > 0 and _near(amount * _HUNDRED / before, percent.value):
            yield f"the change of {percent.text}"

    def _said(self, about: int, role: Role) -> Claim | None:
        return next(
            (self._claims[i] for i in self._about[about] if self._claims[i].role is role), None
        )

    def _known(self, claim: Claim) -> Decimal | None:
        return self._accepted.get(self._claims.index(claim))

    def _sums(self, index: int, value: Decimal) -> Iterator[str]:
        """Figures of one sentence after the sum they are parts of, in it or in the one before."""
        own = [i for i in self._sentences[index] if self._is_money(i)]
        if index not in own:
            return
        before = [i for i in range(max(0, own[0] - 2), own[0]) if self._is_money(i)]
        for first in (*before, *own):
            parts = [i for i in own if i > first]
            if index not in parts or not 1 < len(parts) <= _MOST_ADDENDS:
                continue
            total = self._accepted.get(first)
            others = [self._accepted.get(i) for i in parts if i != index]
            if total is None or any(other is None for other in others):
                continue
            together = sum((o for o in others if o is not None), value)
            if abs(together - total) <= _CENT * (len(parts) + 1):
                yield f"the sum of {len(parts)} parts, {total:,f}"

    def _is_money(self, index: int) -> bool:
        claim = self._claims[index]
        return claim.role is Role.VALUE and claim.unit in ("万元", "元", "亿元", "万")

    def _rate(self, index: int, value: Decimal) -> Iterator[str]:
        """支出决算 … 完成年初预算的 128.4%: the outcome over the budget printed before it."""
        for other in self._about[index]:
            percent = self._claims[other]
            if percent.role is not Role.EXECUTION_PERCENT or percent.value in (None, Decimal(0)):
                continue
            budget = self._budget(index)
            shown = self._accepted.get(other)
            if budget and shown and _near(value * _HUNDRED / budget, shown):
                yield f"its execution of {percent.text}"

    def _budget(self, index: int) -> Decimal | None:
        claim = self._claims[index]
        before = self._claims[index - 1] if index else None
        if before is None or before.subject != claim.subject or before.unit != claim.unit:
            return None
        return self._accepted.get(index - 1) if before.role is Role.VALUE else None

    def _executed(self, claim: Claim, value: Decimal) -> Iterator[str]:
        if claim.about is None:
            return
        outcome, budget = self._accepted.get(claim.about), self._budget(claim.about)
        if outcome and budget and _near(outcome * _HUNDRED / budget, value):
            yield f"{outcome:,f} over the budget of {budget:,f}"

    def _printed(self, claim: Claim, value: Decimal) -> Iterator[str]:
        """The value stands in tables, and the same damaged figure was told elsewhere."""
        cells = sorted(self._cells.get(value, ()))
        again = (claim.text, f"{value:,f}") in self._told
        if cells and (again or len(cells) >= _FEWEST_CELLS):
            yield f"{len(cells)} cells that print it, {cells[0]} among them"
            if again:
                yield "the same figure elsewhere in the prose, told by its witnesses"


def _rounded(exact: Decimal, printed: Decimal) -> bool:
    """Whether a figure is another one, perhaps printed with fewer decimals."""
    exponent = printed.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(exact - printed) < step if step < 1 else exact == printed


def _near(computed: Decimal, printed: Decimal) -> bool:
    """Whether a percentage is the one computed, within the rounding of both (one unit)."""
    exponent = printed.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(computed - printed) <= step
