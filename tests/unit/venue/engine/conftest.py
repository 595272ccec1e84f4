"""Fixtures of the exchange's tests."""

from __future__ import annotations

import pytest

from tests.support.venue_kit import ExchangeKit


@pytest.fixture
def kit() -> ExchangeKit:
    """An exchange at ETH 3400 with three levels of 5 ETH a dollar apart on each side."""
    kit = ExchangeKit()
    kit.quote()
    return kit
