"""Where a followed market's prices come from, and how old they are.

Prices that have become old are nobody's market any more: the makers withdraw from it, and what was told of it is not
told again as if it were new. With the next price of it both go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from decimal import Decimal

from orderly_sync.clock import Clock
from orderly_sync.venue.server.trading import TradingService

__all__ = ["STALE_SECONDS", "Source"]

log = logging.getLogger("orderly_sync.venue")

STALE_SECONDS = 10.0
"""Prices older than this (of the wall clock) are traded on no more; a live source gives each one every second."""

Listener = Callable[[tuple[str, ...], float], object]


class Source:
    """Watches over the prices of a followed market, from ``watch`` on.

    Args:
        trading: What moves the market of the venue that follows.
        clock: The wall clock.
    """

    def __init__(self, trading: TradingService, clock: Clock) -> None:
        now = clock.monotonic()
        self.name: str | None = None
        """What is followed; None for a market of the venue's own, whose prices do not grow old."""
        self.stale: tuple[str, ...] = ()
        """The symbols whose prices are old, in order."""
        self._listeners: list[Listener] = []
        self._trading = trading
        self._clock = clock
        self._told = dict.fromkeys(trading.symbols, now)
        self._best_told = dict.fromkeys(trading.symbols, now)

    def watch(self, name: str) -> None:
        """Follow: the time of each symbol runs from now."""
        self.name = name
        now = self._clock.monotonic()
        self._told, self._best_told = dict.fromkeys(self._told, now), dict.fromkeys(self._told, now)

    def listen(self, listener: Listener) -> None:
        """Have a function called with ``stale`` and its age: at each change, and now if it holds any.

        The age is that of the newest price of those symbols, in seconds; where none is stale, that of any symbol.
        """
        self._listeners.append(listener)
        if self.stale:
            listener(self.stale, self._age_of(self.stale))

    @property
    def age(self) -> float:
        """Seconds since the newest price of any symbol."""
        return self._age_of(())

    def _age_of(self, symbols: tuple[str, ...]) -> float:
        return self._clock.monotonic() - max(self._told[symbol] for symbol in symbols or self._told)

    def told(self, prices: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Prices have come, and are about to be taken."""
        now = self._clock.monotonic()
        for symbol, told in prices.items():
            self._told[symbol] = now
            if "bid" in told and "ask" in told:
                self._best_told[symbol] = now
        if not set(self.stale).isdisjoint(prices):
            self._set_stale(tuple(symbol for symbol in self.stale if symbol not in prices))

    def check(self) -> None:
        """Look whether prices have become old; due about once a second."""
        if self.name is None:
            return
        oldest = self._clock.monotonic() - STALE_SECONDS
        for symbol, told in self._best_told.items():
            if told <= oldest < self._told[symbol]:
                # Marks come and best prices do not: the makers stand around the mark until they do.
                self._trading.market.follow(symbol, None)
        stale = tuple(symbol for symbol in self._trading.symbols if self._told[symbol] <= oldest)
        if stale != self.stale:
            self._set_stale(stale)

    def let_go(self) -> None:
        """The venue has stopped: hold neither it nor who listened; ``health`` stays."""
        self._listeners.clear()
        del self._trading

    def health(self) -> dict[str, object] | None:
        """What is followed, how old its newest price is in seconds, and the symbols that are not traded on for it."""
        return None if self.name is None else {"name": self.name, "age": self.age, "stale": list(self.stale)}

    def _set_stale(self, stale: tuple[str, ...]) -> None:
        came = [symbol for symbol in stale if symbol not in self.stale]
        self.stale = stale
        self._trading.market.halted = frozenset(stale)
        for symbol in came:
            self._trading.set_market(symbol, {})  # The makers quote anew, which is: not at all.
        if came:
            log.warning(
                "%s has told no price of %d markets for %.1f s; they are not traded on until it does",
                self.name,
                len(stale),
                STALE_SECONDS,
            )
        elif not stale:
            log.info("%s tells prices again; all markets are traded on", self.name)
        for listener in list(self._listeners):
            listener(stale, self._age_of(stale))
