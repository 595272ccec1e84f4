"""Order books as pushed: whole, or what changed."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from orderly_sync.models.base import Push, model, wire

__all__ = ["Level", "OrderBook", "OrderBookDelta"]


class Level(NamedTuple):
    """What rests at one price. A tuple of two."""

    price: Decimal
    quantity: Decimal
    """Base units."""


@model
class OrderBook(Push):
    """A whole book, up to 100 levels a side, in the wire's order: bids descend, asks ascend."""

    symbol: str
    """The market."""
    asks: tuple[Level, ...] = ()
    bids: tuple[Level, ...] = ()
    book_ts: int | None = wire("ts")
    """The book's own time, ms: sent in answers to a request; see ``as_of``."""

    @property
    def as_of(self) -> int | None:
        """The moment of the book on the chain of updates, ms: its own time where sent, else the frame's."""
        return self.ts if self.book_ts is None else self.book_ts

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        return max(self.bids, default=None)

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        return min(self.asks, default=None)


@model
class OrderBookDelta(Push):
    """What changed in a book since ``prev_ts``; the frame's ``ts`` is the new time. Quantity 0 removes a level."""

    symbol: str
    """The market."""
    prev_ts: int
    """Time of the update before this one, ms: the link of the chain."""
    asks: tuple[Level, ...] = ()
    bids: tuple[Level, ...] = ()
