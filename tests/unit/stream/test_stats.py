"""A stream's counters."""

from __future__ import annotations

import threading
import time

from orderly_sync import topics
from tests.support.streams import WAIT, make, mark, report
from tests.support.wire_server import WireServer


def test_counters_before_anything_happened():
    """A stream that was never started has plain zeros."""
    with WireServer() as server:
        stream = make(server)
        stats = stream.stats()
        assert stats["hooks_waiting"] == 0
        assert stats["hook_running"] is None
        assert (stats["connections"], stats["topics"], stats["hooks"]) == ({}, {}, [])


def test_counters_tell_of_connections_topics_and_hooks():
    """Pushes, rates, ages, waiting and dropped events, calls and durations of hooks, the hook under way."""
    entered, release = threading.Event(), threading.Event()

    def hook(_: object) -> None:
        entered.set()
        release.wait(WAIT)

    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), hook)
        events = stream.stream(topics.execution_report(), maxlen=1)
        prices = stream.stream(topics.mark_price("ETH"), policy="latest")
        marks = stream.stream(topics.mark_price("ETH"))
        for number in (1, 2):
            server.peer(0).send(report(number))
        public = server.wait_subscribed("PERP_ETH_USDC@markprice", 1)
        for number in (1, 2):
            public.send(mark(number, ts=number))
        marks.get(timeout=WAIT)
        marks.get(timeout=WAIT)
        assert entered.wait(WAIT)
        stats = stream.stats()
        release.set()
        reports, mark_price = stats["topics"]["executionreport"], stats["topics"]["PERP_ETH_USDC@markprice"]
        assert stats["hook_running"] == f"{__name__}.{hook.__qualname__}"
        assert mark_price["pushes"] == 2
        assert mark_price["age"] >= 0
        assert mark_price["conflated"] == 1
        assert reports["waiting"] <= 1
        assert stats["connections"]["private"]["dials"] == 1
        assert stats["connections"]["public"]["state"] == "ready"
        assert stats["connections"]["private"]["bytes"] > 0
        assert stats["hooks"][0]["topic"] == "executionreport"
        assert (len(events), prices.conflated) == (1, 1)


def test_a_time_of_another_week_is_no_lag():
    """A frozen market stands at the first of January; a push of a moment ago has one."""
    with WireServer() as server, make(server) as stream:
        prices = stream.stream(topics.mark_price("ETH"))
        public = server.wait_subscribed("PERP_ETH_USDC@markprice", 0)
        for ts, low, high in (
            (1_767_225_600_000, None, None),
            (time.time_ns() // 1_000_000 - 3_000, 2, WAIT),
        ):
            public.send(mark(1, ts=ts))
            prices.get(timeout=WAIT)
            lag = stream.stats()["topics"]["PERP_ETH_USDC@markprice"]["lag"]
            assert lag is None if low is None else low < lag < high
