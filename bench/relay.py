"""What the way over a relay costs, in one run: latency beside a direct hook, CPU by readers, events a second.

    python -m bench.relay --events 5000 --readers 1 10 100 1000

Frames are fed to the client's own decoder at 1,000 a second, as its socket would. ``direct`` is a hook of that
client, ``relay`` one of a bot in a process of its own; both count from the moment the frame was given to the decoder.
Readers are plain connections that wait for each entry, in a process of their own; the relay's CPU is that of the
whole process with its client and the venue.
"""

from __future__ import annotations

import argparse
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from orderly_sync import Relay, connect, topics
from tests.support.redis_servers import redis_program, served_redis

FRAME = (
    '{{"topic":"executionreport","ts":{ts},"data":{{"symbol":"PERP_ETH_USDC","clientOrderId":"b{ns}","orderId":{order},'
    '"type":"LIMIT","side":"BUY","quantity":1,"price":3000,"tradeId":0,"executedPrice":0,"executedQuantity":0,"fee":0,'
    '"feeAsset":"USDC","totalExecutedQuantity":0,"avgExecutedPrice":0,"status":"{status}","reason":"","totalFee":0,'
    '"visibleQuantity":1,"timestamp":{ts},"maker":true,"reduceOnly":false,"marginMode":"CROSS"}}}}'
)
REPORTS = topics.execution_report()
KEY = b"{orderly}:events:executionreport"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Feed:
    """Gives frames to a client's decoder, on its I/O thread."""

    def __init__(self, ex) -> None:
        self._connection = ex._stream.hub.connections["private"]
        self._order, self._ts = (
            5_000_000_000,
            ex.paper.now() if hasattr(ex.paper, "now") else 1_800_000_000_000,
        )

    def give(self, pause: float, count: int) -> None:
        """So many frames, one each ``pause`` seconds."""
        due = time.monotonic()
        for _ in range(count):
            self._order += 1
            order = self._order
            self._connection.driver.submit(lambda now, order=order: self._read(order, now))
            due += pause
            if pause:
                time.sleep(max(0.0, due - time.monotonic()))

    def _read(self, order: int, now: float) -> None:
        text = FRAME.format(ts=self._ts, order=order, ns=time.monotonic_ns(), status="REJECTED")
        self._connection.reader.read(text.encode(), now)


def bot(url: str, count: int) -> None:
    """Prints p50 and p99 of so many events, in microseconds."""
    took: list[float] = []
    done = threading.Event()

    def hook(report) -> None:
        took.append((time.monotonic_ns() - int(report.client_order_id[1:])) / 1000)
        if len(took) == count:
            done.set()

    with connect(via=url) as client:
        client.on(REPORTS, hook)
        print("ready", flush=True)
        done.wait(120)
    print(percentile(took, 0.5), percentile(took, 0.99), flush=True)


def readers(url: str, count: int) -> None:
    """So many connections that wait for each entry, until the process is ended."""
    place = urlsplit(url)
    selector = selectors.DefaultSelector()
    ask = b"*6\r\n$5\r\nXREAD\r\n$5\r\nBLOCK\r\n$1\r\n0\r\n$7\r\nSTREAMS\r\n$%d\r\n%s\r\n$1\r\n$\r\n" % (
        len(KEY),
        KEY,
    )
    for _ in range(count):
        sock = socket.create_connection((place.hostname, place.port))
        sock.sendall(ask)
        selector.register(sock, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            key.fileobj.recv(65536)
            key.fileobj.sendall(ask)


def part(*words: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.relay", "--part", *map(str, words)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def until_published(relay: Relay, count: int) -> None:
    while relay.stats()["published"] < count or relay.stats()["waiting"]:
        time.sleep(0.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs="+")
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--readers", type=int, nargs="*", default=[1, 10, 100, 1000])
    options = parser.parse_args()
    if options.part:
        kind, url, count = options.part
        (bot if kind == "bot" else readers)(url, int(count))
        return
    if redis_program() is None:
        print("no Redis is installed, so the relay is not measured; on Debian: apt-get install redis-server")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        served_redis(Path(folder)) as redis,
        connect("paper", market="frozen", rate_limits=False) as ex,
        Relay(ex, redis.url) as relay,
    ):
        relay.wait_leading(10)
        feed, took = Feed(ex), []
        hook = ex.on(
            REPORTS,
            lambda report: took.append((time.monotonic_ns() - int(report.client_order_id[1:])) / 1000),
        )
        far = part("bot", redis.url, options.events)
        feed.give(0.001, options.events)
        said, _ = far.communicate(timeout=120)
        p50, p99 = map(float, said.split())
        hook.remove()
        print(f"direct  p50 {percentile(took, 0.5):8.0f} us  p99 {percentile(took, 0.99):8.0f} us")
        print(f"relay   p50 {p50:8.0f} us  p99 {p99:8.0f} us")
        first = None
        for count in options.readers:
            crowd = part("readers", redis.url, count)
            before, published = time.process_time(), relay.stats()["published"]
            feed.give(0.001, options.events)
            until_published(relay, published + options.events)
            each = (time.process_time() - before) / options.events * 1e6
            crowd.kill()
            crowd.wait()
            crowd.stdout.close()
            first = first or each
            print(f"{count:5} readers: {each:6.0f} us of CPU an event, {each / first:.2f} x")
        began, published = time.monotonic(), relay.stats()["published"]
        feed.give(0.0, options.events * 4)
        until_published(relay, published + options.events * 4)
        print(f"one relay carries {options.events * 4 / (time.monotonic() - began):.0f} events a second")


if __name__ == "__main__":
    main()
