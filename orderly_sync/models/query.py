"""Answers of the public query about markets. Amounts are USDC, sizes base units, times ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import OrderSide
from orderly_sync.models.market import Level

__all__ = [
    "ExchangeFunding",
    "FundingComparison",
    "MarketDetail",
    "MarketSummary",
    "QueryBook",
    "QueryCandle",
    "QueryFundingRate",
    "QueryMarket",
    "QueryTrade",
]


@model
class QueryCandle(Model):
    """One candle of a market.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/candles
    """

    timestamp: int
    """When it starts, ms."""
    open: Decimal | None = None
    """First price, USDC per base unit."""
    high: Decimal | None = None
    """Highest price, USDC per base unit."""
    low: Decimal | None = None
    """Lowest price, USDC per base unit."""
    close: Decimal | None = None
    """Last price, USDC per base unit; still moving in the running candle."""
    volume: Decimal | None = None
    """Traded quantity, base units."""

    @property
    def time(self) -> datetime | None:
        """When it starts, UTC."""
        return utc(self.timestamp)


@model
class ExchangeFunding(Model):
    """One exchange's funding rate: the last, and the means of 1, 7 and 30 days. Positive: longs pay shorts.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/funding-comparison
    """

    name: str
    """The exchange, lower case, such as ``binance`` or ``orderly``."""
    last: Decimal | None = None
    """The last rate charged, a fraction (0.0001 = 1 bp); over which period is not documented."""
    mean_1d: Decimal | None = wire("1d")
    """Mean of the last day's rates, a fraction."""
    mean_7d: Decimal | None = wire("7d")
    """Mean of the last 7 days' rates, a fraction."""
    mean_30d: Decimal | None = wire("30d")
    """Mean of the last 30 days' rates, a fraction."""


@model
class FundingComparison(Model):
    """One symbol's funding rate at several exchanges.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/funding-comparison
    """

    symbol: str
    """The market at this venue."""
    next_funding_time: int | None = None
    """When this venue charges next, ms."""
    exchanges: tuple[ExchangeFunding, ...] = ()
    """One entry an exchange, this venue among them; empty where nothing is known."""


@model
class QueryFundingRate(Model):
    """A funding rate that was charged.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/funding-rate-history
    """

    funding_rate: Decimal | None = None
    """A fraction of the position's value (0.0001 = 1 bp); positive: longs pay shorts."""
    mark_price: Decimal | None = None
    """The mark price it was charged at, USDC per base unit."""
    funding_rate_timestamp: int | None = None
    """When it was charged, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class QueryMarket(Model):
    """One market now, over the last 24 hours, and the rules of its orders. Parts of answers hold some of these only.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-summary
    """

    symbol: str | None = None
    """The market; None in a position's context, which has named it."""
    mark_price: Decimal | None = None
    """USDC per base unit; margin, PnL and triggers go by it."""
    index_price: Decimal | None = None
    """Mean of the spot markets, USDC per base unit."""
    open_24h: Decimal | None = wire("24h_open")
    """Price 24 hours ago, USDC per base unit."""
    close_24h: Decimal | None = wire("24h_close")
    """Last price, USDC per base unit."""
    high_24h: Decimal | None = wire("24h_high")
    """Highest price of 24 hours, USDC per base unit."""
    low_24h: Decimal | None = wire("24h_low")
    """Lowest price of 24 hours, USDC per base unit."""
    volume_24h: Decimal | None = wire("24h_volume")
    """Traded quantity of 24 hours, base units."""
    amount_24h: Decimal | None = wire("24h_amount")
    """Traded value of 24 hours, USDC."""
    open_interest: Decimal | None = None
    """Open positions of one side, base units."""
    last_funding_rate: Decimal | None = None
    """The last rate charged, a fraction (0.0001 = 1 bp); positive: longs pay shorts."""
    est_funding_rate: Decimal | None = None
    """The rate that would be charged now, a fraction; None until the venue has made an estimate."""
    next_funding_time: int | None = None
    """When funding is charged next, ms."""
    bid_price: Decimal | None = None
    """Best bid, USDC per base unit; None where nobody bids."""
    ask_price: Decimal | None = None
    """Best ask, USDC per base unit; None where nobody offers."""
    max_leverage: Decimal | None = None
    """The most a position may have, a factor (50 = 50 times)."""
    min_notional: Decimal | None = None
    """The least price times quantity of an order, USDC."""
    quote_tick: Decimal | None = None
    """Step of prices, USDC per base unit."""
    base_tick: Decimal | None = None
    """Step of quantities, base units."""


@model
class MarketSummary(Model):
    """All markets, or those asked for; the totals are of those that are shown.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-summary
    """

    total_24h_volume: Decimal | None = None
    """Traded value of 24 hours in USDC, as the example's size shows; None without data."""
    total_open_interest: Decimal | None = None
    """Open interest in USDC, as the example's size shows; None without data."""
    markets: tuple[QueryMarket, ...] = ()
    """In the venue's order, by name; a market that took too long is missing."""


@model
class QueryTrade(Model):
    """One trade of a market and who took; every trade stands once.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-trades
    """

    symbol: str | None = None
    """The market."""
    side: OrderSide | None = None
    """The taker's side: BUY lifted an ask."""
    executed_price: Decimal | None = None
    """USDC per base unit."""
    executed_quantity: Decimal | None = None
    """Base units, positive."""
    address: str | None = None
    """The taker's wallet; None where the venue does not say."""
    account_id: str | None = None
    """The taker's account; None where the venue does not say."""
    broker_id: str | None = None
    """The taker's builder; None where the venue does not say."""
    executed_timestamp: int | None = None
    """When it was executed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class QueryBook(Model):
    """A book as it stood at ``ts``, best prices first on both sides, in whatever order the venue sent them.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/orderbook
    """

    symbol: str | None = None
    """The market; None in a market's detail, which has named it."""
    mid_price: Decimal | None = None
    """Half of best bid and best ask together, USDC per base unit; None while a side is empty."""
    spread: Decimal | None = None
    """Best ask less best bid, USDC per base unit; None while a side is empty."""
    asks: tuple[Level, ...] = ()
    """Ascending by price; empty where nobody offers."""
    bids: tuple[Level, ...] = ()
    """Descending by price; empty where nobody bids."""
    ts: int | None = None
    """When it stood so, ms; None in a market's detail."""

    @property
    def time(self) -> datetime | None:
        """When it stood so, UTC."""
        return utc(self.ts)


@model
class MarketDetail(Model):
    """The parts asked for of one market; the others are None or empty.

    https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-detail
    """

    symbol: str
    """The market."""
    market_info: QueryMarket | None = None
    """Prices, funding and rules; None if it was not asked for."""
    orderbook: QueryBook | None = None
    """The book; None if it was not asked for."""
    recent_trades: tuple[QueryTrade, ...] = ()
    """The latest trades, newest first; empty if they were not asked for."""
    funding_history: tuple[QueryFundingRate, ...] = ()
    """Rates that were charged, newest first; empty if they were not asked for."""
    candles: tuple[QueryCandle, ...] = ()
    """In the venue's order; empty if they were not asked for."""
