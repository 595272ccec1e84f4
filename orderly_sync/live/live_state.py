"""What a client shows of its account and of books as they stand: from memory, current before any hook is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from orderly_sync.live.book import Book
from orderly_sync.live.live_book import LiveBooks
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.holding import Holding
from orderly_sync.models.order import Order
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["HoldsState", "LiveState"]


class HoldsState(Protocol):
    """What a session keeps of an account."""

    @property
    def positions(self) -> LivePositions:
        """By symbol."""

    @property
    def holdings(self) -> Mapping[str, Holding]:
        """By token."""

    @property
    def orders(self) -> Mapping[int, Order]:
        """By order id."""

    @property
    def algo_orders(self) -> Mapping[int, AlgoTree]:
        """By their root's id."""

    @property
    def account(self) -> AccountInfo | None:
        """As last read; None before that."""


class LiveState:
    """The live part of ``Orderly``, which says whose it is.

    Once the client was stopped or its stream has given up, nothing keeps it true, and each part raises Disconnected.
    """

    _books: LiveBooks

    def _use(self) -> None:
        """Somebody takes a part of it."""
        raise NotImplementedError

    def _require_live(self, what: str) -> HoldsState:
        """The session, or UsageError where there is no account, or Disconnected where nothing keeps it true."""
        raise NotImplementedError

    @property
    def positions(self) -> LivePositions:
        """Open positions by symbol, in any spelling; an isolated one under ``PERP_ETH_USDC:ISOLATED``.

        A fill counts from the moment that its report is told of, however late the venue's own push comes. A position of
        quantity 0 is not listed; ``positions.flat`` has those whose PnL is not settled yet.
        """
        return self._require_live("positions").positions

    @property
    def holdings(self) -> Mapping[str, Holding]:
        """Holdings by token."""
        return self._require_live("holdings").holdings

    @property
    def orders(self) -> Mapping[int, Order]:
        """Open ordinary orders by order id; what was placed is among them from the moment ``place`` returns."""
        return self._require_live("orders").orders

    @property
    def algo_orders(self) -> Mapping[int, AlgoTree]:
        """Open algo orders by their root's id; what was placed is among them from the moment ``place`` returns."""
        return self._require_live("algo orders").algo_orders

    def book(self, symbol: str) -> Book:
        """The order book of a symbol as it stands: immutable, right to the last update, or not shown at all.

        The first call subscribes and waits until the book is there; later calls read it from memory.

        Raises:
            StaleBook: Its chain of updates broke and it is being rebuilt.
            SubscriptionRefused: The venue does not know the symbol.
            TimeoutError: It did not acknowledge in time.
        """
        self._use()
        return self._books.read(native_symbol(symbol))

    @property
    def account(self) -> AccountInfo:
        """The account's settings, as read at the last (re)connection."""
        info = self._require_live("the account").account
        assert info is not None
        return info
