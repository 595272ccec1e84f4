"""How fast an order book is kept, and whether it is ever wrong: updates dropped, doubled and swapped on the way.

A simulated venue changes its book and sends every change; one update in a hundred is lost, one comes twice, one comes
before its predecessor. Requested snapshots arrive late. Whenever the builder shows its book as live, that book must be
the venue's own at that moment, level by level.

    python bench/book.py [updates] [seed]
"""

from __future__ import annotations

import random
import sys
import time
from collections import deque
from decimal import Decimal

from orderly_sync.live.book import BookBuilder, BookEffect, BookStatus
from orderly_sync.models.base import Frame
from orderly_sync.models.pushes import Level, OrderBook, OrderBookDelta

SYMBOL = "PERP_ETH_USDC"
TICK = Decimal("0.01")
STEP_MS = 200
WANDER = 40
"""Ticks around the middle within which levels change."""
SIZES = [Decimal(number) / 8 for number in range(1, 400)]


class Venue:
    """A book that changes at random and remembers its recent moments."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.ts = 1_700_000_000_000
        self.middle = 300_000
        self.sides: tuple[dict[Decimal, Decimal], dict[Decimal, Decimal]] = ({}, {})

    def step(self) -> OrderBookDelta:
        """Change a few levels; the update that tells of it."""
        rng, prev = self.rng, self.ts
        self.ts += rng.choice((STEP_MS, STEP_MS, STEP_MS + 1, 4 * STEP_MS))
        changed: dict[tuple[int, Decimal], Decimal] = {}
        self.middle += rng.choice((-1, 0, 0, 1))
        for side in (0, 1):
            for price in [price for price in self.sides[side] if self._beyond(side, price)]:
                changed[side, price] = Decimal(0)
        for _ in range(rng.randint(1, 4)):
            side = rng.randint(0, 1)
            ticks = self.middle + (rng.randint(1, WANDER) if side else -rng.randint(1, WANDER))
            changed[side, ticks * TICK] = Decimal(0) if rng.random() < 0.3 else rng.choice(SIZES)
        for (side, price), size in changed.items():
            if size:
                self.sides[side][price] = size
            else:
                self.sides[side].pop(price, None)
        return self._delta(prev, changed)

    def _beyond(self, side: int, price: Decimal) -> bool:
        middle = self.middle * TICK
        return price <= middle if side else price >= middle

    def _delta(self, prev: int, changed: dict[tuple[int, Decimal], Decimal]) -> OrderBookDelta:
        bids, asks = (
            tuple(Level(price, size) for (at, price), size in changed.items() if at == side)
            for side in (0, 1)
        )
        frame = Frame(f"{SYMBOL}@orderbookupdate", self.ts)
        return OrderBookDelta(symbol=SYMBOL, prev_ts=prev, bids=bids, asks=asks, frame=frame)

    def snapshot(self) -> OrderBook:
        """The whole book of this moment."""
        bids, asks = (tuple(Level(*level) for level in side.items()) for side in self.sides)
        return OrderBook(symbol=SYMBOL, bids=bids, asks=asks, book_ts=self.ts)


def faulty(
    rng: random.Random, delta: OrderBookDelta, held: list[OrderBookDelta], share: float
) -> list[OrderBookDelta]:
    """What arrives when one update was sent: mostly that one."""
    lot = rng.random()
    if lot < share:
        return []
    if lot < 2 * share:
        held.append(delta)
        return []
    arrived = [delta, delta] if lot < 3 * share else [delta]
    arrived += held
    held.clear()
    return arrived


def run(updates: int, seed: int = 7, share: float = 0.01) -> dict[str, float]:
    """Send that many updates through faults, each kind with the probability ``share``; what became of the book.

    ``wrong`` counts the moments at which a live book was not the venue's own of the same time.
    """
    rng = random.Random(seed)
    venue, builder = Venue(rng), BookBuilder(SYMBOL)
    held: list[OrderBookDelta] = []
    answers: deque[tuple[float, OrderBook]] = deque()
    truth: deque[tuple[int, list[frozenset[tuple[Decimal, Decimal]]]]] = deque(maxlen=64)
    resyncs = [0.0]
    wrong = live = 0
    now = spent = 0.0
    for _ in range(50):
        venue.step()
    effects = [*builder.subscribed(now)]
    for _ in range(updates):
        now += STEP_MS / 1000
        delta = venue.step()
        truth.append((venue.ts, [frozenset(side.items()) for side in venue.sides]))
        arrived = faulty(rng, delta, held, share)
        begun = time.process_time()
        effects += builder.feed(arrived, now)
        effects += builder.tick(now)
        spent += time.process_time() - begun
        while answers and answers[0][0] <= now:
            effects += builder.snapshot(answers.popleft()[1], now)
        if BookEffect.RESUBSCRIBE in effects:
            answers.clear()
            effects += builder.subscribed(now)
        asked = effects.count(BookEffect.REQUEST)
        # An answer is taken when the request comes, and is on its way for a while.
        answers += [(now + rng.choice((0.1, 0.1, 0.3)), venue.snapshot()) for _ in range(asked)]
        effects = []
        if builder.status is BookStatus.LIVE:
            live += 1
            resyncs += [0.0] if resyncs[-1] else []
            book = builder.book
            was = next((sides for ts, sides in truth if ts == book.ts), None)
            wrong += was != [frozenset(book.bids), frozenset(book.asks)]
        else:
            resyncs[-1] += STEP_MS / 1000
    resyncs.sort()
    return {
        "updates": updates,
        "wrong": wrong,
        "live": live / updates,
        "resyncs": builder.resyncs,
        "resync p99 s": resyncs[int(len(resyncs) * 0.99)],
        "resync max s": resyncs[-1],
        "µs an update": spent / updates * 1e6,
    }


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    result = run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    for name, value in result.items():
        print(f"{name:>18}  {value:,.3f}" if isinstance(value, float) else f"{name:>18}  {value:,}")
    sys.exit(1 if result["wrong"] else 0)
