"""The account's rate limits, shared by its bots and the relay through Redis: pyrate-limiter's bucket, one an operation.

Of each limit a fifth is kept for cancels: whatever else is asked uses four fifths at most, all bots together. A Redis
that does not answer soon holds nobody up: each process keeps the limits by itself then, and says so once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from pyrate_limiter import Rate, RateItem, RedisBucket

from orderly_sync.logs import log_of
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay_errors import RelayError
from orderly_sync.wire.rate_limits import RateLimit, rate_limit

__all__ = ["RESERVED", "SharedRateLimits", "share_of"]

log = log_of("orderly_sync.relay")

RESERVED = 20
"""Percent of each limit that are kept for cancels."""
_LATE_MS = 50
_LEAK = 16
_PATIENCE = 0.5
"""Seconds that an order waits for a Redis that is slow: the venue is not."""
_AGAIN_MS = 5_000
"""How long Redis is not asked after it has failed, so that orders wait for it now and then only."""
_PUBLIC = "/v1/public/"


def share_of(limit: RateLimit, method: str) -> int:
    """How many requests of a window an operation may use, all bots together; one at least."""
    return limit.requests if method == "DELETE" else max(1, limit.requests * (100 - RESERVED) // 100)


class SharedRateLimits:
    """What ``RateLimiter`` asks besides its own windows; threads may share it.

    Args:
        server: The Redis.
        keys: The names of all keys.
        time_ms: This machine's time; the machines of one account should agree on it within a few milliseconds.
    """

    def __init__(self, server: RedisServer, keys: KeyLayout, time_ms: Callable[[], int]) -> None:
        self.waits = 0
        """How often a request had to wait for others of the account."""
        self._server = server.within(_PATIENCE)
        self._keys, self._time_ms = keys, time_ms
        self._buckets: dict[tuple[str, str], tuple[Any, int]] = {}
        self._lock = threading.Lock()
        self._trouble = ""
        self._failed_at: int | None = None
        self._count = 0

    def take(self, method: str, path: str, weight: int) -> float:
        """Zero where the account has room, which is taken then, else the seconds until it may have."""
        if path.startswith(_PUBLIC):
            return 0.0  # counted by address, not by account
        if self._failed_at is not None and 0 <= self._time_ms() - self._failed_at < _AGAIN_MS:
            return 0.0
        try:
            with self._server.asking():
                wait = self._take(method, path, weight)
        except RelayError as exc:
            self._failed_at = self._time_ms()
            self._buckets.clear()  # a Redis that begins anew has no scripts
            if self._trouble != str(exc):
                self._trouble = str(exc)
                log.warning("the account's rate limits are not shared: %s", exc)
            return 0.0
        self._trouble, self._failed_at = "", None
        self.waits += wait > 0
        return wait

    def _take(self, method: str, path: str, weight: int) -> float:
        bucket, most = self._bucket(method, path)
        now = self._time_ms()
        self._count += 1
        item = RateItem("", now, weight=min(weight, most))
        if self._count % _LEAK == 1:
            bucket.leak(now)
        if bucket.put(item):
            return 0.0
        waiting: Any = bucket.waiting(item)
        return max(1, int(waiting)) / 1000

    def _bucket(self, method: str, path: str) -> tuple[Any, int]:
        found = self._buckets.get((method, path))
        if found is None:
            limit = rate_limit(method, path)
            most = share_of(limit, method)
            rates = [Rate(most, limit.seconds * 1000 + _LATE_MS)]
            name = self._keys.rate(f"{method} {path}")
            made = RedisBucket.init(rates, self._server.client, name)
            with self._lock:
                found = self._buckets.setdefault((method, path), (made, most))
        return found
