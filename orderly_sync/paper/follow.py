"""A paper venue whose market comes from elsewhere: from another network's public stream, or from a recording.

Prices are taken, orders are not: the makers of the paper venue stand at the followed best bid and ask, and mark and
index prices are the followed ones. So one trades on paper against live prices, and nothing one does moves them. Should
the followed stream fall silent, the makers leave after ``venue.server.source.STALE_SECONDS`` and come back with it.
Like ``paper``, it stands above client and venue and knows both.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from orderly_sync.config import Network
from orderly_sync.config import network as network_named
from orderly_sync.errors import OrderlyError, StaleBook, UsageError
from orderly_sync.logs import log_of
from orderly_sync.models.pushes.book import OrderBook, OrderBookDelta
from orderly_sync.models.pushes.market import Bbo, IndexPrice, MarkPrice
from orderly_sync.recording.replay import Replay
from orderly_sync.stream.stream import Stream
from orderly_sync.values.arithmetic import adopt
from orderly_sync.waiting import Flag, Worker
from orderly_sync.wire import topics

__all__ = ["FollowingVenue", "follow", "play"]

log = log_of("orderly_sync.paper.follow")

PATIENCE = 20.0
"""Seconds until the first price must have come."""


class FollowingVenue(Protocol):
    """A venue that takes its prices from elsewhere."""

    at_stop: list[Callable[[], object]]
    """Called first when it stops."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols it lists."""

    def set_market(self, prices: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Take prices."""

    def watch_source(self, name: str) -> None:
        """Take it that prices keep coming."""


class _Feed:
    """Turns what a market says into prices of a venue; symbols that the venue does not list are left aside."""

    def __init__(
        self, take: Callable[[dict[str, dict[str, Decimal]]], object], symbols: tuple[str, ...]
    ) -> None:
        self.told = Flag()
        """Whether a price has come."""
        self._take = take
        self._symbols = frozenset(symbols)
        self._marked: set[str] = set()

    def mark(self, event: MarkPrice) -> None:
        """A mark price."""
        self._marked.add(event.symbol)
        self._put(event.symbol, mark=event.price)

    def index(self, event: IndexPrice) -> None:
        """An index price; it is told of ``SPOT_ETH_USDC``."""
        self._put("PERP_" + event.symbol.removeprefix("SPOT_").removeprefix("PERP_"), index=event.price)

    def bbo(self, event: Bbo) -> None:
        """Best bid and ask."""
        self.best(event.symbol, event.bid, event.ask)

    def book(self, event: OrderBook) -> None:
        """A whole book."""
        bid = max((level.price for level in event.bids), default=None)
        self.best(event.symbol, bid, min((level.price for level in event.asks), default=None))

    def best(self, symbol: str, bid: Decimal | None, ask: Decimal | None) -> None:
        """Best bid and ask; the mark price lies between them where none is told."""
        if not bid or not ask:
            return
        if symbol in self._marked:
            self._put(symbol, bid=bid, ask=ask)
        else:
            self._put(symbol, bid=bid, ask=ask, mark=(bid + ask) / 2)

    def _put(self, symbol: str, **prices: Decimal | None) -> None:
        known = {name: price for name, price in prices.items() if price is not None and price > 0}
        if symbol in self._symbols and known:
            self._take({symbol: known})
            self.told.set()


def follow(venue: FollowingVenue, source: str | Network, proxy: str | None) -> None:
    """Feed a venue from a public stream until it stops; the stream dials again by itself."""
    stream = Stream(_network(source), proxy=proxy)
    feed = _Feed(venue.set_market, venue.symbols)
    venue.at_stop.append(stream.stop)
    try:
        stream.start()
        stream.on(topics.mark_prices(), feed.mark)
        stream.on(topics.index_prices(), feed.index)
        stream.on(topics.bbos(), feed.bbo)
    except OrderlyError as exc:
        raise UsageError(f"{stream.network.name} cannot be followed: {exc}") from exc
    if feed.told.wait(PATIENCE):
        venue.watch_source(stream.network.name)
    else:
        raise UsageError(f"{stream.network.name} told no price of the venue's symbols within {PATIENCE:g} s")


def _network(source: str | Network) -> Network:
    if isinstance(source, Network) or "://" not in source:
        return network_named(source)
    # Only its public stream is dialled; the other hosts merely have to be hosts.
    rest = source.replace("wss://", "https://").replace("ws://", "http://")
    return Network(name=source, rest=rest, ws_public=source, ws_private=source)


def play(venue: FollowingVenue, path: str | os.PathLike[str], speed: float) -> None:
    """Feed a venue from a recording, at the recording's pace from its first price on."""
    player = _Player(venue, path, speed)
    venue.at_stop.append(player.stop)
    player.start()
    if not player.wait_first(PATIENCE):
        raise UsageError(f"{os.fspath(path)} tells no price of the venue's symbols")


class _Player:
    """Plays a recording into a venue, on a thread of its own."""

    def __init__(self, venue: FollowingVenue, path: str | os.PathLike[str], speed: float) -> None:
        self._venue = venue
        self._speed = speed
        self._replay = Replay(path)
        self._prices: dict[str, dict[str, Decimal]] = {}
        self._feed = _Feed(self._gather, venue.symbols)
        self._applied = Flag()
        self._stopping = Flag()
        self._began: tuple[int, float] | None = None
        self._thread = Worker(self._run, "orderly-replay")
        self._listen()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, before the next line."""
        self._stopping.set()
        self._thread.join(math.inf)

    def wait_first(self, timeout: float) -> bool:
        """Whether the venue has a price from the recording."""
        return self._applied.wait(timeout) and self._feed.told.is_set()

    def _listen(self) -> None:
        replay, feed = self._replay, self._feed
        replay.on(topics.mark_prices(), feed.mark)
        replay.on(topics.index_prices(), feed.index)
        replay.on(topics.bbos(), feed.bbo)
        for symbol in self._venue.symbols:
            replay.on(topics.mark_price(symbol), feed.mark)
            replay.on(topics.index_price(symbol), feed.index)
            replay.on(topics.bbo(symbol), feed.bbo)
            replay.on(topics.orderbook(symbol), feed.book)
            replay.on(topics.orderbook_update(symbol), self._changed)

    def _gather(self, prices: dict[str, dict[str, Decimal]]) -> None:
        for symbol, told in prices.items():
            self._prices.setdefault(symbol, {}).update(told)

    def _changed(self, delta: OrderBookDelta) -> None:
        try:
            book = self._replay.book(delta.symbol)
        except StaleBook:
            return
        if book.best_bid and book.best_ask:
            self._feed.best(delta.symbol, book.best_bid.price, book.best_ask.price)

    def _run(self) -> None:
        adopt()
        try:
            while not self._stopping.is_set() and self._replay.step():
                if self._prices:
                    self._apply()
        except OrderlyError:
            log.exception("the recording cannot be played on")
        finally:
            log.info(
                "the recording has ended after %d frames, %d damaged",
                self._replay.frames,
                self._replay.damaged,
            )
            self._applied.set()

    def _apply(self) -> None:
        """Wait until it is time, then tell the venue."""
        at, now = self._replay.time or 0, time.monotonic()
        if self._began is None:
            self._began = at, now
        due = self._began[1] + (at - self._began[0]) / 1000 / self._speed
        if self._stopping.wait(max(0.0, due - now)):
            return
        prices, self._prices = self._prices, {}
        self._venue.set_market(prices)
        self._applied.set()
