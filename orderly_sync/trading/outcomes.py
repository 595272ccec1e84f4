"""What became of a write whose answer was lost: placed, or certainly not; found out by asking, never by sending again.

An order that the venue does not know may still be on its way to it. It is certain that it will never be placed once the
time is over in which the venue would take it (``x-recv-window``; without one, 300 s) and the time by which REST lags.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qsl

from orderly_sync.errors import NotFound, OrderOutcomeUnknown, RequestError, UsageError
from orderly_sync.logs import log_of
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.order import Order
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.request import Request
from orderly_sync.trading.sending import Sending

__all__ = [
    "PAUSES",
    "READ_LAG",
    "SIGNATURE_AGE",
    "Wanted",
    "certain_in",
    "find_row",
    "look_for",
    "wanted_by",
    "window_ms",
]

log = log_of("orderly_sync.state")

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between two looks for an order; the last goes on."""
READ_LAG = 5.0
"""Seconds by which what REST shows may be behind; the venue does not say, assumed."""
SIGNATURE_AGE = 300.0
"""Seconds after which the venue takes no signature any more."""
_WINDOW_MS = 5000


def window_ms(now_ms: int, heard_ms: int | None) -> int:
    """The ``x-recv-window`` of an order: 5 s, and as much more as this machine's clock is behind the venue's.

    Args:
        now_ms: This machine's time.
        heard_ms: The latest time of the venue's own that was heard; None before any.
    """
    behind = 0 if heard_ms is None else max(0, heard_ms - now_ms)
    return min(_WINDOW_MS + behind, round(SIGNATURE_AGE * 1000))


def certain_in(window: int | None, now_ms: int, heard_ms: int | None) -> float:
    """Seconds from the sending after which an order that is not to be seen was not placed, and never will be.

    As far as this machine's clock is ahead of the venue's, the window ends later; at most by how old the time heard is.
    """
    if window is None:
        return 2 * SIGNATURE_AGE + READ_LAG
    ahead = SIGNATURE_AGE if heard_ms is None else max(0, now_ms - heard_ms) / 1000
    return window / 1000 + min(ahead, SIGNATURE_AGE) + READ_LAG


class Wanted:
    """One order that a lost write was about.

    Args:
        is_algo: Whether it is an algo order.
        order_id: Its id, if it was named by that.
        client_order_id: Its client order id, if it was named by that.
        is_it: Whether a row of that name is the order.
    """

    def __init__(
        self,
        *,
        is_algo: bool,
        order_id: int | None,
        client_order_id: str | None,
        is_it: Callable[[Order | AlgoOrder], bool],
    ) -> None:
        self._is_algo = is_algo
        self._order_id = order_id
        self._client_order_id = client_order_id
        self._is_it = is_it

    def look(self, orders: Orders) -> Order | AlgoOrder | None:
        """Its row, if the venue shows it.

        Raises:
            RequestError: The venue cannot be asked.
        """
        try:
            row = self._row(orders)
        except NotFound:
            return None
        return row if self._is_it(row) else None

    def _row(self, orders: Orders) -> Order | AlgoOrder:
        if self._order_id is not None:
            return orders.get_algo(self._order_id) if self._is_algo else orders.get(self._order_id)
        name = self._client_order_id or ""
        return (
            orders.get_algo_by_client_order_id(name) if self._is_algo else orders.get_by_client_order_id(name)
        )


def find_row(orders: Orders, order: int | str) -> Order | AlgoOrder:
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


def wanted_by(lost: OrderOutcomeUnknown) -> list[Wanted]:
    """The orders that a lost write was about.

    Raises:
        UsageError: It was about no order that has a name, such as a cancel of all, or what was sent is not known here.
    """
    sent = lost.sent
    if isinstance(sent, Sending):
        named = sent.request.client_order_id
        return [Wanted(is_algo=sent.is_algo, order_id=None, client_order_id=named, is_it=sent.is_it)]
    found = list(_of_request(sent)) if isinstance(sent, Request) else []
    if not found:
        raise UsageError(
            f"{lost.request} names no order to ask for; look at ex.orders, and at rest.orders.list()"
        )
    return found


def _of_request(sent: Request) -> Iterator[Wanted]:
    is_algo = "/algo/" in sent.path
    query = dict(parse_qsl(sent.target.partition("?")[2]))
    body = json.loads(sent.body, parse_float=Decimal) if sent.body else {}
    rows = body.get("orders") or [{**query, **body}]
    for row in rows:
        is_new = sent.method == "POST"
        ids = str(row.get("order_id") or row.get("order_ids") or "").split(",")
        names = str(row.get("client_order_id") or row.get("client_order_ids") or "").split(",")
        for order_id in filter(None, ids):
            yield Wanted(is_algo=is_algo, order_id=int(order_id), client_order_id=None, is_it=_any)
        if not any(ids):
            for name in filter(None, names):
                is_it = _like(row) if is_new else _any
                yield Wanted(is_algo=is_algo, order_id=None, client_order_id=name, is_it=is_it)


def _any(_: object) -> bool:
    return True


def _like(sent: Mapping[str, Any]) -> Callable[[Order | AlgoOrder], bool]:
    """Whether a row has the terms that were sent; what a body leaves out says nothing."""
    pairs = [("symbol", "symbol"), ("side", "side"), ("order_type", "type"), ("type", "type")]
    pairs += [("order_price", "price"), ("price", "price"), ("algo_type", "algo_type")]
    sizes = [("order_quantity", "quantity"), ("quantity", "quantity")]

    def is_it(row: Order | AlgoOrder) -> bool:
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
    wanted: list[Wanted],
    orders: Orders,
    *,
    until: float,
    certain_at: float | None,
    wait: Callable[[float], float],
) -> list[Order | AlgoOrder] | None:
    """Look until it is certain which of the orders are there; their rows, or None if it is not by ``until``.

    Args:
        wanted: The orders.
        orders: Where REST is asked.
        until: The monotonic second at which to give up.
        certain_at: The monotonic second from which on what is not shown will never be; None for never.
        wait: Waits until a monotonic second; gives back the second it is.
    """
    found: dict[int, Order | AlgoOrder] = {}
    now = wait(-math.inf)
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        missing = [index for index in range(len(wanted)) if index not in found]
        answered = _look_once(wanted, missing, orders, found)
        is_certain = certain_at is not None and now >= certain_at
        if len(found) == len(wanted) or (answered and is_certain):
            return [found[index] for index in sorted(found)]
        if now >= until:
            break
        ends = [until, now + pause]
        if certain_at is not None and now < certain_at:
            ends.append(certain_at)  # the look that counts comes right after it
        now = wait(min(ends))
    return None


def _look_once(
    wanted: list[Wanted], missing: list[int], orders: Orders, found: dict[int, Order | AlgoOrder]
) -> bool:
    """Ask for each that is missing; whether the venue answered for all of them."""
    answered = True
    for index in missing:
        told, row = _asked(wanted[index], orders)
        answered = answered and told
        if row is not None:
            found[index] = row
    return answered


def _asked(one: Wanted, orders: Orders) -> tuple[bool, Order | AlgoOrder | None]:
    try:
        return True, one.look(orders)
    except RequestError as exc:
        log.info("looking for an order whose answer was lost: %s", exc)
        return False, None
