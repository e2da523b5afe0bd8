"""Rules over the equations and ties that the forms declare (archive/forms/): how one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from archive.forms.equations import Instance
from archive.forms.equations import Outcome as Equation
from archive.model import Kind, Mark, Statement
from diffing.checks.case import Case
from diffing.checks.examples import Example
from diffing.checks.grouping import votes
from diffing.checks.model import Check, Found, Outcome, Rule, Severity

__all__ = ["equation_rule", "of", "over", "settled"]

_REMEMBERED: Final = 1 << 14
"""Equations by rules: the same few hundred names in every document."""


def over(*patterns: str) -> Callable[[Case], Iterator[Check]]:
    """The instances of these equations as checks."""

    def run(case: Case) -> Iterator[Check]:
        for made in case.instances:
            if _named(made.equation, patterns):
                yield settled(case, made)

    return run


@lru_cache(maxsize=_REMEMBERED)
def _named(equation: str, patterns: tuple[str, ...]) -> bool:
    return any(_alike(equation, pattern) for pattern in patterns)


def _alike(name: str, pattern: str) -> bool:
    """As fnmatchcase says, which makes a regular expression of every pattern first; nearly all of
    ours are a name with one star at most."""
    start, star, rest = pattern.partition("*")
    if not {*"*?["}.isdisjoint(start + rest):
        return fnmatchcase(name, pattern)
    if not star:
        return name == pattern
    return name.startswith(start) and name.endswith(rest) and len(name) >= len(start) + len(rest)


def settled(case: Case, made: Instance) -> Check:
    """An instance as a check, with what it says where it fails."""
    outcome = Outcome(made.outcome.value)
    if made.outcome is Equation.FAILS and case.unsure(made.cells):
        return Check(Outcome.UNDECIDABLE, "recognised")
    if made.outcome is not Equation.FAILS:
        return Check(outcome, made.reason.value if made.reason else "")
    left, right = made.cells[: len(made.left)], made.cells[len(made.left) :]
    shown = [c for c in right if c.amount.mark is Mark.PRINTED] or list(right)
    unit = str(made.unit or "")
    return Check(
        Outcome.FAILS,
        found=Found(
            here=tuple(case.place(cell) for cell in left),
            there=tuple(case.place(cell) for cell in shown),
            stated=f"{made.left_sum}{unit}",
            expected=f"{made.right_sum}{unit}",
            difference=made.difference,
            tolerance=made.tolerance,
            unit=unit,
            ties=frozenset(
                ("cell", *cell.key) for cell in made.cells if cell.amount.value is not None
            ),
            implied=votes(made),
        ),
    )


def equation_rule(
    rule_id: str,
    title: str,
    title_en: str,
    formula: str,
    patterns: tuple[str, ...],
    fires: Example,
    silent: Example,
    *,
    twice: bool = False,
    kinds: tuple[Kind, ...] = (Kind.BUDGET, Kind.FINAL),
    severity: Severity = Severity.MATERIAL,
) -> Rule:
    """A rule over the equations these patterns name; `twice`: one quantity in two places."""
    says = (
        "{here}为{stated}，{there}为{expected}，相差{difference}"
        if twice
        else "{here}为{stated}，按各组成项计算为{expected}，相差{difference}"
    )
    says_en = (
        "{here} prints {stated}, {there} prints {expected}: a difference of {difference}"
        if twice
        else "{here} prints {stated}, its parts add up to {expected}: a difference of {difference}"
    )
    return Rule(
        id=rule_id,
        title=title,
        title_en=title_en,
        formula=formula,
        tolerance="重复列示" if twice else "求和尾差",
        severity=severity,
        source="部门预算、部门决算报表格式",
        says=says,
        says_en=says_en,
        run=over(*patterns),
        fires=fires,
        silent=silent,
        kinds=kinds,
        forms=tuple(dict.fromkeys(pattern.partition("/")[0] for pattern in patterns)),
    )


def of(*statements: Statement) -> Example:
    """An example of these statements alone."""
    kind = Kind.BUDGET if statements[0].form.startswith("budget") else Kind.FINAL
    return Example(statements=statements, kind=kind)
