"""Queries about a wallet's orders and fills. Stop orders stand in the same lists as ordinary ones.

Open orders have the status OPEN; of algo orders the nodes with a trigger of their own are shown, as STOP_MARKET,
STOP_LIMIT and the like.
"""

from __future__ import annotations

from typing import Any

from orderly_sync.models.enums import OrderStatus
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.queries.query_call import Query, QueryCall, QueryRefused, listed
from orderly_sync.venue.server.queries.rows import all_orders, fill_values, newest, open_rows, order_values
from orderly_sync.venue.server.time_windows import DAY
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["QUERIES"]

_FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED)


def _identity(row: dict[str, object]) -> str:
    return str(row["order_id"])


def _open(query: QueryCall) -> object:
    found = open_rows(query.call.exchange, query.accounts(), query.symbol())
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
        for row in newest(all_orders(query.call.exchange, query.accounts(), query.symbol()))
        if row["status"] != "OPEN"
        and (status is None or row["status"] == status.value)
        and start <= row["created_time"] <= end
    ]
    return listed(query, found, _identity, dict, 100)


def _one(query: QueryCall) -> object:
    accounts, order_id = query.accounts(), query.fields.whole("order_id")
    if order_id is None:
        raise QueryRefused("MISSING_PARAM", "order_id is required")
    for row in all_orders(query.call.exchange, accounts, None):
        if row["order_id"] == str(order_id):
            return row
    for each in accounts:
        order = query.call.exchange.order(each.account_id, order_id)
        if order is not None:
            return order_values(order)
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
