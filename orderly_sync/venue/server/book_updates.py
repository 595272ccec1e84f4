"""The public order books as streams: best prices, chained updates, and the snapshot that fits the chain."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.book import BookSnapshot
from orderly_sync.venue.engine.facts import BookChanged
from orderly_sync.venue.server.encoding import number

__all__ = ["BookUpdates", "levels"]


def levels(side: tuple[tuple[Decimal, Decimal], ...], most: int) -> list[list[object]]:
    """Levels as ``[price, quantity]`` pairs, best first."""
    return [[number(price), number(quantity)] for price, quantity in side[:most]]


class BookUpdates:
    """The updates of one book: each names the time of the one before, and a snapshot has the time of the last.

    Changes gather until ``take``; while nobody listens they are only noted, and the chain goes on from the time of the
    next look.
    """

    def __init__(self, symbol: str, opening: int) -> None:
        self.symbol = symbol
        self.ts = opening
        """Of the last update."""
        self._changes: dict[tuple[OrderSide, Decimal], Decimal] = {}
        self.positions_changed = False
        """Whether anything changed since the last update."""

    def note(self, fact: BookChanged, *, keep: bool) -> None:
        """A level changed; ``keep`` if somebody wants to hear of it."""
        self.positions_changed = True
        if keep:
            self._changes[fact.side, fact.price] = fact.quantity

    def take(self, now: int) -> dict[str, object] | None:
        """The data of the next update, None if nothing changed. Times on the chain only grow, one ms at least."""
        if not self.positions_changed:
            return None
        before, self.ts = self.ts, max(now, self.ts + 1)
        changes, self._changes = self._changes, {}
        self.positions_changed = False
        return {
            "symbol": self.symbol,
            "prevTs": before,
            "asks": _side(changes, OrderSide.SELL),
            "bids": _side(changes, OrderSide.BUY),
        }

    def snapshot(self, book: BookSnapshot) -> dict[str, object]:
        """The whole book as of the last update; ``take`` must have emptied the changes before."""
        return {
            "symbol": self.symbol,
            "ts": self.ts,
            "asks": levels(book.asks, len(book.asks)),
            "bids": levels(book.bids, len(book.bids)),
        }


def _side(changes: dict[tuple[OrderSide, Decimal], Decimal], side: OrderSide) -> list[list[object]]:
    rows = sorted((price, quantity) for (its, price), quantity in changes.items() if its is side)
    if side is OrderSide.BUY:
        rows.reverse()
    return [[number(price), number(quantity)] for price, quantity in rows]
