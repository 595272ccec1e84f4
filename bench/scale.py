"""Memory and threads of one process: a hook that never returns, many topics, many clients."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from feed import Feed


def _rss() -> float:
    """The resident memory of this process in MiB; its peak so far where /proc is missing."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * 4096 / 2**20


class Watch:
    """The memory and the threads that came since it was made, and the peak between."""

    def __init__(self) -> None:
        self._start = _rss()
        self._threads = threading.active_count()
        self._peak = self._start

    def look(self) -> float:
        """Measure now; what came since the start, in MiB."""
        now = _rss()
        self._peak = max(self._peak, now)
        return now - self._start

    def until_quiet(self, patience: float = 60.0) -> None:
        """Until the process uses no CPU any more."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            before = time.process_time()
            for _ in range(5):
                time.sleep(0.1)
                self.look()
            if time.process_time() - before < 0.02:
                return

    def figures(self, **more: object) -> dict:
        """What to print."""
        return {
            "more": self.look(),
            "peak": self._peak - self._start,
            "threads": threading.active_count() - self._threads,
            **more,
        }


def stuck(order: dict, feed: Feed, contender) -> dict:
    """Very many reports while the first call of the hook has not returned."""
    from child import Control

    release, entered = threading.Event(), threading.Event()

    class Stuck:
        seen = 0

        def take(self, _report: object) -> None:
            self.seen += 1
            entered.set()
            release.wait()

    hook = Stuck()
    control = Control(order["control"])
    control.ask(do="hello")
    held = contender.start(feed, hook)
    span = {"kind": order["kind"], "dialect": "orderly"}
    if not control.ask(do="await", topics=1)["ok"]:
        raise RuntimeError("it never subscribed")
    control.tell(do="burst", **span, **{"from": 0, "count": 1})
    if not entered.wait(10):
        raise RuntimeError("the hook was never called")
    watch = Watch()
    control.tell(do="flood", **span, **{"from": 1, "count": order["count"]})
    watch.until_quiet()
    figures = watch.figures()
    release.set()
    watch.until_quiet()
    figures["remark"] = f"aim: under 100 MiB; {hook.seen - 1:,} handed out once it went on"
    del held
    return figures


def topics(order: dict, feed: Feed, _contender) -> dict:
    """Very many topics on one client, and a push on the last of them."""
    from child import Control
    from contenders.orderly_sync_stream import credentials, network

    from orderly_sync import Stream
    from orderly_sync import topics as typed

    control = Control(order["control"])
    control.ask(do="hello")
    watch = Watch()
    stream = Stream(network(feed), credentials(feed))
    for index in range(order["count"]):
        stream.on(typed.bbo(f"PERP_T{index}_USDC"), lambda _bbo: None)
    start = time.monotonic()
    cpu = time.process_time()
    stream.start()
    if not control.ask(do="await", topics=order["count"])["ok"]:
        raise RuntimeError("not all topics were subscribed")
    took, cpu = time.monotonic() - start, time.process_time() - cpu
    watch.until_quiet()
    return watch.figures(remark=f"subscribed in {took:.2f} s, {cpu:.2f} s of CPU")


def many(order: dict, feed: Feed, contender) -> dict:
    """Many clients in one process, each with one topic."""
    from child import Control
    from sink import Sink

    control = Control(order["control"])
    held = []
    control.ask(do="hello")
    held.append(contender.start(feed, Sink()))  # the imports belong to the first client
    control.ask(do="await", topics=1)
    watch = Watch()
    for _ in range(order["count"]):
        control.ask(do="hello")
        held.append(contender.start(feed, Sink()))
        if not control.ask(do="await", topics=1)["ok"]:
            raise RuntimeError(f"client {len(held)} never subscribed")
    watch.until_quiet()
    figures = watch.figures()
    figures["remark"] = f"{figures['more'] / order['count'] * 1024:,.0f} KiB a client"
    return figures
