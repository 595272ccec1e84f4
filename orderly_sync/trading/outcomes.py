"""What became of a write whose answer was lost: placed, or certainly not; found out by asking, never by sending again.

An order that the venue does not know may still be on its way to it; ``rest.unknown_outcome`` says until when.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qsl

from orderly_sync.errors import NotFound, OrderOutcomeUnknown, RequestError, UsageError
from orderly_sync.logs import log_of
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.order import Order
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.request import Request
from orderly_sync.rest.unknown_outcome import SIGNATURE_AGE
from orderly_sync.trading.unknown_writes import PAUSES

__all__ = ["Look", "Row", "find_row", "look_for", "looks_for", "rows_named", "window_ms"]

Row = Order | AlgoOrder
IsIt = Callable[[Row], bool]
Look = Callable[[], Row | None]
"""Asks the venue for one order: its row, if it is shown. Raises RequestError where that cannot be told."""

log = log_of("orderly_sync.state")

_WINDOW_MS = 5000
_PAGE = 500


def window_ms(now_ms: int, heard_ms: int | None) -> int:
    """The ``x-recv-window`` of an order: 5 s, and as much more as this machine's clock is behind the venue's.

    Args:
        now_ms: This machine's time.
        heard_ms: The latest time of the venue's own that was heard; None before any.
    """
    behind = 0 if heard_ms is None else max(0, heard_ms - now_ms)
    return min(_WINDOW_MS + behind, round(SIGNATURE_AGE * 1000))


def rows_named(
    orders: Orders, name: str, is_it: IsIt, *, is_algo: bool, symbol: str | None, start: int | None = None
) -> tuple[list[Row], Row | None]:
    """The rows of a client order id that are the very order, and the row of that id which is another.

    The name alone shows one order; others that bore it stand in the list of those created since ``start``, ms, or,
    without it, in that of the newest.
    """
    by_name = orders.get_algo_by_client_order_id if is_algo else orders.get_by_client_order_id
    try:
        row: Row = by_name(name)
    except NotFound:
        return [], None
    if is_it(row):
        return [row], None
    listed = orders.list_algo if is_algo else orders.list
    page: Any = listed(symbol=symbol, start=start, size=_PAGE)
    rows = page.each() if start is not None else page
    return [one for one in rows if one.client_order_id == name and is_it(one)], row


def find_row(orders: Orders, order: int | str) -> Row:
    """The row of an order, ordinary or algo, by its id (an int) or its client order id (a text).

    Raises:
        NotFound: There is no such order.
    """
    if isinstance(order, str):
        try:
            return orders.get_by_client_order_id(order)
        except NotFound:
            return orders.get_algo_by_client_order_id(order)
    try:
        return orders.get(order)
    except NotFound:
        return orders.get_algo(order)


def looks_for(lost: OrderOutcomeUnknown, orders: Orders) -> list[Look]:
    """A look for each order that a lost write was about.

    Raises:
        UsageError: It was about no order that has a name, such as a cancel of all, or was sent by another process.
    """
    looks = _looks_for(lost.sent, orders) if isinstance(lost.sent, Request) else []
    if not looks:
        raise UsageError(
            f"{lost.request} names no order to ask for; look at ex.orders, and at rest.orders.list()"
        )
    return looks


def _looks_for(sent: Request, orders: Orders) -> list[Look]:
    is_algo = "/algo/" in sent.path
    query = dict(parse_qsl(sent.target.partition("?")[2]))
    body = json.loads(sent.body, parse_float=Decimal) if sent.body else {}
    looks: list[Look] = []
    for row in body.get("orders") or [{**query, **body}]:
        ids = _listed(row, "order_id", "order_ids")
        if ids:
            looks += [partial(_by_id, orders, int(order_id), is_algo=is_algo) for order_id in ids]
            continue
        is_it = _like(row) if sent.method == "POST" else _any
        for name in _listed(row, "client_order_id", "client_order_ids"):
            looks.append(partial(_by_name, orders, name, is_it, is_algo=is_algo, symbol=row.get("symbol")))
    return looks


def _listed(row: Mapping[str, Any], *names: str) -> list[str]:
    return [one for name in names for one in str(row.get(name) or "").split(",") if one]


def _by_id(orders: Orders, order_id: int, *, is_algo: bool) -> Row | None:
    try:
        return orders.get_algo(order_id) if is_algo else orders.get(order_id)
    except NotFound:
        return None


def _by_name(orders: Orders, name: str, is_it: IsIt, *, is_algo: bool, symbol: str | None) -> Row | None:
    rows, _ = rows_named(orders, name, is_it, is_algo=is_algo, symbol=symbol)
    return rows[0] if rows else None


def _any(_: object) -> bool:
    return True


def _like(sent: Mapping[str, Any]) -> IsIt:
    """Whether a row has the terms that were sent; what a body leaves out says nothing."""
    pairs = [("symbol", "symbol"), ("side", "side"), ("order_type", "type"), ("type", "type")]
    pairs += [("order_price", "price"), ("price", "price"), ("algo_type", "algo_type")]
    sizes = [("order_quantity", "quantity"), ("quantity", "quantity")]

    def is_it(row: Row) -> bool:
        same = all(_equal(sent[name], getattr(row, field)) for name, field in pairs if name in sent)
        limits = [
            (sent[name], row.quantity) for name, _ in sizes if name in sent and row.quantity is not None
        ]
        return same and all(Decimal(str(shown)) <= Decimal(str(asked)) for asked, shown in limits)

    return is_it


def _equal(asked: object, shown: object) -> bool:
    if isinstance(asked, (int, Decimal)) and shown is not None:
        return Decimal(str(shown)) == asked
    return str(shown) == str(asked)


def look_for(
    looks: Sequence[Look], *, until: float, certain_at: float | None, wait: Callable[[float], float]
) -> list[Row] | None:
    """Look until it is certain which of the orders are there; their rows, or None if it is not by ``until``.

    Args:
        looks: One for each order.
        until: The monotonic second at which to give up.
        certain_at: The monotonic second from which on what is not shown will never be; None for never.
        wait: Waits until a monotonic second; gives back the second it is.
    """
    found: list[Row | None] = [None] * len(looks)
    now = wait(-math.inf)
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        answered = _look_once(looks, found)
        is_certain = certain_at is not None and now >= certain_at
        if None not in found or (answered and is_certain):
            return [row for row in found if row is not None]
        if now >= until:
            break
        ends = [until, now + pause]
        if certain_at is not None and now < certain_at:
            ends.append(certain_at)  # the look that counts comes right after it
        now = wait(min(ends))
    return None


def _look_once(looks: Sequence[Look], found: list[Row | None]) -> bool:
    """Ask for each that is missing; whether the venue answered for all of them."""
    answered = [row is not None or _ask(looks[index], found, index) for index, row in enumerate(found)]
    return all(answered)


def _ask(look: Look, found: list[Row | None], index: int) -> bool:
    try:
        found[index] = look()
    except RequestError as exc:
        log.info("looking for an order whose answer was lost: %s", exc)
        return False
    return True
