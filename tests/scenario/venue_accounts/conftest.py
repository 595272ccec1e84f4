"""A frozen venue for each test, its network, and clients with wallets of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_accounts.household import Household, Person


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A frozen venue without rate limits."""
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


@pytest.fixture
def house(venue: Venue) -> Iterator[Household]:
    """Clients of the venue, closed at the end."""
    made = Household(venue)
    yield made
    made.close()


@pytest.fixture
def alice(house: Household) -> Person:
    """The first of the venue's own accounts, funded."""
    return house.owner(0)


@pytest.fixture
def bob(house: Household) -> Person:
    """The second of the venue's own accounts, funded."""
    return house.owner(1)
