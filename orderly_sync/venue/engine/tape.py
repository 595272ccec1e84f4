"""What the market did: public trades, candles, 24-hour figures; before the opening a seeded past. Pure."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

import attrs

from orderly_sync.venue.engine.facts import Traded
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = ["Candle", "Tape"]

MINUTE = 60_000
DAY = 1440 * MINUTE
_KEPT_TRADES = 1000
_KEPT_MINUTES = 40_000
_ZERO = Decimal(0)

# Periods in minutes and amplitudes of the waves that the invented past is made of.
_WAVES = ((4, 0.0008), (60, 0.003), (480, 0.008), (2880, 0.02), (14400, 0.05))
_POINTS = 6


@attrs.frozen
class Candle:
    """Open, high, low, close, and what was traded: base quantity, quote amount, number of trades."""

    start: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal = _ZERO
    amount: Decimal = _ZERO
    count: int = 0

    def with_trade(self, price: Decimal, quantity: Decimal) -> Candle:
        """The candle after one more trade."""
        return Candle(
            self.start,
            self.open,
            max(self.high, price),
            min(self.low, price),
            price,
            self.volume + quantity,
            self.amount + price * quantity,
            self.count + 1,
        )


def _merge(start: int, parts: list[Candle]) -> Candle:
    return Candle(
        start,
        parts[0].open,
        max(part.high for part in parts),
        min(part.low for part in parts),
        parts[-1].close,
        sum((part.volume for part in parts), _ZERO),
        sum((part.amount for part in parts), _ZERO),
        sum(part.count for part in parts),
    )


class _Past:
    """Prices and volumes before the opening, computed where they are asked for and the same each time."""

    def __init__(self, rules: SymbolRules, seed: int, opening: int) -> None:
        self._rules = rules
        self._seed = seed
        self._opening = opening
        self._knot = lru_cache(maxsize=20_000)(self._draw)
        self._level = self._height(opening)
        self.candle = lru_cache(maxsize=20_000)(self._candle)

    def _draw(self, wave: int, index: int) -> float:
        key = f"{self._seed}/{self._rules.symbol}/{wave}/{index}".encode()
        return int.from_bytes(blake2b(key, digest_size=6).digest(), "big") / 2**47 - 1

    def _height(self, ts: int) -> float:
        total = 0.0
        for wave, (minutes, amplitude) in enumerate(_WAVES):
            index, part = divmod(ts / (minutes * MINUTE), 1)
            left, right = self._knot(wave, int(index)), self._knot(wave, int(index) + 1)
            smooth = part * part * (3 - 2 * part)
            total += amplitude * (left + (right - left) * smooth)
        return total

    def price(self, ts: int) -> Decimal:
        """The price at a moment before the opening; at the opening it is the reference price."""
        factor = math.exp(self._height(min(ts, self._opening)) - self._level)
        return self._rules.price_above(self._rules.reference_price * Decimal(repr(factor)))

    def _candle(self, start: int, length: int) -> Candle:
        end = min(start + length, self._opening)
        prices = [self.price(start + (end - start) * step // _POINTS) for step in range(_POINTS + 1)]
        trades = max(0, round((end - start) / MINUTE * (12 + 8 * self._draw(-1, start // MINUTE))))
        amount = Decimal(trades * 740)
        volume = self._rules.quantity_below(amount / prices[-1])
        return Candle(start, prices[0], max(prices), min(prices), prices[-1], volume, amount, trades)


class _Line:
    """One symbol's trades."""

    def __init__(self, rules: SymbolRules, seed: int, opening: int) -> None:
        self.past = _Past(rules, seed, opening)
        self.trades: deque[Traded] = deque(maxlen=_KEPT_TRADES)
        self.minutes: dict[int, Candle] = {}
        self.last = rules.reference_price
        self.count = 0

    def record(self, fact: Traded) -> None:
        self.count += 1
        self.trades.append(fact)
        start = fact.ts - fact.ts % MINUTE
        candle = self.minutes.get(start)
        if candle is None:
            price = self.last
            candle = Candle(start, price, price, price, price)
            if len(self.minutes) >= _KEPT_MINUTES:
                del self.minutes[next(iter(self.minutes))]
        self.minutes[start] = candle.with_trade(fact.price, fact.quantity)
        self.last = fact.price


class Tape:
    """The trades of all symbols since the opening, and the figures made of them.

    Args:
        rules: The symbols.
        seed: Of the invented past.
        opening: When trading began, ms.
    """

    def __init__(self, rules: tuple[SymbolRules, ...], seed: int, opening: int) -> None:
        self.opening = opening
        self._lines = {each.symbol: _Line(each, seed, opening) for each in rules}

    def record(self, fact: Traded) -> None:
        """Write down a trade."""
        self._lines[fact.symbol].record(fact)

    def trades(self, symbol: str, limit: int) -> list[Traded]:
        """The latest trades, newest first."""
        newest = list(self._lines[symbol].trades)[::-1]
        return newest[:limit]

    def count(self, symbol: str) -> int:
        """How many trades there were since the opening."""
        return self._lines[symbol].count

    def last(self, symbol: str) -> Decimal:
        """The price of the latest trade, the reference price before any."""
        return self._lines[symbol].last

    def price_at(self, symbol: str, ts: int) -> Decimal:
        """The price of the latest trade at a moment."""
        line = self._lines[symbol]
        if ts < self.opening:
            return line.past.price(ts)
        earlier = [start for start in line.minutes if start <= ts]
        return line.minutes[earlier[-1]].close if earlier else line.past.price(self.opening)

    def candle(self, symbol: str, start: int, length: int) -> Candle:
        """The candle that begins at ``start``, as far as it has come; both in ms."""
        line = self._lines[symbol]
        parts: list[Candle] = []
        if start < self.opening:
            parts.append(line.past.candle(start, length))
        if start + length > self.opening:
            parts += self._traded(line, start, start + length)
        if not parts:
            price = self.price_at(symbol, start)
            parts = [Candle(start, price, price, price, price)]
        return _merge(start, parts)

    def _traded(self, line: _Line, start: int, end: int) -> list[Candle]:
        first = start - start % MINUTE
        if (end - first) // MINUTE <= len(line.minutes):
            return [line.minutes[at] for at in range(first, end, MINUTE) if at in line.minutes]
        return [candle for at, candle in line.minutes.items() if first <= at < end]

    def candles(self, symbol: str, length: int, count: int, now: int) -> list[Candle]:
        """The latest candles of an interval, newest first; the newest is still open."""
        newest = now - now % length
        return [self.candle(symbol, newest - step * length, length) for step in range(count)]

    def day(self, symbol: str, now: int) -> Candle:
        """The last 24 hours, by quarters of an hour."""
        quarter = 15 * MINUTE
        newest = now - now % quarter
        return _merge(
            now - DAY, [self.candle(symbol, newest - step * quarter, quarter) for step in range(95, -1, -1)]
        )
