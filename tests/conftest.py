"""Fixtures more than one folder of tests needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.portal import Portal

# How long an example takes says something of the machine, not of the product.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run long trials whole, not sampled")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the long form of trials unless it is asked for."""
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
