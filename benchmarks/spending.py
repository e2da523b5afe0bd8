"""What a simulated agency spends, year by year: which functional items, and how they move."""

from __future__ import annotations

import random
from functools import cache
from typing import NamedTuple

from archive.model import Kind, Level

STAPLES = ("2080505", "2080506", "2101101", "2210201")
"""Pensions, medical care, housing: in every agency's tables."""
MOVES = ((0.0, 0.044), (0.044, 0.106), (0.106, 0.353), (0.353, 0.7))
"""Quarters of the changed figures of two real budgets of one office, by how much they moved."""


class Line(NamedTuple):
    """One functional item (项) of an agency and what it spends in a year, in 0.01 万元."""

    code: str
    basic: int
    project: int


class Names(NamedTuple):
    """Names of codes, from the product's own register."""

    functional: dict[str, str]
    economic: tuple[tuple[str, str], ...]


@cache
def names() -> Names:
    """Functional codes of three levels; economic codes of two."""
    import csv
    from pathlib import Path

    import archive.register

    folder = Path(archive.register.__file__).parent / "subjects"

    def read(name: str) -> dict[str, str]:
        with (folder / name).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {r["code"]: r["name"] for r in rows if not r["until"] or r["until"] >= "2023"}

    functional, economic = read("functional.csv"), read("economic.csv")
    whole = {
        code: name
        for code, name in functional.items()
        if all(part in functional for part in (code[:3], code[:5]))
    }
    rows = sorted((c, n) for c, n in economic.items() if c[:3] in ("301", "302", "303", "310"))
    return Names(whole, tuple(rows))


def lines(key: str, level: Level, year: int, kind: Kind, salt: int = 0) -> tuple[Line, ...]:
    """What an agency spends in a year by functional item; a final account keeps near its budget.

    `salt` above 0 gives the figures of a revision: one item differs.
    """
    draw = random.Random(f"lines {key}")  # noqa: S311 - figures to measure with, no secret
    known = [code for code in names().functional if len(code) == 7 and code not in STAPLES]
    count = draw.randint(1, 5) if level is Level.UNIT else draw.randint(6, 26)
    codes = sorted(
        {*draw.sample(known, min(count, len(known))), *STAPLES} & set(names().functional)
    )
    found = []
    for number, code in enumerate(codes):
        start = int(draw.lognormvariate(9.5, 1.5)) + 100
        share = 100 if number % 3 == 0 or code in STAPLES else draw.choice((0, 0, 35, 80))
        amount = _moved(f"{key} {code}", start, year)
        if kind is Kind.FINAL:
            step = random.Random(f"{key} {code} {year} {kind}")  # noqa: S311
            amount = int(amount * step.uniform(0.85, 1.08))
        if amount or code in STAPLES:
            basic = amount * share // 100
            found.append(Line(code, basic, amount - basic))
    if salt:
        place = salt % len(found)
        found[place] = found[place]._replace(project=found[place].project + 137 * salt)
    return tuple(found)


def _moved(key: str, start: int, year: int) -> int:
    """What an item comes to in a year's budget, in 0.01 万元; 0 where the year does not have it.

    From year to year as in two budgets of one real office: a quarter of what is printed stays as
    it is, half of the rest moves by less than a tenth, a quarter of it by more than a third; one
    row in twenty comes and one in twenty goes.
    """
    amount = start
    for one in range(2016, year + 1):
        step = random.Random(f"{key} {one}")  # noqa: S311
        if step.random() < 0.75:
            low, high = step.choice(MOVES)
            rate = step.uniform(low, high)
            amount = int(amount * (1 + rate if step.random() < 0.55 else 1 - rate))
    there = random.Random(f"{key} there {year}").random() >= 0.05  # noqa: S311
    return max(amount, 100) if there else 0
