"""A bot with a journal, to be killed: it writes each report that its hook is given to a file, and trades a little.

Run as ``python -m tests.support.killed_bot LINE JOURNAL TOLD SEED``.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from typing import Any

from orderly_sync import Limit, Market, connect, topics
from orderly_sync.errors import OrderlyError

LAST = "last"
"""The seed of a life in which nothing is placed."""


def main(line: str, journal: str, told: str, seed: str) -> None:
    """Trade until killed, or until the standard input ends."""
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    ended = threading.Event()

    def note(report: Any) -> None:
        flags = f"{int(report.recovered)}{int(report.redelivered)}{int(report.out_of_order)}"
        os.write(out, f"{report.event_id} {flags} {os.getpid()}\n".encode())

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    with connect(line, journal=journal, rate_limits=False) as ex:
        ex.on(topics.execution_report(), note)
        ex.on(topics.algo_execution_report(), note)
        print("ready", flush=True)  # noqa: T201
        chance = random.Random(seed)
        # In its last life it only listens: of what it would place as it ends, it might not hear.
        while not ended.wait(0.02 if seed != LAST else None):
            side = chance.choice(["buy", "sell"])
            try:
                if chance.random() < 0.7:
                    ex.place(getattr(Market, side)("ETH", quantity="0.01"))
                else:
                    ex.place(Limit.buy("ETH", quantity="0.01", price="3000")).cancel()
            except OrderlyError as exc:
                print(exc, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
