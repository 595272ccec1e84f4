"""A grid bot: buys below the market, sells above it, and turns every fill around one step away.

    python examples/grid_bot.py                       # on paper, until Ctrl-C
    python examples/grid_bot.py --network testnet     # with ORDERLY_ACCOUNT_ID and ORDERLY_SECRET set

The symbol is the bot's own: however it ends, its orders are cancelled and its position is closed.
"""

import argparse
import contextlib
from decimal import Decimal
from typing import Any

from orderly_sync import Credentials, ExecutionReport, Limit, Market, Orderly, Resynced, connect, topics

SYMBOL = "PERP_ETH_USDC"
QUANTITY = Decimal("0.05")


class Grid:
    def __init__(self, ex: Orderly, levels: int, step: int) -> None:
        self.ex = ex
        self.step = step
        self.mine: set[str] = set()
        self.turns = 0
        self.start = ex.margin.total_collateral()
        self.reports = ex.stream(topics.execution_report(), symbol=SYMBOL)
        middle = round(ex.rest.market.futures_info(SYMBOL).mark_price or Decimal(0), 0)
        for level in range(1, levels + 1):
            self.place(Limit.buy(SYMBOL, quantity=QUANTITY, price=middle - level * step))
            self.place(Limit.sell(SYMBOL, quantity=QUANTITY, price=middle + level * step))

    def place(self, order: Limit) -> None:
        self.mine.add(order.client_order_id)
        self.ex.place(order)

    def on_report(self, report: ExecutionReport) -> None:
        """Turn a fill around, one step away."""
        if report.client_order_id not in self.mine or report.status != "FILLED" or report.price is None:
            return
        self.turns += 1
        print(f"{report.side} {report.filled} at {report.average_executed_price}", flush=True)
        if report.side == "BUY":
            self.place(Limit.sell(SYMBOL, quantity=QUANTITY, price=report.price + self.step))
        else:
            self.place(Limit.buy(SYMBOL, quantity=QUANTITY, price=report.price - self.step))

    def run(self, turns: int | None) -> None:
        """Turn fills around, so many or for ever."""
        while turns is None or self.turns < turns:
            with contextlib.suppress(TimeoutError):
                self.on_report(self.reports.get(timeout=60))

    def close(self) -> None:
        """Cancel all, close the position, and say what came of it; the venue is asked what is left."""
        self.ex.rest.orders.cancel_all(symbol=SYMBOL)
        with contextlib.suppress(TimeoutError):
            while any(order.symbol == SYMBOL for order in self.ex.orders.values()):
                self.reports.get(timeout=5)
        while held := sum(
            row.position_qty or 0 for row in self.ex.rest.positions.list().rows if row.symbol == SYMBOL
        ):
            close = Market.sell if held > 0 else Market.buy
            self.ex.place(close(SYMBOL, quantity=abs(held), reduce_only=True)).wait("done", timeout=10)
        left = self.ex.rest.orders.list(symbol=SYMBOL, status="INCOMPLETE").rows
        pnl = self.ex.margin.total_collateral() - self.start
        print(f"{len(left)} orders left, {len(self.ex.positions)} positions, PnL {pnl:.4f} USDC")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--levels", type=int, default=5, help="orders on each side")
    parser.add_argument("--step", type=int, default=3, help="USDC between two orders")
    parser.add_argument("--turns", type=int, help="stop after so many fills")
    args = parser.parse_args()
    options: dict[str, Any] = {"market": "volatile", "speed": 5}
    if args.network != "paper":
        options = {"credentials": Credentials.from_env(), "cancel_on_silence": 60}
    with connect(args.network, **options) as ex:
        ex.on(Resynced, lambda gap: print(f"back after a gap, {gap.recovered} reports recovered"))
        grid = Grid(ex, args.levels, args.step)
        try:
            print(f"{len(grid.mine)} orders around {SYMBOL}; Ctrl-C ends it", flush=True)
            grid.run(args.turns)
        except KeyboardInterrupt:
            print("stopping")
        finally:
            grid.close()


if __name__ == "__main__":
    main()
