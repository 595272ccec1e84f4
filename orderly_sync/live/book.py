"""The order book of one symbol, kept right by its chain of updates. Pure: time is an argument, effects are returned.

Every update names the time of the one before it. A book starts from a requested snapshot and takes the updates that
follow it; as soon as one is missing, out of turn or makes no sense, the book is stale: nobody is shown it until a newer
snapshot and an unbroken chain of updates behind it are there. Silence proves nothing: a quiet market sends no updates.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from orderly_sync.errors import StaleBook, UsageError
from orderly_sync.models.enums import OrderSide
from orderly_sync.models.pushes.book import Level, OrderBook, OrderBookDelta
from orderly_sync.tables.shown import BookTable
from orderly_sync.values.arithmetic import owned
from orderly_sync.values.printing import printable
from orderly_sync.wire.numbers import number

__all__ = ["Book", "BookBuilder", "BookEffect", "BookStatus"]

_DELAYS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each further request; after the last the topic is subscribed anew."""
_ANSWER = 5.0
"""Seconds that a request may go unanswered."""
_STEADY = 1.0
"""Seconds a book must have been live for its next fault to be forgiven at once."""
_MAX_WAITING = 4096
"""Updates kept while a snapshot is awaited: minutes of a busy market."""
_MAX_LEVELS = 20_000
"""Levels of one side; a book beyond that is none."""
_AUDITED = 20
"""Levels compared with a pushed book."""

Effects = tuple["BookEffect", ...]


class BookEffect(Enum):
    """What is to be done for a book, or told of it."""

    REQUEST = "request"
    """Ask for a snapshot."""
    RESUBSCRIBE = "resubscribe"
    """Unsubscribe and subscribe the updates; then say ``subscribed``."""
    STALE = "stale"
    """It was live and no longer is; ``reason`` says why."""
    LIVE = "live"
    """It is live."""


class BookStatus(Enum):
    """Where a book stands."""

    WAITING = "waiting"
    """For the subscription."""
    ASKING = "asking"
    """For the answer to a request."""
    PAUSED = "paused"
    """Before the next request."""
    LIVE = "live"


