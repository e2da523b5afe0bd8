"""Generated publications: true ones are accused of nothing, one falsehood in them is found.

What is true is said in many ways (tests/diffing/sayings): rounded figure by figure, percentages
cut off or rounded, blanks or zeros, in 元 or 万元, compared with last year or not at all.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from diffing.checks import Outcome, check
from tests.diffing.sayings import publication
from tests.diffing.sayings.falsify import falsified

SILENT = range(30)
MANY = range(10_000, 12_000)
FALSIFIED = (208, 214)
FALSIFIED_MANY = range(20_000, 20_300)
HARD = {"change": 0.75, "budget.project": 0.85, "sangong": 0.95, "previous": 0.9}
"""Kinds of falsehood that cannot always be told: a fall to nothing is a fall by 100 %, by whatever
amount, and a project table whose rows are twice its total is rather misread."""


def reported(seed: int) -> list[str]:
    report = check(publication(seed).document())
    assert report.errors == ()
    assert report.count(Outcome.HOLDS) > 100
    return [group.first.sentence for group in report.groups]


def test_nothing_true_is_accused() -> None:
    assert {seed: said for seed in SILENT if (said := reported(seed))} == {}


@pytest.mark.full
@pytest.mark.long
def test_nothing_true_is_accused_in_thousands() -> None:
    assert {seed: said for seed in MANY if (said := reported(seed))} == {}


@pytest.mark.parametrize("seed", FALSIFIED)
def test_one_falsehood_is_found_where_it_stands(seed: int) -> None:
    for wrong in falsified(publication(seed), Random(seed)):
        said = f"{wrong.kind}: {wrong.true} printed as {wrong.false} in {wrong.sentence}"
        assert wrong.named(check(wrong.document)), said


@pytest.mark.full
@pytest.mark.long
def test_nearly_every_falsehood_is_found_in_thousands() -> None:
    told: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for seed in FALSIFIED_MANY:
        for wrong in falsified(publication(seed), Random(seed)):
            told[wrong.kind] += 1
            found[wrong.kind] += wrong.named(check(wrong.document))
    assert {
        kind: f"{found[kind]} of {count}"
        for kind, count in told.items()
        if found[kind] < count * HARD.get(kind, 0.98)
    } == {}
    assert sum(found.values()) > 0.98 * sum(told.values())


def test_a_publication_is_the_same_on_every_run() -> None:
    assert publication(7) == publication(7)
    assert publication(7) != publication(8)
