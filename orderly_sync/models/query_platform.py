"""Answers of the public query about the platform as a whole. Amounts are USDC, sizes base units, times ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import attrs

from orderly_sync.models.account_enums import PositionSide
from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.pages import CursorPage

__all__ = [
    "PlatformPosition",
    "PlatformPositions",
    "QueryLiquidation",
    "RateLimitStatus",
    "TopAddress",
    "TopAddresses",
]

T = TypeVar("T")


@model
class QueryLiquidation(Model):
    """A position that was liquidated.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/liquidations
    """

    symbol: str
    """The market."""
    side: PositionSide | None = None
    """Which way the liquidated position stood."""
    position_qty: Decimal | None = None
    """How much of it changed hands, base units, without sign: ``side`` says which way."""
    notional: Decimal | None = None
    """Quantity times mark price, USDC, positive."""
    mark_price: Decimal | None = None
    """The mark price of that moment, USDC per base unit."""
    est_liq_price: Decimal | None = None
    """By the page the mark price of that moment once more, USDC; the paper venue gives the price the position was
    handed over at."""
    address: str | None = None
    """The wallet that was liquidated; None where the venue cannot tell."""
    account_id: str | None = None
    """Its account; None where the venue cannot tell."""
    broker_id: str | None = None
    """Its builder; None where the venue cannot tell."""
    timestamp: int | None = None
    """When it happened, ms."""

    @property
    def time(self) -> datetime | None:
        """When it happened, UTC."""
        return utc(self.timestamp)


@model
class PlatformPosition(Model):
    """An open position and whose it is.

    https://orderly.network/docs/build-on-omnichain/public-info-api/platform/platform-positions
    """

    symbol: str
    """The market."""
    address: str | None = None
    """The wallet that holds it."""
    account_id: str | None = None
    """Its account."""
    broker_id: str | None = None
    """Its builder."""
    side: PositionSide | None = None
    """Which way it stands."""
    position_qty: Decimal | None = None
    """Base units. The page says nothing of a sign; go by ``side``, as the paper venue sends it without one."""
    notional: Decimal | None = None
    """Quantity times mark price, USDC, positive."""
    average_open_price: Decimal | None = None
    """Mean price of its entry, USDC per base unit."""
    mark_price: Decimal | None = None
    """USDC per base unit."""
    est_liq_price: Decimal | None = None
    """Mark price at which it would be liquidated, an estimate, USDC per base unit; None where the venue could not
    compute it."""
    unrealized_pnl: Decimal | None = None
    """Gain since its entry at the mark price, USDC; negative is a loss, None where it could not be computed."""
    unsettled_pnl: Decimal | None = None
    """Gain with funding that is not in the balance yet, USDC; negative is a loss, None where it could not be
    computed."""
    leverage: Decimal | None = None
    """The leverage set for it, a factor (5 = 5 times); None where it could not be computed."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None where it could not be computed."""
    opened_at: int | None = None
    """When it was first opened, ms; None where the venue does not know."""

    @property
    def time(self) -> datetime | None:
        """When it was opened, UTC."""
        return utc(self.opened_at)


@attrs.define(eq=False, repr=False)
class PlatformPositions(CursorPage[T]):
    """A page of open positions with the totals of all that were asked for, not only of the page.

    https://orderly.network/docs/build-on-omnichain/public-info-api/platform/platform-positions
    """

    total_long_notional: Decimal | None = None
    """Value of all longs, USDC, positive."""
    total_short_notional: Decimal | None = None
    """Value of all shorts, USDC, positive too."""
    total_positions: int | None = None
    """How many positions there are."""


@model
class TopAddress(Model):
    """One wallet among the largest. 24 hours are rolling; 7 and 30 days are today and the UTC days before.

    https://orderly.network/docs/build-on-omnichain/public-info-api/platform/top-addresses
    """

    address: str
    """The wallet."""
    broker_id: str | None = None
    """The builder it trades with."""
    total_notional: Decimal | None = None
    """Value of its open positions, USDC, positive."""
    pnl_24h: Decimal | None = None
    """Gain of 24 hours, USDC; negative is a loss."""
    pnl_7d: Decimal | None = None
    """Gain of 7 days, USDC; negative is a loss."""
    pnl_30d: Decimal | None = None
    """Gain of 30 days, USDC; negative is a loss."""
    volume_24h: Decimal | None = None
    """Traded value of 24 hours, USDC."""
    volume_7d: Decimal | None = None
    """Traded value of 7 days, USDC."""
    volume_30d: Decimal | None = None
    """Traded value of 30 days, USDC."""
    trade_count_24h: int | None = None
    """Fills of 24 hours."""
    win_rate_24h: Decimal | None = None
    """Part of trades that gained, a fraction (0.6 = 60 %). What counts as a trade is not documented; the paper
    venue counts fills that close."""
    win_rate_7d: Decimal | None = None
    """The same of 7 days, a fraction; None where the venue's history cannot be reached."""
    win_rate_30d: Decimal | None = None
    """The same of 30 days, a fraction; None where the venue's history cannot be reached."""
    avg_trade_size: Decimal | None = None
    """Traded value a fill over 24 hours, USDC; None without fills."""
    position_count: int | None = None
    """How many positions are open."""


@attrs.define(eq=False, repr=False)
class TopAddresses(CursorPage[T]):
    """A page of the largest wallets, from a picture that the venue takes every half hour.

    https://orderly.network/docs/build-on-omnichain/public-info-api/platform/top-addresses
    """

    last_updated_time: int | None = None
    """When that picture was taken, ms."""


@model
class RateLimitStatus(Model):
    """How much weight this IP address may still use up within the running minute. The pool is the query's own.

    https://orderly.network/docs/build-on-omnichain/public-info-api/overview
    """

    limit: int | None = None
    """Weight a minute, 1200 without a key."""
    remaining: int | None = None
    """Weight left in this minute."""
    reset: int | None = None
    """When the count starts afresh, ms."""
    tier: str | None = None
    """The name of the quota, ``default`` for an address without one of its own."""

    @property
    def time(self) -> datetime | None:
        """When the count starts afresh, UTC."""
        return utc(self.reset)
