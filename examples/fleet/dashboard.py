"""The fleet's dashboard: reads only, without a key; says every second how the account stands."""

from __future__ import annotations

from threading import Event

from fleet_client import over_relay

from orderly_sync import ExecutionReport, GapOpened, topics


def main() -> None:
    """Show the account until Ctrl-C."""
    reports: list[ExecutionReport] = []
    with over_relay(None) as client:
        client.on(topics.execution_report(), reports.append)
        client.on(GapOpened, print)
        try:
            while not Event().wait(1.0):
                held = ", ".join(f"{row.symbol} {row.quantity}" for row in client.positions.values())
                usdc = client.holdings["USDC"].holding
                print(
                    f"dashboard: {client.status}, {len(reports)} reports, {usdc} USDC, {held or 'flat'}",
                    flush=True,
                )
        except KeyboardInterrupt:
            print("dashboard: ended", flush=True)


if __name__ == "__main__":
    main()
