"""The account's rate limits, shared: who is let through, what is kept for cancels, and what a Redis that fails costs."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from orderly_sync.relay import rate_limits as module
from orderly_sync.relay.rate_limits import RESERVED, SharedRateLimits, share_of
from orderly_sync.relay_errors import RelayUnreachable
from orderly_sync.wire.rate_limits import rate_limit
from tests.support.memory_bots import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDER = ("POST", "/v1/order")
CANCEL = ("DELETE", "/v1/order")


class Bucket:
    """One in Redis, as pyrate-limiter's: a window that all processes see."""

    def __init__(self, rates: list[Any], rows: list[tuple[int, int]]) -> None:
        (self.rate,) = rates
        self.rows = rows

    def leak(self, now: int) -> None:
        self.rows[:] = [row for row in self.rows if row[0] > now - self.rate.interval]

    def _taken(self, now: int) -> int:
        return sum(weight for at, weight in self.rows if at > now - self.rate.interval)

    def put(self, item: Any) -> bool:
        if self._taken(item.timestamp) + item.weight > self.rate.limit:
            return False
        self.rows.append((item.timestamp, item.weight))
        return True

    def waiting(self, item: Any) -> int:
        return int(self.rows[0][0] + self.rate.interval - item.timestamp)


class Redis:
    """What all bots of an account share."""

    client = None

    def __init__(self) -> None:
        self.now = 1_000_000
        self.fails = False
        self.asked = 0
        self.rows: dict[str, list[tuple[int, int]]] = {}

    def within(self, _: float) -> Redis:
        return self

    @contextmanager
    def asking(self) -> Iterator[None]:
        self.asked += 1
        if self.fails:
            raise RelayUnreachable("no Redis answers at memory")
        yield

    def bot(self) -> SharedRateLimits:
        server: Any = self
        return SharedRateLimits(server, KEYS, lambda: self.now)


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Redis:
    """With buckets in memory."""
    made = Redis()

    class Buckets:
        @staticmethod
        def init(rates: list[Any], _: object, name: str) -> Bucket:
            return Bucket(rates, made.rows.setdefault(name, []))

    monkeypatch.setattr(module, "RedisBucket", Buckets)
    return made


def taken(bot: SharedRateLimits, operation: tuple[str, str], most: int = 1_000) -> int:
    """How many go through at once."""
    for count in range(most):
        if bot.take(*operation, 1) > 0:
            return count
    return most


def test_all_bots_together_keep_the_limit_less_what_cancels_keep() -> None:
    """One at least; a cancel has all of its own."""
    limit = rate_limit(*ORDER)
    assert share_of(limit, "POST") == limit.requests * (100 - RESERVED) // 100
    assert share_of(limit, "DELETE") == limit.requests
    assert share_of(type(limit)(1, 60), "GET") == 1


def test_what_one_bot_has_used_is_gone_for_the_others(redis: Redis) -> None:
    """And comes back with the window; the seconds until then are told, and waits counted."""
    first, second = redis.bot(), redis.bot()
    share, limit = share_of(rate_limit(*ORDER), "POST"), rate_limit(*ORDER)
    assert taken(first, ORDER) == share
    wait = second.take(*ORDER, 1)
    assert 0 < wait <= limit.seconds + 1
    assert (first.waits, second.waits) == (1, 1)
    assert taken(second, CANCEL) == rate_limit(*CANCEL).requests
    redis.now += int(wait * 1000)
    assert second.take(*ORDER, 1) == 0.0


def test_a_weight_that_never_fits_takes_all_that_there_is(redis: Redis) -> None:
    """It waits for the whole window, not for ever."""
    bot = redis.bot()
    assert bot.take(*ORDER, 10_000) == 0.0
    assert bot.take(*ORDER, 1) > 0


def test_what_is_counted_by_address_is_not_shared(redis: Redis) -> None:
    """Redis is not asked at all."""
    assert redis.bot().take("GET", "/v1/public/info", 1) == 0.0
    assert redis.asked == 0


def test_a_redis_that_fails_holds_nobody_up(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once; the limits are shared again when it answers, with what is there by then."""
    bot = redis.bot()
    share = taken(bot, ORDER)
    redis.fails = True
    with caplog.at_level(logging.WARNING):
        assert [bot.take(*ORDER, 1) for _ in range(3)] == [0.0] * 3
        redis.now += 60_000
        assert bot.take(*ORDER, 1) == 0.0
    assert len(caplog.records) == 1
    redis.fails = False
    redis.now += 60_000
    assert taken(bot, ORDER) == share
