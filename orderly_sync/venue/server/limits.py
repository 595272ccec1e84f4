"""The venue's rate limits: fixed windows, counted per key or per address, as the API names them."""

from __future__ import annotations

import math

import attrs

from orderly_sync.wire.rate_limits import (
    COUNTED_BY_WEIGHT,
    COUNTED_ELSEWHERE,
    UNSTATED,
    RateLimit,
    rate_limit,
)

__all__ = ["Budget", "Limits", "counted_elsewhere", "counts_by_weight", "limit_of"]


def limit_of(operation: str) -> RateLimit | None:
    """The limit of an operation, named ``"GET /v1/orders"``; None where the API states none."""
    key = _parts(operation)
    return None if key in UNSTATED else rate_limit(*key)


def counted_elsewhere(operation: str) -> str | None:
    """The operation whose limit the rows of this one use up as well, if there is such a one."""
    other = COUNTED_ELSEWHERE.get(_parts(operation))
    return None if other is None else " ".join(other)


def counts_by_weight(operation: str) -> bool:
    """Whether it spends a weight that it works out itself, rather than one request."""
    return _parts(operation) in COUNTED_BY_WEIGHT


def _parts(operation: str) -> tuple[str, str]:
    method, path = operation.split(" ", 1)
    return method, path


class Limits:
    """Counts requests in fixed windows; ``allows`` takes the time in seconds."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def allows(self, operation: str, who: str, now: float, weight: int = 1) -> bool:
        """Whether ``who`` may run the operation now; if so it counts.

        A request heavier than a whole window (a batch) passes when the window is empty, else it could never be sent.
        """
        limit = limit_of(operation)
        if limit is None:
            return True
        window = math.floor(now / limit.seconds)
        began, count = self._counts.get((operation, who), (window, 0))
        if began != window:
            count = 0
        if count and count + weight > limit.requests:
            return False
        self._counts[operation, who] = (window, count + weight)
        return True

    def spent(self, operation: str, who: str, now: float) -> tuple[int, float]:
        """What ``who`` has used of the present window, and the seconds until the next one."""
        limit = limit_of(operation)
        assert limit is not None
        window = math.floor(now / limit.seconds)
        began, count = self._counts.get((operation, who), (window, 0))
        return count if began == window else 0, (window + 1) * limit.seconds - now


@attrs.frozen
class Budget:
    """The limits as they stand for one caller at one moment; for operations that count by themselves.

    Args:
        limits: The counts; None where no limits are kept.
        who: Whom they are counted for.
        now: The time in seconds.
    """

    limits: Limits | None
    who: str
    now: float

    def spend(self, operation: str, weight: int) -> bool:
        """Whether so much more may be used; if so it counts."""
        return self.limits is None or self.limits.allows(operation, self.who, self.now, weight)

    def left(self, operation: str) -> tuple[int, int, float]:
        """How much there is in a window, how much is left of it, and the seconds until the next one."""
        limit = limit_of(operation)
        assert limit is not None
        spent, seconds = (
            (0, limit.seconds) if self.limits is None else self.limits.spent(operation, self.who, self.now)
        )
        return limit.requests, max(0, limit.requests - spent), seconds
