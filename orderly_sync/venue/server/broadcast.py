"""What the public topics say, and how often."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.facts import BookChanged, Traded
from orderly_sync.venue.engine.tape import Candle
from orderly_sync.venue.server.book_updates import BookUpdates, levels
from orderly_sync.venue.server.encoding import encode, number, push
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.ports import ExchangeReader
from orderly_sync.venue.server.publisher import Publisher, Subscriber
from orderly_sync.venue.server.topics import KLINE_MS, WantedTopic

__all__ = ["Broadcast", "PublicView", "candle_values", "price_changes", "price_list"]

_DEPTH = 100
_CHARTED = 24
_PERIODS = {
    "5m": 5,
    "30m": 30,
    "1h": 60,
    "4h": 240,
    "24h": 1440,
    "3d": 4320,
    "7d": 10_080,
    "30d": 43_200,
}
_MINUTE = 60_000


def spot(symbol: str) -> str:
    """The index symbol of a market: ``SPOT_ETH_USDC``."""
    return "SPOT_" + symbol.removeprefix("PERP_")


def candle_values(candle: Candle) -> dict[str, object]:
    """The figures that tickers and candles share."""
    return {
        "open": number(candle.open),
        "close": number(candle.close),
        "high": number(candle.high),
        "low": number(candle.low),
        "volume": number(candle.volume),
        "amount": number(candle.amount),
    }


def price_changes(markets: MarketData, symbol: str) -> dict[str, object]:
    """The last price and the prices of earlier moments."""
    now = markets.now()
    row: dict[str, object] = {"symbol": symbol, "last_price": number(markets.tape.last(symbol))}
    for name, minutes in _PERIODS.items():
        row[name] = number(markets.tape.price_at(symbol, now - minutes * _MINUTE))
    return row


def price_list(markets: MarketData, symbol: str, interval: str) -> dict[str, object]:
    """The latest prices at the ends of an interval, oldest first."""
    candles = markets.tape.candles(symbol, KLINE_MS[interval], _CHARTED, markets.now())
    points = [{"ts": candle.start, "price": number(candle.close)} for candle in reversed(candles)]
    return {"symbol": symbol, "price_list": points}


@attrs.frozen
class PublicView:
    """What public topics are made of."""

    exchange: ExchangeReader
    markets: MarketData
    halted: Callable[[], frozenset[str]]
    """The symbols whose prices nobody knows for now."""


class Broadcast:
    """Makes the public frames of a venue and knows when each is due.

    Args:
        view: What they are made of.
        publisher: Carries them to who listens.
        faults: What goes wrong on request.
    """

    def __init__(self, view: PublicView, publisher: Publisher, faults: Faults) -> None:
        self._view = view
        self._publisher = publisher
        self._faults = faults
        self._now = view.markets.now
        self._chains = {symbol: BookUpdates(symbol, self._now()) for symbol in view.markets.symbols}
        self._bbo_due: set[str] = set()
        self._interest: dict[str, Decimal] = {}

    # What happens.

    def traded(self, fact: Traded) -> None:
        """A trade: published at once."""
        topic = f"{fact.symbol}@trade"
        if self._publisher.wants(topic):
            data = {
                "symbol": fact.symbol,
                "price": number(fact.price),
                "size": number(fact.quantity),
                "side": fact.side.value,
            }
            self._publisher.public(topic, fact.ts, encode(data))

    def book_changed(self, fact: BookChanged) -> None:
        """A level: published with the next update."""
        self._chains[fact.symbol].note(fact, keep=self._publisher.wants(f"{fact.symbol}@orderbookupdate"))
        self._bbo_due.add(fact.symbol)

    def price_set(self, symbol: str) -> None:
        """A price was set by hand: whoever listens is told at once, so that each price of a spike is heard."""
        for topic in self._publisher.wanted():
            if topic.kind in _PRICES and topic.symbol in {None, symbol, spot(symbol)}:
                self._push(topic)
        self.best_prices()

    def time_passed(self, before: int, after: int) -> None:
        """Time passed at once, ms: what was due in it is published, each topic once, as things are then."""
        self.best_prices()
        self.book_updates()
        for topic in self._publisher.wanted():
            every = _EVERY.get(topic.kind, 0) * 1000
            if every and before // every != after // every:
                self._push(topic)

    # What is due.

    def best_prices(self) -> None:
        """Best prices of every book that changed; due each 10 ms."""
        due, self._bbo_due = self._bbo_due, set()
        for symbol in sorted(due):
            topic = f"{symbol}@bbo"
            if self._publisher.wants(topic):
                self._push(WantedTopic(topic, "bbo", symbol))

    def book_updates(self) -> None:
        """Updates of every book that changed; due each 200 ms."""
        for symbol in self._chains:
            if self._publisher.wants(f"{symbol}@orderbookupdate"):
                self._update(symbol)

    def publish_periodic(self, second: int) -> None:
        """Everything that is published each second, minute and in between; ``second`` counts up."""
        for topic in self._publisher.wanted():
            every = _EVERY.get(topic.kind)
            due = every is not None and second % every == 0
            if due or (topic.kind == "openinterest" and self._interest_moved(topic.symbol)):
                self._push(topic)

    def send_initial(self, listener: Subscriber, topic: WantedTopic) -> None:
        """A subscription began: say what the topic would say next, so that nobody waits for a slow one."""
        publisher = self._publisher
        if topic.kind == "orderbookupdate" and topic.symbol is not None:
            if publisher.listeners(topic.name) > 1:
                self._update(topic.symbol)
            else:  # What happened while nobody listened was not kept; the chain goes on from here.
                self._chains[topic.symbol].take(self._now())
        elif topic.kind in _DATA and not (self._faults.muted(topic.name) or _is_silent(self._view, topic)):
            ts = self._time_of(topic)
            listener.send(push(topic.name, ts, encode(_DATA[topic.kind](self._view, topic))))

    def orderbook(self, symbol: str) -> dict[str, object]:
        """The answer to a request for a book: its ``ts`` is that of the last update sent."""
        self._update(symbol)
        return self._chains[symbol].snapshot(self._view.exchange.book(symbol))

    def _update(self, symbol: str) -> None:
        data = self._chains[symbol].take(self._now())
        if data is not None:
            self._publisher.public(f"{symbol}@orderbookupdate", self._chains[symbol].ts, encode(data))

    def _push(self, topic: WantedTopic) -> None:
        if _is_silent(self._view, topic):
            return
        ts = self._time_of(topic)
        self._publisher.public(topic.name, ts, encode(_DATA[topic.kind](self._view, topic)))

    def _time_of(self, topic: WantedTopic) -> int:
        """The time of a frame; a whole book's is on the chain of its updates, so that both can be compared."""
        now = self._now()
        if topic.kind != "orderbook" or topic.symbol is None:
            return now
        self._update(topic.symbol)
        return max(now, self._chains[topic.symbol].ts)

    def _interest_moved(self, symbol: str | None) -> bool:
        assert symbol is not None
        now = self._view.exchange.open_interest(symbol)
        before, self._interest[symbol] = self._interest.get(symbol), now
        return before != now


