"""The open orders of an account by position and side, and what they sum to.

Sums follow every change of an order, so that asking for them costs the same whatever is open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.orders import Key, Order

__all__ = ["Side", "WorkingOrders", "freeze", "surplus"]

_ZERO = Decimal(0)
_USDC_STEP = Decimal("0.000001")
_ASKED_AT_MOST = 16  # an order asks fewer questions than that of a side between two changes of it
_NEWEST = 1 << 63  # an order without an id yet is younger than all that have one

Rank = tuple[Decimal, int]
Question = tuple[Decimal, int, tuple[Decimal, Decimal, Decimal, int] | None]
"""What is closed, the order left out, and all of the order counted besides that the answer depends on."""


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


class _Queue:
    """The orders that may open a position, by which of them close one first; a cursor stands where closing ends.

    All before the cursor close whole, the one at it closes what is left, all behind it open. The cursor moves by as
    much as changes, so that nothing costs more where more orders stand.
    """

    def __init__(self) -> None:
        self._ranks: list[Rank] = []
        self._orders: dict[int, Order] = {}
        self._cursor = 0
        self._closing = _ZERO
        self._freed = [_ZERO, _ZERO]
        self._all = [_ZERO, _ZERO]

    def add(self, order: Order) -> None:
        """Queue an order."""
        rank = _rank(order)
        place = bisect_left(self._ranks, rank)
        self._ranks.insert(place, rank)
        self._orders[rank[1]] = order
        self._count(self._all, order, 1)
        if place < self._cursor:
            self._cursor += 1
            self._move(order, 1)

    def remove(self, order: Order) -> None:
        """Take an order out, as it was queued."""
        rank = _rank(order)
        place = bisect_left(self._ranks, rank)
        del self._ranks[place]
        del self._orders[rank[1]]
        self._count(self._all, order, -1)
        if place < self._cursor:
            self._cursor -= 1
            self._move(order, -1)

    def opening(self, closable: Decimal) -> tuple[Decimal, Decimal]:
        """What the orders freeze that open when so much of a position is closed, and their notional, USDC."""
        while self._closing > closable:
            self._cursor -= 1
            self._move(self._at_cursor, -1)
        while self._cursor < len(self._ranks) and self._closing + self._at_cursor.remaining <= closable:
            self._move(self._at_cursor, 1)
            self._cursor += 1
        frozen, notional = (whole - freed for whole, freed in zip(self._all, self._freed, strict=True))
        left = closable - self._closing
        if left and self._cursor < len(self._ranks):
            order = self._at_cursor
            frozen -= freeze(order, order.remaining) - freeze(order, order.remaining - left)
            notional -= left * order.freeze_price
        return frozen, notional

    @property
    def _at_cursor(self) -> Order:
        return self._orders[self._ranks[self._cursor][1]]

    def _move(self, order: Order, sign: int) -> None:
        self._closing += sign * order.remaining
        self._count(self._freed, order, sign)

    @staticmethod
    def _count(sums: list[Decimal], order: Order, sign: int) -> None:
        sums[0] += sign * freeze(order, order.remaining)
        sums[1] += sign * order.remaining * order.freeze_price


class Side:
    """The open orders of one side of one position. Read it; ``WorkingOrders`` writes."""

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        """Oldest first."""
        self.remaining = _ZERO
        """What all of them have not filled."""
        self.reduce_only: dict[int, Order] = {}
        """Those that may only reduce, oldest first."""
        self.reducing = _ZERO
        """What these have not filled."""
        self._queue = _Queue()
        self._asked: dict[Question, tuple[Decimal, Decimal]] = {}

    def add(self, order: Order) -> None:
        """Count an order, in place of what was counted of it before."""
        self.discount(order.order_id)
        self._asked.clear()
        self.orders[order.order_id] = order
        self.remaining += order.remaining
        if order.reduce_only:
            self.reduce_only[order.order_id] = order
            self.reducing += order.remaining
        elif order.freeze_price:
            self._queue.add(order)

    def discount(self, order_id: int) -> None:
        """Take an order out of the sums; it keeps its place among the others until ``forget``."""
        order = self.orders.get(order_id)
        if order is None:
            return
        self._asked.clear()
        self.remaining -= order.remaining
        if order.reduce_only:
            self.reducing -= order.remaining
        elif order.freeze_price:
            self._queue.remove(order)

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
        return self._opening(closable, put, without)[0]

    def opening_notional(self, closable: Decimal, *, put: Order | None = None, without: int = 0) -> Decimal:
        """What isolated orders may open, at the prices at which they freeze, USDC; arguments as in ``frozen``."""
        return self._opening(closable, put, without)[1]

    def _opening(self, closable: Decimal, put: Order | None, without: int) -> tuple[Decimal, Decimal]:
        # One order has several rules ask the same; nothing is kept beyond the next change.
        besides = put if put is None else (put.freeze_price, put.margin_rate, put.remaining, put.order_id)
        question = closable, without, besides
        found = self._asked.get(question)
        if found is None:
            if len(self._asked) >= _ASKED_AT_MOST:
                self._asked.clear()
            found = self._asked[question] = self._tried(closable, put, without)
        return found

    def _tried(self, closable: Decimal, put: Order | None, without: int) -> tuple[Decimal, Decimal]:
        queue, old = self._queue, self.orders.get(without)
        if old is not None and (old.reduce_only or not old.freeze_price):
            old = None
        # Tried and taken back: the cursor makes that cheap, and no second way of counting can differ from the first.
        if old is not None:
            queue.remove(old)
        if put is not None:
            queue.add(put)
        found = queue.opening(closable)
        if put is not None:
            queue.remove(put)
        if old is not None:
            queue.add(old)
        return found


_NOTHING = Side()


class WorkingOrders:
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
