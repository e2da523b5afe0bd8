"""Fixtures more than one folder of tests needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal import Portal


@pytest.fixture
def mock_portal() -> Iterator[Portal]:
    """The mock portal at tick 0, on ephemeral ports of 127.0.0.1."""
    with Portal() as portal:
        yield portal
