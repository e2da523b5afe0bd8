"""The rules, each declared in one place. A new rule is one entry in one of these modules."""

from __future__ import annotations

from typing import Final

from diffing.checks.model import Rule
from diffing.checks.rules import (
    across,
    amounts,
    changes,
    composition,
    empties,
    execution,
    inside,
    leftovers,
    lists,
    names,
    naming,
    parts,
    performance,
    required,
    sangong,
    shares,
    siblings,
    subjects,
    units,
    wordings,
    years,
)

__all__ = ["RULES", "rule"]

RULES: Final[tuple[Rule, ...]] = tuple(
    rule
    for module in (
        inside,
        across,
        units,
        performance,
        composition,
        sangong,
        amounts,
        shares,
        changes,
        execution,
        parts,
        subjects,
        lists,
        required,
        empties,
        names,
        years,
        naming,
        wordings,
        leftovers,
        siblings,
    )
    for rule in module.RULES
)


def rule(rule_id: str) -> Rule | None:
    """The rule of that id, written in any case; None where there is none."""
    return next((one for one in RULES if one.id.casefold() == rule_id.casefold()), None)
