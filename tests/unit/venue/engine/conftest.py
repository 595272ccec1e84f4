"""Fixtures of the exchange's tests."""

from __future__ import annotations

import pytest

from tests.unit.venue.engine.floor import Floor


@pytest.fixture
def floor() -> Floor:
    """An exchange at ETH 3400 with three levels of 5 ETH a dollar apart on each side."""
    floor = Floor()
    floor.quote()
    return floor
