"""A frozen venue for each test, with a raw client of its first account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_server.trader import Trader


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A frozen venue without rate limits."""
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


@pytest.fixture
def trader(venue: Venue) -> Iterator[Trader]:
    """A raw client of the venue's first account."""
    made = Trader(venue)
    yield made
    made.close()


@pytest.fixture
def other(venue: Venue) -> Iterator[Trader]:
    """A raw client of the venue's second account."""
    made = Trader(venue, 1)
    yield made
    made.close()