@attrs.frozen(repr=False)
class Book(BookTable):
    """A book at one moment: unchangeable, best levels first. Prices in quote (USDC), quantities in base units."""

    symbol: str
    ts: int
    """The venue's time of the last update in it, ms."""
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]

    @printable
    def __repr__(self) -> str:
        sides = f"{len(self.bids)} bids, {len(self.asks)} asks"
        best = [format(level.price, "f") if level else "none" for level in (self.best_bid, self.best_ask)]
        return f"Book({self.symbol}, {best[0]} / {best[1]}, {sides}, ts={self.ts})"

    @property
    def best_bid(self) -> Level | None:
        """The highest bid; None if there is none."""
        return self.bids[0] if self.bids else None

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask; None if there is none."""
        return self.asks[0] if self.asks else None

    @property
    @owned
    def mid(self) -> Decimal | None:
        """Halfway between the best levels; None if a side is empty."""
        return (self.bids[0].price + self.asks[0].price) / 2 if self.bids and self.asks else None

    @property
    @owned
    def spread(self) -> Decimal | None:
        """Best ask less best bid; None if a side is empty."""
        return self.asks[0].price - self.bids[0].price if self.bids and self.asks else None

    def depth(self, levels: int) -> Book:
        """The same book with the best ``levels`` of each side only."""
        return Book(self.symbol, self.ts, self.bids[:levels], self.asks[:levels])

    @owned
    def imbalance(self, levels: int = 5) -> Decimal | None:
        """Bids less asks over both, by quantity in the best levels: 1 is all bids, -1 all asks, None an empty book."""
        bids: Any = sum(level.quantity for level in self.bids[:levels])
        asks: Any = sum(level.quantity for level in self.asks[:levels])
        return (bids - asks) / (bids + asks) if bids + asks else None

    @owned
    def cost_to_fill(self, side: OrderSide | str, quantity: Decimal | float | str) -> Decimal | None:
        """What a market order of ``quantity`` would pay (BUY) or receive (SELL) in all, USDC, without fees.

        None if the book does not hold that much.

        Raises:
            UsageError: The side is neither BUY nor SELL, or the quantity is no number above 0.
        """
        levels = {"BUY": self.asks, "SELL": self.bids}.get(side)
        left = _quantity(quantity)
        if levels is None or left is None:
            raise UsageError(
                f"cost_to_fill takes BUY or SELL and a quantity above 0, not {side} and {quantity}"
            )
        kind: Any = type(levels[0].price) if levels else Decimal
        left, cost = kind(left), kind(0)
        for price, available in levels:
            taken = min(left, available)
            cost += taken * price
            left -= taken
            if not left:
                return cost  # type: ignore[no-any-return]
        return None


def _quantity(given: Decimal | float | str) -> Decimal | None:
    try:
        size = number(given, "quantity")
    except UsageError:
        return None
    return size or None


class _Side:
    """One side under change: quantities by price, and the prices in ascending order."""

    __slots__ = ("prices", "sizes")

    def __init__(self, levels: Iterable[Level] = ()) -> None:
        self.sizes = {price: quantity for price, quantity in levels if quantity}
        self.prices = sorted(self.sizes)

    def put(self, price: Decimal, quantity: Decimal) -> None:
        if quantity:
            if price not in self.sizes:
                insort(self.prices, price)
            self.sizes[price] = quantity
        elif self.sizes.pop(price, None) is not None:
            del self.prices[bisect_left(self.prices, price)]

    def levels(self, prices: Iterable[Decimal]) -> tuple[Level, ...]:
        return tuple([Level(price, self.sizes[price]) for price in prices])


class BookBuilder:
    """Builds the book of one symbol from updates and requested snapshots.

    Each method returns what is to be done or told, in order. Not for two threads at once: whoever feeds it holds a lock
    for reading it too, and hands out the ``Book``, which never changes.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.status = BookStatus.WAITING
        self.reason = "no snapshot yet"
        """Why it is not live."""
        self.deadline: float | None = None
        """When ``tick`` is due."""
        self.applied = 0
        """Updates in the book since the beginning."""
        self.repeated = 0
        """Updates dropped because the book had them already."""
        self.resyncs = 0
        """How often it went stale."""
        self.audited = 0
        """How often it was compared with a book that the venue pushed."""
        self._bids = _Side()
        self._asks = _Side()
        self._last = 0
        self._joined = False
        self._waiting: deque[OrderBookDelta] = deque(maxlen=_MAX_WAITING)
        self._failures = 0
        self._live_since = 0.0
        self._shown: Book | None = None

    @property
    def book(self) -> Book:
        """The book as it stands.

        Raises:
            StaleBook: It is being rebuilt.
        """
        if self.status is not BookStatus.LIVE:
            raise StaleBook(self.symbol, self.reason)
        if self._shown is None:
            bids = self._bids.levels(reversed(self._bids.prices))
            self._shown = Book(self.symbol, self._last, bids, self._asks.levels(self._asks.prices))
        return self._shown

    def subscribed(self, now: float) -> Effects:
        """The venue has acknowledged the subscription of the updates."""
        told = self._drop("subscribed anew")
        self._failures = 0
        return (*told, *self._ask(now))

    def lost(self, reason: str) -> Effects:
        """The connection or the subscription is gone, and with it what was kept for later."""
        self._waiting.clear()
        told = self._drop(reason)
        self.status, self.deadline = BookStatus.WAITING, None
        return told

    def feed(self, deltas: Iterable[OrderBookDelta], now: float) -> Effects:
        """Updates have come, in this order."""
        told: Effects = ()
        for delta in deltas:
            fault = self._follow(delta) if self.status is BookStatus.LIVE else None
            if fault:
                told += self._recover(fault, now)
            if self.status is not BookStatus.LIVE and delta.symbol == self.symbol and delta.ts is not None:
                self._waiting.append(delta)
        return told

    def snapshot(self, book: OrderBook, now: float) -> Effects:
        """The answer to a request has come. One that comes late, when the book is live again, is left aside."""
        if self.status not in {BookStatus.ASKING, BookStatus.PAUSED}:
            return ()
        fault = self._load(book)
        if fault:
            return self._fail(fault, now)
        self._waiting.clear()
        self.status, self.deadline, self.reason = BookStatus.LIVE, None, ""
        self._live_since = now
        return (BookEffect.LIVE,)

    def refused(self, reason: str, now: float) -> Effects:
        """The venue has refused the request for a snapshot."""
        return self._fail(reason, now) if self.status is BookStatus.ASKING else ()

    def tick(self, now: float) -> Effects:
        """Time has passed; due at ``deadline``."""
        if self.deadline is None or now < self.deadline:
            return ()
        if self.status is BookStatus.PAUSED:
            return self._ask(now)
        return self._fail("the request for a snapshot was not answered", now)

    def audit(self, pushed: OrderBook, now: float) -> Effects:
        """Compare with a whole book as pushed; only one of the same moment proves anything."""
        if self.status is not BookStatus.LIVE or pushed.as_of != self._last or pushed.symbol != self.symbol:
            return ()
        self.audited += 1
        whole, ours = _Side(pushed.bids), self.book
        theirs = (whole.levels(reversed(whole.prices)), tuple(sorted(pushed.asks)))
        for own, other in zip((ours.bids, ours.asks), theirs, strict=True):
            compared = min(len(other), _AUDITED)
            if own[:compared] != other[:compared]:
                return self._recover("it differs from the book that the venue pushes", now)
        return ()

    def _follow(self, delta: OrderBookDelta) -> str | None:
        """Apply one update to the book held; what is wrong with it, if anything is."""
        ts, prev, last = delta.ts, delta.prev_ts, self._last
        if delta.symbol != self.symbol:
            return f"an update of {delta.symbol} came among its own"
        if ts is None or ts < prev:
            return f"an update from {prev} to {ts} cannot be placed in time"
        # Levels are absolute, so the first update after a snapshot may have begun before it.
        if prev == last or (not self._joined and prev < last < ts):
            self._joined = True
            self._last = ts
            self._shown = None
            self.applied += 1
            return self._put(delta)
        if ts <= last:
            self.repeated += 1
            return None
        return f"the update from {last} is missing: the next one starts at {prev}"

    def _put(self, delta: OrderBookDelta) -> str | None:
        for side, levels in ((self._bids, delta.bids), (self._asks, delta.asks)):
            for price, quantity in levels:
                if quantity < 0 or price <= 0:
                    return f"a level of {quantity} at {price} cannot be"
                side.put(price, quantity)
        return self._crossed()

    def _crossed(self) -> str | None:
        bids, asks = self._bids.prices, self._asks.prices
        if bids and asks and bids[-1] >= asks[0]:
            return f"bid {bids[-1]} and ask {asks[0]} cross"
        if len(bids) > _MAX_LEVELS or len(asks) > _MAX_LEVELS:
            return f"it has more than {_MAX_LEVELS} levels"
        return None

    def _load(self, book: OrderBook) -> str | None:
        """Start from a snapshot and go through all that came after it; what is wrong, if anything is."""
        as_of = book.as_of
        if book.symbol != self.symbol or as_of is None:
            return f"the snapshot is of {book.symbol} at {as_of}"
        if any(quantity < 0 or price <= 0 for side in (book.bids, book.asks) for price, quantity in side):
            return "the snapshot holds a level that cannot be"
        self._bids, self._asks = _Side(book.bids), _Side(book.asks)
        self._last, self._joined, self._shown = as_of, False, None
        fault = self._crossed()
        later = sorted((delta for delta in self._waiting if (delta.ts or 0) > as_of), key=_place)
        for delta in later:
            fault = fault or self._follow(delta)
        return fault

    def _recover(self, reason: str, now: float) -> Effects:
        """It was live and is no longer: start over, at once if it had been steady."""
        told = self._drop(reason)
        self.resyncs += 1
        if now - self._live_since < _STEADY:
            return told + self._fail(reason, now)
        self._failures = 0
        return told + self._ask(now)

    def _drop(self, reason: str) -> Effects:
        was_live = self.status is BookStatus.LIVE
        self.reason, self._shown = reason, None
        if was_live:
            self.status = BookStatus.PAUSED
        return (BookEffect.STALE,) if was_live else ()

    def _fail(self, reason: str, now: float) -> Effects:
        self.reason = reason
        if self._failures == len(_DELAYS):
            self._waiting.clear()
            self.status, self.deadline, self._failures = BookStatus.WAITING, None, 0
            return (BookEffect.RESUBSCRIBE,)
        self.status, self.deadline = BookStatus.PAUSED, now + _DELAYS[self._failures]
        self._failures += 1
        return ()

    def _ask(self, now: float) -> Effects:
        self.status, self.deadline = BookStatus.ASKING, now + _ANSWER
        return (BookEffect.REQUEST,)


def _place(delta: OrderBookDelta) -> tuple[int, int]:
    return delta.ts or 0, delta.prev_ts
