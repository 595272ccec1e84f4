"""What a client will not send, whatever its user's code asks: an order worth too much, or anything while rehearsing.

The guard reads the body that is about to be signed, so every way to place or edit an order passes it: ``ex.place``,
``rest.orders``, batches, legs. Pure but for the price of an order that names none, which it is given a way to ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from orderly_sync.errors import DryRun, InvalidOrder, UsageError
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.market import FuturesInfo
from orderly_sync.values.arithmetic import EXACT
from orderly_sync.wire.json import encode, plain
from orderly_sync.wire.numbers import Number, number

__all__ = ["OrderGuard", "Reads", "notional_limit", "order_reads"]

T = TypeVar("T")

_KEPT = ("symbol", "type", "price", "quantity", "trigger_price", "activated_price", "reduce_only")
_ORDERS = frozenset({"/v1/order", "/v1/batch-order", "/v1/algo/order"})


def notional_limit(value: Number | None) -> Decimal | None:
    """``max_notional`` as a client is given it, USDC.

    Raises:
        UsageError: It is no finite number above 0.
    """
    if value is None:
        return None
    limit = number(value, "max_notional")
    if limit is None or limit <= 0:
        raise UsageError(
            f"max_notional={value!a:.60} must be USDC above 0, the most that one order may be worth"
        )
    return limit


class Reads(Protocol):
    """What reads one host."""

    def get(self, path: str, result: type[T], /, *, at: Mapping[str, object] | None = None) -> T:
        """Read one value."""


def order_reads(public: Reads, signed: Reads) -> tuple[Callable[[str], Decimal], Callable[[int], AlgoOrder]]:
    """How a guard asks for a mark price and for an algo order."""

    def mark_price(symbol: str) -> Decimal:
        price = public.get("/v1/public/futures/{symbol}", FuturesInfo, at={"symbol": symbol}).mark_price
        if not price:
            raise UsageError(
                f"{symbol} has no mark price to say what the order is worth; name a price of its own"
            )
        return EXACT.create_decimal(str(price))

    def algo_order(order_id: int) -> AlgoOrder:
        return signed.get("/v1/algo/order/{order_id}", AlgoOrder, at={"order_id": order_id})

    return mark_price, algo_order


class OrderGuard:
    """Refuses before anything is signed.

    What only makes a position smaller (``reduce_only``, CLOSE_POSITION) is never worth too much: a limit must not keep
    anybody from getting out.

    Args:
        max_notional: USDC that one order may be worth; None for any.
        mark_price: The mark price of a native symbol, asked for when an order names no price of its own.
        algo_order: The algo order of an id, asked for when an edit leaves out what it does not change.
        dry_run: Whether no write is sent at all.
    """

    def __init__(
        self,
        max_notional: Decimal | None,
        mark_price: Callable[[str], Decimal],
        algo_order: Callable[[int], AlgoOrder],
        *,
        dry_run: bool,
    ) -> None:
        self._limit = max_notional
        self._dry_run = dry_run
        self._mark_price = mark_price
        self._algo_order = algo_order

    def check(self, method: str, path: str, body: Mapping[str, Any] | None) -> None:
        """Let a write pass or not.

        Raises:
            InvalidOrder: An order is worth more than the limit.
            DryRun: It would have been sent.
        """
        if self._limit is not None and method in {"POST", "PUT"} and path in _ORDERS:
            whole = body or {}
            if "/algo/" in path and method == "PUT":
                whole = _completed(whole, self._algo_order(whole["order_id"]))
            for order in _orders(whole):
                self._weigh(method, path, order, self._limit)
        if self._dry_run:
            raise DryRun(f"{method} {path}", encode(dict(body)).decode() if body else "")

    def _weigh(self, method: str, path: str, order: Mapping[str, Any], limit: Decimal) -> None:
        worth = self._worth(order)
        if worth is not None and worth > limit:
            fact = f"{order['symbol']}: the order is worth {plain(worth)} USDC"
            more = f"more than max_notional={plain(limit)} of this client; nothing was sent"
            raise InvalidOrder(None, f"{fact}, {more}", method=method, path=path)

    def _worth(self, order: Mapping[str, Any]) -> Decimal | None:
        """What an order is worth at most as far as it says, USDC; None where it can open nothing."""
        if order.get("reduce_only") is True or order.get("type") == "CLOSE_POSITION":
            return None
        amount = _exact(order, "order_amount")
        if amount is not None:
            return amount
        quantity = _exact(order, "order_quantity", "quantity")
        if not quantity:
            return None
        prices = [
            _exact(order, name) for name in ("order_price", "price", "trigger_price", "activated_price")
        ]
        named = [price for price in prices if price is not None]
        price = max(named) if named else self._mark_price(str(order["symbol"]))
        return EXACT.multiply(price, quantity)


def _orders(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The orders of a body: itself, its rows, and the legs below, each with the market it stands in."""
    rows = body.get("orders")
    for order in rows if isinstance(rows, list) else [body]:
        yield from _with_legs(order)


def _with_legs(order: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield order
    for leg in order.get("child_orders") or ():
        yield from _with_legs({"symbol": order.get("symbol"), **leg})


def _completed(edit: Mapping[str, Any], order: AlgoOrder) -> dict[str, Any]:
    """An algo order as an edit would leave it: what the edit does not name stands as it is."""
    nodes = {node.algo_order_id: node for node in order.nodes()}

    def node(part: Mapping[str, Any]) -> dict[str, Any]:
        old = nodes.get(int(part["order_id"]), order)
        kept = {name: getattr(old, name) for name in _KEPT}
        legs = [node(leg) for leg in part.get("child_orders") or ()]
        return {**kept, **part, "child_orders": legs}

    return node(edit)


def _exact(order: Mapping[str, Any], *names: str) -> Decimal | None:
    value = next((order[name] for name in names if order.get(name) is not None), None)
    return None if value is None else EXACT.create_decimal(str(value))
