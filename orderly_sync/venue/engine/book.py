"""One order book: price levels, each a queue in time order, with shown and hidden quantity kept apart."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from decimal import Decimal

import attrs

from orderly_sync.models.enums import OrderSide

__all__ = ["BookSnapshot", "LimitOrderBook", "Resting"]

_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class BookSnapshot:
    """What the public sees: visible levels ``(price, quantity)``, best first on both sides."""

    symbol: str
    bids: tuple[tuple[Decimal, Decimal], ...]
    asks: tuple[tuple[Decimal, Decimal], ...]

    @property
    def best_bid(self) -> Decimal | None:
        """The highest visible bid."""
        return self.bids[0][0] if self.bids else None

    @property
    def best_ask(self) -> Decimal | None:
        """The lowest visible ask."""
        return self.asks[0][0] if self.asks else None


@attrs.define(kw_only=True)
class Resting:
    """The part of an order that rests; ``peak`` is the most it may show."""

    order_id: int
    account_id: str
    side: OrderSide
    price: Decimal
    remaining: Decimal
    peak: Decimal

    @property
    def shown(self) -> Decimal:
        """What is visible of it."""
        return min(self.peak, self.remaining)

    @property
    def hidden(self) -> Decimal:
        """What is not."""
        return self.remaining - self.shown


class LimitOrderBook:
    """The resting orders of one symbol, by price and then by time."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self._levels: dict[OrderSide, dict[Decimal, dict[int, Resting]]] = {
            OrderSide.BUY: {},
            OrderSide.SELL: {},
        }
        self._prices: dict[OrderSide, list[Decimal]] = {OrderSide.BUY: [], OrderSide.SELL: []}
        self._by_id: dict[int, Resting] = {}
        self._shown: dict[OrderSide, dict[Decimal, Decimal]] = {OrderSide.BUY: {}, OrderSide.SELL: {}}
        """What each level shows: summed as it changes, for levels may be long."""

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._by_id

    def add(self, resting: Resting) -> None:
        """Queue it behind all others of its price."""
        levels = self._levels[resting.side]
        if resting.price not in levels:
            levels[resting.price] = {}
            self._shown[resting.side][resting.price] = _ZERO
            insort(self._prices[resting.side], resting.price)
        levels[resting.price][resting.order_id] = resting
        self._by_id[resting.order_id] = resting
        self._shown[resting.side][resting.price] += resting.shown

    def remove(self, order_id: int) -> Resting:
        """Take an order off the book."""
        resting = self._by_id.pop(order_id)
        level = self._levels[resting.side][resting.price]
        del level[order_id]
        self._shown[resting.side][resting.price] -= resting.shown
        if not level:
            del self._levels[resting.side][resting.price], self._shown[resting.side][resting.price]
            prices = self._prices[resting.side]
            del prices[bisect_left(prices, resting.price)]
        return resting

    def reduce(self, order_id: int, quantity: Decimal) -> None:
        """Take ``quantity`` off an order, keeping its place; the order goes when nothing is left."""
        resting = self._by_id[order_id]
        assert resting.remaining >= quantity
        self._change(resting, remaining=resting.remaining - quantity, peak=resting.peak)
        if not resting.remaining:
            self.remove(order_id)

    def cap(self, order_id: int, peak: Decimal) -> None:
        """Change how much of an order may show."""
        resting = self._by_id[order_id]
        self._change(resting, remaining=resting.remaining, peak=peak)

    def _change(self, resting: Resting, *, remaining: Decimal, peak: Decimal) -> None:
        before = resting.shown
        resting.remaining, resting.peak = remaining, peak
        self._shown[resting.side][resting.price] += resting.shown - before

    def visible_at(self, side: OrderSide, price: Decimal) -> Decimal:
        """The visible quantity of one level, 0 without one."""
        return self._shown[side].get(price, _ZERO)

    def crossing(self, side: OrderSide, limit: Decimal | None) -> Iterator[Resting]:
        """The orders an order of ``side`` at ``limit`` meets, best price first, oldest first; None meets all."""
        other = side.opposite
        prices = self._prices[other]
        for price in prices if other is OrderSide.SELL else reversed(prices):
            if limit is not None and (price > limit if other is OrderSide.SELL else price < limit):
                return
            yield from self._levels[other][price].values()

    def best(self, side: OrderSide) -> Decimal | None:
        """The best visible price of one side."""
        prices = self._prices[side]
        for price in prices if side is OrderSide.SELL else reversed(prices):
            if self.visible_at(side, price):
                return price
        return None

    def visible(self, side: OrderSide) -> tuple[tuple[Decimal, Decimal], ...]:
        """The visible levels of one side, best first."""
        return tuple(self.levels(side))

    def levels(self, side: OrderSide) -> Iterator[tuple[Decimal, Decimal]]:
        """The same, one at a time."""
        prices, shown = self._prices[side], self._shown[side]
        for price in prices if side is OrderSide.SELL else reversed(prices):
            if shown[price]:
                yield price, shown[price]

    def snapshot(self) -> BookSnapshot:
        """The book as the public sees it."""
        return BookSnapshot(
            symbol=self.symbol, bids=self.visible(OrderSide.BUY), asks=self.visible(OrderSide.SELL)
        )
