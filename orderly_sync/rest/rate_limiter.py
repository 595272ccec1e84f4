"""Keeping the venue's rate limits by waiting, so that a loop that runs away cannot get the key banned."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import cast

import attrs
from pyrate_limiter import InMemoryBucket, Rate, RateItem

from orderly_sync.clock import Clock
from orderly_sync.errors import RateLimited
from orderly_sync.wire.rate_limits import COUNTED_ELSEWHERE, RateLimit, rate_limit

__all__ = ["LimitUse", "RateLimiter"]

LATE_MS = 50
"""The venue counts arrivals and this side departures: a request that was under way longer than the next one would meet
it in one window of the venue's, so windows here are longer by so much."""


@attrs.frozen(kw_only=True)
class LimitUse:
    """How one operation stands against its limit."""

    used: int
    """Requests within the present window."""
    limit: RateLimit
    waits: int
    """How often a request had to wait."""
    waited: float
    """For how long in all, seconds."""


class _Window:
    """One operation's bucket with its counters."""

    __slots__ = ("bucket", "limit", "lock", "waited", "waits")

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self.bucket = InMemoryBucket([Rate(limit.requests, limit.seconds * 1000 + LATE_MS)])
        self.lock = threading.Lock()
        self.waits = 0
        self.waited = 0.0


class RateLimiter:
    """Lets requests pass at the venue's pace; shared by all threads of one client.

    Args:
        clock: Where its time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._lock = threading.Lock()

    def acquire(self, method: str, path: str, deadline: float, weight: int = 1) -> None:
        """Return when the operation may be sent.

        Args:
            method: The verb.
            path: The path template.
            deadline: By the clock's monotonic reading; waiting beyond it is refused at once.
            weight: How many requests it counts for.

        Raises:
            RateLimited: The wait would pass the deadline; nothing was sent. ``retry_after`` says how long it is.
        """
        key = (method, path)
        self._enter(key, deadline, weight)
        if key in COUNTED_ELSEWHERE:
            self._enter(COUNTED_ELSEWHERE[key], deadline, weight)

    def _enter(self, key: tuple[str, str], deadline: float, weight: int) -> None:
        window = self._windows.get(key) or self._window(key)
        wait = self._take(window, weight)
        if not wait:
            return
        window.waits += 1
        while wait:
            if self._clock.monotonic() + wait > deadline:
                raise _too_fast(window.limit, wait, *key)
            window.waited += wait
            self._clock.sleep(wait)
            wait = self._take(window, weight)

    def use(self) -> Mapping[str, LimitUse]:
        """How every operation used so far stands, by ``"GET /v1/orders"``."""
        now = self._now()
        return {
            f"{method} {path}": self._use_of(window, now)
            for (method, path), window in list(self._windows.items())
        }

    def _use_of(self, window: _Window, now: int) -> LimitUse:
        with window.lock:
            window.bucket.leak(now)
            used = window.bucket.count()
        return LimitUse(used=used, limit=window.limit, waits=window.waits, waited=window.waited)

    def _now(self) -> int:
        return int(self._clock.monotonic() * 1000)

    def _window(self, key: tuple[str, str]) -> _Window:
        with self._lock:
            return self._windows.setdefault(key, _Window(rate_limit(*key)))

    def _take(self, window: _Window, weight: int) -> float:
        """Zero where a place was free and taken, else the seconds until one is."""
        with window.lock:
            now = self._now()
            item = RateItem("", now, weight=min(weight, window.limit.requests))
            if window.bucket.items and len(window.bucket.items) >= window.limit.requests:
                window.bucket.leak(now)
            if window.bucket.put(item):
                return 0.0
            wait = cast("int", window.bucket.waiting(item))
        return max(wait / 1000, 0.001)


def _too_fast(limit: RateLimit, wait: float, method: str, path: str) -> RateLimited:
    allowed = f"the venue allows {limit.requests} in {limit.seconds} s"
    error = RateLimited(
        None, f"{allowed}; the next is free in {wait:.2f} s, after the deadline", None, path, method
    )
    error.retry_after = wait
    return error
