"""How much an order would fill, when its own trades cancel reduce-only orders that it would have met later."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.pending import surplus
from orderly_sync.venue.engine.state import Account, ExchangeState

__all__ = ["fillable"]


class _Cover:
    """A position as the trades would leave it, and the reduce-only orders of one side that would be left."""

    def __init__(self, account: Account, order: Order, side: OrderSide) -> None:
        key = (order.symbol, order.margin_mode)
        self._held = account.entry(key).quantity
        self._closes = -1 if side is OrderSide.BUY else 1
        rows = account.working.side(key, side).reduce_only
        self._left = {order_id: row.remaining for order_id, row in rows.items()}

    def stands(self, maker: Order) -> bool:
        """Whether an order would still be on the book."""
        return not maker.reduce_only or maker.order_id in self._left

    def trade(self, order: Order, quantity: Decimal) -> None:
        """Let an order of this account trade."""
        self._held += quantity * order.sign
        if order.order_id in self._left:
            self._left[order.order_id] -= quantity

    def trim(self) -> None:
        """Let go what the position no longer carries."""
        for order_id in surplus(self._left, max(Decimal(0), self._held * self._closes)):
            del self._left[order_id]


def fillable(state: ExchangeState, order: Order, limit: Decimal | None) -> Decimal:
    """What an incoming order would fill at prices up to ``limit``, at most what it wants. Nothing is changed."""
    covers: dict[tuple[str, str], _Cover] = {}

    def cover(each: Order) -> _Cover:
        whose = (each.account_id, str(each.margin_mode))
        if whose not in covers:
            covers[whose] = _Cover(state.accounts[each.account_id], each, order.side.opposite)
        return covers[whose]

    left = order.remaining
    for resting in state.market(order.symbol).book.crossing(order.side, limit):
        if left <= 0:
            break
        maker = state.accounts[resting.account_id].orders[resting.order_id]
        if not cover(maker).stands(maker):
            continue
        taken = min(resting.remaining, left)
        left -= taken
        cover(order).trade(order, taken)
        cover(maker).trade(maker, taken)
        cover(order).trim()
        cover(maker).trim()
    return order.remaining - left
