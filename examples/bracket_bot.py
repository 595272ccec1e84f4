"""Bracket entries within limits: most that an order is worth, most that may be lost, and a kill switch.

    python examples/bracket_bot.py                    # on paper, until Ctrl-C
    python examples/bracket_bot.py --network testnet  # with ORDERLY_ACCOUNT_ID and ORDERLY_SECRET set
    touch stop-trading                                # the kill switch: out of the market, and the bot ends

Each entry carries its take profit and its stop loss; once it is half way to its profit, the stop moves to the entry.
The symbol is the bot's own: however it ends, its orders are cancelled and its position is closed.
"""

import argparse
import contextlib
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderly_sync import AlgoHandle, Bracket, Credentials, NotFound, Orderly, connect, topics

SYMBOL = "PERP_ETH_USDC"


class Halt(Exception):
    """A limit was reached: no more trading."""


class BracketBot:
    def __init__(
        self,
        ex: Orderly,
        *,
        quantity: str = "0.1",
        width: int = 10,
        max_loss: int = 50,
        kill: Path | None = None,
    ) -> None:
        self.ex = ex
        self.quantity, self.width = Decimal(quantity), width
        self.max_loss, self.kill = max_loss, kill
        self.start = ex.margin.total_collateral()
        self.bracket: AlgoHandle | None = None
        self.entry = Decimal(0)
        self.is_safe = False
        self.rounds = 0

    @property
    def pnl(self) -> Decimal:
        """USDC won or (negative) lost since the bot began, fees and the open position's PnL in it."""
        return self.ex.margin.total_collateral() - self.start

    def on_price(self, price: Decimal) -> None:
        """Check the limits, then the trade; called with each mark price."""
        self.check()
        if self.bracket is not None and self.bracket.is_done:
            self.rounds += 1
            print(f"bracket {self.bracket.status}, PnL {self.pnl:.4f} USDC", flush=True)
            self.bracket = None
        elif self.bracket is None:
            self.enter(price)
        elif not self.is_safe and price >= self.entry + self.width / Decimal(2):
            with contextlib.suppress(NotFound):  # a leg was set off in the meantime
                self.bracket.edit(stop_loss=round(self.entry))
            self.is_safe = True

    def check(self) -> None:
        """Raise Halt if too much is lost or the kill switch is there."""
        if self.kill is not None and self.kill.exists():
            raise Halt(f"{self.kill} is there")
        if self.pnl <= -self.max_loss:
            raise Halt(f"{-self.pnl:.4f} USDC lost, of at most {self.max_loss}")

    def enter(self, price: Decimal) -> None:
        """Buy, with profit and loss at an even distance."""
        profit, loss = round(price) + self.width, round(price) - self.width
        order = Bracket.buy(SYMBOL, quantity=self.quantity, take_profit=profit, stop_loss=loss)
        self.bracket, self.entry, self.is_safe = self.ex.place(order), price, False

    def flatten(self) -> None:
        """Cancel all, close the position; the venue is asked, for Ctrl-C may come between an order and its handle."""
        self.ex.flatten(SYMBOL)

    def run(self, rounds: int | None) -> None:
        """Follow the mark price, for so many brackets or for ever."""
        prices = self.ex.stream(topics.mark_price(SYMBOL), policy="latest")
        while rounds is None or self.rounds < rounds:
            with contextlib.suppress(TimeoutError):
                self.on_price(prices.get(timeout=5).price)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--max-notional", default="1000", help="USDC of one order")
    parser.add_argument("--max-loss", type=int, default=50, help="USDC after which it ends")
    parser.add_argument("--rounds", type=int, help="stop after so many brackets")
    args = parser.parse_args()
    options: dict[str, Any] = {"market": "volatile", "speed": 20}
    if args.network != "paper":
        options = {"credentials": Credentials.from_env(), "cancel_on_silence": 60}
    with connect(args.network, max_notional=args.max_notional, **options) as ex:
        bot = BracketBot(ex, max_loss=args.max_loss, kill=Path("stop-trading"))
        try:
            print(f"brackets in {SYMBOL}; Ctrl-C ends it", flush=True)
            bot.run(args.rounds)
        except (KeyboardInterrupt, Halt) as exc:
            print(f"stopping {exc}")
        finally:
            bot.flatten()
            print(f"{len(ex.positions)} positions, {len(ex.algo_orders)} orders left, PnL {bot.pnl:.4f} USDC")


if __name__ == "__main__":
    main()
