"""Trade on paper against live prices: a paper venue in this process whose market is another network's.

    python examples/paper_on_live.py --follow mainnet --seconds 3600

Prices are those of the followed network, read from its public stream without a key; orders, fills, positions and
money are on paper. This one buys when the price has risen for three looks in a row and sells when it has fallen.
"""

import argparse
import time
from collections import deque
from decimal import Decimal
from itertools import pairwise

from orderly_sync import Market, connect, topics

SYMBOL = "PERP_ETH_USDC"
QUANTITY = Decimal("0.1")
LOOKS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--follow", default="mainnet", help="mainnet, testnet or the URL of a public stream")
    parser.add_argument("--seconds", type=float, default=600)
    args = parser.parse_args()
    with connect("paper", follow=args.follow) as ex:
        last: deque[Decimal] = deque(maxlen=LOOKS + 1)
        end = time.monotonic() + args.seconds
        for mark in ex.stream(topics.mark_price(SYMBOL), policy="latest", idle=10):
            last.append(mark.price)
            steps = [later - sooner for sooner, later in pairwise(last)]
            held = ex.positions[SYMBOL].quantity if SYMBOL in ex.positions else Decimal(0)
            print(f"{mark.price}, holding {held}")
            if len(steps) == LOOKS and min(steps) > 0 and held <= 0:
                print(ex.place(Market.buy(SYMBOL, quantity=QUANTITY)).wait("filled"))
            elif len(steps) == LOOKS and max(steps) < 0 and held > 0:
                print(ex.place(Market.sell(SYMBOL, quantity=held, reduce_only=True)).wait("filled"))
            if time.monotonic() > end:
                break
        print(f"{len(ex.rest.orders.fills(symbol=SYMBOL))} fills, {ex.holdings['USDC'].holding} USDC")


if __name__ == "__main__":
    main()
