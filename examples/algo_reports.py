"""Every report of a stop order and of a bracket, as the venue sends them.

    python examples/algo_reports.py

The venue is a paper one inside this process, and this script moves its market. On a real one, drop ``ex.paper`` and
connect with ``connect("testnet", credentials=Credentials.from_env())``.
"""

import time

from orderly_sync import AlgoExecutionReport, Bracket, Market, Stop, connect, topics

SYMBOL = "PERP_ETH_USDC"


def main() -> None:
    printed: list[AlgoExecutionReport] = []
    with connect("paper", market="frozen") as ex:

        @ex.on(topics.algo_execution_report(), symbol=SYMBOL)
        def on_report(report: AlgoExecutionReport) -> None:
            fill = f", filled {report.filled} at {report.average_executed_price}" if report.filled else ""
            print(
                f"{report.algo_order_id} {report.algo_type}: {report.algo_status}, {report.trigger_status}{fill}"
            )
            printed.append(report)

        ex.place(Market.buy(SYMBOL, quantity="0.5")).wait("filled")
        price = round(ex.rest.market.futures_info(SYMBOL).mark_price or 0)

        stop = ex.place(Stop.sell(SYMBOL, quantity="0.5", trigger=price - 10))
        ex.paper.set_mark_price(SYMBOL, price - 10)
        stop.wait("filled", timeout=30)

        bracket = ex.place(Bracket.buy(SYMBOL, quantity="0.3", take_profit=price + 10, stop_loss=price - 40))
        ex.paper.set_mark_price(SYMBOL, price + 10)
        bracket.wait("done", timeout=30)

        while len(printed) < len(stop.reports) + len(bracket.reports):
            time.sleep(0.01)  # a handle knows of a report before the hooks' turn comes
        print(f"the stop sent {len(stop.reports)} reports, the bracket {len(bracket.reports)}")


if __name__ == "__main__":
    main()
