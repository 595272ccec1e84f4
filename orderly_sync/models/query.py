"""Answers of the public query about markets and the platform. Amounts are USDC, sizes base units, times ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import attrs

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import MarginMode, OrderSide, PositionSide
from orderly_sync.models.market import Level
from orderly_sync.models.pages import CursorPage

__all__ = [
    "ExchangeFunding",
    "FundingComparison",
    "MarketDetail",
    "MarketSummary",
    "PlatformPosition",
    "PlatformPositions",
    "QueryBook",
    "QueryCandle",
    "QueryFundingRate",
    "QueryLiquidation",
    "QueryMarket",
    "QueryTrade",
    "RateLimitStatus",
    "TopAddress",
    "TopAddresses",
]

T = TypeVar("T")


@model
class QueryCandle(Model):
    """One candle; ``timestamp`` is its start."""

    timestamp: int
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    close: Decimal | None = None
    volume: Decimal | None = None

    @property
    def time(self) -> datetime | None:
        """When it starts, UTC."""
        return utc(self.timestamp)


@model
class ExchangeFunding(Model):
    """One exchange's funding rate: the last, and the means of 1, 7 and 30 days."""

    name: str
    last: Decimal | None = None
    mean_1d: Decimal | None = wire("1d")
    mean_7d: Decimal | None = wire("7d")
    mean_30d: Decimal | None = wire("30d")


@model
class FundingComparison(Model):
    """One symbol's funding rate at several exchanges."""

    symbol: str
    next_funding_time: int | None = None
    exchanges: tuple[ExchangeFunding, ...] = ()


@model
class QueryFundingRate(Model):
    """A funding rate that was charged."""

    funding_rate: Decimal | None = None
    mark_price: Decimal | None = None
    funding_rate_timestamp: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class QueryLiquidation(Model):
    """A position that was liquidated."""

    symbol: str
    side: PositionSide | None = None
    position_qty: Decimal | None = None
    notional: Decimal | None = None
    mark_price: Decimal | None = None
    est_liq_price: Decimal | None = None
    address: str | None = None
    account_id: str | None = None
    broker_id: str | None = None
    timestamp: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it happened, UTC."""
        return utc(self.timestamp)


@model
class QueryMarket(Model):
    """One market now, over the last 24 hours, and the rules of its orders."""

    symbol: str | None = None
    mark_price: Decimal | None = None
    index_price: Decimal | None = None
    open_24h: Decimal | None = wire("24h_open")
    close_24h: Decimal | None = wire("24h_close")
    high_24h: Decimal | None = wire("24h_high")
    low_24h: Decimal | None = wire("24h_low")
    volume_24h: Decimal | None = wire("24h_volume")
    """Base units."""
    amount_24h: Decimal | None = wire("24h_amount")
    """USDC."""
    open_interest: Decimal | None = None
    last_funding_rate: Decimal | None = None
    est_funding_rate: Decimal | None = None
    next_funding_time: int | None = None
    bid_price: Decimal | None = None
    ask_price: Decimal | None = None
    max_leverage: Decimal | None = None
    min_notional: Decimal | None = None
    quote_tick: Decimal | None = None
    base_tick: Decimal | None = None


@model
class MarketSummary(Model):
    """All markets, or those asked for."""

    total_24h_volume: Decimal | None = None
    total_open_interest: Decimal | None = None
    markets: tuple[QueryMarket, ...] = ()


@model
class QueryTrade(Model):
    """One trade of a market, with whose it was."""

    symbol: str | None = None
    side: OrderSide | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    address: str | None = None
    account_id: str | None = None
    broker_id: str | None = None
    executed_timestamp: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class QueryBook(Model):
    """A book as it stood at ``ts``, best prices first on both sides, in whatever order the venue sent them."""

    symbol: str | None = None
    mid_price: Decimal | None = None
    spread: Decimal | None = None
    asks: tuple[Level, ...] = ()
    bids: tuple[Level, ...] = ()
    ts: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it stood so, UTC."""
        return utc(self.ts)


@model
class MarketDetail(Model):
    """The parts asked for of one market; the others are None or empty."""

    symbol: str
    market_info: QueryMarket | None = None
    orderbook: QueryBook | None = None
    recent_trades: tuple[QueryTrade, ...] = ()
    funding_history: tuple[QueryFundingRate, ...] = ()
    candles: tuple[QueryCandle, ...] = ()


@model
class PlatformPosition(Model):
    """An open position and whose it is."""

    symbol: str
    address: str | None = None
    account_id: str | None = None
    broker_id: str | None = None
    side: PositionSide | None = None
    position_qty: Decimal | None = None
    notional: Decimal | None = None
    average_open_price: Decimal | None = None
    mark_price: Decimal | None = None
    est_liq_price: Decimal | None = None
    unrealized_pnl: Decimal | None = None
    unsettled_pnl: Decimal | None = None
    leverage: Decimal | None = None
    margin_mode: MarginMode | None = None
    opened_at: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was opened, UTC."""
        return utc(self.opened_at)


@attrs.define(eq=False, repr=False)
class PlatformPositions(CursorPage[T]):
    """A page of open positions with the totals of all of them."""

    total_long_notional: Decimal | None = None
    total_short_notional: Decimal | None = None
    total_positions: int | None = None


@model
class TopAddress(Model):
    """One wallet among the largest, over 24 hours, 7 and 30 days; win rates are fractions."""

    address: str
    broker_id: str | None = None
    total_notional: Decimal | None = None
    pnl_24h: Decimal | None = None
    pnl_7d: Decimal | None = None
    pnl_30d: Decimal | None = None
    volume_24h: Decimal | None = None
    volume_7d: Decimal | None = None
    volume_30d: Decimal | None = None
    trade_count_24h: int | None = None
    win_rate_24h: Decimal | None = None
    win_rate_7d: Decimal | None = None
    win_rate_30d: Decimal | None = None
    avg_trade_size: Decimal | None = None
    position_count: int | None = None


@attrs.define(eq=False, repr=False)
class TopAddresses(CursorPage[T]):
    """A page of the largest wallets."""

    last_updated_time: int | None = None


@model
class RateLimitStatus(Model):
    """How much weight this IP address may still use up, and when it starts afresh (ms)."""

    limit: int | None = None
    remaining: int | None = None
    reset: int | None = None
    tier: str | None = None

    @property
    def time(self) -> datetime | None:
        """When the count starts afresh, UTC."""
        return utc(self.reset)