def _orderbook(view: PublicView, topic: WantedTopic) -> object:
    assert topic.symbol is not None
    book = view.exchange.book(topic.symbol)
    return {"symbol": topic.symbol, "asks": levels(book.asks, _DEPTH), "bids": levels(book.bids, _DEPTH)}


def _ticker_row(view: PublicView, symbol: str) -> dict[str, object]:
    day = view.markets.day(symbol)
    return {"symbol": symbol, **candle_values(day), "count": day.count}


def _bbo_row(view: PublicView, symbol: str) -> dict[str, object]:
    book = view.exchange.book(symbol)
    ask, ask_size = book.asks[0] if book.asks else (None, None)
    bid, bid_size = book.bids[0] if book.bids else (None, None)
    return {
        "symbol": symbol,
        "ask": number(ask),
        "askSize": number(ask_size),
        "bid": number(bid),
        "bidSize": number(bid_size),
    }


def _kline(view: PublicView, topic: WantedTopic) -> object:
    assert topic.symbol is not None
    assert topic.interval is not None
    length = KLINE_MS[topic.interval]
    start = view.markets.now() - view.markets.now() % length
    candle = view.markets.tape.candle(topic.symbol, start, length)
    return {
        "symbol": topic.symbol,
        "type": topic.interval,
        **candle_values(candle),
        "startTime": start,
        "endTime": start + length,
    }


