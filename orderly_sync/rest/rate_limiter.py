"""Keeping the venue's rate limits by waiting, so that a loop that runs away cannot get the key banned."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import attrs
from pyrate_limiter import InMemoryBucket, Rate, RateItem

from orderly_sync.clock import Clock
from orderly_sync.dialling.cancellation import is_cancelled
from orderly_sync.errors import RateLimited
from orderly_sync.rest.call_deadline import pause
from orderly_sync.rest.rate_share import RateShare, rate_shares
from orderly_sync.wire.rate_limits import COUNTED_ELSEWHERE, RateLimit, rate_limit

__all__ = ["LimitUse", "RateLimiter", "SharedLimits"]

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


class SharedLimits(Protocol):
    """Limits that several processes of one account keep together."""

    def take(self, method: str, path: str, weight: int, /) -> float:
        """Zero where there is room for all, which is taken then, else the seconds until there may be."""


class _Bucket:
    """What has left within a limit's present window."""

    __slots__ = ("_rows", "_size")

    def __init__(self, limit: RateLimit) -> None:
        self._size = limit.requests
        self._rows = InMemoryBucket([Rate(limit.requests, limit.seconds * 1000 + LATE_MS)])

    def take(self, now: int, weight: int) -> int:
        """Zero where there was room, which is taken then, else the milliseconds until there is."""
        rows = self._rows
        item = RateItem("", now, weight=min(weight, self._size))
        if rows.items and len(rows.items) >= self._size:
            rows.leak(now)
        return 0 if rows.put(item) else max(1, cast("int", rows.waiting(item)))

    def give_back(self, weight: int) -> None:
        """What was just taken has not been used."""
        weight = min(weight, self._size)
        if weight:
            del self._rows.items[-weight:]

    def used(self, now: int) -> int:
        """How much is taken."""
        self._rows.leak(now)
        return self._rows.count()


class _Window:
    """One operation's bucket, those of its shares once somebody takes from them, and its counters."""

    __slots__ = ("bucket", "limit", "lock", "shares", "waited", "waits")

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self.bucket = _Bucket(limit)
        self.shares: dict[RateShare, _Bucket] = {}
        self.lock = threading.Lock()
        self.waits = 0
        self.waited = 0.0

    def take(self, now: int, weight: int, shares: Sequence[RateShare]) -> tuple[int, bool]:
        """Take a place in all of them or in none: the milliseconds until there is one, and whether to wait for it."""
        taken: list[_Bucket] = []
        for share in (*shares, None):
            bucket = self.bucket if share is None else self._share(share)
            wait = bucket.take(now, weight)
            if wait:
                for other in taken:
                    other.give_back(weight)
                return wait, share is None or share.waits
            taken.append(bucket)
        return 0, True

    def _share(self, share: RateShare) -> _Bucket:
        bucket = self.shares.get(share)
        if bucket is None:
            bucket = self.shares[share] = _Bucket(share.of(self.limit))
        return bucket


class RateLimiter:
    """Lets requests pass at the venue's pace; shared by all threads of one client.

    What the package asks of its own accord (``rate_share.py``) leaves three tenths of each limit to the user's
    requests, which need no share and so never wait for it.

    Args:
        clock: Where its time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self.shared: SharedLimits | None = None
        """What is asked besides, where other processes trade on the account."""
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
        if self.shared is not None:
            self._share(self.shared, COUNTED_ELSEWHERE.get(key, key), deadline, weight)

    def _share(self, shared: SharedLimits, key: tuple[str, str], deadline: float, weight: int) -> None:
        while (wait := shared.take(*key, weight)) > 0:
            if self._clock.monotonic() + wait > deadline:
                raise _too_fast(rate_limit(*key), wait, *key, shares=rate_shares())
            pause(self._clock, wait)
            if is_cancelled():
                return

    def _enter(self, key: tuple[str, str], deadline: float, weight: int) -> None:
        window = self._windows.get(key) or self._window(key)
        shares = rate_shares()
        wait, waits = self._take(window, weight, shares)
        if not wait:
            return
        window.waits += 1
        while wait:
            if not waits or self._clock.monotonic() + wait > deadline:
                raise _too_fast(window.limit, wait, *key, shares=shares)
            window.waited += wait
            pause(self._clock, wait)
            if is_cancelled():
                return
            wait, waits = self._take(window, weight, shares)

    def use(self) -> Mapping[str, LimitUse]:
        """How every operation used so far stands, by ``"GET /v1/orders"``."""
        now = self._now()
        return {
            f"{method} {path}": self._use_of(window, now)
            for (method, path), window in list(self._windows.items())
        }

    def _use_of(self, window: _Window, now: int) -> LimitUse:
        with window.lock:
            used = window.bucket.used(now)
        return LimitUse(used=used, limit=window.limit, waits=window.waits, waited=window.waited)

    def _now(self) -> int:
        return int(self._clock.monotonic() * 1000)

    def _window(self, key: tuple[str, str]) -> _Window:
        with self._lock:
            return self._windows.setdefault(key, _Window(rate_limit(*key)))

    def _take(self, window: _Window, weight: int, shares: Sequence[RateShare]) -> tuple[float, bool]:
        """Zero where a place was free and taken, else the seconds until one is; and whether to wait for it."""
        with window.lock:
            wait, waits = window.take(self._now(), weight, shares)
        return wait / 1000, waits


def _too_fast(
    limit: RateLimit, wait: float, method: str, path: str, *, shares: Sequence[RateShare]
) -> RateLimited:
    allowed = f"the venue allows {limit.requests} in {limit.seconds} s"
    if shares:
        allowed += f", of which the client's own requests use {shares[0].percent} % at most"
    error = RateLimited(
        None, f"{allowed}; the next is free in {wait:.2f} s, after the deadline", None, path, method
    )
    error.retry_after = wait
    return error
