"""The topics of the market, of one symbol and of all, and of the venue itself. They need no credentials."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.models import pushes
from orderly_sync.wire import event_parsers as readers
from orderly_sync.wire.symbols import index_symbol
from orderly_sync.wire.symbols import symbol as native
from orderly_sync.wire.topic import RequestCommand, Topic

__all__ = [
    "CHART_INTERVALS",
    "KLINE_INTERVALS",
    "REQUEST_ORDERBOOK",
    "announcement",
    "bbo",
    "bbos",
    "est_funding_rate",
    "history_charts",
    "index_price",
    "index_prices",
    "kline",
    "liquidation",
    "maintenance_status",
    "mark_price",
    "mark_prices",
    "open_interest",
    "orderbook",
    "orderbook_update",
    "price_changes",
    "ticker",
    "tickers",
    "trade",
    "traders_open_interests",
]

KLINE_INTERVALS = ("1m", "5m", "15m", "30m", "1h", "1d", "1w", "1M")
"""The intervals of ``kline``; REST writes ``1mon`` for ``1M``, and so may you."""
CHART_INTERVALS = ("1m", "5m", "15m", "30m", "1h", "4h", "12h", "24h", "1d", "3d", "7d", "1w", "30d")
"""The intervals taken by ``history_charts``. The venue names none but 1m and 1h; an unknown one stays silent."""

_SECOND, _MINUTE = 1.0, 60.0
_BROKER = re.compile(r"[A-Za-z0-9_.-]{1,64}")

_trade = readers.rows(pushes.Trade)
_bbo = readers.rows(pushes.Bbo)
_book = readers.rows(pushes.OrderBook)
_delta = readers.rows(pushes.OrderBookDelta)
_ticker = readers.rows(pushes.Ticker)
_kline = readers.rows(pushes.KlineUpdate)
_changes = readers.rows(pushes.PriceChanges)
_interests = readers.rows(pushes.TradersOpenInterest)
_chart = readers.rows(pushes.HistoryChart)
_index = readers.rows(pushes.IndexPrice)
_mark = readers.rows(pushes.MarkPrice)
_open_interest = readers.rows(pushes.OpenInterest)
_funding = readers.rows(pushes.EstFundingRate)
_liquidation = readers.rows(pushes.LiquidationUpdate)
_maintenance = readers.rows(pushes.MaintenanceStatus)
_announcement = readers.rows(pushes.AnnouncementUpdate)


def _symbol_of(event: Any) -> Hashable:
    key: str = event.symbol
    return key


def _candle_of(event: pushes.KlineUpdate) -> Hashable:
    return event.symbol, event.type, event.start_time


# One symbol.


def trade(symbol: str) -> Topic[pushes.Trade]:
    """Public trades of a symbol, at once. Wire topic ``PERP_ETH_USDC@trade``."""
    return Topic(f"{native(symbol)}@trade", pushes.Trade, _trade)


def bbo(symbol: str) -> Topic[pushes.Bbo]:
    """Best bid and offer of a symbol when they change, every 10 ms at most. Wire topic ``PERP_ETH_USDC@bbo``."""
    return Topic(f"{native(symbol)}@bbo", pushes.Bbo, _bbo, conflate=_symbol_of)


def orderbook(symbol: str) -> Topic[pushes.OrderBook]:
    """The whole book of a symbol, 100 levels a side, every second. Wire topic ``PERP_ETH_USDC@orderbook``."""
    return Topic(f"{native(symbol)}@orderbook", pushes.OrderBook, _book, cadence=_SECOND, conflate=_symbol_of)


def orderbook_update(symbol: str) -> Topic[pushes.OrderBookDelta]:
    """What changed in a symbol's book, every 200 ms if anything did. Wire ``PERP_ETH_USDC@orderbookupdate``."""
    return Topic(f"{native(symbol)}@orderbookupdate", pushes.OrderBookDelta, _delta)


def ticker(symbol: str, broker: str | None = None) -> Topic[pushes.Ticker]:
    """A symbol's last 24 hours, every second. Wire ``PERP_ETH_USDC@ticker``, ``woofi_pro$PERP_ETH_USDC@ticker``.

    Args:
        symbol: The market.
        broker: A builder's id: only what was traded through it.
    """
    name = _by(broker, f"{native(symbol)}@ticker")
    return Topic(name, pushes.Ticker, _ticker, cadence=_SECOND, conflate=_symbol_of)


def kline(symbol: str, interval: str) -> Topic[pushes.KlineUpdate]:
    """The current candle of a symbol, every second. Wire topic ``PERP_ETH_USDC@kline_1m``.

    Args:
        symbol: The market.
        interval: One of ``KLINE_INTERVALS``.

    Raises:
        UsageError: The interval is none of them.
    """
    chosen = _interval("kline", "1M" if interval == "1mon" else interval, KLINE_INTERVALS)
    name = f"{native(symbol)}@kline_{chosen}"
    return Topic(name, pushes.KlineUpdate, _kline, cadence=_SECOND, conflate=_candle_of)


