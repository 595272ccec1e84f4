"""Staking of ORDER and esORDER, by wallet address."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model

__all__ = ["EsOrderVesting", "StakedBalance", "StakingDay", "StakingOverview", "Unstaking", "VestingStatus"]


class VestingStatus(OpenEnum):
    """Where a vesting of esORDER stands."""

    CLAIMED = "claimed"
    CANCELED = "canceled"
    VESTING = "vesting"


@model
class StakedBalance(Model):
    """What a wallet has staked now, in tokens."""

    total_staked_balance: Decimal | None = None
    total_staked_order: Decimal | None = None
    total_staked_esorder: Decimal | None = None


@model
class Unstaking(Model):
    """The ORDER that a wallet is unstaking."""

    total_unstake_order: Decimal | None = None
    unstaked_end_time: int | None = None
    """When it is free, ms."""


@model
class StakingDay(Model):
    """One day of all stakers together, in USD."""

    date: str
    """``YYYY-MM-DD``."""
    usd_reward: Decimal | None = None
    total_staked_usd: Decimal | None = None


@model
class StakingOverview(Model):
    """All that is staked, with its history by day."""

    total_stake: Decimal | None = None
    rows: tuple[StakingDay, ...] = ()


@model
class EsOrderVesting(Model):
    """One vesting of esORDER into ORDER; times in ms."""

    vest_request_id: int
    vest_start_time: int | None = None
    vest_end_time: int | None = None
    total_vest_amount: Decimal | None = None
    status: VestingStatus | None = None
