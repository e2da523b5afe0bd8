"""A site whose documents' pages are made by other processes: the same to the byte, whoever dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.executor import Local
from archive.model import Kind
from diffing.site import documents, shares
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
