"""One contender, one measurement, one fresh process: an order as JSON in its argument, its figures as JSON on a line.

CPU is that of this whole process, all its threads, user and system; the stub runs elsewhere and is not counted.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import warnings
from collections.abc import Sequence
from decimal import Decimal

from contenders import registry
from feed import Feed, throw_away_key
from sink import Sink

_BURSTS = {"algo": (20, 500), "execution": (20, 500), "book": (20, 100), "bbo": (20, 1000)}
_WARM_UP = 2
_PATIENCE = 30.0
_SETTLE = 0.25
_NUDGE = 0.1


class Control:
    """The line to the stub."""

    def __init__(self, port: int) -> None:
        self._sock = socket.create_connection(("127.0.0.1", port))
        self._lines = self._sock.makefile("rwb")

    def tell(self, **order: object) -> None:
        """Order without waiting for an answer."""
        self._lines.write(json.dumps(order).encode() + b"\n")
        self._lines.flush()

    def ask(self, **order: object) -> dict:
        """Order and wait for the answer."""
        self.tell(**order)
        return json.loads(self._lines.readline())


def _is_exact(value: object) -> bool:
    """Whether there is a Decimal in it, in the first of a sequence, or in a field."""
    if isinstance(value, Decimal):
        return True
    if isinstance(value, (tuple, list)):
        return bool(value) and _is_exact(value[0])
    return any(_is_exact(getattr(value, field.name)) for field in getattr(type(value), "__attrs_attrs__", ()))


def _hands_out(value: object) -> str:
    """What the callback or the caller got, in a few words."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "dict"
    if isinstance(value, Sequence):
        return _hands_out(value[0])
    return type(value).__name__ + (", exact" if _is_exact(value) else "")


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Feeding:
    """Sends a contender frames through the stub and waits until its callback has them."""

    def __init__(self, order: dict, contender) -> None:
        self.control = Control(order["control"])
        self.sink = Sink()
        self._kind = order["kind"]
        self._dialect = getattr(contender, "DIALECT", "orderly")
        self._newest_only = getattr(contender, "NEWEST_ONLY", False)
        self._next = 0

    def ready(self, topics: int = 1) -> None:
        """Wait until the stub has seen the subscription and the acknowledgement has been read."""
        if not self.control.ask(do="await", topics=topics)["ok"]:
            raise RuntimeError("it never subscribed")
        time.sleep(_SETTLE)

    def _span(self, count: int) -> dict:
        self.sink.arm(self._next, count)
        span = {"kind": self._kind, "dialect": self._dialect, "from": self._next, "count": count}
        self._next += count
        return span

    def _arrived(self, count: int) -> None:
        end = time.monotonic() + _PATIENCE
        # A client that hands out only the newest state may keep the last frame to itself until one more comes.
        while self._newest_only and not self.sink.done.wait(_NUDGE) and time.monotonic() < end:
            self.control.tell(
                do="burst", kind=self._kind, dialect=self._dialect, **{"from": self._next, "count": 1}
            )
            self._next += 1
        if not self.sink.done.wait(_PATIENCE):
            raise RuntimeError(f"{len(self.sink.times)} of {count} reached the callback")

    def burst(self, count: int) -> None:
        """Send at once."""
        self.control.tell(do="burst", **self._span(count))
        self._arrived(count)

    def pace(self, count: int, rate: int) -> list[float]:
        """Send at a rate; the latencies in µs, from before the stub's send to the callback."""
        sent = self.control.ask(do="pace", rate=rate, **self._span(count))["sent"]
        self._arrived(count)
        return [(got - start) / 1000 for start, got in zip(sent, self.sink.times, strict=False)]


def stream(order: dict, feed: Feed, contender) -> dict:
    """CPU per message in bursts, then latency and CPU at a steady rate."""
    feeding = Feeding(order, contender)
    feeding.control.ask(do="hello")
    held = contender.start(feed, feeding.sink)
    feeding.ready()
    bursts, size = _BURSTS[feed.base]
    for _ in range(_WARM_UP):
        feeding.burst(size)
    before = time.process_time_ns()
    for _ in range(bursts):
        feeding.burst(size)
    cpu = (time.process_time_ns() - before) / 1000 / (bursts * size)
    figures = {"cpu": cpu, "hands": _hands_out(feeding.sink.last)}
    if order["paced"]:
        before = time.process_time_ns()
        latencies = feeding.pace(order["paced"], order["rate"])
        figures["paced_cpu"] = (time.process_time_ns() - before) / 1000 / order["paced"]
        figures["p50"] = _percentile(latencies, 0.50)
        figures["p99"] = _percentile(latencies, 0.99)
    del held
    return figures


def rest(order: dict, feed: Feed, contender) -> dict:
    """Round trips one after the other; wall time and CPU of each operation."""
    figures = {}
    for name, call in contender.calls(feed).items():
        for _ in range(50):
            answer = call()
        times = []
        before = time.process_time_ns()
        for _ in range(order["calls"]):
            start = time.perf_counter_ns()
            answer = call()
            times.append((time.perf_counter_ns() - start) / 1000)
        figures[f"{name}_cpu"] = (time.process_time_ns() - before) / 1000 / order["calls"]
        figures[f"{name}_p50"] = _percentile(times, 0.50)
        figures[f"{name}_p99"] = _percentile(times, 0.99)
        figures[f"{name}_hands"] = _hands_out(answer)
    return figures


def main() -> None:
    """Do the one measurement asked for."""
    order = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    if order.get("cpu") is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {order["cpu"]})
    secret, key = throw_away_key()
    feed = Feed(ws=order["ws"], http=order["http"], kind=order.get("kind", "algo"), secret=secret, key=key)
    contender = registry.load(order["contender"])
    try:
        if order["mode"] in {"stream", "rest"}:
            figures = {"stream": stream, "rest": rest}[order["mode"]](order, feed, contender)
        else:
            import scale

            figures = getattr(scale, order["mode"])(order, feed, contender)
    except Exception as exc:
        figures = {"failed": f"{type(exc).__name__}: {exc}"[:160]}
    sys.stdout.write("\n" + json.dumps(figures) + "\n")
    sys.stdout.flush()
    # Some of the clients keep threads that never end; what they hold ends with the process.
    os._exit(0)


if __name__ == "__main__":
    main()
