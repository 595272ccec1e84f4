"""Read your own fill: whoever hears of a fill finds it in positions, holdings and margin.

``python -m tests.soak.fills --rounds 1000``: each round one order fills on a paper venue that delays, doubles, drops and
swaps its position and balance pushes; positions, holdings and margin are read the moment that ``wait``, a hook and a
stream tell of the fill, and held against what the venue itself says. Prints the wrong reads; exits 1 if there are any.
"""

from __future__ import annotations

import argparse
import queue
import random
import sys
import threading
import time
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync import Ioc, Market, Orderly, Stop, connect, topics
from orderly_sync.models.enums import OrderStatus

ETH = "PERP_ETH_USDC"
WAIT = 20.0
NEAR = Decimal("1e-6")
"""USDC: REST gives margin figures to eight decimals."""
READERS = ("wait", "hook", "stream")
WHAT = ("positions", "holdings", "margin")
FAULTS = {
    "report_topics": ["position", "balance"],
    "drop_reports": 0.15,
    "duplicate_reports": 0.15,
    "swap_reports": 0.15,
    "delay_pushes": {"position": 500, "balance": 500},
}

Values = dict[str, Any]


def read(ex: Orderly) -> Values:
    """Everything at this moment, by live state."""
    positions = {
        key: (row.quantity, row.average_open_price, row.cost_position) for key, row in ex.positions.items()
    }
    held = ex.holdings["USDC"]
    return {
        "positions": positions,
        "holdings": (held.holding, held.isolated_margin, abs(held.isolated_order_frozen or 0)),
        "margin": (ex.margin.total_collateral(), ex.margin.free_collateral(), ex.margin.unsettled_pnl()),
    }


def truth(ex: Orderly) -> Values:
    """The same by REST."""
    listed = ex.rest.positions.list()
    positions = {
        row.symbol + (":ISOLATED" if row.margin_mode == "ISOLATED" else ""): (
            row.quantity,
            row.average_open_price,
            row.cost_position,
        )
        for row in listed
        if row.quantity
    }
    held = ex.rest.assets.holding()["USDC"]
    cross = sum(((row.unsettled_pnl or 0) for row in listed if row.margin_mode != "ISOLATED"), Decimal(0))
    return {
        "positions": positions,
        "holdings": (held.holding, held.isolated_margin, abs(held.isolated_order_frozen or 0)),
        "margin": (listed.total_collateral_value, listed.free_collateral, cross),
    }


def differ(name: str, mine: Any, its: Any) -> bool:
    """Whether two readings are not the same, to the last digit but for amounts that are estimated."""
    if name == "positions":
        return bool(mine != its)
    return any(abs((one or 0) - (other or 0)) > NEAR for one, other in zip(mine, its, strict=True))


@attrs.define
class Tally:
    """What was read, and what of it was wrong."""

    rounds: int = 0
    wrong: dict[tuple[str, str], int] = attrs.field(factory=dict)
    examples: list[str] = attrs.field(factory=list)

    def compare(self, reader: str, mine: Values, its: Values, what: str) -> None:
        """Hold one reading against the venue's."""
        for name in WHAT:
            if differ(name, mine[name], its[name]):
                self.wrong[reader, name] = self.wrong.get((reader, name), 0) + 1
                if len(self.examples) < 5:
                    self.examples.append(
                        f"round {self.rounds} {what}: {reader} {name}\n  {mine[name]}\n  {its[name]}"
                    )


class Ears:
    """A hook and a stream that read everything the moment they hear of a filled order."""

    def __init__(self, ex: Orderly) -> None:
        self.heard: dict[str, queue.Queue[Values]] = {"hook": queue.Queue(), "stream": queue.Queue()}
        self._ex = ex
        self._hook = ex.on(topics.execution_report(), self._on_report)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._stream = ex.stream(topics.execution_report())
        self._thread.start()

    def _on_report(self, report: Any) -> None:
        if report.status == OrderStatus.FILLED:
            self.heard["hook"].put(read(self._ex))

    def _listen(self) -> None:
        for report in self._stream:
            if report.status == OrderStatus.FILLED:
                self.heard["stream"].put(read(self._ex))

    def close(self) -> None:
        """Hear nothing more."""
        self._hook.remove()
        self._stream.close()
        self._thread.join(WAIT)


def next_order(ex: Orderly, chance: random.Random) -> Any:
    """An order that fills at once: market or limit, cross or isolated, opening, reducing, closing or flipping."""
    mode = "ISOLATED" if chance.random() < 0.3 else "CROSS"
    held = ex.positions.get("ETH:ISOLATED" if mode == "ISOLATED" else "ETH")
    size = held.quantity if held is not None else Decimal(0)
    quantity = Decimal(chance.randrange(1, 60)) / 100
    if size and chance.random() < 0.25:
        quantity = abs(size)
        buys = size < 0
    else:
        buys = size < 0 if abs(size) > 1 else chance.random() < 0.5
    price = ex.rest.market.futures_info(ETH).mark_price or Decimal(0)
    kind = chance.random()
    if mode == "CROSS" and kind < 0.2:
        make = Stop.buy if buys else Stop.sell
        trigger = round(price * Decimal("0.9" if buys else "1.1"))
        return make(ETH, quantity=quantity, trigger=trigger)
    if mode == "ISOLATED" or kind < 0.6:
        limit = round(price * Decimal("1.02" if buys else "0.98"))
        return (Ioc.buy if buys else Ioc.sell)(ETH, quantity=quantity, price=limit, margin_mode=mode)
    return (Market.buy if buys else Market.sell)(ETH, quantity=quantity)


def run(rounds: int, seed: int = 1, faults: Values | None = None) -> Tally:
    """Fill so many orders; what was read wrongly."""
    chance, tally = random.Random(seed), Tally()
    with connect("paper", seed=seed, market="frozen", rate_limits=False) as ex:
        ex.paper.faults(**(FAULTS if faults is None else faults))
        ex.paper.set_mark_price(ETH, 3000)
        ears = Ears(ex)
        for tally.rounds in range(1, rounds + 1):
            if chance.random() < 0.2:
                ex.paper.set_mark_price(ETH, 3000 + chance.randrange(-25, 25))
            order = next_order(ex, chance)
            ex.place(order).wait("filled", timeout=WAIT)
            readings = {"wait": read(ex)}
            its = truth(ex)
            for name, heard in ears.heard.items():
                readings[name] = heard.get(timeout=WAIT)
            for name, mine in readings.items():
                tally.compare(name, mine, its, repr(order))
        ears.close()
    return tally


def main() -> int:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    wanted = options.parse_args()
    began = time.monotonic()
    tally = run(wanted.rounds, wanted.seed)
    say = sys.stdout.write
    say(f"{tally.rounds} fills in {time.monotonic() - began:.0f} s; wrong reads:\n")
    for reader in READERS:
        say("  " + reader.ljust(8) + "  ".join(f"{n} {tally.wrong.get((reader, n), 0)}" for n in WHAT) + "\n")
    for example in tally.examples:
        say(example + "\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
