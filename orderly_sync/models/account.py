"""The account: its margin figures, its settings and what it has traded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from orderly_sync.models.account_enums import AccountMode
from orderly_sync.models.base import EMPTY, Acknowledged, Model, model, utc, wire
from orderly_sync.models.enums import MarginMode

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
    """The account's value and margin ratios; amounts in USDC, ratios as fractions.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-account-overview-info
    """

    account_value: Decimal | None = None
    """All that the account is worth, USDC, isolated margin and PnL included."""
    free_collateral: Decimal | None = None
    """USDC that new orders may use; never below 0."""
    total_collateral_value: Decimal | None = None
    """What counts as cross collateral, USDC: balances, discounted tokens and cross PnL."""
    margin_ratio: Decimal | None = None
    """Collateral over the notional of all cross positions, a fraction: 0.05 is 5 %. 10 without positions."""
    current_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted in the notional, a fraction."""
    open_margin_ratio: Decimal | None = None
    """Not documented by the venue; the paper venue sends ``current_margin_ratio_with_orders``, a fraction."""
    initial_margin_ratio: Decimal | None = None
    """Mean initial margin ratio of the positions, weighted by notional, a fraction; 0 without positions."""
    initial_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted, a fraction."""
    maintenance_margin_ratio: Decimal | None = None
    """Mean maintenance margin ratio, a fraction; liquidation begins where ``margin_ratio`` falls below it."""
    maintenance_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted, a fraction."""
    total_pnl_24_h: Decimal | None = wire("total_pnl_24h", "total_pnl_24_h")
    """PnL of the last 24 hours, USDC; below 0 is a loss."""


@model
class AccountInfo(Model):
    """What an account may do and pays; fee rates in basis points (10 is 0.1 %), below 0 is a rebate.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-account-information
    """

    shown = ("account_id", "account_mode", "max_leverage")

    account_id: str
    """The account, ``0x`` and 64 hex digits."""
    email: str | None = None
    """The address for its notices; None where none is bound."""
    account_mode: AccountMode | None = None
    """FUTURES; the account topic calls the same ``SPOT_FUTURES``."""
    max_leverage: Decimal | None = None
    """The highest leverage that it may set, 20 is 20x."""
    taker_fee_rate: Decimal | None = None
    """Taker fee on standard markets, basis points."""
    maker_fee_rate: Decimal | None = None
    """Maker fee on standard markets, basis points."""
    futures_taker_fee_rate: Decimal | None = None
    """Taker fee on perpetual markets, basis points."""
    futures_maker_fee_rate: Decimal | None = None
    """Maker fee on perpetual markets, basis points."""
    rwa_taker_fee_rate: Decimal | None = None
    """Taker fee on markets of real-world assets, basis points."""
    rwa_maker_fee_rate: Decimal | None = None
    """Maker fee on markets of real-world assets, basis points."""
    maintenance_cancel_orders: bool | None = None
    """Whether its open orders are cancelled when maintenance begins; None is not said."""
    imr_factor: Mapping[str, Decimal] = EMPTY
    """By symbol: how the initial margin ratio, a fraction, grows with the notional in USDC, ``factor * notional **
    0.8``; near 1e-7."""
    max_notional: Mapping[str, Decimal] = EMPTY
    """By symbol: the largest notional that a position may have, USDC; the paper venue counts it at the present
    leverage."""


@model
class AccountStatistics(Model):
    """What the account has traded and paid; volumes and fees in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-statistics
    """

    days_since_registration: int | None = None
    """Whole days since the account was registered."""
    fees_paid_last_30_days: Decimal | None = None
    """Fees on all markets over 30 days, USDC; above 0 was paid."""
    perp_fees_paid_last_30_days: Decimal | None = None
    """Fees on perpetual markets over 30 days, USDC; above 0 was paid."""
    perp_trading_volume_last_24_hours: Decimal | None = None
    """Perpetual volume of 24 hours, USDC."""
    perp_trading_volume_last_7_days: Decimal | None = None
    """Perpetual volume of 7 days, USDC."""
    perp_trading_volume_last_30_days: Decimal | None = None
    """Perpetual volume of 30 days, USDC."""
    perp_trading_volume_ytd: Decimal | None = None
    """Perpetual volume since 1 January, USDC."""
    perp_trading_volume_ltd: Decimal | None = None
    """Perpetual volume since registration, USDC."""
    trading_volume_last_24_hours: Decimal | None = None
    """Volume on all markets of 24 hours, USDC."""
    trading_volume_last_30_days: Decimal | None = None
    """Volume on all markets of 30 days, USDC."""
    trading_volume_ytd: Decimal | None = None
    """Volume on all markets since 1 January, USDC."""


