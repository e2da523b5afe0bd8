"""Nothing gets lost: the changes of the details must add up to the change of the total."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import msgspec

from diffing.align import StatementPair
from diffing.names import titled
from diffing.sums import sums

__all__ = ["Conservation", "Outcome", "check"]


class Outcome(StrEnum):
    """What the check came to."""

    HOLDS = "holds"
    REMAINDER = "remainder"
    UNCHECKED = "unchecked"
    """Neither document adds up by the rows as read, so their parts are not understood; or rows of
    one may stand where it was not read; or they differ by figures recognised from a picture."""


class Conservation(msgspec.Struct, frozen=True):
    """One total against its details, for one measure; amounts in 万元, exact."""

    statement: str
    side: str | None
    measure: str
    total: Decimal
    """Change of the total row."""
    details: Decimal
    """Sum of the changes of the rows that have no rows below them."""
    allowed: Decimal
    """What rounding of the printed figures can explain."""
    outcome: Outcome
    old_closes: bool
    """Whether the old document's rows add up to its own total."""
    new_closes: bool
    place: int = -1
    """Index of the pair of statements."""

    @property
    def remainder(self) -> Decimal:
        """The part of the total's change that no detail accounts for."""
        return self.total - self.details


def check(pairs: Iterable[StatementPair]) -> tuple[Conservation, ...]:
    """Check every statement that has one total row and details on both sides.

    What exceeds the rounding of the printed figures in either document is a remainder and is
    shown to the reader.
    """
    found: list[Conservation] = []
    for place, pair in enumerate(pairs):
        if pair.old is None or pair.new is None:
            continue
        old, new = sums(pair.old), sums(pair.new)
        for key in old:
            if key not in new:
                continue
            (side, measure), a, b = key, old[key], new[key]
            total, details = b.total - a.total, b.details - a.details
            allowed = a.allowed + b.allowed
            if not (a.closes or b.closes) or pair.old_unread or pair.new_unread:
                outcome = Outcome.UNCHECKED
            elif abs(total - details) <= allowed:
                outcome = Outcome.HOLDS
            elif pair.old_recognised or pair.new_recognised:
                outcome = Outcome.UNCHECKED
            else:
                outcome = Outcome.REMAINDER
            found.append(
                Conservation(
                    statement=titled(pair.new),
                    side=side or None,
                    measure=measure,
                    total=total,
                    details=details,
                    allowed=allowed,
                    outcome=outcome,
                    old_closes=a.closes,
                    new_closes=b.closes,
                    place=place,
                )
            )
    return tuple(found)
