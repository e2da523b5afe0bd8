"""One finding per root cause: what fails together is shown together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from archive.forms.equations import Cell, Instance
from archive.forms.equations import Outcome as Equation
from diffing.checks.case import Case
from diffing.checks.model import Finding, Found, Group, Place, Severity

__all__ = ["grouped"]

_AGREES: Final = frozenset({Equation.HOLDS, Equation.ROUNDING})
_OUTVOTED: Final = 2
"""Equations that must demand the same value of a cell before it is called the wrong one."""
_ORDER: Final = list(Severity)


def grouped(case: Case, found: Sequence[tuple[Finding, Found]]) -> tuple[Group, ...]:
    """The findings by root cause, material ones first, then in order of print.

    Two findings have one cause where they share a failing cell or claim, or where they are off by
    the same amount in cells that one holding equation joins.
    """
    parent = list(range(len(found)))

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    by_tie: dict[tuple[object, ...], int] = {}
    for n, (_, one) in enumerate(found):
        for tie in one.ties:
            parent[root(n)] = root(by_tie.setdefault(tie, n))
    for a, b in _joined(case, found):
        parent[root(a)] = root(b)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for n in range(len(found)):
        members[root(n)].append(n)
    groups = [_group(case, [found[n] for n in ns]) for ns in members.values()]
    return tuple(sorted(groups, key=_printed))


def _joined(case: Case, found: Sequence[tuple[Finding, Found]]) -> list[tuple[int, int]]:
    """Findings off by the same amount, with cells in one equation that holds."""
    cells: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, (_, one) in enumerate(found):
        for key, _ in one.implied:
            cells[key].append(n)
    pairs = []
    for made in case.instances:
        if made.outcome not in _AGREES:
            continue
        here = {n for cell in made.cells for n in cells.get(cell.key, ())}
        by_size: defaultdict[Decimal, list[int]] = defaultdict(list)
        for n in here:
            by_size[abs(found[n][1].difference or Decimal(0))].append(n)
        pairs += [(ns[0], n) for ns in by_size.values() for n in ns[1:]]
    return pairs


def _group(case: Case, found: Sequence[tuple[Finding, Found]]) -> Group:
    ordered = sorted(found, key=lambda one: _ORDER.index(one[0].severity))
    findings = tuple(finding for finding, _ in ordered)
    votes: Counter[tuple[tuple[int, int, str], Decimal]] = Counter(
        vote for _, one in ordered for vote in set(one.implied)
    )
    failing: Counter[tuple[int, int, str]] = Counter(
        key for _, one in ordered for key in {key for key, _ in one.implied}
    )
    asked = [
        (count, key, value)
        for (key, value), count in votes.items()
        if count >= _OUTVOTED and failing[key] == count
    ]
    best = [vote for vote in asked if vote[0] == max(count for count, _, _ in asked)]
    if len(best) == 1:
        count, key, value = best[0]
        cell = case.sheets[key[0]].cell(key[1], key[2])
        if cell is not None:
            return Group(findings, case.place(cell), value, count)
    return Group(findings, witnesses=_for_the_other_side(case, found))


def _for_the_other_side(case: Case, found: Sequence[tuple[Finding, Found]]) -> int:
    """How many equations hold over the cells that the prose contradicts."""
    by_prose = [one for _, one in found if any(tie[0] == "claim" for tie in one.ties)]
    contradicted = {tie[1:] for one in by_prose for tie in one.ties if tie[0] == "cell"}
    return sum(
        1
        for made in case.instances
        if made.outcome in _AGREES and any(cell.key in contradicted for cell in made.cells)
    )


def _printed(group: Group) -> tuple[int, int, int]:
    place = group.first.here[0] if group.first.here else Place()
    return _ORDER.index(group.first.severity), place.page or 0, place.row or 0


def votes(instance: Instance) -> tuple[tuple[tuple[int, int, str], Decimal], ...]:
    """What a failing equation demands of each of its cells."""
    cells: list[Cell] = [*instance.cells]
    found = ((cell.key, instance.implied(cell.key)) for cell in cells)
    return tuple((key, value) for key, value in found if value is not None)
