"""What the package asks of its own accord leaves room for the user. No test here waits: the clock is moved by hand."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock import ManualClock
from orderly_sync.errors import RateLimited
from orderly_sync.rest.rate_limiter import LATE_MS, RateLimiter
from orderly_sync.rest.rate_share import AUDIT, BACKGROUND, in_background, rate_shares
from orderly_sync.wire.rate_limits import DEFAULT, RATE_LIMITS, RateLimit, rate_limit

READS = [
    ("GET", "/v1/orders"),
    ("GET", "/v1/trades"),
    ("GET", "/v1/algo/orders"),
    ("GET", "/v1/positions"),
    ("GET", "/v1/client/info"),
    ("GET", "/v1/order/{order_id}/trades"),
]
SHARED = sorted({limit for limit in [*RATE_LIMITS.values(), DEFAULT] if limit.requests > 1}, key=str)


class Asking:
    """Requests at a pace, on a clock that is moved by them alone."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.pace = RateLimiter(self.clock)

    def ask(self, key: tuple[str, str], weight: int = 1) -> float:
        """When one left."""
        self.pace.acquire(*key, deadline=self.clock.monotonic() + 120, weight=weight)
        return self.clock.monotonic()

    def waits(self, key: tuple[str, str]) -> float:
        """For how long one of the user's waits."""
        before = self.clock.monotonic()
        return self.ask(key) - before

    def audited(self, key: tuple[str, str], count: int) -> int:
        """How many of an audit's requests are let through."""
        passed = 0
        with in_background(audit=True):
            for _ in range(count):
                try:
                    self.ask(key)
                    passed += 1
                except RateLimited:
                    continue
        return passed


@pytest.mark.parametrize("key", READS)
def test_the_user_has_his_turn_at_once_while_much_is_recovered(key):
    """Whenever he has asked nothing for a window, three tenths of the limit are his without a wait."""
    asking = Asking()
    limit = rate_limit(*key)
    own = limit.requests * 3 // 10
    last = -limit.seconds * 2.0
    turns = 0
    for _ in range(limit.requests * 4):
        with in_background():
            asking.ask(key)
        if asking.clock.monotonic() - last > limit.seconds + 2 * LATE_MS / 1000:
            assert [asking.waits(key) for _ in range(own)] == [0.0] * own
            last = asking.clock.monotonic()
            turns += 1
    assert turns >= 3


@pytest.mark.parametrize("limit", SHARED, ids=lambda limit: f"{limit.requests}-in-{limit.seconds}s")
def test_no_window_holds_more_than_the_background_may_use(limit):
    """Seven tenths of every limit that the venue has, however much there is to read."""
    key = next((key for key, one in RATE_LIMITS.items() if one == limit), READS[0])
    asking = Asking()
    with in_background():
        for_windows = BACKGROUND.of(limit).requests * 3
        left = [asking.clock.monotonic() for _ in range(for_windows) if asking.ask(key) is not None]
    most = max(sum(1 for one in left if start <= one < start + limit.seconds) for start in left)
    assert most == BACKGROUND.of(limit).requests
    assert most <= max(1, 0.7 * limit.requests)


def test_a_limit_of_one_is_not_shared():
    """The background may still ask: nothing smaller than a request can be had of it."""
    asking = Asking()
    with in_background():
        asking.ask(("GET", "/v1/client/leverage"))
        assert asking.waits(("GET", "/v1/client/leverage")) == pytest.approx(1 + LATE_MS / 1000, abs=0.002)
    assert BACKGROUND.of(RateLimit(1, 60)) == RateLimit(1, 60)


@pytest.mark.parametrize("key", READS)
def test_an_audit_uses_a_twentieth(key):
    """Of what the venue allows in twenty windows, audits get one window's worth, then no more until that is over."""
    limit = rate_limit(*key)
    asking = Asking()
    passed = 0
    while asking.clock.monotonic() < limit.seconds * 20:
        passed += asking.audited(key, 1)
        asking.clock.advance(limit.seconds / 50)
    assert passed <= 0.05 * limit.requests * 20
    assert passed == AUDIT.of(limit).requests
    asking.clock.advance(limit.seconds * 20)
    assert asking.audited(key, 1) == 1


def test_an_audit_without_room_is_refused_and_has_cost_nothing():
    """It never holds up the reading of a gap, which has its own share whole."""
    asking = Asking()
    key = READS[0]
    passed = [asking.audited(key, 7)]
    asking.clock.advance(2)
    passed.append(asking.audited(key, 30))
    assert passed == [7, 3]
    asking.clock.advance(2)
    with (
        in_background(audit=True),
        pytest.raises(RateLimited, match="own requests use 5 % at most") as caught,
    ):
        asking.ask(key)
    assert caught.value.retry_after > 10
    assert asking.clock.monotonic() == 4
    with in_background():
        assert [asking.waits(key) for _ in range(7)] == [0.0] * 7


def test_what_waits_for_the_limit_itself_takes_nothing_of_its_share():
    """A place is taken in both at once: a turn that is refused by the limit may be had of the share when it comes."""
    asking = Asking()
    key = READS[1]
    for _ in range(10):
        asking.ask(key)
    with in_background():
        for _ in range(20):
            with pytest.raises(RateLimited):
                asking.pace.acquire(*key, deadline=asking.clock.monotonic())
        asking.clock.advance(1 + 2 * LATE_MS / 1000)
        assert [asking.waits(key) for _ in range(7)] == [0.0] * 7


def test_the_users_hurry_leaves_no_more_than_the_limit():
    """Own and background requests together keep the venue's limit."""
    asking = Asking()
    left = Counter()
    for turn in range(60):
        if turn % 2:
            left[int(asking.ask(READS[0]) * 1000) // 1000] += 1
        else:
            with in_background():
                left[int(asking.ask(READS[0]) * 1000) // 1000] += 1
    assert max(left.values()) <= 10


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 0.5), st.integers(1, 4)), max_size=60))
def test_however_they_mix_both_limits_hold(steps):
    """Of any weights at any times."""
    asking = Asking()
    left: list[tuple[float, bool, int]] = []
    for background, pause, weight in steps:
        asking.clock.advance(pause)
        if background:
            with in_background():
                at = asking.ask(READS[0], weight)
        else:
            at = asking.ask(READS[0], weight)
        left.append((at, background, weight))
    for start, _, _ in left:
        inside = [(mine, weight) for at, mine, weight in left if start <= at < start + 1]
        assert sum(weight for _, weight in inside) <= 10
        assert sum(weight for mine, weight in inside if mine) <= 7


def test_only_the_block_and_its_thread_count_as_background():
    """The mark ends with its block, whatever ends that, and no other thread bears it."""
    seen = []

    def block() -> None:
        with in_background(audit=True):
            assert rate_shares() == (AUDIT, BACKGROUND)
            with in_background():
                assert rate_shares() == (BACKGROUND,)
            other = threading.Thread(target=lambda: seen.append(rate_shares()))
            other.start()
            other.join()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        block()
    assert (rate_shares(), seen) == ((), [()])
