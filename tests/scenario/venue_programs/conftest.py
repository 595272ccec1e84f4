"""One frozen venue for a module, and a typed client for each of its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from orderly_sync import Credentials, Network, Rest
from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_programs.desk import Desk

ACCOUNTS = 5


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    """A venue whose prices and time stand still until something happens."""
    with Venue(seed=11, market="frozen", rate_limits=False, accounts=ACCOUNTS) as running:
        yield running


@pytest.fixture(scope="module")
def desk(venue: Venue) -> Iterator[Desk]:
    """Clients of the venue's accounts; the first one is its builder's admin and the provider of its vaults."""
    with ExitStack() as stack:
        network = Network(
            name="paper",
            rest=venue.urls["rest"],
            ws_public=venue.urls["ws_public"],
            ws_private=venue.urls["ws_private"],
            chain_id=421614,
            ledger_contract="0x1826B75e2ef249173FC735149AE4B8e9ea10abff",
        )
        clients = [
            stack.enter_context(
                Rest(
                    network,
                    Credentials(
                        account_id=each.account_id,
                        secret=each.orderly_secret,
                        key=each.orderly_key,
                        broker_id=each.broker_id,
                    ),
                    rate_limits=False,
                )
            )
            for each in venue.accounts
        ]
        yield Desk(venue, clients)