def _index(view: PublicView, topic: WantedTopic) -> object:
    assert topic.symbol is not None
    listed = "PERP_" + topic.symbol.removeprefix("SPOT_").removeprefix("PERP_")
    return {"symbol": topic.symbol, "price": number(view.exchange.index(listed))}


def _est_funding(view: PublicView, topic: WantedTopic) -> object:
    assert topic.symbol is not None
    rate, when = view.markets.est_funding(topic.symbol)
    return {"symbol": topic.symbol, "fundingRate": number(rate), "fundingTs": when}


def _interest_row(view: PublicView, symbol: str) -> dict[str, object]:
    interest = number(view.exchange.open_interest(symbol))
    return {"symbol": symbol, "long_oi": interest, "short_oi": interest}


def _one(row: Callable[[PublicView, str], object]) -> Callable[[PublicView, WantedTopic], object]:
    def data(view: PublicView, topic: WantedTopic) -> object:
        assert topic.symbol is not None
        return row(view, topic.symbol)

    return data


def _all(row: Callable[[PublicView, str], object]) -> Callable[[PublicView, WantedTopic], object]:
    return lambda view, topic: [row(view, symbol) for symbol in _told_symbols(view, topic)]


def _told_symbols(view: PublicView, topic: WantedTopic) -> list[str]:
    """The symbols a topic of all symbols shows."""
    return [
        symbol for symbol in view.markets.symbols if topic.kind not in _PRICES or symbol not in view.halted()
    ]


def _is_silent(view: PublicView, topic: WantedTopic) -> bool:
    """Whether there is no price to publish, because nobody knows it for now."""
    if topic.kind not in _PRICES or not view.halted():
        return False
    if topic.symbol is None:
        return not _told_symbols(view, topic)
    return "PERP_" + topic.symbol.removeprefix("SPOT_").removeprefix("PERP_") in view.halted()


_DATA: dict[str, Callable[[PublicView, WantedTopic], object]] = {
    "orderbook": _orderbook,
    "ticker": _one(_ticker_row),
    "tickers": _all(_ticker_row),
    "bbo": _one(_bbo_row),
    "bbos": _all(_bbo_row),
    "kline": _kline,
    "markprice": _one(lambda view, symbol: {"symbol": symbol, "price": number(view.exchange.mark(symbol))}),
    "markprices": _all(lambda view, symbol: {"symbol": symbol, "price": number(view.exchange.mark(symbol))}),
    "indexprice": _index,
    "indexprices": _all(
        lambda view, symbol: {"symbol": spot(symbol), "price": number(view.exchange.index(symbol))}
    ),
    "openinterest": _one(
        lambda view, symbol: {"symbol": symbol, "openInterest": number(view.exchange.open_interest(symbol))}
    ),
    "estfundingrate": _est_funding,
    "price_changes": _all(lambda view, symbol: price_changes(view.markets, symbol)),
    "traders_open_interests": _all(_interest_row),
    "history_charts": lambda view, topic: [
        price_list(view.markets, symbol, topic.interval or "1h") for symbol in view.markets.symbols
    ],
}
"""The data of each topic that is published at intervals."""

_PRICES = frozenset({"markprice", "markprices", "indexprice", "indexprices"})
"""Topics that say what a price is now, and would say an old one; books say truly that they are empty."""

_EVERY = {
    "orderbook": 1,
    "ticker": 1,
    "tickers": 1,
    "bbo": 1,
    "bbos": 1,
    "kline": 1,
    "markprice": 1,
    "markprices": 1,
    "indexprice": 1,
    "indexprices": 1,
    "openinterest": 10,
    "estfundingrate": 15,
    "price_changes": 60,
    "traders_open_interests": 60,
    "history_charts": 60,
}
"""Seconds between two frames of a topic. bbo is published at every change besides, and prices when they are set."""