def index_price(symbol: str) -> Topic[pushes.IndexPrice]:
    """The index price of a symbol, every second. Wire ``SPOT_ETH_USDC@indexprice``, also for ``PERP_ETH_USDC``."""
    name = f"{index_symbol(symbol)}@indexprice"
    return Topic(name, pushes.IndexPrice, _index, cadence=_SECOND, conflate=_symbol_of)


def mark_price(symbol: str) -> Topic[pushes.MarkPrice]:
    """The mark price of a symbol, every second. Wire topic ``PERP_ETH_USDC@markprice``."""
    return Topic(f"{native(symbol)}@markprice", pushes.MarkPrice, _mark, cadence=_SECOND, conflate=_symbol_of)


def open_interest(symbol: str) -> Topic[pushes.OpenInterest]:
    """Open interest of a symbol, base units, within 1 s of a change or after 10 s. Topic ``PERP_X@openinterest``."""
    name = f"{native(symbol)}@openinterest"
    return Topic(name, pushes.OpenInterest, _open_interest, cadence=10 * _SECOND, conflate=_symbol_of)


def est_funding_rate(symbol: str) -> Topic[pushes.EstFundingRate]:
    """The estimated funding rate of a symbol, a fraction, every 15 s. Wire topic ``PERP_ETH_USDC@estfundingrate``."""
    name = f"{native(symbol)}@estfundingrate"
    return Topic(name, pushes.EstFundingRate, _funding, cadence=15 * _SECOND, conflate=_symbol_of)


# All symbols, one event a symbol.


def bbos() -> Topic[pushes.Bbo]:
    """Best bids and offers of all symbols, every second. Wire topic ``bbos``."""
    return Topic("bbos", pushes.Bbo, _bbo, cadence=_SECOND, conflate=_symbol_of)


def tickers(broker: str | None = None) -> Topic[pushes.Ticker]:
    """The last 24 hours of all symbols, every second. Wire topic ``tickers``, a builder's ``woofi_pro$tickers``."""
    return Topic(_by(broker, "tickers"), pushes.Ticker, _ticker, cadence=_SECOND, conflate=_symbol_of)


def index_prices() -> Topic[pushes.IndexPrice]:
    """The index prices of all symbols, every second. Wire topic ``indexprices``."""
    return Topic("indexprices", pushes.IndexPrice, _index, cadence=_SECOND, conflate=_symbol_of)


def mark_prices() -> Topic[pushes.MarkPrice]:
    """The mark prices of all symbols, every second. Wire topic ``markprices``."""
    return Topic("markprices", pushes.MarkPrice, _mark, cadence=_SECOND, conflate=_symbol_of)


def price_changes() -> Topic[pushes.PriceChanges]:
    """What all symbols cost 5 minutes to 30 days ago, every minute. Wire topic ``price_changes``."""
    return Topic("price_changes", pushes.PriceChanges, _changes, cadence=_MINUTE, conflate=_symbol_of)


def traders_open_interests() -> Topic[pushes.TradersOpenInterest]:
    """Long and short open interest of all symbols, base units, every minute. Wire topic ``traders_open_interests``."""
    name = "traders_open_interests"
    return Topic(name, pushes.TradersOpenInterest, _interests, cadence=_MINUTE, conflate=_symbol_of)


def history_charts(interval: str) -> Topic[pushes.HistoryChart]:
    """Prices of all symbols for small charts, every minute. Wire topic ``history_charts_1h``.

    Args:
        interval: One of ``CHART_INTERVALS``.

    Raises:
        UsageError: The interval is none of them.
    """
    name = f"history_charts_{_interval('history_charts', interval, CHART_INTERVALS)}"
    return Topic(name, pushes.HistoryChart, _chart, cadence=_MINUTE, conflate=_symbol_of)


# The venue itself.


def liquidation() -> Topic[pushes.LiquidationUpdate]:
    """Liquidations on the venue, within a second. Wire topic ``liquidation``."""
    return Topic("liquidation", pushes.LiquidationUpdate, _liquidation)


def maintenance_status() -> Topic[pushes.MaintenanceStatus]:
    """Whether the venue is at work, when that changes. Wire topic ``maintenance_status``."""
    return Topic("maintenance_status", pushes.MaintenanceStatus, _maintenance)


def announcement() -> Topic[pushes.AnnouncementUpdate]:
    """Messages of the venue to all, as they are made. Wire topic ``announcement``."""
    return Topic("announcement", pushes.AnnouncementUpdate, _announcement)


REQUEST_ORDERBOOK: RequestCommand[pushes.OrderBook] = RequestCommand("orderbook", pushes.OrderBook, _book)
"""Asks for the whole book of a symbol, once; the answer's data carries the book's own time."""


def _by(broker: str | None, name: str) -> str:
    if broker is None:
        return name
    if not _BROKER.fullmatch(broker):
        raise UsageError(f"{broker!r} is no builder id; it looks like 'woofi_pro'")
    return f"{broker}${name}"


def _interval(topic: str, interval: str, valid: tuple[str, ...]) -> str:
    if interval in valid:
        return interval
    raise UsageError(f"{topic} has no interval {interval!r}; it has {', '.join(valid)}")
