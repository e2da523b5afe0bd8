"""Fixtures more than one folder of tests needs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.chromium import CHROMIUM
from tests.portal import Portal
from tests.reading import FOLDER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says something of the machine, not of the product.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run long trials whole, not sampled")


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the readings of a run; the workers inherit it."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="mingzhang-readings-")
        os.environ[FOLDER] = folder
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: harvests of the mock portal mostly wait."""
    return (os.cpu_count() or 1) + 1


def _turn(item: pytest.Item) -> int:
    marks = ("xdist_group", "long")
    return next((n for n, mark in enumerate(marks) if item.get_closest_marker(mark)), len(marks))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long chains begin first, then long tests, that no worker is left with one at the end; the
    long form of trials is skipped unless it is asked for."""
    items.sort(key=_turn)
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="the long form of a trial: make test-all, or pytest --full")
    for item in items:
        if "full" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def mock_portal() -> Iterator[Portal]:
    """The mock portal at tick 0, on ephemeral ports of 127.0.0.1."""
    with Portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for the tests of a module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()
