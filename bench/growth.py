"""What a command costs the paper venue, by how many orders are open: flat, or growing with what lies around.

    python bench/growth.py          the table
    python bench/growth.py --most 1000

The exchange is driven directly: no socket, no client. As many cross buys are open as isolated sells and stops that
wait; the account holds a position in both modes. Figures are medians of CPU time, and their ratio to the first column.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

SIZES = (10, 1_000, 10_000)
ETH = "PERP_ETH_USDC"
_LAPS = 200
_MID = Decimal(3400)


class Floor:
    """An exchange with ``count`` open orders and as many stops of one account."""

    def __init__(self, count: int) -> None:
        from orderly_sync.models.enums import MarginMode
        from orderly_sync.venue.engine.exchange import Exchange

        self.exchange = Exchange()
        self.exchange.open_account("trader", usdc=Decimal(10**9))
        self.exchange.open_account("maker", usdc=Decimal(10**9), is_maker=True)
        self.now = 1_000
        self.order("SELL", _MID + 1, 50, by="maker")
        self.order("BUY", _MID + 1, 10)
        self.order("BUY", _MID + 1, 10, margin_mode=MarginMode.ISOLATED)
        for index in range(count):
            self.order("BUY", self._price(index), "0.01")
            self.order("SELL", _MID + 20 + Decimal(index % 600) / 10, "0.01", margin_mode=MarginMode.ISOLATED)
            self.stop(index)

    @staticmethod
    def _price(index: int) -> Decimal:
        return _MID - 20 - Decimal(index % 600) / 10

    def submit(self, command: object, by: str = "trader") -> dict:
        """Carry out a command."""
        self.now += 1
        return dict(self.exchange.submit(by, command, self.now).answer)

    def order(self, side: str, price: Decimal, quantity: object, by: str = "trader", **more: object) -> int:
        """Place a LIMIT order; its id."""
        from orderly_sync.models.enums import OrderSide, OrderType
        from orderly_sync.venue.engine.commands import PlaceOrder

        command = PlaceOrder(
            symbol=ETH,
            side=OrderSide(side),
            order_type=OrderType.LIMIT,
            price=price,
            quantity=Decimal(str(quantity)),
            **more,
        )
        return self.submit(command, by)["order_id"]

    def stop(self, index: int) -> int:
        """Place a stop that waits far below; its id."""
        from orderly_sync.models.enums import AlgoType, OrderSide, OrderType
        from orderly_sync.venue.engine.commands import AlgoNodeSpec, PlaceAlgo

        root = AlgoNodeSpec(
            algo_type=AlgoType.STOP,
            symbol=ETH,
            side=OrderSide.SELL,
            type=OrderType.MARKET,
            quantity=Decimal("0.01"),
            trigger_price=Decimal(2_800) - Decimal(index % 1_000) / 10,
        )
        return self.submit(PlaceAlgo(root=root))["order_id"]

    # What is measured

    def place(self, lap: int) -> int:
        """One more order."""
        return self.order("BUY", self._price(lap * 7), "0.01", client_order_id=f"lap-{self.now}")

    def cancel(self, order_id: int) -> None:
        """Away with it."""
        from orderly_sync.venue.engine.commands import CancelOrder

        self.submit(CancelOrder(order_id=order_id))

    def edit(self, order_id: int, lap: int) -> None:
        """To another price."""
        from orderly_sync.venue.engine.commands import EditOrder

        self.submit(EditOrder(order_id=order_id, price=self._price(lap * 11 + 5)))

    def isolated(self, lap: int) -> int:
        """One more order in isolated margin, on the side that closes the position there."""
        from orderly_sync.models.enums import MarginMode

        price = _MID + 20 + Decimal(lap * 7 % 600) / 10
        return self.order("SELL", price, "0.01", margin_mode=MarginMode.ISOLATED)

    def fill(self, _lap: int) -> None:
        """An order that trades at once."""
        self.order("BUY", _MID + 1, "0.01")

    def mark(self, lap: int) -> None:
        """A step of the mark price that fires and cancels nothing."""
        self.now += 1
        self.exchange.set_prices(ETH, self.now, mark=_MID + Decimal(lap % 2))


def _median(work: Callable[[int], object]) -> tuple[float, list]:
    """Microseconds of CPU a lap, and what the laps gave."""
    times, results = [], []
    for lap in range(_LAPS):
        start = time.process_time()
        results.append(work(lap))
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e6, results


def measure(count: int) -> dict[str, float]:
    """Medians by what was done."""
    floor = Floor(count)
    figures = {}
    figures["place"], ids = _median(floor.place)
    figures["edit"], _ = _median(lambda lap: floor.edit(ids[lap], lap))
    figures["cancel"], _ = _median(lambda lap: floor.cancel(ids[lap]))
    figures["place isolated"], _ = _median(floor.isolated)
    figures["fill"], _ = _median(floor.fill)
    figures["mark step"], _ = _median(floor.mark)
    figures["place a stop"], _ = _median(floor.stop)
    return figures


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--most", type=int, default=SIZES[-1], help="leave larger sizes out")
    most = parser.parse_args(argv).most
    sizes = [size for size in SIZES if size <= most] or [most]
    columns = {size: measure(size) for size in sizes}
    first = columns[sizes[0]]
    print(
        "What a command costs by how many buys, isolated sells and stops are open, each: us, ratio to the first"
    )
    print(f"{'':16}" + "".join(f"{size:>18,}" for size in sizes))
    for name in first:
        cells = (f"{columns[size][name]:>10.0f} {columns[size][name] / first[name]:>6.2f}x" for size in sizes)
        print(f"{name:16}" + "".join(cells))
    print("aim: under 1.5x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
