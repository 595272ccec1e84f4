"""A Redis that is slow, paused or full: the relay goes on and says so, bots wait, and nobody misses or doubles anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from orderly_sync import Market, Orderly, Relay, RelayHealth, Timeouts, connect
from orderly_sync.relay import redis_server
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis
from tests.support.relayed import Listener, commands, credentials_of, entries_of, names, trade

FOR_EVER_MS = 600_000
PATIENCE = 1.5


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is waited for not so long."""
    monkeypatch.setattr(redis_server, "_SECONDS", PATIENCE)


@contextmanager
def stopped(redis: ServedRedis) -> Iterator[None]:
    """The process is stopped: connections stand, what is sent waits in the machine and is done afterwards."""
    redis.pause()
    try:
        yield
    finally:
        redis.resume()


@contextmanager
def writes_paused(redis: ServedRedis) -> Iterator[None]:
    """It reads on; what writes is put off, as before a failover."""
    with commands(redis.url) as client:
        client.client_pause(FOR_EVER_MS, all=False)
        yield
        client.client_unpause()


@contextmanager
def all_paused(redis: ServedRedis) -> Iterator[None]:
    """It puts off whatever it is asked, also to end that: it ends by itself, when answers have been given up."""
    with commands(redis.url) as client:
        client.client_pause(int(PATIENCE * 3000))
    yield


@contextmanager
def full(redis: ServedRedis) -> Iterator[None]:
    """It takes no writes for want of memory."""
    with commands(redis.url) as client:
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


SLOW = [
    (stopped, 1.0),
    (stopped, 60.0),
    (writes_paused, 1.0),
    (all_paused, 1.0),
    (all_paused, 60.0),
    (full, 1.0),
]


@pytest.mark.parametrize(("slow", "lease"), SLOW, ids=[f"{slow.__name__}-{lease:g}" for slow, lease in SLOW])
def test_nothing_is_lost_or_doubled_meanwhile(
    ex: Orderly,
    redis: ServedRedis,
    relay_of: Callable[..., Relay],
    slow: Callable[[ServedRedis], contextmanager[None]],
    lease: float,
) -> None:
    """Also where what was asked before is done late, after its answer was given up and it was asked again."""
    own = Listener(ex)
    health = ex.stream(RelayHealth)
    relay = relay_of(ex, lease=lease)
    relay.wait_leading(10)
    with Listener.over(redis.url) as alone, Listener.over(redis.url, group="g") as grouped:
        trade(ex, 2)
        alone.wait_for_all(own)
        grouped.wait_for_all(own)
        with slow(redis):
            trade(ex, 5)
            down = health.get(timeout=20)
            assert relay.status == "degraded"
            grouped.wait_lost()
            trade(ex, 2)
        eventually(lambda: health.get(timeout=20).publishing)
        trade(ex, 1)
        grouped.wait_back()
        alone.wait_for_all(own)
        grouped.wait_for_all(own)
        eventually(lambda: alone.client.positions["ETH"].quantity == ex.positions["ETH"].quantity)

    assert not down.publishing
    assert relay.leads
    entries = entries_of(redis.url)
    assert [number for _, number, _ in entries] == list(range(1, len(own.told) + 1))
    assert [event_id for _, _, event_id in entries] == names(own.told)
    assert alone.plain == grouped.plain == names(alone.told) == names(grouped.told) == names(own.told)


def test_orders_do_not_wait_for_it(redis: ServedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the relay's own client nor a bot: the account's limits are kept by each process meanwhile."""
    monkeypatch.setattr(redis_server, "_SECONDS", 30.0)
    quick = Timeouts(request=1.5)
    with (
        connect("paper", seed=7, market="frozen", timeouts=quick) as ex,
        Relay(ex, redis.url, lease=60.0) as relay,
    ):
        relay.wait_leading(10)
        with Listener.over(redis.url, credentials=credentials_of(ex), timeouts=quick) as bot:
            bot.client.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
            with stopped(redis):
                trade(ex, 3)
                placed = [bot.client.place(Market.buy("ETH", quantity="0.01")) for _ in range(3)]
            assert [one.wait("filled", timeout=10).status for one in placed] == ["FILLED"] * 3
