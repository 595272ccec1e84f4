"""The venue's rate limits: fixed windows, counted per key or per address, as the API names them."""

from __future__ import annotations

import math

__all__ = ["Limits", "limit_of"]

_DEFAULT = (10, 1.0)

# Requests and seconds where they differ from ten a second, None where the API states no limit.
_LIMITS: dict[str, tuple[int, float] | None] = {
    "POST /v1/order/cancel_all_after": (1, 1.0),
    "POST /v1/batch-order": (1, 1.0),
    "POST /v1/algo/order": (1, 1.0),
    "PUT /v1/algo/order": (5, 1.0),
    "DELETE /v1/algo/order": (5, 1.0),
    "DELETE /v1/algo/client/order": (5, 1.0),
    "GET /v1/algo/orders": (5, 1.0),
    "DELETE /v1/algo/orders": (5, 1.0),
    "GET /v1/positions": (30, 10.0),
    "GET /v1/position/{symbol}": (30, 10.0),
    "GET /v1/client/info": (10, 60.0),
    "GET /v1/client/statistics": (10, 60.0),
    "GET /v1/client/statistics/daily": (10, 60.0),
    "GET /v1/volume/user/stats": (10, 60.0),
    "GET /v1/volume/user/daily": (10, 60.0),
    "GET /v1/client/leverage": (1, 1.0),
    "GET /v1/client/leverages": None,
    "POST /v1/client/leverages": (5, 60.0),
    "POST /v1/client/leverage": (5, 60.0),
    "POST /v1/client/maintenance_config": (10, 60.0),
    "GET /v1/public/funding_rate/{symbol}": (30, 1.0),
    "GET /v1/funding_fee/history": (20, 60.0),
    "GET /v1/public/system_info": (1, 1.0),
    "GET /v1/public/vault_balance": None,
    "GET /v1/tv/kline_history": (5, 10.0),
}


def limit_of(operation: str) -> tuple[int, float] | None:
    """Requests and seconds of an operation, named ``"GET /v1/orders"``."""
    return _LIMITS.get(operation, _DEFAULT)


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
        most, seconds = limit
        window = math.floor(now / seconds)
        began, count = self._counts.get((operation, who), (window, 0))
        if began != window:
            count = 0
        if count and count + weight > most:
            return False
        self._counts[operation, who] = (window, count + weight)
        return True
