"""What answers of public queries are made of: markets, orders and fills, their numbers as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from orderly_sync.models.enums import OrderStatus, OrderType, TriggerStatus
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.ports import ExchangeReader
from orderly_sync.venue.server.registry import Member

__all__ = [
    "all_orders",
    "best",
    "fill_values",
    "market_values",
    "newest",
    "open_rows",
    "order_values",
    "plain",
    "shown",
]

_DIGITS = 8


def plain(value: Decimal | int) -> str:
    """An exact number as text, without exponent or trailing zeros."""
    return bytes(number(value) or b"").decode()


def shown(value: Decimal) -> str:
    """A computed number as text, to eight decimals."""
    return plain(round(value, _DIGITS))


def best(exchange: ExchangeReader, symbol: str) -> tuple[Decimal | None, Decimal | None]:
    """The best bid and the best offer; None where there is none."""
    book = exchange.book(symbol)
    return (book.bids[0][0] if book.bids else None), (book.asks[0][0] if book.asks else None)


def market_values(exchange: ExchangeReader, markets: MarketData, symbol: str) -> dict[str, object]:
    """A market now and over the last 24 hours, with the rules of its orders."""
    rules, day, (bid, offer) = exchange.rules[symbol], markets.day(symbol), best(exchange, symbol)
    return {
        "symbol": symbol,
        "mark_price": plain(exchange.mark(symbol)),
        "index_price": plain(exchange.index(symbol)),
        "24h_open": plain(day.open),
        "24h_close": plain(day.close),
        "24h_high": plain(day.high),
        "24h_low": plain(day.low),
        "24h_volume": plain(day.volume),
        "24h_amount": plain(day.amount),
        "open_interest": plain(exchange.open_interest(symbol)),
        "last_funding_rate": plain(markets.last_funding(symbol)[0]),
        "est_funding_rate": plain(markets.est_funding(symbol)[0]),
        "next_funding_time": markets.next_funding(symbol),
        "bid_price": None if bid is None else plain(bid),
        "ask_price": None if offer is None else plain(offer),
        "max_leverage": shown(1 / rules.base_imr),
        "min_notional": plain(rules.min_notional),
        "quote_tick": plain(rules.quote_tick),
        "base_tick": plain(rules.base_tick),
    }


def fill_values(fill: Fill) -> dict[str, object]:
    """A fill."""
    return {
        "id": str(fill.trade_id),
        "order_id": str(fill.order_id),
        "symbol": fill.symbol,
        "side": fill.side.value,
        "executed_price": plain(fill.price),
        "executed_quantity": plain(fill.quantity),
        "fee": plain(fill.fee),
        "fee_asset": fill.fee_asset,
        "is_maker": fill.is_maker,
        "realized_pnl": plain(fill.realized_pnl),
        "executed_timestamp": fill.ts,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _status(status: OrderStatus) -> str:
    return status.value if status.is_final else "OPEN"


def order_values(order: Order) -> dict[str, object]:
    """An ordinary order."""
    return {
        "order_id": str(order.order_id),
        "symbol": order.symbol,
        "side": order.side.value,
        "type": order.type.value,
        "price": _text(order.price),
        "quantity": plain(order.quantity),
        "total_executed_quantity": plain(order.executed_quantity),
        "average_executed_price": plain(order.average_executed_price),
        "trigger_price": None,
        "trigger_status": None,
        "status": _status(order.status),
        "total_fee": plain(order.total_fee),
        "fee_asset": order.fee_asset,
        "realized_pnl": plain(order.realized_pnl),
        "reduce_only": order.reduce_only,
        "created_time": order.created_time,
        "updated_time": order.updated_time,
    }


def _algo(node: AlgoNode) -> dict[str, object]:
    kind = OrderType.MARKET if node.type is OrderType.CLOSE_POSITION else node.type or OrderType.MARKET
    return {
        "order_id": str(node.algo_order_id),
        "symbol": node.symbol,
        "side": node.side.value,
        "type": f"STOP_{kind.value}",
        "price": None if kind is OrderType.MARKET else _text(node.price),
        "quantity": plain(node.quantity),
        "total_executed_quantity": plain(node.executed_quantity),
        "average_executed_price": plain(node.average_executed_price),
        "trigger_price": _text(node.trigger_price),
        "trigger_status": "PENDING"
        if node.trigger_status is TriggerStatus.USELESS
        else node.trigger_status.value,
        "status": _status(node.algo_status),
        "total_fee": plain(node.total_fee),
        "fee_asset": node.fee_asset,
        "realized_pnl": plain(node.realized_pnl),
        "reduce_only": node.reduce_only,
        "created_time": node.created_time,
        "updated_time": node.updated_time,
    }


def all_orders(
    exchange: ExchangeReader, accounts: Iterable[Member], symbol: str | None
) -> Iterator[dict[str, object]]:
    """Every order and every algo node that triggers. Orders that algo nodes sent are shown by their node."""
    for each in accounts:
        for order in exchange.orders(each.account_id):
            if symbol in {None, order.symbol} and order.algo_order_id is None:
                yield order_values(order)
        for tree in exchange.algos(each.account_id):
            for node in tree:
                if symbol in {None, node.symbol} and (node.trigger_price or node.callback_rate):
                    yield _algo(node)


def newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the time of their making, the latest first."""
    return sorted(rows, key=lambda row: (row["created_time"], int(row["order_id"])), reverse=True)


_ONLY_DONE = ("average_executed_price", "total_fee", "fee_asset", "realized_pnl")


def open_rows(
    exchange: ExchangeReader, accounts: Iterable[Member], symbol: str | None
) -> list[dict[str, object]]:
    """Open orders, newest first, with the fewer fields that this list has."""
    return [
        {name: value for name, value in row.items() if name not in _ONLY_DONE}
        for row in newest(all_orders(exchange, accounts, symbol))
        if row["status"] == "OPEN"
    ]
