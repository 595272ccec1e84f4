"""How long a recovery takes: ``python -m bench.recovery``.

The client keeps the venue's published rate limits; the orders are placed by another program of the same account, which
does not, while the client's connection is refused. Measured is the time from the new connection (dialled, logged in,
subscribed) until the last missed report is in a hook. Prints one line a case; exits 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import repeat
from typing import Any

from orderly_sync import Connected, Orderly, Rest, Stream, topics
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper

ETH = "PERP_ETH_USDC"
PATIENCE = 120.0
BATCH = 10
LEVELS = 20
"""So many prices: orders are not all filled within one millisecond."""


def at_once() -> Iterator[float]:
    return repeat(0.02)


class World:
    """A paper venue, the client that is measured, and another program of the same account."""

    def __init__(self, seed: int) -> None:
        self.venue, network, credentials = start_paper(seed=seed, market="calm", venue_rate_limits=False)
        self.other = Rest(network, credentials, rate_limits=False)
        rest, stream = Rest(network, credentials), Stream(network, credentials, delays=at_once)
        session = Session(rest, stream.hub)
        self.ex = Orderly(rest, stream, session, self.venue)
        session.start()
        self.seen: set[tuple[int, int]] = set()
        self.last = 0.0
        self.connected = 0.0
        self.ex.on(topics.execution_report(), self._heard)
        self.ex.on(Connected, self._connected)
        self.mark = self.other.market.futures_info(ETH).mark_price or Decimal(3000)

    def _heard(self, report: Any) -> None:
        if report.trade_id:
            self.seen.add((report.order_id, report.trade_id))
            self.last = time.monotonic()

    def _connected(self, event: Connected) -> None:
        if event.connection == "private":
            self.connected = time.monotonic()

    def place(self, count: int, price: Decimal, quantity: str) -> None:
        terms = {"symbol": ETH, "order_type": "LIMIT", "side": "BUY", "order_price": price.quantize(Decimal(1)),
                 "order_quantity": quantity}  # fmt: skip
        for _ in range(count // BATCH):
            self.other.orders.create_batch(orders=[dict(terms) for _ in range(BATCH)])  # type: ignore[misc]

    def fills(self) -> int:
        account = self.venue.accounts[0].account_id
        return sum(
            1
            for one in self.venue.ledger(account)
            if one["topic"] == "executionreport" and one["data"]["tradeId"]
        )

    def measure(self, while_down: Callable[[], object]) -> tuple[int, float]:
        """How many fills a gap had, and the seconds until the last of them was told."""
        before = len(self.seen)
        self.venue.faults(refuse_upgrade=1_000_000)
        self.venue.drop_connections()
        while_down()
        missed = self.fills() - before
        self.venue.faults(clear=True)
        end = time.monotonic() + PATIENCE
        while len(self.seen) - before < missed and time.monotonic() < end:
            threading.Event().wait(0.005)
        if len(self.seen) - before != missed:
            raise SystemExit(f"{missed} fills were missed and {len(self.seen) - before} told")
        return missed, self.last - self.connected

    def stop(self) -> None:
        self.ex.stop()
        self.other.close()
        self.venue.stop()


def in_new_orders(seed: int, count: int) -> tuple[int, float]:
    """Orders that were placed and filled within the gap."""
    world = World(seed)
    try:
        return world.measure(lambda: world.place(count, world.mark + 20, "0.01"))
    finally:
        world.stop()


def in_old_orders(seed: int, count: int) -> tuple[int, float]:
    """Orders that stood before the gap and each filled in it."""
    world = World(seed)
    try:
        for step in range(LEVELS):
            world.place(count // LEVELS, world.mark - 20 - step, "0.01")
        end = time.monotonic() + PATIENCE
        while len(world.ex.orders) < count and time.monotonic() < end:
            threading.Event().wait(0.01)
        return world.measure(
            lambda: [world.venue.set_mark_price(ETH, world.mark - 21 - one) for one in range(LEVELS)]
        )
    finally:
        world.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often the smaller case is measured")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", action="store_true", help="the smaller case alone")
    given = parser.parse_args()
    small = sorted(in_new_orders(given.seed + index, 500) for index in range(given.rounds))
    cases = [("500 fills, the slowest round", small[-1][0], max(one[1] for one in small), 1.0)]
    if not given.least:
        cases.append(("10,000 fills", *in_new_orders(given.seed, 10_000), 6.0))
        cases.append(("1,000 orders, each filled", *in_old_orders(given.seed, 1_000), 6.0))
    for name, count, seconds, goal in cases:
        print(f"{name}: {count} reports in {seconds:.2f} s (goal: {goal:g} s)")
    return 0 if all(seconds <= goal for _, _, seconds, goal in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
