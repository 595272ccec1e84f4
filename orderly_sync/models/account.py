"""The account: its margin figures, its settings and what it has traded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from orderly_sync.models.base import EMPTY, Acknowledged, Model, model, utc, wire
from orderly_sync.models.enums import AccountMode, MarginMode

__all__ = [
    "AccountInfo",
    "AccountOverview",
    "AccountStatistics",
    "DailyStatistics",
    "DailyVolume",
    "LeverageOptions",
    "LeverageSetting",
    "MaintenanceSetting",
    "MarginModeSetting",
    "MaxLeverage",
    "VolumeStatistics",
]


@model
class AccountOverview(Model):
    """The account's value and margin ratios; amounts in USDC, ratios as fractions."""

    account_value: Decimal | None = None
    free_collateral: Decimal | None = None
    total_collateral_value: Decimal | None = None
    margin_ratio: Decimal | None = None
    current_margin_ratio_with_orders: Decimal | None = None
    open_margin_ratio: Decimal | None = None
    initial_margin_ratio: Decimal | None = None
    initial_margin_ratio_with_orders: Decimal | None = None
    maintenance_margin_ratio: Decimal | None = None
    maintenance_margin_ratio_with_orders: Decimal | None = None
    total_pnl_24_h: Decimal | None = wire("total_pnl_24h", "total_pnl_24_h")


@model
class AccountInfo(Model):
    """What an account may do and pays; fee rates in basis points."""

    shown = ("account_id", "account_mode", "max_leverage")

    account_id: str
    email: str | None = None
    account_mode: AccountMode | None = None
    max_leverage: Decimal | None = None
    taker_fee_rate: Decimal | None = None
    maker_fee_rate: Decimal | None = None
    futures_taker_fee_rate: Decimal | None = None
    futures_maker_fee_rate: Decimal | None = None
    rwa_taker_fee_rate: Decimal | None = None
    rwa_maker_fee_rate: Decimal | None = None
    maintenance_cancel_orders: bool | None = None
    """Whether open orders are cancelled when maintenance begins."""
    imr_factor: Mapping[str, Decimal] = EMPTY
    """By symbol: how the initial margin grows with the notional."""
    max_notional: Mapping[str, Decimal] = EMPTY
    """By symbol: the largest notional, USDC."""


@model
class AccountStatistics(Model):
    """What the account has traded and paid; amounts in USDC."""

    days_since_registration: int | None = None
    fees_paid_last_30_days: Decimal | None = None
    perp_fees_paid_last_30_days: Decimal | None = None
    perp_trading_volume_last_24_hours: Decimal | None = None
    perp_trading_volume_last_7_days: Decimal | None = None
    perp_trading_volume_last_30_days: Decimal | None = None
    perp_trading_volume_ytd: Decimal | None = None
    perp_trading_volume_ltd: Decimal | None = None
    trading_volume_last_24_hours: Decimal | None = None
    trading_volume_last_30_days: Decimal | None = None
    trading_volume_ytd: Decimal | None = None


@model
class VolumeStatistics(Model):
    """Trading volumes in USDC: of the year, of the account's life, of the last days."""

    perp_volume_ytd: Decimal | None = None
    perp_volume_ltd: Decimal | None = None
    perp_volume_today: Decimal | None = None
    perp_volume_last_1_day: Decimal | None = None
    perp_volume_last_7_days: Decimal | None = None
    perp_volume_last_30_days: Decimal | None = None


@model
class DailyVolume(Model):
    """The trading volume of one day (UTC), USDC."""

    date: str
    """YYYY-MM-DD."""
    perp_volume: Decimal | None = None

    @property
    def day(self) -> dt.date:
        """The day."""
        return dt.date.fromisoformat(self.date)


@model
class DailyStatistics(Model):
    """Value, volume and PnL of one day (UTC), USDC."""

    date: str
    """YYYY-MM-DD."""
    account_value: Decimal | None = None
    perp_volume: Decimal | None = None
    pnl: Decimal | None = None
    snapshot_time: int | None = None
    """ms."""

    @property
    def time(self) -> dt.datetime | None:
        """When the value was taken, UTC."""
        return utc(self.snapshot_time)


@model
class LeverageSetting(Model):
    """The leverage of one symbol and margin mode; without a symbol, of all."""

    symbol: str | None = None
    margin_mode: MarginMode | None = None
    leverage: int | None = None


@model
class MarginModeSetting(Model):
    """The margin mode in which new orders of a symbol open."""

    symbol: str
    default_margin_mode: MarginMode | None = None


@model
class MaxLeverage(Model):
    """The highest leverage there is."""

    max_futures_leverage: Decimal | None = None


@model
class LeverageOptions(Model):
    """The leverages an account can choose from."""

    available_futures_leverage: str = ""
    """Comma separated, as on the wire."""

    @property
    def leverages(self) -> tuple[int, ...]:
        """The choices, ascending as the venue lists them."""
        return tuple(int(text) for text in self.available_futures_leverage.split(",") if text.strip())


@model
class MaintenanceSetting(Acknowledged):
    """Whether orders are cancelled in maintenance has been set."""

    success_alter: str | None = None
    """The venue's own words."""
