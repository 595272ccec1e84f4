"""Trading campaigns. Amounts are in USDC."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model
from orderly_sync.models.enums import OpenEnum

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
    """What the details of a campaign are summed by.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-detailed-campaign-info
    """

    BROKER = "BROKER"
    """One row a builder."""
    SYMBOL = "SYMBOL"
    """One row a market."""
    NONE = "NONE"
    """One row for all."""


class CampaignSort(OpenEnum):
    """What a ranking is sorted by.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-ranking
    """

    VOLUME = "volume"
    """By volume."""
    PNL = "pnl"
    """By PnL."""


class CampaignCheckType(OpenEnum):
    """What is held against the mark.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-verification
    """

    VOLUME = "volume"
    """Volume in the campaign, USDC."""
    DEPOSIT = "deposit"
    """Deposited during it, USDC."""
    WITHDRAW = "withdraw"
    """Withdrawn during it, USDC."""
    ORDER_COUNT = "order_count"
    """Orders in it."""


class CampaignCompare(OpenEnum):
    """How it is held against the mark.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-verification
    """

    GT = "gt"
    """More than the mark."""
    GE = "ge"
    """The mark or more."""
    LE = "le"
    """The mark or less."""
    LT = "lt"
    """Less than the mark."""


@model
class Campaign(Model):
    """One campaign; times in ms.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-list-of-campaigns
    """

    id: int
    """The campaign's number."""
    name: str | None = None
    """Its name to show people."""
    start_time: int | None = None
    """When trading begins to count, ms."""
    end_time: int | None = None
    """When it ends, ms."""
    signup_start_time: int | None = None
    """From when one can sign up, ms; None where one need not."""
    signup_end_time: int | None = None
    """Until when one can sign up, ms; None where one need not."""
    register_time: int | None = None
    """When the address asked for signed up, ms; None without an address or without registration."""


@model
class CampaignStats(Model):
    """A campaign in totals.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-statistics
    """

    volume: Decimal | None = None
    """Volume of all who take part, USDC."""
    user_count: int | None = None
    """How many have traded in it."""
    sign_up_count: int | None = None
    """How many have signed up."""
    updated_time: int | None = None
    """When it was last counted, ms."""


@model
class CampaignBreakdown(Model):
    """A part of a campaign's volume.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-detailed-campaign-info
    """

    broker_id: str | None = None
    """The builder; None where it is not grouped by builder."""
    symbol: str | None = None
    """The market; None where it is not grouped by market."""
    volume: Decimal | None = None
    """Volume of this part, USDC."""
    user_count: int | None = None
    """How many have traded in it."""


@model
class CampaignRank(Model):
    """One line of a campaign's ranking.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-ranking
    """

    broker_id: str | None = None
    """The builder; None where the ranking is over builders."""
    account_id: str | None = None
    """The account; a name in the venue's example."""
    address: str | None = None
    """The wallet."""
    volume: Decimal | None = None
    """Volume in the campaign, USDC."""
    pnl: Decimal | None = None
    """PnL in the campaign, USDC; below 0 is a loss."""
    total_deposit_amount: Decimal | None = None
    """Deposited during it, USDC, at least 0."""
    total_withdrawal_amount: Decimal | None = None
    """Withdrawn during it, USDC, at least 0."""
    start_account_value: Decimal | None = None
    """What the account was worth when it began, USDC."""
    end_account_value: Decimal | None = None
    """What it was worth at the end, or is now, USDC."""


@model
class CampaignUser(Model):
    """One user in a campaign; staked amounts in tokens.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-user-info
    """

    volume: Decimal | None = None
    """Volume in the campaign, USDC."""
    filled_order_count: int | None = None
    """Orders that had fills in it."""
    updated_time: int | None = None
    """When it was last counted, ms."""
    pnl: Decimal | None = None
    """PnL in the campaign, USDC; below 0 is a loss."""
    total_deposit_amount: Decimal | None = None
    """Deposited during it, USDC, at least 0."""
    total_withdrawal_amount: Decimal | None = None
    """Withdrawn during it, USDC, at least 0."""
    start_account_value: Decimal | None = None
    """What the account was worth when it began, USDC."""
    end_account_value: Decimal | None = None
    """What it was worth at the end, or is now, USDC."""
    new_invited_referee: int | None = None
    """Referees invited during it."""
    new_traded_referee: int | None = None
    """Referees who first traded during it."""
    total_staked_order: Decimal | None = None
    """ORDER staked, in units of the token."""
    total_staked_esorder: Decimal | None = None
    """esORDER staked, in units of the token."""


@model
class CampaignCheck(Model):
    """Whether a user has reached a campaign's mark.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-verification
    """

    status: str | None = None
    """``success`` where it is reached; what it says otherwise is not documented, the paper venue writes ``fail``."""
