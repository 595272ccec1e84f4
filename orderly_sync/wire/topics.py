"""Every topic of the venue, typed: one function each.

A topic is what ``on``, ``stream`` and ``wait_for`` take. Symbols may be written in any way that ``wire.symbols.symbol``
takes. Prices and amounts are in USDC, quantities in base units, times in milliseconds, unless said otherwise. Private
topics need credentials; public ones need none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Literal

from orderly_sync.errors import UsageError
from orderly_sync.models import pushes
from orderly_sync.wire import event_parsers as readers
from orderly_sync.wire.symbols import index_symbol
from orderly_sync.wire.symbols import symbol as native
from orderly_sync.wire.topic import RequestCommand, Topic

__all__ = [
    "ALL",
    "CHART_INTERVALS",
    "KLINE_INTERVALS",
    "REQUEST_ORDERBOOK",
    "account",
    "algo_execution_report",
    "announcement",
    "asset_convert",
    "balance",
    "bbo",
    "bbos",
    "est_funding_rate",
    "execution_report",
    "history_charts",
    "index_price",
    "index_prices",
    "kline",
    "liquidation",
    "liquidations_account",
    "liquidator_liquidations",
    "maintenance_status",
    "mark_price",
    "mark_prices",
    "notifications",
    "open_interest",
    "orderbook",
    "orderbook_update",
    "position",
    "price_changes",
    "settle",
    "ticker",
    "tickers",
    "trade",
    "traders_open_interests",
    "wallet",
]

KLINE_INTERVALS = ("1m", "5m", "15m", "30m", "1h", "1d", "1w", "1M")
"""The intervals of ``kline``; REST writes ``1mon`` for ``1M``, and so may you."""
CHART_INTERVALS = ("1m", "5m", "15m", "30m", "1h", "4h", "12h", "24h", "1d", "3d", "7d", "1w", "30d")
"""The intervals taken by ``history_charts``. The venue names none but 1m and 1h; an unknown one stays silent."""

_SECOND, _MINUTE = 1.0, 60.0
_BROKER = re.compile(r"[A-Za-z0-9_.-]{1,64}")

_algo = readers.algo_reports()
_execution = readers.rows(pushes.ExecutionReport)
_position = readers.positions()
_balance = readers.balances()
_account = readers.account()
_settle = readers.rows(pushes.SettleUpdate)
_wallet = readers.rows(pushes.WalletUpdate)
_account_liquidation = readers.rows(pushes.AccountLiquidation)
_liquidator_liquidation = readers.rows(pushes.LiquidatorLiquidation)
_conversion = readers.rows(pushes.AssetConversion)
_notification = readers.rows(pushes.NotificationUpdate)
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


def _position_of(event: Any) -> Hashable:
    return event.symbol, event.margin_mode


def _token_of(event: Any) -> Hashable:
    return event.token  # type: ignore[no-any-return]


def _symbol_of(event: Any) -> Hashable:
    key: str = event.symbol
    return key


def _candle_of(event: pushes.KlineUpdate) -> Hashable:
    return event.symbol, event.type, event.start_time


# The account's own topics.


def algo_execution_report(version: Literal[1, 2] = 2) -> Topic[pushes.AlgoExecutionReport]:
    """Every change of every algo order of the account, one event per node of its tree, at once.

    Wire topics ``algoexecutionreportv2`` (a tree, root first, parents before children) and, for version 1,
    ``algoexecutionreport`` (a flat list in the venue's order). Both tell the same: subscribe to one.
    After a gap each fill, end and latest state is told by REST. Gone for good are the moment and price of a trigger,
    the steps of several edits, and the path of a trailing stop's best price.

    Raises:
        UsageError: The version is neither 1 nor 2.
    """
    if version not in {1, 2}:
        raise UsageError(f"there is no version {version!r} of the algo execution report; pass 1 or 2")
    name = "algoexecutionreportv2" if version == 2 else "algoexecutionreport"  # noqa: PLR2004
    return Topic(name, pushes.AlgoExecutionReport, _algo, private=True)


def execution_report(symbol: str | Iterable[str] | None = None) -> Topic[pushes.ExecutionReport]:
    """Every change of every ordinary order of the account, fills included, at once. Wire topic ``executionreport``.

    After a gap each beginning, fill and end is told by REST. Gone for good are all edits but the last, the reason of a
    cancel or refusal, ``seq``, and the order of fills within one millisecond.

    Args:
        symbol: One symbol or several: the venue then sends no others.

    Raises:
        UsageError: A symbol cannot be read, or the list is empty.
    """
    if symbol is None:
        return Topic("executionreport", pushes.ExecutionReport, _execution, private=True)
    wanted = dict.fromkeys(native(each) for each in ([symbol] if isinstance(symbol, str) else symbol))
    if not wanted:
        raise UsageError("execution_report: no symbols given; pass None for all of them")
    params = (("symbol", ",".join(wanted)),)
    return Topic("executionreport", pushes.ExecutionReport, _execution, private=True, params=params)


def position() -> Topic[pushes.PositionUpdate]:
    """Positions as they change, one event each; quantity 0 is closed. Wire topic ``position``."""
    return Topic("position", pushes.PositionUpdate, _position, private=True, conflate=_position_of)


def balance() -> Topic[pushes.BalanceUpdate]:
    """Holdings as they change, one event per token, in its units, without unsettled PnL. Wire topic ``balance``."""
    return Topic("balance", pushes.BalanceUpdate, _balance, private=True, conflate=_token_of)


def account() -> Topic[pushes.AccountUpdate]:
    """Settings and totals of the account as they change; fee rates in basis points. Wire topic ``account``."""
    return Topic("account", pushes.AccountUpdate, _account, private=True)


def settle() -> Topic[pushes.SettleUpdate]:
    """Settlements of PnL into the balance, USDC, as they change. Wire topic ``settle``."""
    return Topic("settle", pushes.SettleUpdate, _settle, private=True)


def wallet() -> Topic[pushes.WalletUpdate]:
    """Deposits and withdrawals as they change, in units of their token. Wire topic ``wallet``."""
    return Topic("wallet", pushes.WalletUpdate, _wallet, private=True)


def liquidations_account() -> Topic[pushes.AccountLiquidation]:
    """Liquidations of this account, at once. Wire topic ``liquidationsaccount``."""
    return Topic("liquidationsaccount", pushes.AccountLiquidation, _account_liquidation, private=True)


def liquidator_liquidations() -> Topic[pushes.LiquidatorLiquidation]:
    """Liquidations offered to or taken by this account, within a second. Wire topic ``liquidatorliquidations``."""
    return Topic(
        "liquidatorliquidations", pushes.LiquidatorLiquidation, _liquidator_liquidation, private=True
    )


def asset_convert() -> Topic[pushes.AssetConversion]:
    """Conversions of collateral, one event per transaction, in units of the tokens. Wire topic ``assetconvert``."""
    return Topic("assetconvert", pushes.AssetConversion, _conversion, private=True)


def notifications() -> Topic[pushes.NotificationUpdate]:
    """Messages of the account's inbox. Wire topic ``notifications``.

    Retired: the venue's pages no longer list it since April 2026. It works where it is still served, else it is silent.
    """
    return Topic("notifications", pushes.NotificationUpdate, _notification, private=True)


# Market data: one symbol.


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


# Market data: all symbols, one event a symbol.


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


def _row(
    topic: str, access: str, function: Callable[..., object] | str, arguments: str = ""
) -> Mapping[str, str]:
    name = function if isinstance(function, str) else f"{function.__name__}({arguments})"
    return {"topic": topic, "access": access, "call": f"topics.{name}"}


ALL: tuple[Mapping[str, str], ...] = (
    _row("request orderbook", "public", "REQUEST_ORDERBOOK"),
    _row("{symbol}@orderbook", "public", orderbook, "symbol"),
    _row("{symbol}@orderbookupdate", "public", orderbook_update, "symbol"),
    _row("{symbol}@trade", "public", trade, "symbol"),
    _row("{symbol}@ticker", "public", ticker, "symbol"),
    _row("tickers", "public", tickers),
    _row("{broker_id}${symbol}@ticker", "public", ticker, "symbol, broker"),
    _row("{broker_id}$tickers", "public", tickers, "broker"),
    _row("{symbol}@bbo", "public", bbo, "symbol"),
    _row("bbos", "public", bbos),
    _row("{symbol}@kline_{time}", "public", kline, "symbol, interval"),
    _row("price_changes", "public", price_changes),
    _row("traders_open_interests", "public", traders_open_interests),
    _row("history_charts_{time_interval}", "public", history_charts, "interval"),
    _row("{symbol}@indexprice", "public", index_price, "symbol"),
    _row("indexprices", "public", index_prices),
    _row("{symbol}@markprice", "public", mark_price, "symbol"),
    _row("markprices", "public", mark_prices),
    _row("{symbol}@openinterest", "public", open_interest, "symbol"),
    _row("{symbol}@estfundingrate", "public", est_funding_rate, "symbol"),
    _row("liquidation", "public", liquidation),
    _row("maintenance_status", "public", maintenance_status),
    _row("announcement", "public", announcement),
    _row("account", "private", account),
    _row("balance", "private", balance),
    _row("executionreport", "private", execution_report, "symbol"),
    _row("algoexecutionreport", "private", algo_execution_report, "version=1"),
    _row("algoexecutionreportv2", "private", algo_execution_report),
    _row("position", "private", position),
    _row("liquidationsaccount", "private", liquidations_account),
    _row("liquidatorliquidations", "private", liquidator_liquidations),
    _row("settle", "private", settle),
    _row("wallet", "private", wallet),
    _row("assetconvert", "private", asset_convert),
    _row("notifications", "private", notifications),
)
"""Every topic as ``{"topic": wire pattern, "access", "call"}``; the last one is retired."""
