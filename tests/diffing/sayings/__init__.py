"""Generated publications: true ones in many words, and the same with one figure falsified."""

from __future__ import annotations

from random import Random
from typing import Final

import msgspec

from archive.model import Document, Kind, Level, Statement
from diffing.checks.examples import Example
from tests.diffing.sayings import budget, final
from tests.diffing.sayings.accounts import Accounts, accounts
from tests.diffing.sayings.speech import Speech, plain
from tests.diffing.sayings.tables import Tables

__all__ = ["Publication", "publication"]

_PROSE: Final = {Kind.BUDGET: budget.prose, Kind.FINAL: final.prose}


class Publication(msgspec.Struct, frozen=True):
    """Accounts, and how they are published."""

    accounts: Accounts
    statements: tuple[Statement, ...]
    prose: tuple[str, ...]
    """Paragraphs with their recomputable figures marked."""

    def document(
        self, prose: tuple[str, ...] | None = None, statements: tuple[Statement, ...] | None = None
    ) -> Document:
        """As it would be read; with other prose or statements where they are given."""
        return Example(
            prose=tuple(map(plain, self.prose if prose is None else prose)),
            statements=self.statements if statements is None else statements,
            kind=self.accounts.kind,
            year=self.accounts.year,
            level=Level.DEPARTMENT,
        ).document()


def publication(seed: int) -> Publication:
    """The publication of a seed, the same on every machine."""
    made = accounts(seed)
    rng = Random(f"said {seed}")
    basis = rng.choice(("预算", "")) if made.kind is Kind.BUDGET else rng.choice(("决算", ""))
    speech = Speech(rng, made.year, basis)
    said = tuple(_PROSE[made.kind](made, speech))
    return Publication(made, Tables(made, rng).all(), said)
