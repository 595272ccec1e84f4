"""Try your bot against a venue that misbehaves: lost answers, doubled reports, cuts. Its ledger has the last word.

python examples/faulty_venue.py [--orders 20] [--seed 1]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from decimal import Decimal

from orderly_sync import Disconnected, ExecutionReport, Limit, Orderly, OrderOutcomeUnknown, connect, topics

ETH = "PERP_ETH_USDC"
SECONDS = 30.0


class Bot:
    """The bot under test; yours stands here. It buys, and counts what its fills sum up to."""

    def __init__(self, ex: Orderly) -> None:
        self.ex = ex
        self.fills: Counter[tuple[int, int | None]] = Counter()
        self.bought = Decimal(0)
        self.unknown = 0
        ex.on(topics.execution_report(), self.on_report)

    def on_report(self, report: ExecutionReport) -> None:
        if report.is_fill:
            self.fills[report.order_id, report.trade_id] += 1
            self.bought += report.executed_quantity or 0

    def buy(self) -> None:
        price = self.ex.rest.market.futures_info(ETH).mark_price or Decimal(0)
        try:
            self.ex.place(Limit.buy(ETH, quantity="0.1", price=round(price * Decimal("1.01"))))
        except OrderOutcomeUnknown:
            self.unknown += 1  # never sent again: it may stand; its fills are told all the same


def misbehave(ex: Orderly, seed: int) -> None:
    """What the venue does wrong; with the same seed and the same traffic, it does it again."""
    faults = ex.paper.faults
    faults.duplicate("executionreport", probability=0.2, seed=seed)
    faults.reorder("executionreport", probability=0.2, seed=seed + 1)
    faults.cut("executionreport", at_byte=100, probability=0.05, seed=seed + 2)
    faults.lose_answer("/v1/order", method="POST", probability=0.2, seed=seed + 3)
    faults.lag_reads(ms=200)


def main() -> None:
    """Run the bot, let the venue recover, and compare with what it says happened."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--orders", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    wanted = options.parse_args()
    with connect("paper", seed=wanted.seed, market="frozen") as ex:
        cuts: list[object] = []
        ex.on(Disconnected, cuts.append)
        bot = Bot(ex)
        misbehave(ex, wanted.seed)
        for _ in range(wanted.orders):
            bot.buy()
        for fault in ex.paper.faults.list():
            print(f"{fault.kind} struck {fault.struck} times")
        ex.paper.faults.clear()

        account = ex.account.account_id
        told = [
            (row["data"]["orderId"], row["data"]["tradeId"])
            for row in ex.paper.ledger(account)
            if row["topic"] == "executionreport" and row["data"]["tradeId"]
        ]
        end = time.monotonic() + SECONDS
        while bot.fills != Counter(told) and time.monotonic() < end:
            time.sleep(0.05)
        lost, repeated = Counter(told) - bot.fills, bot.fills - Counter(told)
        print(f"{len(told)} fills, {len(cuts)} cuts, {bot.unknown} outcomes unknown, {bot.bought} ETH bought")
        print(f"{lost.total()} lost, {repeated.total()} repeated")


if __name__ == "__main__":
    main()
