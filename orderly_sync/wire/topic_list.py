"""Every topic of the venue as text: its name on the wire, who may have it, what is called for it, what it delivers.

Text only, so that whoever gives advice about topics need not know how they are read; ``tests/unit/wire/test_topics.py``
holds each row to what its call makes.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ALL", "CALL_OF_EVENT", "FUNCTIONS"]

_ROWS = (
    ("request orderbook", "public", "REQUEST_ORDERBOOK", "OrderBook"),
    ("{symbol}@orderbook", "public", "orderbook(symbol)", "OrderBook"),
    ("{symbol}@orderbookupdate", "public", "orderbook_update(symbol)", "OrderBookDelta"),
    ("{symbol}@trade", "public", "trade(symbol)", "Trade"),
    ("{symbol}@ticker", "public", "ticker(symbol)", "Ticker"),
    ("tickers", "public", "tickers()", "Ticker"),
    ("{broker_id}${symbol}@ticker", "public", "ticker(symbol, broker)", "Ticker"),
    ("{broker_id}$tickers", "public", "tickers(broker)", "Ticker"),
    ("{symbol}@bbo", "public", "bbo(symbol)", "Bbo"),
    ("bbos", "public", "bbos()", "Bbo"),
    ("{symbol}@kline_{time}", "public", "kline(symbol, interval)", "KlineUpdate"),
    ("price_changes", "public", "price_changes()", "PriceChanges"),
    ("traders_open_interests", "public", "traders_open_interests()", "TradersOpenInterest"),
    ("history_charts_{time_interval}", "public", "history_charts(interval)", "HistoryChart"),
    ("{symbol}@indexprice", "public", "index_price(symbol)", "IndexPrice"),
    ("indexprices", "public", "index_prices()", "IndexPrice"),
    ("{symbol}@markprice", "public", "mark_price(symbol)", "MarkPrice"),
    ("markprices", "public", "mark_prices()", "MarkPrice"),
    ("{symbol}@openinterest", "public", "open_interest(symbol)", "OpenInterest"),
    ("{symbol}@estfundingrate", "public", "est_funding_rate(symbol)", "EstFundingRate"),
    ("liquidation", "public", "liquidation()", "LiquidationUpdate"),
    ("maintenance_status", "public", "maintenance_status()", "MaintenanceStatus"),
    ("announcement", "public", "announcement()", "AnnouncementUpdate"),
    ("account", "private", "account()", "AccountUpdate"),
    ("balance", "private", "balance()", "BalanceUpdate"),
    ("executionreport", "private", "execution_report(symbol)", "ExecutionReport"),
    ("algoexecutionreport", "private", "algo_execution_report(version=1)", "AlgoExecutionReport"),
    ("algoexecutionreportv2", "private", "algo_execution_report()", "AlgoExecutionReport"),
    ("position", "private", "position()", "PositionUpdate"),
    ("liquidationsaccount", "private", "liquidations_account()", "AccountLiquidation"),
    ("liquidatorliquidations", "private", "liquidator_liquidations()", "LiquidatorLiquidation"),
    ("settle", "private", "settle()", "SettleUpdate"),
    ("wallet", "private", "wallet()", "WalletUpdate"),
    ("assetconvert", "private", "asset_convert()", "AssetConversion"),
    ("notifications", "private", "notifications()", "NotificationUpdate"),
)

ALL: tuple[Mapping[str, str], ...] = tuple(
    {"topic": topic, "access": access, "call": f"topics.{call}"} for topic, access, call, _ in _ROWS
)
"""Every topic as ``{"topic": wire pattern, "access", "call"}``; the last one is retired."""
FUNCTIONS = frozenset(call.split("(")[0] for _, _, call, _ in _ROWS if "(" in call)
"""The functions of ``topics`` that make one."""
CALL_OF_EVENT: Mapping[str, str] = {
    event: f"topics.{call}" for _, _, call, event in reversed(_ROWS) if "(" in call
}
"""The first call that delivers events of a class, by the name of the class."""
