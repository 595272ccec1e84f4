"""A bot of the fleet: buys and sells a little of its market by turns, and counts its own fills, also over restarts."""

from __future__ import annotations

import sys
from threading import Event

from fleet_client import over_relay

from orderly_sync import ExecutionReport, Market, topics

SIZES = {"ETH": "0.01", "BTC": "0.001", "SOL": "0.5"}


def main() -> None:
    """Trade until Ctrl-C, then be flat."""
    name = sys.argv[1]
    symbol = name.rpartition("-")[2].upper()
    fills: list[ExecutionReport] = []
    done = Event()
    with over_relay(name) as bot:

        @bot.on(topics.execution_report(), symbol=symbol)
        def on_report(report: ExecutionReport) -> None:
            if report.is_fill:
                fills.append(report)
                if len(fills) == 1:
                    print(f"{name}: first fill at {report.executed_price}", flush=True)

        try:
            while not done.wait(0.5):
                bot.place(Market.buy(symbol, quantity=SIZES[symbol])).wait("filled", timeout=10)
                bot.place(Market.sell(symbol, quantity=SIZES[symbol])).wait("filled", timeout=10)
        except KeyboardInterrupt:
            print(
                f"{name}: {len(fills)} fills, at the last {fills[-1].executed_price if fills else None}",
                flush=True,
            )


if __name__ == "__main__":
    main()
