"""What a builder sees of its own business: volumes, fees, tier and revenue."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model, wire
from orderly_sync.models.enums import OpenEnum

__all__ = [
    "BuilderTier",
    "DailyVolumeAggregate",
    "DailyVolumeSort",
    "FeeRevenueDay",
    "LeaderboardAggregate",
    "LeaderboardRow",
    "LeaderboardSort",
    "UserVolume",
]


class DailyVolumeSort(OpenEnum):
    """How the daily volumes of users are sorted.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-users-volumes
    """

    ASCENDING_BROKER_FEE = "ascending_broker_fee"
    """By the builder's part of the fees, the lowest first."""
    DESCENDING_BROKER_FEE = "descending_broker_fee"
    """By the builder's part of the fees, the highest first."""
    ASCENDING_PERP_MAKER_VOLUME = "ascending_perp_maker_volume"
    """By volume as maker, the lowest first."""
    DESCENDING_PERP_MAKER_VOLUME = "descending_perp_maker_volume"
    """By volume as maker, the highest first."""
    ASCENDING_PERP_TAKER_VOLUME = "ascending_perp_taker_volume"
    """By volume as taker, the lowest first."""
    DESCENDING_PERP_TAKER_VOLUME = "descending_perp_taker_volume"
    """By volume as taker, the highest first."""
    ASCENDING_PERP_VOLUME = "ascending_perp_volume"
    """By all volume, the lowest first."""
    DESCENDING_PERP_VOLUME = "descending_perp_volume"
    """By all volume, the highest first."""
    ASCENDING_TOTAL_FEE = "ascending_total_fee"
    """By all fees, the lowest first, rebates before fees."""
    DESCENDING_TOTAL_FEE = "descending_total_fee"
    """By all fees, the highest first."""


class LeaderboardSort(OpenEnum):
    """How a leaderboard is sorted.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-leaderboard
    """

    ASCENDING_REALIZED_PNL = "ascending_realized_pnl"
    """By what was realised, the greatest loss first."""
    DESCENDING_REALIZED_PNL = "descending_realized_pnl"
    """By what was realised, the greatest gain first."""
    ASCENDING_PERP_VOLUME = "ascending_perp_volume"
    """By volume, the lowest first."""
    DESCENDING_PERP_VOLUME = "descending_perp_volume"
    """By volume, the highest first."""


class DailyVolumeAggregate(OpenEnum):
    """What daily volumes are summed by.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-users-volumes
    """

    DATE = "DATE"
    """One row a day."""
    ACCOUNT = "ACCOUNT"
    """One row a user over the whole window."""


class LeaderboardAggregate(OpenEnum):
    """What a leaderboard is summed by: a wallet everywhere, or a wallet at each builder.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-leaderboard
    """

    ADDRESS = "address"
    """One row a wallet."""
    ADDRESS_PER_BUILDER = "address_per_builder"
    """One row a wallet and builder."""


@model
class UserVolume(Model):
    """One user's day with a builder, or a sum of days: volumes, fees and PnL in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-users-volumes
    """

    account_id: str | None = None
    """The user's account; None in sums over users."""
    date: str | None = None
    """The day, UTC, ``YYYY-MM-DD``; None in sums over days."""
    perp_volume: Decimal | None = None
    """Maker and taker volume, USDC."""
    perp_maker_volume: Decimal | None = None
    """Volume as maker, USDC."""
    perp_taker_volume: Decimal | None = wire("perp_taker_volume", "perp_taker_volum")
    """Volume as taker, USDC; the venue misspells it."""
    total_fee: Decimal | None = None
    """Fees that the user paid, USDC; below 0 is a rebate."""
    broker_fee: Decimal | None = None
    """The builder's part of them, USDC."""
    address: str | None = None
    """The user's wallet; None in sums over users."""
    realized_pnl: Decimal | None = None
    """What the user realised, USDC; below 0 is a loss."""


@model
class LeaderboardRow(Model):
    """One line of a leaderboard: volumes, fees and PnL in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-leaderboard
    """

    account_id: str | None = None
    """The user's account; None in sums over accounts."""
    date: str | None = None
    """The day, UTC, ``YYYY-MM-DD``; None in sums over days."""
    perp_volume: Decimal | None = None
    """Maker and taker volume, USDC."""
    perp_maker_volume: Decimal | None = None
    """Volume as maker, USDC."""
    perp_taker_volume: Decimal | None = None
    """Volume as taker, USDC."""
    total_fee: Decimal | None = None
    """Fees paid, USDC; below 0 where rebates outweigh them."""
    broker_fee: Decimal | None = None
    """The builder's part, USDC, before commissions to affiliates and referees."""
    address: str | None = None
    """The user's wallet."""
    realized_pnl: Decimal | None = None
    """What the user realised, USDC; below 0 is a loss."""
    broker_id: str | None = None
    """The builder; None in sums over builders."""


@model
class BuilderTier(Model):
    """A builder's fee tier. The four rates are in basis points (1 is 0.01 %).

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builder-fee-tier-information
    """

    broker_id: str | None = None
    """The builder."""
    total_staked_balance: Decimal | None = None
    """What it has staked; by its name and programme units of ORDER, which the page does not say."""
    volume_last_30_days: Decimal | None = None
    """Volume of its users over 30 days, USDC."""
    type: str | None = None
    """The tier's name, such as ``DIAMOND``."""
    base_maker_fee_rate: Decimal | None = None
    """What the venue takes from makers, basis points; below 0 is a rebate."""
    base_taker_fee_rate: Decimal | None = None
    """What the venue takes from takers, basis points."""
    base_rwa_maker_fee_rate: Decimal | None = None
    """The same of makers on markets of real-world assets, basis points."""
    base_rwa_taker_fee_rate: Decimal | None = None
    """The same of takers on markets of real-world assets, basis points."""
    updated_time: int | None = None
    """When the tier was last counted, ms."""


@model
class FeeRevenueDay(Model):
    """One settlement day of a builder's revenue, in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-daily-revenue-settlement-history
    """

    date: str
    """The day of settlement, UTC, ``YYYY-MM-DD``; the revenue was earned the day before."""
    permissionless_listing_fee_share: Decimal | None = None
    """Its part of the fees on markets that it listed, USDC."""
    distributor_fee_share: Decimal | None = None
    """Its part as a distributor of other builders, USDC."""
    builder_fee_revenue: Decimal | None = None
    """Trading fees less the base fee and affiliates' commissions, USDC; below 0 where these were more."""
    cross_broker_fee: Decimal | None = None
    """From orders sent with this builder's tag, at any builder, USDC."""
    total_revenue: Decimal | None = None
    """The sum of the four above, USDC."""
