"""What the tests need that look at pages as a reader does, in headless Chromium."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PHONE = {"width": 390, "height": 844}


def needs_chromium(group: str) -> list[pytest.MarkDecorator]:
    """The marks of a module whose tests share one browser."""
    return [
        pytest.mark.chromium,
        pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
        pytest.mark.xdist_group(group),
    ]
