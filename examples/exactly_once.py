"""Fills in a table of your own, each exactly once, whatever kills this program.

    python examples/exactly_once.py --journal bot.db

The table is in the journal's file: a fill's row and the mark that its report was taken are committed together. Killed
before that, the next run is given the report again; killed after it, never. A paper venue in this process is a new one
each time; to see it survive, kill and start this against a venue that goes on: a testnet, or ``orderly-sync venue``.
"""

import argparse

from orderly_sync import ExecutionReport, JournalDegraded, Market, connect, topics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--network", default="paper")
    parser.add_argument("--journal", default="bot.db")
    parser.add_argument("--trades", type=int, default=3)
    args = parser.parse_args()
    with connect(args.network, journal=args.journal) as ex:

        @ex.on(topics.execution_report())
        def keep(report: ExecutionReport) -> None:
            if not report.is_fill:
                return
            with ex.journal.transaction() as db:
                db.execute(
                    "CREATE TABLE IF NOT EXISTS fills (id TEXT PRIMARY KEY, quantity TEXT, price TEXT)"
                )
                values = (report.event_id, str(report.executed_quantity), str(report.executed_price))
                db.execute("INSERT INTO fills VALUES (?, ?, ?)", values)
            print(f"kept {report.event_id}{' again' if report.redelivered else ''}")

        @ex.on(JournalDegraded)
        def warn(trouble: JournalDegraded) -> None:
            print(trouble)

        for _ in range(args.trades):
            ex.place(Market.buy("ETH", quantity="0.1")).wait("filled")


if __name__ == "__main__":
    main()
