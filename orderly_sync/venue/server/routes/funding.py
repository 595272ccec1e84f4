"""Funding rates. No funding is charged by this venue yet: rates are estimated, never paid, so histories are empty."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.routes.route import Route, public, read
from orderly_sync.venue.server.text import number

__all__ = ["ROUTES"]

_DEFAULT_SIZE = 60


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
    call.symbol(required=True)
    empty: list[dict[str, Any]] = []
    return paged(call, empty, dict, _DEFAULT_SIZE)


def _fee_history(call: Call) -> Any:
    call.symbol()
    empty: list[dict[str, Any]] = []
    return paged(call, empty, dict, _DEFAULT_SIZE)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/public/funding_rates"): public(_rates),
    ("GET", "/v1/public/funding_rate/{symbol}"): public(_rate),
    ("GET", "/v1/public/funding_rate_history"): public(_rate_history),
    ("GET", "/v1/funding_fee/history"): read(_fee_history),
}
