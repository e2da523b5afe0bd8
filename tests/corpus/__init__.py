"""Real publications kept outside the repository; tests over them skip where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def pdfs() -> list[Path] | list[object]:
    """The PDFs, as pytest parameters: one skipped parameter where there are none."""
    found = sorted([*FOLDER.glob("*.pdf"), *FOLDER.glob("wuhan/*.pdf")])
    return found or [absent()]


def absent() -> object:
    """A parameter that skips and says why."""
    return pytest.param(
        None, id="absent", marks=pytest.mark.skip(reason="the corpus is not here: ../shared/corpus")
    )


def expectations() -> list[Path] | list[object]:
    """The files of hand-checked figures."""
    return sorted([*FOLDER.glob("expected_*.json"), *FOLDER.glob("wuhan/expected_*.json")]) or [
        absent()
    ]
