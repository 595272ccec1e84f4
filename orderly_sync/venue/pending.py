"""The open orders of an account by position and side, and what they sum to.

Sums follow every change of an order, so that asking for them costs the same whatever is open.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from decimal import ROUND_UP, Decimal

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.orders import Order

__all__ = ["Key", "OpenOrders", "Side", "freeze", "surplus"]

_ZERO = Decimal(0)
_USDC_STEP = Decimal("0.000001")
_NEWEST = 1 << 63  # an order without an id yet is younger than all that have one

Key = tuple[str, MarginMode]
"""A symbol and a margin mode: what a position is known by."""
Rank = tuple[Decimal, int]


def freeze(order: Order, quantity: Decimal) -> Decimal:
    """What so much of an isolated order freezes, USDC: quantity x price x rate, rounded up to 1e-6."""
    return (quantity * order.freeze_price * order.margin_rate).quantize(_USDC_STEP, ROUND_UP)


def surplus(remaining: Mapping[int, Decimal], closable: Decimal) -> list[int]:
    """Which of the reduce-only orders, given oldest first, must go: the newest, until the rest fits (assumed)."""
    excess = sum(remaining.values(), _ZERO) - closable
    gone = []
    for order_id in reversed(list(remaining)):
        if excess <= 0:
            break
        excess -= remaining[order_id]
        gone.append(order_id)
    return gone


def _rank(order: Order) -> Rank:
    """By which orders close a position: those that fill first, cheap sells and dear buys, then the oldest."""
    return -order.freeze_price * order.sign, order.order_id or _NEWEST


class Side:
    """The open orders of one side of one position. Read it; ``OpenOrders`` writes."""

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        """Oldest first."""
        self.remaining = _ZERO
        """What all of them have not filled."""
        self.reduce_only: dict[int, Order] = {}
        """Those that may only reduce, oldest first."""
        self.reducing = _ZERO
        """What these have not filled."""
        self._ranked: list[Rank] = []
        self._frozen = _ZERO
        self._notional = _ZERO

    def add(self, order: Order) -> None:
        """Count an order, in place of what was counted of it before."""
        self.discount(order.order_id)
        self.orders[order.order_id] = order
        self.remaining += order.remaining
        if order.reduce_only:
            self.reduce_only[order.order_id] = order
            self.reducing += order.remaining
        elif order.freeze_price:
            insort(self._ranked, _rank(order))
            self._frozen += freeze(order, order.remaining)
            self._notional += order.remaining * order.freeze_price

    def discount(self, order_id: int) -> None:
        """Take an order out of the sums; it keeps its place among the others until ``forget``."""
        order = self.orders.get(order_id)
        if order is None:
            return
        self.remaining -= order.remaining
        if order.reduce_only:
            self.reducing -= order.remaining
        elif order.freeze_price:
            del self._ranked[bisect_left(self._ranked, _rank(order))]
            self._frozen -= freeze(order, order.remaining)
            self._notional -= order.remaining * order.freeze_price

    def forget(self, order_id: int) -> None:
        """Drop an order that is done."""
        self.discount(order_id)
        self.orders.pop(order_id, None)
        self.reduce_only.pop(order_id, None)

    def frozen(self, closable: Decimal, *, put: Order | None = None, without: int = 0) -> Decimal:
        """USDC that isolated orders freeze for what they may open beyond closing ``closable`` of a position.

        Args:
            closable: The size of the position that this side closes, 0 or more.
            put: An order to count besides.
            without: An open order to leave out.
        """
        total = self._frozen
        old = self._opening(without)
        if old is not None:
            total -= freeze(old, old.remaining)
        if put is not None:
            total += freeze(put, put.remaining)
        for order, closing in self._closing(closable, put, without):
            total -= freeze(order, order.remaining) - freeze(order, order.remaining - closing)
        return total

    def opening_notional(self, closable: Decimal, *, put: Order | None = None, without: int = 0) -> Decimal:
        """What isolated orders may open, at the prices at which they freeze, USDC; arguments as in ``frozen``."""
        total = self._notional
        old = self._opening(without)
        if old is not None:
            total -= old.remaining * old.freeze_price
        if put is not None:
            total += put.remaining * put.freeze_price
        for order, closing in self._closing(closable, put, without):
            total -= closing * order.freeze_price
        return total

    def _opening(self, order_id: int) -> Order | None:
        order = self.orders.get(order_id)
        return order if order is not None and order.freeze_price and not order.reduce_only else None

    def _closing(self, closable: Decimal, put: Order | None, without: int) -> Iterator[tuple[Order, Decimal]]:
        """Which orders close the position, in their order, and how much of each."""
        if closable <= 0:
            return
        for order in self._by_rank(put, without):
            closing = min(closable, order.remaining)
            yield order, closing
            closable -= closing
            if closable <= 0:
                return

    def _by_rank(self, put: Order | None, without: int) -> Iterator[Order]:
        for rank in self._ranked:
            if put is not None and _rank(put) < rank:
                yield put
                put = None
            if rank[1] != without:
                yield self.orders[rank[1]]
        if put is not None:
            yield put


_NOTHING = Side()


class OpenOrders:
    """All open orders of one account."""

    def __init__(self) -> None:
        self._sides: dict[tuple[Key, OrderSide], Side] = {}

    def put(self, order: Order) -> None:
        """Count an order that is open, or has changed."""
        self._sides.setdefault(_place(order), Side()).add(order)

    def drop(self, order: Order) -> None:
        """Count an order no more; ``order`` as it stands now."""
        place = _place(order)
        side = self._sides[place]
        side.forget(order.order_id)
        if not side.orders:
            del self._sides[place]

    def side(self, key: Key, side: OrderSide) -> Side:
        """The orders of one side of a position."""
        return self._sides.get((key, side), _NOTHING)

    def __contains__(self, key: Key) -> bool:
        return any((key, side) in self._sides for side in (OrderSide.BUY, OrderSide.SELL))

    def positions(self) -> list[Key]:
        """The positions that have open orders."""
        return list(dict.fromkeys(key for key, _ in self._sides))

    def sides(self, symbol: str | None = None) -> list[tuple[Key, OrderSide, Side]]:
        """All sides that have open orders, of one symbol or of all."""
        rows = ((key, which, side) for (key, which), side in self._sides.items())
        return [row for row in rows if symbol in {None, row[0][0]}]


def _place(order: Order) -> tuple[Key, OrderSide]:
    return (order.symbol, order.margin_mode), order.side
