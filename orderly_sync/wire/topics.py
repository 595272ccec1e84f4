"""Every topic of the venue, typed: one function each.

A topic is what ``on``, ``stream`` and ``wait_for`` take. Symbols may be written in any way that ``wire.symbols.symbol``
takes. Prices and amounts are in USDC, quantities in base units, times in milliseconds, unless said otherwise. Private
topics need credentials; public ones need none.
"""

from __future__ import annotations

from orderly_sync.wire.account_topics import (
    account,
    algo_execution_report,
    asset_convert,
    balance,
    execution_report,
    liquidations_account,
    liquidator_liquidations,
    notifications,
    position,
    settle,
    wallet,
)
from orderly_sync.wire.market_topics import (
    CHART_INTERVALS,
    KLINE_INTERVALS,
    REQUEST_ORDERBOOK,
    announcement,
    bbo,
    bbos,
    est_funding_rate,
    history_charts,
    index_price,
    index_prices,
    kline,
    liquidation,
    maintenance_status,
    mark_price,
    mark_prices,
    open_interest,
    orderbook,
    orderbook_update,
    price_changes,
    ticker,
    tickers,
    trade,
    traders_open_interests,
)
from orderly_sync.wire.topic_list import ALL

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
