"""The venue's limits are kept by waiting. No test here waits: the clock is moved by hand."""

from __future__ import annotations

import math
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock import ManualClock, SystemClock
from orderly_sync.errors import RateLimited
from orderly_sync.rest.rate_limiter import LATE_MS, RateLimiter
from orderly_sync.wire.rate_limits import RateLimit, rate_limit


def test_requests_wait_for_their_window():
    """Ten in a second pass at once, the eleventh when the first is a second old."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    times = []
    for _ in range(25):
        pace.acquire("GET", "/v1/orders", deadline=60)
        times.append(clock.monotonic())

    assert times[:10] == [0] * 10
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[10:], strict=False))
    assert clock.monotonic() < 2.0 + 2 * LATE_MS / 1000 + 0.01


@given(
    st.lists(st.tuples(st.floats(0, 0.4), st.floats(0, LATE_MS / 1000 - 0.002)), min_size=20, max_size=60),
    st.floats(0, 1),
)
def test_requests_that_take_their_time_on_the_way_meet_in_no_window(steps, began):
    """However long each was under way, within reason, the venue never counts more than it allows in a second."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    arrived = Counter()
    for pause, under_way in steps:
        clock.advance(pause)
        pace.acquire("POST", "/v1/algo/order", deadline=clock.monotonic() + 60)
        arrived[math.floor(began + clock.monotonic() + under_way)] += 1

    assert max(arrived.values()) <= rate_limit("POST", "/v1/algo/order").requests


def test_each_operation_has_its_own_window():
    """Verb and path tell them apart."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    for method in ("PUT", "DELETE"):
        for _ in range(5):
            pace.acquire(method, "/v1/algo/order", deadline=60)
    assert clock.monotonic() == 0
    pace.acquire("PUT", "/v1/algo/order", deadline=60)
    assert 1 <= clock.monotonic() < 1.1


def test_a_wait_beyond_the_deadline_is_refused():
    """At once, with how long it would have been; nothing was waited or sent."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    pace.acquire("GET", "/v1/client/aggregate/holding", deadline=10)
    with pytest.raises(RateLimited, match="allows 1 in 60 s") as caught:
        pace.acquire("GET", "/v1/client/aggregate/holding", deadline=10)
    assert 59 < caught.value.retry_after <= 60.1
    assert (caught.value.status, clock.monotonic()) == (None, 0)


def test_a_batch_counts_as_its_orders():
    """Ten orders in a batch use up the second of the single orders too."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    pace.acquire("POST", "/v1/batch-order", deadline=60, weight=10)
    pace.acquire("POST", "/v1/order", deadline=60)
    assert 1 <= clock.monotonic() < 1.1


def test_a_weight_uses_up_so_much():
    """1200 in a minute; what weighs nothing passes always."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    for _ in range(60):
        pace.acquire("POST", "/v1/public/query", deadline=60, weight=20)
    pace.acquire("POST", "/v1/public/query", deadline=60, weight=0)
    assert clock.monotonic() == 0
    with pytest.raises(RateLimited):
        pace.acquire("POST", "/v1/public/query", deadline=50, weight=1)


def test_its_use_is_visible():
    """How much of each window is used, and what was waited."""
    clock = ManualClock()
    pace = RateLimiter(clock)
    for _ in range(11):
        pace.acquire("GET", "/v1/orders", deadline=60)
    use = pace.use()["GET /v1/orders"]

    assert (use.limit, use.waits) == (RateLimit(10, 1), 1)
    assert 1 <= use.waited < 1.1
    assert 1 <= use.used <= 10
    clock.advance(5)
    assert pace.use()["GET /v1/orders"].used == 0


def test_threads_share_it():
    """Together they get no more than one would."""
    pace = RateLimiter(SystemClock())
    refused = []

    def ask():
        for _ in range(10):
            try:
                pace.acquire("GET", "/v1/client/info", deadline=0)
            except RateLimited:
                refused.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 70
