"""One frozen venue for a module, and a typed client for each of its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.support.venue_kit import VenueKit

ACCOUNTS = 5


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    """A venue whose prices and time stand still until something happens."""
    with Venue(seed=11, market="frozen", rate_limits=False, accounts=ACCOUNTS) as running:
        yield running


@pytest.fixture(scope="module")
def kit(venue: Venue) -> Iterator[VenueKit]:
    """Clients of the venue's accounts; the first one is its builder's admin and the provider of its vaults."""
    with closing(VenueKit(venue)) as made:
        yield made
