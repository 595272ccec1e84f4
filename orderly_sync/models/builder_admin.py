"""What a builder sees of its own business: volumes, fees, tier and revenue."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model, wire

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
    """How the daily volumes of users are sorted."""

    ASCENDING_BROKER_FEE = "ascending_broker_fee"
    DESCENDING_BROKER_FEE = "descending_broker_fee"
    ASCENDING_PERP_MAKER_VOLUME = "ascending_perp_maker_volume"
    DESCENDING_PERP_MAKER_VOLUME = "descending_perp_maker_volume"
    ASCENDING_PERP_TAKER_VOLUME = "ascending_perp_taker_volume"
    DESCENDING_PERP_TAKER_VOLUME = "descending_perp_taker_volume"
    ASCENDING_PERP_VOLUME = "ascending_perp_volume"
    DESCENDING_PERP_VOLUME = "descending_perp_volume"
    ASCENDING_TOTAL_FEE = "ascending_total_fee"
    DESCENDING_TOTAL_FEE = "descending_total_fee"


class LeaderboardSort(OpenEnum):
    """How a leaderboard is sorted."""

    ASCENDING_REALIZED_PNL = "ascending_realized_pnl"
    DESCENDING_REALIZED_PNL = "descending_realized_pnl"
    ASCENDING_PERP_VOLUME = "ascending_perp_volume"
    DESCENDING_PERP_VOLUME = "descending_perp_volume"


class DailyVolumeAggregate(OpenEnum):
    """What daily volumes are summed by."""

    DATE = "DATE"
    ACCOUNT = "ACCOUNT"


class LeaderboardAggregate(OpenEnum):
    """What a leaderboard is summed by: a wallet everywhere, or a wallet at each builder."""

    ADDRESS = "address"
    ADDRESS_PER_BUILDER = "address_per_builder"


@model
class UserVolume(Model):
    """One user's day with a builder, or a sum of days: volumes, fees and PnL in USDC."""

    account_id: str | None = None
    date: str | None = None
    """``YYYY-MM-DD``."""
    perp_volume: Decimal | None = None
    perp_maker_volume: Decimal | None = None
    perp_taker_volume: Decimal | None = wire("perp_taker_volume", "perp_taker_volum")
    total_fee: Decimal | None = None
    broker_fee: Decimal | None = None
    address: str | None = None
    realized_pnl: Decimal | None = None


@model
class LeaderboardRow(Model):
    """One line of a leaderboard: volumes, fees and PnL in USDC."""

    account_id: str | None = None
    date: str | None = None
    """``YYYY-MM-DD``."""
    perp_volume: Decimal | None = None
    perp_maker_volume: Decimal | None = None
    perp_taker_volume: Decimal | None = None
    total_fee: Decimal | None = None
    """Negative where rebates outweigh fees."""
    broker_fee: Decimal | None = None
    """Before commissions to affiliates and referees."""
    address: str | None = None
    realized_pnl: Decimal | None = None
    broker_id: str | None = None


@model
class BuilderTier(Model):
    """A builder's fee tier. The four rates are in basis points."""

    broker_id: str | None = None
    total_staked_balance: Decimal | None = None
    volume_last_30_days: Decimal | None = None
    """USDC."""
    type: str | None = None
    """The tier, such as ``DIAMOND``."""
    base_maker_fee_rate: Decimal | None = None
    base_taker_fee_rate: Decimal | None = None
    base_rwa_maker_fee_rate: Decimal | None = None
    base_rwa_taker_fee_rate: Decimal | None = None
    updated_time: int | None = None


@model
class FeeRevenueDay(Model):
    """One settlement day of a builder's revenue, in USDC."""

    date: str
    """``YYYY-MM-DD``; the revenue was earned the day before."""
    permissionless_listing_fee_share: Decimal | None = None
    distributor_fee_share: Decimal | None = None
    builder_fee_revenue: Decimal | None = None
    """Trading fees less the base fee and affiliates' commissions."""
    cross_broker_fee: Decimal | None = None
    """From orders sent with this builder's tag."""
    total_revenue: Decimal | None = None
    """The sum of the four above."""
