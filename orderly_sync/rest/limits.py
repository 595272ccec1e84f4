"""The venue's rate limits, kept here by waiting, so that a loop that runs away cannot get the key banned."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import cast

import attrs
from pyrate_limiter import InMemoryBucket, Rate, RateItem

from orderly_sync.clock import Clock
from orderly_sync.errors import RateLimited

__all__ = ["DEFAULT", "LIMITS", "Limit", "LimitUse", "Limits", "limit_of"]


@attrs.frozen
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: int


@attrs.frozen(kw_only=True)
class LimitUse:
    """How one operation stands against its limit."""

    used: int
    """Requests within the present window."""
    limit: Limit
    waits: int
    """How often a request had to wait."""
    waited: float
    """For how long in all, seconds."""


DEFAULT = Limit(10, 1)
"""Most operations, and those whose limit nobody states."""

_SLOW = Limit(1, 1)
_BY_MINUTE = Limit(10, 60)
_FIVE = Limit(5, 1)
_POSITIONS = Limit(30, 10)

LIMITS: Mapping[tuple[str, str], Limit] = {
    ("GET", "/v1/admin/algo/orders"): _FIVE,
    ("GET", "/v1/admin/asset/history"): _BY_MINUTE,
    ("GET", "/v1/admin/client/info"): _BY_MINUTE,
    ("GET", "/v1/admin/client/leverage"): _SLOW,
    ("GET", "/v1/admin/funding_fee/history"): Limit(20, 60),
    ("GET", "/v1/admin/position/{symbol}"): _POSITIONS,
    ("GET", "/v1/admin/positions"): _POSITIONS,
    ("GET", "/v1/admin/volume/user/stats"): _BY_MINUTE,
    ("DELETE", "/v1/algo/client/order"): _FIVE,
    ("DELETE", "/v1/algo/order"): _FIVE,
    ("POST", "/v1/algo/order"): _SLOW,
    ("PUT", "/v1/algo/order"): _FIVE,
    ("DELETE", "/v1/algo/orders"): _FIVE,
    ("GET", "/v1/algo/orders"): _FIVE,
    ("GET", "/v1/asset/history"): _BY_MINUTE,
    ("POST", "/v1/batch-order"): _SLOW,
    ("GET", "/v1/broker/broker_info"): _BY_MINUTE,
    ("GET", "/v1/broker/fee_rate/default"): _SLOW,
    ("POST", "/v1/broker/fee_rate/default"): _SLOW,
    ("POST", "/v1/broker/fee_rate/set"): _SLOW,
    ("POST", "/v1/broker/fee_rate/set_default"): _SLOW,
    ("GET", "/v1/broker/leaderboard/daily"): _BY_MINUTE,
    ("POST", "/v1/broker/order_enum"): _SLOW,
    ("POST", "/v1/broker/order_enum/archive"): _SLOW,
    ("POST", "/v1/broker/order_enum/unarchive"): _SLOW,
    ("PUT", "/v1/broker/order_enum/{enum_id}"): _SLOW,
    ("GET", "/v1/broker/user_info"): Limit(60, 60),
    ("POST", "/v1/claim_insurance_fund"): _FIVE,
    ("GET", "/v1/client/aggregate/holding"): Limit(1, 60),
    ("GET", "/v1/client/aggregate/positions"): Limit(1, 60),
    ("GET", "/v1/client/info"): _BY_MINUTE,
    ("GET", "/v1/client/key_info"): _BY_MINUTE,
    ("GET", "/v1/client/leverage"): _SLOW,
    ("POST", "/v1/client/leverage"): Limit(5, 60),
    ("POST", "/v1/client/leverages"): Limit(5, 60),
    ("POST", "/v1/client/maintenance_config"): _BY_MINUTE,
    ("GET", "/v1/client/orderly_key_ip_restriction"): _BY_MINUTE,
    ("POST", "/v1/client/reset_orderly_key_ip_restriction"): _BY_MINUTE,
    ("POST", "/v1/client/set_orderly_key_ip_restriction"): _BY_MINUTE,
    ("GET", "/v1/client/statistics"): _BY_MINUTE,
    ("GET", "/v1/client/statistics/daily"): _BY_MINUTE,
    ("POST", "/v1/delegate_orderly_key"): _SLOW,
    ("POST", "/v1/delegate_settle_pnl"): _SLOW,
    ("POST", "/v1/delegate_signer"): _SLOW,
    ("POST", "/v1/delegate_withdraw_request"): _SLOW,
    ("GET", "/v1/funding_fee/history"): Limit(20, 60),
    ("POST", "/v1/liquidation"): _FIVE,
    ("POST", "/v1/notification/inbox/mark_read"): _BY_MINUTE,
    ("POST", "/v1/notification/inbox/mark_read_all"): _BY_MINUTE,
    ("GET", "/v1/notification/inbox/notifications"): _BY_MINUTE,
    ("GET", "/v1/notification/inbox/unread"): _BY_MINUTE,
    ("POST", "/v1/order/cancel_all_after"): _SLOW,
    ("GET", "/v1/pnl_settlement/history"): Limit(20, 1),
    ("GET", "/v1/position/{symbol}"): _POSITIONS,
    ("GET", "/v1/positions"): _POSITIONS,
    ("GET", "/v1/public/campaign/stats/details"): _BY_MINUTE,
    ("GET", "/v1/public/funding_rate/{symbol}"): Limit(30, 1),
    ("POST", "/v1/public/query"): Limit(600, 60),
    ("GET", "/v1/public/system_info"): _SLOW,
    ("GET", "/v1/referral/auto_referral/info"): _SLOW,
    ("GET", "/v1/referral/auto_referral/progress"): _SLOW,
    ("POST", "/v1/referral/auto_referral/update"): _SLOW,
    ("POST", "/v1/referral/bind"): _SLOW,
    ("POST", "/v1/referral/create"): _SLOW,
    ("POST", "/v1/referral/edit_split"): _SLOW,
    ("GET", "/v1/referral/multi_level/admin"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/reset/affiliate"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/update"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/update/affiliate"): _SLOW,
    ("POST", "/v1/referral/multi_level/claim_code"): _SLOW,
    ("GET", "/v1/referral/multi_level/max_rebate_rate"): _SLOW,
    ("GET", "/v1/referral/multi_level/rebate_info"): _SLOW,
    ("POST", "/v1/referral/multi_level/rebate_rate/set_default"): _SLOW,
    ("POST", "/v1/referral/multi_level/rebate_rate/update"): _SLOW,
    ("POST", "/v1/referral/update"): _SLOW,
    ("POST", "/v1/settle_pnl"): _SLOW,
    ("POST", "/v1/sv/manual_period_delivery"): _SLOW,
    ("POST", "/v1/sv/sp_settle_pnl"): _SLOW,
    ("GET", "/v1/tv/kline_history"): Limit(5, 10),
    ("GET", "/v1/volume/broker/daily"): _BY_MINUTE,
    ("GET", "/v1/volume/user/daily"): _BY_MINUTE,
    ("GET", "/v1/volume/user/stats"): _BY_MINUTE,
}
"""What differs from DEFAULT, by verb and path template."""


def limit_of(method: str, path: str) -> Limit:
    """The limit of an operation."""
    return LIMITS.get((method, path), DEFAULT)


class _Window:
    """One operation's bucket with its counters."""

    __slots__ = ("bucket", "limit", "lock", "waited", "waits")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.bucket = InMemoryBucket([Rate(limit.requests, limit.seconds * 1000)])
        self.lock = threading.Lock()
        self.waits = 0
        self.waited = 0.0


class Limits:
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
        window = self._windows.get((method, path)) or self._window((method, path))
        wait = self._take(window, weight)
        if not wait:
            return
        window.waits += 1
        while wait:
            if self._clock.monotonic() + wait > deadline:
                raise _too_fast(window.limit, wait, method, path)
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
            return self._windows.setdefault(key, _Window(limit_of(*key)))

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


def _too_fast(limit: Limit, wait: float, method: str, path: str) -> RateLimited:
    allowed = f"the venue allows {limit.requests} in {limit.seconds} s"
    error = RateLimited(
        None, f"{allowed}; the next is free in {wait:.2f} s, after the deadline", None, path, method
    )
    error.retry_after = wait
    return error
