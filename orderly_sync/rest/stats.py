"""What a REST client has done so far."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import attrs

from orderly_sync.rest.rate_limiter import LimitUse

__all__ = ["Counters", "RestStats"]


@attrs.frozen(kw_only=True)
class RestStats:
    """Counts since the client was made."""

    sent: int
    """Requests that were sent, every try counted."""
    retried: int
    """Further tries of reads."""
    lost: int
    """Requests without an answer: no connection, too late, broken off."""
    resigned: int
    """Requests that the venue refused for this machine's clock and that were signed anew."""
    clock_offset: int | None
    """What this machine's clock must be set forward by to be right by the venue's, ms; None while that is not known."""
    waits: int
    """Requests that had to wait for their rate limit."""
    waited: float
    """How long they waited in all, seconds."""
    limits: Mapping[str, LimitUse]
    """Where each operation used so far stands, by ``"GET /v1/orders"``; empty with ``rate_limits=False``."""


class Counters:
    """Counts that many threads raise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent = 0
        self.retried = 0
        self.lost = 0
        self.resigned = 0

    def add(self, *, sent: int = 0, retried: int = 0, lost: int = 0, resigned: int = 0) -> None:
        """Raise some of them."""
        with self._lock:
            self.sent += sent
            self.retried += retried
            self.lost += lost
            self.resigned += resigned

    def read(self, limits: Mapping[str, LimitUse], clock_offset: int | None = None) -> RestStats:
        """All of them at one moment, with the rate limits' and what is known of the clock."""
        with self._lock:
            sent, retried, lost, resigned = self.sent, self.retried, self.lost, self.resigned
        waits = sum(use.waits for use in limits.values())
        waited = sum(use.waited for use in limits.values())
        return RestStats(
            sent=sent,
            retried=retried,
            lost=lost,
            resigned=resigned,
            clock_offset=clock_offset,
            waits=waits,
            waited=waited,
            limits=limits,
        )
