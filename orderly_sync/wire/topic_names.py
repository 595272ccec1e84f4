"""From a topic's name on the wire back to the topic."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.wire import account_topics as own
from orderly_sync.wire import market_topics as market
from orderly_sync.wire.topic import Topic

__all__ = ["topic_named"]

_ALONE: dict[str, Callable[[], Topic[Any]]] = {
    "account": own.account,
    "algoexecutionreport": lambda: own.algo_execution_report(version=1),
    "algoexecutionreportv2": own.algo_execution_report,
    "announcement": market.announcement,
    "assetconvert": own.asset_convert,
    "balance": own.balance,
    "bbos": market.bbos,
    "executionreport": own.execution_report,
    "indexprices": market.index_prices,
    "liquidation": market.liquidation,
    "liquidationsaccount": own.liquidations_account,
    "liquidatorliquidations": own.liquidator_liquidations,
    "maintenance_status": market.maintenance_status,
    "markprices": market.mark_prices,
    "notifications": own.notifications,
    "position": own.position,
    "price_changes": market.price_changes,
    "settle": own.settle,
    "tickers": market.tickers,
    "traders_open_interests": market.traders_open_interests,
    "wallet": own.wallet,
}
_OF_SYMBOL: dict[str, Callable[[str], Topic[Any]]] = {
    "bbo": market.bbo,
    "estfundingrate": market.est_funding_rate,
    "indexprice": market.index_price,
    "markprice": market.mark_price,
    "openinterest": market.open_interest,
    "orderbook": market.orderbook,
    "orderbookupdate": market.orderbook_update,
    "ticker": market.ticker,
    "trade": market.trade,
}
_NAME = re.compile(r"(?:(?P<broker>[^$@]+)\$)?(?:(?P<symbol>[^$@]+)@)?(?P<kind>[A-Za-z0-9_]+)")


def topic_named(name: str) -> Topic[Any]:
    """The topic of that wire name, without subscription parameters: ``PERP_ETH_USDC@trade``.

    Raises:
        UsageError: There is none.
    """
    found = _NAME.fullmatch(name)
    if found is not None:
        broker, symbol, kind = found["broker"], found["symbol"], found["kind"]
        if broker is not None and kind in {"ticker", "tickers"}:
            return market.ticker(symbol, broker) if symbol else market.tickers(broker)
        if broker is None and symbol is None and kind in _ALONE:
            return _ALONE[kind]()
        if broker is None and symbol is None and kind.startswith("history_charts_"):
            return market.history_charts(kind.removeprefix("history_charts_"))
        if broker is None and symbol is not None and kind.startswith("kline_"):
            return market.kline(symbol, kind.removeprefix("kline_"))
        if broker is None and symbol is not None and kind in _OF_SYMBOL:
            return _OF_SYMBOL[kind](symbol)
    raise UsageError(f"no topic is called {name!a:.80}")
