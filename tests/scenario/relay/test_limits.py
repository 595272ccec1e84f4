"""Rate limits of one account, kept by all of its bots together, with room for cancels."""

from __future__ import annotations

from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.rate_limits import SharedRateLimits, share_of
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.wire.rate_limits import DEFAULT, RateLimit
from tests.support.redis_servers import ServedRedis

KEYS = KeyLayout("orderly")


def test_two_bots_share_a_limit_and_a_fifth_is_the_cancels(redis: ServedRedis) -> None:
    """Eight of ten orders in a second, whoever places them; ten of ten cancels; all again a second later."""
    now = 1_000_000
    servers = [RedisServer(redis.url) for _ in range(2)]
    bots = [SharedRateLimits(server, KEYS, lambda: now) for server in servers]
    orders = [bots[at % 2].take("POST", "/v1/order", 1) for at in range(9)]
    cancels = [bots[at % 2].take("DELETE", "/v1/order", 1) for at in range(11)]

    assert orders[:8] == [0.0] * 8
    assert 0 < orders[8] <= 1.1
    assert cancels[:10] == [0.0] * 10
    assert 0 < cancels[10] <= 1.1
    now += 1_100
    assert bots[0].take("POST", "/v1/order", 8) == 0.0
    assert bots[1].take("POST", "/v1/order", 1) > 0
    for server in servers:
        server.close()


def test_a_redis_that_is_gone_holds_nobody_up(redis: ServedRedis) -> None:
    """And when it is back, without the scripts it had, limits are shared again: it is asked anew after five seconds."""
    now = 1_000_000
    server = RedisServer(redis.url)
    bot = SharedRateLimits(server, KEYS, lambda: now)
    assert bot.take("POST", "/v1/algo/order", 1) == 0.0
    redis.kill()
    assert bot.take("POST", "/v1/algo/order", 1) == 0.0
    redis.start()
    now += 4_999
    assert [bot.take("POST", "/v1/algo/order", 1) for _ in range(9)] == [0.0] * 9
    now += 1
    bot.take("POST", "/v1/algo/order", 1)
    assert bot.take("POST", "/v1/algo/order", 1) > 0
    server.close()


def test_no_share_is_less_than_a_request() -> None:
    """A limit of one cannot be shared."""
    assert share_of(RateLimit(1, 1), "POST") == 1
    assert share_of(DEFAULT, "POST") == 8
    assert share_of(DEFAULT, "DELETE") == 10
