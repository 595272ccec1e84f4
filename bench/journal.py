"""Reports a second from the frames of the venue to a hook's return, with the journal and without, in one run.

    python -m bench.journal --events 40000

The frames are fed to the client's own decoder, so that what is measured is the client: decoding, order, state, journal,
hook. Each report is on the disk before its hook is called and marked after. Prints both rates and their ratio, by the
clock and by the seconds of CPU, which the neighbours on a busy machine do not change.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path

from orderly_sync import connect, topics

FRAME = (
    '{{"topic":"executionreport","ts":{ts},"data":{{"symbol":"PERP_ETH_USDC","clientOrderId":"bench{order}","orderId":{order},'
    '"type":"LIMIT","side":"BUY","quantity":1,"price":3000,"tradeId":{trade},"executedPrice":3000,"executedQuantity":{part},'
    '"fee":0.0001,"feeAsset":"USDC","totalExecutedQuantity":{total},"avgExecutedPrice":3000,"status":"{status}","reason":"",'
    '"totalFee":0.0001,"visibleQuantity":1,"timestamp":{ts},"maker":true,"reduceOnly":false,"marginMode":"CROSS"}}}}'
)


def frames(count: int, first: int, ts: int) -> list[bytes]:
    """So many reports: each order's NEW, three parts of its filling, and the last."""
    made = []
    for number in range(count):
        order, step = first + number // 5, number % 5
        status = ("NEW", "PARTIAL_FILLED", "PARTIAL_FILLED", "PARTIAL_FILLED", "FILLED")[step]
        text = FRAME.format(
            ts=ts,
            order=order,
            trade=step and order * 10 + step,
            part="0.25" if step else 0,
            total=f"{step * 0.25}" if step else 0,
            status=status,
        )
        made.append(text.encode())
    return made


def rate(count: int, journal: Path | None) -> tuple[float, float]:
    """Reports a second, and reports a second of CPU."""
    with connect("paper", market="frozen", journal=journal) as ex:
        done, left = threading.Event(), count

        def hook(_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set()

        ex.on(topics.execution_report(), hook)
        connection = ex._stream.hub.connections["private"]
        given = frames(count, 10_000_000, ex._stream.hub.watermark() or 0)
        dispatcher = ex._stream.hub.dispatcher
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, count, 500):
            chunk = given[start : start + 500]

            def feed(now: float, chunk: list[bytes] = chunk) -> None:
                for text in chunk:
                    connection.reader.read(text, now)

            connection.between_frames(feed)
            while dispatcher.room < 2_000:  # hooks are slower than the network of this machine: no overflow
                time.sleep(0.001)
        if not done.wait(120):
            raise SystemExit(f"{left} reports did not come")
        return count / (time.perf_counter() - began), count / (time.process_time() - cpu)


def main() -> None:
    """Measure both, turn by turn, and print the better of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    without, with_journal = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(wanted.rounds):
            without.append(rate(wanted.events, None))
            with_journal.append(rate(wanted.events, Path(folder) / f"{number}.db"))
    for place, what in enumerate(("second", "second of CPU")):
        plain, kept = (max(figures[place] for figures in runs) for runs in (without, with_journal))
        print(
            f"reports a {what}: without a journal {plain:,.0f}, with it {kept:,.0f}, ratio {kept / plain:.2f}"
        )


if __name__ == "__main__":
    main()
