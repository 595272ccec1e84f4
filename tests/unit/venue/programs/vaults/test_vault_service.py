"""The vaults' money moves when it is asked to, and never because somebody made an object."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.clock import ManualClock
from orderly_sync.venue.programs.vaults.vault_service import VAULT_ACCOUNT_ID, VaultService
from orderly_sync.venue.server.accounts import paper_accounts
from orderly_sync.venue.server.core import Core
from orderly_sync.venue.server.timing import FrozenTime


def venue(accounts: int = 2) -> Core:
    return Core(
        accounts=paper_accounts(3, accounts), time=FrozenTime(), clock=ManualClock(), kind="frozen", seed=3
    )


class Untouchable:
    """Refuses to be used at all."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was used")


def test_making_one_does_nothing() -> None:
    """A second service over the same vaults, even long after everything fell due, reads and moves nothing."""
    untouchable: Any = Untouchable()

    made = VaultService(untouchable, {}, {}, untouchable, untouchable)

    assert made.nonces is not None


@pytest.mark.parametrize("accounts", [1, 2, 5])
def test_the_opening_founds_the_account_of_the_vaults(accounts: int) -> None:
    """The money's account is there and the first account provides before anybody has asked for a vault."""
    core = venue(accounts)

    assert core.exchange.holding(VAULT_ACCOUNT_ID).holding == Decimal(10**9)
    assert core.programs.vaults.provider_wallet == next(iter(core.accounts.members.values())).address


def test_an_account_is_founded_once() -> None:
    """Looking at vaults any number of times opens nothing."""
    core = venue()
    before = core.exchange.holding(VAULT_ACCOUNT_ID)

    for _ in range(3):
        assert core.services.vaults.up_to_date() is core.services.vaults

    assert core.exchange.holding(VAULT_ACCOUNT_ID) == before


def test_a_venue_without_accounts_opens() -> None:
    """Nobody provides then."""
    core = venue(0)

    assert core.programs.vaults.provider_wallet == ""
    assert core.exchange.holding(VAULT_ACCOUNT_ID).holding == Decimal(10**9)
