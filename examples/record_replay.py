"""Record a session, then play it back: the same hook, the same calls, no network.

    python examples/record_replay.py day.jsonl.gz

A replay runs as fast as it can, in your thread; ``Replay(path, speed=1)`` keeps the pace of the recording.
"""

import argparse
import tempfile
from pathlib import Path

from orderly_sync import AlgoExecutionReport, Market, Replay, Stop, connect, topics

SYMBOL = "PERP_ETH_USDC"


def line(report: AlgoExecutionReport) -> str:
    return f"{report.time:%H:%M:%S.%f} {report.algo_type} {report.algo_status} filled {report.filled}"


def record(path: Path) -> list[str]:
    seen: list[str] = []
    with connect("paper", market="frozen", record=path) as ex:
        ex.on(topics.algo_execution_report(), lambda report: seen.append(line(report)))
        ex.place(Market.buy(SYMBOL, quantity="0.5")).wait("filled")
        price = round(ex.rest.market.futures_info(SYMBOL).mark_price or 0)
        stop = ex.place(Stop.sell(SYMBOL, quantity="0.5", trigger=price - 10))
        ex.paper.set_mark_price(SYMBOL, price - 10)
        stop.wait("done", timeout=30)
    return seen


def replay(path: Path) -> list[str]:
    again = Replay(path)
    seen = [line(report) for report in again.stream(topics.algo_execution_report())]
    print(f"played {again.frames} frames, {again.damaged} damaged; at the end: {again.positions!r}")
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, help="a new file; in a temporary folder if left out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.path or Path(folder) / "day.jsonl.gz"
        live = record(path)
        print(*live, sep="\n")
        played = replay(path)
        # The hook may have been stopped before it saw the last reports; what it saw, the replay tells again.
        print("the same reports" if played[: len(live)] == live else "NOT the same reports")


if __name__ == "__main__":
    main()
