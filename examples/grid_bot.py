"""A grid bot: buys below the market, sells above it, and turns every fill around one step away.

    python examples/grid_bot.py                       # on paper, until Ctrl-C
    python examples/grid_bot.py --network testnet     # with ORDERLY_ACCOUNT_ID and ORDERLY_SECRET set

However it ends, its orders are cancelled and its profit or loss is printed.
"""

import argparse
import contextlib
from decimal import Decimal
from typing import Any

from orderly_sync import Credentials, ExecutionReport, Limit, NotFound, Orderly, Resynced, connect, topics

SYMBOL = "PERP_ETH_USDC"
QUANTITY = Decimal("0.05")


class Grid:
    def __init__(self, ex: Orderly, levels: int, step: int) -> None:
        self.ex = ex
        self.step = step
        self.mine: set[str] = set()
        self.open: set[str] = set()
        self.cash = self.net = self.fees = Decimal(0)
        self.reports = ex.stream(topics.execution_report(), symbol=SYMBOL)
        middle = self.mark()
        for level in range(1, levels + 1):
            self.place(Limit.buy(SYMBOL, quantity=QUANTITY, price=middle - level * step))
            self.place(Limit.sell(SYMBOL, quantity=QUANTITY, price=middle + level * step))

    def mark(self) -> Decimal:
        return round(self.ex.rest.market.futures_info(SYMBOL).mark_price or Decimal(0), 0)

    def place(self, order: Limit) -> None:
        self.mine.add(order.client_order_id)  # known before it is sent, so that close() misses none
        self.open.add(order.client_order_id)
        self.ex.place(order)

    def next(self, timeout: float) -> ExecutionReport | None:
        """Take the next report and book it; None if it is of another's order."""
        report = self.reports.get(timeout=timeout)
        if report.client_order_id not in self.mine:
            return None
        if report.is_fill and report.executed_quantity and report.executed_price:
            change = report.executed_quantity if report.side == "BUY" else -report.executed_quantity
            self.net += change
            self.cash -= change * report.executed_price
            self.fees += report.fee or 0
        if report.is_final:
            self.open.discard(report.client_order_id)
        return report

    def run(self, turns: int | None) -> None:
        """Turn fills around, so many or for ever."""
        done = 0
        while turns is None or done < turns:
            try:
                report = self.next(timeout=60)
            except TimeoutError:
                continue
            if report is None or report.status != "FILLED" or report.price is None:
                continue
            done += 1
            print(f"{report.side} {report.filled} at {report.average_executed_price}")
            if report.side == "BUY":
                self.place(Limit.sell(SYMBOL, quantity=QUANTITY, price=report.price + self.step))
            else:
                self.place(Limit.buy(SYMBOL, quantity=QUANTITY, price=report.price - self.step))

    def close(self) -> None:
        """Cancel what is open, take its last reports, and say what came of it."""
        for client_order_id in list(self.open):
            with contextlib.suppress(NotFound):  # filled in the meantime, or Ctrl-C came before it was sent
                self.ex.rest.orders.cancel_by_client_order_id(symbol=SYMBOL, client_order_id=client_order_id)
        with contextlib.suppress(TimeoutError):
            while any(self.is_open(client_order_id) for client_order_id in self.open):
                self.next(timeout=5)
        left = sum(self.is_open(client_order_id) for client_order_id in self.open)
        pnl = self.cash + self.net * self.mark() - self.fees
        print(f"{left} orders left, holding {self.net}, fees {self.fees:f}, PnL {pnl:f} USDC")

    def is_open(self, client_order_id: str) -> bool:
        """Whether the venue still has it open."""
        try:
            return not self.ex.rest.orders.get_by_client_order_id(client_order_id).is_final
        except NotFound:
            return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--levels", type=int, default=5, help="orders on each side")
    parser.add_argument("--step", type=int, default=3, help="USDC between two orders")
    parser.add_argument("--turns", type=int, help="stop after so many fills")
    args = parser.parse_args()
    options: dict[str, Any] = {"market": "volatile", "speed": 5}
    if args.network != "paper":
        options = {"credentials": Credentials.from_env()}
    with connect(args.network, **options) as ex:
        ex.on(Resynced, lambda gap: print(f"back after a gap, {gap.recovered} reports recovered"))
        grid = Grid(ex, args.levels, args.step)
        try:
            print(f"{len(grid.open)} orders around {SYMBOL}; Ctrl-C ends it", flush=True)
            grid.run(args.turns)
        except KeyboardInterrupt:
            print("stopping")
        finally:
            grid.close()


if __name__ == "__main__":
    main()
