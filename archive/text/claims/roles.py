"""The words that end just before a figure → its role."""

from __future__ import annotations

from typing import NamedTuple

from archive.model import Role
from archive.text.claims.figures import Figure, is_amount, is_percent
from archive.text.claims.phrases import change, execution, share

__all__ = ["Found", "role_of"]


class Found(NamedTuple):
    """A role and the words that gave it."""

    role: Role
    cut: int
    """Where in the words those of the role begin; before it stands the subject."""
    word: str = ""
    """The direction word."""
    of: str = ""
    """What a share or an execution is of."""


def role_of(figure: Figure, left: str) -> Found | None:
    """The role of a figure after the words `left`; None for a percentage that is none of ours.

    >>> from decimal import Decimal
    >>> role_of(Figure(0, 5, "19.4%", Decimal("19.4"), "%"), "下降").role
    <Role.CHANGE_PERCENT: 'change-percent'>
    """
    moved = change(left)
    if is_percent(figure) or figure.unit is None:
        if moved:
            return Found(Role.CHANGE_PERCENT, moved.start, moved.word)
        part = share(left)
        if part:
            return Found(Role.SHARE, part[0], of=part[1])
        done = execution(left)
        return Found(Role.EXECUTION_PERCENT, done[0], of=done[1]) if done else None
    if moved:
        return Found(Role.DIFFERENCE, moved.start, moved.word)
    return Found(Role.VALUE if is_amount(figure) else Role.COUNT, len(left))