@model
class VolumeStatistics(Model):
    """Trading volumes in USDC: of the year, of the account's life, of the last days.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-volume-statistics
    """

    perp_volume_ytd: Decimal | None = None
    """Since 1 January, USDC."""
    perp_volume_ltd: Decimal | None = None
    """Since registration, USDC."""
    perp_volume_today: Decimal | None = None
    """Since 00:00 UTC, USDC."""
    perp_volume_last_1_day: Decimal | None = None
    """Of the last 24 hours, USDC."""
    perp_volume_last_7_days: Decimal | None = None
    """Of the last 7 days, USDC."""
    perp_volume_last_30_days: Decimal | None = None
    """Of the last 30 days, USDC."""


@model
class DailyVolume(Model):
    """The trading volume of one day (UTC), USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-daily-volume
    """

    date: str
    """The day, UTC, ``YYYY-MM-DD``."""
    perp_volume: Decimal | None = None
    """Perpetual volume of the day, maker and taker, USDC."""

    @property
    def day(self) -> dt.date:
        """The day."""
        return dt.date.fromisoformat(self.date)


@model
class DailyStatistics(Model):
    """Value, volume and PnL of one day (UTC), USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-daily-statistics
    """

    date: str
    """The day, UTC, ``YYYY-MM-DD``."""
    account_value: Decimal | None = None
    """What the account was worth when the snapshot was taken, USDC."""
    perp_volume: Decimal | None = None
    """Perpetual volume of the day, USDC."""
    pnl: Decimal | None = None
    """PnL of the day, USDC; below 0 is a loss."""
    snapshot_time: int | None = None
    """When the value was taken, ms; see ``time``."""

    @property
    def time(self) -> dt.datetime | None:
        """When the value was taken, UTC."""
        return utc(self.snapshot_time)


@model
class LeverageSetting(Model):
    """The leverage of one symbol and margin mode; without a symbol, of all.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-leverage-setting
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-leverage-settings
    https://orderly.network/docs/build-on-omnichain/restful-api/private/update-leverage-setting
    """

    symbol: str | None = None
    """The market; None where one leverage was set for all."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED, which have a leverage each; None is not said."""
    leverage: int | None = None
    """10 is 10x; setting all at once, each market is capped at its own highest."""


@model
class MarginModeSetting(Model):
    """The margin mode in which new orders of a symbol open.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-margin-modes
    """

    symbol: str
    """The market."""
    default_margin_mode: MarginMode | None = None
    """The mode that orders without one take; it cannot change while the market has a position or open order."""


@model
class MaxLeverage(Model):
    """The highest leverage there is.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-max-leverage-setting
    """

    max_futures_leverage: Decimal | None = None
    """20 is 20x."""


@model
class LeverageOptions(Model):
    """The leverages an account can choose from.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-leverage-configuration
    """

    available_futures_leverage: str = ""
    """Whole numbers separated by commas, as on the wire; see ``leverages``."""

    @property
    def leverages(self) -> tuple[int, ...]:
        """The choices, ascending as the venue lists them."""
        return tuple(int(text) for text in self.available_futures_leverage.split(",") if text.strip())


@model
class MaintenanceSetting(Acknowledged):
    """Whether orders are cancelled in maintenance has been set.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/configure-auto-cancel-during-maintenance
    """

    success_alter: str | None = None
    """The venue's own words for a person; None where it says nothing."""
