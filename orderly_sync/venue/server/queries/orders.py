"""Queries about a wallet's orders and fills. Stop orders stand in the same lists as ordinary ones.

Open orders have the status OPEN; of algo orders the nodes with a trigger of their own are shown, as STOP_MARKET,
STOP_LIMIT and the like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from orderly_sync.models.enums import OrderStatus, OrderType, TriggerStatus
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.queries.query_call import Query, QueryCall, QueryRefused, listed, plain
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.time_windows import DAY
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["QUERIES", "fill_values", "open_rows"]

_FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED)


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


def _order(order: Order) -> dict[str, object]:
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


def _all(query: QueryCall, accounts: Iterable[Member], symbol: str | None) -> Iterator[dict[str, object]]:
    """Every order and every algo node that triggers. Orders that algo nodes sent are shown by their node."""
    for each in accounts:
        for order in query.call.exchange.orders(each.account_id):
            if symbol in {None, order.symbol} and order.algo_order_id is None:
                yield _order(order)
        for tree in query.call.exchange.algos(each.account_id):
            for node in tree:
                if symbol in {None, node.symbol} and (node.trigger_price or node.callback_rate):
                    yield _algo(node)


def _newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["created_time"], int(row["order_id"])), reverse=True)


_ONLY_DONE = ("average_executed_price", "total_fee", "fee_asset", "realized_pnl")


def open_rows(query: QueryCall, accounts: Iterable[Member], symbol: str | None) -> list[dict[str, object]]:
    """Open orders, newest first, with the fewer fields that this list has."""
    return [
        {name: value for name, value in row.items() if name not in _ONLY_DONE}
        for row in _newest(_all(query, accounts, symbol))
        if row["status"] == "OPEN"
    ]


def _identity(row: dict[str, object]) -> str:
    return str(row["order_id"])


def _open(query: QueryCall) -> object:
    found = open_rows(query, query.accounts(), query.symbol())
    return listed(query, found, _identity, dict, 100)


def _done(query: QueryCall) -> Any:
    """By the time of their making; since the beginning of the UTC day 24 hours ago where no start is given."""
    status = query.fields.choice("status", OrderStatus)
    if status is not None and status not in _FINAL:
        raise Refused(INVALID_PARAM, f"status must be one of {', '.join(each.value for each in _FINAL)}")
    start, end = query.window()
    if "start_time" not in query.fields:
        day_before = min(end, query.now) - DAY
        start = day_before - day_before % DAY
    found = [
        row
        for row in _newest(_all(query, query.accounts(), query.symbol()))
        if row["status"] != "OPEN"
        and (status is None or row["status"] == status.value)
        and start <= row["created_time"] <= end
    ]
    return listed(query, found, _identity, dict, 100)


def _one(query: QueryCall) -> object:
    accounts, order_id = query.accounts(), query.fields.whole("order_id")
    if order_id is None:
        raise QueryRefused("MISSING_PARAM", "order_id is required")
    for row in _all(query, accounts, None):
        if row["order_id"] == str(order_id):
            return row
    for each in accounts:
        order = query.call.exchange.order(each.account_id, order_id)
        if order is not None:
            return _order(order)
    raise QueryRefused("ORDER_NOT_FOUND", f"this wallet has no order {order_id}", 404)


def _fills(query: QueryCall) -> object:
    symbol, (start, end) = query.symbol(), query.window()
    found = [
        fill
        for each in query.accounts()
        for fill in query.call.exchange.fills(each.account_id)
        if symbol in {None, fill.symbol} and start <= fill.ts <= end
    ]
    found.sort(key=lambda fill: fill.trade_id, reverse=True)
    return listed(query, found, lambda fill: str(fill.trade_id), fill_values, 100)


QUERIES: dict[str, tuple[Query, int]] = {
    "historicalOrders": (_done, 5),
    "openOrders": (_open, 5),
    "orderStatus": (_one, 5),
    "trades": (_fills, 5),
}
"""By type: what answers, and its weight."""
