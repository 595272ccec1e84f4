"""Order books as pushed: whole, or what changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from orderly_sync.models.base import Push, model, wire
from orderly_sync.tables.shown import BookTable

__all__ = ["Level", "OrderBook", "OrderBookDelta"]


class Level(NamedTuple):
    """What rests at one price. A tuple of two.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/orderbook
    """

    price: Decimal
    """USDC."""
    quantity: Decimal
    """Base units, hidden orders left out; in a delta 0 removes the level."""


class UnreadLevels(Protocol):
    """A side that the wire has checked and nobody has read yet."""

    def read(self) -> tuple[Level, ...]:
        """All levels, in the wire's order."""

    def best(self) -> Level | None:
        """The level with the best price; None of an empty side."""


class _Side:
    """A field whose levels are made when they are first asked for, and kept: most books are looked at in part."""

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, book: Any, owner: type | None = None) -> Any:
        if book is None:
            return self._slot
        levels = self._slot.__get__(book, owner)
        if levels.__class__ is not tuple:
            levels = levels.read()
            self._slot.__set__(book, levels)
        return levels

    def __set__(self, book: Any, levels: tuple[Level, ...] | UnreadLevels) -> None:
        self._slot.__set__(book, levels)

    def best(self, book: Any, *, highest: bool) -> Level | None:
        """The best level, without making the others."""
        levels: Any = self._slot.__get__(book, type(book))
        if levels.__class__ is not tuple:
            found: Level | None = levels.best()
            return found
        return max(levels, default=None) if highest else min(levels, default=None)


def _read_late(kind: type[Push]) -> None:
    """Have both sides of a kind of book read when they are first asked for."""
    for name in ("asks", "bids"):
        setattr(kind, name, _Side(kind.__dict__[name]))


@model
class OrderBook(BookTable, Push):
    """A whole book, up to 100 levels a side, in the wire's order: bids descend, asks ascend.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/orderbook
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/request-orderbook
    """

    symbol: str
    """The market."""
    asks: tuple[Level, ...] = ()
    """What is offered, in the wire's order, ascending by price; empty where nobody offers."""
    bids: tuple[Level, ...] = ()
    """What is bid, in the wire's order, descending by price; empty where nobody bids."""
    book_ts: int | None = wire("ts")
    """The book's own time, ms: sent in answers to a request, None in pushes; see ``as_of``."""

    @property
    def as_of(self) -> int | None:
        """The moment of the book on the chain of updates, ms: its own time where sent, else the frame's."""
        return self.ts if self.book_ts is None else self.book_ts

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        return _BIDS.best(self, highest=True)

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        return _ASKS.best(self, highest=False)


@model
class OrderBookDelta(Push):
    """What changed in a book since ``prev_ts``; the frame's ``ts`` is the new time. Quantity 0 removes a level.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/order-book-update
    """

    symbol: str
    """The market."""
    prev_ts: int
    """Time of the update before this one, ms: the link of the chain."""
    asks: tuple[Level, ...] = ()
    """Offered levels that changed, with what now rests there; quantity 0 removes one."""
    bids: tuple[Level, ...] = ()
    """Bid levels that changed, with what now rests there; quantity 0 removes one."""


_read_late(OrderBook)
_read_late(OrderBookDelta)
_ASKS: _Side = OrderBook.__dict__["asks"]
_BIDS: _Side = OrderBook.__dict__["bids"]
