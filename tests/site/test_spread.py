"""A site whose documents' pages are made by other processes: the same to the byte, whoever dies."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from archive.executor import Local
from archive.model import Kind
from diffing.site import copies, documents, output, shares
from tests.diffing.archived import identity

from . import dying
from .built import OFFICE, Site, document_path
from .test_pictures import published


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A few documents, one of them with its original; handed out two at a time."""
    monkeypatch.setattr(documents, "_FEW", 0)
    monkeypatch.setattr(shares, "_SHARE", 2)
    return Site(tmp_path).fill()


def test_the_site_is_the_same_to_the_byte_whoever_makes_its_pages(
    site: Site, tmp_path: Path
) -> None:
    published(site)
    here = site.contents()
    assert any(path.startswith("crops/") for path in here)
    site.folder = tmp_path / "spread"
    built = site.build(Local(2))
    assert (built.failed, built.read) == ([], built.documents)
    assert site.contents() == here
    again = site.build(Local(2))
    assert (again.read, again.written, again.removed) == (0, 0, 0)
    assert site.build().written == 0


@pytest.mark.parametrize("held", [output._HELD, 1])
def test_pages_made_by_copies_of_the_process_are_the_same_to_the_byte(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    site.build()
    here = site.contents()
    begun: list[int] = []

    def begin(self: copies.Jobs[Any], count: int) -> None:
        begun.append(count)
        ordinary(self, count)

    ordinary = copies.Jobs._begin
    monkeypatch.setattr(copies.Jobs, "_begin", begin)
    # whoever runs the tests may have a thread of its own, which holds no lock that a page needs
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(documents, "_FEW", 100)
    monkeypatch.setattr(output, "_HELD", held)
    site.folder = tmp_path / "copied"
    assert site.build(Local(3)).failed == []
    assert begun
    assert set(begun) == {2}
    assert site.contents() == here
    assert site.build(Local(3)).written == 0


def test_a_worker_that_is_killed_loses_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build()
    here = site.contents()
    site.folder = tmp_path / "spread"
    monkeypatch.setattr(shares, "made", dying.once)
    assert site.build(Local(2)).failed == []
    assert (site.filing.archive.root / "seen").exists()
    assert site.contents() == here


def test_a_document_that_kills_whoever_takes_it_is_named_and_costs_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "made", dying.always)
    built = site.build(Local(2))
    final = identity(2024, Kind.FINAL, name=OFFICE)
    assert built.failed == [f"{final.document_id}: whoever took it was killed each time"]
    assert built.read == built.documents == 3
    assert not (site.folder / document_path(final)).exists()
    assert (site.folder / document_path(identity(2024, name=OFFICE))).exists()
