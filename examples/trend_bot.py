"""A trend follower: enters when the price breaks out of its recent range, and leaves by a trailing stop.

    python examples/trend_bot.py                      # on paper, until Ctrl-C
    python examples/trend_bot.py --network testnet    # with ORDERLY_ACCOUNT_ID and ORDERLY_SECRET set

The symbol is the bot's own: however it ends, its orders are cancelled and its position is closed.
"""

import argparse
import contextlib
import time
from collections import deque
from decimal import Decimal
from typing import Any

from orderly_sync import AlgoHandle, Credentials, Market, Orderly, TrailingStop, connect, topics

SYMBOL = "PERP_ETH_USDC"


class Trend:
    def __init__(
        self, ex: Orderly, *, quantity: str = "0.1", window: int = 20, callback: str = "0.005"
    ) -> None:
        self.ex = ex
        self.quantity, self.callback = Decimal(quantity), Decimal(callback)
        self.recent: deque[Decimal] = deque(maxlen=window)
        self.stop: AlgoHandle | None = None
        self.trades = 0

    def on_price(self, price: Decimal) -> None:
        """Decide at each mark price: in a trade the trailing stop decides, out of one the range does."""
        if self.stop is not None and self.stop.is_done:
            self.leave()
        if self.stop is None and len(self.recent) == self.recent.maxlen:
            if price > max(self.recent):
                self.enter("BUY", price)
            elif price < min(self.recent):
                self.enter("SELL", price)
        self.recent.append(price)

    def enter(self, side: str, price: Decimal) -> None:
        """Into the market; the stop behind it trails from the first moment."""
        entry, exit_ = (Market.buy, TrailingStop.sell) if side == "BUY" else (Market.sell, TrailingStop.buy)
        self.ex.place(entry(SYMBOL, quantity=self.quantity)).wait("filled", timeout=10)
        self.stop = self.ex.place(
            exit_(SYMBOL, quantity=self.quantity, callback_rate=self.callback, reduce_only=True)
        )
        print(f"{side} at a break of {price}", flush=True)

    def leave(self) -> None:
        """The stop is done; if it ended in anything but a fill, the position is closed here."""
        assert self.stop is not None
        self.trades += 1
        print(f"trailing stop {self.stop.status}", flush=True)
        self.stop = None
        self.recent.clear()
        self.flatten()

    def flatten(self) -> None:
        """Cancel all, close the position; the venue is asked, for Ctrl-C may come between an order and its handle."""
        self.ex.flatten(SYMBOL)

    def run(self, trades: int | None) -> None:
        """Follow the mark price, for so many trades or for ever."""
        prices = self.ex.stream(topics.mark_price(SYMBOL), policy="latest")
        while trades is None or self.trades < trades:
            with contextlib.suppress(TimeoutError):
                self.on_price(prices.get(timeout=60).price)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--window", type=int, default=20, help="mark prices that a break is measured by")
    parser.add_argument("--callback", default="0.001", help="how far the stop trails, 0.01 is 1 %%")
    parser.add_argument("--trades", type=int, help="stop after so many")
    args = parser.parse_args()
    options: dict[str, Any] = {"market": "volatile", "speed": 20}
    if args.network != "paper":
        options = {"credentials": Credentials.from_env(), "cancel_on_silence": 60}
    with connect(args.network, **options) as ex:
        start, before = time.monotonic(), ex.margin.total_collateral()
        bot = Trend(ex, window=args.window, callback=args.callback)
        try:
            print(f"following {SYMBOL}; Ctrl-C ends it", flush=True)
            bot.run(args.trades)
        except KeyboardInterrupt:
            print("stopping")
        finally:
            bot.flatten()
            pnl = ex.margin.total_collateral() - before
            print(
                f"{len(ex.positions)} positions, {len(ex.algo_orders)} orders left after {bot.trades} trades"
            )
            print(f"PnL {pnl:.4f} USDC in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
