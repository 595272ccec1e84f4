"""The order book of one market, once a second: best prices, spread, imbalance, and what a market order would cost.

    python examples/book_watch.py --network mainnet --symbol BTC

Market data needs no key. The book is right to the last update or it is not shown.
"""

import argparse
import time

from orderly_sync import StaleBook, connect


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--symbol", default="ETH")
    parser.add_argument("--quantity", default="5")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    with connect(args.network) as ex:
        end = time.monotonic() + args.seconds
        while time.monotonic() < end:
            try:
                book = ex.book(args.symbol)
            except StaleBook as exc:
                print(f"not shown: {exc}")
            else:
                cost = book.cost_to_fill("BUY", args.quantity)
                print(book)
                print(f"  spread {book.spread}, imbalance {book.imbalance() or 0:.2f}")
                print(f"  buying {args.quantity} costs {cost or 'more than there is'}")
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))


if __name__ == "__main__":
    main()
