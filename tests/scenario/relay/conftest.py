"""A Redis for each test that wants one, and a relay on a frozen market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orderly_sync import Orderly, connect
from orderly_sync.relay.relay import Relay
from tests.support.redis_servers import ServedRedis, served_redis

__all__ = ["ex", "redis", "relay_of"]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[ServedRedis]:
    """A server with ``appendonly``."""
    with served_redis(tmp_path) as server:
        yield server


@pytest.fixture
def ex() -> Iterator[Orderly]:
    """A client on a frozen market of its own."""
    with connect("paper", seed=7, market="frozen", rate_limits=False) as client:
        yield client


@pytest.fixture
def relay_of(redis: ServedRedis) -> Iterator[Callable[..., Relay]]:
    """Makes relays, which end with the test."""
    made: list[Relay] = []

    def make(ex: Orderly, **options: object) -> Relay:
        relay = Relay(ex, redis.url, **{"lease": 1.0, **options})  # type: ignore[arg-type]
        made.append(relay)
        return relay

    yield make
    for relay in made:
        relay.stop()
