"""A frozen venue for each test, its network, and clients with wallets of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.support.venue_kit import Person, VenueKit


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A frozen venue without rate limits."""
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


@pytest.fixture
def kit(venue: Venue) -> Iterator[VenueKit]:
    """Clients of the venue, closed at the end."""
    with closing(VenueKit(venue)) as made:
        yield made


@pytest.fixture
def alice(kit: VenueKit) -> Person:
    """The first of the venue's own accounts, funded."""
    return kit.owners[0]


@pytest.fixture
def bob(kit: VenueKit) -> Person:
    """The second of the venue's own accounts, funded."""
    return kit.owners[1]
