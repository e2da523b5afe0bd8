"""Versions that are held against each other once: what is remembered is of these very two."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec import structs

from archive.model import ChangeKind
from diffing.digest.memory import compared
from diffing.finding import of_entry
from diffing.thresholds import Thresholds
from diffing.versions import Mode, Version

from .archived import Filing, identity, known
from .test_feed import budget


def versions(root: Path) -> tuple[Version, Version]:
    filing = Filing(root)
    filing.commit(budget("60.00"), identity(2024))
    filing.commit(budget("80.00"), identity(2024), ChangeKind.REVISION)
    repository = filing.archive.repository("310107")
    new, old = (of_entry(repository, known(), one) for one in repository.history())
    return old, new


def test_the_same_two_versions_are_compared_once(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    first = compared(old, new, None, Thresholds())
    assert first.changes
    assert compared(old, new, Mode.REVISION, Thresholds()) is first


def test_the_other_way_round_or_by_other_thresholds_is_another_comparison(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    first = compared(old, new, None, Thresholds())
    back = compared(new, old, None, Thresholds())
    assert (back.old.commit, back.new.commit) == (new.commit, old.commit)
    other = structs.replace(Thresholds(), detail_amount=Decimal(1))
    assert compared(old, new, None, other) is not first
