"""Trading campaigns. Amounts are in USDC."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model

__all__ = [
    "Campaign",
    "CampaignBreakdown",
    "CampaignCheck",
    "CampaignCheckType",
    "CampaignCompare",
    "CampaignGroupBy",
    "CampaignRank",
    "CampaignSort",
    "CampaignStats",
    "CampaignUser",
]


class CampaignGroupBy(OpenEnum):
    """What the details of a campaign are summed by."""

    BROKER = "BROKER"
    SYMBOL = "SYMBOL"
    NONE = "NONE"


class CampaignSort(OpenEnum):
    """What a ranking is sorted by."""

    VOLUME = "volume"
    PNL = "pnl"


class CampaignCheckType(OpenEnum):
    """What is held against the mark."""

    VOLUME = "volume"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    ORDER_COUNT = "order_count"


class CampaignCompare(OpenEnum):
    """How it is held against the mark."""

    GT = "gt"
    GE = "ge"
    LE = "le"
    LT = "lt"


@model
class Campaign(Model):
    """One campaign; times in ms."""

    id: int
    name: str | None = None
    start_time: int | None = None
    end_time: int | None = None
    signup_start_time: int | None = None
    signup_end_time: int | None = None
    register_time: int | None = None
    """When the address asked for signed up; None without an address or without registration."""


@model
class CampaignStats(Model):
    """A campaign in totals."""

    volume: Decimal | None = None
    user_count: int | None = None
    sign_up_count: int | None = None
    updated_time: int | None = None
    """ms."""


@model
class CampaignBreakdown(Model):
    """A part of a campaign's volume."""

    broker_id: str | None = None
    symbol: str | None = None
    volume: Decimal | None = None
    user_count: int | None = None


@model
class CampaignRank(Model):
    """One line of a campaign's ranking."""

    broker_id: str | None = None
    account_id: str | None = None
    address: str | None = None
    volume: Decimal | None = None
    pnl: Decimal | None = None
    total_deposit_amount: Decimal | None = None
    total_withdrawal_amount: Decimal | None = None
    start_account_value: Decimal | None = None
    end_account_value: Decimal | None = None


@model
class CampaignUser(Model):
    """One user in a campaign; staked amounts in tokens."""

    volume: Decimal | None = None
    filled_order_count: int | None = None
    updated_time: int | None = None
    """ms."""
    pnl: Decimal | None = None
    total_deposit_amount: Decimal | None = None
    total_withdrawal_amount: Decimal | None = None
    start_account_value: Decimal | None = None
    end_account_value: Decimal | None = None
    new_invited_referee: int | None = None
    new_traded_referee: int | None = None
    total_staked_order: Decimal | None = None
    total_staked_esorder: Decimal | None = None


@model
class CampaignCheck(Model):
    """Whether a user has reached a campaign's mark."""

    status: str | None = None
    """``success`` where it is reached."""
