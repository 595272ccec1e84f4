"""A blocking loop as old bots have it: wait for an event or do the housekeeping; one thread, no callbacks.

    python examples/legacy_loop.py --rounds 20

``numbers=float`` gives floats to code that was written for them.
"""

import argparse
import contextlib
import time

from orderly_sync import Disconnected, Limit, NotFound, Overflow, connect, topics

SYMBOL = "PERP_ETH_USDC"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    args = parser.parse_args()
    ex = connect("paper", numbers=float)
    reports = ex.stream(topics.execution_report(), symbol=SYMBOL)
    order = None
    for number in range(1, args.rounds + 1):
        if order is None or order.is_done:
            price = ex.rest.market.futures_info(SYMBOL).mark_price or 0
            order = ex.place(Limit.buy(SYMBOL, quantity=0.01, price=round(price) - 5))
        try:
            report = reports.get(timeout=0.5)
        except TimeoutError:
            print(f"{number}: nothing new; the order is cancelled, a better one will follow")
            with contextlib.suppress(NotFound):  # it was filled just now
                order.cancel()
            continue
        except Overflow as exc:
            print(f"{number}: {exc}; the state is read again by itself")
            continue
        except Disconnected as exc:
            print(f"{number}: the stream has given up: {exc}")
            break
        print(f"{number}: order {report.order_id} is {report.status} at {report.price}")
        time.sleep(0.05)  # blocking is fine: the threads go on
    ex.stop()  # not needed: a script ends without it


if __name__ == "__main__":
    main()
