"""Staking of ORDER and esORDER, by wallet address.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model
from orderly_sync.models.enums import OpenEnum

__all__ = ["EsOrderVesting", "StakedBalance", "StakingDay", "StakingOverview", "Unstaking", "VestingStatus"]


class VestingStatus(OpenEnum):
    """Where a vesting of esORDER stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-esorder-vesting-list
    """

    CLAIMED = "claimed"
    """The ORDER is taken out."""
    CANCELED = "canceled"
    """It was called off and the esORDER given back."""
    VESTING = "vesting"
    """It runs, or waits to be claimed."""


@model
class StakedBalance(Model):
    """What a wallet has staked now; 0 for a wallet without an account.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-wallets-current-staked-balance
    """

    total_staked_balance: Decimal | None = None
    """Both together, tokens."""
    total_staked_order: Decimal | None = None
    """Units of ORDER."""
    total_staked_esorder: Decimal | None = None
    """Units of esORDER."""


@model
class Unstaking(Model):
    """The ORDER that a wallet is unstaking.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-unstaking-order-details
    """

    total_unstake_order: Decimal | None = None
    """Units of ORDER; 0 while nothing is unstaked."""
    unstaked_end_time: int | None = None
    """When it is free, ms; 0 or None while nothing is unstaked."""


@model
class StakingDay(Model):
    """One day of all stakers together.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-staking-overview
    """

    date: str
    """The day as ``YYYY-MM-DD``."""
    usd_reward: Decimal | None = None
    """What stakers earned on it, USD."""
    total_staked_usd: Decimal | None = None
    """What is staked at the day's price, USD."""


@model
class StakingOverview(Model):
    """All that is staked, with its history by day.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-staking-overview
    """

    total_stake: Decimal | None = None
    """Not explained by the venue; the paper venue gives ORDER and esORDER together, in tokens."""
    rows: tuple[StakingDay, ...] = ()
    """One row a day, newest first with the paper venue; empty where the venue sends none."""


@model
class EsOrderVesting(Model):
    """One vesting of esORDER into ORDER.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-esorder-vesting-list
    """

    vest_request_id: int
    """The vesting's number."""
    vest_start_time: int | None = None
    """When it began, ms: 15 days before the venue's unlock time."""
    vest_end_time: int | None = None
    """When all of it is free, ms: 75 days after the unlock time."""
    total_vest_amount: Decimal | None = None
    """Units of esORDER."""
    status: VestingStatus | None = None
    """Where it stands."""
