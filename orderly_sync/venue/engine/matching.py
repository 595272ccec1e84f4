"""Who trades with whom: the plan of an incoming order against a book, made before anything changes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.book import LimitOrderBook

__all__ = ["Match", "affordable", "apply", "first", "plan"]

_ZERO = Decimal(0)


@attrs.frozen
class Match:
    """One trade to come: ``quantity`` with a resting order at its price; ``hidden`` if it meets quantity nobody saw."""

    order_id: int
    account_id: str
    price: Decimal
    quantity: Decimal
    hidden: bool


def plan(book: LimitOrderBook, side: OrderSide, quantity: Decimal, limit: Decimal | None) -> list[Match]:
    """The trades of an incoming order: best price first, then oldest, an order's hidden part before its visible one.

    Args:
        book: Left as it is.
        side: Of the incoming order.
        quantity: What it wants at most.
        limit: The worst price it takes; None takes any.
    """
    return list(_trades(book, side, quantity, limit))


def first(book: LimitOrderBook, side: OrderSide, quantity: Decimal, limit: Decimal | None) -> Match | None:
    """The first of those trades, None if there is none."""
    return next(_trades(book, side, quantity, limit), None)


def _trades(
    book: LimitOrderBook, side: OrderSide, quantity: Decimal, limit: Decimal | None
) -> Iterator[Match]:
    left = quantity
    for resting in book.crossing(side, limit):
        if left <= 0:
            return
        for part, hidden in ((resting.hidden, True), (resting.shown, False)):
            taken = min(part, left)
            if taken > 0:
                yield Match(resting.order_id, resting.account_id, resting.price, taken, hidden)
                left -= taken


def apply(book: LimitOrderBook, match: Match) -> None:
    """Take one planned trade off the book."""
    book.reduce(match.order_id, match.quantity)


def affordable(book: LimitOrderBook, side: OrderSide, amount: Decimal, limit: Decimal | None) -> Decimal:
    """The quantity that ``amount`` of USDC buys or sells on the book as it stands."""
    total, left = _ZERO, amount
    for resting in book.crossing(side, limit):
        cost = resting.price * resting.remaining
        if cost >= left:
            return total + left / resting.price
        total, left = total + resting.remaining, left - cost
    return total
