"""Funding rates. No funding is charged by this venue yet: rates are estimated, never paid."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.routes.orders import in_window
from orderly_sync.venue.server.routes.route import Route, public, read
from orderly_sync.venue.server.text import ZERO, number

__all__ = ["ROUTES"]

_DEFAULT_SIZE = 60
_SPANS = ("last", "1d", "3d", "7d", "14d", "30d", "90d", "180d")


def _row(call: Call, symbol: str) -> dict[str, Any]:
    est, when = call.core.est_funding(symbol)
    last, then = call.core.last_funding(symbol)
    return {
        "symbol": symbol,
        "est_funding_rate": number(est),
        "est_funding_rate_timestamp": when,
        "last_funding_rate": number(last),
        "last_funding_rate_timestamp": then,
        "next_funding_time": call.core.next_funding(symbol),
        "sum_unitary_funding": number(call.core.sum_unitary_funding(symbol)),
    }


def _rates(call: Call) -> Any:
    return rows(call.core.symbols, lambda symbol: _row(call, symbol))


def _rate(call: Call) -> Any:
    return _row(call, call.core.symbol(call.slots["symbol"]))


def _rate_history(call: Call) -> Any:
    """One row for each boundary since the opening, newest first."""
    symbol = call.symbol(required=True)
    assert symbol is not None
    length, window = call.core.funding_ms(symbol), in_window(call)
    newest = call.now - call.now % length
    boundaries = [ts for ts in range(newest, call.core.opening, -length) if window(ts)]

    def row(ts: int) -> dict[str, Any]:
        return {
            "symbol": symbol,
            "funding_rate": number(call.core.last_funding(symbol)[0]),
            "funding_rate_timestamp": ts,
            "next_funding_time": ts + length,
        }

    return paged(call, boundaries, row, _DEFAULT_SIZE)


def _funding_history(call: Call) -> Any:
    """The means over several spans; nothing was ever paid, so all are 0."""

    def row(symbol: str) -> dict[str, Any]:
        opened = datetime.fromtimestamp(call.core.opening / 1000, tz=timezone.utc)
        nothing = {"rate": ZERO, "positive": 0, "negative": 0}
        return {
            "symbol": symbol,
            "data_start_time": opened.strftime("%Y-%m-%d %H:%M:%S"),
            "funding": dict.fromkeys(_SPANS, nothing),
        }

    return rows(call.core.symbols, row)


def _fee_history(call: Call) -> Any:
    call.symbol()
    empty: list[dict[str, Any]] = []
    return paged(call, empty, dict, _DEFAULT_SIZE)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/public/funding_rates"): public(_rates),
    ("GET", "/v1/public/funding_rate/{symbol}"): public(_rate),
    ("GET", "/v1/public/funding_rate_history"): public(_rate_history),
    ("GET", "/v1/public/market_info/funding_history"): public(_funding_history),
    ("GET", "/v1/funding_fee/history"): read(_fee_history),
}
